"""Papers by origin, where the mix of origins changes: a new database is no trend."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import warn_user

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.intp]

#: More origins than this are taken together, the smallest.
_MOST = 8
#: A mix changes where in some year so large a part of the papers is from other origins than in the
#: year before, beyond chance at this level.
_JUMP, _LEVEL = 0.15, 0.001
#: Years with fewer papers say nothing about the mix.
_PAPERS = 20
#: Origins that explain so much of the variance of time follow one another: parts of one export,
#: or sources that no test can tell from a trend.
_FOLLOW = 0.5


#: How to say that origins are parts of one search.
_ONE_SOURCE = (
    'If they are one source, say so: papers.assign(origin="WoS"), or load({"WoS": [paths]})'
)
#: Files are of one kind where so large a part of the columns that either fills are filled by both.
_ALIKE = 0.9
#: A column is filled by a file where so large a part of its papers has a value.
_FILLED = 0.05
_FILE = re.compile(r".\.[A-Za-z]\w{1,7}$")


def find_strata(papers: pd.DataFrame, column: Places, starts: pd.Series[Any]) -> Places | None:
    """Return the number of the origin of each paper, or None where the mix does not change.

    Parameters
    ----------
    papers : DataFrame
        A papers table; nothing is found without its column `origin`.
    column : ndarray of int (n_papers,)
        The place of each paper's period, −1 for none.
    starts : Series of Timestamp
        The first days of the periods.

    Warns
    -----
    UserWarning
        Names the year in which the mix jumps, and what the tests do about it.

    Notes
    -----
    Origins are joined that nothing shows to be different databases: files whose names differ in
    numbers alone, such as ``1-500.bib`` and ``501-1000.bib`` (a search saved page by page), and
    files of one `source` of which nine in ten columns are filled alike. Names that were given
    (``load({"Scopus": …})``) stay.

    A paper of several origins counts for the one that covers most periods: one that covers all
    years would otherwise lose its papers to the pair as soon as a second begins.
    """
    if "origin" not in papers or papers["origin"].isna().all():
        return None
    placed = column >= 0
    stratum, names = _main_origins(_join_pages(papers), column)
    if len(names) < 2 or not placed.any():
        return None
    years = starts.dt.year.to_numpy()[column[placed]]
    jump = _find_jump(years, stratum[placed])
    if jump is None:
        return None
    year, origin = jump
    what = (
        f"the mix of origins jumps in {year} (more papers of {names[origin]!r}): "
        "a share may rise or fall because its source does"
    )
    time, inside = column[placed].astype(float), stratum[placed]
    between = sum(
        (inside == one).sum() * (time[inside == one].mean() - time.mean()) ** 2
        for one in np.unique(inside)
    )
    if between > _FOLLOW * ((time - time.mean()) ** 2).sum():
        warn_user(
            f"{what}; the origins follow one another in time, so that no test can tell the two "
            f"apart. {_ONE_SOURCE}"
        )
        return None
    warn_user(f"{what}; verdicts compare the papers of each origin among themselves. {_ONE_SOURCE}")
    return stratum


def _join_pages(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return the origins of papers, in which the parts of one search have one name."""
    cells = papers["origin"].astype("string").fillna("").reset_index(drop=True)
    pairs = cells.str.split(";").explode().str.strip()
    alone = pairs[~pairs.index.duplicated(keep=False)]
    filled = papers.drop(columns=["origin", "source"], errors="ignore").notna().to_numpy()
    source = papers["source"].astype("string").fillna("").tolist() if "source" in papers else []
    kinds: list[tuple[str, str, str, Any]] = []
    names: dict[str, str] = {}
    sizes = pairs.value_counts()
    for name in sorted(sizes.index, key=lambda one: (-sizes[one], one)):
        rows = alone.index[alone == name].to_numpy()
        rows = rows if len(rows) else pairs.index[pairs == name].to_numpy()
        stem = re.sub(r"[\W\d_]+", " ", name).strip()
        database = "; ".join(sorted({source[at] for at in rows})) if source else ""
        columns = filled[rows].mean(axis=0) >= _FILLED
        for first, other, what, others in kinds:
            pages = stem == other and name != first and bool(re.search(r"\d", name + first))
            files = bool(source and _FILE.search(name) and _FILE.search(first))
            alike = (columns & others).sum() >= _ALIKE * (columns | others).sum()
            if what == database and (pages or (files and alike)):
                names[name] = first
                break
        else:
            kinds.append((name, stem, database, columns))
    if not names:
        return papers["origin"]
    joined = pairs.replace(names).groupby(level=0).agg("; ".join)
    return pd.Series(joined.to_numpy(), index=papers.index, dtype="string")


def _main_origins(origin: pd.Series[Any], column: Places) -> tuple[Places, list[str]]:
    """Return each paper's origin as a number, and the names, the one of most periods first."""
    cells = origin.astype("string").fillna("").reset_index(drop=True)
    pairs = cells.str.split(";").explode().str.strip().rename("origin").reset_index()
    pairs["period"] = column[pairs["index"].to_numpy()]
    there = pairs[pairs["period"] >= 0]
    sizes = there.groupby("origin")["period"].agg(["nunique", "size"]).reset_index()
    order = ["nunique", "size", "origin"]
    sizes = sizes.sort_values(order, ascending=[False, False, True], ignore_index=True)
    largest = sizes["size"].rank(method="first", ascending=False) <= _MOST
    # Those beyond the largest share the last number.
    rank = np.where(largest, largest.cumsum() - 1, largest.sum())
    names = [*sizes.loc[largest, "origin"], *(["others"] if not largest.all() else [])]
    known = dict(zip(sizes["origin"], rank))
    pairs["rank"] = pairs["origin"].map(known).fillna(len(names) - 1).astype("int64")
    first = pairs.groupby("index")["rank"].min().to_numpy()
    # An origin all of whose papers count for wider ones is none.
    held, number = np.unique(first, return_inverse=True)
    return number, [names[one] for one in held]


def _find_jump(years: NDArray[Any], stratum: Places) -> tuple[int, int] | None:
    """Return the year in which the mix changes most, and the origin that gains most in it."""
    from scipy.stats import chi2_contingency

    table = pd.crosstab(years, stratum)
    table = table[table.sum(axis=1) >= _PAPERS]
    table = table.loc[:, table.sum() > 0]
    if min(table.shape) < 2 or chi2_contingency(table).pvalue > _LEVEL:
        return None
    mix = table.div(table.sum(axis=1), axis=0)
    moved = mix.diff().iloc[1:]
    size = moved.abs().sum(axis=1) / 2
    if size.max() < _JUMP:
        return None
    place = int(size.to_numpy().argmax())
    gains = moved.to_numpy()[place]
    return int(size.index.to_numpy()[place]), int(moved.columns.to_numpy()[gains.argmax()])
