"""Full texts: what is read of each format, and which paper it is."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from fake_pdf import Link, Text, make_pdf, paper_page

from toolkit.errors import DataError
from toolkit.fulltext.fulltext import FULLTEXT_COLUMNS, read_fulltext
from toolkit.fulltext.jats import read_jats
from toolkit.fulltext.latex_document import read_latex
from toolkit.fulltext.latex_files import brace_pairs, main_file, whole_text
from toolkit.fulltext.matching import ids_in_name
from toolkit.fulltext.pdf_text import join_lines
from toolkit.fulltext.sections import SECTIONS, run_in, section_of
from toolkit.fulltext.web_tags import tokens
from toolkit.papers.schema import make_papers

LATEX = r"""\documentclass{article}
\newcommand{\repo}{\url{https://github.com/moon/moon_net}}
\newcommand{\ours}{MoonNet\xspace}
\title{\ours: Counting Craters\thanks{Work done at night.}}
\author{Ada Moon \and Bo Sun}
\begin{document}
\maketitle
\begin{abstract}We count craters. % \url{https://github.com/hidden/comment}
It works.\end{abstract}
\input{sections/intro}
\section*{Code Availability}
The scripts are at \href{https://zenodo.org/record/1}{Zenodo}.
\section{Results}
All is well.
\begin{thebibliography}{9}
\bibitem{a} C. Star. A tool. \url{https://github.com/star/tool}
\end{thebibliography}
\appendix
\section{Proofs}
None.
\end{document}
"""
INTRO = r"""\section{Introduction}
We like \ours. We release our code.\footnote{\repo} It is fast.
We use PyTorch\footnote{\url{https://pytorch.org}} throughout.
\begin{equation} a = b \end{equation}
"""


@pytest.fixture()
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    (folder / "sections").mkdir(parents=True)
    (folder / "main.tex").write_text(LATEX)
    (folder / "sections" / "intro.tex").write_text(INTRO)
    (folder / "figure.pdf").write_bytes(b"%PDF-1.4 no paper")
    return folder


def sections(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["section"], table["text"]))


def test_latex_folder(source: Path):
    table = read_fulltext(source)
    assert tuple(table.columns) == FULLTEXT_COLUMNS
    assert (table.dtypes == "string").all()
    assert sections(table) == [
        ("title", "MoonNet: Counting Craters"),
        ("front", "Ada Moon Bo Sun"),
        ("footnote", "Work done at night."),
        ("abstract", "We count craters. It works."),
        ("body", "We like MoonNet. We release our code. It is fast. We use PyTorch throughout."),
        ("footnote", "https://github.com/moon/moon_net"),
        ("footnote", "https://pytorch.org"),
        ("availability", "The scripts are at Zenodo (https://zenodo.org/record/1)."),
        ("body", "All is well."),
        ("references", "C. Star. A tool. https://github.com/star/tool"),
        ("appendix", "None."),
    ]
    notes = table[table["section"] == "footnote"]
    assert notes["anchor"].tolist()[1:] == ["We release our code.", "We use PyTorch throughout."]
    assert table["paper_id"].nunique() == 1
    assert table["paper_id"].iloc[0].startswith("title:")
    assert not table["text"].str.contains("hidden").any()


def test_a_tex_file_brings_the_files_it_includes(source: Path):
    table = read_fulltext(source / "main.tex")
    assert sections(table) == sections(read_fulltext(source))
    (source / "sections" / "intro.tex").write_text(r"\input{../../outside} Nothing.")
    (source.parent / "outside.tex").write_text("Secrets.")
    assert not read_fulltext(source / "main.tex")["text"].str.contains("Secrets").any()


def archive_of(source: Path, kind: str) -> Path:
    path = source.parent / f"2401.00001v2.{kind}"
    names = [one for one in source.rglob("*") if one.is_file()]
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.write(name, name.relative_to(source).as_posix())
    elif kind == "gz":
        path.write_bytes(gzip.compress(LATEX.encode()))
    else:
        with tarfile.open(path, "w:gz" if kind.endswith("gz") else "w") as archive:
            for name in names:
                archive.add(name, name.relative_to(source).as_posix())
    return path


@pytest.mark.parametrize("kind", ["tar.gz", "tgz", "tar", "zip"])
def test_archives_are_read_as_folders_are(source: Path, kind: str):
    table = read_fulltext(archive_of(source, kind))
    assert sections(table) == sections(read_fulltext(source))
    assert set(table["paper_id"]) == {"arxiv:2401.00001"}


def test_a_single_gzipped_file(source: Path):
    table = read_fulltext(archive_of(source, "gz"))
    assert ("abstract", "We count craters. It works.") in sections(table)


def test_main_file_is_the_one_that_includes_the_others():
    document = "\\documentclass{article}\n\\begin{document}\n"
    files = {
        "a_supplement.tex": document + "x" * 500,
        "b.tex": document + "\\input{c}",
        "c.tex": document + "y" * 500,
        "notes.txt": "nothing",
    }
    assert main_file(files) == "b.tex"
    assert "yyy" in whole_text(files, "here")


def test_braces_are_paired_once():
    assert brace_pairs(r"\{{a}{") == {2: 4}


PAPER_XML = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>
<article-id pub-id-type="doi">10.1234/Moon.1</article-id>
<title-group><article-title>Counting <italic>craters</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Moon</surname><given-names>Ada</given-names></name>
</contrib></contrib-group><abstract><p>We count.</p></abstract>
<custom-meta-group><custom-meta><meta-name>Data Availability</meta-name>
<meta-value>All data are on Dryad.</meta-value></custom-meta></custom-meta-group>
</article-meta></front>
<body><sec><title>Methods</title><p>We wrote code<xref ref-type="fn" rid="f1">1</xref> in R. And
used <ext-link xlink:href="https://github.com/star/tool">a tool</ext-link>.</p></sec>
<sec><title>Availability of data and materials</title><p>See <ext-link
 xlink:href="https://osf.io/abcd1">https://osf.io/abcd1</ext-link>.</p></sec></body>
<back><ack><p>Thanks.</p></ack><fn-group><fn id="f1"><p>https://github.com/moon/craters</p></fn>
<fn fn-type="conflict"><p>None.</p></fn></fn-group>
<ref-list><ref><label>1</label><mixed-citation>Star C. A tool.</mixed-citation></ref></ref-list>
</back>
</article>"""


def test_external_links_of_a_preprint_are_a_statement_of_availability():
    link = '<fn fn-type="dataset"><p>https://github.com/moon/dunes</p></fn>'
    group = f'<notes><fn-group content-type="external-links">{link}</fn-group></notes>'
    text = f"<article><front><article-meta/>{group}</front><body><p>Text.</p></body></article>"
    assert ("availability", "https://github.com/moon/dunes") in [
        (part.section, part.text) for part in read_jats(text, "a.xml").parts
    ]


def test_text_after_keywords_without_heading_is_body():
    text = r"\title{A}\begin{document}Keywords: moon, dune.\par Text of the paper.\end{document}"
    assert [(part.section, part.text) for part in read_latex(text).parts][1:] == [
        ("front", "moon, dune."),
        ("body", "Text of the paper."),
    ]


def test_jats(tmp_path: Path):
    path = tmp_path / "paper.xml"
    path.write_text(PAPER_XML)
    table = read_fulltext(path)
    assert sections(table) == [
        ("title", "Counting craters"),
        ("front", "Ada Moon"),
        ("abstract", "We count."),
        ("availability", "All data are on Dryad."),
        ("body", "We wrote code1 in R. And used a tool (https://github.com/star/tool)."),
        ("footnote", "https://github.com/moon/craters"),
        ("availability", "See https://osf.io/abcd1."),
        ("acknowledgements", "Thanks."),
        ("acknowledgements", "None."),
        ("references", "Star C. A tool."),
    ]
    assert table["anchor"].dropna().tolist() == ["We wrote code in R."]
    assert set(table["paper_id"]) == {"doi:10.1234/moon.1"}


TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
<titleStmt><title level="a" type="main">Counting craters</title></titleStmt>
<sourceDesc><biblStruct><analytic><author><persName><forename>Ada</forename>
<surname>Moon</surname></persName></author></analytic><idno type="arXiv">arXiv:2401.00001v1</idno>
</biblStruct></sourceDesc></fileDesc><profileDesc><abstract><div><p>We count.</p></div></abstract>
</profileDesc></teiHeader><text><body><div><head n="1">Introduction</head><p>First. We release
our code<ref type="foot" target="#foot_0">1</ref> now. Last.</p></div>
<div><head>Code availability</head><p>On request.</p></div>
<note place="foot" n="1" xml:id="foot_0">https://github.com/moon/craters</note></body>
<back><div type="acknowledgement"><div><p>Thanks.</p></div></div>
<div type="references"><listBibl><biblStruct><analytic><title>A tool</title></analytic>
</biblStruct></listBibl></div></back></text></TEI>"""


def test_tei(tmp_path: Path):
    path = tmp_path / "paper.tei.xml"
    path.write_text(TEI)
    table = read_fulltext(path)
    assert sections(table) == [
        ("title", "Counting craters"),
        ("front", "Ada Moon"),
        ("abstract", "We count."),
        ("body", "First. We release our code1 now. Last."),
        ("footnote", "https://github.com/moon/craters"),
        ("availability", "On request."),
        ("acknowledgements", "Thanks."),
        ("references", "A tool"),
    ]
    assert table["anchor"].dropna().tolist() == ["We release our code now"]
    assert set(table["paper_id"]) == {"arxiv:2401.00001"}


WORDS = "Craters are round and many of them are old and deep and far away from here. " * 5
LATEXML = f"""<!DOCTYPE html><html><head><title>[2401.00001] Counting craters</title>
<script>var a = "<p>no</p>";</script></head><body><nav>Menu</nav><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Counting craters</h1>
<div class="ltx_authors">Ada Moon</div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p>We count.</p></div>
<section class="ltx_section"><h2 class="ltx_title">1 Introduction</h2>
<div class="ltx_para"><p>{WORDS}We release our code<span class="ltx_note ltx_role_footnote">
<sup>1</sup><span class="ltx_note_outer">1 <a href="https://github.com/moon/craters">
https://github.com/moon/craters</a></span></span> now. Last.</p></div></section>
<section class="ltx_bibliography"><h2 class="ltx_title ltx_title_bibliography">References</h2>
<ul><li>Star C. A tool.</li></ul></section>
<section class="ltx_appendix"><h2>Appendix A Proofs</h2><p>None.</p></section>
</article><footer>About us</footer></body></html>"""


def test_latexml_page(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(LATEXML)
    table = read_fulltext(path)
    assert sections(table) == [
        ("title", "Counting craters"),
        ("front", "Ada Moon"),
        ("abstract", "We count."),
        ("body", f"{WORDS}We release our code now. Last."),
        ("footnote", "https://github.com/moon/craters"),
        ("references", "Star C. A tool."),
        ("appendix", "None."),
    ]
    assert table["anchor"].dropna().tolist() == ["We release our code now"]
    assert set(table["paper_id"]) == {"arxiv:2401.00001"}


def test_publishers_page(tmp_path: Path):
    path = tmp_path / "page.htm"
    path.write_text(
        '<html><head><meta name="citation_title" content="Counting craters">'
        '<meta name="citation_doi" content="10.1234/moon.1">'
        '<meta name="citation_author" content="Moon, Ada"></head><body>'
        "<div class='cookie banner'>We use cookies</div><h1>Counting craters</h1>"
        f"<h2>Abstract</h2><p>We count.</p><h2>Results</h2><p>{WORDS}</p>"
        "<h2>Data availability</h2><p>Code is <a href='https://github.com/moon/craters'>here</a>."
        "</p><h2>Discussion</h2><p>Well.</p><h2>References</h2><ol><li>Star C.</li></ol></body>"
    )
    table = read_fulltext(path)
    assert ("availability", "Code is here (https://github.com/moon/craters).") in sections(table)
    assert ("body", "Well.") in sections(table)
    assert ("references", "Star C.") in sections(table)
    assert not table["text"].str.contains("cookies").any()
    assert set(table["paper_id"]) == {"doi:10.1234/moon.1"}


def test_tags_and_texts_of_a_page():
    found = [
        (kind, what) for kind, what, _ in tokens('<a href="x>y">1<br/> &amp; 2</a> < 3 <!-- 4')
    ]
    assert found == [
        ("start", "a"), ("text", "1"), ("start", "br"), ("end", "br"), ("text", " & 2"),
        ("end", "a"), ("text", " "), ("text", "<"), ("text", " 3 "),
    ]  # fmt: skip


def pdf_of_a_paper() -> bytes:
    body = [
        Text("Counting Craters on the Moon", y=720, size=17),
        Text("Ada Moon, Bo Sun", y=690),
        Text("Abstract", y=660, bold=True),
        Text("We count craters, which are many and", y=646),
        Text("round, and share what we found.", y=634),
        Text("1 Introduction", y=610, size=12, bold=True),
        Text("Others use star charts. We release our code", y=590),
        Text("1", x=273, y=594, size=6),
        Text("at this place and the numer-", y=578),
        Text("ical data at https://zenodo.org/", y=566),
        Text("record/12345 for all. The tool is here.", y=554),
        Text("1", x=72, y=84, size=6),
        Text("https://github.com/moon/", x=76, y=80, size=8),
        Text("craters", y=70, size=8),
        Link("https://github.com/star/tool", (212, 552, 235, 564)),
    ]
    back = [
        Text("More text follows here and ends.", y=720),
        Text("Data availability", y=690, bold=True),
        Text("All data are on Dryad.", y=676),
        Text("References", y=650, size=12, bold=True),
        Text("[1] C. Star. A tool that counts stars. 2020.", y=634),
        Text("[2] D. Sky. Another tool. 2021.", y=622),
    ]
    return make_pdf([body, back])


def test_pdf(tmp_path: Path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf_of_a_paper())
    table = read_fulltext(path)
    text = dict(zip(table["section"], table["text"]))
    assert text["title"] == "Counting Craters on the Moon"
    assert text["front"] == "Ada Moon, Bo Sun"
    assert text["abstract"] == (
        "We count craters, which are many and round, and share what we found."
    )
    body = table.loc[table["section"] == "body", "text"].str.cat(sep=" ")
    assert "the numerical data at https://zenodo.org/record/12345 for all." in body
    assert "here (https://github.com/star/tool)" in body
    assert text["availability"] == "All data are on Dryad."
    assert text["references"].split("\n") == [
        "[1] C. Star. A tool that counts stars. 2020.", "[2] D. Sky. Another tool. 2021.",
    ]  # fmt: skip
    note = table[table["section"] == "footnote"].iloc[0]
    assert note["text"] == "https://github.com/moon/craters"
    assert note["anchor"].startswith("We release our code")


def test_lines_joined():
    address = "https://github.com/me/"
    assert join_lines([f"at {address}", "moon-net."], set()) == f"at {address}moon-net."
    assert join_lines(["see https://a.org/x.", "The end"], set()) == "see https://a.org/x. The end"
    assert join_lines(["a self-", "made tool"], {"self-made"}) == "a self-made tool"
    assert join_lines(["a nu\ufffe", "merical tool"], set()) == "a numerical tool"


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Data Availability Statement", "availability"),
        ("7. Data and code availability", "availability"),
        ("Code, data and materials availability", "availability"),
        ("AVAILABILITY OF DATA AND MATERIALS", "availability"),
        ("VI. ACKNOWLEDGMENTS", "acknowledgements"),
        ("Funding", "acknowledgements"),
        ("References", "references"),
        ("Appendix B: Proofs", "appendix"),
        ("A Proofs", None),
        ("Data", "availability"),
        ("3 Data and Methods", None),
        ("Experiments", None),
    ],
)
def test_headings(heading: str, section: str | None):
    assert section_of(heading) == section


def test_run_in_headings():
    assert run_in("Funding. We thank the moon.") == ("Funding", "We thank the moon.")
    assert run_in("Data: we use a lot of it.") is None


def test_every_section_is_a_standard_one(source: Path):
    assert set(read_fulltext(source)["section"]) <= set(SECTIONS)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("2401.16405v2.pdf", ["arxiv:2401.16405"]),
        ("moon_2401.16405.tar.gz", ["arxiv:2401.16405"]),
        ("hep-th9901001.gz", ["arxiv:hep-th/9901001"]),
        ("10.1371%2Fjournal.pone.0117014.xml", ["doi:10.1371/journal.pone.0117014"]),
        ("Moon 2024.pdf", []),
        ("13012.34567.pdf", []),
    ],
)
def test_ids_in_names(name: str, ids: list[str]):
    assert ids_in_name(name) == ids


def test_files_find_their_papers(tmp_path: Path, source: Path):
    papers = make_papers(
        [
            {"title": "Something else", "id": "2401.00001"},
            {"title": "Counting craters", "doi": "10.1234/MOON.1"},
            {"title": "Moonnet - counting Craters"},
            {"title": "Counting Craters on the Moon", "doi": "10.5/x"},
        ],
        source="mine",
    )
    (tmp_path / "2401.00001v3.pdf").write_bytes(pdf_of_a_paper())
    (tmp_path / "b.pdf").write_bytes(pdf_of_a_paper())
    (tmp_path / "c.xml").write_text(PAPER_XML)
    (tmp_path / "z.html").write_text(
        LATEXML.replace("ounting craters", "ooking").replace("00001]", "00009]")
    )
    with pytest.warns(UserWarning, match=r"1 of 5 files are no paper of the table.*z\.html"):
        table = read_fulltext(tmp_path, papers=papers)
    found = table.groupby("file", sort=False)["paper_id"].first()
    by_name = {Path(name).name: paper_id for name, paper_id in found.items()}
    assert by_name["2401.00001v3.pdf"] == "arxiv:2401.00001"
    assert by_name["b.pdf"] == papers["paper_id"].iloc[3]
    assert by_name["c.xml"] == "doi:10.1234/moon.1"
    assert by_name["paper"] == papers["paper_id"].iloc[2]
    assert pd.isna(by_name["z.html"])


def test_papers_of_one_title_are_told_apart_by_ids_alone(tmp_path: Path):
    papers = make_papers(
        [{"title": "Counting Craters on the Moon", "doi": f"10.5555/{n}"} for n in range(2)],
        source="mine",
    )
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf_of_a_paper())
    with pytest.warns(UserWarning, match="no paper of the table"):
        assert read_fulltext(path, papers=papers)["paper_id"].isna().all()


def test_bad_files_are_set_aside(tmp_path: Path, source: Path):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.warns(UserWarning, match=r"1 of 2 files cannot be read.*bad\.pdf"):
        table = read_fulltext(tmp_path)
    assert len(table)
    bad: list[object] = []
    assert len(read_fulltext(tmp_path, on_bad=bad.append)) == len(table)
    assert [Path(one.file).name for one in bad] == ["bad.pdf"]  # type: ignore[attr-defined]
    with pytest.raises(DataError, match="damaged or cut off"):
        read_fulltext(tmp_path, on_bad="raise")
    with pytest.raises(DataError, match=r"bad\.pdf.*Download it again"):
        read_fulltext(tmp_path / "bad.pdf")


def test_paths_globs_and_lists(tmp_path: Path, source: Path):
    (tmp_path / "a.xml").write_text(PAPER_XML)
    (tmp_path / "b.xml").write_text(TEI)
    both = read_fulltext(f"{tmp_path}/*.xml")
    assert both["file"].nunique() == 2
    assert read_fulltext([tmp_path / "b.xml", tmp_path / "a.xml"])["file"].iloc[0].endswith("b.xml")
    with pytest.raises(DataError, match="no such file"):
        read_fulltext(tmp_path / "c.pdf")
    with pytest.raises(DataError, match="not web addresses"):
        read_fulltext("https://arxiv.org/pdf/2401.00001")
    with pytest.raises(DataError, match="not a path"):
        read_fulltext([3])  # type: ignore[list-item]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no full text there"):
        read_fulltext(tmp_path / "empty")


def test_order_of_files_is_kept(tmp_path: Path):
    names = [f"{number}.pdf" for number in range(6)]
    for number, name in enumerate(names):
        lines = [f"Paper {number} speaks of moons and of nothing else at all."] * (9 * (6 - number))
        (tmp_path / name).write_bytes(make_pdf([paper_page(lines[:55])]))
    table = read_fulltext(tmp_path, progress=False)
    assert [Path(name).name for name in table["file"].drop_duplicates()] == names


def test_bytes_of_a_tar_in_memory_are_no_path():
    with pytest.raises(DataError, match="not the path"):
        read_fulltext(io.BytesIO(b"x"))  # type: ignore[arg-type]
