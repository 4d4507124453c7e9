"""Intervals of shares and Benjamini–Hochberg, against hand and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.intervals import benjamini_hochberg, check_confidence, jeffreys, wilson

pairs = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_by_hand():
    # z = 1.959964, z² = 3.841459. 5 of 10: centre (0.5 + 0.1920729) / 1.3841459 = 0.5,
    # half = 1.959964 * sqrt(0.025 + 0.00960365) / 1.3841459 = 0.2634.
    low, high = wilson(5, 10)
    assert low == pytest.approx(0.23659, abs=1e-5)
    assert high == pytest.approx(0.76341, abs=1e-5)
    # 0 of 10: high = z² / (n + z²) = 3.841459 / 13.841459.
    low, high = wilson(0, 10)
    assert low == 0
    assert high == pytest.approx(3.841459 / 13.841459, abs=1e-6)
    low, high = wilson([3, 10], [3, 10])
    assert high.tolist() == [1, 1]


def test_jeffreys_by_hand():
    # 0 of 1: Beta(½, 1½), whose cdf at sin²t is (2t + sin 2t) / π, as integrating shows.
    t = np.arcsin(np.sqrt(jeffreys(0, 1)[1]))
    assert (2 * t + np.sin(2 * t)) / np.pi == pytest.approx(0.975, abs=1e-9)
    assert jeffreys(0, 1, confidence=0.9)[1] < jeffreys(0, 1)[1]
    assert jeffreys(0, 10)[0] == 0
    assert jeffreys(10, 10)[1] == 1
    # 1 of 2 is Beta(1.5, 1.5), symmetric about one half.
    low, high = jeffreys(1, 2)
    assert low + high == pytest.approx(1)


@settings(deadline=None)  # the first call imports statsmodels
@given(pairs, st.floats(0.5, 0.999))
def test_both_agree_with_statsmodels(pair, confidence):
    from statsmodels.stats.proportion import proportion_confint

    k, n = pair
    theirs = proportion_confint(k, n, alpha=1 - confidence, method="wilson")
    assert np.allclose(wilson(k, n, confidence=confidence), theirs, atol=1e-9)
    if 0 < k < n:
        theirs = proportion_confint(k, n, alpha=1 - confidence, method="jeffreys")
        assert np.allclose(jeffreys(k, n, confidence=confidence), theirs, atol=1e-9)


@pytest.mark.parametrize("interval", [wilson, jeffreys])
@settings(deadline=None)
@given(pair=pairs)
def test_the_share_lies_inside(interval, pair):
    k, n = pair
    low, high = interval(k, n)
    assert 0 <= low <= k / n <= high <= 1
    # More papers at the same share: a narrower interval.
    wider = high - low
    low, high = interval(4 * k, 4 * n)
    assert high - low < wider


@pytest.mark.parametrize("interval", [wilson, jeffreys])
def test_nothing_counted_is_nothing_known(interval):
    low, high = interval([0, 1], [0, 2])
    assert np.isnan(low[0]) and np.isnan(high[0])
    assert np.isfinite(low[1]) and np.isfinite(high[1])


@pytest.mark.parametrize("interval", [wilson, jeffreys])
@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2), (np.nan, 2), (1, np.inf)])
def test_impossible_counts(interval, k, n):
    with pytest.raises(DataError, match=r"row 2: not a count of a total: found .* of "):
        interval([0, k], [1, n])


@pytest.mark.parametrize("wrong", [0, 1, 95, -0.1, float("nan"), "95%", None])
def test_impossible_confidence(wrong):
    with pytest.raises(DataError, match=r"not a confidence.*Write 0.95 for 95 %"):
        check_confidence(wrong)
    with pytest.raises(DataError, match="not a confidence"):
        wilson(1, 2, confidence=wrong)


def test_benjamini_hochberg_by_hand():
    # m = 4: 0.01·4/1 = 0.04; 0.03·4/2 = 0.06; 0.04·4/3 = 0.0533; 0.5·4/4 = 0.5;
    # the running minimum from the right pulls 0.06 down to 0.0533.
    q = benjamini_hochberg([0.01, 0.04, 0.03, 0.5])
    assert q == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    # A test not made does not count.
    q = benjamini_hochberg([0.01, np.nan, 0.04, 0.03, 0.5])
    assert np.isnan(q[1])
    assert q[[0, 2, 3, 4]] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert benjamini_hochberg([]).size == 0
    assert np.isnan(benjamini_hochberg([np.nan])).all()


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.randoms())
def test_benjamini_hochberg_always(p, rng):
    from scipy.stats import false_discovery_control

    q = benjamini_hochberg(p)
    assert np.allclose(q, false_discovery_control(p))
    assert (q >= np.asarray(p) - 1e-15).all() and (q <= 1).all()
    order = list(range(len(p)))
    rng.shuffle(order)
    assert np.allclose(benjamini_hochberg([p[i] for i in order]), q[order])


def test_benjamini_hochberg_refuses_what_is_no_p():
    with pytest.raises(DataError, match=r"not a p value: found 1\.5"):
        benjamini_hochberg([0.1, 1.5])
