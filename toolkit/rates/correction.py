"""Shares corrected for the detector's errors, estimated from papers that people have labelled."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.intervals import wilson
from toolkit.papers.coercion import STATUSES
from toolkit.papers.schema import check_papers
from toolkit.rates.groups import group_papers
from toolkit.rates.pooling import draw_shares, equal_sensitivity_p
from toolkit.rates.rates import add_settings, statuses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: The label of a paper about which nobody could tell.
UNSURE = "can't tell"
#: Other ways to write yes and no, as spreadsheets and other tools do.
_ANSWERS = {
    **{one: one for one in (*STATUSES, "yes", "no", UNSURE)},
    **dict.fromkeys(("y", "true", "1", "1.0"), "yes"),
    **dict.fromkeys(("n", "false", "0", "0.0"), "no"),
}
#: Draws for the intervals of groups; enough for an error far below the width of the intervals.
DRAWS = 10_000


class _Labelled(NamedTuple):
    """Labelled papers that the detector calls linked, and others: number, number truly linked."""

    n: NDArray[np.int64]
    true: NDArray[np.int64]


@checked
def corrected_availability(
    papers: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    by: str | pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    what: str = "code",
    date: str = "auto",
    claims: pd.DataFrame | None = None,
    confidence: float = 0.95,
    seed: int = 42,
) -> pd.DataFrame:
    """Return the share of papers that link code, corrected for the detector's errors.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    labels : DataFrame
        What people found: `paper_id` and a column `code` (or the name that `what` gives): yes, no
        and can't tell (or y and n, True and False, 1 and 0, in any case) for "is available", by
        any source (such as the full paper); or statuses (linked, claimed, promised, request,
        none). The labelled papers are a random sample of each group; those that the detector
        calls linked may be sampled at another rate than the rest (as
        `toolkit.rates.draw_sample` does).
    by, topics, what, date, claims
        As for `availability`.
    confidence : float
        Of the intervals.
    seed : int
        Of the draws behind the intervals of groups.

    Returns
    -------
    DataFrame
        One row a group: group, n (papers whose status the detector knows), labelled, share
        (linked, as detected), corrected (the share that people would find), low, high (interval
        of the corrected share); topic, or period and partial; by, what and confidence (as given).
        With `by` also labels_of ("this group", or "other groups" where none of its papers is
        labelled: the interval then says only what the others allow for a group like them) and
        equal_p (of the test that the detector finds the same part in every group; NaN if it
        cannot be made).

    Raises
    ------
    DataError
        Labels that are not labels, are of unknown papers or repeated, or of which none is of a
        paper that the detector calls silent.

    Warns
    -----
    UserWarning
        Papers whose status is not known are left out, with their labels. Counts them.

    Notes
    -----
    The whole collection: prediction-powered inference (Angelopoulos et al. 2023,
    doi:10.1126/science.adi6000). With one binary prediction its best-tuned form is
    post-stratification: of the papers that the detector calls linked, and of the others, the
    share that people found linked, weighted by how many there are. The interval combines the
    Wilson intervals of its parts (Zou and Donner 2008, doi:10.1002/sim.3095), so it has a width
    even where the labels show no error. Where the detector calls no paper linked, this is the
    labels' own share and interval.

    Groups: the same weighted sum for each, of its own labels, drawn towards those of the other
    groups as far as the groups are alike (`toolkit.rates.pooling.draw_shares`); the interval holds
    the middle of 10,000 draws. One sensitivity for all groups, as in Rogan and Gladen's formula,
    gives intervals that miss the truth in half of the groups where the detector finds more in
    some than in others. `tests/bench/rates.py` counts both.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abcd"), "title": list("ABCD")})
    >>> claims = pd.DataFrame({"paper_id": list("abcd"), "code": ["linked"] * 2 + ["none"] * 2})
    >>> labels = pd.DataFrame({"paper_id": ["a", "c", "d"], "code": ["linked", "linked", "none"]})
    >>> corrected_availability(papers, labels, claims=claims)[["share", "corrected"]]
       share  corrected
    0    0.5       0.75
    """
    check_papers(papers)
    status = statuses(papers, what=what, claims=claims)
    row, truth = read_labels(papers, labels, what)
    known = status.notna().to_numpy()
    # Labels of papers that the detector could not read say nothing of its errors.
    row, truth = (known.cumsum() - 1)[row[known[row]]], truth[known[row]]
    papers, detected = papers[known], status[known].eq("linked").to_numpy(dtype=bool)
    _check_labels(detected, row)
    members, groups = group_papers(papers, by=by, topics=topics, date=date)
    size = np.bincount(members["group"], minlength=len(groups))
    found = np.bincount(members["group"], detected[members["row"]], len(groups)).astype(np.int64)
    pairs = members.merge(pd.DataFrame({"row": row, "truth": truth}), on="row")
    labelled = _count_labels(detected[pairs["row"]], pairs["truth"], pairs["group"], len(groups))
    table = pd.DataFrame(
        {
            "group": groups["group"].astype("string"),
            "n": size,
            "labelled": labelled.n.sum(axis=0),
            "share": found / np.where(size > 0, size, np.nan),
        }
    )
    parts = _shares(labelled, found, size, confidence, seed)
    table["corrected"], table["low"], table["high"] = parts
    if by is not None:
        own = np.where(table["labelled"] > 0, "this group", "other groups")
        table["labels_of"] = pd.array(own, dtype="string")
        (right, missed), (ours, others) = labelled.true, labelled.n
        rng = np.random.default_rng(seed)
        p = equal_sensitivity_p(found, size, right, ours, missed, others, rng=rng)
        table["equal_p"] = p
    for extra in ("topic", "period", "partial"):
        if extra in groups:
            table[extra] = groups[extra].to_numpy()
    return add_settings(table, by, what, confidence)


def _check_labels(detected: NDArray[np.bool_], row: NDArray[np.intp]) -> None:
    if len(row) == 0:
        raise DataError("no label of a paper that the detector could read", found="0 labels")
    if detected[row].all() and not detected.all():
        raise DataError(
            "no paper that the detector calls silent is labelled",
            found=f"{len(row)} labels, all of papers that it calls linked",
            expected="labels of both",
            hint="Draw the papers to label with toolkit.rates.draw_sample(papers)",
        )


def _count_labels(detected: NDArray[np.bool_], truth: Any, group: Any, groups: int) -> _Labelled:
    """Return the numbers of labelled papers, shape (2, groups): first those called linked."""
    place = 2 * np.asarray(group) + ~detected
    n = np.bincount(place, minlength=2 * groups).reshape(groups, 2).T
    true = np.bincount(place, weights=np.asarray(truth, dtype=float), minlength=2 * groups)
    return _Labelled(n, true.astype(np.int64).reshape(groups, 2).T)


def _shares(
    labelled: _Labelled,
    linked: NDArray[np.int64],
    size: NDArray[np.int64],
    confidence: float,
    seed: int,
) -> NDArray[np.float64]:
    """Return corrected shares with their intervals, shape (3, groups)."""
    parts = np.full((3, len(size)), np.nan)
    own = labelled.n.sum(axis=0) > 0
    if len(size) > 1:
        parts = _each(labelled, linked, size, confidence, seed)
    if own.sum() == 1:
        # There are no other labels that it could be drawn towards.
        g = int(own.argmax())
        sample = _Labelled(labelled.n[:, g], labelled.true[:, g])
        parts[:, g] = _whole(sample, int(linked[g]), int(size[g]), confidence)
    return parts


def _whole(
    sample: _Labelled, linked: int, total: int, confidence: float
) -> tuple[float, float, float]:
    """Return the post-stratified share, with an interval combined from those of its parts."""
    low, high = wilson(sample.true, sample.n, confidence=confidence)
    # Of no label nothing is known but that the detector said so.
    low, high = np.where(sample.n > 0, low, 0.0), np.where(sample.n > 0, high, 1.0)
    share = np.where(sample.n > 0, sample.true / np.maximum(sample.n, 1), [1.0, 0.0])
    if linked in (0, total):
        only = 0 if linked else 1
        return float(share[only]), float(low[only]), float(high[only])
    weight = linked / total
    weight_low, weight_high = (float(end) for end in wilson(linked, total, confidence=confidence))
    weights = np.array([weight, 1 - weight])
    slope = share[0] - share[1]
    # The change of the weight that lowers the share, and the one that raises it.
    down, up = weight - weight_low, weight_high - weight
    if slope < 0:
        down, up = up, down
    corrected = float(weights @ share)
    below = np.sqrt(((weights * (share - low)) ** 2).sum() + (slope * down) ** 2)
    above = np.sqrt(((weights * (high - share)) ** 2).sum() + (slope * up) ** 2)
    return corrected, max(0.0, float(corrected - below)), min(1.0, float(corrected + above))


def _each(
    labelled: _Labelled,
    linked: NDArray[np.int64],
    size: NDArray[np.int64],
    confidence: float,
    seed: int,
) -> NDArray[np.float64]:
    """Return each group's share: mean and middle of draws of its parts."""
    rng = np.random.default_rng(seed)
    right, missed = (
        draw_shares(true, n, draws=DRAWS, rng=rng) for true, n in zip(labelled.true, labelled.n)
    )
    rate = rng.beta(linked[:, None] + 0.5, (size - linked)[:, None] + 0.5, (len(size), DRAWS))
    drawn = rate * right + (1 - rate) * missed
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1)
    mean = np.clip(drawn.mean(axis=1), low, high)
    return np.where(size > 0, np.stack([mean, low, high]), np.nan)


def read_labels(
    papers: pd.DataFrame, labels: pd.DataFrame, what: str
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the positions of the labelled papers and whether people found them linked."""
    if not isinstance(labels, pd.DataFrame) or "paper_id" not in labels or what not in labels:
        raise DataError(
            "not a table of labels",
            found=list(labels.columns)
            if isinstance(labels, pd.DataFrame)
            else type(labels).__name__,
            expected=f"paper_id and {what}",
            hint=f"Read the file first: pd.read_csv({os.fspath(labels)!r})"
            if isinstance(labels, str | os.PathLike)
            else "toolkit.rates.LabellingWidget(papers).labels is one",
        )
    labels = labels[labels[what].notna()].reset_index(drop=True)
    if labels["paper_id"].duplicated().any():
        place = int(labels["paper_id"].duplicated().to_numpy().argmax())
        raise DataError(
            "a paper is labelled twice",
            row=place + 1,
            column="paper_id",
            found=labels["paper_id"].iloc[place],
            hint="Keep one label for each paper",
        )
    row = pd.Index(papers["paper_id"].astype(object)).get_indexer(labels["paper_id"].astype(object))
    if (row < 0).any():
        place = int((row < 0).argmax())
        raise DataError(
            "a label is of no paper in the collection",
            row=place + 1,
            column="paper_id",
            found=labels["paper_id"].iloc[place],
        )
    values = labels[what].astype(object)
    answers = values.map(read_answer)
    if answers.isna().any():
        place = int(answers.isna().to_numpy().argmax())
        raise DataError(
            "not a label",
            row=place + 1,
            column=what,
            found=values.iloc[place],
            expected=f"yes, no and {UNSURE}; True and False; or {', '.join(STATUSES)}",
        )
    sure = (answers != UNSURE).to_numpy(dtype=bool)
    truth = answers.isin(["linked", "yes"]).to_numpy(dtype=bool)
    return row[sure], truth[sure]


def read_answer(value: object) -> str | None:
    """Return a label in one spelling: yes, no, can't tell or a status; None for other values.

    Examples
    --------
    >>> [read_answer(value) for value in ("Y", 0, True, "Linked", "maybe")]
    ['yes', 'no', 'yes', 'linked', None]
    """
    return _ANSWERS.get(str(value).strip().replace("’", "'").casefold())
