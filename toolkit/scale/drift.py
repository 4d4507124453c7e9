"""Drift: whether new papers still fit topics that were fitted to older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.scale.parts import part_path, read_part, require_parts
from toolkit.topics.centroids import fit_to_topics
from toolkit.topics.placing import Fit, judge_share

if TYPE_CHECKING:
    import os

    from toolkit.topics.model import TopicModel

#: Share of a topic's own papers that count as novel, by definition.
BASE = 0.01


@checked
def find_drift(
    folder: str | os.PathLike[str],
    topics: TopicModel,
    *,
    freq: str = "M",
    tolerated: float = 0.05,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return for each period how many papers fit none of the topics.

    Parameters
    ----------
    folder : path
        Filled by `assign_topics` with these topics: their own folder, or one of newer papers.
    topics : TopicModel
        The topics to test.
    freq : {"M", "Q", "Y"}
        Length of a period.
    tolerated : float
        Share of novel papers (0 to 1) up to which the topics still fit.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a period: period (Timestamp of its first day), papers, novel (papers that fit no
        topic), share, low, high (Wilson's interval) and verdict: "refit" where the whole interval
        lies above `tolerated` and five papers or more fit no topic, "fits" where all of it lies at
        or below, else "can't tell": the rule by which `update` proposes a refit.

    Raises
    ------
    DataError
        An unknown `freq`, or parts that were assigned with another number of topics.

    Notes
    -----
    A paper is novel when its cosine with the centroid of its topic is below that of 99 % of the
    papers the topic was fitted to; so 1 to 2 % of similar papers are novel too. Where the verdict
    is "refit", run `fit_sample` on old and new papers; `toolkit.compare_topics(old, new)` shows
    what changed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from toolkit.scale import add_features, assign_topics, fit_sample, import_snapshot
    >>> from toolkit.synthetic import write_synthetic_snapshot
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = Path(name) / "snapshot.json"
    ...     path = write_synthetic_snapshot(path, 60, fields=["speech", "games"])
    ...     _ = import_snapshot(path, name)
    ...     add_features(name)
    ...     topics = fit_sample(name, n_topics=2)
    ...     assign_topics(name, topics)
    ...     drift = find_drift(name, topics, freq="Y")
    >>> int(drift["papers"].sum()), drift["verdict"].iloc[-1]
    (60, "can't tell")
    """
    if freq not in ("M", "Q", "Y"):
        raise DataError("not a period", argument="freq", found=freq, expected="M, Q or Y")
    limits = _limits(topics)
    counts: list[pd.DataFrame] = []
    for number in require_parts(folder, "assigned"):
        assigned = read_part(part_path(folder, "assigned", number))
        if len(assigned) and int(assigned["topic"].max()) >= len(limits) - 1:
            raise DataError(
                "the papers were assigned with other topics",
                source=part_path(folder, "assigned", number),
                found=f"topic {int(assigned['topic'].max())}",
                expected=f"0 to {len(limits) - 2}",
                hint="Run assign_topics(folder, topics) with these topics",
            )
        dates = read_part(part_path(folder, "papers", number), ["paper_id", "published"])
        dates_of = assigned["paper_id"].map(dates.set_index("paper_id")["published"])
        novel = ~(assigned["fit"].to_numpy() >= limits[assigned["topic"].to_numpy()])
        period = dates_of.dt.to_period(freq)
        counts.append(
            pd.DataFrame({"period": period, "papers": 1, "novel": novel.astype("int64")})
            .groupby("period", as_index=False)
            .sum()
        )
    table = pd.concat(counts).groupby("period", as_index=False).sum()
    table["period"] = table["period"].dt.to_timestamp()
    judged = [
        judge_share(int(novel), int(papers), tolerated=tolerated, confidence=confidence)
        for novel, papers in zip(table["novel"], table["papers"])
    ]
    found = pd.DataFrame(judged, columns=Fit._fields, index=table.index)
    table[["share", "low", "high"]] = found[["share", "low", "high"]].astype("float64")
    table["verdict"] = found["verdict"].astype("string")
    return table


def _limits(topics: TopicModel) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the cosine that 99 % of each topic's papers reach; the last, for topic -1, is NaN."""
    own = topics.papers["topic"].to_numpy()
    fit = fit_to_topics(topics.vectors, own, topics)
    limits = np.full(int(own.max()) + 2, np.nan)
    for number in np.unique(own[own >= 0]):
        limits[number] = np.quantile(fit[own == number], BASE)
    return limits
