"""Whether new papers still fit the topics that were fitted to older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.scale.parts import need_parts, part_path, read_part
from toolkit.topics.centroids import fit_to_topics

if TYPE_CHECKING:
    import os

    from toolkit.topics.topics import TopicModel

#: Share of the papers the topics were fitted to that count as strangers, by definition.
BASE = 0.01


def find_drift(
    folder: str | os.PathLike[str],
    topics: TopicModel,
    *,
    freq: str = "M",
    tolerated: float = 0.05,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count, period by period, the papers that fit none of the topics.

    Parameters
    ----------
    folder : path
        Filled by `assign_topics` with these topics: the folder they were fitted in, or one of
        newer papers.
    topics : TopicModel
        The topics in question.
    freq : {"M", "Q", "Y"}
        Length of a period.
    tolerated : float
        Share of strangers (0 to 1) up to which the topics may stay.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a period: period (Timestamp of its first day), papers, strangers, share, low,
        high (Wilson's interval) and verdict: "refit" where the whole interval lies above
        `tolerated`, "fits" where all of it lies at or below, else "can't tell".

    Raises
    ------
    DataError
        An unknown `freq`, or parts that were placed in topics with another number.

    Notes
    -----
    A paper is a stranger when its cosine with the middle of its topic is lower than that of 99 %
    of the papers the topic was made of; so 1 to 2 % of papers of the old kind are strangers too.
    What to do then: `fit_sample` on old and new papers, and `toolkit.compare_topics(old, new)`
    shows what changed.
    """
    if freq not in ("M", "Q", "Y"):
        raise DataError("not a length of period", argument="freq", found=freq, expected="M, Q or Y")
    limits = _limits(topics)
    counts: list[pd.DataFrame] = []
    for number in need_parts(folder, "assigned"):
        placed = read_part(part_path(folder, "assigned", number))
        if len(placed) and int(placed["topic"].max()) >= len(limits) - 1:
            raise DataError(
                "the papers were placed in other topics",
                source=part_path(folder, "assigned", number),
                found=f"topic {int(placed['topic'].max())}",
                expected=f"0 to {len(limits) - 2}",
                hint="Run assign_topics(folder, topics) with these topics",
            )
        dates = read_part(part_path(folder, "papers", number), ["paper_id", "published"])
        when = placed["paper_id"].map(dates.set_index("paper_id")["published"])
        strange = ~(placed["fit"].to_numpy() >= limits[placed["topic"].to_numpy()])
        period = when.dt.to_period(freq)
        counts.append(
            pd.DataFrame({"period": period, "papers": 1, "strangers": strange.astype("int64")})
            .groupby("period", as_index=False)
            .sum()
        )
    table = pd.concat(counts).groupby("period", as_index=False).sum()
    table["period"] = table["period"].dt.to_timestamp()
    table["share"] = table["strangers"] / table["papers"]
    low, high = wilson(table["strangers"], table["papers"], confidence=confidence)
    table["low"], table["high"] = np.asarray(low), np.asarray(high)
    verdict = np.where(table["high"] <= tolerated, "fits", "can't tell")
    table["verdict"] = pd.array(np.where(table["low"] > tolerated, "refit", verdict), "string")
    return table


def _limits(topics: TopicModel) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return for each topic the cosine that 99 % of its own papers reach; last, for -1, NaN."""
    own = topics.papers["topic"].to_numpy()
    fit = fit_to_topics(topics.vectors, own, topics)
    limits = np.full(int(own.max()) + 2, np.nan)
    for number in np.unique(own[own >= 0]):
        limits[number] = np.quantile(fit[own == number], BASE)
    return limits
