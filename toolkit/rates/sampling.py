"""Which papers to label so that the labels tell most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.papers.features import abstracts_hint
from toolkit.papers.schema import check_papers
from toolkit.rates.correction import read_labels
from toolkit.rates.groups import group_papers
from toolkit.rates.rates import statuses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: What is expected before the first label, as true and false labels: of papers that the detector
#: calls linked nearly all are, of the others a quarter.
_EXPECTED = ((4.75, 0.25), (1.0, 3.0))


def draw_sample(
    papers: pd.DataFrame,
    *,
    n: int = 50,
    by: str | pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    what: str = "code",
    date: str = "auto",
    claims: pd.DataFrame | None = None,
    labels: pd.DataFrame | None = None,
    seed: int = 42,
) -> list[str]:
    """Return a random sample of papers to label, drawn so that their labels tell most.

    Most labels go to papers that the detector calls silent: how many of these have code is what
    nobody knows. (Of 50 labels, 6 to 44 give an interval a seventh narrower than 25 to 25 where the
    detector finds 40 % of the code; where it finds 75 %, both are as wide.)
    `corrected_availability` weights the two kinds by their number.

    Parameters
    ----------
    papers : DataFrame
        A papers table; papers that the detector could not read are not drawn.
    n : int
        Size of the sample, at most all papers.
    by, topics, what, date, claims
        As for `corrected_availability`: with `by`, every group gets as many labels as any other,
        so correct by the same groups. Each paper should be in one group.
    labels : DataFrame, optional
        What is labelled already, as for `corrected_availability`: these papers are not drawn
        again, and what they show decides how the new ones are divided.
    seed : int
        The same seed gives the same papers, so several people can divide them.

    Returns
    -------
    list of str
        Paper ids in random order.

    Raises
    ------
    DataError
        `n` is below 2, or there is no paper with an abstract or features made from one, and no
        claims of full texts are given.

    Warns
    -----
    UserWarning
        Counts papers that the detector could not read.

    Notes
    -----
    Optimal allocation (J. Neyman 1934, doi:10.2307/2342192): to each kind in proportion to its
    papers times the standard deviation of their labels, expected (19 of 20 and 1 of 4 true) or
    seen in `labels`; three of each kind at least.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"), "abstract": "Bees."})
    >>> sorted(draw_sample(papers, n=2, seed=1))
    ['a', 'b']
    """
    check_papers(papers)
    if n < 2:
        raise DataError("too few papers to label", found=n, expected="2 or more")
    status = statuses(papers, what=what, claims=claims)
    known = status.notna().to_numpy()
    if not known.any():
        raise DataError(
            "no paper has an abstract, or features made from one",
            hint=abstracts_hint(papers, ~known)
            + ". Of full texts: claims=toolkit.code_claims(papers, fulltext=…)",
        )
    row, truth = (
        (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=bool))
        if labels is None
        else read_labels(papers, labels, what)
    )
    linked = status.eq("linked").to_numpy(dtype=bool)
    members, groups = group_papers(papers, by=by, topics=topics, date=date)
    group = np.full(len(papers), -1)
    # A paper of several groups counts in the first of them.
    group[members["row"].to_numpy()[::-1]] = members["group"].to_numpy()[::-1]
    kind = np.where(known & (group >= 0), 2 * group + ~linked, -1)
    kinds = 2 * len(groups)
    size = np.bincount(kind[kind >= 0], minlength=kinds).reshape(-1, 2)
    true = np.bincount(kind[row[truth]] + 1, minlength=kinds + 1)[1:].reshape(-1, 2)
    done = np.bincount(kind[row] + 1, minlength=kinds + 1)[1:].reshape(-1, 2)
    kind[row] = -1
    free = np.bincount(kind[kind >= 0], minlength=kinds).reshape(-1, 2)
    take = _divide(n, size, free, done, true).ravel()
    rng = np.random.default_rng(seed)
    # By id, so that the order of the papers does not change which are drawn.
    by_id = np.argsort(papers["paper_id"].astype(str).to_numpy(), kind="stable")
    order = by_id[rng.permutation(len(papers))]
    chosen = np.concatenate(
        [order[kind[order] == one][: take[one]] for one in np.flatnonzero(take)] or [order[:0]]
    )
    return [str(paper) for paper in papers["paper_id"].iloc[rng.permutation(chosen)]]


def _divide(
    n: int,
    size: NDArray[np.int64],
    free: NDArray[np.int64],
    done: NDArray[np.int64],
    true: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many papers to draw of each group and kind (linked, silent), as `size`."""
    expected = np.array(_EXPECTED)
    # What other groups have shown is worth as much as what was expected.
    rate = (true + true.sum(axis=0) / (done.sum(axis=0) + 5) * 5 + expected[:, 0]) / (
        done + done.sum(axis=0) / (done.sum(axis=0) + 5) * 5 + expected.sum(axis=1)
    )
    weight = size * np.sqrt(rate * (1 - rate))
    groups = _spread(n, free.sum(axis=1), np.ones(len(size)), done.sum(axis=1))
    take = np.zeros_like(free)
    for g, number in enumerate(groups):
        least = np.minimum(free[g], np.maximum(3 - done[g], 0))
        least = np.minimum(least, number // 2)
        rest = _spread(number - least.sum(), free[g] - least, weight[g], done[g] + least)
        take[g] = least + rest
    return take


def _spread(
    n: int, free: NDArray[np.int64], weight: NDArray[np.float64], done: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return n drawn one after the other, each where most is missing for its weight."""
    take = np.zeros_like(free)
    for _ in range(min(n, int(free.sum()))):
        need = np.where(take < free, weight / (done + take + 1), -1.0)
        take[int(need.argmax())] += 1
    return take
