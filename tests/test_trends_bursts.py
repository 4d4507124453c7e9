"""Bursts, emerging terms, change points and smooth curves: by hand, planted, and against chance."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.trends import find_changes, smooth_shares
from toolkit.trends.bursts import _gains, _states, find_bursts
from toolkit.trends.emerging import emerging_terms

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


def test_a_burst_by_hand():
    # 16 of 120: usual share 2/15, in a burst 4/15. A month with 6 of 20 gains
    # 6·ln 2 + 14·ln(11/13); two of them, 3.64, pay for the entry, ln 6 = 1.79.
    papers = collection(LONG)
    bursts = find_bursts(papers, topics=model(papers), shuffles=0)
    row = bursts[bursts["what"] == 1].iloc[0]
    assert len(bursts[bursts["what"] == 1]) == 1
    assert row["weight"] == pytest.approx(2 * (6 * np.log(2) + 14 * np.log(11 / 13)))
    assert (row["start"], row["end"]) == (pd.Timestamp("2020-03-01"), pd.Timestamp("2020-04-30"))
    assert row["papers"] == 12
    assert row["ratio"] == pytest.approx((12 / 40) / (4 / 80))
    assert row["label"] == "comets" and np.isnan(row["chance"])
    why = "no bursts: none of 2 topics .* 2 times as frequent as over all 6 whole months"
    with pytest.warns(UserWarning, match=why):
        dear = find_bursts(papers, topics=model(papers), gamma=3.0, shuffles=0)
    assert (dear["what"] != 1).all()  # 3·1.79 > 3.64


def test_terms_burst_as_topics_do():
    papers = collection(LONG)
    by_term = find_bursts(papers, of="terms", shuffles=0).set_index("what")
    by_topic = find_bursts(papers, topics=model(papers), shuffles=0).set_index("what")
    assert by_term.loc["comet", "weight"] == by_topic.loc[1, "weight"]
    assert by_term.loc["comet_orbits", "label"] == "comet orbits"
    assert "orbits" not in by_term.index  # it is in all papers, always


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(8, 12)), min_size=1, max_size=7),
    st.floats(0, 3),
)
def test_the_path_is_the_cheapest_of_all(months, entry):
    counts = np.array([[k for k, _ in months]])
    totals = np.array([n for _, n in months])
    if counts.sum() == 0:
        return
    gain = _gains(counts, totals, 2.0)

    def worth(path):
        before = (False, *path[:-1])
        starts = sum(now and not was for now, was in zip(path, before))
        return sum(g for g, now in zip(gain[0], path) if now) - entry * starts

    best = max(worth(path) for path in itertools.product([False, True], repeat=len(months)))
    assert worth(tuple(_states(gain, entry)[0])) == pytest.approx(best, abs=1e-9)


def test_chance_tells_bursts_from_noise():
    rng = np.random.default_rng(0)
    months = [f"20{year}-{month:02d}" for year in (20, 21) for month in range(1, 13)]
    flat = collection({month: int(rng.binomial(40, 0.2)) for month in months}, each=40)
    noise = find_bursts(flat, topics=model(flat), gamma=0.2, freq="M")
    assert len(noise) > 0 and noise["chance"].min() > 0.05
    real = dict.fromkeys(months, 8) | {"2021-03": 25, "2021-04": 30}
    papers = collection(real, each=40)
    bursts = find_bursts(papers, topics=model(papers), shuffles=99)
    assert bursts.iloc[0]["what"] == 1
    # Not one of 99 shuffles had anything as heavy: 1 in 100.
    assert bursts.iloc[0]["chance"] == 0.01
    pd.testing.assert_frame_equal(bursts, find_bursts(papers, topics=model(papers), shuffles=99))


def test_order_of_papers_does_not_matter():
    papers = collection(LONG)
    mixed = papers.sample(frac=1, random_state=1)
    for of in ("topics", "terms"):
        pd.testing.assert_frame_equal(
            find_bursts(papers, of=of, topics=model(papers), shuffles=0),
            find_bursts(mixed, of=of, topics=model(papers), shuffles=0),
        )


def test_partial_months_and_outliers_are_left_out():
    papers = collection(LONG)
    late = collection({"2020-07": 20}).assign(
        paper_id=lambda table: "x" + table["paper_id"], published=pd.Timestamp("2020-07-02")
    )
    both = pd.concat([papers, late], ignore_index=True)
    found = find_bursts(both, topics=model(both), shuffles=0)
    # Twenty of twenty in two days of July, and no burst: July has hardly begun.
    pd.testing.assert_frame_equal(found, find_bursts(papers, topics=model(papers), shuffles=0))
    topics = model(papers)
    topics.papers["topic"] = -1
    why = "no topics: none is in 10 or more of the 120 papers of whole periods; take a smaller min"
    with pytest.warns(UserWarning, match=why):
        none = find_bursts(papers, topics=topics)
    assert none.empty and none.columns[:4].tolist() == ["what", "start", "end", "weight"]


def test_bursts_bad_input():
    papers = collection(LONG)
    with pytest.raises(DataError, match="unknown kind of burst: found 'authors'"):
        find_bursts(papers, of="authors")
    with pytest.raises(DataError, match=r"no topics given.*or of='terms'"):
        find_bursts(papers)
    for name, value in {"scaling": 1, "gamma": -1, "shuffles": -1}.items():
        with pytest.raises(DataError, match=f"argument '{name}': out of range: found {value}"):
            find_bursts(papers, of="terms", **{name: value})
    with pytest.raises(DataError, match="1 of 120 papers are not in the topic model"):
        topics = model(papers)
        topics.papers = topics.papers.iloc[1:]
        find_bursts(papers, topics=topics)
    with pytest.raises(DataError, match="not a papers table"):
        find_bursts(None, of="terms")


def test_emerging_terms_by_hand():
    # Last month 6 of 20, before 4 of 80. Fisher: of the 10 papers with the word, at least 6 among
    # 20 of 100. Σ C(20,j) C(80,10−j) / C(100,10) for j ≥ 6 = 0.003942….
    from math import comb

    papers = collection({"2020-01": 1, "2020-02": 1, "2020-03": 1, "2020-04": 1, "2020-05": 6})
    table = emerging_terms(papers, freq="M").set_index("term")
    row = table.loc["comet"]
    p = sum(comb(20, j) * comb(80, 10 - j) for j in range(6, 11)) / comb(100, 10)
    assert row["p"] == pytest.approx(p)
    assert not row["new"] and (row["papers"], row["papers_before"]) == (6, 4)
    assert row["ratio"] == pytest.approx(6.0)
    # ln ratio with half a paper: ln(6.5/20.5) − ln(4.5/80.5) = 1.7356; its error
    # √(1/6.5 − 1/20.5 + 1/4.5 − 1/80.5) = 0.5614.
    assert row["low"] == pytest.approx(np.exp(1.73560 - 1.959964 * 0.56137), rel=1e-3)
    assert row["high"] == pytest.approx(np.exp(1.73560 + 1.959964 * 0.56137), rel=1e-3)
    # Three terms tested (comet, comet_orbits, orbits): the two alike share the first place.
    assert row["q"] == pytest.approx(p * 3 / 2)


def test_emerging_terms_agree_with_statsmodels():
    from statsmodels.stats.proportion import confint_proportions_2indep

    papers = collection({"2020-01": 3, "2020-02": 2, "2020-03": 11})
    row = emerging_terms(papers, freq="M").set_index("term").loc["comet"]
    low, high = confint_proportions_2indep(11, 20, 5, 40, compare="ratio", method="log-adjusted")
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))


def test_new_terms_stand_apart():
    papers = collection({"2020-01": 0, "2020-02": 0, "2020-03": 0, "2020-04": 15})
    table = emerging_terms(papers, freq="M")
    assert table["new"].all() and np.isinf(table["ratio"]).all() and np.isinf(table["high"]).all()
    assert (table["low"] > 1).all()
    assert "orbits" not in set(table["term"])


@pytest.mark.slow
def test_nothing_emerges_from_shuffled_dates():
    papers = toolkit.load_sample("hf-papers")
    rng = np.random.default_rng(0)
    false = 0
    for _ in range(3):
        order = rng.permutation(len(papers))
        mixed = papers.assign(
            published=papers["published"].to_numpy()[order],
            listed=papers["listed"].to_numpy()[order],
        )
        false += len(emerging_terms(mixed))
    assert false <= 2


def test_emerging_bad_input():
    papers = collection({"2020-01": 3})
    with pytest.raises(DataError, match="nothing to compare the last period with"):
        emerging_terms(papers, freq="M")
    with pytest.raises(DataError, match="not a confidence"):
        emerging_terms(papers, confidence=2)


def test_a_change_by_hand():
    # Shares 0.1 ×3, 0.3 ×3 of 100. With Beta(½, ½) the marginal likelihood of k of n is
    # B(k+½, n−k+½) / B(½, ½); weigh the five places against each other and against none.
    from scipy.special import betaln

    counts, totals = [10, 11, 9, 30, 31, 29], [100] * 6

    def part(k, n):
        return betaln(k + 0.5, n - k + 0.5) - betaln(0.5, 0.5)

    places = [
        part(sum(counts[:cut]), 100 * cut) + part(sum(counts[cut:]), 600 - 100 * cut)
        for cut in range(1, 6)
    ]
    none = part(120, 600)
    odds = np.mean(np.exp(np.array(places) - none))
    row = find_changes(trends([counts], totals)).iloc[0]
    assert row["probability"] == pytest.approx(odds / (1 + odds))
    assert row["change"] == row["earliest"] == row["latest"] == pd.Timestamp("2018-01-01")
    assert (row["before"], row["after"]) == (pytest.approx(0.1), pytest.approx(0.3))


def test_no_change_has_no_place():
    flat = find_changes(trends([[20, 21, 19, 20, 20, 21]], [100] * 6)).iloc[0]
    assert flat["probability"] < 0.5
    assert pd.isna(flat["change"]) and pd.isna(flat["earliest"]) and pd.isna(flat["latest"])
    few = find_changes(trends([[1, 5]], [10, 10])).iloc[0]
    assert pd.isna(few["change"]) and np.isnan(few["probability"])


def test_the_interval_of_a_change_holds_it():
    rng = np.random.default_rng(0)
    held = wide = 0
    for _ in range(40):
        share = np.where(np.arange(16) < 9, 0.03, 0.08)
        others = rng.binomial(200, 0.05, (10, 16))
        counts = np.vstack([rng.binomial(200, share), others])
        table = find_changes(trends(counts, [200] * 16, freq="QS")).set_index("topic")
        row = table.loc[0]
        if pd.notna(row["change"]):
            true = pd.date_range("2015-01-01", periods=16, freq="QS")[9]
            held += row["earliest"] <= true <= row["latest"]
            wide += 1
    assert wide >= 36
    assert held / wide >= 0.9


def test_changes_order_and_names_do_not_matter():
    rng = np.random.default_rng(1)
    table = trends(rng.binomial(200, 0.05, (5, 8)), [200] * 8)
    pd.testing.assert_frame_equal(
        find_changes(table), find_changes(table.sample(frac=1, random_state=0))
    )


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
    changes = find_changes(table)
    assert len(changes) == len(counts)
    told = changes[changes["change"].notna()]
    assert (told["earliest"] <= told["change"]).all() and (told["change"] <= told["latest"]).all()


def test_the_public_names():
    assert toolkit.find_bursts is find_bursts
    assert toolkit.emerging_terms is emerging_terms
