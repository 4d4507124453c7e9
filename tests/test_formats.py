"""Every format that `load` recognises, by its content and never by its name."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from toolkit.errors import DataError
from toolkit.formats import load, load_arxiv_snapshot
from toolkit.formats.authors import split_authors, split_joined
from toolkit.formats.dates import iso_date
from toolkit.papers.schema import check_papers

EXAMPLES = Path(__file__).parent / "examples"
TITLES = [
    "Growing Gärten of Graphs: a Müller–Šimek Study",
    "Counting Bees, Slowly",
    "Moth Turns: A Field Note",
]
AUTHORS = ["Anna Müller; Bořek Šimek", "Cora Bee", "Dov Night"]
ABSTRACT = "We grow graphs in gardens. Growth doubles each spring."
DOIS = ["10.5555/jig.2021.001", "10.5555/il.22.7"]
TABLES = ["scopus.csv", "wos.tsv", "wos.txt", "openalex.csv", "zotero.csv", "ieee.csv",
          "springer.csv", "semicolons.csv", "refs.bib", "refs.ris"]  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_exports_give_title_authors_year_doi_abstract(name):
    papers = load(EXAMPLES / name)
    check_papers(papers)
    assert papers.title.tolist() == TITLES
    assert papers.doi.tolist()[:2] == DOIS
    assert papers.published.dt.year.tolist() == [2021, 2022, 2023]
    if name not in ("ieee.csv", "springer.csv", "refs.bib"):
        assert papers.authors.tolist() == AUTHORS
    if name != "springer.csv":
        assert papers.abstract[0] == ABSTRACT
        assert (
            papers.abstract[1].startswith("Bees ")
            and "A second line, with a c" in papers.abstract[1]
        )
    if name not in ("semicolons.csv",):
        assert papers.venue.str.lower()[1] == "insect letters"


@pytest.mark.parametrize(
    ("name", "source", "dates"),
    [
        ("scopus.csv", "scopus", ["2021-01-01 year", "2022-01-01 year", "2023-01-01 month"]),
        ("wos.tsv", "wos", ["2021-03-15 day", "2022-01-01 year", "2023-06-01 month"]),
        ("wos.txt", "wos", ["2021-03-15 day", "2022-01-01 year", "2023-06-01 month"]),
        ("openalex.csv", "openalex", ["2021-03-15 day", "2022-06-01 day", "2023-01-02 day"]),
        ("zotero.csv", "zotero", ["2021-03-15 day", "2022-06-01 month", "2023-01-01 month"]),
        ("ieee.csv", "ieee", ["2021-03-15 day", "2022-01-01 year", "2023-01-02 day"]),
        ("springer.csv", "springer", ["2021-01-01 year", "2022-01-01 year", "2023-01-01 year"]),
        ("refs.bib", "bibtex", ["2021-03-01 month", "2022-01-01 year", "2023-01-01 month"]),
        ("refs.ris", "ris", ["2021-03-15 day", "2022-01-01 year", "2023-01-01 month"]),
    ],
)
def test_dates_are_as_precise_as_the_source(name, source, dates):
    papers = load(EXAMPLES / name)
    found = [
        f"{date:%Y-%m-%d} {precision}"
        for date, precision in zip(papers.published, papers.published_precision)
    ]
    assert found == dates
    assert papers.source.tolist() == [source] * 3


@pytest.mark.parametrize(
    "name", ["scopus.csv", "openalex.csv", "zotero.csv", "refs.bib", "refs.ris"]
)
def test_arxiv_ids_are_found_where_they_hide(name):
    assert load(EXAMPLES / name).paper_id[2] == "arxiv:2301.00042"


def test_bibtex_details():
    papers = load(EXAMPLES / "refs.bib")
    assert papers.venue[0] == "Journal of Invented Gardens", "a @string is filled in"
    assert papers.authors.tolist() == [AUTHORS[0], "Cora Bee", "The Moth Group; Dov Night"]
    assert papers.abstract[1].endswith("with a comma, and 50% more.")
    assert papers.categories[2] == "q-bio.PE"


def test_bibtex_strings_and_hashes():
    papers = load(
        '@string{a = {Owl # }}\n@string(b = a # "Letters" )\n'
        "@article{x, Title={C# and {#1}}, journal = B # {, } # 7, year = 2020}\n"
        '@string{a = "Moth "}\n@article(y, title="{Moths} # \\"u", journal=a # {#} # unknown,)\n'
    )
    assert papers.title.tolist() == ["C# and #1", "Moths # ü"]
    assert papers.venue.tolist() == ["Owl # Letters, 7", "Moth #unknown"]


def test_bibtex_odd_but_readable():
    text = (
        "%@article{no, title={Commented out, me@example.org}}\n"
        "@ article { k1, TITLE = {Break \\\\\nhere}, title = {Second}, year = }\n"
        "@misc{k1, % a comment\n title = {Same key}, volume = 12a}@misc{, title = {No key},}\n"
        "@book{untitled, year = 2020}\n"
    )
    bad: list = []
    assert load(text, on_bad=bad.append).title.tolist() == ["Break here", "Same key", "No key"]
    assert [record.place for record in bad] == ["line 6"]


def test_bad_bibtex_entries_are_left_out_with_a_warning(tmp_path, capfd):
    path = tmp_path / "some.bib"
    path.write_text(
        "@article{a, title={Ends\\\\\n here}}\n@article{b, title={Two, year=2020}\n"
        "@article{c, title={Three}}\n\n@article{d, title={Four"
    )
    words = r"2 of 4 records .*: some\.bib, line 3: it is not closed before the next entry"
    with pytest.warns(UserWarning, match=words):
        papers = load(path)
    assert papers.title.tolist() == ["Ends here", "Three"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("value", ["{" * 50_000 + "x" + "}" * 50_000, "{#} # " * 20_000 + "{x}"])
def test_bibtex_takes_linear_time(value):
    start = time.process_time()
    load("@article{a, title={T}, journal = {" + value + "}, note = " + value + "}\n")
    assert time.process_time() - start < 5


def test_bibtex_braces():
    title = (
        r"{A \"{o} {LLM} of \textbraceleft{}sets\textbraceright{}, {\L}uk and na{\"\i}ve {\it x}}"
    )
    papers = load("@article{a, title={" + title + "}, year={2020}}\n")
    assert papers.title[0] == "A ö LLM of {sets}, Łuk and naïve x"


def test_bibtex_braces_around_whole_values():
    (paper,) = load(
        "@article{k, Title={{Owls at {Night}}}, Year={{2020}}, Month={{{mar}}}, DOI={{10.5555/ab}},"
        "\n Journal={{Owl Letters}}, URL={{https://example.org/a}}, Abstract={{We {count} owls.}},"
        "\n author={{Ann Lee and Day, Bo}}}\n"
    ).to_dict("records")
    names = ("title", "paper_id", "venue", "url", "abstract", "authors", "published_precision")
    assert [paper[name] for name in names] == [
        "Owls at Night", "doi:10.5555/ab", "Owl Letters", "https://example.org/a",
        "We count owls.", "Ann Lee; Bo Day", "month",
    ]  # fmt: skip
    assert paper["published"] == pd.Timestamp("2020-03-01")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{World Owl Organization}", "World Owl Organization"),
        ("{{Owls, Inc.}}", "Owls, Inc."),
        ("{{Owls and Moths} and Ann Lee}", "Owls and Moths; Ann Lee"),
        ("{Owls and Moths} and {Lee, Inc.}", "Owls and Moths; Lee, Inc."),
        ("{{{Owls and Moths}}}", "Owls and Moths"),
        (r"M{\"u}ller, Anna and {\v S}imek, Bo", "Anna Müller; Bo Šimek"),
    ],
)
def test_bibtex_authors_in_braces(written, names):
    papers = load("@article{k, title={Owls}, author={" + written + "}}\n")
    assert papers.authors.tolist() == [names]


def test_springers_joined_authors():
    authors = load(EXAMPLES / "springer.csv").authors.tolist()
    assert authors == [
        "Anna Müller; Bořek Šimek; Sally McKee", "Cora Bee", "XueJun Night; Dov O'Day",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("glued", "names"),
    [
        ("Ada B. OneCai Two", "Ada B. One; Cai Two"),
        ("Ada ONEBo TWO", "Ada ONE; Bo TWO"),
        ("Ada One Jr.Bo Two", "Ada One Jr.; Bo Two"),
        ("A. OneB.-C. TwoD. Three", "A. One; B.-C. Two; D. Three"),
        ("Jörg MüllerŠárka ŽilkováÉva Ősz", "Jörg Müller; Šárka Žilková; Éva Ősz"),
        ("Bo Yang 杨博Kai Lu 卢凯", "Bo Yang 杨博; Kai Lu 卢凯"),
        ("Rae DeMoineShen Cho", "Rae DeMoine; Shen Cho"),
        ("Sam Mac LeodPat FitzGerald", "Sam Mac Leod; Pat FitzGerald"),
        ("Jean-Luc d'OrEl Baz", "Jean-Luc d'Or; El Baz"),
        ("Only One", "Only One"),
        ("Mononym", "Mononym"),
        ("One, Ada; Two, Bo", "Ada One; Bo Two"),
        ("", ""),
    ],
)
def test_glued_names(glued, names):
    assert split_joined(glued) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("One, Ada; Two, Bo B.", "Ada One; Bo B. Two"),
        ("Ada One; Bo Two", "Ada One; Bo Two"),
        ("Ada One and Bo Two", "Ada One; Bo Two"),
        ("Ada One, Bo Two and Cai Three", "Ada One; Bo Two and Cai Three"),
        ("One A., Two B.C.", "A. One; B.C. Two"),
        ("One, A., Two, B.C.", "A. One; B.C. Two"),
        ("Ada One|Bo Two", "Ada One; Bo Two"),
        ("One, Jr., Ada; Two, Bo", "Ada One Jr.; Bo Two"),
        ("One, Ada", "Ada One"),
        ("Ada One et al.", "Ada One et al."),
        ("One, Ada; et al.", "Ada One"),
        ("One, Ada (57200000001); Two, Bo (57200000002)", "Ada One; Bo Two"),
    ],
)
def test_names_as_written(written, names):
    if written.startswith("Ada One, Bo Two and"):
        names = "Ada One; Bo Two; Cai Three"
    assert split_authors(written) == names


@pytest.mark.parametrize(
    ("text", "year", "date"),
    [
        ("2013-03-18", None, "2013-03-18"),
        ("2013/3", None, "2013-03"),
        ("2013", None, "2013"),
        ("2013/03/18/", None, "2013-03-18"),
        ("2013-03-18T10:00:00Z", None, "2013-03-18"),
        ("11 Nov 2010", None, "2010-11-11"),
        ("18-21 March 2013", None, "2013-03-18"),
        ("30 June-2 July 2013", None, "2013-06-30"),
        ("March 18, 2013", None, "2013-03-18"),
        ("Mar 2013", None, "2013-03"),
        ("JUN-JUL", "2023", "2023-06"),
        ("MAR 15", "2019", "2019-03-15"),
        ("SPR", "2019", "2019"),
        ("18.03.2013", None, "2013-03-18"),
        ("03/04/2013", None, "2013"),
        ("2013-13-01", None, None),
        ("2013-02-44", None, None),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_written_dates(text, year, date):
    assert iso_date(text, year=year) == date


def test_atom():
    papers = load(EXAMPLES / "feed.atom")
    assert papers.paper_id.tolist() == ["arxiv:2301.00042", "arxiv:math/0309136"]
    assert papers.title[0] == "Moth Turns: A Field Note"
    assert papers.abstract[0] == "Moths find light by turning. We measure O(n) turns."
    assert papers.categories[0] == "q-bio.PE 68T05"
    assert papers.published[1] == pd.Timestamp("2003-09-08")
    assert papers.doi[0] == "10.5555/mn.3" and papers.comments[0] == "4 pages, no figures"


def test_api_json():
    papers = load(EXAMPLES / "daily.json")
    assert papers.paper_id.tolist() == ["arxiv:2503.00011", "arxiv:2503.00012"]
    assert papers.authors[0] == "Ada Windmill; Bo van der Tether"
    assert papers.listed[0] == pd.Timestamp("2025-03-03")
    assert papers.stars.tolist() == [9, pd.NA] and papers.upvotes[0] == 10
    assert papers.project_url[0] == "https://kites.example/"
    assert papers.source.tolist() == ["hf-api"] * 2


def test_json_lines_know_our_names_and_others(tmp_path):
    lines = [
        {"arxiv_id": "2401.00001", "title": "One", "listed": "2024-02-01", "upvotes": 3},
        {"title": "Two", "year": 2020, "github": "https://github.com/a/b", "summary": "Words."},
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    papers = load(path)
    assert papers.code_url.tolist() == [pd.NA, "https://github.com/a/b"]
    assert papers.abstract[1] == "Words." and papers.upvotes[0] == 3
    path.write_text(json.dumps(lines), encoding="utf-8")
    pd.testing.assert_frame_equal(load(path), papers)
    path.write_text(json.dumps({"papers": lines}, indent=2), encoding="utf-8")
    pd.testing.assert_frame_equal(load(path), papers)
    pasted = load("\n".join(map(json.dumps, lines)))
    assert pasted.origin.tolist() == ["pasted text"] * 2
    same(pasted, papers)


def same(one, two):
    """Hold two tables of one file against each other; its name may differ."""
    pd.testing.assert_frame_equal(one.drop(columns="origin"), two.drop(columns="origin"))


def test_the_name_of_a_file_says_nothing(tmp_path):
    for at, name in enumerate(
        [*TABLES, "feed.atom", "daily.json", "snapshot.jsonl", "hf_cards.html"]
    ):
        path = tmp_path / f"{at}.pdf"
        shutil.copy(EXAMPLES / name, path)
        same(load(path), load(EXAMPLES / name))


def test_packed_files(tmp_path):
    for name in ("scopus.csv", "snapshot.jsonl", "refs.bib"):
        raw = (EXAMPLES / name).read_bytes()
        packed = tmp_path / f"{name}.gz"
        packed.write_bytes(gzip.compress(raw))
        same(load(packed), load(EXAMPLES / name))
        archive = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as stream:
            stream.writestr("inner", raw)
        same(load(str(archive)), load(EXAMPLES / name))


def test_utf16_and_windows_line_ends(tmp_path):
    text = (EXAMPLES / "scopus.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "x.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    same(load(path), load(EXAMPLES / "scopus.csv"))


def excel(path, sheets):
    with pd.ExcelWriter(path) as writer:
        for name, rows in sheets.items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, index=False, header=False)


def test_excel(tmp_path):
    with (EXAMPLES / "zotero.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    excel(tmp_path / "x.xlsx", {"About": [["made by hand"]], "Papers": rows})
    same(load(tmp_path / "x.xlsx"), load(EXAMPLES / "zotero.csv"))
    dated = [
        ["Title", "Year", "Date"],
        ["One", 2021, pd.Timestamp("2021-05-06")],
        ["Two", 2022, None],
    ]
    excel(tmp_path / "y.xlsx", {"S": dated})
    papers = load(tmp_path / "y.xlsx")
    assert papers.published.dt.strftime("%Y-%m-%d").tolist() == ["2021-05-06", "2022-01-01"]


def test_parquet(tmp_path):
    papers = load(EXAMPLES / "hf_data.html")
    papers.to_parquet(tmp_path / "x")
    pd.testing.assert_frame_equal(load(tmp_path / "x"), papers)
    foreign = pd.DataFrame({"display_name": ["One"], "publication_year": [2020], "z": [b"\x00"]})
    foreign.to_parquet(tmp_path / "y")
    assert load(tmp_path / "y").published.dt.year[0] == 2020


def test_unknown_columns_are_listed_and_can_be_mapped(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("Name,Was steht drin,Wann\nOne,Body here.,2020\nTwo,,2021\nThree,,2022\n")
    with pytest.raises(
        DataError,
        match=r"own.csv, row 1: no column of titles recognised: found "
        r"\['Name', 'Was steht drin', 'Wann'\].*load\(path, columns=\{",
    ):
        load(path)  # fmt: skip
    papers = load(path, columns={"Name": "title", "Was steht drin": "abstract", "Wann": "year"})
    assert papers.title.tolist() == ["One", "Two", "Three"]
    assert papers.abstract[0] == "Body here." and papers.published.dt.year[2] == 2022
    with pytest.raises(DataError, match=r"column 'Nam': columns= names a column that is not there"):
        load(path, columns={"Nam": "title"})
    with pytest.raises(
        DataError, match=r"column 'Name': columns= maps to a column that .* found 'titel'"
    ):
        load(path, columns={"Name": "titel"})


def test_columns_map_json_too():
    papers = load(
        '{"n": "One", "w": "Words."}\n{"n": "Two"}', columns={"n": "title", "w": "abstract"}
    )
    assert papers.title.tolist() == ["One", "Two"] and papers.abstract[0] == "Words."


def test_several_paths_and_a_glob(tmp_path):
    for name in ("refs.bib", "refs.ris", "feed.atom"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    paths = [tmp_path / "refs.bib", str(tmp_path / "feed.atom")]
    with pytest.warns(UserWarning, match=r"2 inputs together: 1 record\(s\) repeat"):
        papers = load(paths)
    assert papers.title.tolist() == [*TITLES, "Old Knots"]
    with pytest.warns(UserWarning, match=r"2 inputs together: 3 record\(s\) repeat"):
        papers = load(str(tmp_path / "refs.*"))
    assert papers.title.tolist() == TITLES
    with pytest.raises(DataError, match=r"no file fits the pattern: found .*\*\.csv"):
        load(str(tmp_path / "*.csv"))
    with pytest.raises(DataError, match="nothing to load: found 'an empty list'"):
        load([])


def test_a_retitled_paper_in_two_sources_is_one(tmp_path):
    one = '{"arxiv_id": "2401.00001", "title": "Kites That Plan Ahead"}\n'
    two = '{"arxiv_id": "2401.00001", "title": "Kites That Plan"}\n'
    with pytest.warns(UserWarning, match=r"1 record\(s\) repeat"):
        assert load([one, two]).title.tolist() == ["Kites That Plan Ahead"]
    papers = load([one, '{"arxiv_id": "2401.00001", "title": "On Oxidised Spoons"}\n'])
    assert papers.title.tolist() == ["Kites That Plan Ahead", "On Oxidised Spoons"]
    assert papers.paper_id.str.partition(":")[0].tolist() == ["arxiv", "title"]


def test_a_collection_folder(tmp_path):
    collection = pytest.importorskip("toolkit.storage.collections")
    papers = load(EXAMPLES / "hf_data.html")
    collection.save_collection(papers, tmp_path / "kept")
    again = load(tmp_path / "kept")
    assert again.paper_id.tolist() == papers.paper_id.tolist()
    with pytest.raises(DataError, match="empty"):
        (tmp_path / "empty").mkdir()
        load(tmp_path / "empty")


class TestSnapshot:
    path = EXAMPLES / "snapshot.jsonl"

    def test_whole(self):
        papers = load_arxiv_snapshot(self.path)
        pd.testing.assert_frame_equal(papers, load(self.path))
        assert papers.paper_id.tolist() == [
            "arxiv:2301.00042",
            "arxiv:math/0309136",
            "arxiv:2305.12345",
        ]
        assert papers.published.dt.strftime("%Y-%m-%d").tolist() == [
            "2023-01-02",
            "2003-09-08",
            "2023-05-20",
        ]
        assert papers.authors[0] == "Dov Night; E. Loop Jr."
        assert papers.title[0] == "Moth Turns: A Field Note"
        assert papers.abstract[0].startswith("Moths find light") and "\n" not in papers.abstract[0]
        assert papers.venue[1] == "J. Knots 3 (2003)"

    @pytest.mark.parametrize(
        ("categories", "numbers"),
        [("cs.LG", [0]), ("cs", [0, 2]), ("math.*", [1]), (["q-bio.PE", "math.GT"], [0, 1]),
         ("stat.ML", [2]), ("cs.L", [])],
    )  # fmt: skip
    def test_categories(self, categories, numbers):
        whole = load_arxiv_snapshot(self.path)
        found = load_arxiv_snapshot(self.path, categories=categories)
        assert found.paper_id.tolist() == whole.paper_id[numbers].tolist()

    @pytest.mark.parametrize(
        ("since", "count"),
        [("2003-09-08", 3), ("2003-09-09", 2), ("2023-01-02", 2), ("2023-01-03", 1),
         ("2023-05-21", 0), (pd.Timestamp("2023-05-20 11:00"), 1)],
    )  # fmt: skip
    def test_since(self, since, count):
        assert len(load_arxiv_snapshot(self.path, since=since)) == count

    @pytest.mark.parametrize("chunksize", [1, 2, 3, 100])
    def test_pieces(self, chunksize):
        pieces = list(load_arxiv_snapshot(self.path, chunksize=chunksize))
        assert [len(piece) for piece in pieces] == ([1, 1, 1], [2, 1], [3], [3])[
            (1, 2, 3, 100).index(chunksize)
        ]
        joined = pd.concat(pieces, ignore_index=True)
        pd.testing.assert_frame_equal(joined, load_arxiv_snapshot(self.path))

    def test_bad_lines_are_told_with_their_numbers(self, tmp_path):
        lines = self.path.read_text().splitlines()
        bad = tmp_path / "x"
        bad.write_text("\n".join([lines[0], lines[1][:50], '{"id": "x"}', "", "[]", lines[2]]))
        with pytest.raises(DataError, match=r"x, row 2: not a JSON object"):
            load_arxiv_snapshot(bad)
        told = []
        papers = load_arxiv_snapshot(bad, on_bad=lambda number, why: told.append((number, why)))
        assert len(papers) == 2 and [number for number, _ in told] == [2, 3, 5]
        assert told[1][1] == "not a record of the arXiv snapshot"

    def test_bad_arguments(self, tmp_path):
        with pytest.raises(DataError, match="argument 'since': not a date: found 'later'"):
            load_arxiv_snapshot(self.path, since="later")
        with pytest.raises(DataError, match="chunksize"):
            load_arxiv_snapshot(self.path, chunksize=0)
        with pytest.raises(DataError, match="a folder"):
            load_arxiv_snapshot(tmp_path)
        with pytest.raises(DataError, match="there is no such file"):
            load_arxiv_snapshot(tmp_path / "gone.json")

    @pytest.mark.slow
    def test_memory_is_bounded(self, tmp_path):
        """Ten times the file, hardly more memory (measured in a fresh process)."""
        import subprocess
        import sys

        record = json.loads(self.path.read_text().splitlines()[0])
        peaks = []
        for count in (10_000, 60_000):
            path = tmp_path / f"{count}.jsonl"
            with path.open("w") as stream:
                for at in range(count):
                    record["id"] = f"{2001 + at // 90_000:04}.{at % 90_000 + 10_000:05}"
                    stream.write(json.dumps(record) + "\n")
            script = (
                "import re, sys\nfrom toolkit.formats import load_arxiv_snapshot\n"
                "n = sum(len(p) for p in load_arxiv_snapshot(sys.argv[1], chunksize=2000))\n"
                "print(n, re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
            )
            run = subprocess.run(
                [sys.executable, "-c", script, str(path)],
                capture_output=True, text=True, check=True,
                cwd=Path(__file__).parents[1], env=dict(os.environ, PYTHONMALLOC="malloc"),
            )  # fmt: skip
            rows, peak = map(int, run.stdout.split())
            assert rows == count
            peaks.append(peak)
            path.unlink()
        assert peaks[1] < 1.3 * peaks[0]


def test_real_exports(shared):
    """Every row has what the source has."""
    folder = shared / "formats"
    for name, title, doi, authors, abstract in [
        ("ieee_export.csv", "Document Title", "DOI", "Authors", "Abstract"),
        ("springer_export.csv", "Item Title", "Item DOI", "Authors", None),
    ]:
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        papers = load(folder / name)
        assert len(papers) == len(rows)
        assert papers.title.notna().all() and papers.published.notna().all()
        printed = [int(row["Publication Year"]) for row in rows]
        early = [year - date.year for year, date in zip(printed, papers.published)]
        assert min(early) == 0 and max(early) <= 2, "early access comes before print, never after"
        assert papers.doi.notna().tolist() == [bool(row[doi].strip()) for row in rows]
        assert papers.authors.notna().tolist() == [bool(row[authors].strip()) for row in rows]
        if abstract:
            assert papers.abstract.notna().tolist() == [bool(row[abstract].strip()) for row in rows]
        assert [len(t) for t in papers.title[:5]] == [len(row[title].strip()) for row in rows[:5]]
    springer = load(folder / "springer_export.csv")
    names = springer.authors.dropna().str.split("; ").explode()
    assert names.str.contains(" ").all() and names.str.len().max() < 50


def test_real_samples(shared):
    folder = shared / "formats"
    ris = load(folder / "one_record.ris")
    assert ris.doi[0] == "10.1109/ssd.2013.6564007" and ris.authors[0].count(";") == 3
    assert str(ris.published[0])[:10] == "2013-03-18"
    assert load(folder / "arxiv_atom.xml").paper_id[0] == "arxiv:2409.12922"
    assert load(folder / "hf_daily_papers.json").listed[0] == pd.Timestamp("2026-03-06")
    snapshot = load(folder / "arxiv_snapshot.jsonl")
    assert snapshot.authors[0].startswith("C. Balázs; E. L. Berger")
    with pytest.raises(DataError, match="arXiv answered with an error: incorrect id format"):
        load(folder / "arxiv_atom_error.xml")


def test_a_list_of_titles_one_a_line_may_hold_commas():
    papers = load("Title\nBees, wasps and ants\n\nA hive of one's own\n")
    assert papers.title.tolist() == ["Bees, wasps and ants", "A hive of one's own"]


def test_what_stands_above_a_table_is_passed_over(tmp_path):
    rows = [["Exported on Monday", "", ""], ["Title", "Year", "Authors"], ["Bees", 2010, "A. Bee"]]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    book = tmp_path / "book.xlsx"
    pd.DataFrame(rows).to_excel(book, header=False, index=False)
    for given in (text, book):
        papers = load(given)
        assert papers[["title", "authors"]].values.tolist() == [["Bees", "A. Bee"]]
        assert papers.published.dt.year.tolist() == [2010]
    with pytest.raises(DataError, match=r"no column of titles recognised: found \['Name', 'Age'\]"):
        load("Name,Age\nTitle,Year\nSir,1950\n")


@pytest.mark.parametrize(
    ("year", "found"),
    [("n.d.", None), ("In press", None), ("0", None), ("0000", None), ("2010-2011", 2010),
     ("2010/11", 2010), ("2010.0", 2010)],
)  # fmt: skip
def test_years_as_exports_write_them(year, found):
    papers = load(f"Title,Year\nBees,{year}\nWasps,2011\n")
    assert papers.published.dt.year.astype("Int64").tolist() == [found or pd.NA, 2011]


@pytest.mark.parametrize(
    ("text", "date"),
    [("Feb 3 2020 11:00", "2020-02-03"), ("2020-02-03T11:22:33.5+00:00", "2020-02-03"),
     ("3 February 2020, 11:05 pm", "2020-02-03"), ("31/02/2020", None), ("2023-02-29", None)],
)  # fmt: skip
def test_clocks_go_and_days_that_are_none_are_none(text, date):
    assert iso_date(text) == date


CSL = {
    "title": "On bees", "author": [{"given": "Ada", "family": "Bee"}, {"literal": "The Hive"}],
    "issued": {"date-parts": [[2010, 2, 3]]}, "container-title": "Journal of Bees",
    "DOI": "10.1000/7",
}  # fmt: skip
OPENALEX = {
    "id": "https://openalex.org/W1", "title": "On bees", "publication_date": "2010-02-03",
    "authorships": [{"author": {"display_name": "Ada Bee"}}], "doi": "https://doi.org/10.1000/7",
    "abstract_inverted_index": {"bees": [1, 3], "Do": [0], "like": [2]},
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        [CSL],
        {"status": "ok", "message": {"items": [{**CSL, "title": ["On bees"]}]}},
        {"results": [OPENALEX]},
        {"title": {"0": "On bees"}, "authors": {"0": "Ada Bee"}, "published": {"0": "2010-02-03"},
         "doi": {"0": "10.1000/7"}},
        {"title": ["On bees"], "author": ["Ada Bee"], "date": ["2010-02-03"], "DOI": ["10.1000/7"]},
    ],
)  # fmt: skip
def test_json_of_reference_managers_services_and_pandas(content):
    papers = load(json.dumps(content, indent=1))
    assert papers[["paper_id", "title"]].values.tolist() == [["doi:10.1000/7", "On bees"]]
    assert papers.authors.str.startswith("Ada Bee").all()
    assert papers.published.tolist() == [pd.Timestamp("2010-02-03")]
    if "results" in content:
        assert papers.abstract.tolist() == ["Do bees like bees"]


def test_ris_with_one_blank_before_the_hyphen():
    papers = load("TY - JOUR\nTI - Bees\nPY - 2010\nAU - Bee, Ada\nER - \n")
    assert papers[["title", "authors"]].values.tolist() == [["Bees", "Ada Bee"]]
