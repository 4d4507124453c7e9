# ruff: noqa: E501
"""Time grows with the length of a text, not with its square, whatever strangers write.

Every function of the rooms that read texts is found by its signature: one text is all it needs.
Each meets a quarter of the hostile texts, and each text a quarter of the functions, which takes minutes; all
of them with the environment variable PAPERSCOPE_ALL_TEXTS=1, which takes half an hour.
"""

from __future__ import annotations

import importlib
import inspect
import os
import signal
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import toolkit
from toolkit.papers.schema import make_papers

ROOT = Path(toolkit.__file__).parent
ROOMS = ("text", "papers", "claims", "formats", "fulltext", "linkcheck", "exports", "explorer",
         "services", "networks")  # fmt: skip
#: Letters of the longer text; a quarter of them in the shorter. Below so many seconds nothing is
#: judged: at this length, a square shows by far more.
LONG, FLOOR, MOST = 16_000, 0.12, 6.0
#: One in so many pairs of a function and a text is tried.
PART = 1 if os.environ.get("PAPERSCOPE_ALL_TEXTS") else 4
#: Seconds of processor time after which a call is stopped.
STOP = 20


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda n: (unit * (n // len(unit) + 1))[:n]


UNITS = (
    "www. https://a.b/ |https://a.b/|github.com/|github.com/a/b, |a@b.|10.1000/|arXiv:2401.00001 |"
    "{|}|{}|[|[a](|(|(a |<|<a |<!--|<![CDATA[|&|&amp;|\"|'|\\|\\a{|\\sqrt|\\frac{|\\cite{|\\def\\a|"
    "\\begin{a}|$|$a$ |^_|x^{|%|%20|.|a.|-|a-|_|*|**a |`|#|,|, a|;|; a|:|://|@a{b, c={|1|1-|2024-|"
    "a|Ab|A |A b. |We release code. |Our code is available at |not available |and |of the |© 2020 A. |"
    "All rights reserved. |et al. |[1] |Ab, C., |e\u0301|\u0301|中|中。|😀|\u00a0|\u200b|\0|a\n|\n- |TY  - |"
    "\nTY  - JOUR\n|{\"a\":|[{\"a\": \"|\\u|=|?a=b&|a/|/"
)  # fmt: skip
HOSTILE: dict[str, Callable[[int], str]] = {
    **{unit: _repeated(unit) for unit in UNITS.split("|")},
    **{repr(blank): _repeated(blank) for blank in (" ", "\n", "\t", "\r\n", " \n", "|", "|a\n")},
    "a, blanks, b": lambda n: "a" + " " * n + "b",
    "braces in braces": lambda n: "{" * (n // 2) + "}" * (n // 2),
    "roots before an address": lambda n: "\\sqrt" * (n // 5) + " https://a.b/c",
    "signs in quotes": _repeated('a "(<[{b. \\c '),
}


class Stopped(BaseException):
    """The call took too long."""


def _stop(*_: object) -> None:
    raise Stopped


def seconds(call: Callable[[Any], Any], value: Any) -> float:
    """Return the processor time of a call; what it raises does not matter here."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, STOP)
    begin = time.process_time()
    try:
        found = call(value)
        if isinstance(found, Iterator):
            for _ in found:
                pass
    except (Stopped, Exception):
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begin


def least_seconds(call: Callable[[Any], Any], value: Any, most: int) -> float:
    """Return the least time of some calls; fewer where one takes long, as noise is small then."""
    least = seconds(call, value)
    for _ in range(most - 1):
        if least > 1:
            break
        least = min(least, seconds(call, value))
    return least


def too_slow(call: Callable[[Any], Any], made: Callable[[int], Any]) -> str | None:
    """Return how time grows where it grows faster than length does.

    Noise adds time and never takes any: the least of several calls counts. A short text may take
    another path than a long one, and be refused at once; so growth must show at two lengths.
    """
    took = seconds(call, made(LONG))
    if took < FLOOR:
        return None
    for long in (LONG, 4 * LONG):
        least = least_seconds(call, made(long // 4), 3)
        took = least_seconds(call, made(long), 3)
        if took < STOP and (took < FLOOR or took <= MOST * max(least, FLOOR / 16)):
            return None
    return f"{least:.3f} s, {took:.3f} s: {took / max(least, 1e-4):.0f}"


def functions_of(room: str) -> dict[str, Callable[[str], Any]]:
    """Return the functions of a room that a text is enough for, by name."""
    found: dict[str, Callable[[str], Any]] = {}
    for path in sorted((ROOT / room).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        for known, member in vars(module).items():
            if not inspect.isfunction(inspect.unwrap(member)) or member.__module__ != name:
                continue
            needed = [
                one
                for one in inspect.signature(member).parameters.values()
                if one.default is one.empty
                and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            ]
            kinds = {str(one.annotation) for one in needed}
            if len(needed) == 1 and kinds <= {"str", "str | None", "Any", "object"}:
                found[f"{name}.{known}"] = member
            elif len(needed) == 2 and kinds == {"str"}:
                found[f"{name}.{known}"] = lambda text, both=member: both(text, text)
    return found


def _paper(text: str) -> pd.DataFrame:
    return make_papers(
        [{"title": f"T {text}", "abstract": f"We see. {text}", "authors": text, "venue": text}],
        source="t",
        clean=False,
    )


def _loads(form: str) -> Callable[[str], Any]:
    return lambda text: toolkit.load(form.replace("TEXT", text))


def _view(text: str) -> Any:
    from toolkit.explorer.view_text import read_view

    return read_view(text)


def _page(ending: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / f"a{ending}"
            bodies = {
                ".tex": "\\documentclass{a}\\begin{document}" + text + "\\end{document}",
                ".html": f"<html><body><h1>T</h1><p>{text}</p></body></html>",
                ".xml": f"<article><body><sec><p>{text}</p></sec></body></article>",
            }
            place.write_text(bodies[ending], encoding="utf-8", errors="replace")
            return toolkit.read_fulltext(place)

    return read


def _exports(ending: str) -> Callable[[str], Any]:
    def write(text: str) -> Any:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            return toolkit.export(_paper(text), Path(folder) / f"a{ending}")

    return write


DOORS: dict[str, Callable[[str], Any]] = {
    "find_links": lambda text: toolkit.find_links(_paper(text)),
    "code_claims": lambda text: toolkit.code_claims(_paper(text)),
    "make_papers": lambda text: make_papers([{"title": f"T {text}", "abstract": text}], source="t"),
    "describe_papers": lambda text: toolkit.describe_papers(_paper(text)),
    "embed": lambda text: toolkit.embed(_paper(text)),
    "deduplicate": lambda text: toolkit.deduplicate(pd.concat([_paper(text), _paper(text + "b")])),
    "load": _loads("TEXT"),
    "load BibTeX": _loads("@article{a,\n title = {TEXT},\n author = {TEXT}\n}\n"),
    "load RIS": _loads("TY  - JOUR\nTI  - TEXT\nAU  - TEXT\nAB  - TEXT\nER  - \n"),
    "load MEDLINE": _loads("PMID- 1\nTI  - TEXT\nAB  - TEXT\nAU  - TEXT\n\n"),
    "load CSV": _loads('title,authors,abstract,year\n"TEXT","TEXT","TEXT",2020\nb,c,d,2021\n'),
    "load JSON": _loads('[{"title": "TEXT", "abstract": "TEXT", "doi": "10.1/a"}]'),
    "load XML": _loads(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
        "TEXT</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    ),
    "load Markdown": _loads("- [TEXT](https://arxiv.org/abs/2401.00001) TEXT\n"),
    "load HTML": _loads("<html><body><article><h3><a href='/papers/1'>TEXT</a></h3></body></html>"),
    **{f"read_fulltext {end}": _page(end) for end in (".tex", ".html", ".xml")},
    **{f"export {end}": _exports(end) for end in (".bib", ".ris", ".csv", ".md", ".html", ".json")},
}  # fmt: skip


def _slow_ones(calls: dict[str, Callable[[str], Any]]) -> list[str]:
    slow = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, call in calls.items():
            for what, made in HOSTILE.items():
                if PART > 1 and zlib.crc32(f"{name} {what}".encode()) % PART:
                    continue
                if growth := too_slow(call, made):
                    slow.append(f"{name} of {what!r}: {growth}")
    return slow


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_time_of_text_functions_grows_with_length(room):
    calls = functions_of(room)
    assert calls
    assert _slow_ones(calls) == []


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_time_of_doors_grows_with_length(door):
    assert _slow_ones({door: DOORS[door]}) == []


def test_a_square_would_be_seen():
    import re

    assert too_slow(re.compile(r"\s*;").search, _repeated(" ")) is not None
    assert too_slow(re.compile(r"(?<!\s)\s*;").search, _repeated(" ")) is None


#: What once took seconds to minutes, by the square of its length.
ONCE_SLOW = (
    ("formats.authors.split_authors", "a-"), ("formats.authors.split_authors", "Ab"),
    ("formats.authors.split_authors", " "), ("formats.countries.countries_of", "/"),
    ("formats.countries._country_of", " "), ("formats.dates.iso_date", ","),
    ("formats.markdown.entries._segments", " "), ("fulltext.finding.find_sources", "<![CDATA["),
    ("claims.link_sentences._clause", "All rights reserved. "), ("claims.urls._trim", "("),
    ("claims.statements.subjects.find_subject", "github.com/a/b, "),
    ("claims.lexicon.is_text_itself", "-"), ("claims.link_signs.is_title_of_data", "-"), ("papers.institutions.institution_of", "University of "),
)  # fmt: skip


@pytest.mark.parametrize(("name", "unit"), ONCE_SLOW)
def test_texts_that_took_seconds(name, unit):
    module, _, function = f"toolkit.{name}".rpartition(".")
    assert seconds(getattr(importlib.import_module(module), function), _repeated(unit)(64_000)) < 1
