"""Bad input: a `DataError` that says where, or papers; never anything else, never a hang."""

from __future__ import annotations

import contextlib
import gzip
import time
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.formats import load, unpacking
from toolkit.papers.schema import check_papers

EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir())
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def try_load(given):
    """Load; what comes out is a valid table or a DataError with a message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            papers = load(given)
        except DataError as error:
            assert str(error)
            return error
    check_papers(papers)
    return papers


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty: expected records of papers"),
        (b" \n\n ", "empty"),
        (b"%PDF-1.7\n%...", "this is a PDF, not text"),
        (PNG, "this is a PNG image, not text"),
        (bytes(range(256)) * 4, "a binary file, not text: found b'"),
        (b'{"title": "One"}\n{"title": "Tw',
         r"line 2: not a JSON object \(Unterm.*'\{\"title\": \"Tw', expected one"),
        (b'{"title": "One"}\n[1]\n', "line 2: not a JSON object"),
        (b'[{"title": "One"}, {"tit', r"not valid JSON"),
        (b"[1, 2]", "a record is not an object"),
        (b"[]", "no records"),
        (b"Name,Grade\nAnn,3\n", r"row 1: no column of titles.*'Name', 'Grade'.*columns=\{"),
        (b'[{"title": "A", "issued": {"date-parts": 7}}, 5]', r"a record is not an object \(5\)"),
        (b"Name;Grade\n", r"row 1: no column of titles recognised: found \['Name', 'Grade'\]"),
        (b'{"a": 1}\n{"b": 2}', r"no column of titles recognised: found \['a', 'b'\]"),
        (b'{"title": "One"}\n\n{"abstract": "x"}', "given.txt, line 3: a record has no title"),
        (b'{"title": "x", "listed": "2024-13"}',
         r"record 1: not a date \(in 'listed': '2024-13', expected YYYY"),
        (b"title,year\nOne,2020\nTwo,20x1\n",
         r"line 3: not a year \(in 'year': '20x1', expected a year such as"),
        (b"title,listed\nOne,2020-01-01\nTwo,2024-13\n",
         r"line 3: not a date \(in 'listed': '2024-13', expected YYYY"),
        (b"title,year\nOne,2020\nTwo\n",
         r"line 3: a row does not fit the header \(found 1 fields, expected 2"),
        (b"title,year\n", "a table without rows"),
        (b"\n@article{b, title={Two", "line 2: a closing brace is missing"),
        (b"@article{a}\n", "line 1: it has no fields"),
        (b"@article{a, title={One} {Two}, year={2020}}\n", "a comma, brace or name is missing"),
        (b"@comment{x}\n", "no BibTeX entry of a paper"),
        (b"\nTY  - JOUR\nTI  - One\n", "line 2: a record does not end with its ER line"),
        (b"FN x\nVR 1.0\nPT J\nTI One\n", "line 3: a record does not end with its ER line"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "not well-formed XML"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "a feed without entries"),
        (b"<?xml version='1.0'?><!DOCTYPE f [<!ENTITY a 'b'>]><feed xmlns='http://www.w3.org/2005/Atom'>&a;</feed>",
         "XML that declares entities"),
        (b"<html><body><p>Hello</p></body></html>", "no papers found on this page"),
        (b"PAR1" + b"x" * 50, "not a readable Parquet file"),
        (b"\x1f\x8b\x08\x00broken", "the archive is damaged or cut off"),
        (gzip.compress(b'{"title": "One"}' * 1000)[:-20], "damaged or cut off"),
        (b"PK\x03\x04broken", "the archive is damaged|not text"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), r"an old Office file \(\.doc, or a damaged \.xls\)"),
        (b"0001x" * 20, "no papers found"),
    ],
)  # fmt: skip
def test_bad_files_say_what_is_wrong(tmp_path, content, words):
    path = tmp_path / "given.txt"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        load(path, on_bad="raise")
    assert "given.txt" in str(caught.value), "the file is named"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            "some words",
            "no such file or folder, and not the text .*: found 'some words'",
        ),
        ("no/such/file.csv", "no/such/file.csv: there is no such file"),
        ("missing.bib", "there is no such file"),
        ("", "nothing to load"),
        ("  ", "nothing to load"),
        (Path("no such"), "no such file or folder"),
        (42, "cannot be loaded: found 'int'"),
        (None, "cannot be loaded: found 'NoneType'"),
        (b"title,year\nOne,2020", "cannot be loaded: found 'bytes'"),
        ([], "nothing to load"),
        (["a.csv", 7], "no such file|cannot be loaded"),
        ("no_such_*.csv", "no file fits the pattern"),
        ("x" * 300, "no such file or folder"),
        ("x" * 5000, "no papers found"),
        ("a\x00b", "no papers found"),
        (pd.DataFrame({"title": ["A"]}), r"found 'DataFrame'.*make_papers\(records, source="),
        ([{"title": "A"}], r"found 'dict'.*make_papers\(records, source="),
        ("https://huggingface.co/papers", r"papers'\. Fetch papers with .*fetch_hf_papers\(since="),
        ("arxiv.org/list/cs.CL/new", r"not web addresses.*fetch_arxiv\(\"cat:cs.CL\", limit="),
        (Path("https://arxiv.org/abs/2401.00001v2"), r"fetch_arxiv\(ids=\[\"2401.00001\"\]\)"),
        (["2401.00001"], r"fetch_arxiv\(ids=\[\"2401.00001\"\]\)"),
        ("www.example.org/a.bib", r"'www.example.org/a.bib'\. Save the page or file"),
    ],
)
def test_what_is_no_input_at_all(given, words):
    with pytest.raises(DataError, match=words):
        load(given)


def test_a_folder_of_exports(tmp_path):
    with pytest.raises(DataError, match="a folder without files"):
        load(tmp_path)
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    with pytest.raises(
        DataError, match=r"no file with papers: photo.png \(this is a PNG image, not text\)"
    ):
        load(tmp_path)
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(f"title,year\nThe paper of {name},2020\n")
    (tmp_path / ".hidden").write_text("title\nNot seen\n")
    (tmp_path / "older").mkdir()
    (tmp_path / "older" / "three.bib").write_text("@article{x, title = {On bees}}")
    words = r"^1 file is no list of papers that can be read: photo.png \(this is a PNG"
    with pytest.warns(UserWarning, match=words):
        papers = load(tmp_path)
    assert papers.origin.tolist() == ["three.bib", "one.csv", "two.csv"]
    with pytest.raises(DataError, match="a PNG image"):
        load(tmp_path, on_bad="raise")
    with pytest.raises(DataError, match="a PNG image"):
        load([tmp_path / "one.csv", tmp_path / "photo.png"])


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title={One}, year={20x0}}\n@article{b, title={Two}, year={in press}}\n"
        "@article{c, title={Three}, year={20x}, date={2020-03}}\n"
        "@misc{d, title={Four}, year={19??}}",
        "TY  - JOUR\nTI  - One\nPY  - 20x0\nER  - \nTY  - JOUR\nTI  - Two\nPY  - in press\n"
        "ER  - \nTY  - JOUR\nTI  - Three\nPY  - 10 15\nDA  - 2015/10/15\nER  - \n"
        "TY  - JOUR\nTI  - Four\nER  - \n",
    ],
)
def test_an_impossible_year_sets_aside_unless_there_is_another_date(text):
    bad = []
    assert load(text, on_bad=bad.append).title.tolist() == ["Two", "Three", "Four"]
    assert [(one.place, one.reason[:27]) for one in bad] == [
        ("line 1", "not a year (in 'year': '20x")
    ]


def test_what_to_do_with_bad_records(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Title,Year\nOne,2020\n,2021\nThree,20x2\n")
    bad = []
    assert load(path, on_bad=bad.append).title.tolist() == ["One"]
    assert [(one.file, one.place, one.reason, one.text) for one in bad] == [
        (
            "x.csv",
            "line 4",
            "not a year (in 'Year': '20x2', expected a year such as 2021)",
            "Three | 20x2",
        ),
        ("x.csv", "line 3", "a record has no title", "year: 2021"),
    ]
    words = r"2 of 3 records cannot be read and were set aside: x.csv, line 4: not a year "
    with pytest.warns(UserWarning, match=words):
        load(path)
    with pytest.raises(DataError, match=r"argument 'on_bad': not a way to treat .*'skip'"):
        load(path, on_bad="skip")
    path.write_text("Title,Year\n,2021\n")
    with pytest.raises(DataError, match=r"x\.csv, line 2: a record has no title"):
        load(path, on_bad=bad.append)


def test_an_unreadable_file(tmp_path):
    import os

    if os.geteuid() == 0:
        loop = tmp_path / "loop"
        loop.symlink_to(loop)
        with pytest.raises(DataError):
            load(loop)
        return
    path = tmp_path / "x.csv"
    path.write_text("title\nOne\n")
    path.chmod(0)
    with pytest.raises(DataError, match="cannot be read"):
        load(path)


def test_archives_of_several_files(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "title\nOne\n")
        archive.writestr("b.csv", "title\nTwo\n")
    with pytest.raises(
        DataError, match=r"a ZIP archive of several files: found \['a.csv', 'b.csv'\]"
    ):
        load(path)


def test_a_damaged_workbook(tmp_path):
    path = tmp_path / "x.xlsx"
    pd.DataFrame({"title": ["One"]}).to_excel(path, index=False)
    raw = path.read_bytes()
    for cut in (len(raw) // 3, len(raw) // 2, len(raw) - 30):
        path.write_bytes(raw[:cut])
        assert isinstance(try_load(path), DataError)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-a-workbook/>")
    with pytest.raises(DataError, match="not a readable Excel workbook"):
        load(path)


def test_workbooks_that_would_fill_the_memory(tmp_path, monkeypatch):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "Title", "On oaks", "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(DataError, match=r"far from all others: found '17,179,869,184 cells"):
        load(tmp_path / "far.xlsx")
    monkeypatch.setattr(unpacking, "_ALWAYS", 1 << 20)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (1 << 22))
    with pytest.raises(DataError, match=r"far larger when unpacked .* found 'more than 1 MB'"):
        load(tmp_path / "bomb.xlsx")


def test_one_field_of_a_gzip_that_grows_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "_ALWAYS", 1 << 20)
    for name, start in (
        ("a.csv.gz", b'title,abstract\n"On oaks","'),
        ("a.ris.gz", b"TY  - JOUR\nTI  - "),
    ):
        (tmp_path / name).write_bytes(gzip.compress(start + b"a" * (1 << 24)))
        with pytest.raises(DataError, match=r"far larger when unpacked .* 60 times the size"):
            load(tmp_path / name)
    (tmp_path / "fine.csv.gz").write_bytes(gzip.compress(b"title\nOn oaks\n"))
    assert len(load(tmp_path / "fine.csv.gz")) == 1


def test_a_parquet_file_of_one_text_in_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "_ALWAYS", 1 << 20)
    once = pd.DataFrame({"title": [f"On oak {i}" for i in range(300)], "abstract": "a" * 10_000})
    listed = once.assign(abstract=None, notes=[["b" * 10_000]] * 300)
    for table in (once, listed):
        table.to_parquet(tmp_path / "bomb.parquet")
        with pytest.raises(DataError, match="far larger when unpacked"):
            load(tmp_path / "bomb.parquet")
    once.head(20).to_parquet(tmp_path / "fine.parquet")
    assert load(tmp_path / "fine.parquet")["abstract"].str.len().tolist() == [10_000] * 20


@pytest.mark.parametrize("name", ["../evil.csv", "/evil.csv", "C:\\evil.csv", "a/../../evil.csv"])
def test_an_archive_with_a_file_outside_itself(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "title\nOn oaks\n")
    with pytest.raises(DataError, match=r"holds a file outside itself: found .*evil.csv"):
        load(tmp_path / "a.zip")


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    from toolkit.formats import inputs

    monkeypatch.setattr(inputs, "MAX_TEXT_BYTES", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"0" * (1 << 24)))
    with pytest.raises(DataError, match="too large to read in one piece: found 'more than 1 MB'"):
        load(path)


@pytest.mark.parametrize("name", NAMES)
def test_cut_at_any_place(tmp_path, name):
    """Cut short, a file gives the whole records before the cut, or an error; it never lies."""
    raw = (EXAMPLES / name).read_bytes()
    whole = load(EXAMPLES / name)
    titles = set(whole.title)
    path = tmp_path / "cut"
    for cut in range(1, len(raw), max(1, len(raw) // 25)):
        path.write_bytes(raw[:cut])
        found = try_load(path)
        tagged = name.endswith((".bib", ".ris", ".jsonl", ".atom")) or name == "wos.txt"
        if tagged and not isinstance(found, DataError):
            assert set(found.title) <= titles


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "drop", "double", "insert", "swap", "flip"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.binary(max_size=6),
    ),
    min_size=1,
    max_size=6,
)


def mutate(raw: bytes, mutations) -> bytes:
    for kind, start, length, extra in mutations:
        at = int(start * len(raw))
        end = min(len(raw), at + 1 + int(length * 60))
        if kind == "cut":
            raw = raw[: max(1, at)]
        elif kind == "drop":
            raw = raw[:at] + raw[end:]
        elif kind == "double":
            raw = raw[:end] + raw[at:]
        elif kind == "insert":
            raw = raw[:at] + extra + raw[at:]
        elif kind == "swap":
            raw = raw[end:] + raw[:end]
        elif kind == "flip" and raw:
            place = min(at, len(raw) - 1)
            raw = raw[:place] + bytes([raw[place] ^ (1 << (len(extra) % 8))]) + raw[place + 1 :]
    return raw


FUZZ = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@settings(FUZZ, max_examples=60)
@given(st.sampled_from(NAMES), MUTATIONS)
def test_mutated_files(tmp_path, name, mutations):
    path = tmp_path / "mutated"
    path.write_bytes(mutate((EXAMPLES / name).read_bytes(), mutations))
    started = time.perf_counter()
    try_load(path)
    assert time.perf_counter() - started < 20


@pytest.mark.slow
@settings(FUZZ, max_examples=300)
@given(st.sampled_from(NAMES), MUTATIONS)
def test_mutated_files_at_length(tmp_path, name, mutations):
    path = tmp_path / "mutated"
    path.write_bytes(mutate((EXAMPLES / name).read_bytes(), mutations))
    try_load(path)


@pytest.mark.slow
@settings(FUZZ, max_examples=40)
@given(st.integers(0, 7), MUTATIONS)
def test_mutated_real_files(tmp_path, shared, number, mutations):
    files = sorted((shared / "formats").iterdir())
    real = (*files, shared / "collections" / "trending_page.txt")[number % (len(files) + 1)]
    path = tmp_path / "mutated"
    path.write_bytes(mutate(real.read_bytes()[:40_000], mutations))
    try_load(path)


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("binaries")
    frame = pd.DataFrame({"title": [f"Paper {n}" for n in range(40)], "year": range(1980, 2020)})
    frame.to_parquet(folder / "x.parquet")
    frame.to_excel(folder / "x.xlsx", index=False)
    (folder / "x.gz").write_bytes(gzip.compress((EXAMPLES / "snapshot.jsonl").read_bytes()))
    return [path.read_bytes() for path in sorted(folder.iterdir())]


@settings(FUZZ, max_examples=40)
@given(st.integers(0, 2), MUTATIONS)
def test_mutated_binaries(tmp_path, binaries, number, mutations):
    path = tmp_path / "mutated"
    path.write_bytes(mutate(binaries[number], mutations))
    try_load(path)


@settings(FUZZ, max_examples=60)
@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes(tmp_path, raw):
    path = tmp_path / "any"
    path.write_bytes(raw)
    try_load(path)


@settings(FUZZ, max_examples=80)
@given(st.text(max_size=200))
@example("[\n")
@example("{\n")
@example("@\n")
@example("<\n")
@example("@a{\n")
@example("TY  - \n")
@example('"\n')
@example("title\n\n")
@example("sep=;\n")
def test_any_text(text):
    try_load(text + "\n")


HOSTILE = [
    "[" * 100_000,
    '{"title":' * 50_000,
    "@article{" * 5_000,
    "@article{a, title={" + "{" * 20_000,
    "@article{a, title={" + "{" * 5_000 + "}" * 5_000 + "}}",
    '@article{a, title="' + "\\" * 50_000,
    "TY  - JOUR\n" * 20_000,
    "TY  - JOUR\n" + "AU  - A\n" * 50_000 + "TI  - One\nER  - \n",
    "PT J\n" * 20_000,
    "title,year\n" + '"' * 100_000,
    "title," * 30_000 + "\n" + "x," * 30_000,
    "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry>" * 20_000,
    "a\tb\n" * 50_000,
    "\n" * 200_000 + "x",
    "@string{a = a # a}\n@article{k, title = a # a}",
    "@string{a = b}\n@string{b = a}\n@article{k, title = a}",
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_ends_soon(number):
    started = time.perf_counter()
    try_load(HOSTILE[number] + "\n")
    assert time.perf_counter() - started < 20


def test_nothing_is_left_open(tmp_path):
    """A file can be removed or replaced after an error."""
    path = tmp_path / "x.csv"
    path.write_text("title,year\nOne,20x0\n")
    with warnings.catch_warnings(), contextlib.suppress(DataError):
        warnings.simplefilter("error")
        load(path)
    path.unlink()


def test_word_documents_and_pdfs_say_what_they_are(tmp_path):
    old = tmp_path / "list.doc"
    name = "WordDocument".encode("utf-16-le")
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + name + bytes(600))
    with pytest.raises(DataError, match=r"list\.doc: this is a Word document"):
        load(old)
    pdf = tmp_path / "list.bib"
    pdf.write_bytes(b"%PDF-1.5\n\xd0\xd4\n")
    with pytest.raises(DataError, match=r"this is a PDF.*toolkit\.read_fulltext reads the PDFs"):
        load(pdf)
