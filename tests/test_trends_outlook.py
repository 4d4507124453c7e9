"""The outlook: level, back-test and drift by hand, coverage of its intervals, what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

import toolkit
from toolkit.errors import DataError
from toolkit.trends import trend_outlook
from toolkit.trends.outlook import _drift, _errors, _level, _whole_papers, look_ahead


def trends(counts, totals, freq="QS") -> pd.DataFrame:
    periods = pd.date_range("2022-01-01", periods=len(totals), freq=freq)
    parts = [
        pd.DataFrame(
            {"period": periods, "topic": topic, "papers": papers, "total": totals, "partial": False}
        )
        for topic, papers in enumerate(counts)
    ]
    return pd.concat(parts, ignore_index=True)


def drifting(rng, sizes, n_periods: int, per: int, sd: float, n: int = 215):
    """Counts of topics whose logits are autoregressive (0.9 a month), by periods of months."""
    months = n_periods * per
    waves = np.zeros((len(sizes), months))
    waves[:, 0] = rng.standard_normal(len(sizes))
    for month in range(1, months):
        step = np.sqrt(1 - 0.9**2) * rng.standard_normal(len(sizes))
        waves[:, month] = 0.9 * waves[:, month - 1] + step
    rates = sizes[:, None] * np.exp(sd * waves)
    rates /= rates.sum(axis=0)
    counts = np.stack([rng.multinomial(n, rates[:, month]) for month in range(months)], axis=1)
    return counts.reshape(len(sizes), n_periods, per).sum(axis=2).astype(float), float(n * per)


def test_the_level_by_hand():
    # A period counts half as much as the next later one.
    counts, totals = np.array([[10.0, 30.0, 40.0]]), np.array([100.0, 200.0, 400.0])
    level, spread = _level(counts, totals, 0.5)
    assert level[0] == pytest.approx((10 / 4 + 30 / 2 + 40) / (100 / 4 + 200 / 2 + 400))
    weights = np.array([25, 100, 400]) / 525
    assert spread == pytest.approx((weights**2 / totals).sum())
    last, alone = _level(counts, totals, 0.0)
    assert (last[0], alone) == (pytest.approx(0.1), pytest.approx(1 / 400))
    mean, all_ = _level(counts, totals, 1.0)
    assert (mean[0], all_) == (pytest.approx(80 / 700), pytest.approx(1 / 700))


def test_the_back_test_by_hand():
    counts, totals = np.array([[10.0, 20.0, 30.0, 60.0, 50.0]]), np.full(5, 100.0)
    squares, within, scale = _errors(counts, totals, 1, 1.0)
    # After three periods the mean is 0.2 and 0.6 came; after four it is 0.3 and 0.5 came.
    assert squares[0].tolist() == pytest.approx([0.4**2, 0.2**2])
    middle = (0.4 * 300 + 0.5) / 301
    assert scale[0, 0] == pytest.approx(middle * (1 - middle))
    assert within[0, 0] == pytest.approx(middle * (1 - middle) * (1 / 100 + 1 / 300))
    assert _errors(counts, totals, 2, 1.0)[0][0].tolist() == pytest.approx([0.3**2])


def test_drift_is_what_errors_have_beside_chance():
    scale, within = np.array([[0.1, 0.2]]), np.array([[0.001, 0.002]])
    assert _drift(within + 0.3 * scale**2, within, scale) == pytest.approx(0.3)
    assert _drift(within / 2, within, scale) == 0


def test_intervals_are_of_whole_papers():
    # Mean 0.1 and variance 0.0004: a + b = 0.09/0.0004 − 1 = 224; of 50 papers.
    low, high = _whole_papers(np.array([0.1]), np.array([0.0004]), 50.0, 0.95)
    ends = beta(22.4, 201.6).ppf([0.025, 0.975])
    assert low[0] == np.floor(50 * ends[0]) / 50 and high[0] == np.ceil(50 * ends[1]) / 50


def test_the_level_is_not_the_line_carried_on():
    table = trends([[10, 20, 30, 40, 50, 60, 70, 80]], [1000] * 8)
    outlook = trend_outlook(table)
    assert outlook["share"].tolist() == [0.08, 0.08] and outlook["memory"].tolist() == [0, 0]
    assert outlook["low"][1] <= outlook["low"][0] < 0.08 < outlook["high"][0] <= outlook["high"][1]
    assert outlook["period"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-04-01")]


@pytest.mark.parametrize(("n_periods", "per", "sd"), [(8, 3, 0.0), (8, 3, 0.4), (24, 1, 0.4)])
def test_intervals_hold_what_comes(n_periods, per, sd):
    rng = np.random.default_rng(0)
    sizes = rng.lognormal(0, 0.6, 40)
    held, binomial, level_error, line_error = [], [], [], []
    for _ in range(20):
        counts, total = drifting(rng, sizes, n_periods + 2, per, sd)
        totals = np.full(n_periods + 2, total)
        outlook = look_ahead(counts[:, :n_periods], totals[:n_periods], 2, 0.95)
        for ahead, told in enumerate(outlook, start=1):
            came = counts[:, n_periods + ahead - 1] / total
            held.append(((told.low <= came) & (came <= told.high)).mean())
            error = 1.96 * np.sqrt(told.share * (1 - told.share) / total)
            binomial.append((np.abs(came - told.share) <= error).mean())
            level_error.append(np.abs(came - told.share).mean())
            line = np.polyfit(np.arange(n_periods), counts[:, :n_periods].T / total, 1)
            ahead_of_line = line[0] * (n_periods + ahead - 1) + line[1]
            line_error.append(np.abs(came - ahead_of_line).mean())
    assert 0.94 <= np.mean(held) <= 0.995
    assert np.mean(level_error) < np.mean(line_error)
    if sd:
        assert np.mean(binomial) < 0.93


def test_too_few_periods_say_why():
    table = trends([[1, 2, 3, 4, 5, 6]], [10] * 6)
    table["partial"] = table["period"] == "2022-01-01"
    outlook = trend_outlook(table)
    assert outlook[["share", "low", "high"]].isna().all(axis=None)
    assert outlook["words"][0].startswith(
        "Topic 0: no outlook; a back-test needs 6 complete periods with papers, and there are 5; "
        "left out, as the dates do not show it covered in full: 2022 Q1"
    )
    assert trend_outlook(table, periods=1)["share"].notna().all()
    none = trend_outlook(table.assign(partial=True))
    assert "and there are none" in none["words"][0]


def test_order_does_not_matter_and_empty_topics_stay_inside():
    rng = np.random.default_rng(1)
    table = trends(np.vstack([rng.binomial(200, 0.05, (6, 9)), np.zeros((1, 9), int)]), [200] * 9)
    mixed = table.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(trend_outlook(table), trend_outlook(mixed))
    outlook = trend_outlook(table)
    assert (outlook["low"] <= outlook["share"]).all() and (
        outlook["share"] <= outlook["high"]
    ).all()
    empty = outlook[outlook["topic"] == 6]
    assert (empty["low"] == 0).all() and (empty["high"] > 0).all()
    whole = trend_outlook(trends([[200] * 9], [200] * 9))
    assert (whole["high"] == 1).all() and (whole["low"] < 1).all()


def test_bad_input():
    with pytest.raises(DataError, match="periods"):
        trend_outlook(trends([[1] * 8], [10] * 8), periods=0)
    with pytest.raises(DataError, match="not a table of trends"):
        trend_outlook(pd.DataFrame({"topic": [1]}))
    assert toolkit.trend_outlook is trend_outlook


def test_an_interval_that_says_nothing_says_so():
    years = pd.date_range("2014-01-01", periods=10, freq="YS")
    counts = {0: [5, 60, 4, 80, 6, 70, 5, 75, 4, 66], 1: [0, 1, 0, 0, 1, 0, 1, 0, 0, 1]}
    counts[2] = [300] * 10
    trends = pd.concat(
        pd.DataFrame({"period": years, "topic": t, "papers": n, "total": 1000, "partial": False})
        for t, n in counts.items()
    )
    found = trend_outlook(trends, periods=1).set_index("topic")
    assert found.loc[0, "low"] == 0 and found.loc[1, "low"] == 0
    assert "; that says no more than under " in found.loc[1, "words"]
    assert 0 < 10 * found.loc[2, "low"] < found.loc[2, "high"]
    assert found.loc[2, "words"].endswith("; so wide an interval says almost nothing.")
    still = trend_outlook(trends[trends["topic"] == 2], periods=1)
    assert "says" not in still.loc[0, "words"]


def test_an_outlook_of_some_topics_says_so():
    years = pd.date_range("2014-01-01", periods=8, freq="YS")
    counts = {0: [100] * 8, 1: [890, 900, 910, 900, 890, 905, 900, 895]}
    trends = pd.concat(
        pd.DataFrame({"period": years, "topic": t, "papers": n, "total": 1010, "partial": False})
        for t, n in counts.items()
    )
    some = trend_outlook(trends[trends["topic"] == 0]).loc[0, "words"]
    assert "; its weights are learned from 1 topic with 9.9 % of the papers, not from all)" in some
    assert "not from all" not in trend_outlook(trends).loc[0, "words"]
