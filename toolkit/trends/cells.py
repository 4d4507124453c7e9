"""A table of trends as matrices: the cells that tests are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.trends.quasibinomial import Logits
from toolkit.trends.table import to_years

if TYPE_CHECKING:
    pass


def cells_of(used: pd.DataFrame, column: str, topics: pd.Index[Any]) -> Logits:
    """Return the counts of topics in the cells of a table of trends.

    Parameters
    ----------
    used : DataFrame
        Trends of whole periods with papers.
    column : str
        ``"papers"``, or a refit's.
    topics : Index
        Which topics, in this order.
    """
    periods = sorted(used["period"].unique())
    strata = _strata(used)
    pairs = [(column, "total")]
    if strata:
        prefix = "" if column == "papers" else f"{column}_"
        pairs = [(f"{prefix}{name}", f"{name}_total") for name in strata]
    order = used.set_index(["topic", "period"])
    rows = pd.MultiIndex.from_product([topics, periods])
    places = order.index.get_indexer(rows)
    shape = len(topics), len(periods)
    counts = [used[name].to_numpy(dtype=np.float64)[places].reshape(shape) for name, _ in pairs]
    totals = [used[name].to_numpy(dtype=np.float64)[places].reshape(shape)[0] for _, name in pairs]
    number = np.concatenate(totals)
    there = number > 0
    stratum = np.repeat(np.arange(len(pairs)), len(periods))[there]
    return Logits(
        np.concatenate(counts, axis=1)[:, there],
        number[there],
        np.tile(to_years(periods), len(pairs))[there],
        np.unique(stratum, return_inverse=True)[1] if strata else None,
    )


def shares_within(used: pd.DataFrame, halves: tuple[Any, Any]) -> pd.DataFrame:
    """Return within_early and within_late: shares of the halves as if the mix never changed.

    One row a topic; NaN where nothing is stratified, or no origin has papers in both halves.
    Origins are weighed by their papers (direct standardisation).
    """
    sums = [
        used[used["period"].isin(some)].groupby("topic", observed=True)[_columns(used)].sum()
        for some in halves
    ]
    out = pd.DataFrame(np.nan, index=sums[0].index.union(sums[1].index), columns=list(_WITHIN))
    both = [
        name
        for name in _strata(used)
        if all(len(one) and one[f"{name}_total"].max() > 0 for one in sums)
    ]
    if both:
        weights = np.array([sum(one[f"{name}_total"].max() for one in sums) for name in both])
        for column, one in zip(_WITHIN, sums):
            shares = np.stack([one[name] / one[f"{name}_total"] for name in both], axis=1)
            out[column] = pd.Series(shares @ weights / weights.sum(), index=one.index)
    return out


_WITHIN = ("within_early", "within_late")


def _columns(used: pd.DataFrame) -> list[str]:
    return [column for name in _strata(used) for column in (name, f"{name}_total")]


def _strata(used: pd.DataFrame) -> list[str]:
    """Return the names of the columns origin_0, origin_1, … that a table of trends has."""
    numbers = (str(name).removeprefix("origin_") for name in used.columns)
    return [
        f"origin_{number}" for number in numbers if number.isdigit() and f"origin_{number}" in used
    ]
