"""How many papers have which value of a column: authors, venues, countries, keywords."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked, warn_user
from toolkit.intervals import wilson
from toolkit.papers.values import split_values, warn_variants
from toolkit.trends.calendars import date_papers

COUNTINGS = ("full", "fractional")


@checked
def count_by(
    papers: pd.DataFrame, column: str, *, counting: str = "full", confidence: float = 0.95
) -> pd.DataFrame:
    """Return how many papers have which value of a column, and from when to when.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    column : str
        Any of its columns; each value of `authors`, `affiliations`, `countries`, `keywords`,
        `references`, `categories` and `origin` counts, once a paper; so do ``"institutions"``,
        which are read from the addresses in `affiliations`.
    counting : {"full", "fractional"}
        With ``"full"`` a paper counts as one for each of its values, with ``"fractional"`` as one
        in all: a third for each of three authors.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a value, the most frequent first:

        - value
        - papers: how many have it (a fraction with ``"fractional"``)
        - share: of the papers that have any value in this column, 0 to 1
        - low, high: Wilson's interval of the share among papers like these (of a whole population,
          counted in full, there is nothing uncertain). Fractions vary less than whole papers: with
          them the interval is wider than need be
        - first, last: dates of its first and its last paper (the date that `choose_calendar`
          takes; of a year its first day); NaT without any
        - variants: other values that may be the same one, counted apart, ``" | "`` between them;
          NA without any

    Raises
    ------
    DataError
        Not a papers table, no such column, nothing in it, or an unknown way of counting.

    Warns
    -----
    UserWarning
        Counts the papers left out because they have no value. Counts the names of authors that
        may be others' ('A. Lee' and 'Ann Lee') and the values that differ from others in
        punctuation alone: they are counted apart. Spellings of one venue, and authors,
        affiliations, institutions and keywords that differ only in capitals, accents, points
        ('R. Oak', 'R Oak') or a number before an address, are counted together under the most
        frequent spelling; the warning says how many.

    Notes
    -----
    Full and fractional counting: Waltman and van Eck (2015), doi:10.1016/j.joi.2015.08.001.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...     "published": pd.to_datetime(["2021-01-01", "2022-01-01", "2023-01-01"]),
    ...     "countries": ["Chile; Peru", "Chile", "Peru; Chile; Cuba"]})
    >>> count_by(papers, "countries")[["value", "papers", "share"]].round(2)
       value  papers  share
    0  Chile       3   1.00
    1   Peru       2   0.67
    2   Cuba       1   0.33
    >>> count_by(papers, "countries", counting="fractional")["papers"].round(2).tolist()
    [1.83, 0.83, 0.33]
    """
    if counting not in COUNTINGS:
        raise DataError(
            "unknown way of counting",
            argument="counting",
            found=counting,
            expected="'full' or 'fractional'",
        )
    cells = split_values(papers, column, argument="column")
    if cells.empty:
        raise DataError("the column holds nothing to count", column=column)
    row = cells.index.to_numpy()
    each = np.bincount(row, minlength=len(papers))
    weight = 1 / each[row] if counting == "fractional" else np.ones(len(row), dtype=np.int64)
    day = date_papers(papers)["day"].to_numpy()[row]
    pairs = pd.DataFrame({"value": cells.to_numpy(), "papers": weight, "day": day})
    grouped = pairs.groupby("value", sort=True)
    table = grouped.agg(papers=("papers", "sum"), first=("day", "min"), last=("day", "max"))
    table = table.reset_index().sort_values(
        ["papers", "value"], ascending=[False, True], ignore_index=True
    )
    n = int((each > 0).sum())
    table["value"] = table["value"].astype("string")
    table["share"] = table["papers"] / n
    table["low"], table["high"] = wilson(table["papers"], n, confidence=confidence)
    table["variants"] = _name_variants(table["value"].tolist(), column)
    if n < len(papers):
        warn_user(f"left out: {len(papers) - n:,} of {len(papers):,} papers without {column!r}")
    return table[["value", "papers", "share", "low", "high", "first", "last", "variants"]]


def _name_variants(values: list[str], column: str) -> pd.Series[str]:
    """Return for each value the others that may be the same; warn of them."""
    found = warn_variants(values, column, "; the column `variants` names them")
    said = [" | ".join(found[value]) if value in found else None for value in values]
    return pd.Series(said, dtype="string")
