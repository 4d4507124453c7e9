"""The ladder of availability: how many papers reach each rung, from a promise to archived code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The rungs from bottom to top; the first two come from the text, the others from link checks.
RUNGS = (
    "promised, claimed or linked",
    "linked",
    "resolves",
    "not empty",
    "licensed",
    "recently pushed",
    "archived",
)
_CHECKS = ("url", "resolves", "empty", "licence", "last_push", "archived", "checked_at")


def climb_ladder(
    claims: pd.DataFrame,
    links: pd.DataFrame,
    checks: pd.DataFrame,
    *,
    recent: str = "365D",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how many papers reach each rung, from a mention of code to an archived copy.

    Parameters
    ----------
    claims : DataFrame
        From `code_claims`.
    links : DataFrame
        From `find_links`; only links to code in the present tense count.
    checks : DataFrame
        From `check_links`, of those links.
    recent : str
        Longest time from a repository's last push to its check, for "recently pushed".
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a rung: rung; n (papers that reach it and all rungs below with one and the same
        link); unknown (papers that may reach it, where a check could not decide); total (papers
        whose code status is known); share (n / total); low (of Wilson's interval if no unknown
        paper reaches it) and high (if all do).

    Raises
    ------
    DataError
        A table that lacks columns.

    Examples
    --------
    >>> claims = pd.DataFrame({"paper_id": ["a", "b"], "code": ["linked", "none"]})
    >>> links = pd.DataFrame({"paper_id": ["a"], "url": ["https://x.org"], "kind": ["code"],
    ...                       "tense": ["present"]})
    >>> checks = pd.DataFrame({"url": ["https://x.org"], "resolves": [True], "empty": [pd.NA],
    ...     "licence": [pd.NA], "last_push": [pd.NaT], "archived": [True],
    ...     "checked_at": [pd.Timestamp("2026-01-01")]})
    >>> climb_ladder(claims, links, checks)[["n", "unknown"]].values.tolist()
    [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0, 1]]
    """
    _need(claims, "code_claims", "paper_id", "code")
    _need(links, "find_links", "paper_id", "url", "kind", "tense")
    _need(checks, "check_links", *_CHECKS)
    claims = claims[claims["code"].notna()]
    total = len(claims)
    ids = claims["paper_id"].astype(object)
    linked = ids[claims["code"].astype(object) == "linked"]
    code = links[(links["kind"] == "code") & (links["tense"] == "present")]
    code = code[code["own"].astype(bool)] if "own" in code else code
    code = code[code["paper_id"].isin(linked)]
    seen = checks.drop_duplicates("url", keep="last").set_index("url").reindex(code["url"])
    state = np.ones(len(code))
    counts = [(int((~claims["code"].isin(["none", "request"])).sum()), 0), (len(linked), 0)]
    for step in _rung_states(seen, recent):
        # 1 yes, 0.5 unknown, 0 no: a rung counts only with all rungs below.
        state = np.minimum(state, step)
        best = pd.Series(state, index=code["paper_id"].to_numpy()).groupby(level=0).max()
        counts.append((int((best == 1).sum()), int((best == 0.5).sum())))
    table = pd.DataFrame(counts, columns=["n", "unknown"])
    table.insert(0, "rung", RUNGS)
    table["total"] = total
    table["share"] = table["n"] / total if total else np.nan
    table["low"] = wilson(table["n"], total, confidence=confidence)[0]
    # Unknown papers may reach the rung: the interval must not exclude that.
    table["high"] = wilson(table["n"] + table["unknown"], total, confidence=confidence)[1]
    return table


def _rung_states(seen: pd.DataFrame, recent: str) -> list[NDArray[np.float64]]:
    """Return the state of each link on each rung that is checked."""
    age = pd.to_datetime(seen["checked_at"]) - pd.to_datetime(seen["last_push"])
    return [
        _state(seen["resolves"]),
        1 - _state(seen["empty"]),
        np.where(seen["licence"].isna(), 0.5, (seen["licence"] != "none").fillna(True)),
        np.where(age.isna(), 0.5, age <= pd.Timedelta(recent)),
        _state(seen["archived"]),
    ]


def _state(column: pd.Series[Any]) -> NDArray[np.float64]:
    return np.asarray(column.astype("boolean").astype("Float64").fillna(0.5), dtype=float)


def _need(table: pd.DataFrame, maker: str, *columns: str) -> None:
    missing = [name for name in columns if name not in table]
    if missing:
        raise DataError(
            f"not a table of {maker}",
            found=list(table.columns),
            expected=", ".join(columns),
            hint=f"Make it with toolkit.{maker}",
        )
