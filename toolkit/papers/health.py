"""Describe the health of a collection: what is present, missing, or looks wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from ftfy.badness import is_bad

from toolkit.errors import checked
from toolkit.papers.columns import counts_of, in_order, text_of
from toolkit.papers.dates import dates_of, emptied_dates
from toolkit.papers.features import feature_errors
from toolkit.papers.identifiers import fold_title
from toolkit.papers.languages import find_languages
from toolkit.papers.schema import check_papers
from toolkit.text.boilerplate import NOTICE, PLACEHOLDER, clean_abstract

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

#: An abstract of fewer letters is no abstract.
SHORT = 200
#: Before this year, or after tomorrow, a date is hardly right.
FIRST_YEAR = 1900
_ENDS = re.compile(r"""[.!?…。][)\]}"'’”»\s]*$|https?://\S+$""")
_CUT = re.compile(r"(?:\.\.\.|…|\[\s*(?:…|\.\.\.)\s*\])\s*$")
_WITHDRAWN_TITLE = re.compile(
    r"(?i:^\W*(?:retracted|withdrawn|temporary removal|removed|retraction)\b\s*"
    r"(?:article|paper|chapter|notice|note|of|to)?\s*[:\]).–—-])"
    r"|(?i:[\[(](?:retracted|withdrawn)(?: article)?[\])])|(?i:^\W*retraction (?:notice|note|of)\b)"
)
_WITHDRAWN = re.compile(
    r"(?i:^\W*(?:retracted|withdrawn)\b\W*$)|(?i:\bthis (?:article|paper|submission|manuscript|"
    r"work|review|preprint|chapter|publication) (?:has been|was|is|is being|will be) (?:formally )?"
    r"(?:withdrawn|retracted)\b)"
)
# What UTF-8 looks like when read as Latin-1; only such texts go through ftfy's slower look.
_SUSPECT = re.compile(r"[Â-ôŒœŠšŸŽžƒ€][\x80-\xbf€‚„…†‡ˆ‰‹‘’“”•–—˜™›¡-¿]|�")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s/]+|https?://[^\s/]+:\d+", re.IGNORECASE)


@checked
def describe_papers(papers: pd.DataFrame) -> pd.DataFrame:
    """Return what is present, missing and wrong in a collection, column by column.

    Parameters
    ----------
    papers : DataFrame
        A papers table.

    Returns
    -------
    DataFrame
        One row a column of the papers table, then columns of your own: column, present (papers
        that have it), share (0–1), problems (in words with their counts, empty where none was
        found) and example (a title or value that shows the first problem, or else a value).
        Found are: dates that were left empty at loading because they are impossible, dates out of
        range or before the paper was published, texts in place of an abstract, abstracts that are
        very short or cut off, publishers' notices, papers that were withdrawn or retracted, texts
        in another language than English, texts whose encoding was broken (mojibake), papers that
        share a folded title, broken links, negative counts, malformed features.

    Raises
    ------
    DataError
        Where the table is no papers table.

    Notes
    -----
    Languages are recognised by py3langid (M. Lui, T. Baldwin, "langid.py" (2012)), and only for
    texts without the usual English words; broken encodings by ftfy (R. Speer,
    doi:10.5281/zenodo.2591652).

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> papers = make_papers([{"title": "On bees", "published": "1868-01-01"}], source="mine")
    >>> report = describe_papers(papers).set_index("column")
    >>> print(report.loc["published", "problems"])
    1 before 1900
    """
    check_papers(papers)
    found = _problems(papers)
    rows = []
    for name in in_order(papers).columns:
        present = papers[name].notna().to_numpy(dtype=bool)
        problems = [(words, flags) for words, flags in found.get(name, []) if flags.any()]
        rows.append(
            {
                "column": name,
                "present": int(present.sum()),
                "share": present.mean() if len(papers) else np.nan,
                "problems": "; ".join(f"{int(flags.sum())} {words}" for words, flags in problems),
                "example": _example(papers, name, present, problems),
            }
        )
    table = pd.DataFrame(rows, columns=["column", "present", "share", "problems", "example"])
    texts = dict.fromkeys(["column", "problems", "example"], "string")
    return table.astype({**texts, "present": "Int64", "share": float})


def _problems(papers: pd.DataFrame) -> dict[str, list[tuple[str, Flags]]]:
    """Return, for each column, what may be wrong with it and in which rows."""
    found: dict[str, list[tuple[str, Flags]]] = {}
    for name in ("title", "abstract", "authors", "venue", "comments"):
        if name in papers:
            found[name] = [("with broken encoding", _mojibake(papers[name]))]
    found["title"] += [
        ("share a title with another paper", _shared_titles(papers["title"])),
        _foreign(papers),
    ]
    if "abstract" in papers:
        found["abstract"] += _abstract_problems(text_of(papers, "abstract"))
        found["abstract"] += [
            (f"with {what}, which was taken off", _noted(papers, f"abstract: {what} was"))
            for what in (NOTICE, PLACEHOLDER)
        ]
    found["title"].append(("withdrawn or retracted", _withdrawn(papers)))
    for name in ("published", "listed"):
        if name in papers:
            found[name] = _date_problems(papers, name)
    for name in ("url", "code_url", "project_url"):
        if name in papers:
            good = text_of(papers, name).str.match(_WEB).fillna(True).to_numpy(dtype=bool)
            found[name] = [("no web address", ~good)]
    for name in ("upvotes", "stars", "cited_by"):
        if name in papers:
            negative = counts_of(papers, name).lt(0).fillna(False).to_numpy(dtype=bool)
            none = _noted(papers, rf"{name}: .* is not a whole number")
            found[name] = [("negative", negative), ("no whole number and left empty", none)]
    for name, errors in feature_errors(papers).items():
        flags = np.zeros(len(papers), dtype=bool)
        flags[[*errors]] = True
        found[name] = [("malformed", flags)]
    return found


def _abstract_problems(abstract: pd.Series[Any]) -> list[tuple[str, Flags]]:
    there = abstract.notna().to_numpy(dtype=bool)
    cleaned = [clean_abstract(one) for one in abstract.fillna("").tolist()]
    text = [clean for clean, _ in cleaned]
    length = np.array([len(one) for one in text])
    placeholder = there & (length == 0)
    ended = np.array([bool(_ENDS.search(one)) for one in text], dtype=bool)
    dots = np.array([bool(_CUT.search(one)) for one in text], dtype=bool)
    noticed = np.array([said == NOTICE for _, said in cleaned], dtype=bool)
    return [
        ("a text in place of an abstract", placeholder),
        (f"shorter than {SHORT} letters", there & ~placeholder & (length < SHORT)),
        ("cut off", there & (dots | (~ended & (length >= SHORT)))),
        ("with a publisher's notice", noticed),
    ]


def _withdrawn(papers: pd.DataFrame) -> Flags:
    """Return which papers say that they were withdrawn."""
    title = papers["title"].astype("string").str.contains(_WITHDRAWN_TITLE)
    abstract = text_of(papers, "abstract").str.slice(0, 400).str.contains(_WITHDRAWN)
    return np.asarray((title.fillna(False) | abstract.fillna(False)).to_numpy(dtype=bool))


def _noted(papers: pd.DataFrame, words: str) -> Flags:
    """Return of which papers the column `problems` says this."""
    found = text_of(papers, "problems").str.contains(words).fillna(False)
    return np.asarray(found.to_numpy(dtype=bool))


def _date_problems(papers: pd.DataFrame, name: str) -> list[tuple[str, Flags]]:
    dates = dates_of(papers, name)
    emptied = emptied_dates(papers, name).notna().to_numpy(dtype=bool)
    tomorrow = pd.Timestamp.now().normalize() + pd.Timedelta(days=1)
    found = [
        ("cannot be right and left empty", emptied),
        ("in the future", (dates > tomorrow).to_numpy(dtype=bool)),
        (f"before {FIRST_YEAR}", (dates < pd.Timestamp(FIRST_YEAR, 1, 1)).to_numpy(dtype=bool)),
    ]
    if name == "listed" and "published" in papers:
        early = (dates < dates_of(papers, "published")).to_numpy(dtype=bool)
        found.append(("listed before the paper was published", early))
    return found


def _shared_titles(titles: pd.Series[Any]) -> Flags:
    folded = titles.map(fold_title)
    return np.asarray(folded.duplicated(keep=False) & folded.ne(""), dtype=bool)


def _foreign(papers: pd.DataFrame) -> tuple[str, Flags]:
    """Return which papers are in another language than English, and in which ones."""
    found = find_languages(papers)
    flags = found.ne("en").to_numpy(dtype=bool)
    counts = found[flags].value_counts()
    order = sorted(counts.index, key=lambda code: (-counts[code], code))
    return f"not in English ({', '.join(f'{counts[code]} {code}' for code in order)})", flags


def _mojibake(texts: pd.Series[Any]) -> Flags:
    return np.array(
        [
            isinstance(text, str) and _SUSPECT.search(text) is not None and
            ("\ufffd" in text or bool(is_bad(text)))
            for text in texts
        ],
        dtype=bool,
    )  # fmt: skip


def _example(
    papers: pd.DataFrame, name: str, present: Flags, problems: Iterable[tuple[str, Flags]]
) -> Any:
    """Show the first problem where there is one, else the first value."""
    wrong = next((int(flags.argmax()) for _, flags in problems), None)
    if wrong is None:
        return _short(papers[name].iloc[int(present.argmax())]) if present.any() else pd.NA
    value = _short(papers[name].iloc[wrong])
    if name in ("published", "listed") and pd.isna(papers[name].iloc[wrong]):
        value = emptied_dates(papers, name).iloc[wrong]
    return value if name == "title" else f"{value} ({_short(papers['title'].iloc[wrong])})"


def _short(value: Any, length: int = 60) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    text = str(value.date()) if isinstance(value, pd.Timestamp) else str(value)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
