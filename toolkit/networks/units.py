"""Which paper has which unit: keywords, terms, authors, institutions, venues, cited works."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.networks.cited_papers import years_of
from toolkit.networks.reference_text import author_label, short_label
from toolkit.networks.references import cited_works, reference_forms
from toolkit.papers.columns import COLUMNS
from toolkit.papers.terms import find_terms
from toolkit.papers.values import DERIVED, split_values
from toolkit.text.generic import weight_as_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.networks.references import CitedWorks

#: Units that are not called as their column is.
_COLUMNS = {"venues": "venue"}
#: What a hint names where there are values.
_UNITS = ("keywords", "authors", "affiliations", "countries", "categories", "references")
#: Terms below this weight are as frequent all over their field (`patients`, `model`).
_GENERIC = 0.3
#: A label with its year: Oak (2018).
_DATED = re.compile(r"(.*\(\d{4})\)", re.DOTALL)


@dataclass(frozen=True)
class Members:
    """Which action has which unit: papers their keywords, or papers the works that they cite.

    Attributes
    ----------
    row, unit : int arrays, shape (n_pairs,)
        Position of the paper and number of the unit; each pair once.
    names : list of str
        What tells the units apart, shape (n_units,).
    labels : list of str
        What is shown of them.
    year : float array, shape (n_units,), optional
        Where units have a year of their own, as references have; NaN where it is not known.
    variants : list of list of str, optional
        Other forms that are counted with the unit.
    """

    row: NDArray[np.int64]
    unit: NDArray[np.int64]
    names: list[str]
    labels: list[str]
    year: NDArray[np.float64] | None = None
    variants: list[list[str]] | None = field(default=None)


def units_of(papers: pd.DataFrame, of: str) -> Members:
    """Return which paper has which unit.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    of : str
        ``"papers"``, ``"terms"``, ``"institutions"``, ``"venues"`` or a column of papers.

    Raises
    ------
    DataError
        No such column, or nothing in it.
    """
    if of == "papers":
        row = np.arange(len(papers), dtype=np.int64)
        return Members(row, row, papers["paper_id"].tolist(), paper_labels(papers))
    if of == "terms":
        return _terms_of(papers)
    cells = split_values(papers, _COLUMNS.get(of, of), argument="of")
    if of not in {*COLUMNS, *DERIVED, *_COLUMNS}:
        # An own column: lists have semicolons as those of the papers table.
        cells = cells.str.split(";").explode().str.strip()
        cells = cells[cells.notna() & (cells != "")].astype("string")
        cells = cells[~pd.MultiIndex.from_arrays([cells.index, cells]).duplicated()]
    if cells.empty:
        others = [name for name in _UNITS if name in papers and papers[name].notna().any()]
        raise DataError(
            "the column holds nothing to connect",
            column=_COLUMNS.get(of, DERIVED.get(of, of)),
            found="no value",
            hint=f"There are values for of={', of='.join(map(repr, [*others, 'terms']))}",
        )
    rows = cells.index.to_numpy(dtype=np.int64)
    without = len(papers) - len(np.unique(rows))
    if without:
        warn_user(
            f"left out: {without:,} of {len(papers):,} papers without {_COLUMNS.get(of, of)!r}"
        )
    code, names = pd.factorize(cells.to_numpy(dtype=object))
    return Members(rows, code.astype(np.int64), list(names), list(names))


def cited_units(papers: pd.DataFrame, of: str) -> Members:
    """Return which paper cites which unit: a work, an author or a venue.

    Parameters
    ----------
    papers : DataFrame
        A papers table with references.
    of : {"references", "authors", "venues"}
        What of them.

    Raises
    ------
    DataError
        No references, or none that says its author or venue.
    """
    cited = read_references(papers)
    works = cited.references
    if of == "references":
        year = np.array([float(one.year or "nan") for one in works])
        labels = [short_label(one) for one in works]
        return Members(
            cited.row, cited.work, [one.form for one in works], labels, year, cited.variants
        )
    said = [one.author.title() if of == "authors" else one.source.upper() for one in works]
    if not any(said):
        raise DataError(
            f"no reference says its {'author' if of == 'authors' else 'venue'} in a way that is "
            "understood",
            column="references",
            found=works[0].form,
            expected="references as Web of Science writes them: AUTHOR I, 2001, J NAME, V12, P345",
            hint="Use of='references'",
        )
    code, names = pd.factorize(np.array(said, dtype=object))
    shown: dict[str, str] = {}
    for name, one in zip(said, works, strict=True):
        shown.setdefault(name, author_label(one) if of == "authors" else name)
    known = np.array([bool(name) for name in said])[cited.work]
    pairs = pd.DataFrame({"row": cited.row[known], "unit": code[cited.work[known]]})
    pairs = pairs.drop_duplicates()
    # Years of the cited: those of the papers that cite would say when an author is read.
    when = pd.Series([float(one.year or "nan") for one in works]).groupby(code).mean()
    return Members(
        pairs["row"].to_numpy(dtype=np.int64),
        pairs["unit"].to_numpy(dtype=np.int64),
        list(names),
        [shown[name] for name in names],
        np.asarray(when.reindex(range(len(names))), dtype=np.float64),
    )


def read_references(papers: pd.DataFrame) -> CitedWorks:
    """Return which paper cites which work; a warning counts papers without, and variants."""
    rows, forms = reference_forms(papers)
    cited = cited_works(papers, rows, forms)
    without = len(papers) - len(np.unique(cited.row))
    if without:
        warn_user(f"left out: {without:,} of {len(papers):,} papers without 'references'")
    joined = sum(map(len, cited.variants))
    if joined:
        example = max(cited.variants, key=len)[0]
        warn_user(
            f"references: {joined:,} of {len(set(forms)):,} forms count as a work that others "
            f"write in another way, such as {example!r}; the column `variants` names them"
        )
    return cited


def paper_labels(papers: pd.DataFrame) -> list[str]:
    """Return 'First author (year)' of each paper, or its title where it has no authors."""
    authors = papers["authors"].tolist() if "authors" in papers else [None] * len(papers)
    years = years_of(papers)
    found = []
    for who, year, title in zip(authors, years.tolist(), papers["title"].tolist(), strict=True):
        name = who.split(";")[0].strip() if isinstance(who, str) else ""
        when = "" if np.isnan(year) else f" ({int(year)})"
        last = name.split(",")[0] if "," in name else name.rpartition(" ")[2]
        found.append(f"{last}{when}" if last else f"{title}{when}")
    return found


def tell_apart(labels: list[str]) -> list[str]:
    """Return labels of which those of one author and year have a letter behind the year.

    Examples
    --------
    >>> tell_apart(["Elm (2018)", "Oak (2018)", "Elm (2018)"])
    ['Elm (2018a)', 'Oak (2018)', 'Elm (2018b)']
    """
    often, seen = Counter(labels), Counter[str]()
    found = []
    for label in labels:
        dated = _DATED.fullmatch(label)
        if often[label] > 1 and dated:
            place = seen[label]
            seen[label] += 1
            letter = chr(ord("a") + place % 26)
            letters = letter if place < 26 else f"{chr(ord('a') + place // 26 - 1)}{letter}"
            label = f"{dated[1]}{letters})"
        found.append(label)
    return found


def _terms_of(papers: pd.DataFrame) -> Members:
    """Return which paper has which term, without terms that are generic in any field."""
    numbers: dict[str, int] = {}
    rows, units = array("q"), array("q")
    for row, text in enumerate(find_terms(papers)):
        for term in dict.fromkeys(text.split()):
            rows.append(row)
            units.append(numbers.setdefault(term, len(numbers)))
    holder, term_of = np.frombuffer(rows, dtype=np.int64), np.frombuffer(units, dtype=np.int64)
    names = list(numbers)
    shared = np.bincount(term_of, minlength=len(names)) > min(len(papers) - 1, 1)
    kept = np.array([bool(two) and weight_as_name(name) >= _GENERIC
                     for name, two in zip(names, shared, strict=True)], dtype=bool)  # fmt: skip
    if not kept.any():
        raise DataError(
            "no term that names a subject is in two papers", found=f"{len(papers)} papers"
        )
    new = np.cumsum(kept) - 1
    inside = kept[term_of]
    shown: list[Any] = [name for name, keep in zip(names, kept, strict=True) if keep]
    labels = [name.replace("_", " ") for name in shown]
    return Members(holder[inside], new[term_of[inside]], shown, labels)
