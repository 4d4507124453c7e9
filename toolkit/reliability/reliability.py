"""How far a topic can be trusted: does it come back when the collection changes a little.

A topic that returns with nearly the same papers when a fifth of the collection is left out, the
seed changes and the resolution moves, is solid. Groups that the same method cuts out of pure noise
do not return: tests/bench/reliability.py draws planted collections and counts both.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.collection import terms
from toolkit.errors import DataError
from toolkit.reliability.coherence import npmi
from toolkit.reliability.refits import Refit, refit_classic, refit_graph
from toolkit.schema import check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics import TopicModel

#: Mean Jaccard index from which a group counts as stable, and below which it dissolves
#: (Hennig 2007); see `check_topics`.
SOLID, USABLE = 0.75, 0.5
#: In collections up to this size chance alone can make topics come back: see `_solid_from`.
SMALL = 500
#: A paper whose confidence is below this is weakly attached to its topic.
WEAK = 0.5
#: Terms of a topic that its coherence is counted on.
TOP_TERMS = 10


class ReliabilityCard(pd.DataFrame):  # type: ignore[misc]
    """The table of `check_topics`, and what was counted on the way.

    Attributes
    ----------
    paper_stability : DataFrame
        paper_id, topic, stays: share (0–1) of the refits in which the paper was found in the group
        matched to its topic.
    refits : DataFrame
        paper_id, and for each refit a column (refit_0, …) with the topic that the paper's group in
        that refit was matched to, −1 where to none. For ``topic_trends(refits=…)``.
    agreement : Series
        Adjusted Rand index of each refit with the model: 1 for equal, about 0 for chance.
    """

    # pandas carries these names along with copies.
    _metadata = ["paper_stability", "refits", "agreement"]  # noqa: RUF012

    paper_stability: pd.DataFrame
    refits: pd.DataFrame
    agreement: pd.Series[float]

    @property
    def _constructor(self) -> Any:
        # What is cut out of the card is an ordinary table.
        return pd.DataFrame


def check_topics(
    topics: TopicModel,
    papers: pd.DataFrame,
    *,
    refits: int = 20,
    seed: int = 42,
    vectors: NDArray[Any] | None = None,
    progress: bool = True,
) -> ReliabilityCard:
    """Refit the topics under small changes and tell which of them come back.

    Each refit leaves out a fifth of the papers, takes another seed, and moves the resolution by up
    to a fifth. Its groups are compared with the model's topics over the papers it was given.

    Parameters
    ----------
    topics : TopicModel
        From `fit_topics`, edited or not.
    papers : DataFrame
        The papers the model was fitted to, in any order.
    refits : int
        How many, at least 2; twenty give intervals that are narrow enough to read.
    seed : int
        Same seed, same card.
    vectors : array, shape (n_papers, d), optional
        Needed where the model was fitted to vectors of your own; in the order of `papers`.
    progress : bool
        Show a progress bar. An interrupt (the stop button) keeps the refits that are done.

    Returns
    -------
    ReliabilityCard
        A table with a row a topic: topic, label, size, survival (0–1: mean over refits of the best
        Jaccard index with any group), survival_low, survival_high (95 % interval of that mean),
        coherence (NPMI of the top ten terms, −1 to 1, see `coherence.npmi`), distinctness
        (1 − cosine between the topic's mean vector and its nearest other's; 0 for the same),
        nearest (that other topic), outlier_share (0–1: papers with confidence below 0.5, weakly
        attached), verdict ("solid", "usable", "fragile") and reason. It carries three more tables:
        see `ReliabilityCard`.

    Raises
    ------
    DataError
        Papers that are not the model's, vectors of the wrong shape, fewer than 2 refits.

    Warns
    -----
    UserWarning
        Where the check was interrupted: how many refits the card rests on.

    Notes
    -----
    C. Hennig, "Cluster-wise assessment of cluster stability" (2007),
    doi:10.1016/j.csda.2006.11.025: a cluster with a mean Jaccard index of at least 0.75 is stable,
    one below 0.5 dissolves. *Solid* asks for 0.75 (in collections of up to 500 papers for more
    than chance alone reaches, if that is higher), at most 30 % weakly attached papers, and terms
    that meet more often than by chance; *fragile* is any topic that dissolves, whose interval does
    not rule that out, or that comes back no better than by chance. Survival says that a topic is a
    feature of this collection under this method, not that it is the only way to cut it.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> card = toolkit.check_topics(toolkit.fit_topics(papers), papers, refits=5, progress=False)
    >>> set(card["verdict"]) <= {"solid", "usable", "fragile"}
    True
    """
    check_papers(papers)
    if isinstance(refits, bool) or not isinstance(refits, int) or refits < 2:
        raise DataError("refits is not a number of refits", found=refits, expected="at least 2")
    papers, vectors = _in_model_order(topics, papers, vectors)
    model = topics.papers["topic"].to_numpy()
    fits = _run(topics, vectors, refits=refits, seed=seed, progress=progress)
    numbers = topics.topics.loc[topics.topics["topic"] >= 0, "topic"].to_numpy()
    survival = np.stack([_best_jaccard(model, fit, numbers) for fit in fits])
    matched = np.stack([_match(model, fit, numbers) for fit in fits])
    # An interrupted check is not made to wait for the chance level.
    complete = len(fits) == refits
    solid_from = _solid_from(vectors, topics.settings, seed=seed) if complete else SOLID
    card = _card(topics, papers, vectors, numbers, survival, solid_from=solid_from)
    ids = topics.papers["paper_id"].to_numpy()
    stays = (matched == model).mean(axis=0)
    card.paper_stability = pd.DataFrame({"paper_id": ids, "topic": model, "stays": stays})
    card.refits = pd.DataFrame(
        {"paper_id": ids, **{f"refit_{number}": row for number, row in enumerate(matched)}}
    )
    card.agreement = _agreement(model, fits)
    return card


def _in_model_order(
    topics: TopicModel, papers: pd.DataFrame, vectors: NDArray[Any] | None
) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Put papers and vectors in the order of the model; embed where no vectors are given."""
    order = pd.Index(papers["paper_id"]).get_indexer(topics.papers["paper_id"])
    if (order < 0).any() or len(papers) != len(order):
        missing = int((order < 0).sum())
        raise DataError(
            "these are not the papers that the topics were fitted to",
            column="paper_id",
            found=f"{len(papers)} papers; {missing} of the model's {len(order)} are not among them",
            expected="the same papers, in any order",
            mend="Fit topics to this collection first, or pass the collection they belong to",
        )
    if vectors is None:
        if topics.settings.get("vectors") == "given":
            raise DataError(
                "the model was fitted to vectors of your own",
                expected="check_topics(topics, papers, vectors=…) with the same vectors",
            )
        from toolkit.embedding import embed

        vectors = embed(papers, model=topics.settings.get("model", "static"))
    vectors = np.asarray(vectors)
    if vectors.ndim != 2 or len(vectors) != len(papers):
        raise DataError(
            "vectors do not fit the papers",
            column="vectors",
            found=f"shape {vectors.shape}",
            expected=f"({len(papers)}, dimensions)",
        )
    return papers.iloc[order].reset_index(drop=True), vectors[order]


def _run(
    topics: TopicModel, vectors: NDArray[Any], *, refits: int, seed: int, progress: bool
) -> list[Refit]:
    """Make the refits; an interrupt keeps what is done."""
    from tqdm.auto import tqdm

    classic = topics.settings.get("clustering") == "hdbscan"
    make = refit_classic if classic else refit_graph
    fits: list[Refit] = []
    try:
        for fit in tqdm(
            make(vectors, topics.settings, refits=refits, seed=seed),
            total=refits,
            desc="Refitting topics",
            unit="refit",
            disable=not progress,
        ):
            fits.append(fit)
    except KeyboardInterrupt:
        if len(fits) < 2:
            raise
        warnings.warn(
            f"interrupted: the card rests on {len(fits)} of {refits} refits",
            UserWarning,
            stacklevel=3,
        )
    return fits


def _overlaps(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Jaccard indices of topics and groups over the papers given, shape (topics, groups)."""
    groups = int(fit.labels.max()) + 1
    counted = fit.given & (model >= 0)
    place = np.searchsorted(numbers, model[counted])
    inside = fit.labels[counted] >= 0
    shared = np.zeros((len(numbers), max(groups, 1)))
    np.add.at(shared, (place[inside], fit.labels[counted][inside]), 1)
    of_topic = np.bincount(place, minlength=len(numbers))
    of_group = np.bincount(fit.labels[fit.given & (fit.labels >= 0)], minlength=shared.shape[1])
    union = of_topic[:, None] + of_group[None, :] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _best_jaccard(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Best Jaccard index of each topic; NaN where none of its papers was given to the refit."""
    best = _overlaps(model, fit, numbers).max(axis=1)
    present = np.isin(numbers, model[fit.given])
    return np.where(present, best, np.nan)


def _match(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Name the groups after topics, one to one, by maximum overlap; −1 for groups left over."""
    from scipy.optimize import linear_sum_assignment

    jaccard = _overlaps(model, fit, numbers)
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    name = np.full(jaccard.shape[1] + 1, -1, dtype=np.int64)
    real = jaccard[rows, columns] > 0
    name[columns[real]] = numbers[rows[real]]
    # Label −1 (an outlier) reads the last place, which names nothing.
    return np.asarray(name[fit.labels])


def _agreement(model: NDArray[Any], fits: list[Refit]) -> pd.Series[float]:
    from sklearn.metrics import adjusted_rand_score

    values = [adjusted_rand_score(model[fit.given], fit.labels[fit.given]) for fit in fits]
    return pd.Series(values, name="adjusted_rand_index", dtype=float)


def _card(
    topics: TopicModel,
    papers: pd.DataFrame,
    vectors: NDArray[Any],
    numbers: NDArray[Any],
    survival: NDArray[np.float64],
    *,
    solid_from: float,
) -> ReliabilityCard:
    """Put the table together; one row a topic."""
    facts = topics.topics.set_index("topic").loc[numbers]
    mean, low, high = _mean_interval(survival)
    distinct, nearest = _distinctness(vectors, topics.papers["topic"].to_numpy(), numbers)
    weak = topics.papers["confidence"].lt(WEAK).groupby(topics.papers["topic"]).mean()
    table = pd.DataFrame(
        {
            "topic": numbers,
            "label": facts["label"].to_numpy(),
            "size": facts["size"].to_numpy(),
            "survival": mean,
            "survival_low": low,
            "survival_high": high,
            "coherence": npmi([_terms(topics, number) for number in numbers], terms(papers)),
            "distinctness": distinct,
            "nearest": nearest,
            "outlier_share": weak.reindex(numbers).to_numpy(),
        }
    )
    dissolved = (survival < USABLE).sum(axis=0)
    judged = [
        _judge(row, dissolved=int(lost), refits=len(survival), solid_from=solid_from)
        for row, lost in zip(table.to_dict("records"), dissolved)
    ]
    table["verdict"] = pd.Categorical(
        [verdict for verdict, _ in judged], ["solid", "usable", "fragile"], ordered=True
    )
    table["reason"] = pd.array([reason for _, reason in judged], dtype="string")
    return ReliabilityCard(table)


def _mean_interval(
    survival: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean over refits with a 95 % t interval, kept inside 0–1."""
    from scipy import stats

    count = np.maximum((~np.isnan(survival)).sum(axis=0), 1)
    mean = np.nansum(survival, axis=0) / count
    spread = np.sqrt(np.nansum((survival - mean) ** 2, axis=0) / np.maximum(count - 1, 1))
    half = stats.t.ppf(0.975, np.maximum(count - 1, 1)) * spread / np.sqrt(count)
    return mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1)


def _distinctness(
    vectors: NDArray[Any], model: NDArray[Any], numbers: NDArray[Any]
) -> tuple[NDArray[np.float64], pd.Series[Any]]:
    """1 − cosine of mean vectors with the nearest other topic, and which that is."""
    if len(numbers) < 2:
        return np.full(len(numbers), np.nan), pd.Series([pd.NA] * len(numbers), dtype="Int64")
    means = np.stack([vectors[model == topic].mean(axis=0) for topic in numbers])
    means = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    cosine = means @ means.T
    np.fill_diagonal(cosine, -np.inf)
    nearest = pd.Series(numbers[cosine.argmax(axis=1)], dtype="Int64")
    return np.clip(1 - cosine.max(axis=1), 0, 2).astype(float), nearest


def _terms(topics: TopicModel, number: int) -> list[str]:
    """Return the top terms of a topic as `features.terms` spells them, not as readers see them."""
    return [term for term, _ in topics.bertopic.get_topic(int(number))[:TOP_TERMS] if term]


def _solid_from(vectors: NDArray[Any], settings: dict[str, Any], *, seed: int) -> float:
    """Survival from which a topic is solid: 0.75, or more where chance alone reaches that.

    In a small collection topics of three or four papers come back by chance. So the same method is
    run on vectors whose columns are shuffled, each on its own: whatever it finds there is nothing.
    Solid begins above what the best of those topics reaches (parallel analysis, after J. L. Horn,
    "A rationale and test for the number of factors" (1965), doi:10.1007/BF02289447).
    """
    if len(vectors) > SMALL or settings.get("clustering") == "hdbscan":
        return SOLID
    from toolkit.topics.graph import neighbour_graph
    from toolkit.topics.resolution import choose_partition

    random = np.random.default_rng(seed)
    reached = []
    for _ in range(4):
        shuffled = random.permuted(vectors, axis=0)
        model, resolution = choose_partition(
            neighbour_graph(shuffled),
            n_topics=settings.get("n_topics"),
            min_size=settings.get("min_size"),
            seed=seed,
        )
        fits = refit_graph(shuffled, {**settings, "resolution": resolution}, refits=6, seed=seed)
        numbers = np.unique(model)
        survival = np.stack([_best_jaccard(model, fit, numbers) for fit in fits])
        reached.append(_mean_interval(survival)[0])
    return max(SOLID, float(np.concatenate(reached).max()))


def _judge(
    row: dict[str, Any], *, dissolved: int, refits: int, solid_from: float = SOLID
) -> tuple[str, str]:
    """Give the verdict on a topic, and the reason in words."""
    survival = row["survival"]
    if survival < USABLE:
        return "fragile", (
            f"dissolves: in {dissolved} of {refits} refits less than half of it came back "
            f"(mean overlap {survival:.2f})"
        )
    if row["survival_low"] < USABLE:
        return "fragile", (
            f"cannot be told from a topic that dissolves: mean overlap {survival:.2f}, its "
            f"interval reaches down to {row['survival_low']:.2f}"
        )
    if SOLID <= survival < solid_from:
        return "fragile", (
            f"comes back (mean overlap {survival:.2f}), but in a collection this small chance "
            f"alone reaches {solid_from:.2f}"
        )
    doubts = []
    if survival < SOLID:
        doubts.append(f"its core comes back, its edges move (mean overlap {survival:.2f})")
    if row["outlier_share"] > 0.3:
        doubts.append(f"{row['outlier_share']:.0%} of its papers are weakly attached")
    if not row["coherence"] > 0:
        doubts.append("its terms do not meet more often than by chance")
    if doubts:
        return "usable", "; ".join(doubts)
    return "solid", f"comes back in every kind of refit (mean overlap {survival:.2f})"
