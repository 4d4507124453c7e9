"""Periods with few papers: which they are, and how long periods would have to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.trends.frequencies import FEW, FREQS, label_periods, start_of
from toolkit.trends.table import freq_of

if TYPE_CHECKING:
    import pandas as pd

#: A trend needs as many whole periods.
_ENOUGH = 3


def few_papers(trends: pd.DataFrame) -> pd.DataFrame:
    """Return the periods with papers, but with too few to read a share off them: period, total.

    Examples
    --------
    >>> import pandas as pd
    >>> trends = pd.DataFrame({"period": pd.to_datetime(["2022-01-01", "2023-01-01"]), "topic": 0,
    ...                        "papers": [3, 9], "total": [12, 80], "partial": False})
    >>> few_papers(trends)["total"].tolist()
    [12]
    """
    periods = trends.drop_duplicates("period").sort_values("period", ignore_index=True)
    return periods.loc[periods["total"].between(1, FEW - 1), ["period", "total"]]


def longer_freq(trends: pd.DataFrame) -> str | None:
    """Return the shortest longer period in which no whole period has few papers, if there is one.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2022-01-01", periods=12, freq="MS")
    >>> trends = pd.DataFrame({"period": months, "topic": 0, "papers": 1, "total": 12,
    ...                        "partial": False})
    >>> longer_freq(trends)
    'Q'
    """
    periods = trends.drop_duplicates("period")
    order = list(FREQS)
    for freq in order[order.index(freq_of(trends)) + 1 :]:
        by = periods.groupby(start_of(periods["period"], freq))
        totals = by["total"].sum()[~by["partial"].any()]
        if len(totals) >= _ENOUGH and totals.min() >= FEW:
            return freq
    return None


def say_few(trends: pd.DataFrame) -> str:
    """Say in a sentence which periods have few papers; nothing where none has.

    Examples
    --------
    >>> import pandas as pd
    >>> trends = pd.DataFrame({"period": pd.to_datetime(["2022-01-01", "2023-01-01"]), "topic": 0,
    ...                        "papers": [3, 9], "total": [12, 80], "partial": False})
    >>> say_few(trends)
    '1 of 2 periods has fewer than 30 papers (2022: 12): read no share off it alone.'
    """
    few = few_papers(trends)
    if few.empty:
        return ""
    named = label_periods(few["period"], freq=freq_of(trends))
    some = [f"{name}: {total}" for name, total in zip(named[:5], few["total"])]
    if len(few) > len(some):
        some.append("…")
    longer = longer_freq(trends)
    way = f"; with freq={longer!r} none has" if longer else ""
    return (
        f"{len(few)} of {trends['period'].nunique()} periods {'has' if len(few) == 1 else 'have'} "
        f"fewer than {FEW} papers ({', '.join(some)}): read no share off "
        f"{'it' if len(few) == 1 else 'them'} alone{way}."
    )
