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
    strata = [name for name in used.columns if name == f"{_place(name)}_total"]
    pairs = [(column, "total")]
    if strata:
        prefix = "" if column == "papers" else f"{column}_"
        pairs = [(f"{prefix}{name.removesuffix('_total')}", name) for name in strata]
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


def _place(name: Any) -> str:
    """Return "origin_3" of "origin_3_total", else ""."""
    place = str(name).removesuffix("_total")
    number = place.removeprefix("origin_")
    return place if place != number and number.isdigit() else ""
