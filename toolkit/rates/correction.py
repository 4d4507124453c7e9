"""Shares corrected for the detector's errors, estimated from papers that people have labelled."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.papers.coercion import STATUSES
from toolkit.papers.schema import check_papers
from toolkit.rates.groups import group_papers
from toolkit.rates.rates import add_settings, statuses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: Draws for the intervals of groups; enough for an error far below the width of the intervals.
DRAWS = 20_000


class _Labelled(NamedTuple):
    """Labelled papers that the detector calls linked, and others: number, number truly linked."""

    n: NDArray[np.int64]
    true: NDArray[np.int64]


def corrected_availability(
    papers: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    by: str | None = None,
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
        What people found: `paper_id` and a column `code` (or `artifact`, as `what` says) of
        linked, claimed, promised, request, none; or True and False for "is available", by any
        source
        (such as the full paper). The labelled papers are a random sample; those that the detector
        calls linked may be sampled at another rate than the rest.
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

    Raises
    ------
    DataError
        Labels that are not statuses, are of unknown papers or repeated, or are all of papers
        that the detector calls linked (or all of others).

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
    even where the labels show no error.

    Groups: each share is corrected by Rogan and Gladen's formula (1978,
    doi:10.1093/oxfordjournals.aje.a112510), with one sensitivity and specificity of the detector
    for all groups, since a label sample is too small for each; intervals come from draws of all
    parts (Jeffreys' posteriors). Where the detector errs more in some groups than in others, the
    intervals of groups cover the truth less often than `confidence`.

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
    row, truth = _read_labels(papers, labels, what)
    known = status.notna().to_numpy()
    # Labels of papers that the detector could not read say nothing of its errors.
    row, truth = (known.cumsum() - 1)[row[known[row]]], truth[known[row]]
    papers, detected = papers[known], status[known].eq("linked").to_numpy(dtype=bool)
    sample = _tabulate(detected[row], truth)
    members, groups = group_papers(papers, by=by, topics=topics, date=date)
    size = np.bincount(members["group"], minlength=len(groups))
    found = np.bincount(members["group"], weights=detected[members["row"]], minlength=len(groups))
    is_labelled = np.isin(members["row"], row)
    table = pd.DataFrame(
        {
            "group": groups["group"].astype("string"),
            "n": size,
            "labelled": np.bincount(
                members["group"], weights=is_labelled, minlength=len(groups)
            ).astype(int),
        }
    )
    with np.errstate(invalid="ignore"):
        table["share"] = found / size
    parts: tuple[Any, Any, Any] = (
        _whole(sample, int(detected.sum()), len(detected), confidence)
        if by is None
        else _each(sample, detected, found, size, confidence, seed)
    )
    table["corrected"], table["low"], table["high"] = parts
    for extra in ("topic", "period", "partial"):
        if extra in groups:
            table[extra] = groups[extra].to_numpy()
    return add_settings(table, by, what, confidence)


def _tabulate(detected: NDArray[np.bool_], truth: NDArray[np.bool_]) -> _Labelled:
    n = np.array([detected.sum(), (~detected).sum()])
    if not n.all():
        side = "linked" if n[0] == 0 else "not linked"
        raise DataError(
            f"no paper that the detector calls {side} is labelled",
            found=f"{n[0]} labels of linked papers, {n[1]} of others",
            expected="labels of both",
            hint="Label more papers drawn at random; 50 are usually enough",
        )
    return _Labelled(n, np.array([(detected & truth).sum(), (~detected & truth).sum()]))


def _whole(
    sample: _Labelled, linked: int, total: int, confidence: float
) -> tuple[list[float], list[float], list[float]]:
    """Return the post-stratified share, with an interval combined from those of its parts."""
    share = sample.true / sample.n
    low, high = wilson(sample.true, sample.n, confidence=confidence)
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
    return [corrected], [max(0.0, corrected - below)], [min(1.0, corrected + above)]


def _each(
    sample: _Labelled,
    detected: NDArray[np.bool_],
    found: NDArray[Any],
    size: NDArray[Any],
    confidence: float,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return Rogan and Gladen's estimate for each group, with quantiles of draws as interval."""
    weight = detected.mean()
    share = sample.true / sample.n
    with np.errstate(invalid="ignore", divide="ignore"):
        seen = found / size
    estimate = _rogan_gladen(seen, weight, share[0], share[1])
    rng = np.random.default_rng(seed)
    n_yes, n_no = int(detected.sum()), int((~detected).sum())
    weights = rng.beta(n_yes + 0.5, n_no + 0.5, DRAWS)
    ppv = rng.beta(sample.true[0] + 0.5, sample.n[0] - sample.true[0] + 0.5, DRAWS)
    missed = rng.beta(sample.true[1] + 0.5, sample.n[1] - sample.true[1] + 0.5, DRAWS)
    low, high = np.full(len(size), np.nan), np.full(len(size), np.nan)
    tail = (1 - confidence) / 2
    for group in np.flatnonzero(size):
        rate = rng.beta(found[group] + 0.5, size[group] - found[group] + 0.5, DRAWS)
        draws = _rogan_gladen(rate, weights, ppv, missed)
        low[group], high[group] = np.quantile(draws, [tail, 1 - tail])
        low[group] = min(low[group], estimate[group])
        high[group] = max(high[group], estimate[group])
    return estimate, low, high


def _rogan_gladen(rate: Any, weight: Any, ppv: Any, missed: Any) -> NDArray[np.float64]:
    """Return the true share for a detected rate, given the labels of linked and other papers."""
    true = weight * ppv + (1 - weight) * missed
    false = 1 - true
    with np.errstate(invalid="ignore", divide="ignore"):
        sensitivity = np.where(true > 0, weight * ppv / true, 1.0)
        false_alarm = np.where(false > 0, weight * (1 - ppv) / false, 0.0)
        share = (rate - false_alarm) / (sensitivity - false_alarm)
    # With a detector no better than chance, any share is possible.
    share = np.where(sensitivity > false_alarm, share, 0.5)
    clipped: NDArray[np.float64] = np.where(np.isnan(rate), np.nan, np.clip(share, 0.0, 1.0))
    return clipped


def _read_labels(
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
    known = values.map(lambda value: isinstance(value, bool | np.bool_) or value in STATUSES)
    if not known.all():
        place = int((~known.astype(bool)).to_numpy().argmax())
        raise DataError(
            "not a label",
            row=place + 1,
            column=what,
            found=values.iloc[place],
            expected=f"{', '.join(STATUSES)}; or True and False",
        )
    truth = values.map(lambda value: value == "linked" if isinstance(value, str) else bool(value))
    return row, truth.to_numpy(dtype=bool)
