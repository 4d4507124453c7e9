"""Two spans of time, two topics: by hand, against statsmodels, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.trends import compare_periods, compare_trends
from toolkit.trends.spans import last_and_before, periods_in


def trends(counts, totals, start="2022-01-01", freq="QS", labels=None) -> pd.DataFrame:
    periods = pd.date_range(start, periods=len(totals), freq=freq)
    parts = [
        pd.DataFrame(
            {"period": periods, "topic": topic, "papers": papers, "total": totals, "partial": False}
        )
        for topic, papers in enumerate(counts)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table if labels is None else table.assign(label=table["topic"].map(dict(labels)))


def test_two_spans_by_hand():
    # 40 of 800, then 80 of 800. No scatter within the years beyond chance, so dispersion 1; the
    # score test of two shares is Pearson's: p = 120/1600, z = (80 − 60) / √(800·800/1600·p(1−p)).
    table = trends([[10, 10, 10, 10, 20, 20, 20, 20]], [200] * 8)
    row = compare_periods(table).loc[0]
    share = 120 / 1600
    z = 20 / np.sqrt(400 * share * (1 - share))
    from scipy.stats import t as student

    assert row["p"] == pytest.approx(2 * student.sf(z, 6))
    assert (row["papers_first"], row["papers_second"]) == (40, 80)
    assert (row["share_first"], row["share_second"]) == (0.05, 0.1)
    assert row["points"] == pytest.approx(5.0) and row["ratio"] == pytest.approx(2.0)
    assert row["dispersion"] == 1 and row["verdict"] == "more"
    assert row["ratio_low"] < 2 < row["ratio_high"]
    assert (row["span_first"], row["span_second"]) == ("2022 Q1 to 2022 Q4", "2023 Q1 to 2023 Q4")
    assert row["words"].startswith(
        "Topic 0: more in 2023 Q1 to 2023 Q4: 5.0 % of the papers in 2022 Q1 to 2022 Q4 (40 papers)"
    )


def test_the_interval_is_what_the_test_does_not_reject():
    # At an end of the interval the score over its error is the bound of t: shares that keep all
    # 120 papers and have this ratio.
    from scipy.optimize import brentq
    from scipy.stats import t as student

    table = trends([[8, 12, 9, 11, 25, 15, 18, 22]], [200] * 8)
    row = compare_periods(table).loc[0]
    # Within the spans: Pearson's χ² over 6 degrees of freedom.
    expected = np.array([10] * 4 + [20] * 4)
    scatter = (np.array([8, 12, 9, 11, 25, 15, 18, 22]) - expected) ** 2
    dispersion = max((scatter / (expected * (1 - expected / 200))).sum() / 6, 1)
    assert row["dispersion"] == pytest.approx(dispersion)

    def excess(ratio):
        first = 120 / 800 / (1 + ratio)
        second = ratio * first
        a, b = (800 * p * (1 - p) for p in (first, second))
        return (80 - 800 * second) / np.sqrt(dispersion * a * b / (a + b)) - student.ppf(0.975, 6)

    assert row["ratio_low"] == pytest.approx(brentq(excess, 0.5, 2.0))


def test_scatter_within_a_span_counts_against_a_difference():
    even = compare_periods(trends([[10, 10, 10, 10, 17, 17, 17, 17]], [200] * 8)).loc[0]
    wild = compare_periods(trends([[2, 18, 1, 19, 31, 3, 3, 31]], [200] * 8)).loc[0]
    assert even["p"] < 0.05 < wild["p"] and wild["dispersion"] > 3
    assert wild["ratio_low"] < even["ratio_low"]


def test_years_learn_their_scatter_from_the_other_years():
    counts = [[40, 44, 47, 50, 55, 90]]
    row = compare_periods(trends(counts, [1000] * 6, freq="YS")).loc[0]
    assert row["span_second"] == "2027" and row["dispersion"] > 1
    assert "independent" not in row["words"]
    few = compare_periods(trends([[40, 80]], [1000] * 2, freq="YS")).loc[0]
    assert few["dispersion"] == 1 and "papers are taken as independent" in few["words"]


def test_a_new_database_is_no_difference():
    # The old one stays at 10 %; the new one has 40 %, and only in the second year.
    old, new = np.full(8, 20), np.array([0] * 4 + [80] * 4)
    totals = np.full(8, 200), np.array([0] * 4 + [200] * 4)
    table = trends([old + new], totals[0] + totals[1])
    origins = {"origin_0": old, "origin_1": new, "origin_0_total": totals[0],
               "origin_1_total": totals[1]}  # fmt: skip
    assert compare_periods(table)["verdict"][0] == "more"
    row = compare_periods(table.assign(**origins)).loc[0]
    assert row["verdict"] == "can't tell" and row["ratio"] == pytest.approx(1.0)
    assert row["words"].endswith("; compared within each origin of papers, as their mix changes.")
    both = trends([old + new, 2 * old], totals[0] + totals[1])
    twice = {
        "origin_0": np.concatenate([old, 2 * old]), "origin_1": np.concatenate([new, 0 * old]),
        **{name: np.tile(origins[name], 2) for name in ("origin_0_total", "origin_1_total")},
    }  # fmt: skip
    assert compare_trends(both, a=0, b=1)["verdict"][0] == "a grew more"
    pair = compare_trends(both.assign(**twice), a=0, b=1).loc[0]
    assert pair["verdict"] == "can't tell" and pair["factor"] == pytest.approx(1.0)


def test_a_share_that_fell_although_papers_rose():
    table = trends([[20] * 4 + [30] * 4], [200] * 4 + [600] * 4)
    row = compare_periods(table).loc[0]
    assert row["verdict"] == "less" and "its share fell although its papers rose" in row["words"]


def test_false_differences_are_rare_and_true_ones_are_found():
    rng = np.random.default_rng(0)
    false = found = 0
    for _ in range(30):
        counts = rng.binomial(600, 0.02, (30, 8))
        false += (compare_periods(trends(counts, [600] * 8))["verdict"] != "can't tell").any()
        counts[0, 4:] = rng.binomial(600, 0.05, 4)
        row = compare_periods(trends(counts, [600] * 8)).set_index("topic").loc[0]
        found += row["verdict"] == "more"
    assert false <= 4 and found >= 27


def test_refits_must_agree():
    table = trends([[10] * 4 + [20] * 4], [200] * 8)
    same = compare_periods(table.assign(refit_0=table["papers"], refit_1=table["papers"])).loc[0]
    alone = compare_periods(table).loc[0]
    assert same["p"] == pytest.approx(min(1, 2 * alone["p"]))
    gone = compare_periods(table.assign(refit_0=0, refit_1=0)).loc[0]
    assert gone["p"] == 1 and gone["verdict"] == "can't tell"
    assert gone["ratio_low"] == 0 and np.isinf(gone["ratio_high"])
    pair = trends([[10] * 4 + [40] * 4, [15] * 8], [200] * 8)
    lost = compare_trends(pair.assign(refit_0=0, refit_1=0), a=0, b=1).loc[0]
    assert compare_trends(pair, a=0, b=1)["verdict"][0] == "a grew more"
    assert lost["verdict"] == "can't tell" and lost["p"] == 1


def test_spans_by_name():
    table = trends([range(1, 10)], [100] * 9)
    assert len(periods_in(table, "2022", "first")) == 4
    assert periods_in(table, "2022 Q2", "first") == [pd.Timestamp("2022-04-01")]
    assert len(periods_in(table, ("2022 Q2", "2023-06"), "first")) == 5
    # Of nine quarters the last four, and the four before them.
    first, second = last_and_before(table)
    assert (first[0], second[0]) == (pd.Timestamp("2022-04-01"), pd.Timestamp("2023-04-01"))
    # A year with a gap stays a year.
    gap = table[table["period"] != "2023-07-01"]
    assert [len(some) for some in last_and_before(gap)] == [4, 3]


def test_spans_that_are_refused():
    table = trends([range(1, 9)], [100] * 8)
    for given, message in (
        ({"first": "2022", "second": "2022 Q3"}, "the spans overlap.*2022 Q3"),
        ({"first": "2022"}, "only one of two spans"),
        ({"first": "spring", "second": "2023"}, "not a span of time: found 'spring'"),
        ({"first": 2022, "second": "2023"}, "not a span of time: found 2022"),
        ({"first": "2022-02", "second": "2023"}, "no whole period .* found '2022-02'"),
        ({"first": "2019", "second": "2023"}, "a span within 2022 Q1 to 2023 Q4"),
    ):
        with pytest.raises(DataError, match=message):
            compare_periods(table, **given)
    with pytest.raises(DataError, match="not two years"):
        compare_periods(table[table["period"] < "2023-10-01"])
    with pytest.raises(DataError, match="not two years"):
        compare_periods(table.assign(partial=True))


def test_the_ratio_of_two_topics_is_a_logistic_line():
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    a, b = np.array([10, 14, 18, 30, 29, 41]), np.array([30, 28, 33, 29, 31, 30])
    table = trends([a, b], [1000] * 6, freq="YS", labels={0: "ants", 1: "bees"})
    row = compare_trends(table, a="ants", b=1).loc[0]
    design = np.column_stack([np.ones(6), np.arange(6)])
    fit = GLM(np.column_stack([a, b]), design, Binomial()).fit()
    assert row["factor"] == pytest.approx(np.exp(fit.params[1]))
    assert (row["ratio_early"], row["ratio_late"]) == (42 / 91, 100 / 90)
    assert row["verdict"] == "a grew more"
    assert row["words"].startswith(
        "ants against bees: ants grew more; 1 to 2.2 in 2022 to 2024, 1.1 to 1 in 2025 to 2027; "
        "the ratio changes by a factor of 1.3"
    )
    back = compare_trends(table, a=1, b=0).loc[0]
    assert back["p"] == pytest.approx(row["p"]) and back["verdict"] == "b grew more"
    assert back["factor_low"] == pytest.approx(1 / row["factor_high"])


def test_what_all_other_topics_do_cancels_out():
    a, b = np.array([20, 22, 19, 21, 20, 20]), np.array([30, 28, 33, 29, 31, 30])
    totals = np.array([100, 200, 400, 800, 1600, 3200])
    table = trends([a, b, totals - a - b], totals, freq="YS")
    assert toolkit.trend_verdicts(table).set_index("topic").loc[0, "verdict"] == "falling"
    assert compare_trends(table, a=0, b=1)["verdict"][0] == "can't tell"


def test_one_against_all_with_false_discovery_control():
    rng = np.random.default_rng(1)
    counts = rng.binomial(600, 0.03, (20, 8))
    counts[3] = [5, 8, 11, 16, 23, 33, 48, 70]
    pairs = compare_trends(trends(counts, [600] * 8), a=0)
    assert len(pairs) == 19 and (pairs["q"] > pairs["p"] - 1e-9).all()
    assert pairs.loc[0, "other"] == 3 and pairs.loc[0, "verdict"] == "b grew more"
    assert (pairs["verdict"][1:] == "can't tell").all()
    some = compare_trends(trends(counts, [600] * 8), a=0, b=[3, 4])
    assert some["other"].tolist() == [3, 4] and some.loc[0, "p"] == pairs.loc[0, "p"]


def test_pairs_that_say_nothing_and_pairs_refused():
    table = trends([[0] * 4, [5, 6, 4, 5], [1, 2, 3, 4]], [20] * 4, labels={0: "x", 1: "y", 2: "y"})
    row = compare_trends(table, a="x", b=1).loc[0]
    assert np.isnan(row["p"]) and row["words"] == (
        "x against y: can't tell; they have 0 papers and 20 papers."
    )
    short = compare_trends(table[table["period"] < "2022-07-01"], a=1, b=2).loc[0]
    assert "needs three complete periods with papers, and there are 2" in short["words"]
    with pytest.raises(DataError, match="several topics have this label"):
        compare_trends(table, a="y")
    with pytest.raises(DataError, match="unknown topic: found 'z'"):
        compare_trends(table, a=0, b="z")
    with pytest.raises(DataError, match="compared with itself"):
        compare_trends(table, a=0, b=0)


def test_order_does_not_matter_and_availability_is_a_share_like_others():
    rng = np.random.default_rng(2)
    table = trends(rng.binomial(200, 0.05, (5, 8)), [200] * 8)
    mixed = table.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(compare_periods(table), compare_periods(mixed))
    pd.testing.assert_frame_equal(
        compare_trends(table, a=0), compare_trends(mixed, a=0), check_exact=False
    )
    papers = toolkit.load_sample("hf-papers")
    code = toolkit.code_claims(papers)[["paper_id", "code"]]
    row = compare_periods(toolkit.topic_trends(papers, by=code)).set_index("topic").loc["linked"]
    assert row["share_second"] < row["share_first"] and row["p"] < 0.05


def test_no_whole_period_is_an_error_not_a_crash():
    trends = pd.DataFrame(
        {
            "period": pd.to_datetime(["2024-01-01"] * 2),
            "topic": [0, 1],
            "papers": [3, 4],
            "total": 7,
            "partial": True,
        }
    )
    with pytest.raises(DataError, match="no period is covered in full"):
        compare_trends(trends, a=0)


def test_a_pair_of_which_one_is_new_has_a_ratio_with_its_periods():
    years = pd.date_range("2018-01-01", periods=6, freq="YS")
    counts = {0: [10, 10, 10, 10, 9, 9], 1: [0, 0, 0, 3, 4, 5]}
    trends = pd.concat(
        pd.DataFrame({"period": years, "topic": t, "papers": n, "total": 200, "partial": False})
        for t, n in counts.items()
    )
    words = compare_trends(trends, a=0, b=1).loc[0, "words"]
    assert "; 4.8 to 1 in 2018 to 2023; " in words and "58 papers and 12" not in words
