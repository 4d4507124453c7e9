"""Verdicts: the figures by hand and against statsmodels, planted trends, what must always hold."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import toolkit
from toolkit.errors import DataError
from toolkit.intervals import benjamini_hochberg
from toolkit.trends.cells import cells_of
from toolkit.trends.closure import told_of_counts
from toolkit.trends.curves import Curves, combine, natural_spline
from toolkit.trends.figures import factor
from toolkit.trends.quasibinomial import Logits, pool_dispersions
from toolkit.trends.sparse import exact_p, worth_testing
from toolkit.trends.turns import Turns, leg_parts, levels_off, p_of_legs
from toolkit.trends.verdicts import CHANGES, VERDICTS, trend_verdicts
from toolkit.trends.wording import describe_partial_periods, percent


def make(counts: dict, totals, *, freq="YS", start="2016-01-01", partial=None) -> pd.DataFrame:
    periods = pd.date_range(start, periods=len(totals), freq=freq)
    parts = [
        pd.DataFrame(
            {
                "period": periods,
                "topic": topic,
                "papers": papers,
                "total": totals,
                "partial": False if partial is None else partial,
            }
        )
        for topic, papers in counts.items()
    ]
    return pd.concat(parts, ignore_index=True)


def planted(ratio: float, *, size=0.05, total=650, quarters=8, topics=40, seed=0) -> pd.DataFrame:
    """Topic 0 changes by `ratio` a year, the others stay."""
    rng = np.random.default_rng(seed)
    years = np.arange(quarters) / 4
    share = np.full((topics + 1, quarters), (1 - size) / topics)
    share[0] = size * ratio ** (years - years.mean())
    share[1:] *= (1 - share[0]) / share[1:].sum(axis=0)
    counts = np.stack(
        [rng.multinomial(total, share[:, j] / share[:, j].sum()) for j in range(quarters)]
    )
    return make(
        {topic: counts[:, topic] for topic in range(topics + 1)}, [total] * quarters,
        freq="QS", start="2024-07-01",
    )  # fmt: skip


def test_the_test_by_hand():
    # Cochran and Armitage: shares 0.1, 0.2, 0.3, 0.4 of 100; mean 0.25; times −1.5 … 1.5.
    # U = −1.5·(10−25) − 0.5·(20−25) + 0.5·(30−25) + 1.5·(40−25) = 50;
    # variance = 0.25·0.75·100·(2.25+0.25+0.25+2.25) = 93.75; z = 50 / 9.6825 = 5.1640.
    trends = make({0: [10, 20, 30, 40]}, [100] * 4)
    row = trend_verdicts(trends).iloc[0]
    # Two periods more than unknowns: t with 2 degrees; its tail is known in closed form.
    z = 50 / np.sqrt(93.75)
    assert row["dispersion"] == 1
    assert row["p"] == pytest.approx(1 - z / np.sqrt(2 + z**2))
    assert row["q"] == row["p"]
    assert (row["papers"], row["periods"], row["share"]) == (100, 4, 0.25)


def test_points_and_ratio_by_hand():
    # A share whose odds double each year: 1/9, 2/9, 4/9, 8/9 → 0.1, 2/11, 4/13, 8/17 of 243,100.
    total = 243_100
    counts = [total // 10, total * 2 // 11, total * 4 // 13, total * 8 // 17]
    row = trend_verdicts(make({0: counts}, [total] * 4)).iloc[0]
    assert row["points_per_year"] == pytest.approx(100 * (8 / 17 - 0.1) / 3)
    assert row["ratio_per_year"] == pytest.approx((80 / 17) ** (1 / 3))
    assert row["dispersion"] == 1  # an exact fit scatters less than chance; never below 1
    assert row["verdict"] == "rising"


def test_the_fit_is_statsmodels_binomial_glm():
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    rng = np.random.default_rng(5)
    totals = rng.integers(300, 900, 9).astype(float)
    years = np.sort(rng.uniform(2019, 2025, 9))
    counts = rng.binomial(totals.astype(int), 0.08 * 1.2 ** (years - 2022), (6, 9)).astype(float)
    model = Logits(counts, totals, years)
    slopes = model.slope_at(0.0)
    dispersions = model.dispersions(slopes)
    design = np.column_stack([np.ones(9), years - years.mean()])
    for row in range(6):
        # Shares with weights: given two columns, statsmodels leaves the trials out of the scale.
        glm = GLM(counts[row] / totals, design, Binomial(), var_weights=totals)
        fit = glm.fit(scale="X2")
        assert slopes[row] == pytest.approx(fit.params[1], abs=1e-7)
        assert model.shares(slopes)[row] == pytest.approx(fit.fittedvalues, abs=1e-8)
        assert dispersions[row] == pytest.approx(fit.scale, rel=1e-6)
        null = GLM(glm.endog, design[:, :1], Binomial(), var_weights=totals).fit()
        with warnings.catch_warnings():
            # It says that nobody has verified it with weights; here it is.
            warnings.simplefilter("ignore", UserWarning)
            _, p = null.score_test(exog_extra=design[:, 1:])[:2]
        z = model.z(np.zeros(6))[row]
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(float(np.squeeze(p)), rel=1e-6)


def test_the_interval_is_the_slopes_not_refused():
    trends = planted(1.5)
    verdicts = trend_verdicts(trends)
    inside = (verdicts["ratio_low"] < 1) & (verdicts["ratio_high"] > 1)
    assert (inside == (verdicts["p_line"] > 0.05)).all()
    assert ((verdicts["points_low"] < 0) & (verdicts["points_high"] > 0)).equals(inside)
    assert (verdicts["ratio_low"] <= verdicts["ratio_per_year"]).all()
    assert (verdicts["ratio_per_year"] <= verdicts["ratio_high"]).all()
    assert verdicts["q"].tolist() == pytest.approx(benjamini_hochberg(verdicts["p"]).tolist())
    wide = trend_verdicts(trends, confidence=0.99).set_index("topic")
    narrow = verdicts.set_index("topic").loc[wide.index]
    assert (wide["ratio_low"] < narrow["ratio_low"]).all()
    assert (wide["ratio_high"] > narrow["ratio_high"]).all()


@pytest.mark.parametrize(("ratio", "verdict"), [(2.5, "rising"), (0.4, "falling")])
def test_a_planted_trend_is_found(ratio, verdict):
    verdicts = trend_verdicts(planted(ratio)).set_index("topic")
    assert verdicts.loc[0, "verdict"] == verdict
    assert verdicts.loc[0, "ratio_low"] < ratio < verdicts.loc[0, "ratio_high"]
    assert (verdicts["verdict"] == verdict).sum() == 1


def test_steady_needs_enough_papers():
    # The same share; with 650 papers a quarter it can't be told, with 65,000 it is steady.
    few = trend_verdicts(planted(1.0, seed=3)).set_index("topic")
    many = trend_verdicts(planted(1.0, total=65_000, seed=3)).set_index("topic")
    assert few.loc[5, "verdict"] == "can't tell"
    assert many.loc[5, "verdict"] == "steady"
    # A hundred times the papers show a tenth of the change.
    assert 1 < many.loc[5, "detectable"] < few.loc[5, "detectable"] < 4
    logs = np.log([few.loc[5, "detectable"], many.loc[5, "detectable"]])
    assert 7 < logs[0] / logs[1] < 13
    # Both one-sided tests at 5 %: the 90 % interval lies inside the margin (one topic alone).
    one = planted(1.0, total=65_000, seed=3).query("topic == 5")
    row = trend_verdicts(one, confidence=0.90).iloc[0]
    p = trend_verdicts(one).iloc[0]["q_steady"]
    # From the first quarter to the last are 1.75 years: 1.5 in all.
    low, high = row["ratio_low"] ** 1.75, row["ratio_high"] ** 1.75
    assert (p <= 0.05) == (low > 1 / 1.5 and high < 1.5)
    assert trend_verdicts(one, confidence=0.90).iloc[0]["words"].count("1.5 times or more") == 1
    assert trend_verdicts(one, margin=1.0001).iloc[0]["verdict"] == "can't tell"


def test_steady_is_over_the_whole_time():
    # 5 % less every year are two fifths in ten years: not steady, however slow.
    total = 100_000
    years = 0.1 * 0.95 ** np.arange(11) * total
    slow = make({0: np.round(years).astype(int)}, [total] * 11)
    assert trend_verdicts(slow).iloc[0]["verdict"] == "falling"
    three = make({0: np.round(years[:3]).astype(int)}, [total] * 3)
    row = trend_verdicts(three, confidence=0.9).iloc[0]
    assert row["q_steady"] < 0.05  # one twentieth twice, and exactly so
    assert trend_verdicts(slow).iloc[0]["q_steady"] > 0.05


def test_detectable_by_hand():
    # One topic of 100 in 10,000 papers, 4 years of 2,500; alone, so that p ≤ 0.05 is enough, and
    # four periods have no curve. V = 0.01·0.99·2500·5 = 123.75; t with 2 degrees: bound 4.3027,
    # 80 % point 1.0607. A slope b has the expected score Σ N·share(b)·(t − mean) = 5.3634·√V.
    row = trend_verdicts(make({0: [25, 25, 25, 25]}, [2500] * 4)).iloc[0]
    target = (stats.t.ppf(0.975, 2) + stats.t.ppf(0.8, 2)) * np.sqrt(0.01 * 0.99 * 2500 * 5)
    model = Logits(np.array([[25.0] * 4]), np.array([2500.0] * 4), np.arange(4.0))
    slope = model.slope_of_ratio(row["detectable"])
    expected = 2500 * model.shares(slope)[0] @ (np.arange(4) - 1.5)
    assert expected == pytest.approx(target, rel=1e-4)
    assert row["detectable"] == pytest.approx(1.67, abs=0.01)


def test_the_spline_by_hand():
    # Knots 0, 2, 4 (half of the papers before 2), natural: linear outside, N(x) = x and
    # d(0) − d(2) with d(k) = ((x − k)₊³ − (x − 4)₊³) / (4 − k): 0, 1/4, 2, 25/4, 12 at 0 … 4
    # (Hastie et al. 2009, equation 5.4, where 27/4 − 1/2 = 25/4 and 16 − 4 = 12).
    years, totals = np.arange(5.0), np.full(5, 100.0)
    basis = natural_spline(years, totals, 2)
    curve = np.array([0, 1 / 4, 2, 25 / 4, 12])
    space = np.column_stack([np.ones(5), basis])
    assert space @ np.linalg.lstsq(space, curve, rcond=None)[0] == pytest.approx(curve)
    assert basis[:, 0] == pytest.approx((years - 2) / np.sqrt(2))
    assert basis.T @ basis / 5 == pytest.approx(np.eye(2))
    # Symmetric about the middle, as a parabola: what is left of time squared.
    assert basis[:, 1] == pytest.approx(basis[::-1, 1]) and basis[0, 1] > 0 > basis[2, 1]
    # With unequal totals, means are over papers.
    weights = np.array([1.0, 2, 3, 4, 10, 12, 20, 30])
    basis = natural_spline(np.arange(8.0), weights, 3)
    assert (basis.T * weights) @ basis / weights.sum() == pytest.approx(np.eye(3))
    assert weights @ basis == pytest.approx(np.zeros(3), abs=1e-9)


def test_the_curve_is_tested_by_its_score_and_fitted_as_statsmodels_does():
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    rng = np.random.default_rng(4)
    totals = rng.integers(300, 900, 12).astype(float)
    years = np.arange(12) / 4
    counts = rng.binomial(totals.astype(int), 0.1 + 0.05 * np.sin(years), (5, 12)).astype(float)
    curves = Curves(Logits(counts, totals, years), 3)
    design = np.column_stack([np.ones(12), curves.basis])
    for row in range(5):
        glm = GLM(counts[row] / totals, design, Binomial(), var_weights=totals)
        null = GLM(glm.endog, design[:, :1], Binomial(), var_weights=totals).fit()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            for columns, name in ((1, slice(0, 1)), (3, slice(0, 3))):
                _, p = null.score_test(exog_extra=design[:, 1 : columns + 1])[:2]
                size = float((curves.score()[row, name] ** 2).sum())
                assert stats.chi2.sf(size, columns) == pytest.approx(float(np.squeeze(p)))
        # One paper more, spread like the collection.
        more = totals / counts[row].sum()
        share = counts[row].sum() / totals.sum()
        fit = GLM(
            (counts[row] + more * share) / (totals + more), design, Binomial(),
            var_weights=totals + more,
        ).fit()  # fmt: skip
        assert curves.fit.coefficients[row] == pytest.approx(fit.params[1:], abs=1e-6)
        assert curves.fit.covariance[row] == pytest.approx(fit.cov_params()[1:, 1:], rel=1e-3)


def test_cauchys_combination_by_hand():
    # Weights 0.7, 0.2, 0.1: p = ½ − arctan(0.7 tan(0.4π) + 0.2 tan(0.3π) + 0.1 tan(0.2π)) / π.
    total = 0.7 * np.tan(0.4 * np.pi) + 0.2 * np.tan(0.3 * np.pi) + 0.1 * np.tan(0.2 * np.pi)
    p = combine(np.array([0.1]), np.array([0.2]), np.array([0.3]))
    assert p == pytest.approx(0.5 - np.arctan(total) / np.pi)
    # One tiny p alone pays its weight.
    tiny = combine(np.array([1e-30]), np.array([0.5]), np.array([0.5]))
    assert tiny == pytest.approx(1e-30 / 0.7)
    # A wave without slope has a line's p of 1, which takes nothing from the bend's.
    wave = combine(np.array([1.0]), np.array([1e-6]), np.array([1e-5]))
    assert wave[0] == pytest.approx(1e-6 / 0.21, rel=1e-3)


@pytest.mark.parametrize(("size", "verdict"), [(3.0, "rose then fell"), (1 / 3, "fell then rose")])
def test_a_wave_is_named_with_its_turn(size, verdict):
    months, total = np.arange(24), 400
    wave = size ** ((1 - np.cos(2 * np.pi * (months + 0.5) / 24)) / 2)
    rng = np.random.default_rng(3)
    counts = {t: rng.binomial(total, 0.02, 24) for t in range(1, 20)}
    counts[0] = rng.binomial(total, 0.06 * wave / wave.mean())
    row = trend_verdicts(make(counts, [total] * 24, freq="MS")).set_index("topic").loc[0]
    assert row["verdict"] == verdict and row["q"] < 0.001 and row["q_turn"] < 0.05
    assert row["peak_low"] <= row["peak"] <= row["peak_high"]
    assert abs((row["peak"] - pd.Timestamp("2016-12-16")).days) < 75
    assert row["peak_low"] <= pd.Timestamp("2017-01-01") <= row["peak_high"] + pd.Timedelta("31D")
    turn = (row["share_peak"] > row["share_first"], row["share_peak"] > row["share_last"])
    assert turn == ((size > 1,) * 2)
    assert f"at its {'peak' if size > 1 else 'trough'} in {row['peak']:%Y-%m}" in row["words"]
    assert pd.isna(row["levels_off"])


def test_a_rise_that_levels_off():
    total = [1000] * 12
    up = {0: [10, 20, 40, 60, 80, 95, 100, 100, 101, 99, 100, 101]}
    row = trend_verdicts(make(up, total)).iloc[0]
    assert (
        row["verdict"] == "rising" and row["levels_off"] and "its rise levels off" in row["words"]
    )
    line = {0: [10, 13, 16, 20, 25, 32, 40, 50, 63, 79, 100, 126]}
    row = trend_verdicts(make(line, total)).iloc[0]
    assert row["verdict"] == "rising" and not row["levels_off"]
    assert "levels off" not in row["words"]


def test_a_topic_that_waves_is_not_steady():
    # The line is level; the curve goes from 5 % to 10 % and back.
    waves = {0: [500, 650, 850, 1000, 1000, 850, 650, 500], 1: [700] * 8}
    verdicts = trend_verdicts(make(waves, [10_000] * 8)).set_index("topic")
    assert verdicts["verdict"].loc[[0, 1]].tolist() == ["rose then fell", "steady"]
    assert verdicts.loc[0, "q_steady"] > 0.5


def test_papers_beside_shares():
    # A collection that grows tenfold: 22 papers become 64, and yet the share falls.
    totals = [100, 200, 400, 1000]
    row = trend_verdicts(make({0: [10, 12, 24, 40]}, totals), confidence=0.8).iloc[0]
    assert (row["papers_early"], row["papers_late"], row["counts"]) == (22, 64, "rose")
    assert row["verdict"] == "falling"
    assert "its share fell although its papers rose from 22 to 64" in row["words"]
    # 22 and 64 in two years each: rates 11 and 32, z = 21 / √(21.5·(½ + ½)) = 4.53.
    told = told_of_counts(pd.DataFrame({"papers_early": [22, 30], "papers_late": [64, 30],
                                        "dispersion": [1.0, 1.0]}), (2, 2), 0.95)  # fmt: skip
    assert told.tolist() == ["rose", "level"]
    # Three and four periods: 30 and 40 papers are the same rate.
    same = pd.DataFrame({"papers_early": [30], "papers_late": [40], "dispersion": [1.0]})
    assert told_of_counts(same, (3, 4), 0.95).tolist() == ["level"]
    level = trend_verdicts(make({0: [50, 50, 50, 50]}, totals), confidence=0.8).iloc[0]
    assert (
        "only its share is shown to fall, not the number of its papers (100, then 100)"
        in (level["words"])
    )


def test_a_fall_by_arithmetic_is_told():
    # One topic triples; the other three keep their odds, so their shares fall.
    totals = 4000
    rise = np.round(400 * 3 ** (np.arange(8) / 3.5)).astype(int).clip(max=3000)
    rest = totals - rise
    counts = {0: rise, 1: rest // 2, 2: rest // 4, 3: rest - rest // 2 - rest // 4}
    # And one of these three falls by itself, too.
    own = np.round(counts[3] * 0.8 ** np.arange(8)).astype(int)
    counts = {**counts, 2: counts[2] + counts[3] - own, 3: own}
    verdicts = trend_verdicts(make(counts, [totals] * 8)).set_index("topic")
    assert verdicts.loc[1, "verdict"] == "falling" and verdicts.loc[3, "verdict"] == "falling"
    assert verdicts.loc[1, "by_arithmetic"] and not verdicts.loc[3, "by_arithmetic"]
    assert verdicts.loc[1, "ratio_rest"] == pytest.approx(1, abs=0.01)
    assert "that is arithmetic: without the largest rising topics" in verdicts.loc[1, "words"]
    assert "arithmetic" not in verdicts.loc[3, "words"]
    # Shares that overlap (a paper may have several values) are at nobody's cost.
    both = pd.concat([make(counts, [totals] * 8), make({9: rise}, [totals] * 8)])
    assert trend_verdicts(both)["by_arithmetic"].isna().all()


def test_the_stratified_test_by_hand():
    # Two origins of four years. The first: 40, 30, 20, 10 of 100 (mean 0.25): U = −50 and
    # V = 0.25·0.75·100·5 = 93.75, as in the first test. The second has papers in the last two
    # years alone: 60 and 50 of 100 (mean 0.55, times −½, ½): U = −½·5 + ½·(−5) = −5 and
    # V = 0.55·0.45·100·(¼ + ¼) = 12.375. z = −55 / √106.125.
    one, other = np.array([40, 30, 20, 10]), np.array([0, 0, 60, 50])
    totals = np.array([100, 100, 200, 200])
    trends = make({0: one + other}, totals).assign(
        origin_0=one, origin_0_total=100, origin_1=other, origin_1_total=[0, 0, 100, 100]
    )
    model = cells_of(trends, "papers", pd.Index([0]))
    assert model.totals.tolist() == [100] * 6 and model.strata.tolist() == [0, 0, 0, 0, 1, 1]
    assert model.z(np.zeros(1))[0] == pytest.approx(-55 / np.sqrt(106.125))
    assert model.freedom == 6 - 3
    row = trend_verdicts(trends).iloc[0]
    # The joined shares rise, 0.4, 0.3, 0.4, 0.3; within the origins they fall.
    assert row["p_line"] == pytest.approx(2 * stats.t.sf(55 / np.sqrt(106.125), 3))
    assert row["verdict"] == "falling" and row["ratio_per_year"] < 1
    # Only the first origin has papers in both halves: 70 and 30 of 200.
    assert (row["within_early"], row["within_late"]) == (0.35, 0.15)
    assert (
        "falling within the origins of the papers, whose mix changes, from 35 % (2016 to 2017) "
        in (row["words"])
    )
    # One pair of shares, not two.
    assert row["words"].split(" interval")[0].count(" %") == 3


def test_one_origin_split_at_random_changes_little():
    rng = np.random.default_rng(1)
    trends = planted(2.0)
    half = rng.binomial(trends["papers"], 0.5)
    split = trends.assign(origin_0=half, origin_0_total=325, origin_1=trends["papers"] - half)
    split = split.assign(origin_1_total=325)
    plain, told = (trend_verdicts(one).set_index("topic").loc[0] for one in (trends, split))
    assert told["verdict"] == plain["verdict"] == "rising"
    assert told["ratio_per_year"] == pytest.approx(plain["ratio_per_year"], rel=0.02)
    # Refits are stratified likewise.
    again = split.assign(refit_0=split["papers"], refit_0_origin_0=split["origin_0"],
                         refit_0_origin_1=split["origin_1"])  # fmt: skip
    row = trend_verdicts(again).set_index("topic").loc[0]
    assert row["p_line"] == pytest.approx(2 * told["p_line"])


def databases(*, falls: float, seed: int) -> pd.DataFrame:
    """Papers on forestry, by year: one database covers all years, two that have more begin late."""
    rng = np.random.default_rng(seed)
    rows = []
    for year in range(2010, 2024):
        for name, size, share in (("A", 150, 0.1), ("B", 150, 0.25), ("C", 100, 0.3)):
            number = rng.poisson(size) if name == "A" or year >= 2017 else 0
            on = rng.random(number) < share * falls ** (year - 2010)
            other = rng.integers(8, size=number).astype(str)
            rows += [(year, name, "forest" if yes else x) for yes, x in zip(on, other)]
    papers = pd.DataFrame(rows, columns=["year", "origin", "subject"])
    papers["paper_id"] = [f"title:{number:016x}" for number in range(len(papers))]
    papers["title"] = "A title"
    papers["published"] = pd.to_datetime(papers["year"].astype(str), format="%Y")
    return papers.astype({"origin": "string", "subject": "string", "published": "datetime64[us]"})


def test_a_new_database_is_no_trend():
    papers = databases(falls=0.9, seed=1)
    with pytest.warns(UserWarning, match=r"origins jumps in 2017 .*compare the papers of each"):
        trends = toolkit.topic_trends(papers, by="subject", freq="Y")
    names = ["origin_0", "origin_0_total", "origin_1", "origin_1_total", "origin_2"]
    assert list(trends.columns[-6:-1]) == names
    totals = trends[[name for name in trends if str(name).endswith("_total")]]
    assert (totals.sum(axis=1) == trends["total"]).all()
    assert (trends["origin_0"] + trends["origin_1"] + trends["origin_2"] == trends["papers"]).all()
    row = trend_verdicts(trends).set_index("topic").loc["forest"]
    assert row["verdict"] == "falling"
    assert 0.8 < row["ratio_per_year"] < 1 and row["share_late"] > row["share_early"]
    # The joined file alone, without the column, rises.
    joined = toolkit.topic_trends(papers.drop(columns="origin"), by="subject", freq="Y")
    assert trend_verdicts(joined).set_index("topic").loc["forest", "verdict"] != "falling"
    # A paper of two databases counts for the one that covers more years; parts of one export that
    # follow one another are no strata, nor are origins counted themselves.
    both = papers.assign(origin=papers["origin"].replace("B", "B; A"))
    with pytest.warns(UserWarning, match="jumps in 2017"):
        two = toolkit.topic_trends(both, by="subject", freq="Y")
    assert "origin_1" in two and "origin_2" not in two
    four = papers["published"].dt.year.floordiv(4)
    parts = papers.assign(origin=four.map({502: "A", 503: "B", 504: "C", 505: "D"}))
    parts = parts.astype({"origin": "string"})
    with pytest.warns(UserWarning, match="follow one another in time"):
        assert "origin_0" not in toolkit.topic_trends(parts, by="subject", freq="Y")
    assert "origin_0" not in toolkit.topic_trends(papers, by="origin", freq="Y")
    mixed = papers.assign(origin=papers["origin"].sample(frac=1, random_state=0).to_numpy())
    assert "origin_0" not in toolkit.topic_trends(mixed, by="subject", freq="Y")


def test_pages_of_one_search_are_one_origin():
    papers = databases(falls=1, seed=3)
    pages = {"A": "wos/1-500.bib", "B": "wos/501-1000.bib", "C": "wos/1001-1500.bib"}
    named = papers.assign(origin=papers["origin"].map(pages).astype("string"))
    # Nothing is told, and nothing is split.
    assert "origin_0" not in toolkit.topic_trends(named, by="subject", freq="Y")
    # Files of other names but of one source and the same columns show no other database either,
    files = papers["origin"].map({"A": "old.bib", "B": "new.bib", "C": "more.bib"}).astype("string")
    same = papers.assign(origin=files, source=pd.array(["wos"] * len(papers), dtype="string"))
    assert "origin_0" not in toolkit.topic_trends(same, by="subject", freq="Y")
    # but those of two sources, or with other columns, do; so do names that were given.
    two = same.assign(source=papers["origin"].map({"A": "wos", "B": "ris", "C": "ris"}))
    other = same.assign(issn=files.mask(files != "old.bib"), pmid=files.mask(files != "old.bib"))
    for told in (two.astype({"source": "string"}), other, papers):
        with pytest.warns(UserWarning, match=r"2017 .*papers.assign\(origin=\"WoS\"\)"):
            assert "origin_0" in toolkit.topic_trends(told, by="subject", freq="Y")


def test_more_than_drift_takes_years_and_a_trend():
    rng = np.random.default_rng(2)

    def told(periods: int, ratio: float) -> pd.DataFrame:
        years = np.arange(periods) / 4
        drift = np.zeros((30, periods))
        for at in range(1, periods):
            drift[:, at] = 0.6 * drift[:, at - 1] + rng.normal(0, 0.2, 30)
        logs = np.log(0.02) + drift
        logs[0] += np.log(ratio) * (years - years.mean())
        counts = rng.binomial(800, np.exp(logs).clip(max=0.9))
        table = make(dict(enumerate(counts)), [800] * periods, freq="QS")
        return trend_verdicts(table).set_index("topic")

    short = told(8, 3.0)
    assert short.loc[0, "verdict"] == "rising" and pd.isna(short.loc[0, "beyond_drift"])
    assert short.loc[0, "drift_note"] == "2.0 years are too short, it takes 5"
    assert "too short a time to tell a lasting trend from a slow wave" in short.loc[0, "words"]
    long = told(48, 1.35)
    assert long.loc[0, "verdict"] == "rising" and long.loc[0, "beyond_drift"]
    assert "more than slow drift would bring" in long.loc[0, "words"]
    others = long.drop(index=0)
    assert others["verdict"].isin(CHANGES).any(), "drift alone gives verdicts"
    assert not others["beyond_drift"].fillna(False).any()
    assert long.loc[~long["verdict"].isin(CHANGES), "beyond_drift"].isna().all()


def test_drift_is_learned_and_its_test_is_least_squares():
    # One topic, three times a year apart, drift 0.5 that lasts a year, noise of variance 0.1; the
    # restricted likelihood and the generalised least squares of statsmodels.
    from statsmodels.regression.linear_model import GLS

    from toolkit.trends.drift import _restricted, _test

    years = np.arange(6.0)
    logits = np.array([[0.1, 0.5, 0.2, 0.9, 1.1, 0.8]])
    noise = np.full((1, 6), 0.1)
    full = 0.25 * np.exp(-np.abs(np.subtract.outer(years, years))) + 0.1 * np.eye(6)
    design = np.column_stack([np.ones(6), years - 2.5])
    fit = GLS(logits[0], design, full).fit()
    rest = fit.wresid @ fit.wresid
    inner = np.linalg.slogdet(design.T @ np.linalg.inv(full) @ design)[1]
    by_hand = -0.5 * (np.linalg.slogdet(full)[1] + inner + rest)
    assert _restricted(years, logits, noise, 0.5, 1.0) == pytest.approx(by_hand)
    basis = natural_spline(years, np.ones(6), 2)
    p = _test(years, logits, noise, basis, (0.5, 1.0), np.array([True]))
    curve = GLS(logits[0], np.column_stack([np.ones(6), basis]), full).fit()
    bend = curve.tvalues[2]
    scale = max(1.0, curve.scale)
    line = (GLS(logits[0], np.column_stack([np.ones(6), years]), full).fit().ssr, rest)
    assert line[0] == pytest.approx(rest)
    base = GLS(logits[0], np.ones((6, 1)), full).fit().ssr
    by_line = 2 * stats.t.sf(np.sqrt((base - rest) / scale), 3)
    by_bend = 2 * stats.t.sf(abs(bend) * np.sqrt(curve.scale / scale), 3)
    by_curve = stats.f.sf((base - curve.ssr) / 2 / scale, 2, 3)
    assert p[0] == pytest.approx(combine(*(np.array([x]) for x in (by_line, by_bend, by_curve)))[0])


def test_halves_leave_out_no_period():
    verdicts = trend_verdicts(make({0: [1, 2, 4, 8, 16]}, [100] * 5))
    row = verdicts.iloc[0]
    assert (row["span_early"], row["span_late"]) == ("2016 to 2017", "2018 to 2020")
    assert (row["papers_early"], row["papers_late"]) == (3, 28)
    assert row["share_early"] == 3 / 200 and row["share_late"] == 28 / 300


@pytest.mark.slow
def test_what_is_detectable_is_found_in_four_of_five():
    trends = planted(1.0, seed=1)
    ratio = trend_verdicts(trends).set_index("topic").loc[0, "detectable"]
    share, years = trends.query("topic == 0")["papers"].sum() / 5200, np.arange(8) / 4
    line = ratio ** (years - years.mean())
    told = 0
    for seed in range(150):
        some = planted(1.0, size=share, seed=seed)
        rng = np.random.default_rng(1000 + seed)
        some.loc[some["topic"] == 0, "papers"] = rng.binomial(650, share * line / line.mean())
        told += trend_verdicts(some).set_index("topic").loc[0, "verdict"] == "rising"
    assert 0.70 <= told / 150 <= 0.90


def test_a_topic_out_of_nothing_rises():
    trends = planted(1.0, seed=2)
    trends.loc[trends["topic"] == 7, "papers"] = [0] * 7 + [40]
    row = trend_verdicts(trends).set_index("topic").loc[7]
    assert row["verdict"] == "rising"
    assert row["ratio_low"] > 1


def test_partial_periods_and_gaps_are_left_out():
    full = make({0: [10, 20, 30, 40], 1: [50, 50, 50, 50]}, [100] * 4)
    counts = {0: [1, 10, 20, 30, 40, 0], 1: [1, 50, 50, 50, 50, 0]}
    totals = [2, 100, 100, 100, 100, 0]
    longer = make(counts, totals, start="2015-01-01", partial=[True] + [False] * 5)
    pd.testing.assert_frame_equal(trend_verdicts(full), trend_verdicts(longer))


def test_thin_periods_move_no_verdict():
    # 360 papers in 36 months of ten: few in each, and the same verdicts as in quarters and years,
    # because papers are weighed, not periods.
    rng = np.random.default_rng(0)
    years = np.arange(36) / 12
    share = np.clip(0.2 * 2.0 ** (years - years.mean()), 0, 0.9)
    rises, still = rng.binomial(10, share), rng.binomial(10, 0.2, 36)
    months = make({0: rises, 1: still}, [10] * 36, freq="MS")
    quarters = make(
        {0: rises.reshape(12, 3).sum(1), 1: still.reshape(12, 3).sum(1)}, [30] * 12, freq="QS"
    )
    fine, coarse = (trend_verdicts(one).set_index("topic") for one in (months, quarters))
    assert fine["verdict"].tolist() == coarse["verdict"].tolist() == ["rising", "can't tell"]
    ratios = fine["ratio_per_year"] / coarse["ratio_per_year"]
    assert ratios.between(0.98, 1.02).all()
    # A period of one paper more, whatever it says, weighs one paper.
    more = make({0: [*rises, 1], 1: [*still, 0]}, [10] * 36 + [1], freq="MS")
    also = trend_verdicts(more).set_index("topic")
    assert also["verdict"].tolist() == ["rising", "can't tell"]
    assert abs(also.loc[0, "ratio_per_year"] / fine.loc[0, "ratio_per_year"] - 1) < 0.05


def test_months_that_lie_a_quarter_apart_are_named_as_months():
    totals = [50, 0, 0, 50, 0, 0, 50, 0, 0]
    trends = make({0: [20 if n else 0 for n in totals]}, totals, freq="MS")
    assert trend_verdicts(trends)["words"].str.contains("in 2016-01 to 2016-07").all()
    # Without the months between, only the column `freq` can tell; two lengths in one tell nothing.
    quarters = make({0: [20, 22, 24]}, [50] * 3, freq="QS")
    monthly = trend_verdicts(quarters.assign(freq="M")).iloc[0]
    assert (monthly["span_early"], monthly["span_late"]) == (
        "2016-01",
        "2016-04 to 2016-07",
    )
    assert trend_verdicts(quarters.assign(freq=["M", "Q", "M"]))["span_early"][0] == "2016 Q1"


@pytest.mark.parametrize(
    ("counts", "totals", "words"),
    [
        ([5, 6], [50, 50], "three complete periods with papers, and there are 2"),
        ([5], [50], "and there is 1."),
        ([0, 0, 0, 0], [50] * 4, "it has 0 papers in 2016 to 2019"),
        ([50, 50, 50], [50] * 3, "can't tell; every paper in 2016 to 2018 has it."),
    ],
)
def test_what_cannot_be_tested_cannot_be_told(counts, totals, words):
    row = trend_verdicts(make({0: counts}, totals)).iloc[0]
    assert row["verdict"] == "can't tell"
    assert words in row["words"]
    assert np.isnan(row["p"]) and np.isnan(row["detectable"])
    nothing = make({0: counts}, totals, partial=True)
    assert trend_verdicts(nothing)["verdict"].tolist() == ["can't tell"]


def test_words_carry_the_figures():
    trends = planted(2.5)
    trends["label"] = trends["topic"].map({0: "paper cranes"}).astype("string")
    verdicts = trend_verdicts(trends)
    words = verdicts.set_index("topic").loc[0, "words"]
    assert words.startswith("paper cranes: rising, from ")
    early, late = verdicts.loc[0, ["papers_early", "papers_late"]]
    assert f"({early} papers in 2024 Q3 to 2025 Q2)" in words
    assert f"({late} in 2025 Q3 to 2026 Q2)" in words
    row = verdicts.iloc[0]
    assert f"by a factor of {row['ratio_per_year']:.2g} a year" in words
    assert f"95 % interval {row['ratio_low']:.2g} to {row['ratio_high']:.2g}" in words
    first = trends.query("topic == 0")["papers"].iloc[:4].sum() / (4 * 650)
    assert f"from {100 * first:.1f} %" in words
    other = verdicts[verdicts["verdict"] == "can't tell"].iloc[0]
    assert other["words"].startswith(f"Topic {other['topic']}: can't tell; ")
    assert (
        f"a change by {other['detectable']:.2g} times a year would probably have" in other["words"]
    )
    assert f"a change by any factor from {other['ratio_low']:.2f} to " in other["words"]


def test_periods_left_out_are_named_with_what_to_do():
    ends = [True, False, False, True, False]
    table = make({0: [5, 6, 7, 8, 0]}, [50, 50, 50, 50, 0], partial=ends)
    verdicts = trend_verdicts(table)
    assert verdicts.loc[0, "words"] == (
        "Topic 0: can't tell; a trend needs three complete periods with papers, and there are 2; "
        "left out, as the dates do not show them covered in full: 2016, 2019 (if they are: "
        "since=…, until=…)."
    )
    assert describe_partial_periods([]) == ""
    assert "2001, 2002, …, 2006 (if they are" in describe_partial_periods(
        [str(2000 + n) for n in range(1, 7)]
    )


def test_words_say_where_the_topic_itself_is_fragile():
    trends = planted(2.5)
    card = pd.DataFrame({"topic": [0, 1], "verdict": pd.Categorical(["fragile", "solid"])})
    plain, told = trend_verdicts(trends), trend_verdicts(trends, card=card)
    pd.testing.assert_frame_equal(plain.drop(columns="words"), told.drop(columns="words"))
    changed = plain["words"] != told["words"]
    assert told.loc[changed, "topic"].tolist() == [0]
    assert (
        told.loc[changed, "words"]
        .item()
        .endswith(" slow wave; the topic itself is fragile: a refit may not find it.")
    )
    with pytest.raises(DataError, match=r"argument 'card': not a reliability card.*check_topics"):
        trend_verdicts(trends, card=trends)


def test_words_claim_no_more_than_the_papers_bear():
    few = make({0: [2, 3, 2], 1: [0, 0, 9], 2: [18, 17, 9]}, [20] * 3)
    words = trend_verdicts(few).set_index("topic")["words"]
    assert words[0].startswith(
        "Topic 0: can't tell; 12 % of the papers in 2016 to 2018, and its 7 "
    )
    assert "its 9 papers are compatible with" in words[1] and "over 100 a year" in words[1]
    thin = trend_verdicts(make({0: [1, 0, 1], 1: [1, 2, 1]}, [2] * 3)).set_index("topic")["words"]
    assert thin[0] == (
        "Topic 0: can't tell; it has 2 papers in 2016 to 2018, and a trend needs 5 at least."
    )
    none = planted(1.0, seed=2)
    none.loc[none["topic"] == 7, "papers"] = [0] * 4 + [0, 0, 0, 40]
    assert (
        "rising, from 0 % of the papers" in trend_verdicts(none).set_index("topic").loc[7, "words"]
    )
    assert percent(0.00812, of=300) == "under 1 %" and percent(0.00812) == "0.8 %"
    assert [factor(value) for value in (1.244, 1.25, 9.96, 0.049, 101)] == [
        "1.24", "1.2", "10", "0.049", "over 100",
    ]  # fmt: skip
    wave = make({0: [9, 60, 9, 70, 9, 64, 9, 90], 1: [60] * 8}, [100] * 8)
    told = trend_verdicts(wave).set_index("topic")["words"]
    assert "as much as chance, so that no number of papers would tell" in told[0]
    assert "probably have shown" not in told[0]
    assert percent(1.0) == "100 %" and percent(0.9999) == "100.0 %"


def test_row_order_and_names_do_not_matter():
    trends = planted(2.0)
    verdicts = trend_verdicts(trends).set_index("topic").sort_index()
    again = trend_verdicts(trends.sample(frac=1, random_state=0)).set_index("topic").sort_index()
    pd.testing.assert_frame_equal(verdicts, again)
    named = trends.assign(topic="n" + trends["topic"].astype(str).str.zfill(3))
    other = trend_verdicts(named).set_index("topic").sort_index()
    columns = [name for name in verdicts if name not in ("label", "words")]
    pd.testing.assert_frame_equal(
        verdicts[columns].reset_index(drop=True), other[columns].reset_index(drop=True)
    )


def test_the_order_of_the_table():
    verdicts = trend_verdicts(planted(2.5))
    places = verdicts["verdict"].map(VERDICTS.index)
    assert places.is_monotonic_increasing
    assert (verdicts["label"] == "Topic " + verdicts["topic"].astype(str)).all()
    mixed = trend_verdicts(make({-1: [5] * 4, 0: [5] * 4, 1: [9] * 4}, [100] * 4))
    assert mixed["topic"].tolist() == [1, -1, 0]
    assert mixed["label"].tolist() == ["Topic 1", "Outliers (no topic)", "Topic 0"]


def test_refits_by_hand():
    trends = planted(2.5)
    plain = trend_verdicts(trends).set_index("topic")
    # In one refit the riser is flat, in another it falls, in the third it is as in the model.
    own = trends["papers"]
    flat = own.where(trends["topic"] != 0, 30)
    falls = own.mask(trends["topic"] == 0, own[trends["topic"] == 0].to_numpy()[::-1].tolist() * 41)
    three = {"refit_0": own, "refit_1": flat, "refit_2": falls}
    ps = [
        trend_verdicts(trends.assign(papers=one)).set_index("topic")["p"] for one in three.values()
    ]
    row = trend_verdicts(trends.assign(**three)).set_index("topic")
    # Twice the median: 2 · p(flat), p(falls) counting as 1 because it points the other way.
    assert row.loc[0, "p"] == pytest.approx(min(1, 2 * ps[1].loc[0]))
    assert row.loc[0, "verdict"] == "can't tell"
    assert row.loc[0, "ratio_per_year"] == plain.loc[0, "ratio_per_year"]
    assert row.loc[0, "ratio_low"] <= plain.loc[0, "ratio_low"]
    # The others are the same in all refits, so twice their own p is what they pay.
    assert row.loc[1:, "p"].to_numpy() == pytest.approx(
        np.minimum(1, 2 * plain["p"].loc[row.loc[1:].index])
    )


def test_refits_that_agree_keep_a_clear_verdict():
    trends = planted(2.5)
    same = trend_verdicts(trends.assign(refit_0=trends["papers"], refit_1=trends["papers"]))
    row = same.set_index("topic").loc[0]
    assert row["verdict"] == "rising"
    wide = trend_verdicts(trends, confidence=0.975).set_index("topic").loc[0]
    assert (row["ratio_low"], row["ratio_high"]) == (wide["ratio_low"], wide["ratio_high"])


def test_a_topic_that_most_refits_lose_cannot_be_told():
    trends = planted(2.5)
    lost = trends["papers"].where(trends["topic"] != 0, 0)
    table = trends.assign(refit_0=trends["papers"], refit_1=lost, refit_2=lost)
    row = trend_verdicts(table).set_index("topic").loc[0]
    assert row["verdict"] == "can't tell" and row["p"] == 1
    assert row["ratio_low"] == 0 and row["ratio_high"] == np.inf


def test_scatter_is_pooled_over_topics():
    rng = np.random.default_rng(0)
    # χ² / 6 of 200 topics with nothing but chance: one dispersion, normal reference.
    chance = rng.chisquare(6, 200) / 6
    pooled, freedom = pool_dispersions(chance, 6, np.ones(200, dtype=bool))
    assert freedom > 60
    assert (pooled >= 1).all()
    # χ² with 6 degrees passes 12.59, 2.1 of them each, once in twenty: those keep their own.
    kept = (pooled == chance) & (chance > 1.5)
    assert (pooled[~kept] < 1.3).all()
    assert 0.02 < kept.mean() < 0.09
    assert chance[kept].min() > chance[~kept].max()
    assert abs(chance[kept].min() - 12.59 / 6) < 0.3
    wave = np.append(chance, 9.0)
    pooled, _ = pool_dispersions(wave, 6, np.ones(201, dtype=bool))
    assert pooled[-1] == 9.0
    # Truly different scatter: the prior of Smyth's model is recovered.
    true = 2.0 * 10 / rng.chisquare(10, 5000)
    pooled, freedom = pool_dispersions(true * rng.chisquare(6, 5000) / 6, 6, np.ones(5000, bool))
    assert 6 + 7.5 < freedom < 6 + 13
    # By hand, given the prior: (10·2 + 6·s²) / 16.
    few = np.array([1.5, 4.0])
    pooled, freedom = pool_dispersions(few, 6, np.ones(2, dtype=bool))
    assert pooled.tolist() == [1.5, 4.0] and freedom == 6
    pooled, _ = pool_dispersions(np.array([0.2, 4.0]), 6, np.ones(2, dtype=bool))
    assert pooled.tolist() == [1.0, 4.0]


@settings(deadline=None, max_examples=8)
@given(
    st.integers(3, 9).flatmap(
        lambda periods: st.lists(
            st.lists(st.integers(0, 60), min_size=periods, max_size=periods),
            min_size=1,
            max_size=6,
        )
    )
)
def test_always(counts):
    totals = np.sum(counts, axis=0) + 1
    trends = make(dict(enumerate(counts)), totals)
    verdicts = trend_verdicts(trends).set_index("topic")
    assert set(verdicts["verdict"]) <= set(VERDICTS)
    tested = verdicts[verdicts["p"].notna()]
    assert ((tested["p"] >= 0) & (tested["p"] <= tested["q"] + 1e-15) & (tested["q"] <= 1)).all()
    assert (tested["ratio_low"] <= tested["ratio_per_year"] + 1e-9).all()
    assert (tested["ratio_per_year"] <= tested["ratio_high"] + 1e-9).all()
    assert ((tested["ratio_low"] >= 0) & (tested["points_high"] <= 100)).all()
    assert (verdicts["detectable"].dropna() > 1).all()
    changed = verdicts["verdict"].isin(CHANGES)
    assert (verdicts.loc[changed, "q"] <= 0.05).all()
    assert (verdicts["peak"].notna() == verdicts["verdict"].isin(CHANGES[2:])).all()
    assert (verdicts["papers_early"] + verdicts["papers_late"] == verdicts["papers"]).all()
    # Time reversed: what rose fell.
    back = make({topic: row[::-1] for topic, row in enumerate(counts)}, totals[::-1])
    swapped = trend_verdicts(back).set_index("topic").loc[verdicts.index]
    swap = {"rising": "falling", "falling": "rising"}  # a wave stays a wave
    assert swapped["verdict"].replace(swap).tolist() == verdicts["verdict"].tolist()
    assert swapped["points_per_year"].to_numpy() == pytest.approx(
        -verdicts["points_per_year"].to_numpy(), abs=1e-6, nan_ok=True
    )


def test_bad_input():
    good = make({0: [10, 20, 30], 1: [5, 5, 5]}, [100] * 3)
    with pytest.raises(DataError, match=r"not a table of trends.*topic_trends\(papers, topics\)"):
        trend_verdicts(good.drop(columns="total"))
    with pytest.raises(DataError, match="not a table of trends: found 'dict'"):
        trend_verdicts({})
    with pytest.raises(DataError, match="the table of trends is empty"):
        trend_verdicts(good.iloc[:0])
    with pytest.raises(DataError, match="a topic lacks some of the periods"):
        trend_verdicts(good.iloc[1:])
    with pytest.raises(DataError, match="topic 0 appears twice in one period"):
        trend_verdicts(pd.concat([good, good.iloc[:1]]))
    with pytest.raises(DataError, match="the totals of a period disagree"):
        trend_verdicts(good.assign(total=[100, 100, 100, 100, 100, 99]))
    with pytest.raises(
        DataError, match=r"row 3, column 'papers': not a count of a total: found '101 of"
    ):
        trend_verdicts(good.assign(papers=[1, 2, 101, 4, 5, 6]))
    with pytest.raises(DataError, match="not a confidence"):
        trend_verdicts(good, confidence=95)
    for wrong in (1, 0.8, float("nan"), float("inf"), "25 %", None):
        with pytest.raises(DataError, match="not a margin"):
            trend_verdicts(good, margin=wrong)


def test_arguments_are_not_changed():
    trends = planted(1.5)
    before = trends.copy(deep=True)
    trend_verdicts(trends)
    pd.testing.assert_frame_equal(trends, before)


def test_a_million_papers_and_long_series_stay_finite():
    rng = np.random.default_rng(0)
    totals = rng.integers(1000, 3000, 480)
    trends = make({t: rng.binomial(totals, 0.01) for t in range(3)}, totals, freq="MS",
                  start="1985-01-01")  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdicts = trend_verdicts(trends)
    assert np.isfinite(verdicts[["ratio_low", "ratio_high", "p"]]).all(axis=None)
    assert (verdicts["verdict"] == "steady").all()


def test_the_public_name():
    assert toolkit.trend_verdicts is trend_verdicts


#: A collection that grows, by year from 2001.
GROWS = [82, 54, 71, 56, 62, 86, 88, 102, 133, 147, 152, 192, 221, 220, 318, 441, 358]


def in_quarters(percents: list[float], total: int = 650) -> pd.DataFrame:
    """Return quarters with these shares."""
    counts = [round(share * total / 100) for share in percents]
    return make({0: counts}, [total] * len(counts), freq="QS", start="2024-07-01")


def test_what_never_came_back_did_not_rise():
    row = trend_verdicts(make({0: [25, *[0] * 16]}, GROWS, start="2001-01-01")).iloc[0]
    assert row["verdict"] == "falling" and "e-05" not in row["words"]
    assert percent(2e-7) == "under 0.01 %" and percent(0.00012) == "0.01 %"


def test_a_leg_is_borne_by_papers():
    # Peak in the third of five periods; each leg has two: its foot against the three about the
    # peak, (20 + 30 + 20) of 300 against 10 of 100. Expected 60, variance 0.2·0.8·300·100/400.
    turns = Turns(np.array([1.0]), np.array([2]), np.array([[0, 4]]), np.array([[1.0, 1.0]]))
    model = Logits(np.array([[10.0, 20, 30, 20, 10]]), np.full(5, 100.0), np.arange(5.0))
    near, far = leg_parts(turns, 5)
    assert near[0].tolist() == [[False, True, True, True, False]] * 2
    assert far[0].tolist() == [[True, *[False] * 4], [*[False] * 4, True]]
    p = p_of_legs(turns, model, np.ones(1), 1e9)
    assert p[0] == pytest.approx([stats.norm.sf(9.5 / np.sqrt(12))] * 2)
    nothing = Logits(np.zeros((1, 5)), model.totals, model.years)
    assert p_of_legs(turns, nothing, np.ones(1), 1e9).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize(
    "percents", [[0.6, 0.5, 0.8, 0.5, 0.2, 0.0, 0.6, 3.2], [0.6, 2.5, 1.7, 1.2, 0.9, 1.5, 1.5, 4.8]]
)
def test_what_shot_up_last_does_not_level_off(percents):
    trends = in_quarters(percents, 1000)
    model = Logits(
        trends["papers"].to_numpy(float)[None], trends["total"].to_numpy(float), np.arange(8.0) / 4
    )
    curves = Curves(model, 3)
    flat = levels_off(curves.basis, curves.fit, model, np.ones(1), np.ones(1), 1e9, 0.05)
    assert not flat[0]


def test_a_rise_seen_to_go_back_is_no_plain_rise():
    trends = in_quarters([0.2, 0.5, 0.6, 2, 3, 5, 8.2, 4.9])
    # In the refits it rises on: no turn is proved, but the last papers show that it went back.
    for number in range(3):
        trends[f"refit_{number}"] = [1, 3, 4, 16, 20, 24, 25, 26]
    row = trend_verdicts(trends).iloc[0]
    assert row["verdict"] == "rising" and row["back_since"] == pd.Timestamp("2026-04-01")
    assert row["words"].startswith(
        "Topic 0: rose (since 2026 Q2 lower again, not shown to fall), from 0.8 %"
    )
    assert not row["levels_off"]
    on = trend_verdicts(in_quarters([0, 0.5, 0.6, 1.5, 2.6, 3.5, 4, 5])).iloc[0]
    assert on["verdict"] == "rising" and on["back_since"] is pd.NaT


def test_two_papers_are_no_trend():
    row = trend_verdicts(make({0: [2, *[0] * 16]}, GROWS, start="2001-01-01")).iloc[0]
    assert row["verdict"] == "can't tell" and np.isnan(row["p"])
    assert "it has 2 papers in 2001 to 2017, and a trend needs 5 at least" in row["words"]


def test_the_exact_test_by_hand():
    # Five papers, all in the last of four equal periods: (1/4)⁵, twice.
    model = Logits(np.array([[0.0, 0, 0, 5], [9, 9, 9, 9]]), np.full(4, 100.0), np.arange(4.0))
    assert exact_p(model) == pytest.approx([2 / 4**5, 0.0])
    # Two strata with two periods of one size: 3 of 3 and 2 of 2 papers late, (1/2)⁵ twice.
    strata = Logits(
        np.array([[0.0, 3, 0, 2]]), np.full(4, 50.0), np.array([0.0, 1, 0, 1]),
        np.array([0, 0, 1, 1]),
    )  # fmt: skip
    assert exact_p(strata) == pytest.approx([2 / 2**5])
    row = trend_verdicts(make({0: [0, 0, 5]}, [100] * 3)).iloc[0]
    assert row["p_line"] >= 2 / 3**5


def test_what_could_get_no_verdict_counts_for_no_test():
    # By hand: 2 (1/4)⁵ = 0.00195, so that 25 tests may be kept (0.05 / 25 = 0.002), not 26.
    totals = np.full(4, 100.0)
    assert worth_testing(np.full(25, 5.0), totals, 0.05).all()
    assert not worth_testing(np.full(26, 5.0), totals, 0.05).any()
    assert worth_testing(np.array([4.0, 5.0]), totals, 0.05).tolist() == [False, True]
    # A thousand keywords with five papers each take nothing from one that rises.
    rising = [2, 5, 8, 14]
    counts = {0: rising} | {key: [1, 1, 1, 2] for key in range(1, 1001)}
    verdicts = trend_verdicts(make(counts, [1500] * 4)).set_index("topic")
    alone = trend_verdicts(make({0: rising}, [1500] * 4)).iloc[0]
    assert len(verdicts) == 1001 and verdicts["q"].count() == 1
    assert verdicts.loc[0, "q"] == pytest.approx(alone["q"])
    assert "cannot show a trend, however they lie" in verdicts.loc[1, "words"]
