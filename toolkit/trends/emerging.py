"""Terms that are more frequent in the last period than before, and terms that are new in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.frequencies import NAMES, label_periods
from toolkit.trends.occurrences import find_occurrences, warn_of_nothing


def emerging_terms(
    papers: pd.DataFrame,
    *,
    freq: str = "auto",
    date: str = "auto",
    min_papers: int = 5,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return terms with a larger share of the papers in the last whole period than before.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    freq, date : str
        Periods as in `topic_trends`; partial ones are left out. The last is compared with all
        earlier ones together.
    min_papers : int
        Terms in fewer papers, of all periods together, are left out.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries accepted.

    Returns
    -------
    DataFrame
        One row a term that is more frequent with q ≤ 1 − `confidence`; first those that were used
        before, then new ones, each by p:

        - term, new: whether no paper used it before
        - papers, papers_before: how many use it
        - share, share_before: of the papers of the last period, and of those before
        - ratio, low, high: share / share_before with interval; infinite where there was none
        - p, q: one-sided, of no increase; q adjusted for the number of terms

    Raises
    ------
    DataError
        Unknown arguments, no usable date, or fewer than two whole periods.

    Warns
    -----
    UserWarning
        Says why there is no term.

    Notes
    -----
    Fisher's exact test, one-sided; false discoveries after Benjamini and Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x); interval of the ratio from its logarithm with half a
    paper added (Walter 1975, doi:10.1093/biomet/62.2.371). The test assumes that papers are
    independent, which several papers of one research group are not.

    Examples
    --------
    >>> days = pd.date_range("2020-01-01", "2020-12-31")
    >>> papers = pd.DataFrame({"paper_id": [str(n) for n in range(len(days))], "published": days,
    ...     "title": ["Wind comet" if day.month > 9 else "Wind" for day in days]})
    >>> emerging_terms(papers, freq="Q")[["term", "new", "papers", "share", "share_before"]]
             term   new  papers  share  share_before
    0       comet  True      92    1.0           0.0
    1  wind_comet  True      92    1.0           0.0
    """
    from scipy.stats import hypergeom

    alpha = 1 - check_confidence(confidence)
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    found, _ = find_occurrences(papers, "terms", None, freq=freq, date=date, min_papers=min_papers)
    if len(found.periods) < 2:
        raise DataError(
            "nothing to compare the last period with",
            argument="freq",
            found=f"{len(found.periods)} whole {NAMES[freq]}(s)",
            expected="two or more",
            hint="Take shorter periods",
        )
    counts = found.counts(found.column)
    totals = found.periods["papers"].to_numpy()
    last, before = counts[:, -1], counts[:, :-1].sum(axis=1)
    n_last, n_before = int(totals[-1]), int(totals[:-1].sum())
    table = pd.DataFrame(
        {"term": found.names, "new": before == 0, "papers": last, "papers_before": before}
    )
    table["share"], table["share_before"] = last / n_last, before / n_before
    table["ratio"], table["low"], table["high"] = _ratio(last, n_last, before, n_before, confidence)
    # The probability of at least as many in the last period, were the papers drawn at random.
    table["p"] = hypergeom.sf(last - 1, n_last + n_before, last + before, n_last).clip(0, 1)
    table["q"] = benjamini_hochberg(table["p"])
    table["term"] = table["term"].astype("string")
    nearest = table.nsmallest(1, "q")
    table = table[(table["q"] <= alpha) & (table["ratio"] > 1)]
    if table.empty:
        (name,) = label_periods(found.periods["period"][-1:], freq=freq)
        near = "".join(
            f", nearest is {term!r} (q = {q:.2g})" for term, q in zip(nearest["term"], nearest["q"])
        )
        warn_of_nothing(
            found, "terms", min_papers,
            f"no term is shown to be more frequent in {name} ({n_last:,} papers) than before "
            f"({n_before:,}): of {len(found.names):,} terms{near}",
        )  # fmt: skip
    return table.sort_values(["new", "p", "term"], ignore_index=True)


def _ratio(k1: Any, n1: int, k0: Any, n0: int, confidence: float) -> Any:
    """Ratio of two shares with the interval of its logarithm, half a paper added."""
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (k1 / n1) / (k0 / n0)
    centre = np.log((k1 + 0.5) / (n1 + 0.5)) - np.log((k0 + 0.5) / (n0 + 0.5))
    half = z * np.sqrt(1 / (k1 + 0.5) - 1 / (n1 + 0.5) + 1 / (k0 + 0.5) - 1 / (n0 + 0.5))
    low, high = np.exp(centre - half), np.exp(centre + half)
    # Half a paper shifts the interval; it must still contain the ratio.
    return ratio, np.minimum(low, ratio), np.where(k0 == 0, np.inf, np.maximum(high, ratio))
