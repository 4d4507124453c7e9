# ruff: noqa: E501
"""Over twenty thousand inputs that nobody should send: each is read, or refused with a DataError.

Every input is made from the name of its door and a number alone. A failure names both:
`python tests/test_fuzz.py DOOR NUMBER` runs that input again.
"""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError, MissingExtraError, SourceError
from toolkit.explorer.view_text import parse_view
from toolkit.linkcheck.contents import read_contents
from toolkit.linkcheck.page_text import read_page
from toolkit.papers.schema import make_papers
from toolkit.text.boilerplate import clean_abstract
from toolkit.text.cleaning import clean_text

EXAMPLES = sorted((Path(__file__).parent / "examples").iterdir())
#: What strangers write: pieces that some reader gives a meaning.
PIECES = (
    "\0", "\ud800", "\ue000", "\U000f0000", "\u202e", "\u200b", "\ufeff", "\r", "\n\n", "\t", "{", "}", "\\",
    "$", "%", "&", "&#x110000;", "&lt;", "<", ">", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<a href='", '"', "'", ",",
    ";", "|", "[", "](", "`", "#", "=", "+", "-", "@", "://", "https://", "http://[::1", "https://a:99999/",
    "github.com/", "10.1000/", "arXiv:", "2401.99999", "0000-00-00", "99999999999999999999", "1e999", "NaN", "nan",
    "null", "None", "true", "-1", "2024-13-45", "İ", "ß", "e\u0301" * 9, "中文。", "😀", "a" * 3000, " " * 3000,
    "\\frac{", "\\sqrt", "^{", "\\def\\a{\\a\\a}\\a", "TY  - ", "ER  - ", "@article{", "PT J", "PMID- ", "[]", "{}",
)  # fmt: skip
#: Values of any type, for cells, fields of JSON and arguments.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 5, 2**70, 1.5, float("nan"), float("inf"), "", "x", "\0", "2024-01-01", "\ud800",
    [], [None], ["a", 5], [[]], {}, {"a": {"b": []}}, {"": None}, b"x", pd.NA, pd.NaT, pd.Timestamp("2024"),
    pd.Timestamp("2024", tz="UTC"), np.float32(2), np.int8(3), object(), (), (1, 2), {1}, range(3), lambda: 0,
)  # fmt: skip
IN_JSON = VALUES[:22]
#: What the inputs share; deleted at the end.
_KEPT = tempfile.TemporaryDirectory()


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no input leave a file anywhere but in a folder that it named, such as a cache."""
    (tmp_path / "here").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    yield
    named = {f"here/{one}" for one in VALUES if isinstance(one, str)}
    left = {str(one.relative_to(tmp_path)) for one in tmp_path.glob("*/*")}
    assert left <= named


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them changed, cut, doubled or moved, or with pieces put in."""
    out = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(out) + 1)
        to = min(len(out), at + chance.choice((1, 3, 30, 300)))
        match chance.randrange(6):
            case 0 if out:
                out[at % len(out)] ^= 1 << chance.randrange(8)
            case 1:
                del out[at:to]
            case 2:
                out[at:at] = out[at:to] * chance.choice((1, 3))
            case 3:
                out[at:at] = chance.choice(PIECES).encode("utf-8", "surrogatepass")
            case 4:
                del out[at:]
            case 5:
                out[at:to] = chance.randbytes(min(to - at, 9))
    return bytes(out)


def hostile(chance: random.Random) -> str:
    """Return a text of words and hostile pieces."""
    words = (
        "We",
        "release",
        "code",
        "at",
        "github.com/a/b.",
        "data",
        "upon",
        "request",
        "is",
        "not",
    )
    return "".join(
        chance.choice(PIECES) if chance.random() < 0.5 else f" {chance.choice(words)} "
        for _ in range(chance.randrange(1, 12))
    )


def wrong_types(value: Any, chance: random.Random) -> Any:
    """Return JSON with some values of another type, some missing, some texts hostile."""
    if chance.random() < 0.08:
        return chance.choice(IN_JSON)
    if isinstance(value, dict):
        return {k: wrong_types(v, chance) for k, v in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [wrong_types(one, chance) for one in value[:6]]
    return hostile(chance) if isinstance(value, str) and chance.random() < 0.1 else value


@cache
def base() -> tuple[pd.DataFrame, Any]:
    subjects = ("Bees dance in the hive", "Dikes settle in clay", "Choirs drift in pitch")
    papers = make_papers(
        [
            {
                "title": f"{subjects[i % 3]}, part {i}",
                "abstract": f"{subjects[i % 3]}. Code: github.com/a/b{i}." if i % 4 else None,
                "authors": "Ada Example; Bo Sample",
                "published": f"20{10 + i % 9}-03-01",
                "venue": f"Journal {i % 4}",
                "upvotes": i,
            }
            for i in range(36)
        ],
        source="t",
    )
    return papers, toolkit.fit_topics(papers, n_topics=3)


@cache
def saved(kind: str) -> Path:
    papers, topics = base()
    place = Path(_KEPT.name) / kind
    return toolkit.save_collection(papers, place) if kind == "collection" else topics.save(place)


def wrong_table(papers: pd.DataFrame, chance: random.Random) -> pd.DataFrame:
    """Return a papers table with columns of other types, emptied, gone, doubled or hostile."""
    out = papers.copy()
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(list(out.columns) or ["a"])
        match chance.randrange(8):
            case 0:
                out = out.drop(columns=name, errors="ignore")
            case 1:
                out[name] = pd.Series(
                    [chance.choice(VALUES)] * len(out), index=out.index, dtype=object
                )
            case 2:
                gap = chance.choice((pd.NA, None, np.nan))
                out[name] = gap
            case 3:
                out[name] = pd.Series([hostile(chance) for _ in out.index], out.index, dtype=object)
            case 4:
                out = out.iloc[: chance.choice((0, 1, 2))]
            case 5:
                out.index = pd.Index(chance.choices(range(9), k=len(out)))
            case 6:
                values = out[name].astype(object).tolist()
                if values:
                    values[chance.randrange(len(values))] = chance.choice(VALUES)
                out[name] = pd.Series(values, index=out.index, dtype=object)
            case 7:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        out[name] = out[name].astype(chance.choice(("float", "category", "str")))
                    except (TypeError, ValueError, AttributeError):
                        out[name] = 1.0
    return out


# --- the doors: each takes a source of chance ------------------------------------------------------


def load_text(chance: random.Random) -> None:
    with _folder() as folder:
        one = chance.choice(EXAMPLES)
        place = folder / (
            one.name if chance.random() < 0.8 else f"a{chance.choice(EXAMPLES).suffix}"
        )
        content = one.read_bytes()
        begin = chance.randrange(max(1, len(content) - 3000))
        content = content if len(content) < 6000 else content[:1500] + content[begin : begin + 2500]
        place.write_bytes(damaged(content, chance))
        toolkit.load(place)


def load_pasted(chance: random.Random) -> None:
    toolkit.load("\n".join(hostile(chance) for _ in range(chance.randrange(1, 9))))


def load_json(chance: random.Random) -> None:
    shapes: list[Any] = [
        {"results": [{"id": "https://openalex.org/W1", "title": "On bees", "authorships":
            [{"author": {"display_name": "A B"}}], "publication_date": "2024-01-02",
            "abstract_inverted_index": {"Bees": [0], "dance": [1]}, "doi": "https://doi.org/10.1/a"}],
            "meta": {"count": 1}},
        {"data": [{"paperId": "a" * 40, "title": "On bees", "authors": [{"name": "A B"}], "year": 2024,
            "externalIds": {"DOI": "10.1/a", "ArXiv": "2401.00001"}, "abstract": "Bees."}]},
        {"status": "ok", "message": {"items": [{"DOI": "10.1/a", "title": ["On bees"], "author":
            [{"given": "A", "family": "B"}], "issued": {"date-parts": [[2024, 1]]}}]}},
        [{"id": "a", "type": "article-journal", "title": "On bees", "author":
            [{"family": "B", "given": "A"}], "issued": {"date-parts": [[2024]]}}],
        {"data": [{"id": "10.1/a", "attributes": {"doi": "10.1/a", "titles": [{"title": "On bees"}],
            "creators": [{"name": "B, A"}], "publicationYear": 2024}}]},
        {"hits": {"hits": [{"metadata": {"titles": [{"title": "On bees"}], "authors":
            [{"full_name": "B, A"}], "arxiv_eprints": [{"value": "2401.00001"}]}}]}},
        {"response": {"docs": [{"title": ["On bees"], "author": ["B, A"], "pubdate": "2024-01-00"}]}},
        {"notes": [{"id": "x", "content": {"title": {"value": "On bees"}, "authors": {"value": ["A B"]}},
            "pdate": 1700000000000}]},
        [{"paper": {"id": "2401.00001", "title": "On bees", "authors": [{"name": "A B"}],
            "publishedAt": "2024-01-01T00:00:00.000Z", "upvotes": 3}}],
        {"resultList": {"result": [{"id": "1", "title": "On bees", "authorString": "B A."}]}},
        [{"paper_id": "a", "title": "On bees", "authors": "A B", "published": "2024"}],
        {"search-results": {"entry": [{"dc:title": "On bees", "dc:creator": "B A"}]}},
        {"articles": [{"title": "On bees", "authors": {"authors": [{"full_name": "A B"}]}}]},
        [{"key": "A", "data": {"itemType": "journalArticle", "title": "On bees", "creators":
            [{"firstName": "A", "lastName": "B"}], "date": "2024"}}],
    ]  # fmt: skip
    value = wrong_types(chance.choice([*shapes, *_plain_json()]), chance)
    toolkit.load(json.dumps(value, default=str))


@cache
def _plain_json() -> list[Any]:
    return [json.loads(path.read_text()) for path in EXAMPLES if path.suffix == ".json"]


def _tamper(kind: str, chance: random.Random, read: Callable[[Path], object]) -> None:
    with _folder() as folder:
        place = folder / "c"
        shutil.copytree(saved(kind), place)
        file = chance.choice(sorted(place.iterdir()))
        match chance.randrange(7):
            case 0:
                file.unlink()
            case 1 if len(list(place.iterdir())) > 1:
                other = chance.choice([one for one in place.iterdir() if one != file])
                file.write_bytes(other.read_bytes())
            case 2:
                file.unlink()
                file.symlink_to(chance.choice((folder / "nowhere", folder, file)))
            case 3:
                file.unlink()
                file.mkdir()
            case 4 | 5:
                path = place / "manifest.json"
                manifest = wrong_types(json.loads(path.read_text()), chance)
                path.write_text(json.dumps(manifest, default=str))
            case _:
                file.write_bytes(damaged(file.read_bytes(), chance))
        if chance.random() < 0.5:
            _with_right_sums(place)
        read(place)


def _with_right_sums(place: Path) -> None:
    """Let the manifest say what the files now are, as an attacker would."""
    import hashlib

    try:
        manifest = json.loads((place / "manifest.json").read_bytes())
        for entry in manifest["files"].values():
            content = (place / entry["name"]).read_bytes()
            entry["sha256"] = hashlib.sha256(content).hexdigest()
        (place / "manifest.json").write_text(json.dumps(manifest))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass


def load_collection(chance: random.Random) -> None:
    def read(place: Path) -> None:
        papers = toolkit.load_collection(place)
        if chance.random() < 0.2:
            toolkit.save_collection(papers, place)

    _tamper("collection", chance, read)


def load_topics(chance: random.Random) -> None:
    def read(place: Path) -> None:
        model = toolkit.load_topics(place)
        repr(model)
        if chance.random() < 0.3:
            model.predict(base()[0].head(2))
            model.rename({0: "x"}).merge([0, 1])
            toolkit.topic_trends(base()[0], model)
            toolkit.methods_paragraph(model)

    _tamper("topics", chance, read)


def claims(chance: random.Random) -> None:
    texts = [hostile(chance) for _ in range(20)]
    papers = make_papers([{"title": f"T{i}", "abstract": text, "comments": text, "code_url": text[:60]}
                          for i, text in enumerate(texts)], source="t")  # fmt: skip
    toolkit.find_links(papers)
    toolkit.code_claims(papers)


def texts(chance: random.Random) -> None:
    for _ in range(20):
        text = hostile(chance)
        clean_text(text)
        clean_abstract(text)
        read_page(text.encode("utf-8", "surrogatepass"))
        read_contents([text[:80], "README.md"], text)


def view(chance: random.Random) -> None:
    fields = ("code", "since", "until", "words", "mode", "topics", "marks", "open", "x", "colour")
    text = "&".join(
        f"{chance.choice(fields)}={chance.choice((hostile(chance), str(chance.choice(VALUES))))}"
        for _ in range(chance.randrange(4))
    )
    parse_view(text, ["a", "b"], np.array([0, 1]))


def fulltext(chance: random.Random) -> None:
    bodies = {
        ".tex": "\\documentclass{article}\\title{On bees}\\begin{document}\\begin{abstract}A.\\end{abstract}"
        "\\section{Code} See \\url{https://github.com/a/b}.\\footnote{x}\\begin{thebibliography}{9}"
        "\\bibitem{a} B.\\end{thebibliography}\\end{document}",
        ".html": "<html><head><title>On bees</title></head><body><h1>On bees</h1><h2>Code</h2><p>See <a "
        "href='https://github.com/a/b'>code</a></p><table><tr><td>1</td></tr></table></body></html>",
        ".xml": "<?xml version='1.0'?><article><front><article-meta><title-group><article-title>On bees"
        "</article-title></title-group><abstract><p>A</p></abstract></article-meta></front><body><sec>"
        "<title>Code</title><p>See <ext-link>x</ext-link></p></sec></body></article>",
    }  # fmt: skip
    with _folder() as folder:
        ending = chance.choice(list(bodies))
        place = folder / f"a{ending}"
        place.write_bytes(damaged(bodies[ending].encode(), chance))
        found = toolkit.read_fulltext(place, papers=base()[0] if chance.random() < 0.2 else None)
        toolkit.find_links(base()[0].head(1), fulltext=found)


def export(chance: random.Random) -> None:
    papers = wrong_table(base()[0].head(4), chance)
    with _folder() as folder:
        ending = chance.choice((".bib", ".ris", ".csv", ".xlsx", ".md", ".html", ".json"))
        toolkit.export(papers, folder / f"a{ending}")


def tables(chance: random.Random) -> None:
    papers, topics = base()
    wrong = wrong_table(papers, chance)
    trends = wrong_table(_trends(), chance)
    calls: list[Callable[[], object]] = [
        lambda: toolkit.topic_trends(wrong, topics),
        lambda: toolkit.topic_trends(wrong, by=chance.choice(("venue", "authors", "upvotes", "x"))),
        lambda: toolkit.trend_verdicts(trends),
        lambda: toolkit.compare_periods(trends),
        lambda: toolkit.trend_outlook(trends),
        lambda: toolkit.availability(wrong, by=chance.choice(("venue", "authors", "period", "x"))),
        lambda: toolkit.availability(wrong, topics=topics, by="topic"),
        lambda: toolkit.count_by(wrong, chance.choice(("authors", "venue", "published", "x"))),
        lambda: toolkit.describe_papers(wrong),
        lambda: toolkit.deduplicate(wrong),
        lambda: toolkit.find_links(wrong),
        lambda: toolkit.code_claims(wrong),
        lambda: toolkit.embed(wrong),
        lambda: toolkit.pick_reading(wrong, topics, n=3),
        lambda: topics.predict(wrong),
        lambda: toolkit.find_bursts(wrong, of="terms"),
        lambda: toolkit.emerging_terms(wrong),
    ]
    chance.choice(calls)()


@cache
def _trends() -> pd.DataFrame:
    return toolkit.topic_trends(*base())


def arguments(chance: random.Random) -> None:
    papers, topics = base()
    wrong = chance.choice(VALUES)
    trends = _trends()
    calls: list[Callable[[], object]] = [
        *(
            lambda call=call, name=name: call(**{name: wrong})
            for call, names in (
                (
                    lambda **k: toolkit.topic_trends(papers, topics, **k),
                    "by freq date refits since until",
                ),
                (lambda **k: toolkit.trend_verdicts(trends, **k), "confidence"),
                (lambda **k: toolkit.compare_periods(trends, **k), "first second"),
                (lambda **k: toolkit.availability(papers, **k), "by topics what claims links date"),
                (lambda **k: toolkit.count_by(papers, **{"column": "venue"} | k), "column"),
                (
                    lambda **k: toolkit.pick_reading(papers, topics, **{"n": 2} | k),
                    "n code recency upvotes half_life checks",
                ),
                (
                    lambda **k: toolkit.find_bursts(papers, **{"of": "terms"} | k),
                    "of topics freq date",
                ),
                (lambda **k: toolkit.emerging_terms(papers, **k), "freq date"),
                (lambda **k: toolkit.embed(papers.head(2), **k), "model cache"),
                (lambda **k: toolkit.describe_papers(**{"papers": papers} | k), "papers"),
                (lambda **k: toolkit.save_collection(papers, _scratch(), **k), "prose about"),
                (lambda **k: toolkit.load(**{"source": "a"} | k), "source on_bad columns"),
                (lambda **k: toolkit.load_collection(**k), "folder"),
                (
                    lambda **k: toolkit.load_topics(**{"folder": saved("topics")} | k),
                    "folder model",
                ),
                (lambda **k: toolkit.load_sample(**k), "name"),
                (lambda **k: toolkit.export(papers.head(2), **k), "path"),
                (lambda **k: toolkit.find_links(papers.head(2), **k), "fulltext"),
                (lambda **k: toolkit.code_claims(papers.head(2), **k), "fulltext"),
                (lambda **k: topics.predict(papers.head(2), **k), "vectors"),
                (lambda **k: topics.rename(**k), "labels"),
                (lambda **k: topics.merge(**k), "groups"),
                (lambda **k: topics.split(**{"topic": 0} | k), "topic n_topics seed"),
                (lambda **k: topics.drop(**k), "topics"),
                (lambda **k: toolkit.read_fulltext(**{"paths": _scratch()} | k), "paths papers"),
            )
            for name in names.split()
        )
    ]
    chance.choice(calls)()


def findings(chance: random.Random) -> None:
    papers, topics = base()
    tables = {
        "rates": lambda: toolkit.availability(papers, by=chance.choice((None, "source", "year"))),
        "described": lambda: toolkit.describe_papers(papers),
        "counts": lambda: toolkit.count_by(papers, "source"),
        "merges": lambda: toolkit.deduplicate(papers)[1],
        "flow": lambda: toolkit.record_flow(papers, set_aside=[]),
        "judged": lambda: toolkit.trend_verdicts(toolkit.topic_trends(papers, topics)),
    }
    name = chance.choice(sorted(tables))
    table = wrong_table(tables[name](), chance) if chance.random() < 0.7 else chance.choice(VALUES)
    str(toolkit.findings(**{name: table}))


@cache
def _scratch() -> Path:
    return Path(_KEPT.name) / "c"


def fit(chance: random.Random) -> None:
    papers = wrong_table(base()[0], chance)
    options: dict[str, Any] = {}
    if chance.random() < 0.5:
        name = chance.choice(
            ("n_topics", "seed", "vectors", "model", "clustering", "min_size", "seeds")
        )
        options[name] = chance.choice(VALUES)
    toolkit.fit_topics(papers, **options)


def explorer(chance: random.Random) -> None:
    papers, topics = base()
    with _folder() as folder:
        made = toolkit.Explorer(wrong_table(papers, chance), topics, basket=folder / "b.json")
        repr(made)
        made.view = hostile(chance)


DOORS: dict[str, tuple[Callable[[random.Random], None], int]] = {
    "load_text": (load_text, 4000),
    "load_pasted": (load_pasted, 3000),
    "load_json": (load_json, 4500),
    "load_collection": (load_collection, 1200),
    "load_topics": (load_topics, 1200),
    "claims": (claims, 120),
    "texts": (texts, 250),
    "view": (view, 4000),
    "fulltext": (fulltext, 900),
    "export": (export, 600),
    "tables": (tables, 1200),
    "arguments": (arguments, 1500),
    "fit": (fit, 60),
    "findings": (findings, 200),
    "explorer": (explorer, 60),
}
ALLOWED = (DataError, SourceError, MissingExtraError)


def one_input(door: str, number: int) -> None:
    """Try one input; raise only what is no answer to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(*ALLOWED):
            DOORS[door][0](random.Random(f"{door} {number}"))


def kind_of(error: Exception) -> str:
    """Return what tells errors apart: the type and the place in the toolkit."""
    ours = [one for one in traceback.extract_tb(error.__traceback__) if "/toolkit/" in one.filename]
    last = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def faults_of(door: str, numbers: range) -> dict[str, str]:
    found: dict[str, str] = {}
    for number in numbers:
        try:
            one_input(door, number)
        except Exception as error:
            found.setdefault(kind_of(error), f"{door} {number}: {str(error)[:80]!r}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_only_data_errors(door):
    assert faults_of(door, range(DOORS[door][1])) == {}


@pytest.mark.parametrize("door", DOORS)
def test_some_inputs_of_each_door(door):
    assert faults_of(door, range(max(2, DOORS[door][1] // 400))) == {}


def test_there_are_twenty_thousand():
    assert sum(itertools.chain(count for _, count in DOORS.values())) >= 20_000


if __name__ == "__main__":
    one_input(sys.argv[1], int(sys.argv[2]))
