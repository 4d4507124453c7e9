"""export: read back by other tools' readers, harmless whatever the text."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from io import StringIO

import bibtexparser
import pandas as pd
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.exports.citations import citation_keys
from toolkit.exports.escaping import markdown_text
from toolkit.papers.schema import make_papers
from toolkit.text.escaping import safe_link

HOSTILE = '<script>alert("1")</script> =HYPERLINK("http://evil") }{ \\write18{rm} 50% & $x_1$ #1 ~^'


@pytest.fixture
def papers() -> pd.DataFrame:
    return make_papers(
        [
            {
                "arxiv_id": "2401.00001",
                "title": "Lanterns & Oaks: 100% of the Story",
                "abstract": "We measure 5 % of $x_1$. Code at https://code.example/a_b.",
                "authors": "Ada Byron; Bénédicte L'Étoile; Sand and Sons",
                "published": "2024-01-17",
                "venue": "Journal of Trees",
                "doi": "10.1000/AB_c(1)d",
                "url": "https://arxiv.org/abs/2401.00001",
                "code_url": "https://code.example/a_b",
                "categories": "cs.LG cs.CL",
                "comments": "12 pages",
                "upvotes": 7,
            },
            {"title": HOSTILE, "abstract": "-1+2", "authors": "@SUM(1+1)", "year": 2023},
            {
                "title": "Über Wälder 森",
                "url": "javascript:alert(1)",
                "code_url": "data:text/html,x",
            },
        ],
        source="test",
        clean=False,
    )


def test_bibtex_comes_back_through_bibtexparser(papers, tmp_path) -> None:
    file = toolkit.export(papers, tmp_path / "p.bib")
    entries = bibtexparser.parse_file(str(file), encoding="utf-8").entries
    assert [entry.entry_type for entry in entries] == ["article", "misc", "misc"]
    first = entries[0]
    assert first["title"] == r"{Lanterns \& Oaks: 100\% of the Story}"
    assert first["author"] == "Ada Byron and Bénédicte L'Étoile and {Sand and Sons}"
    assert (first["year"], first["month"], first["date"]) == ("2024", "1", "2024-01-17")
    assert first["doi"] == "10.1000/ab_c(1)d" and first["eprint"] == "2401.00001"
    assert re.fullmatch(r"byron2024lanterns_[0-9a-f]{4}", first.key)


@pytest.mark.parametrize("ending", ["bib", "ris"])
def test_the_toolkit_reads_its_own_exports(papers, tmp_path, ending) -> None:
    back = toolkit.load(toolkit.export(papers, tmp_path / f"p.{ending}"))
    assert back.loc[0, "paper_id"] == papers.loc[0, "paper_id"]
    assert back.loc[0, "title"] == papers.loc[0, "title"]
    assert back.loc[0, "authors"].split("; ")[1] in ("Bénédicte L'Étoile", "L'Étoile, Bénédicte")
    assert back.loc[0, "published"] == papers.loc[0, "published"]
    assert back.loc[2, "title"] == "Über Wälder 森"


def test_ris_comes_back_through_rispy(papers, tmp_path) -> None:
    entries = rispy.loads(toolkit.export(papers, tmp_path / "p.ris").read_text(encoding="utf-8"))
    assert len(entries) == 3
    assert entries[0]["authors"] == ["Byron, Ada", "L'Étoile, Bénédicte", "Sons, Sand and"]
    assert entries[0]["title"] == papers.loc[0, "title"]
    assert entries[0]["date"] == "2024/01/17/" and "keywords" not in entries[0]
    assert entries[1]["title"] == HOSTILE and entries[1]["year"] == "2023"


def test_csv_comes_back_through_pandas_without_formulas(papers, tmp_path) -> None:
    file = toolkit.export(papers, tmp_path / "p.csv")
    back = pd.read_csv(file)
    assert back.columns.tolist() == papers.columns.tolist()
    assert back["title"].tolist() == papers["title"].tolist()
    assert back.loc[0, "upvotes"] == 7 and back.loc[0, "published"] == "2024-01-17"
    assert back.loc[1, "abstract"] == "'-1+2" and back.loc[1, "authors"] == "'@SUM(1+1)"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        cells = [cell for row in csv.reader(opened) for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@|]", cell)]


ALLOWED = {
    *["html", "head", "meta", "title", "style", "body", "h1", "ol", "li", "strong", "a", "div"],
    *["p", "span", "time", "cite", "main"],
}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"]

    def handle_data(self, data) -> None:
        self.words.append(data)


def test_html_holds_no_markup_from_the_data(papers, tmp_path) -> None:
    text = toolkit.export(papers, tmp_path / "p.html").read_text(encoding="utf-8")
    read = Tags()
    read.feed(text)
    assert set(read.tags) <= ALLOWED
    assert read.links == [
        "https://arxiv.org/abs/2401.00001",
        "https://code.example/a_b",
        "https://doi.org/10.1000/ab_c(1)d",
    ]
    assert HOSTILE in "".join(read.words)
    assert "default-src 'none'" in text


def test_markdown_holds_no_markup_from_the_data(papers, tmp_path) -> None:
    text = toolkit.export(papers, tmp_path / "p.md").read_text(encoding="utf-8")
    assert re.search(r"(?<!\\)<script", text) is None
    assert "javascript:" not in text and "data:x" not in text
    assert "[code](<https://code.example/a_b>)" in text
    assert text.count("\n- ") == 3
    about = "Ada Byron; Bénédicte L'Étoile; Sand and Sons · 2024-01-17 · *Journal of Trees*"
    assert about in text


def test_notes_go_along(papers, tmp_path) -> None:
    noted = papers.assign(note=["Read <b>this</b> 100%", "می\u200cخواهم \u202eevil", pd.NA])
    text = {
        ending: toolkit.export(noted, tmp_path / f"n.{ending}").read_text(encoding="utf-8")
        for ending in ("bib", "ris", "csv", "md", "html")
    }
    entries = bibtexparser.parse_string(text["bib"]).entries
    assert (
        entries[0]["annote"] == r"Read \textless{}b>this\textless{}/b> 100\%"
        and "annote" not in entries[2].fields_dict
    )
    assert rispy.loads(text["ris"])[0]["notes"] == ["12 pages", "Read <b>this</b> 100%"]
    assert "*Note:* Read \\<b\\>this\\</b\\> 100%" in text["md"]
    assert "<em>Note:</em> Read &lt;b&gt;this&lt;/b&gt; 100%" in text["html"]
    for ending in ("bib", "ris", "md", "html"):
        assert "می\u200cخواهم evil" in text[ending], "joiners stay, what turns text around goes"


def test_keys_depend_on_the_paper_alone(papers) -> None:
    keys = citation_keys(papers)
    assert citation_keys(papers.iloc[::-1]) == keys[::-1]
    assert citation_keys(papers.iloc[[2]]) == keys[2:]
    more = make_papers(
        [{"title": f"Oak {i % 3}", "doi": f"10.1000/{i}"} for i in range(500)], source="x"
    )
    made = citation_keys(more)
    assert len(set(made)) == 500
    assert all(re.fullmatch(r"[a-z][a-z0-9]*_[0-9a-f]+", key) for key in made)


def test_papers_from_bibtex_keep_their_keys_and_types(tmp_path) -> None:
    text = """
    @inproceedings{smith2020bees, title={On {B}ees}, booktitle={The Bee People Meet}, year=2020}
    @phdthesis{doe:thesis, title={Wasps}, author={Doe, Jo}, school={Hive University}}
    @article{twice, title={Ants}}
    """
    mine = toolkit.load(text.replace("\n    ", "\n"))
    mine["abstract"] = "Bees dance."
    both = toolkit.load([text.replace("\n    ", "\n"), "@misc{twice, title={Moths}}\n"])
    assert mine[["bibtex_type", "bibtex_key"]].iloc[1].tolist() == ["phdthesis", "doe:thesis"]
    saved = toolkit.load_collection(toolkit.save_collection(mine, tmp_path / "c", prose=False))
    joined = pd.concat([mine.tail(2), mine.head(1)])
    for papers in (mine, both.iloc[::-1].head(9), saved, joined):
        file = toolkit.export(papers[papers["title"] != "Ants"], tmp_path / "p.bib")
        found = {e["title"]: e for e in bibtexparser.parse_string(file.read_text("utf-8")).entries}
        assert found["{On Bees}"].key == "smith2020bees"
        assert found["{On Bees}"].entry_type == "inproceedings"
        assert found["{On Bees}"]["booktitle"] == "The Bee People Meet"
        assert found["{Wasps}"].key == "doe:thesis"
        assert found["{Wasps}"]["school"] == "Hive University"
    keys = dict(zip(both["title"], citation_keys(both)))
    assert keys["Ants"] == "twice"
    assert re.fullmatch(r"moths_[0-9a-f]{4}", keys["Moths"]), "one key is not given twice"


@pytest.mark.parametrize(
    ("venue", "kind", "field"),
    [
        ("Proceedings of the 3rd Conference on Bees", "inproceedings", "booktitle"),
        ("ICML 2024", "inproceedings", "booktitle"),
        ("Workshop on Wasps (WoW)", "inproceedings", "booktitle"),
        ("Proceedings of the Royal Society B", "article", "journal"),
        ("Proceedings of the IEEE", "article", "journal"),
        ("Journal of the Bee Conference", "article", "journal"),
        ("Nature", "article", "journal"),
        (None, "misc", None),
    ],
)
def test_the_venue_tells_the_type_of_entry(venue, kind, field, tmp_path) -> None:
    record = {"title": "Bees", "venue": venue, "id": "2401.00001", "categories": "cs.DL cs.CL"}
    papers = make_papers([record], source="x")
    (entry,) = bibtexparser.parse_string(
        toolkit.export(papers, tmp_path / "p.bib").read_text()
    ).entries
    assert entry.entry_type == kind
    assert {name for name, one in entry.fields_dict.items() if one.value == venue} == (
        {field} if field else set()
    )
    assert (entry["eprint"], entry["primaryclass"]) == ("2401.00001", "cs.DL")
    (record,) = rispy.loads(toolkit.export(papers, tmp_path / "p.ris").read_text())
    types = {"article": "JOUR", "inproceedings": "CONF", "misc": "UNPB"}
    assert record["type_of_reference"] == types[kind]
    back = toolkit.load(tmp_path / "p.ris")
    assert back["venue"].tolist() == papers["venue"].tolist() or venue is None


@settings(max_examples=10, deadline=None)
@given(
    title=st.text(min_size=1, max_size=40).filter(lambda t: any(c.isalnum() for c in t)),
    authors=st.text(max_size=30),
    abstract=st.text(max_size=60),
)
def test_any_text_comes_back(title, authors, abstract, tmp_path_factory) -> None:
    try:
        papers = make_papers(
            [{"title": title, "authors": authors, "abstract": abstract}], source="t", clean=False
        )
    except DataError:
        return
    folder = tmp_path_factory.mktemp("any")
    text = toolkit.export(papers, folder / "p.bib").read_text(encoding="utf-8")
    bib = bibtexparser.parse_string(text)
    assert len(bib.entries) == 1 and bib.entries[0]["title"].startswith("{")
    ris = rispy.loads(toolkit.export(papers, folder / "p.ris").read_text(encoding="utf-8"))
    assert len(ris) == 1
    back = pd.read_csv(
        StringIO(toolkit.export(papers, folder / "p.csv").read_text(encoding="utf-8-sig")),
        keep_default_na=False,
        dtype=str,
    )
    assert len(back) == 1 and not re.match(r"\s*[=+\-@|]", back.loc[0, "title"])
    read = Tags()
    read.feed(toolkit.export(papers, folder / "p.html").read_text(encoding="utf-8"))
    assert read.tags.count("li") == 1 and "script" not in read.tags


def test_markdown_text_and_links() -> None:
    assert markdown_text("1. x\n# y") == r"1\. x \# y"
    assert markdown_text("- x") == r"\- x"
    assert safe_link("HTTPS://x.org/a") == "https://x.org/a"
    assert safe_link("javascript:alert(1)") is None and safe_link(None) is None
    assert safe_link("http://[broken") is None


def test_where_it_cannot_be_written(papers, tmp_path) -> None:
    with pytest.raises(DataError, match=r"unknown kind of file: found '\.docx'.*\.bib"):
        toolkit.export(papers, tmp_path / "p.docx")
    with pytest.raises(DataError, match=r"cannot be written .*No such file"):
        toolkit.export(papers, tmp_path / "none" / "p.bib")
    with pytest.raises(DataError, match="not a papers table"):
        toolkit.export([1], tmp_path / "p.bib")
    (tmp_path / "p.bib").mkdir()
    with pytest.raises(DataError, match="cannot be written"):
        toolkit.export(papers, tmp_path / "p.bib")
    assert [f.name for f in tmp_path.iterdir()] == ["p.bib"], "nothing half-written stays"
    before = papers.copy()
    toolkit.export(papers, tmp_path / "p.csv")
    pd.testing.assert_frame_equal(papers, before)
    for ending in ("bib", "ris", "csv", "md", "html"):
        assert toolkit.export(papers[:0], tmp_path / f"none.{ending}").exists()
