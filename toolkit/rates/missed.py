"""How many papers with code all sources together miss: capture–recapture."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.claims.claims import find_links
from toolkit.errors import DataError
from toolkit.intervals import check_confidence
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMMON = "no source names code that is not there"
_ASSUMES = {
    "Chapman": "the two sources find papers independently of each other, and each finds all "
    f"papers with code with the same chance; {_COMMON}. Sources that tend to name the same papers "
    "make the estimate too low",
    "log-linear": "two sources may tend to name the same papers, but no three do beyond that; "
    f"{_COMMON}",
    "Chao's lower bound": "papers may differ in how easily they are found: there are at least so "
    f"many; {_COMMON}",
}
#: With more sources there are too many models of who depends on whom.
_MOST = 5


def estimate_missed(
    papers: pd.DataFrame,
    sources: Mapping[str, Collection[str]] | None = None,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how many papers have code, those that every source misses included.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    sources : mapping of str to collection of str, optional
        Two to five sources, and the ids of the papers for which each names code: the abstract, a
        venue's list, Hugging Face's `githubRepo`, the full text. By default the places where
        `find_links` finds own code: the text (title, abstract, comments), what the source
        declares (`code_url`).
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a method (Chapman for two sources; for more, log-linear models and Chao's lower
        bound): method; sources; n (papers); found (by any source); estimate (papers with code)
        with low and high, never below `found` or above n; missed (estimate - found); share
        (estimate / n); assumes: what must hold for it, in words.

    Raises
    ------
    DataError
        Fewer than two sources or more than five, an unknown paper, or sources that share no
        paper, of which nothing can be estimated.

    Notes
    -----
    D. G. Chapman (1951), University of California Publications in Statistics 1:131, with the
    interval of M. Sadinle (2009), doi:10.1080/03610910903168595. A. Chao (1987),
    doi:10.2307/2531532. Log-linear models of all sources with any set of pairs that depend on each
    other (S. E. Fienberg 1972, doi:10.1093/biomet/59.3.591), averaged by their AIC.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abcdefghij"), "title": "T"})
    >>> table = estimate_missed(papers, {"abstract": "abc", "list": "bcde"})
    >>> table[["method", "found", "estimate"]].round(2).values.tolist()
    [['Chapman', 5, 5.67]]
    """
    check_papers(papers)
    check_confidence(confidence)
    named = _sources_of(papers) if sources is None else dict(sources)
    seen = _seen(papers, named)
    found, n = int(seen.any(axis=1).sum()), len(papers)
    if len(named) == 2:
        rows = [("Chapman", *_chapman(seen, confidence))]
    else:
        rows = [
            ("log-linear", *_log_linear(seen, confidence)),
            ("Chao's lower bound", *_chao(seen, confidence)),
        ]
    table = pd.DataFrame(rows, columns=["method", "estimate", "low", "high"])
    for column in ("estimate", "low", "high"):
        table[column] = (found + table[column]).clip(found, n)
    table["low"], table["high"] = (
        table[["low", "estimate"]].min(axis=1),
        table[["estimate", "high"]].max(axis=1),
    )
    table.insert(1, "sources", ", ".join(named))
    table.insert(2, "n", n)
    table.insert(3, "found", found)
    return table.assign(
        missed=table["estimate"] - found,
        share=table["estimate"] / n,
        assumes=table["method"].map(_ASSUMES),
    )


def _sources_of(papers: pd.DataFrame) -> dict[str, Collection[str]]:
    bare = papers.drop(columns=["code_url", "project_url"], errors="ignore")
    links = find_links(bare)
    own = links["own"].fillna(False).astype(bool) & links["kind"].eq("code")
    text = links[own & links["tense"].eq("present") & links["where"].ne("source")]
    named: dict[str, Collection[str]] = {"text": list(text["paper_id"])}
    if "code_url" in papers and papers["code_url"].notna().any():
        named["source"] = list(papers.loc[papers["code_url"].notna(), "paper_id"])
    return named


def _seen(papers: pd.DataFrame, named: Mapping[str, Collection[str]]) -> NDArray[np.bool_]:
    """Return which source names which paper, shape (papers, sources)."""
    if not 2 <= len(named) <= _MOST:
        raise DataError(
            "an estimate of what all miss needs several sources",
            found=f"{len(named)}: {', '.join(named) or 'none'}",
            expected=f"two to {_MOST}",
            hint="Name the papers of each: estimate_missed(papers, {'abstract': ids, 'list': ids})",
        )
    known = pd.Index(papers["paper_id"])
    for name, ids in named.items():
        stray = pd.Index(list(ids)).difference(known)
        if len(stray):
            raise DataError(
                "a paper that is not in the collection", source=name, found=str(stray[0])
            )
    seen = np.column_stack([known.isin(list(ids)) for ids in named.values()])
    if not (seen.sum(axis=1) > 1).any():
        raise DataError(
            "the sources share no paper",
            found=", ".join(f"{name}: {len(set(ids))} papers" for name, ids in named.items()),
            hint="Without overlap nothing tells how many papers all of them miss",
        )
    return seen


def _chapman(seen: NDArray[np.bool_], confidence: float) -> tuple[float, float, float]:
    """Return how many two sources miss, with Sadinle's interval."""
    first, second = seen.T
    both, one, two = (first & second).sum(), (first & ~second).sum(), (~first & second).sum()
    missed = one * two / (both + 1)
    cells = np.array([both, one, two]) + 0.5
    centre = cells[1] * cells[2] / cells[0]
    error = np.sqrt((1 / cells).sum() + cells[0] / (cells[1] * cells[2]))
    step = np.exp(_z(confidence) * error)
    return float(missed), float(centre / step - 0.5), float(centre * step - 0.5)


def _chao(seen: NDArray[np.bool_], confidence: float) -> tuple[float, float, float]:
    times = seen.sum(axis=1)
    once, twice, found = int((times == 1).sum()), int((times == 2).sum()), int((times > 0).sum())
    part = (seen.shape[1] - 1) / seen.shape[1]
    missed = part * once * (once - 1) / (2 * (twice + 1))
    if twice:
        ratio = once / twice
        spread = twice * (part / 2 * ratio**2 + part**2 * ratio**3 + part**2 / 4 * ratio**4)
    else:
        spread = part * once * (once - 1) / 2 + part**2 * once * (2 * once - 1) ** 2 / 4
        spread -= part**2 * once**4 / (4 * found)
    if missed <= 0:
        return 0.0, 0.0, 0.0
    step = np.exp(_z(confidence) * np.sqrt(np.log1p(max(spread, 0.0) / missed**2)))
    return missed, float(missed / step), float(missed * step)


def _log_linear(seen: NDArray[np.bool_], confidence: float) -> tuple[float, float, float]:
    """Return how many all sources miss: the empty cell of models averaged by AIC."""
    count = seen.shape[1]
    cells = np.array(list(itertools.product([0, 1], repeat=count))[1:])
    found = np.array([(seen == cell.astype(bool)).all(axis=1).sum() for cell in cells])
    pairs = list(itertools.combinations(range(count), 2))
    # As many pairs as leave a degree of freedom; few of many pairs say most.
    most = min(len(pairs), len(cells) - count - 1, 3)
    fits = []
    for size in range(most + 1):
        for chosen in itertools.combinations(pairs, size):
            extra = [cells[:, a] * cells[:, b] for a, b in chosen]
            design = np.column_stack([np.ones(len(cells)), cells, *extra])
            fits.append(_fit(design, found))
    known = np.array([fit for fit in fits if np.isfinite(fit).all()])
    aic, logs, variances = known.T
    weight = np.exp(-(aic - aic.min()) / 2)
    weight /= weight.sum()
    centre = float(weight @ logs)
    error = float(np.sqrt(weight @ (variances + (logs - centre) ** 2)))
    step = np.exp(_z(confidence) * error)
    return float(np.exp(centre)), float(np.exp(centre) / step), float(np.exp(centre) * step)


def _fit(design: Any, found: Any) -> tuple[float, float, float]:
    """Return AIC, the logarithm of the empty cell, and its variance."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        # Half a paper more in each cell keeps empty ones from sending a parameter to infinity.
        fit = GLM(found + 0.5, design, family=Poisson()).fit()
    aic = 2 * design.shape[1] - 2 * float(fit.llf)
    return aic, float(fit.params[0]), float(fit.cov_params()[0, 0])


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))
