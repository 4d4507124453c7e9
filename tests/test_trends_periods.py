"""Periods: where papers fall, which periods are whole, what is left out and said."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.trends import assign_periods, label_periods
from toolkit.trends.frequencies import FREQS, guess_freq


def make(dates, precision=None, listed=None) -> pd.DataFrame:
    papers = pd.DataFrame(
        {
            "paper_id": [f"title:{number:016x}" for number in range(len(dates))],
            "title": [f"Paper {number}" for number in range(len(dates))],
            "published": pd.to_datetime(pd.Series(dates)).astype("datetime64[us]"),
        }
    )
    if precision is not None:
        values = [precision] * len(dates) if isinstance(precision, str) else precision
        papers["published_precision"] = pd.Categorical(values, ["day", "month", "year"])
    if listed is not None:
        papers["listed"] = pd.to_datetime(pd.Series(listed)).astype("datetime64[us]")
    return papers


@pytest.mark.parametrize(
    ("freq", "start"),
    [
        ("D", "2024-08-21"),
        ("W", "2024-08-19"),  # the Monday before that Wednesday
        ("M", "2024-08-01"),
        ("Q", "2024-07-01"),
        ("Y", "2024-01-01"),
        ("q", "2024-07-01"),
        ("month", "2024-08-01"),
        ("ME", "2024-08-01"),
        ("QS", "2024-07-01"),
        ("years", "2024-01-01"),
    ],
)
def test_a_paper_falls_into_its_period(freq, start):
    period, periods = assign_periods(make(["2024-08-21"]), freq=freq)
    assert period.tolist() == [pd.Timestamp(start)]
    assert periods["period"].tolist() == [pd.Timestamp(start)]
    assert periods["papers"].tolist() == [1]
    # One day fills a day and nothing longer.
    assert periods["partial"].tolist() == [freq != "D"]


def test_gaps_are_listed_with_no_papers():
    _, periods = assign_periods(make(["2024-01-01", "2024-12-31"]), freq="Q")
    assert periods["papers"].tolist() == [1, 0, 0, 1]
    assert not periods["partial"].any()


@pytest.mark.parametrize(
    ("first", "last", "partial"),
    [
        ("2024-01-01", "2024-09-30", [False, False, False]),
        ("2024-01-02", "2024-09-30", [True, False, False]),
        ("2024-01-01", "2024-09-29", [False, False, True]),
    ],
)
def test_the_first_and_the_last_period_are_partial_unless_covered(first, last, partial):
    _, periods = assign_periods(make([first, "2024-05-05", last]), freq="Q")
    assert periods["partial"].tolist() == partial


def test_a_month_shows_only_that_it_had_begun():
    months = make(["2024-01-01", "2024-06-01", "2024-12-01"], "month")
    assert assign_periods(months, freq="M")[1]["partial"].tolist() == [True] + [False] * 10 + [True]
    assert assign_periods(months, freq="Q")[1]["partial"].tolist() == [True, False, False, True]
    years = make(["2020-01-01", "2021-01-01", "2022-01-01"], "year")
    assert assign_periods(years, freq="Y")[1]["partial"].tolist() == [False, False, False]
    # One paper of a known day at either end is proof enough.
    mixed = make(
        ["2024-01-01", "2024-01-01", "2024-12-01", "2024-12-31"], ["day", "month", "month", "day"]
    )
    assert not assign_periods(mixed, freq="Q")[1]["partial"].any()


def test_before_the_list_began_papers_are_there_by_exception():
    dates = ["2023-02-01", "2024-06-01", "2024-07-01", "2024-10-01", "2025-01-01"]
    listed = ["2024-06-21", "2024-06-21", "2024-07-05", "2024-10-04", "2025-01-03"]
    _, periods = assign_periods(make(dates, "month", listed), freq="Q")
    whole = periods.loc[~periods["partial"], "period"]
    assert label_periods(whole) == ["2024 Q3", "2024 Q4"]
    # By the day of listing, whole days count.
    _, periods = assign_periods(make(dates, "month", listed), freq="Q", date="listed")
    assert periods["partial"].tolist() == [True, False, False, True]
    # A list that some papers never stood on says nothing about the cover.
    listed[1] = None
    _, periods = assign_periods(make(dates, "month", listed), freq="Q")
    assert not periods.set_index("period").loc["2024-04-01", "partial"]


def years(papers, **given) -> tuple[list[str], list[bool]]:
    """Return the names of the years, and which are partial."""
    periods = assign_periods(papers, freq="Y", **given)[1]
    return label_periods(periods["period"], freq="Y"), periods["partial"].tolist()


def test_few_papers_far_from_all_others_do_not_stretch_time():
    # 21 papers of 2023 and 2024, so one of them is few; the middle ones span less than two years.
    near = pd.date_range("2023-01-01", "2024-12-31", periods=20)
    old = make([*near, "2015-01-01"])
    left_out = (
        r"left out of the years by 'published': 1 before 2023, where years hold hardly any \("
        r"title:0{14}14: 2015-01-01\), of 21 papers\. Correct .*by since='2015-01-01'$"
    )
    with pytest.warns(UserWarning, match=left_out):
        assert years(old) == (["2023", "2024"], [False, False])
    # What the user asks for stays.
    assert years(old, since="2015-01-01")[1] == [False] * 10
    with pytest.warns(UserWarning, match="1 after 2024, .* keep them all by until='2032-12-31'$"):
        assert years(make([*near, "2032-12-31"])) == (["2023", "2024"], [False, False])
    ends = make([*near, *near, "2015-01-01", "2032-12-31"])
    with pytest.warns(
        UserWarning,
        match="2 before 2023 or after 2024, .*by since='2015-01-01', until='2032-12-31'$",
    ):
        assert years(ends) == (["2023", "2024"], [False, False])
    # Two years are near, and one of nineteen is not few.
    assert years(make([*near, "2021-01-01"]))[1] == [False] * 4
    assert not any(years(make([*near[::2], "2015-01-01"]))[1][:9])
    # A gap in the midst is a gap.
    halves = make([*near, *(near - pd.Timedelta(days=9000))])
    assert not any(years(halves)[1][1:-1])


def test_years_with_hardly_any_papers_before_the_others_are_left_out():
    # 100 papers a year for ten years: the usual is 100, a tenth of it 10, one in twenty 50.
    dense = [f"{year}-01-01" for year in range(2011, 2021) for _ in range(100)]

    def begin(*counts):
        """Return the first year kept, with so many papers in the years up to 2010."""
        early = [
            f"{2011 - len(counts) + place}-01-01"
            for place, number in enumerate(counts)
            for _ in range(number)
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return years(make([*dense, *early], "year"))[0][0]

    assert begin(9, 9, 9) == "2011"
    assert begin(9, 9, 10, 9) == "2009", "ten are no less than a tenth"
    assert begin(8, 8, 8, 8, 8, 8, 8) == "2010", "six years hold 48 of 1,056 papers, seven too many"
    assert begin(1) == "2010", "the year in which it began"
    assert begin(1, 0, 0, 0, 0) == "2011"
    # A tenth of the usual may be more than 30 papers, of which a share can be read.
    large = [day for day in dense for _ in range(10)]
    for number, first in ((29, "2011"), (30, "2009")):
        papers = make([*large, *["2009-01-01"] * number, *["2010-01-01"] * number], "year")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            assert years(papers)[0][0] == first


def test_a_paper_dated_ahead_does_not_finish_the_quarter():
    dense = list(pd.date_range("2024-01-01", "2024-08-20"))  # a paper a day
    partial = assign_periods(make(dense), freq="Q")[1]["partial"].tolist()
    assert partial == [False, False, True]
    # In the 41 empty days before October, 41 papers were due: one beyond shows no cover.
    ahead = assign_periods(make([*dense, "2024-10-01"]), freq="Q")[1]["partial"].tolist()
    assert ahead == [False, False, True, True]
    # Five beyond are more than one in ten of those: the collection had a pause.
    pause = assign_periods(make([*dense, *["2024-10-01"] * 5]), freq="Q")[1]["partial"].tolist()
    assert pause == [False, False, False, True]


def test_a_misread_century_is_named_and_bends_no_trend():
    near = [f"{year}-{month:02}-28" for year in (2021, 2022, 2023) for month in range(1, 13)]
    papers = make(["2020-01-01", *near]).assign(venue=["X", *["X", "Y", "Z", "X"] * 9])
    papers.loc[0, "published"] = pd.Timestamp("0202-01-01")
    slip = r"1 before 2021.*, where .* hold hardly any \(title:0{16}: 0202-01-01\), of 37 papers"
    with pytest.warns(UserWarning, match=slip):
        trends = toolkit.topic_trends(papers, by="venue", freq="Y", until="2023-12-31")
    clean = toolkit.topic_trends(papers[1:], by="venue", freq="Y", until="2023-12-31")
    pd.testing.assert_frame_equal(trends, clean)
    with pytest.warns(UserWarning, match=slip):
        assert len(assign_periods(papers, freq="M")[1]) == 36
    too_long = r"0202-01-01 to 2023-12-01.*first paper and of the last: title:0{16}, title:"
    with pytest.raises(DataError, match=too_long):
        assign_periods(papers, freq="M", since="0202-01-01")


def test_periods_with_few_papers_are_flagged():
    dates = ["2023-01-01"] * 30 + ["2024-07-01"] * 29
    periods = assign_periods(make(dates), freq="Y", until="2024-12-31")[1]
    assert periods["sparse"].tolist() == [False, True]
    _, gap = assign_periods(make(["2024-01-01", "2024-12-31"]), freq="Q")
    assert gap["sparse"].tolist() == [True, False, False, True], "none are not few"


def test_warnings_point_at_the_callers_line_and_come_once():
    papers = make(["2021-01-01", "2022-02-02", "2023-03-03", None]).assign(venue="X")
    topics = SimpleNamespace(
        papers=papers[["paper_id"]].assign(topic=0),
        topics=pd.DataFrame({"topic": [0], "label": ["kites"]}),
    )
    calls = (
        lambda: assign_periods(papers, freq="Y"),
        lambda: toolkit.topic_trends(papers, by="venue", freq="Y"),
        lambda: toolkit.find_bursts(papers, topics=topics, freq="Y"),
        lambda: toolkit.emerging_terms(papers, freq="Y", min_papers=1),
        lambda: toolkit.availability(papers.assign(abstract="Kites."), by="year"),
    )
    for call in calls:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            call()
        # Some say besides why they find nothing.
        caught = [one for one in caught if not str(one.message).startswith("no ")]
        assert [Path(one.filename) for one in caught] == [Path(__file__)], call
        assert "1 without a date, of 4 papers" in str(caught[0].message)


def test_what_the_user_knows_about_the_cover_counts():
    papers = make(["2024-01-20", "2024-06-10"])
    _, periods = assign_periods(papers, freq="Q", since="2024-01-01", until="2024-06-30")
    assert not periods["partial"].any()
    with pytest.raises(DataError, match="argument 'until': not a date: found 'soon'"):
        assign_periods(papers, until="soon")


def test_coarse_dates_are_never_placed_finer():
    papers = make(["2024-01-01", "2024-01-01", "2024-02-09"], ["year", "month", "day"])
    with pytest.warns(UserWarning, match=r"left out of the months .*1 whose date is not known to "):
        period, periods = assign_periods(papers, freq="M")
    assert period.isna().tolist() == [True, False, False]
    assert periods["papers"].tolist() == [1, 1]
    with pytest.warns(UserWarning, match=r"left out of the weeks .*: 2 whose date .* of 3 papers"):
        period, _ = assign_periods(papers, freq="W")
    assert period.isna().tolist() == [True, True, False]
    period, _ = assign_periods(papers, freq="Y")
    assert period.notna().all()
    with pytest.raises(DataError, match=r"no paper can be placed in days.*3 with one too coarse"):
        assign_periods(make(["2024-01-01"] * 3, "month"), freq="D")


def test_undated_papers_are_counted():
    with pytest.warns(UserWarning, match="quarters by 'published': 1 without a date, of 3 papers"):
        period, periods = assign_periods(make(["2024-01-01", None, "2024-02-02"]), freq="Q")
    assert period.isna().tolist() == [False, True, False]
    assert periods["papers"].sum() == 2
    with pytest.raises(DataError, match=r"no paper can be placed in quarters.*2 of 2 without"):
        assign_periods(make([None, None]), freq="Q", date="published")
    with pytest.raises(DataError, match=r"no paper can be placed in quarters.*0 of 0 without"):
        assign_periods(make([]), freq="Q", date="published")


@pytest.mark.parametrize(
    ("precision", "listed", "hint"),
    [
        ("year", None, "Take freq='Y'"),
        ("month", None, "Take freq='M', freq='Q' or freq='Y'"),
        (["year", "month"], None, "Take freq='M', freq='Q' or freq='Y'"),
        ("year", [None, None], "Take freq='Y'"),
        ("year", ["2024-05-06", None], "Take freq='Y' or date='listed'"),
    ],
)
def test_the_hint_names_only_what_works(precision, listed, hint):
    papers = make(["2024-01-01"] * 2, precision, listed)
    with pytest.raises(DataError, match="no paper can be placed in days") as caught:
        assign_periods(papers, freq="D")
    assert str(caught.value).endswith(f"finer. {hint}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for freq in re.findall("freq='(.)'", hint):
            assert assign_periods(papers, freq=freq)[0].notna().any()


def test_without_any_date_the_hint_sends_nowhere_else():
    with pytest.raises(
        DataError, match=r"no paper has a date: .* Fill 'published': years are enough$"
    ) as caught:
        assign_periods(make([None, None], listed=[None, None]))
    assert "Take" not in str(caught.value)
    with pytest.raises(DataError, match=r"Take date='published'$|freq='Y' or date='published'$"):
        assign_periods(make(["2024-01-01"], listed=[None]), date="listed")
    with pytest.raises(DataError, match="The table is empty"):
        assign_periods(make([]))


def test_bad_arguments():
    papers = make(["2024-01-01"])
    with pytest.raises(DataError, match="not a length of period: found 'fortnight'"):
        assign_periods(papers, freq="fortnight")
    with pytest.raises(DataError, match="not a length of period: found None"):
        assign_periods(papers, freq=None)
    with pytest.raises(DataError, match="not a column of dates: found 'updated'"):
        assign_periods(papers, date="updated")
    with pytest.raises(DataError, match="lacks a column"):
        assign_periods(papers, date="listed")
    text = papers.assign(published="2024-01-01")
    with pytest.raises(DataError, match=r"the column holds no dates.*pd.to_datetime"):
        assign_periods(text)
    years = r"Make dates of years: papers.assign\(published=pd.to_datetime\(.*format='%Y'\), publ"
    with pytest.raises(DataError, match=years):
        assign_periods(papers.assign(published=2024))
    numbers = pd.Series([2024.0, None])
    by_hint = pd.to_datetime(numbers.astype("Int64").astype("string"), format="%Y")[:1]
    assert by_hint.dt.year.tolist() == [2024], "as the hint says"
    with pytest.raises(DataError, match=r"pd.to_datetime\(papers\['published'\].astype\(str\)\)"):
        assign_periods(papers.assign(published=papers["published"].dt.to_period("Y")))
    with pytest.raises(DataError, match="argument 'since': the first day covered is after the la"):
        assign_periods(papers, since="2024-02-01", until="2024-01-01")
    with pytest.raises(DataError, match="not a papers table"):
        assign_periods([1, 2])
    far = make(["1600-01-01", "2024-01-01"])
    with pytest.raises(DataError, match=r"periods from 1600-01-01 to 2024-01-01.*longer periods"):
        assign_periods(far, freq="D")


def test_arguments_are_not_changed():
    papers = make(["2024-01-01", "2024-03-31"], "day")
    before = papers.copy(deep=True)
    assign_periods(papers)
    pd.testing.assert_frame_equal(papers, before)


def test_times_of_day_and_time_zones_do_not_matter():
    papers = make(["2024-03-31 23:59", "2024-04-01 00:00"])
    assert assign_periods(papers)[1]["papers"].tolist() == [1, 1]
    papers["published"] = papers["published"].dt.tz_localize("UTC")
    assert assign_periods(papers)[1]["papers"].tolist() == [1, 1]


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2026-12-31").date()),
             min_size=1, max_size=30),
    st.sampled_from(list(FREQS)),
    st.randoms(),
)  # fmt: skip
def test_always(dates, freq, rng):
    papers = make(dates)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # at most one paper astray at either end
        period, periods = assign_periods(papers, freq=freq)
    assert len(papers) - 2 * (len(papers) // 20) <= periods["papers"].sum() <= len(papers)
    assert period.notna().sum() == periods["papers"].sum()
    assert periods["period"].is_monotonic_increasing and periods["period"].is_unique
    assert (period[period.notna()] <= papers["published"][period.notna()]).all()
    assert not periods["partial"].iloc[1:-1].any()
    order = list(range(len(dates)))
    rng.shuffle(order)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        again, same = assign_periods(papers.iloc[order], freq=freq)
    pd.testing.assert_series_equal(again.sort_index(), period)
    pd.testing.assert_frame_equal(same, periods)


def test_labels():
    def label(*days):
        return label_periods(pd.to_datetime(list(days)))

    assert label("2023-01-01", "2024-01-01") == ["2023", "2024"]
    assert label("2023-10-01", "2024-01-01") == ["2023 Q4", "2024 Q1"]
    assert label("2023-01-01", "2023-02-01") == ["2023-01", "2023-02"]
    assert label("2023-01-02", "2023-01-09") == ["2023-01-02", "2023-01-09"]
    assert label() == []
    some = pd.to_datetime(["2023-01-01", "2023-04-01"])
    assert label_periods(some) == ["2023 Q1", "2023 Q2"]
    assert label_periods(some, freq="M") == ["2023-01", "2023-04"]
    assert label_periods(some[:1], freq="Q") == ["2023 Q1"]
    assert guess_freq(pd.to_datetime(["2023-01-02", "2023-01-09"])) == "W"
    assert guess_freq(pd.to_datetime(["2023-01-02", "2023-01-03"])) == "D"


def test_the_real_collection_has_eight_whole_quarters():
    papers = toolkit.load_sample("hf-papers")
    _, periods = assign_periods(papers)
    whole = periods[~periods["partial"]]
    assert label_periods(whole["period"])[::7] == ["2024 Q3", "2026 Q2"]
    assert periods["papers"].sum() == len(papers) == 5680
    assert pd.Timestamp("2024-04-01") in set(periods.loc[periods["partial"], "period"])


def test_a_first_paper_some_days_late_is_chance():
    # 600 papers in two years, from 3 January to 28 December: 1.2 days apart, 3.6 granted; the
    # first and the last quarter are whole. With a paper a tenth of a day they are not.
    def partial(number: int) -> list[bool]:
        days = pd.date_range("2023-01-03", "2024-12-28", periods=number).normalize()
        papers = pd.DataFrame({"paper_id": [str(n) for n in range(number)], "title": "T",
                               "published": days.astype("datetime64[us]")})  # fmt: skip
        return assign_periods(papers, freq="Q", date="published")[1]["partial"].tolist()

    assert not any(partial(600))
    assert partial(7000) == [True, *[False] * 6, True]
    # Of few papers nothing is known.
    assert partial(100) == [True, *[False] * 6, True]


def test_first_and_last_years_known_by_year_alone_are_whole():
    dates = [f"{year}-01-01" for year in range(2015, 2021) for _ in range(20)]
    papers = make(dates, "year")
    assert years(papers)[1] == [False] * 6
    # 9 of 20 are less than half: the last year was cut by the download.
    with pytest.warns(UserWarning, match=r"2021 is not .*: it holds 9 papers, .* 20\. .*=2021"):
        cut = years(make([*dates, *["2021-01-01"] * 9], "year"))
    assert cut[1] == [False] * 6 + [True]
    assert years(make([*dates, *["2021-01-01"] * 10], "year"))[1] == [False] * 7
    now = pd.Timestamp.now().year
    running = make([f"{year}-01-01" for year in range(now - 4, now + 1) for _ in range(20)], "year")
    with pytest.warns(UserWarning, match=f"{now} is not taken for a whole year: it is not over"):
        assert years(running)[1] == [False] * 4 + [True]
    assert years(running, until=now)[1] == [False] * 5


def test_bounds_may_be_years_and_lie_within_the_data():
    papers = make([f"{year}-{month:02}-10" for year in (2021, 2022) for month in range(1, 13)])
    for until in ("2022", 2022, "2022-12", "2022-12-31", pd.Timestamp("2022-12-31")):
        assert years(papers, since=2021, until=until)[1] == [False, False], until
    assert years(papers, since=2021, until="2022-11")[1] == [False, True]
    assert years(papers, until="2022")[1] == [True, False]
    with pytest.raises(DataError, match="argument 'since': no paper is since then: found '2023-01"):
        assign_periods(papers, since=2023)
    with pytest.raises(DataError, match=r"'until': no paper .* from 2021-01-10 to 2022-12-10"):
        assign_periods(papers, until="2020")


def test_years_as_text_are_made_dates_with_their_precision():
    papers = make(["2020-01-01"] * 2).assign(published=pd.array(["2020", "2021"], dtype="string"))
    with pytest.raises(DataError, match=r"format='%Y'\), published_precision='year'\)$") as error:
        assign_periods(papers, freq="Y")
    way = str(error.value).partition("Make dates of years: ")[2]
    assert years(eval(way, {"papers": papers, "pd": pd})) == (["2020", "2021"], [False, False])
