"""Which date counts, and in periods of which length: one decision, by the dates alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError


def spread(first: str, last: str, number: int, precision: str = "day") -> pd.DataFrame:
    """Return `number` papers, evenly spread over the days from the first to the last."""
    days = pd.date_range(first, last, periods=number).normalize()
    if precision != "day":
        days = days.to_period({"month": "M", "year": "Y"}[precision]).start_time
    return pd.DataFrame(
        {
            "paper_id": [f"title:{place:016x}" for place in range(number)],
            "title": [f"Paper {place}" for place in range(number)],
            "published": days.astype("datetime64[us]"),
            "published_precision": pd.Categorical([precision] * number, ["day", "month", "year"]),
        }
    )


@pytest.mark.parametrize(
    ("first", "last", "number", "freq"),
    [
        ("2014-01-01", "2023-12-31", 1000, "Y"),  # ten whole years
        ("2017-01-01", "2023-12-31", 1000, "Q"),  # seven are too few, 28 quarters of 36 enough
        ("2022-01-01", "2023-12-31", 1000, "Q"),  # eight quarters
        ("2022-07-01", "2023-12-31", 1000, "M"),  # six quarters are too few
        ("2022-07-01", "2023-12-31", 400, "Q"),  # but months would hold 22
        ("2017-01-01", "2023-12-31", 280, "Y"),  # quarters would hold 10
        ("2022-01-01", "2023-12-31", 100, "Q"),  # so do these, but two years make no trend
    ],
)
def test_the_longest_periods_of_which_there_are_eight(first, last, number, freq):
    assert toolkit.choose_calendar(spread(first, last, number)).freq == freq


def test_the_reason_in_words():
    def reason(*args):
        return toolkit.choose_calendar(spread(*args)).reason.removesuffix(
            " By the date of publication."
        )

    assert reason("2014-01-01", "2023-12-31", 1000) == (
        "By year: 10 whole years, typically of 100 papers."
    )
    assert reason("2023-01-01", "2023-12-31", 365) == (
        "By month: 12 whole months, typically of 31 papers; 4 whole quarters are too few."
    )
    assert reason("2017-01-01", "2023-12-31", 280) == (
        "By year: 7 whole years, typically of 40 papers; a quarter typically holds only 10."
    )
    assert reason("2024-05-05", "2024-05-05", 1) == (
        "By month: no whole months; no whole quarters are too few."
    )
    # Empty years count, too: three papers over 33 years make no 400 months.
    assert (
        reason("1990-06-01", "2024-06-01", 3) == "By year: 33 whole years, typically of 0 papers."
    )


def test_dates_of_a_database_that_knows_years_only():
    papers = spread("2019-01-01", "2023-12-31", 400, "year")
    assert toolkit.choose_calendar(papers) == (
        "Y",
        "published",
        "By year: 400 of 400 dates are known to the year only. By the date of publication.",
    )
    # Five of 100 are left out of quarters rather than turn them into years, six are not.
    days = spread("2019-01-01", "2023-12-31", 1000)
    for coarse, freq in ((50, "Q"), (51, "Y")):
        days.loc[: coarse - 1, "published_precision"] = "year"
        calendar = toolkit.choose_calendar(days)
        assert calendar.freq == freq
        told = f"{coarse} of 1,000 dates are " + ("coarser" if freq == "Q" else "known to the year")
        assert told in calendar.reason


def test_the_day_of_the_list_counts_where_the_list_is_kept_day_by_day():
    papers = spread("2022-01-01", "2023-12-31", 1000)
    kept = papers.assign(listed=papers["published"] + pd.Timedelta(days=10))
    assert toolkit.choose_calendar(kept).date == "listed"
    # By month of publication the last day of the month counts: listed 69 days after it at most.
    monthly = spread("2022-01-01", "2023-12-31", 1000, "month")
    late = monthly.assign(listed=monthly["published"] + pd.Timedelta(days=100))
    assert toolkit.choose_calendar(late).date == "listed"
    later = papers.assign(listed=papers["published"] + pd.Timedelta(days=100))
    assert "more than three months after" in toolkit.choose_calendar(later).reason
    once = papers.assign(listed=pd.Timestamp("2024-01-01"))
    assert toolkit.choose_calendar(once).date == "published"
    # One in twenty without it is no reason, more are: they would all be left out.
    for lacking, chosen in ((50, "listed"), (51, "published")):
        some = kept.assign(listed=kept["listed"].where(np.arange(1000) >= lacking))
        assert toolkit.choose_calendar(some).date == chosen
    only = kept.assign(published=pd.NaT)
    assert toolkit.choose_calendar(only).date == "listed"
    assert toolkit.choose_calendar(only.drop(columns="published")).date == "listed"


def test_what_is_given_is_kept():
    papers = spread("2014-01-01", "2023-12-31", 1000).assign(listed=pd.Timestamp("2024-01-01"))
    assert toolkit.choose_calendar(papers, freq="month")[:2] == ("M", "published")
    assert toolkit.choose_calendar(papers, date="listed").date == "listed"
    assert toolkit.choose_calendar(papers, freq="W", date="listed") == ("W", "listed", "As given.")
    with pytest.raises(DataError, match="not a length of period: found 'fortnight'"):
        toolkit.choose_calendar(papers, freq="fortnight")
    with pytest.raises(DataError, match="not a column of dates: found 'updated'"):
        toolkit.choose_calendar(papers, date="updated")
    with pytest.raises(DataError, match="lacks a column"):
        toolkit.choose_calendar(papers.drop(columns="listed"), date="listed")


def test_without_dates():
    papers = spread("2014-01-01", "2023-12-31", 10)
    with pytest.raises(DataError, match=r"no paper has a date: .*years are enough"):
        toolkit.choose_calendar(papers.assign(published=pd.NaT))
    with pytest.raises(DataError, match=r"no paper can be placed in years.*10 of 10 without"):
        toolkit.choose_calendar(papers.assign(published=pd.NaT), date="published")
    with pytest.raises(DataError, match="The table is empty"):
        toolkit.choose_calendar(papers[:0])
    with pytest.raises(DataError, match=r"the column holds no dates.*pd.to_datetime"):
        toolkit.choose_calendar(papers.assign(published="2014"))


def test_everybody_decides_by_it():
    papers = spread("2022-01-01", "2024-03-31", 1000).assign(
        venue=["X", "Y"] * 500, abstract="Kites. Code: https://github.com/a/a."
    )
    papers["listed"] = papers["published"] + pd.Timedelta(days=31)
    trends = toolkit.topic_trends(papers, by="venue")
    assert (trends["freq"] == "Q").all() and trends["period"].min() == pd.Timestamp("2022-01-01")
    partial = trends.loc[trends["partial"], "period"].nunique()
    assert partial == 2, "those of February 2022 and of 1 May 2024"
    rates = toolkit.availability(papers, by="period")
    assert rates["group"].tolist()[::9] == ["2022 Q1", "2024 Q2"] and len(rates) == 10
    assert rates["n"].sum() == 1000
    why = "none is shown to be more frequent in 2024 Q1 than in 2022 Q2 to 2023 Q4; 1 were tested"
    with pytest.warns(UserWarning, match=why):
        assert toolkit.emerging_terms(papers, min_papers=1).empty
    with pytest.warns(UserWarning, match="no bursts: of 1 terms searched, 'kites' comes nearest"):
        assert toolkit.find_bursts(papers, of="terms").empty


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.dates(date(1990, 1, 1), date(2026, 11, 1)), st.sampled_from(["day", "year"])),
        min_size=1,
        max_size=40,
    ),
    st.randoms(),
)
def test_row_order_changes_nothing_and_nearly_all_papers_can_be_placed(rows, rng):
    papers = pd.DataFrame(
        {
            "paper_id": [f"title:{place:016x}" for place in range(len(rows))],
            "title": "T",
            "published": pd.to_datetime([day for day, _ in rows]).astype("datetime64[us]"),
            "published_precision": [precision for _, precision in rows],
        }
    )
    calendar = toolkit.choose_calendar(papers)
    order = list(range(len(rows)))
    rng.shuffle(order)
    assert toolkit.choose_calendar(papers.iloc[order]) == calendar
    coarse = sum(precision == "year" for _, precision in rows)
    assert calendar.freq in ("M", "Q", "Y") and (calendar.freq == "Y" or 20 * coarse <= len(rows))
