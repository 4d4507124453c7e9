"""Areas of a field that lie near a library's interests and that it hardly covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import check_model, check_whole, checked, warn_user
from toolkit.intervals import wilson
from toolkit.reading.gathering import gather
from toolkit.reading.nearness import LIBRARY, fit_nearness
from toolkit.reading.reasons import quoted
from toolkit.topics.term_scores import TermIndex
from toolkit.trends.figures import count_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: A paper is near if it fits the library better than this share of the library's own papers.
#: tests/bench/ranking.py --gaps compares others.
NEAR = 0.1
_NAMED, _TITLED = 3, 2


@checked
def find_gaps(
    papers: pd.DataFrame,
    library: pd.DataFrame,
    *,
    topics: TopicModel,
    n: int = 10,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the topics near a library of which it holds least, and what to read of them.

    Parameters
    ----------
    papers : DataFrame
        A papers table: the field.
    library : DataFrame
        A papers table: what you have. Papers in both count as held.
    topics : TopicModel
        Topics of the field; papers that are not in it are placed in them.
    n : int
        Number of topics.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a topic, the least covered first:

        - topic, label
        - near: papers near the library and not in it. A paper is near if it fits the library
          better than a tenth of the library's own papers do
        - held: papers of the library that are as near
        - covered: held / (held + near), with low and high (Wilson's interval); topics are in
          order of `high`, so that few papers make no gap
        - paper_ids: the three nearest papers to read, ``"; "`` between them
        - why: in words

        Topics without a near paper are left out.

    Warns
    -----
    UserWarning
        The library holds one paper only.

    Raises
    ------
    DataError
        As `rank_new`, or `topics` is no topic model.

    Notes
    -----
    A gap is a hint, no finding: what is near is measured from what the library holds, so that a
    subject of which it holds nothing at all lies far away. Where all but 5 % of one of three
    subjects were taken out of a library, the first topic was of that subject in 37 % of 30 trials
    (10 % by the least coverage alone).

    Examples
    --------
    >>> import toolkit
    >>> planted = toolkit.plant_collection(n_papers=200, n_topics=4, seed=1)
    >>> topics = toolkit.fit_topics(planted.papers, n_topics=4)
    >>> gaps = find_gaps(planted.papers, planted.papers.head(60), topics=topics)
    >>> list(gaps.columns[:6])
    ['topic', 'label', 'near', 'held', 'covered', 'low']
    """
    check_whole(n, "n", least=1)
    check_model(topics, "topics")
    field = gather(papers, library, (), "static", None)
    value = fit_nearness(field.vectors, TermIndex(field.terms), field.role).value
    held = field.role == LIBRARY
    if held.sum() == 1:
        warn_user(
            "the library has one paper with text: what is near it is not known, and the gaps say "
            "little"
        )
    near = value >= np.quantile(value[held], NEAR)
    topic = _topics_of(field.table, topics)
    table = pd.DataFrame({"topic": topic, "near": near & field.open, "held": near & held})
    counts = table[topic >= 0].groupby("topic")[["near", "held"]].sum()
    counts = counts[counts["near"] > 0].reset_index()
    total = counts["near"] + counts["held"]
    counts["covered"] = counts["held"] / total
    counts["low"], counts["high"] = wilson(counts["held"], total, confidence=confidence)
    counts = counts.sort_values(["high", "topic"], ignore_index=True).head(n)
    labels = topics.topics.set_index("topic")["label"].astype("string")
    counts.insert(1, "label", counts["topic"].map(labels).astype("string"))
    ids, why = [], []
    for one, missing, there in counts[["topic", "near", "held"]].to_numpy(dtype=int).tolist():
        rows = np.flatnonzero(near & field.open & (topic == one))
        some = field.table.iloc[rows[np.argsort(-value[rows], kind="stable")]]
        ids.append("; ".join(some["paper_id"].iloc[:_NAMED]))
        why.append(
            f"{count_papers(missing)} near your library {'is' if missing == 1 else 'are'} not in "
            f"it, beside {f'{there:,}' if there else 'none'} of this topic in it; to read: "
            f"{quoted(some['title'].iloc[:_TITLED])}"
        )
    return counts.assign(paper_ids=pd.array(ids, dtype="string"), why=pd.array(why, dtype="string"))


def _topics_of(table: pd.DataFrame, topics: TopicModel) -> NDArray[np.int64]:
    """Return the topic of each paper, those that the model does not know placed in it."""
    known = topics.papers.set_index("paper_id")["topic"]
    found = table["paper_id"].map(known)
    missing = found.isna().to_numpy()
    numbers = found.fillna(-1).to_numpy(dtype=np.int64)
    if missing.any():
        some = table[missing]
        plain = some.assign(paper_id=[f"row:{at}" for at in range(len(some))])
        numbers[missing] = topics.predict(plain)["topic"].to_numpy()
    return numbers
