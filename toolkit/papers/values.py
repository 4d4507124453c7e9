"""The values of a column of papers, one row each: lists are split, spellings of a venue joined."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd

from toolkit.errors import DataError, hint_nearest, warn_user
from toolkit.papers.columns import LISTS
from toolkit.papers.institutions import institution_of, same_institutions
from toolkit.papers.names import find_variants
from toolkit.papers.schema import check_papers
from toolkit.papers.venues import venue_forms

#: Columns that hold several values, between semicolons (codes of arXiv also between blanks).
_SEVERAL = ("categories", *LISTS, "author_keywords", "origin")
#: What is counted like a column, and the column that it is read from.
DERIVED = {"institutions": "affiliations"}
#: Columns whose spellings join, see `spelling_key`; those that may begin with the number of a note.
_JOINED = ("authors", "affiliations", "keywords", "author_keywords")
_NUMBERED = ("affiliations", "institutions")
_NUMBER = re.compile(r"[(\[]?\d{1,2}(?:[\s.,)\]]+|(?=[A-Z]))(?=\S)")
_POINT = re.compile(r"(?<=[^\W\d_])\.")
_ACCENT = re.compile("[\u0300-\u036f]")
_SAME_SIGN = str.maketrans("‐‑–’‘`", "---'''")
#: Categories of arXiv, and the codes of MSC and ACM that authors give beside them.
_CODES = re.compile(
    r"(?:(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|"
    r"comp-gas|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|"
    r"mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|"
    r"stat|supr-con)(?:\.[A-Za-z-]+)?|\d\d[A-Z-]\S*|[A-K]\.\S*\d\S*)(?:\s+|$)"
)


def split_values(papers: pd.DataFrame, column: str, *, argument: str = "by") -> pd.Series[Any]:
    """Return the values of a column, one row for each paper and value, a value once a paper.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    column : str
        Any of its columns. `categories`, `origin` and columns of lists are split at semicolons,
        categories that are codes of arXiv (``"cs.CL cs.LG"``) at blanks; of `venue`,
        spellings become the form that `toolkit.papers.venue_names` gives, with a warning; of
        `authors`, `affiliations` and `keywords`, those that share a `spelling_key` become the most
        frequent one, likewise. ``"institutions"`` are those that the addresses in `affiliations`
        name (`toolkit.papers.institutions`), unless there is a column of that name; spellings
        likewise.
    argument : str
        What the caller calls `column`, for errors.

    Returns
    -------
    Series of str
        The values; the index holds the positions of the papers. Missing and empty ones are not
        in it.

    Raises
    ------
    DataError
        Not a papers table, or no such column.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["A", "B"],
    ...                        "keywords": ["oak; elm; oak", None]})
    >>> split_values(papers, "keywords").tolist()
    ['oak', 'elm']
    """
    check_papers(papers)
    if isinstance(column, str) and column in DERIVED and column not in papers:
        cells = _raw_values(papers, DERIVED[column], argument)
        institutions = {one: institution_of(one) for one in cells.unique()}
        cells = cells.map(institutions).astype("string").dropna()
        return _once_a_paper(_join_spellings(cells, column))
    cells = _raw_values(papers, column, argument)
    if column in _JOINED:
        cells = _join_spellings(cells, column)
    return _once_a_paper(cells)


def check_column(papers: pd.DataFrame, column: object, argument: str, more: str = "") -> None:
    """Refuse what is no column of papers and cannot be read from one.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    column : object
        What was given.
    argument : str
        For which argument.
    more : str
        What is allowed besides, for the error.

    Raises
    ------
    DataError
        With the column that was perhaps meant.
    """
    if not isinstance(column, str):
        raise DataError("not the name of a column", argument=argument, found=column)
    derived = [name for name, source in DERIVED.items() if source in papers]
    if column in papers or column in derived:
        return
    raise DataError(
        "the papers table lacks a column" if not more else "unknown kind of group",
        argument=argument,
        found=column,
        expected=f"{more}a column of papers",
        hint=hint_nearest(DERIVED.get(column, column), [*papers.columns, *derived]),
    )


def _raw_values(papers: pd.DataFrame, column: str, argument: str) -> pd.Series[Any]:
    """Return the values of a column as they are written, but for venues; see `split_values`."""
    check_column(papers, column, argument)
    cells = venue_forms(papers) if column == "venue" else papers[column].astype("string")
    cells = cells.reset_index(drop=True).dropna()
    if column == "categories":
        codes = {cell: "; ".join(cell.split()) for cell in cells.unique() if _are_codes(cell)}
        cells = cells.replace(codes)
    if column in _SEVERAL:
        cells = cells.str.split(";").explode().astype("string").str.strip()
    return cells[cells.notna() & (cells != "")]


def papers_with(papers: pd.DataFrame, column: str, values: str | Sequence[str]) -> pd.DataFrame:
    """Return the papers that have a value in a column, or one of several.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    column : str
        As for `split_values`: a paper has each value of a list.
    values : str or sequence of str
        As `toolkit.count_by` gives them; capitals do not matter, nor does anything else that
        joins spellings there. Forms of a name are values of their own.

    Returns
    -------
    DataFrame
        In their order, with their index.

    Raises
    ------
    DataError
        No such column, or no paper has one of the values.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...                        "countries": ["Chile; Peru", "Cuba", None]})
    >>> papers_with(papers, "countries", ["Peru", "cuba"])["paper_id"].tolist()
    ['a', 'b']
    """
    asked = [values] if isinstance(values, str) else list(values)
    with warnings.catch_warnings():
        # Spellings that are joined: all forms are found here.
        warnings.simplefilter("ignore", UserWarning)
        cells = split_values(papers, column, argument="column")
    joins = column in (*_JOINED, *DERIVED)

    def fold(value: str) -> str:
        return spelling_key(value, column) if joins else value.casefold()

    folded = cells.map({one: fold(one) for one in cells.unique()}).astype("string")
    for value in asked:
        if not isinstance(value, str) or not folded.eq(fold(value)).any():
            raise DataError(
                "no paper has this value",
                argument="values",
                column=column,
                found=value,
                hint=_hint_value(value, cells),
            )
    rows = cells.index[folded.isin([fold(value) for value in asked])].unique()
    return papers.iloc[sorted(rows)]


def _hint_value(value: object, cells: pd.Series[Any]) -> str:
    names = [*dict.fromkeys(cells)]
    near = get_close_matches(str(value), names, n=3, cutoff=0.6)
    if not near:
        near = [name for name in names if str(value).casefold() in name.casefold()][:3]
    if near:
        return f"Did you mean {' or '.join(map(repr, near))}?"
    return "toolkit.count_by lists the values of a column"


def _once_a_paper(cells: pd.Series[Any]) -> pd.Series[Any]:
    return cells[~pd.MultiIndex.from_arrays([cells.index, cells]).duplicated()]


def _are_codes(cell: str) -> bool:
    """Return whether a cell holds codes of arXiv between blanks, and nothing else."""
    return _CODES.sub("", cell.strip()) == ""


def spelling_key(value: str, column: str) -> str:
    """Return what spellings of a value share that differ in how they are set, not in what they say.

    Capitals, accents, points after letters, points and commas at the end, kinds of hyphens and
    apostrophes do not count; nor does the number of a note before an address or institution.

    Examples
    --------
    >>> spelling_key("1 Universidad Científica del Sur.", "institutions")
    'universidad cientifica del sur'
    >>> spelling_key("Robert H. Gilman", "authors") == spelling_key("Robert H Gilman", "authors")
    True
    """
    text = unicodedata.normalize("NFKD", value).translate(_SAME_SIGN).strip()
    if column in _NUMBERED:
        text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    text = _POINT.sub("", _ACCENT.sub("", text)).rstrip(" .,:")
    return " ".join(text.casefold().split()) or value


def _join_spellings(cells: pd.Series[Any], column: str) -> pd.Series[Any]:
    """Return values with those that share a `spelling_key` in their most frequent form; warn."""
    pairs = pd.DataFrame({"row": cells.index, "value": cells.to_numpy()}).drop_duplicates()
    sizes = pairs["value"].value_counts()
    numbered = column in _NUMBERED

    def rank(one: str) -> tuple[bool, int, bool, bool, str]:
        before = bool(numbered and _NUMBER.match(unicodedata.normalize("NFKD", one)))
        return before, -sizes[one], one.isupper(), one.isascii(), one

    order = sorted(sizes.index, key=rank)
    keys = {value: spelling_key(value, column) for value in order}
    forms: dict[str, str] = {}
    for value in order:
        forms.setdefault(keys[value], value)
    names = {value: forms[keys[value]] for value in order}
    joined = [value for value in order if names[value] != value]
    if not joined:
        return cells
    one = len(joined) == 1
    warn_user(
        f"{column}: {len(joined):,} of {len(order):,} {'differs' if one else 'differ'} from "
        "another in capitals, accents, points or a number before it alone and "
        f"{'counts' if one else 'count'} under it, such as "
        f"{joined[0]!r} under {names[joined[0]]!r}"
    )
    return cells.map(names).astype("string")


def warn_variants(values: list[str], column: str, more: str = "") -> dict[str, list[str]]:
    """Return the values that may be the same as others, with these; warn with their number.

    Parameters
    ----------
    values : list of str
        What is counted, the most frequent first.
    column : str
        Where it stands; names of people and of institutions are compared as such.
    more : str
        The end of the warning.
    """
    # Spellings of a venue are joined already.
    if column == "institutions":
        found = same_institutions(values)
    else:
        found = {} if column == "venue" else find_variants(values, people=column == "authors")
    if found:
        one, others = next(iter(found.items()))
        what = "the same person's" if column == "authors" else "the same"
        warn_user(
            f"{column}: {len(found):,} of {len(values):,} values may be {what} as others, such as "
            f"{one!r} and {others[0]!r}. They are counted apart{more}"
        )
    return found
