"""Which columns of a table are shown, in reading order, and which two become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from toolkit.errors import DataError, hint_nearest
from toolkit.papers.columns import COLUMNS, OPTIONAL
from toolkit.results.cells import (
    NOTHING,
    cell_text,
    format_column,
    is_share,
    papers_behind,
)
from toolkit.text.escaping import one_line, safe_link
from toolkit.trends.frequencies import FREQS, label_periods

#: Columns that tell what a table is, and what is shown of it, in reading order.
_VIEWS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = tuple(
    (frozenset(needs.split()), tuple(shown.split()))
    for needs, shown in (
        ("verdict words share_early ratio_per_year",
         "label papers share_early share_late verdict ratio_per_year q peak fragile"),
        ("verdict words span_first share_second",
         "label share_first share_second verdict ratio q"),
        ("term new words ratio", "term new papers papers_before share_before share ratio q"),
        ("what weight start end chance", "label start end papers ratio over chance"),
        ("topic survival coherence verdict",
         "topic label size survival coherence distinctness verdict reason"),
        ("period topic papers total share partial", "period label papers total share partial"),
        ("group labelled corrected", "group n labelled share corrected labels_of"),
        ("group n linked claimed promised share",
         "group topic n linked claimed promised request none share partial"),
        ("group rest difference", "group n share rest difference p q"),
        ("url state resolves", "url state why checked_at licence last_push archived"),
        ("paper_id url kind own", "paper_id url kind own host tense where evidence"),
        ("id label papers degree strength community",
         "label papers degree strength betweenness community mean_year mean_cited_by cited"),
        ("group after at_risk events survival", "group time at_risk events survival"),
    )
)  # fmt: skip
#: What exports say of a paper that nobody reads in a list: not shown of a whole papers table. Names
#: are compared in small letters, with _ for all between letters: "Art. No." is art_no.
_EXPORTED = frozenset(
    "issn isbn eissn pmid pmcid pubmed_id eid wos_id volume issue pages language publisher file "
    "author_keywords index_keywords author_s_id author_full_names art_no article_number page_start "
    "page_end page_count start_page end_page number_of_pages editors editor coden source "
    "language_of_original_document publication_stage open_access abbreviated_source_title "
    "correspondence_address funding_details funding_texts conference_code sponsors".split()
)
#: Of a papers table; then what the reader or a function added.
_PAPERS = ("title", "authors", "published", "venue", "cited_by", "code")
#: Settings, the same in all rows: said below the table.
_SETTINGS = ("by", "what", "basis", "confidence", "freq", "since", "labels_of")
_HIDDEN = ("all_n", "all_linked", "words", "invented", "log_rank_p", "dead_at_start", "unconfirmed")
#: A value, the ends of its interval. The first that is there has `low` and `high`.
_INTERVALS = (
    ("survival", "survival_low", "survival_high"),
    ("ratio_per_year", "ratio_low", "ratio_high"),
    ("points_per_year", "points_low", "points_high"),
    ("points", "points_low", "points_high"),
    ("factor", "factor_low", "factor_high"),
    ("ratio", "ratio_low", "ratio_high"),
    ("peak", "peak_low", "peak_high"),
    *((name, "low", "high") for name in ("corrected", "difference", "ratio", "survival", "share")),
)
_LINKS = ("url", "code_url", "project_url")


@dataclass
class Column:
    """One column as it is shown: its heading, its cells, what they link to.

    Parameters
    ----------
    name : str
    cells : list of str
    number : bool
        Whether it is set to the right.
    links : list of str or None
        An address for each cell, or None.
    """

    name: str
    cells: list[str]
    number: bool
    links: list[str | None] = field(default_factory=list)


def lay_out(
    table: pd.DataFrame, columns: Sequence[str] | None = None
) -> tuple[list[Column], list[str]]:
    """Return the columns of a table as they are shown, and notes to stand below it.

    Parameters
    ----------
    table : DataFrame
        The rows to show.
    columns : sequence of str, optional
        Which columns, in this order; by default those that are read of a table of its kind.
    """
    table = table.rename(columns=str)
    table = table.loc[:, ~table.columns.duplicated()]
    names = _choose(table) if columns is None else _check(table, columns)
    ends = _ends(table, names)
    inside = {end for pair in ends.values() for end in pair}
    shown = [
        _column(table, name, ends.get(name))
        for name in names
        if not (name in inside and columns is None)
    ]
    notes = []
    if columns is None:
        given = [name for name in _SETTINGS if name in table and name not in names]
        said = [_setting(table, name) for name in given if name != "by" or "group" not in names]
        notes = [" · ".join(text for text in said if text)] if any(said) else []
    return shown, notes


def _check(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    if isinstance(columns, str):
        raise DataError(
            "not a list of columns", argument="columns", found=columns, expected=f"[{columns!r}]"
        )
    names = list(dict.fromkeys(map(str, columns)))
    for name in names:
        if name not in table:
            raise DataError(
                "no such column", argument="columns", found=name,
                hint=hint_nearest(name, table.columns),
            )  # fmt: skip
    return names


def _choose(table: pd.DataFrame) -> list[str]:
    """Return the columns that are read of a table of this kind, in reading order."""
    there = set(table.columns)
    if {"paper_id", "title"} <= there:
        return _choose_papers(table)
    for needs, shown in _VIEWS:
        if needs <= there:
            names = [name for name in shown if name in there]
            # What nobody has is no column.
            return [name for name in names if table[name].notna().any() or name == names[0]]
    refits = [name for name in table.columns if name.startswith("refit_")]
    hidden = {*_HIDDEN, *refits} | {name for name in _SETTINGS if _setting(table, name)}
    left = [name for name in table.columns if name not in hidden and table[name].notna().any()]
    return left if len(left) > 1 else list(table.columns)


def _choose_papers(table: pd.DataFrame) -> list[str]:
    dated = "published" in table and bool(table["published"].notna().any())
    names = ["listed" if name == "published" and not dated else name for name in _PAPERS]
    names = [name for name in names if name in table and table[name].notna().any()]
    exported = _EXPORTED if set(COLUMNS) <= set(table.columns) else frozenset()
    own = [
        name for name in table.columns
        if name not in COLUMNS and name not in OPTIONAL and _folded(name) not in exported
    ]  # fmt: skip
    names = names if "title" in names else ["title", *names]
    return [*names, *(name for name in own if table[name].notna().any())]


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")


def _ends(table: pd.DataFrame, names: list[str]) -> dict[str, tuple[str, str]]:
    """Return which columns have an interval, and in which columns its ends are."""
    found: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    for name, low, high in _INTERVALS:
        if name in names and {low, high} <= set(table.columns) and not {low, high} & used:
            if name in found:
                continue
            found[name] = (low, high)
            used |= {low, high}
    return found


def _column(table: pd.DataFrame, name: str, ends: tuple[str, str] | None) -> Column:
    cells = format_column(table, name)
    heading = one_line(name).replace("_", " ")
    if name == "group" and (by := _setting(table, "by")):
        # Topics have a column of their numbers beside it.
        heading = "label" if "topic" in table else by.removeprefix("by: ")
    number = _is_number(table, name)
    if ends:
        cells = [
            cell if cell == NOTHING or span is None else f"{cell} ({span})"
            for cell, span in zip(cells, _spans(table, name, *ends))
        ]
        heading += _level(table)
    links = _addresses(table, name)
    if name in _LINKS:
        cells = [_short_address(cell) if link else cell for cell, link in zip(cells, links)]
    return Column(heading, cells, number, links)


def _level(table: pd.DataFrame) -> str:
    given = pd.to_numeric(table.get("confidence", pd.Series([0.95])), errors="coerce")
    levels = given.dropna().unique().tolist()
    return f" ({100 * (levels[0] if len(levels) == 1 else 0.95):g} % interval)"


def _is_number(table: pd.DataFrame, name: str) -> bool:
    dtype = table[name].dtype
    return bool(pd.api.types.is_numeric_dtype(dtype)) and not pd.api.types.is_bool_dtype(dtype)


def _spans(table: pd.DataFrame, name: str, low: str, high: str) -> list[str | None]:
    """Return the two ends of each interval as text, in the unit of its value."""
    if name == "peak":
        freq = _freq(table)
        both = [[_period(day, freq) for day in table[end]] for end in (low, high)]
    else:
        # The ends are written as the value is; the other columns say what it means.
        beside = table
        if is_share(table, name):
            beside = beside.assign(n=papers_behind(table, name)).drop(
                columns="labelled", errors="ignore"
            )
        both = [format_column(beside.assign(**{name: table[end]}), name) for end in (low, high)]
    units = (" %", " points")
    found: list[str | None] = []
    for first, last in zip(*both):
        if NOTHING in (first, last):
            found.append(None)
            continue
        for unit in units:
            first, last = first.removesuffix(unit), last.removesuffix(unit)
        # After a minus sign a dash would be misread.
        between = " to " if set("−+u") & set(first + last) else "–"
        found.append(f"{first}{between}{last}")
    return found


def _period(day: Any, freq: str | None) -> str:
    return NOTHING if pd.isna(day) else label_periods([day], freq=freq)[0]


def _freq(table: pd.DataFrame) -> str | None:
    freqs = set(table["freq"].astype(str)) & set(FREQS) if "freq" in table else set()
    return freqs.pop() if len(freqs) == 1 else None


def _setting(table: pd.DataFrame, name: str) -> str | None:
    """Return what a setting is, where it is the same in all rows; "" for those not told of."""
    given = [cell_text(value) for value in table[name].tolist()] if name in table else []
    values = set(given) - {NOTHING}
    if len(values) != 1:
        return None
    return "" if name in ("confidence", "freq") else f"{name.replace('_', ' ')}: {values.pop()}"


def _addresses(table: pd.DataFrame, name: str) -> list[str | None]:
    """Return what the cells of a column link to."""
    column = "url" if name == "title" and "url" in table else name
    if column in _LINKS:
        return [safe_link(value) if isinstance(value, str) else None for value in table[column]]
    if column in COLUMNS and COLUMNS[column] != "string":
        return [None] * len(table)
    return [
        safe_link(one)
        if isinstance(one, str) and one.startswith("http") and " " not in one
        else None
        for one in table[column]
    ]


def _short_address(url: str) -> str:
    """Return an address without its scheme, as readers name it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url
