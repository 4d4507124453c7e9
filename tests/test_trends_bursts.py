"""Bursts, emerging terms and smooth curves: by hand, planted, and against chance."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.trends import smooth_shares
from toolkit.trends.bursts import _search, find_bursts
from toolkit.trends.emerging import _ratio, emerging_terms, learn_scatter, p_of_increase
from toolkit.trends.scans import best_stretches, learn_waves

LONG = {"2020-01": 1, "2020-02": 1, "2020-03": 6, "2020-04": 6, "2020-05": 1, "2020-06": 1}


def collection(counts: dict[str, int], each: int = 20, word: str = "comet") -> pd.DataFrame:
    """Month by month `each` papers, so many of them with the word; whole months."""
    rows = []
    for month, number in counts.items():
        last = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
        for place in range(each):
            day = pd.Timestamp(month) if place % 2 else last
            title = f"{word} orbits" if place < number else "orbits"
            rows.append({"title": title, "published": day})
    papers = pd.DataFrame(rows)
    papers.insert(0, "paper_id", [f"title:{number:016x}" for number in range(len(papers))])
    papers["published"] = papers["published"].astype("datetime64[us]")
    return papers


def model(papers: pd.DataFrame) -> SimpleNamespace:
    """Topic 1: papers with the word; topic 0: the others."""
    topic = papers["title"].ne("orbits").astype(int)
    return SimpleNamespace(
        papers=pd.DataFrame({"paper_id": papers["paper_id"], "topic": topic}),
        topics=pd.DataFrame({"topic": [0, 1], "label": ["orbits", "comets"]}),
    )


def trends(counts, totals, start="2015-01-01", freq="YS", partial=False) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "period": pd.date_range(start, periods=len(totals), freq=freq),
                "topic": topic,
                "papers": papers,
                "total": totals,
                "partial": partial,
            }
        )
        for topic, papers in enumerate(counts)
    ]
    return pd.concat(parts, ignore_index=True)


def test_a_stretch_by_hand():
    # 12 of 40 inside, 4 of 80 outside, 16 of 120 in all.
    counts, totals = np.array([[1, 1, 6, 6, 1, 1]]), np.full(6, 20)
    everywhere = np.ones((1, 6), dtype=bool)
    first, last, weight = best_stretches(counts, totals, everywhere, 0.0)
    assert (first[0], last[0]) == (2, 3)

    def likelihood(k, n):
        return k * np.log(k / n) + (n - k) * np.log(1 - k / n)

    ratio = likelihood(12, 40) + likelihood(4, 80) - likelihood(16, 120)
    assert weight[0] == pytest.approx(ratio)
    # With a scatter of 0.5 the usual dispersion is 1 + 0.5 · 16/6.
    scattered = best_stretches(counts, totals, everywhere, 0.5)[2]
    assert scattered[0] == pytest.approx(ratio / (1 + 0.5 * 16 / 6))
    # Where the first burst was, no second one is.
    rest = everywhere.copy()
    rest[0, 2:4] = False
    assert best_stretches(counts, totals, rest, 0.0)[2][0] == 0


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(8, 12)), min_size=2, max_size=8))
def test_no_stretch_is_heavier_than_the_best(months):
    counts, totals = (np.array(some) for some in zip(*months))
    first, last, weight = best_stretches(counts[None], totals, np.ones((1, len(totals)), bool), 0.0)

    def part(k, n):
        return sum(x * np.log(x / n) for x in (k, n - k) if x > 0)

    for start in range(len(totals)):
        for end in range(start, min(len(totals) - 1, start + len(totals) // 2 - 1) + 1):
            k, n = counts[start : end + 1].sum(), totals[start : end + 1].sum()
            others, rest = counts.sum() - k, totals.sum() - n
            if k * rest > others * n:
                gain = part(k, n) + part(others, rest) - part(counts.sum(), totals.sum())
                assert gain <= weight[0] + 1e-9
    assert last[0] - first[0] < max(len(totals) // 2, 1)


def test_waves_are_learned():
    rng = np.random.default_rng(0)
    totals = np.full(24, 250)
    flat = rng.binomial(totals, 0.04, (200, 24))
    assert learn_waves(flat, totals).scatter < 0.01
    for correlation in (0.0, 0.7):
        series = rng.standard_normal((400, 24))
        for place in range(1, 24):
            series[:, place] *= np.sqrt(1 - correlation**2)
            series[:, place] += correlation * series[:, place - 1]
        waving = rng.binomial(totals, 0.04 * np.exp(0.4 * series - 0.08))
        waves = learn_waves(waving, totals)
        assert waves.scatter == pytest.approx(np.expm1(0.16), rel=0.3)
        assert waves.correlation == pytest.approx(correlation, abs=0.15)
    assert learn_waves(np.ones((3, 4), int), np.full(4, 9)).scatter == 0


def test_a_long_high_is_one_burst_and_a_second_one_is_found():
    rng = np.random.default_rng(0)
    counts, totals = rng.binomial(200, 0.05, (30, 36)), np.full(36, 200)
    # Five months high, of which some less so; later two months higher still.
    counts[7] = 8
    counts[7, 4:9] = [30, 18, 32, 17, 31]
    counts[7, 26:28] = [50, 60]
    bursts = _search(counts, totals, simulations=99, alpha=0.05, seed=0)
    found = bursts[bursts["chance"] <= 0.05]
    assert found[["thing", "first", "last"]].to_numpy().tolist() == [[7, 26, 27], [7, 4, 8]]
    assert found["chance"].tolist() == [0.01, 0.01] and len(bursts) == 31


def test_a_burst_in_words():
    months = [f"20{year}-{month:02d}" for year in (20, 21) for month in range(1, 13)]
    papers = collection(dict.fromkeys(months, 4) | {"2021-03": 25, "2021-04": 30}, each=40)
    bursts = find_bursts(papers, topics=model(papers), freq="M")
    burst = bursts.iloc[0]
    assert (burst["what"], burst["papers"], burst["over"]) == (1, 55, True)
    assert (burst["start"], burst["end"]) == (
        pd.Timestamp("2021-03-01"),
        pd.Timestamp("2021-04-30"),
    )
    assert burst["ratio"] == pytest.approx((55 / 80) / (4 / 40))
    # Seldom is anything as heavy, although of two topics the burst itself makes half the waves.
    assert 1 / 200 <= burst["chance"] <= 0.05
    assert burst["words"] == (
        "comets: more frequent in 2021-03 to 2021-04 than at other times: 69 % of the papers "
        f"(55 papers), 6.9 times the share outside (chance {burst['chance']:.3f})."
    )
    pd.testing.assert_frame_equal(bursts, find_bursts(papers, topics=model(papers), freq="M"))


def test_terms_burst_as_topics_do():
    papers = collection({**LONG, "2020-03": 14, "2020-04": 14, "2020-07": 1, "2020-08": 0})
    by_term = find_bursts(papers, of="terms", freq="M").set_index("what")
    by_topic = find_bursts(papers, topics=model(papers), freq="M").set_index("what")
    assert by_term.loc["comet", "papers"] == by_topic.loc[1, "papers"] == 28
    assert by_term.loc["comet_orbits", "label"] == "comet orbits"


def test_noise_has_no_bursts_and_says_so():
    rng = np.random.default_rng(0)
    found = 0
    months = [f"20{year}-{month:02d}" for year in (20, 21) for month in range(1, 13)]
    for _ in range(10):
        flat = collection({month: int(rng.binomial(40, 0.2)) for month in months}, each=40)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            bursts = find_bursts(flat, topics=model(flat), freq="M", simulations=39)
        found += len(bursts) > 0
        if bursts.empty:
            assert "no bursts: of 2 topics searched" in str(caught[-1].message)
    assert found <= 2


def test_what_has_not_ended_is_not_over():
    papers = collection({**dict.fromkeys((f"2020-{month:02d}" for month in range(1, 12)), 2),
                         "2020-12": 16})  # fmt: skip
    burst = find_bursts(papers, topics=model(papers), freq="M").set_index("what").loc[1]
    assert not burst["over"] and "it is not over" in burst["words"]


def test_order_of_papers_does_not_matter():
    papers = collection({**LONG, "2020-03": 14, "2020-04": 14})
    mixed = papers.sample(frac=1, random_state=1)
    for of in ("topics", "terms"):
        pd.testing.assert_frame_equal(
            find_bursts(papers, of=of, topics=model(papers), freq="M"),
            find_bursts(mixed, of=of, topics=model(papers), freq="M"),
        )


@pytest.mark.filterwarnings("ignore:no bursts")
def test_partial_months_and_outliers_are_left_out():
    papers = collection({**LONG, "2020-03": 14, "2020-04": 14})
    late = collection({"2020-07": 20}).assign(
        paper_id=lambda table: "x" + table["paper_id"], published=pd.Timestamp("2020-07-02")
    )
    both = pd.concat([papers, late], ignore_index=True)
    found = find_bursts(both, topics=model(both), freq="M")
    # Twenty of twenty in two days of July, and no burst: July has hardly begun.
    pd.testing.assert_frame_equal(found, find_bursts(papers, topics=model(papers), freq="M"))
    topics = model(papers)
    topics.papers["topic"] = -1
    with pytest.warns(UserWarning, match="none of the topics is in 10 papers or more"):
        none = find_bursts(papers, topics=topics, freq="M")
    assert none.empty and none.columns[:4].tolist() == ["what", "start", "end", "weight"]


def test_bursts_bad_input():
    papers = collection(LONG)
    with pytest.raises(DataError, match="unknown kind of burst: found 'authors'"):
        find_bursts(papers, of="authors")
    with pytest.raises(DataError, match=r"no topics given.*or of='terms'"):
        find_bursts(papers)
    with pytest.raises(DataError, match="simulations"):
        find_bursts(papers, of="terms", simulations=5)
    with pytest.warns(UserWarning, match="need 5 periods, and there are 2 whole months"):
        none = find_bursts(collection({"2020-01": 9, "2020-02": 9}), of="terms", freq="M")
    assert none.empty and none["words"].dtype == "string"
    with pytest.raises(DataError, match="1 of 120 papers are not in the topic model"):
        topics = model(papers)
        topics.papers = topics.papers.iloc[1:]
        find_bursts(papers, topics=topics)
    with pytest.raises(DataError, match="not a papers table"):
        find_bursts(None, of="terms")


def test_an_increase_by_hand():
    # No scatter: the binomial of 10 papers, a fifth of all in the last period; 6 or more.
    from math import comb

    counts, totals = np.array([[1, 1, 1, 1, 6]]), np.full(5, 20)
    p = sum(comb(10, j) * 0.2**j * 0.8 ** (10 - j) for j in range(6, 11))
    assert p_of_increase(counts, totals, 0.0)[0] == pytest.approx(p, rel=1e-4)
    # Scatter 0.5: variance 1 + 0.5·2 times the binomial one, so of a beta-binomial with
    # 1 + (10 − 1)/(a + b + 1) = 2, a + b = 8.
    from scipy.stats import betabinom

    assert p_of_increase(counts, totals, 0.5)[0] == pytest.approx(betabinom(10, 1.6, 6.4).sf(5))
    assert p_of_increase(np.array([[2, 2, 2, 2, 2]]), totals, 0.0)[0] == 1


def test_scatter_is_learned_from_the_periods_before():
    rng = np.random.default_rng(0)
    totals = np.full(9, 600)
    flat = rng.binomial(totals, 0.02, (500, 9))
    assert learn_scatter(flat, totals) < 0.01
    rates = 0.02 * np.exp(0.5 * rng.standard_normal((500, 9)) - 0.125)
    waving = rng.binomial(totals, rates)
    # The squared coefficient of variation of a log-normal with 0.5: e^0.25 − 1.
    assert learn_scatter(waving, totals) == pytest.approx(np.expm1(0.25), rel=0.25)
    moved = waving.copy()
    moved[:, -1] *= 3
    assert learn_scatter(moved, totals) == learn_scatter(waving, totals)


def test_emerging_terms_by_hand():
    papers = collection({**dict.fromkeys((f"2020-0{month}" for month in range(1, 8)), 1),
                         "2020-08": 12})  # fmt: skip
    row = emerging_terms(papers, freq="M").set_index("term").loc["comet_orbits"]
    assert not row["new"] and (row["papers"], row["papers_before"]) == (12, 7)
    assert row["ratio"] == pytest.approx(12.0)
    # ln ratio with half a paper: ln(12.5/20.5) − ln(7.5/140.5) = 2.4357; its error without scatter
    # √(1/12.5 − 1/20.5 + 1/7.5 − 1/140.5) = 0.3968.
    assert row["low"] == pytest.approx(np.exp(2.43565 - 1.959964 * 0.39678), rel=1e-3)
    assert row["high"] == pytest.approx(np.exp(2.43565 + 1.959964 * 0.39678), rel=1e-3)
    assert row["words"].startswith(
        "comet orbits: in 60.0 % of the papers in 2020-08 (12 papers), before in 5.0 % (7 papers "
        "in 2020-01 to 2020-07); 12 times the share"
    )


def test_the_interval_agrees_with_statsmodels():
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(11, 20, 5, 40, compare="ratio", method="log-adjusted")
    ratio = _ratio(np.array([11]), 20, np.array([5]), 40, 0.95, 0.0)
    assert [one[0] for one in ratio] == pytest.approx([4.4, low, high])


def test_new_terms_stand_apart_and_forms_are_one():
    papers = collection({**dict.fromkeys((f"2020-0{month}" for month in range(1, 5)), 0),
                         "2020-05": 15})  # fmt: skip
    one = papers["title"].str.startswith("comet") & (np.arange(len(papers)) % 2 == 0)
    papers["title"] = papers["title"].mask(one, "comets orbit")
    table = emerging_terms(papers, freq="M")
    # The word, its plural, and both with what follows: one term, in all 15 papers.
    assert table["term"].tolist() == ["comets_orbit"] and table["papers"].tolist() == [15]
    assert table["new"].all() and np.isinf(table["ratio"]).all() and np.isinf(table["high"]).all()
    assert (table["low"] > 1).all() and "in none of 2020-01 to 2020-04" in table.loc[0, "words"]


def test_words_of_any_subject_are_left_out():
    papers = collection({**dict.fromkeys((f"2020-0{month}" for month in range(1, 5)), 0),
                         "2020-05": 15}, word="novel")  # fmt: skip
    with pytest.warns(UserWarning, match="no emerging terms"):
        assert emerging_terms(papers, freq="M").empty


def test_nothing_emerges_says_why():
    papers = collection(dict.fromkeys((f"2020-0{month}" for month in range(1, 6)), 5))
    told = (
        "no emerging terms: none is shown to be more frequent in 2020-05 than in "
        r"2020-01 to 2020-04; \d+ were tested, nearest comes '"
    )
    with pytest.warns(UserWarning, match=told):
        assert emerging_terms(papers, freq="M").empty
    with pytest.warns(UserWarning, match="no term that names a subject is in 1000 papers or more"):
        assert emerging_terms(papers, freq="M", min_papers=1000).empty


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:no emerging")
def test_nothing_emerges_from_shuffled_months():
    papers = toolkit.load_sample("hf-papers")
    month = papers["listed"].dt.to_period("M")
    months = month.unique()
    rng = np.random.default_rng(0)
    false = 0
    for _ in range(5):
        moved = dict(zip(months, rng.permutation(len(months))))
        days = pd.Timestamp("2020-01-01") + pd.to_timedelta(
            month.map(moved).astype(int) * 31 + papers["listed"].dt.day - 1, "D"
        )
        mixed = papers.assign(listed=days.astype("datetime64[us]"))
        false += len(emerging_terms(mixed, date="listed", freq="M")) > 0
    assert false <= 1


def test_emerging_bad_input():
    papers = collection({"2020-01": 3, "2020-02": 3})
    with pytest.warns(UserWarning, match="that needs 3 periods, and there are 2 whole months"):
        assert emerging_terms(papers, freq="M").empty
    with pytest.raises(DataError, match="not a confidence"):
        emerging_terms(papers, confidence=2)


def test_a_smooth_curve_leaves_straight_lines_alone():
    line = trends([[10, 20, 30, 40, 50]], [100] * 5)
    curve = smooth_shares(line)
    assert curve["share"].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert (curve["low"] < curve["share"]).all() and (curve["share"] < curve["high"]).all()
    # More papers, a narrower band; a wider kernel, too.
    many = smooth_shares(line.assign(papers=line["papers"] * 100, total=10_000))
    assert (many["high"] - many["low"] < (curve["high"] - curve["low"]) / 5).all()
    flat = smooth_shares(line, bandwidth=10.0)
    assert (flat["high"] - flat["low"]).iloc[2] < (curve["high"] - curve["low"]).iloc[2]


def test_a_smooth_point_by_hand():
    # One step of a normal kernel of one year: weights e^−½, 1, e^−½ in the middle, where the local
    # line is the weighted mean: (0.1 + 0.5)·e^−½ + 0.1 over 1 + 2·e^−½.
    w = np.exp(-0.5)
    curve = smooth_shares(trends([[10, 10, 50]], [100] * 3), bandwidth=1.0)
    assert curve["share"].iloc[1] == pytest.approx((0.6 * w + 0.1) / (1 + 2 * w))


def test_curves_stop_at_gaps_and_are_not_bent_by_partial_periods():
    gap = smooth_shares(trends([[10, 0, 30, 40]], [100, 0, 100, 100]))
    assert gap["share"].isna().tolist() == [False, True, False, False]
    table = trends([[10, 20, 30, 0]], [100] * 4)
    table["partial"] = [False, False, False, True]
    curve = smooth_shares(table)
    assert curve["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert smooth_shares(trends([[1, 2]], [5, 5], partial=True)).empty
    one = smooth_shares(trends([[5]], [10]))
    assert one["share"].tolist() == [0.5]
    with pytest.raises(DataError, match="not a bandwidth: found 0"):
        smooth_shares(table, bandwidth=0)


@settings(deadline=None, max_examples=20)
@example([[9, 10, 16, 20, 0, 0, 27, 14]])
@given(
    st.integers(1, 8).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 30), min_size=n, max_size=n), min_size=1,
                           max_size=4)
    )
)  # fmt: skip
def test_always(counts):
    totals = np.sum(counts, axis=0)
    table = trends(counts, totals)
    curve = smooth_shares(table).dropna()
    assert ((curve["low"] >= 0) & (curve["low"] <= curve["share"])).all()
    assert ((curve["share"] <= curve["high"]) & (curve["high"] <= 1)).all()


def test_the_public_names():
    assert toolkit.find_bursts is find_bursts
    assert toolkit.emerging_terms is emerging_terms
