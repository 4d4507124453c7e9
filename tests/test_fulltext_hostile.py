"""Full texts: files that are damaged or mean harm are refused, fast and with a way out."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from fake_pdf import make_pdf, paper_page

from toolkit.errors import DataError
from toolkit.fulltext import archives, pdf_pages, workers
from toolkit.fulltext.documents import Document
from toolkit.fulltext.fulltext import read_fulltext
from toolkit.fulltext.latex_document import read_latex
from toolkit.fulltext.latex_files import whole_text
from toolkit.fulltext.web_page import read_html
from toolkit.fulltext.xml_text import root_of

MINIMAL = "\\documentclass{article}\n\\begin{document}\nWe count craters.\n\\end{document}\n"


def tar_of(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("name", ["../main.tex", "/etc/main.tex", "a/../../main.tex", "C:\\a.tex"])
def test_paths_out_of_a_tar(tmp_path: Path, name: str):
    path = tar_of(tmp_path / "paper.tar.gz", [(member(name), MINIMAL.encode())])
    with pytest.raises(DataError, match=r"paper\.tar\.gz: .*leads out of it.*Do not unpack"):
        read_fulltext(path)


def test_paths_out_of_a_zip(tmp_path: Path):
    path = tmp_path / "paper.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../main.tex", MINIMAL)
    with pytest.raises(DataError, match="leads out of it"):
        read_fulltext(path)


def test_links_and_devices_are_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.tex"
    secret.write_text(MINIMAL.replace("craters", "SECRETS"))
    path = tar_of(
        tmp_path / "paper.tar.gz",
        [
            (member("main.tex"), MINIMAL.replace("We", r"\input{link} \input{device} We").encode()),
            (member("link.tex", tarfile.SYMTYPE, str(secret)), b""),
            (member("hard.tex", tarfile.LNKTYPE, str(secret)), b""),
            (member("device.tex", tarfile.CHRTYPE), b""),
        ],
    )
    assert read_fulltext(path)["text"].tolist() == ["We count craters."]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "main.tex").write_text(MINIMAL.replace("We", r"\input{link} \input{../secret} We"))
    (folder / "link.tex").symlink_to(secret)
    assert not read_fulltext(folder)["text"].str.contains("SECRETS").any()


def test_decompression_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # The limits are lowered so that the test need not make gigabytes.
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1 << 20)
    monkeypatch.setattr(archives, "MAX_TEXT", 1 << 19)
    zeros = b"\0" * (4 << 20)
    figure = tar_of(tmp_path / "figure.tar.gz", [(member("a.png"), zeros), (member("b.tex"), b"x")])
    with pytest.raises(DataError, match=r"decompression bomb.*unpack it yourself"):
        read_fulltext(figure)
    single = tmp_path / "single.gz"
    single.write_bytes(gzip.compress(b"\\documentclass" + zeros))
    with pytest.raises(DataError, match=r"single\.gz: .*(too large|bomb)"):
        read_fulltext(single)
    zipped = tmp_path / "paper.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("main.tex", MINIMAL + " " * (1 << 20))
    with pytest.raises(DataError, match=r"main\.tex is too large"):
        read_fulltext(zipped)


def test_limits_hold_in_time_for_a_large_bomb(tmp_path: Path):
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b"\0" * (1 << 20))
    start = time.process_time()
    with pytest.raises(DataError, match="too large"):
        read_fulltext(path)
    assert time.process_time() - start < 2


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_FILES", 20)
    path = tar_of(tmp_path / "a.tar.gz", [(member(f"{n}.tex"), b"x") for n in range(30)])
    with pytest.raises(DataError, match="too many files"):
        read_fulltext(path)


def test_too_much_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_TEXTS", 1000)
    path = tar_of(tmp_path / "a.tar.gz", [(member(f"{n}.tex"), b"x" * 400) for n in range(5)])
    with pytest.raises(DataError, match="too much text for one paper"):
        read_fulltext(path)


@pytest.mark.parametrize("suffix", ["tar.gz", "zip", "gz"])
def test_archives_cut_off(tmp_path: Path, suffix: str):
    path = tmp_path / f"paper.{suffix}"
    if suffix == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("main.tex", MINIMAL * 50)
    elif suffix == "gz":
        path.write_bytes(gzip.compress(MINIMAL.encode() * 50))
    else:
        tar_of(path, [(member("main.tex"), MINIMAL.encode() * 50)])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"damaged, cut off or locked.*Download it again"):
        read_fulltext(path)


def test_files_that_include_each_other(tmp_path: Path):
    (tmp_path / "main.tex").write_text(MINIMAL.replace("We", r"\input{a}"))
    (tmp_path / "a.tex").write_text(r"\input{b}")
    (tmp_path / "b.tex").write_text(r"x \include{a}")
    with pytest.raises(
        DataError, match=r"in a circle: found 'main\.tex → a\.tex → b\.tex → a\.tex'"
    ):
        read_fulltext(tmp_path)


def test_files_included_without_end(tmp_path: Path):
    body = MINIMAL.replace("We", r"\input{a}" * 60)
    files = {"main.tex": body, "a.tex": r"\input{b}" * 60, "b.tex": "x" * 10}
    with pytest.raises(DataError, match="too long once the files"):
        whole_text(files, "here")


def test_macros_that_double_without_end():
    lines = [r"\newcommand{\a}{xxxxxxxxxx}"]
    lines += [rf"\newcommand{{\{chr(98 + n)}}}{{{chr(92) + chr(97 + n)} {chr(92) + chr(97 + n)}}}"
              for n in range(24)]  # fmt: skip
    text = whole_text({"a.tex": MINIMAL.replace("We", "\n".join(lines) + "\\y\\y")}, "here")
    assert len(text) < 10_000


XML = "<article><front><article-meta/></front><body><p>{}</p></body></article>"


def test_xml_that_declares_entities(tmp_path: Path):
    path = tmp_path / "laughs.xml"
    entities = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};">' for n in range(1, 60))
    path.write_text(f'<!DOCTYPE article [<!ENTITY l0 "ha">{entities}]>{XML.format("&l59;")}')
    with pytest.raises(DataError, match="declares entities"):
        read_fulltext(path)
    path.write_text(
        '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + XML.format("&x;")
    )
    with pytest.raises(DataError, match="declares entities"):
        read_fulltext(path)


def test_xml_cut_off_or_nested_without_end(tmp_path: Path):
    path = tmp_path / "a.xml"
    path.write_text(XML.format("x" * 100)[:-20])
    with pytest.raises(DataError, match="cut off"):
        read_fulltext(path)
    with pytest.raises(DataError, match="nest too deep"):
        root_of(XML.format("<b>" * 5000 + "</b>" * 5000), ("article",), "here")
    path.write_text("<list><entry/></list>")
    with pytest.raises(DataError, match="XML that is no full text"):
        read_fulltext(path)


def test_pdf_locked_by_a_password(tmp_path: Path):
    path = tmp_path / "locked.pdf"
    junk = "ab" * 32
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{junk}> /U <{junk}> /P -4 >> /ID [<00> <00>]"
    )
    path.write_bytes(make_pdf([paper_page(["Secret"])], trailer=lock))
    with pytest.raises(DataError, match=r"locked\.pdf: the PDF is locked by a password"):
        read_fulltext(path)


def test_pdf_cut_off(tmp_path: Path):
    path = tmp_path / "cut.pdf"
    path.write_bytes(make_pdf([paper_page(["We count craters"])])[:300])
    with pytest.raises(DataError, match=r"damaged or cut off.*Download it again"):
        read_fulltext(path)


def test_pdf_without_text(tmp_path: Path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(make_pdf([[], []]))
    with pytest.raises(DataError, match=r"holds no text.*text recognition"):
        read_fulltext(path)


def test_pdf_of_five_thousand_pages(tmp_path: Path):
    path = tmp_path / "long.pdf"
    path.write_bytes(make_pdf([paper_page(["x"])] * 5000))
    start = time.monotonic()
    with pytest.raises(DataError, match=r"too many pages for a paper: found '5,000'"):
        read_fulltext(path)
    assert time.monotonic() - start < 10  # in a child; the machine may be busy
    assert pdf_pages.MAX_PAGES < 5000


def test_pdf_with_a_very_long_line(tmp_path: Path):
    path = tmp_path / "line.pdf"
    path.write_bytes(make_pdf([paper_page(["word " * 200_000])]))
    table = read_fulltext(path)
    assert table["text"].str.len().sum() <= pdf_pages.MAX_CHARACTERS + 10


def test_a_file_that_hangs_or_crashes_the_reader_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    good = tmp_path / "good.pdf"
    good.write_bytes(make_pdf([paper_page(["We count craters."])]))
    trap = (
        "import sys, os, time; sys.path[:] = sys.argv[1:]; "
        "import toolkit.fulltext.workers as w; real = w.read_pdf\n"
        "def read(path):\n"
        "    if 'crash' in path.name: os._exit(3)\n"
        "    if 'hang' in path.name: time.sleep(600)\n"
        "    return real(path)\n"
        "w.read_pdf = read; w.serve()"
    )
    monkeypatch.setattr(workers, "_CODE", trap)
    files = [(tmp_path / name, "pdf") for name in ("crash.pdf", "good.pdf", "hang.pdf", "good.pdf")]
    answers = dict(workers.read_each(files, time_limit=5))
    assert "ended the program that read it" in str(answers[0])
    assert "more than 5 seconds" in str(answers[2])
    assert isinstance(answers[1], Document) and isinstance(answers[3], Document)


def test_children_end_when_reading_is_broken_off(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([paper_page(["We count craters."])]))
    each = workers.read_each([(path, "pdf")] * 50)
    next(each)
    each.close()  # what a KeyboardInterrupt does to the generator
    import threading

    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(
        isinstance(thread, workers._Worker) for thread in threading.enumerate()
    ):
        time.sleep(0.05)
    assert not any(isinstance(thread, workers._Worker) for thread in threading.enumerate())


PIECES = [
    "\\[", "$$", "$", "\\begin{comment}", "\\iffalse ", "\\section[", "{", "\\footnote{", "%",
    "\\url{http://", "\\href{", "http://", "www.", "\\begin{equation}", "\\paragraph{", "``", "~",
    "\\newcommand{\\a}{", "\\def\\a{\\a\\a}", "a.b/", "^{", "\\thanks", "x",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_latex_is_read_in_linear_time(piece: str):
    text = MINIMAL.replace("We", piece * (150_000 // len(piece)))
    start = time.process_time()
    read_latex(whole_text({"a.tex": text}, "here"))
    assert time.process_time() - start < 2


TAGS = ["<p ", "<p>", "<a href=http://a.b>", "<!--", "<!", "<", "</", "&", "<span class=ltx_note>",
        "<script>", "<h2>", "<title>", "<?", "</script", "<div class='"]  # fmt: skip


@pytest.mark.parametrize("piece", TAGS)
def test_pages_are_read_in_linear_time(piece: str):
    start = time.process_time()
    try:
        read_html("<html><body>" + piece * (150_000 // len(piece)), "here")
    except DataError as error:
        assert "paper" in str(error)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(range(256)), b"plain words\n" * 30])
def test_what_is_no_full_text(tmp_path: Path, content: bytes):
    path = tmp_path / "thing.dat"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"thing\.dat: (an empty file|no full text)"):
        read_fulltext(path)
