"""Plots of trends: what is drawn, what is hatched or left open, what the summaries say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.plots import plot_availability, plot_share_area, plot_slopes, plot_trends, text_summary
from toolkit.plots.slopes import _spread
from toolkit.trends import topic_trends, trend_verdicts


def make(counts=None, totals=None, partial=None) -> pd.DataFrame:
    """Topic 0 rises, 1 falls, 2 to 7 share the rest; the last quarter is partial."""
    quarters = 9
    if counts is None:
        rise = np.array([10, 14, 20, 28, 40, 55, 75, 100, 12])
        counts = [
            rise,
            rise[[7, 6, 5, 4, 3, 2, 1, 0, 8]],
            *[[60, 62, 58, 61, 60, 59, 60, 61, 6]] * 6,
        ]
    totals = np.sum(counts, axis=0) if totals is None else np.asarray(totals)
    partial = [False] * (quarters - 1) + [True] if partial is None else partial
    parts = []
    for topic, papers in enumerate(counts):
        low, high = wilson(papers, totals)
        with np.errstate(invalid="ignore"):
            share = np.asarray(papers) / totals
        parts.append(
            pd.DataFrame(
                {
                    "period": pd.date_range("2022-01-01", periods=len(totals), freq="QS"),
                    "topic": topic,
                    "papers": papers,
                    "total": totals,
                    "share": share,
                    "low": low,
                    "high": high,
                    "partial": partial,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    labels = {0: "kites & $winds$", 1: "<b>anchors</b>"}
    return table.assign(label=table["topic"].map(labels).astype("string"))


def test_panels_come_in_the_order_of_verdicts():
    trends = make()
    ax = plot_trends(trends)
    assert isinstance(ax, Axes)
    titles = [panel.get_title(loc="left") for panel in ax.child_axes]
    assert len(titles) == 8
    assert titles[0] == "▲ rising\nkites & $winds$"
    assert titles[1] == "▼ falling\n<b>anchors</b>"
    assert all(title.startswith(("? can't tell", "= steady")) for title in titles[2:])
    ax.figure.canvas.draw()  # a label that is taken for mathematics would fail here


def test_partial_periods_are_hatched_and_hollow():
    panel = plot_trends(make()).child_axes[0]
    hatched = [patch for patch in panel.patches if patch.get_hatch()]
    assert len(hatched) == 1
    whole, hollow, curve = panel.lines[0], panel.lines[1], panel.lines[-1]
    assert len(whole.get_xdata()) == 8 and len(hollow.get_xdata()) == 1
    assert hollow.get_markerfacecolor() == panel.get_facecolor()
    assert len(curve.get_xdata()) == 8  # the partial period bends no curve
    assert whole.get_ydata()[0] == pytest.approx(100 * 10 / 470)


def test_gaps_stay_open():
    trends = make(
        counts=[[10, 12, 0, 14, 16, 20], [20, 20, 0, 20, 20, 20]],
        totals=[30, 32, 0, 34, 36, 40],
        partial=[False] * 6,
    )
    panel = plot_trends(trends).child_axes[0]
    assert len(panel.lines[0].get_xdata()) == 5
    assert np.isnan(panel.lines[-1].get_ydata()).tolist() == [False, False, True] + [False] * 3
    ax = plot_share_area(trends)
    heights = [bar.get_height() for bar in ax.containers[0]]
    assert heights[2] == 0 and all(height > 0 for height in heights[:2])


def test_stragglers_are_left_out_and_counted():
    counts = [[1, 0, 10, 14, 20, 28], [0, 0, 40, 40, 40, 40]]
    trends = make(counts=counts, totals=[1, 0, 50, 54, 60, 68], partial=[True] * 2 + [False] * 4)
    ax = plot_trends(trends)
    assert "1 paper outside the time shown" in _one_line(ax.get_xlabel())
    assert "Not drawn: 1 paper outside the time shown" in text_summary(ax)
    assert len(ax.child_axes[0].lines[0].get_xdata()) == 4
    assert "1 paper outside the time shown" in plot_share_area(trends).get_xlabel()


def test_few_papers_are_small_and_pale_and_said():
    counts = [[9, 10, 11, 12, 4, 5, 40, 50], [9, 10, 11, 12, 4, 5, 40, 50]]
    trends = make(counts=counts, totals=np.sum(counts, axis=0), partial=[False] * 7 + [True])
    ax = plot_trends(trends)
    many, pale, hollow = ax.child_axes[0].lines[:3]
    assert (len(many.get_xdata()), len(pale.get_xdata()), len(hollow.get_xdata())) == (1, 6, 1)
    assert pale.get_alpha() < 1 and pale.get_markersize() < many.get_markersize()
    assert "small, pale: fewer than 30 papers" in _one_line(ax.get_xlabel())
    assert text_summary(ax).endswith(
        "Periods left out, as the dates do not show it covered in full: 2023 Q4 (if it is: "
        "since=…, until=…)."
    )
    assert (
        "6 of 8 periods have fewer than 30 papers (2022 Q1: 18, 2022 Q2: 20, 2022 Q3: 22, "
        "2022 Q4: 24, 2023 Q1: 8, …): read no share off them alone." in text_summary(ax)
    )
    area = plot_share_area(trends)
    assert [bar.get_alpha() for bar in area.containers[0]] == [0.4] * 6 + [None] * 2
    assert "pale: fewer than 30 papers" in area.get_xlabel()
    assert "2023 Q3 to 2023 Q3. Topic" in text_summary(area).replace("kites & $winds$", "Topic")
    assert "pale" not in plot_trends(make()).get_xlabel()
    # Quarters of 20 make years of 80: that is said, too.
    twelve = make(counts=[[5] * 12, [15] * 12], totals=[20] * 12, partial=[False] * 12)
    assert "read no share off them alone; with freq='Y' none has." in text_summary(
        plot_trends(twelve)
    )


def test_a_panel_is_as_high_as_its_intervals_but_for_sparse_periods():
    trends = make(
        counts=[[1, 20, 22, 21, 20, 6], [0, 80, 78, 79, 80, 34]],
        totals=[1, 100, 100, 100, 100, 40],
        partial=[False] * 5 + [True],
    )
    panel = plot_trends(trends, topics=[0]).child_axes[0]
    # One of one paper is 100 %, and an arrow; the partial period's interval reaches up to 29 %.
    high = float(wilson([22, 6], [100, 40])[1].max())
    assert 100 * high <= panel.get_ylim()[1] < 50
    arrow = next(line for line in panel.lines if line.get_label() == "above the panel")
    assert arrow.get_marker() == "^" and len(arrow.get_xdata()) == 1
    assert "(no interval; △ above the panel)" in _one_line(plot_trends(trends).get_xlabel())
    # A fall from a high start of few papers is inside the frame: 60 % of ten.
    fall = make(counts=[[6, 5, 20, 10, 5, 5]], totals=[10, 12, 100, 100, 100, 100],
                partial=[False] * 6)  # fmt: skip
    panel = plot_trends(fall).child_axes[0]
    assert panel.get_ylim()[1] >= 60
    assert not any(line.get_label() == "above the panel" for line in panel.lines)
    # Where all periods are sparse, all intervals are there.
    small = make(counts=[[1, 2, 3, 2]], totals=[10] * 4, partial=[False] * 4)
    panel = plot_trends(small).child_axes[0]
    assert panel.get_ylim()[1] >= 100 * float(wilson(3, 10)[1])


def test_the_peak_is_marked_with_its_interval():
    trends = make()
    days = pd.to_datetime(["2022-07-01", "2022-04-01", "2023-01-01"])
    verdicts = trend_verdicts(trends)
    verdicts[["peak", "peak_low", "peak_high"]] = pd.NaT
    verdicts.loc[0, ["peak", "peak_low", "peak_high"]] = list(days)
    ax = plot_trends(trends, verdicts=verdicts)
    first, second = ax.child_axes[:2]
    bar = next(line for line in first.lines if line.get_label() == "interval of the peak")
    # From the first day of the first period to the last day of the last.
    start, end = bar.get_xdata()
    assert start == days[1] and end >= days[2]
    assert any(line.get_label() == "peak" for line in first.lines)
    assert not any(line.get_label() == "peak" for line in second.lines)
    assert "peak or trough with its interval" in _one_line(ax.get_xlabel())
    plain = plot_trends(trends, verdicts=verdicts.drop(columns=["peak", "peak_low", "peak_high"]))
    assert "peak" not in plain.get_xlabel()


@pytest.mark.parametrize("panels", [1, 2, 3, 12])
def test_nothing_is_cut_off_where_a_figure_is_saved_as_it_is(panels):
    counts = [[20 + topic] * 9 for topic in range(panels)]
    ax = plot_trends(make(counts=counts), limit=panels)
    ax.figure.canvas.draw()
    whole = ax.figure.bbox
    for text in (ax.xaxis.label, ax.yaxis.label, ax.title, ax._left_title):
        box = text.get_window_extent()
        assert box.x0 >= whole.x0 and box.x1 <= whole.x1, text.get_text()
        assert box.y0 >= whole.y0 and box.y1 <= whole.y1, text.get_text()


def test_few_papers_beyond_a_gap_are_left_out_and_counted():
    totals = [3, 0, 0, 40, 40, 40, 40, 0, 2]
    partial = [True] * 3 + [False] * 4 + [True] * 2
    trends = make(counts=[totals], totals=totals, partial=partial)
    assert "5 papers outside the time shown" in text_summary(plot_trends(trends))
    whole = make(counts=[totals], totals=totals, partial=[False] * 9)
    assert "outside" not in text_summary(plot_trends(whole))
    beside = make(counts=[totals[2:7]], totals=[5, *totals[3:7]], partial=[True] + [False] * 4)
    assert "outside" not in text_summary(plot_trends(beside))


def test_chosen_topics_and_given_axes():
    import matplotlib.pyplot as plt

    trends = make()
    _, own = plt.subplots()
    ax = plot_trends(trends, topics=[5, 0], ax=own)
    assert ax is own
    assert ax.child_axes[0].get_title(loc="left").endswith("\nTopic 5")
    assert len(plot_trends(trends, limit=3).child_axes) == 3
    assert plot_trends(trends, verdicts=trend_verdicts(trends), limit=3) is not own
    labelled = trends.assign(label="about " + trends["topic"].astype(str))
    assert len(plot_trends(labelled, topics=["about 5", 0]).child_axes) == 2
    with pytest.raises(DataError, match=r"found 'about5'.*Did you mean 'about 5'"):
        plot_trends(labelled, topics=["about5"])
    with pytest.raises(DataError, match="argument 'limit': not a count: found 0"):
        plot_trends(trends, limit=0)
    changed = trend_verdicts(trends).assign(verdict="rising")
    ax = plot_trends(trends, verdicts=changed, limit=1)
    assert f"; {len(changed) - 1} changes are not shown)" in ax.get_title(loc="left")
    with pytest.raises(DataError, match="no such topic in the trends: found 99"):
        plot_trends(trends, topics=[99])
    with pytest.raises(DataError, match="no such topic in the trends"):
        plot_trends(trends, topics=[])


def test_the_summary_can_be_read_alone():
    trends = make()
    text = text_summary(plot_trends(trends))
    verdicts = trend_verdicts(trends)
    assert text.startswith("Of 8 topics, 1 rising, 1 falling, ")
    assert verdicts.iloc[0]["words"] in text


def test_slopes_run_from_half_to_half():
    verdicts = trend_verdicts(make())
    ax = plot_slopes(verdicts)
    rising = verdicts[verdicts["verdict"] == "rising"].iloc[0]
    early, late = ax.lines[0].get_ydata()
    assert early == pytest.approx(100 * rising["share_early"])
    assert late == pytest.approx(100 * rising["share_late"])
    assert ax.get_title(loc="left") == "Topics that change: 1 rising and 1 falling"
    assert [tick.get_text().replace("\n", " ") for tick in ax.get_xticklabels()] == [
        "2022 Q1 to 2022 Q4", "2023 Q1 to 2023 Q4",
    ]  # fmt: skip
    assert "rising, from" in text_summary(ax) and "falling, from" in text_summary(ax)
    ax.figure.canvas.draw()
    one = plot_slopes(verdicts[verdicts["verdict"] == "rising"])
    assert one.get_title(loc="left") == "Topics that change: 1 rising and 0 falling"


def test_slopes_without_movers_say_so():
    flat = make(counts=[[20] * 9, [30] * 9])
    ax = plot_slopes(trend_verdicts(flat))
    assert text_summary(ax) == "No topic is shown to rise or fall."
    with pytest.raises(DataError, match=r"not a table of verdicts.*trend_verdicts\(trends\)"):
        plot_slopes(flat)


def test_a_topic_that_was_not_there_has_a_place_on_the_log_scale():
    verdicts = trend_verdicts(make())
    verdicts.loc[verdicts["verdict"] == "rising", "share_early"] = 0.0
    ax = plot_slopes(verdicts)
    assert (ax.lines[0].get_ydata() > 0).all()
    assert "none" in [text.get_text() for text in ax.texts]
    assert "0 %" not in [text.get_text() for text in ax.texts]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == ax.get_facecolor()]
    assert len(hollow) == 1 and hollow[0].get_xdata()[0] == 0


def test_areas_add_up_to_the_collection():
    trends = make()
    ax = plot_share_area(trends, limit=3)
    tops = sum(np.array([bar.get_height() for bar in bars]) for bars in ax.containers)
    assert tops == pytest.approx(np.full(9, 100.0))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names[0] == "5 other topics" and len(names) == 4
    by_verdict = plot_share_area(trends, verdicts=trend_verdicts(trends))
    names = [text.get_text() for text in by_verdict.get_legend().get_texts()]
    assert names[-1] == "rising (1 topic)"
    assert "rising" in text_summary(by_verdict)
    assert any(patch.get_hatch() for patch in ax.patches)


def test_papers_in_no_topic_are_an_area_too():
    trends = make(counts=[[5] * 4], totals=[20] * 4, partial=[False] * 4)
    ax = plot_share_area(trends)
    assert ax.get_legend().get_texts()[0].get_text() == "in none"


def test_values_that_overlap_cannot_be_stacked():
    trends = make(counts=[[15] * 4, [15] * 4], totals=[20] * 4, partial=[False] * 4)
    with pytest.raises(DataError, match=r"add up to more than 1.*found '1\.50'.*plot_trends"):
        plot_share_area(trends)


def test_bad_tables():
    with pytest.raises(DataError, match="not a table of trends"):
        plot_trends(make().drop(columns="low"))
    with pytest.raises(DataError, match="not a table of trends"):
        plot_share_area(pd.DataFrame())


def test_labels_are_spread_no_further_than_need_be():
    assert _spread([1.0, 5.0], 1.0, (0, 10)).tolist() == [1.0, 5.0]
    # Three at 2: one stays, the others move one gap each way.
    assert _spread([2.0, 2.0, 2.0], 1.0, (0, 10)).tolist() == pytest.approx([1.0, 2.0, 3.0])
    assert _spread([10.0, 10.0], 1.0, (0, 10)).tolist() == pytest.approx([9.0, 10.0])


def test_a_table_of_nothing_but_partial_periods_is_drawn():
    trends = make(counts=[[5, 6]], totals=[20, 20], partial=[True, True])
    ax = plot_trends(trends)
    assert "can't tell" in ax.child_axes[0].get_title(loc="left")
    plot_share_area(trends)


def test_arguments_are_not_changed():
    trends = make()
    before = trends.copy(deep=True)
    plot_trends(trends)
    plot_share_area(trends)
    pd.testing.assert_frame_equal(trends, before)


@pytest.mark.parametrize("how", ["csv", "parquet"])
def test_trends_and_verdicts_from_a_file_give_the_same_plots(how, tmp_path):
    days = pd.date_range("2022-01-01", periods=900)
    rises = np.random.default_rng(0).random(900) < np.linspace(0.05, 0.6, 900)
    papers = pd.DataFrame({"paper_id": [f"p{n}" for n in range(900)], "title": "T"})
    papers = papers.assign(published=days, venue=np.where(rises, "new", "old"))
    trends = topic_trends(papers, by="venue", freq="M")
    verdicts = trend_verdicts(trends)
    assert trends.attrs == verdicts.attrs == {}
    again = []
    for number, table in enumerate((trends, verdicts)):
        if how == "csv":
            table.to_csv(tmp_path / f"{number}.csv", index=False)
            again.append(pd.read_csv(tmp_path / f"{number}.csv"))
        else:
            table.to_parquet(tmp_path / f"{number}.parquet")
            again.append(pd.read_parquet(tmp_path / f"{number}.parquet"))
    for draw, tables, copies in (
        (plot_trends, (trends, verdicts), again),
        (plot_share_area, (trends, verdicts), again),
        (plot_slopes, (verdicts,), again[1:]),
    ):
        first, second = (
            draw(some[0], **({"verdicts": some[1]} if len(some) > 1 else {}))
            for some in (tables, copies)
        )
        assert text_summary(first) == text_summary(second)
        assert _texts(first) == _texts(second)
    pd.testing.assert_frame_equal(trend_verdicts(again[0]), verdicts, check_dtype=False)


def _one_line(text):
    return text.replace("\n", " ")


def _texts(ax):
    """All text of a figure, in the order in which it is drawn."""
    return [text.get_text() for text in ax.figure.findobj(Text)]


def test_what_is_filtered_or_put_together_keeps_its_names():
    trends = make()
    some = trends[trends["topic"] < 2].merge(trends[["topic"]].drop_duplicates(), on="topic")
    titles = [panel.get_title(loc="left") for panel in plot_trends(some).child_axes]
    assert titles == ["▲ rising\nkites & $winds$", "▼ falling\n<b>anchors</b>"]
    verdicts = trend_verdicts(trends)
    later = verdicts.assign(span_early="2030", span_late="2031")
    one = plot_slopes(pd.concat([verdicts.iloc[:1], verdicts.iloc[1:]]))
    assert "2022 Q1 to" in one.get_xticklabels()[0].get_text().replace("\n", " ")
    mixed = plot_slopes(pd.concat([verdicts, later], ignore_index=True))
    assert [tick.get_text().replace("\n", " ") for tick in mixed.get_xticklabels()] == [
        "first half", "second half",
    ]  # fmt: skip
    with pytest.raises(DataError, match=r"row 1, column 'period': not the first day of a period"):
        plot_trends(trends.assign(period="spring " + trends["period"].astype(str)))


def test_rates_over_time_flag_few_papers_and_start_where_papers_do():
    rates = pd.DataFrame(
        {
            "group": ["2022 Q1", "2022 Q2", "2022 Q3", "2022 Q4", "2023 Q1"],
            "period": pd.date_range("2022-01-01", periods=5, freq="QS"),
            "n": [1, 0, 12, 80, 40],
            "share": [0.0, np.nan, 0.25, 0.5, 0.5],
            "low": [0.0, np.nan, 0.1, 0.4, 0.35],
            "high": [0.8, np.nan, 0.5, 0.6, 0.65],
            "partial": [True, True, False, False, True],
        }
    )
    ax = plot_availability(rates)
    assert "1 paper outside the time shown" in _one_line(ax.get_xlabel())
    assert text_summary(ax).endswith("3 periods. Not drawn: 1 paper outside the time shown")
    sizes = {line.get_label(): (line.get_markersize(), len(line.get_xdata())) for line in ax.lines}
    assert sizes["fewer than 30 papers"] == (3, 1)
    assert sizes["period not covered in full"] == (6, 1)
    assert ax.get_xticklabels()[0].get_text() == "2022 Q3"


def test_a_sparse_period_does_not_stretch_the_axis_of_rates():
    low, high = wilson([2, 10, 10], [2, 100, 100])
    rates = pd.DataFrame(
        {
            "group": ["2021", "2022", "2023"],
            "period": pd.to_datetime(["2021-01-01", "2022-01-01", "2023-01-01"]),
            "n": [2, 100, 100],
            "share": [1.0, 0.1, 0.1],
            "low": low,
            "high": high,
            "partial": False,
        }
    )
    assert plot_availability(rates).get_ylim()[1] == pytest.approx(115 * high[1])
    assert plot_availability(rates[:1]).get_ylim()[1] == 100
