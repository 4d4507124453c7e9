"""Levels of reuse: how many papers have code that is there, may be used, runs, and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Levels that build on each other; the first two come from the text, the others from link checks.
STEPS = (
    "promised, claimed or linked",
    "linked",
    "resolves",
    "has content",
    "licensed",
    "environment given",
    "archived",
)
#: What content may have besides. Finished work need not be pushed to, so nothing builds on that.
BESIDE = ("example", "tests", "continuous integration", "recently pushed")
_CHECKS = ("url", "resolves", "empty", "licence", "last_push", "archived", "checked_at")


def reuse_levels(
    claims: pd.DataFrame,
    links: pd.DataFrame,
    checks: pd.DataFrame,
    *,
    recent: str = "365D",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how many papers reach each level of reuse, from a mention of code to an archived copy.

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
        One row a level:

        - level: seven that build on each other, then example, tests, continuous integration and
          recently pushed.
        - needs: "all above", or "has content" for the last four.
        - n: papers that reach it, and what it needs, with one and the same link.
        - unknown: papers that may reach it, where a check could not decide.
        - total: papers whose code status is known; share: n / total.
        - invented: whether checks of `plant_link_checks` are among them.
        - low (of Wilson's interval if no unknown paper reaches it) and high (if all do).

        "environment given" is a file that lists what the code needs, or a container; "archived"
        is a copy at Software Heritage, or a link to an archive such as Zenodo.

    Raises
    ------
    DataError
        A table that lacks columns.

    Examples
    --------
    >>> claims = pd.DataFrame({"paper_id": ["a", "b"], "code": ["linked", "none"]})
    >>> links = pd.DataFrame({"paper_id": ["a"], "url": ["https://x.org"], "kind": ["code"],
    ...                       "tense": ["present"]})
    >>> checks = pd.DataFrame({"url": ["https://x.org"], "resolves": [True], "empty": [False],
    ...     "licence": ["mit"], "environment": [True], "archived": [pd.NA],
    ...     "last_push": [pd.Timestamp("2020-01-01")], "checked_at": [pd.Timestamp("2026-01-01")]})
    >>> table = reuse_levels(claims, links, checks)
    >>> table.loc[table["needs"] == "all above", ["n", "unknown"]].values.tolist()
    [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [0, 1]]
    """
    _need(claims, "code_claims", "paper_id", "code")
    _need(links, "find_links", "paper_id", "url", "kind", "tense")
    _need(checks, "check_links", *_CHECKS)
    claims = claims[claims["code"].notna()]
    total = len(claims)
    ids = claims["paper_id"].astype(object)
    linked = ids[claims["code"].astype(object) == "linked"]
    code = links[(links["kind"] == "code") & (links["tense"] == "present")]
    code = code[code["paper_id"].isin(linked)]
    seen = checks.drop_duplicates("url", keep="last").set_index("url").reindex(code["url"])
    papers = code["paper_id"].to_numpy()
    counts = [(int((claims["code"] != "none").sum()), 0), (len(linked), 0)]
    # 1 yes, 0.5 unknown, 0 no: a level counts only with all that it needs.
    state, content = np.ones(len(code)), np.ones(len(code))
    for name, step in zip(STEPS[2:], _steps(seen)):
        state = np.minimum(state, step)
        content = state if name == "has content" else content
        counts.append(_count(state, papers))
    counts += [_count(np.minimum(content, level), papers) for level in _beside(seen, recent)]
    table = pd.DataFrame(counts, columns=["n", "unknown"])
    table.insert(0, "level", STEPS + BESIDE)
    table.insert(1, "needs", ["all above"] * len(STEPS) + ["has content"] * len(BESIDE))
    table["total"] = total
    table["share"] = table["n"] / total if total else np.nan
    table["low"] = wilson(table["n"], total, confidence=confidence)[0]
    # Unknown papers may reach the level: the interval must not exclude that.
    table["high"] = wilson(table["n"] + table["unknown"], total, confidence=confidence)[1]
    table["invented"] = "why" in checks and bool(checks["why"].eq("invented").any())
    return table


def _count(state: NDArray[np.float64], papers: NDArray[Any]) -> tuple[int, int]:
    """Return the papers whose best link reaches a level, and those whose best link may."""
    best = pd.Series(state, index=papers).groupby(level=0).max()
    return int((best == 1).sum()), int((best == 0.5).sum())


def _steps(seen: pd.DataFrame) -> list[NDArray[np.float64]]:
    """Return the state of each link on each step that is checked."""
    content = 1 - _state(seen, "empty")
    if "state" in seen:
        content = np.where(seen["state"].eq("coming soon").fillna(False), 0.0, content)
    return [
        _state(seen, "resolves"),
        content,
        np.where(seen["licence"].isna(), 0.5, (seen["licence"] != "none").fillna(True)),
        np.maximum(_state(seen, "environment"), _state(seen, "container")),
        _state(seen, "archived"),
    ]


def _beside(seen: pd.DataFrame, recent: str) -> list[NDArray[np.float64]]:
    age = pd.to_datetime(seen["checked_at"]) - pd.to_datetime(seen["last_push"])
    return [
        _state(seen, "example"),
        _state(seen, "tests"),
        _state(seen, "ci"),
        np.where(age.isna(), 0.5, age <= pd.Timedelta(recent)),
    ]


def _state(seen: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in seen:
        return np.full(len(seen), 0.5)
    column = seen[name].astype("boolean").astype("Float64").fillna(0.5)
    return np.asarray(column, dtype=float)


def _need(table: pd.DataFrame, maker: str, *columns: str) -> None:
    missing = [name for name in columns if name not in table]
    if missing:
        raise DataError(
            f"not a table of {maker}",
            found=list(table.columns),
            expected=", ".join(columns),
            hint=f"Make it with toolkit.{maker}",
        )
