from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from toolkit.claims import code_claims, find_links
from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.linkcheck.reuse import BESIDE, STEPS, reuse_levels
from toolkit.papers.schema import make_papers
from toolkit.plots.availability import plot_availability, plot_reuse_levels
from toolkit.plots.style import text_summary
from toolkit.rates import (
    availability,
    check_change,
    compare_groups,
    corrected_availability,
    pooling,
)
from toolkit.storage import load_collection, save_collection

STATUS = ["linked", "claimed", "promised", "request", "none"]


@pytest.fixture
def papers() -> pd.DataFrame:
    return make_papers(
        [
            {"title": "A", "abstract": "Code: github.com/a/a.", "venue": "X",
             "categories": "cs.A cs.B", "published": "2024-01-01"},
            {"title": "B", "abstract": "We release code.", "venue": "X", "categories": "cs.A",
             "published": "2024-03-31"},
            {"title": "C", "abstract": "We will release code.", "venue": "Y",
             "published": "2024-08-01"},
            {"title": "D", "abstract": "Trees grow.", "published": "2024-09-30"},
            {"title": "E", "abstract": "Data: zenodo.org/record/1 and code: gitlab.com/e/e.",
             "venue": "X", "categories": "cs.B cs.B", "published": "2024-09-30"},
        ],
        source="test",
    )  # fmt: skip


def test_the_whole(papers: pd.DataFrame) -> None:
    row = availability(papers).iloc[0]
    assert (row["group"], row["n"]) == ("all papers", 5)
    assert row[["linked", "claimed", "promised", "none"]].tolist() == [2, 1, 1, 1]
    assert row["share"] == pytest.approx(0.4)
    # Wilson by hand, n = 5, k = 2, z² = 3.84:
    # (0.4 + 0.384) / 1.768 ± 1.96 · √(0.048 + 0.0384) / 1.768.
    z = 1.959964
    centre = (0.4 + z**2 / 10) / (1 + z**2 / 5)
    half = z * np.sqrt(0.4 * 0.6 / 5 + z**2 / 100) / (1 + z**2 / 5)
    assert row["low"] == pytest.approx(centre - half, abs=1e-6)
    assert row["high"] == pytest.approx(centre + half, abs=1e-6)


def bare(number: int, **more: str) -> list[dict[str, str]]:
    return [{"title": f"Title {i}"} | more for i in range(number)]


def test_papers_without_text_are_counted_once_and_left_out(tmp_path) -> None:
    full = [{"title": f"Paper {i}", "abstract": "Trees grow."} for i in range(18)]
    linked = [{"title": "Linked", "abstract": "Code: github.com/a/b."}]
    papers = make_papers(full + linked + bare(3), source="test")
    expected = "the code of 3 of 22 papers is not known: they are left out of .* and the share$"
    for by in (None, "source"):
        with pytest.warns(UserWarning, match=expected) as caught:
            rates = availability(papers, by=by)
        assert len(caught) == 1 and caught[0].filename == __file__
        row = rates.iloc[0]
        assert row["n"] == 19 == row[["linked", "claimed", "promised", "none"]].sum()
        assert row["share"] == pytest.approx(1 / 19)
    with pytest.warns(UserWarning, match="neither an abstract nor features"):
        claims = code_claims(papers)
    with pytest.warns(UserWarning, match=expected):
        pd.testing.assert_frame_equal(availability(papers, by="source", claims=claims), rates)
    # Warnings are errors here: what the source declares needs no abstract.
    declared = bare(3, code_url="https://github.com/a/b")
    one_sided = make_papers([*declared[:2], {"title": "Wasps"}, full[0]], source="test")
    high = (
        "the code of 1 of 4 papers is not known: they are left out of the counts and the share. "
        "The share is too high: 2 papers without abstract are counted only because a link to "
        "their code is given elsewhere"
    )
    with pytest.warns(UserWarning) as caught:
        assert availability(one_sided)["linked"].tolist() == [2]
    assert [str(one.message) for one in caught] == [high]
    assert availability(make_papers(full + declared, source="test"))["n"].tolist() == [21]
    # Claims that stand in for the abstract were read from it.
    save_collection(make_papers(full, source="test"), tmp_path / "kept", prose=False)
    availability(load_collection(tmp_path / "kept"))


def test_where_nothing_could_be_read_there_is_no_share() -> None:
    with pytest.warns(UserWarning, match="the artifact of 3 of 3 papers is .* and the share$"):
        row = availability(make_papers(bare(3), source="test"), what="artifact").iloc[0]
    assert row["n"] == row["linked"] == row["none"] == 0
    assert row[["share", "low", "high"]].isna().all()


def test_labels_of_papers_that_could_not_be_read_are_left_out() -> None:
    """Six papers, one unread; by hand: 2 of 5 detected, of 1 linked 1 true, of 2 others 1."""
    texts = ["Code: github.com/a/b."] * 2 + ["Trees grow."] * 3 + [None]
    papers = make_papers([{"title": c, "abstract": t} for c, t in zip("ABCDEF", texts)], source="t")
    ids = papers["paper_id"]
    code = ["linked", "linked", "none", "linked"]
    labels = pd.DataFrame({"paper_id": ids.iloc[[0, 2, 3, 5]].tolist(), "code": code})
    for by in (None, "source"):
        with pytest.warns(UserWarning, match="the code of 1 of 6 papers is not known"):
            row = corrected_availability(papers, labels, by=by).iloc[0]
        assert (row["n"], row["labelled"]) == (5, 3)
        assert row["share"] == pytest.approx(2 / 5)
        assert row["corrected"] == pytest.approx(2 / 5 * 1 + 3 / 5 * 1 / 2)


def test_by_column_category_host_and_quarter(papers: pd.DataFrame) -> None:
    venue = availability(papers, by="venue")
    assert venue["group"].tolist() == ["X", "Y", "(none given)"]
    assert venue["n"].tolist() == [3, 1, 1]
    assert venue["linked"].tolist() == [2, 0, 0]
    category = availability(papers, by="category")
    assert dict(zip(category["group"], category["n"])) == {"cs.A": 2, "cs.B": 2, "(none given)": 2}
    same = availability(papers, by="categories").drop(columns="by")
    pd.testing.assert_frame_equal(category.drop(columns="by"), same)
    host = availability(papers, by="host")
    assert host[["group", "n", "linked", "none"]].values.tolist() == [
        ["github.com", 5, 1, 4],
        ["gitlab.com", 5, 1, 4],
    ], "where the code is, of all papers"
    assert host["share"].tolist() == [0.2, 0.2] and set(host["basis"]) == {"abstracts"}
    data = availability(papers, by="host", what="data")
    assert data[["group", "linked"]].values.tolist() == [["zenodo.org", 1]]
    assert len(availability(papers, by="host", what="artifact")) == 3
    with pytest.raises(DataError, match="hosts are places of links"):
        compare_groups(host)
    with pytest.raises(DataError, match=r"hosts are places of links.*by='host'"):
        corrected_availability(papers, papers[["paper_id"]].assign(code="no"), by="host")
    quarter = availability(papers, by="quarter")
    assert quarter["group"].tolist() == ["2024 Q1", "2024 Q2", "2024 Q3"]
    assert quarter["n"].tolist() == [2, 0, 3]
    assert quarter["share"].isna().tolist() == [False, True, False]
    assert quarter["partial"].tolist() == [False, False, False]
    assert availability(papers, by="year")["group"].tolist() == ["2024"]
    assert availability(papers, by="month")["n"].sum() == 5


def test_dates_too_coarse_for_quarters_name_what_to_pass() -> None:
    records = [{"title": f"A{n}", "published": str(2020 + n), "abstract": "x"} for n in range(3)]
    coarse = make_papers(records, source="t")
    with pytest.raises(
        DataError, match=r"no paper has a date known to the quarter.*Take by='year'$"
    ):
        availability(coarse, by="quarter")
    assert availability(coarse, by="year")["n"].tolist() == [1, 1, 1]


def test_by_topic(papers: pd.DataFrame) -> None:
    topics = SimpleNamespace(
        papers=pd.DataFrame({"paper_id": papers["paper_id"][::-1], "topic": [1, -1, 0, 0, 1]}),
        topics=pd.DataFrame({"topic": [0, 1], "label": ["oak", "oak"]}),
    )
    rates = availability(papers, by="topic", topics=topics)
    assert rates["group"].tolist() == ["oak (0)", "oak (1)", "(outliers)"]
    assert rates["topic"].tolist() == [0, 1, -1]
    assert rates["n"].tolist() == [2, 2, 1]
    with pytest.raises(DataError, match=r"Pass topics=toolkit.fit_topics"):
        availability(papers, by="topic")
    topics.papers = topics.papers.iloc[:3]
    with pytest.raises(DataError, match=r"row 1.*papers are not in the topic model"):
        availability(papers, by="topic", topics=topics)


def test_of_artifacts_and_with_claims_given(papers: pd.DataFrame) -> None:
    claims = pd.DataFrame(
        {"paper_id": papers["paper_id"][::-1], "code": "none", "artifact": "linked"}
    )
    assert availability(papers, claims=claims)["none"].tolist() == [5]
    assert availability(papers, claims=claims, what="artifact")["share"].tolist() == [1.0]
    with pytest.raises(
        DataError, match=r"row 2.*4 of 5 papers are not in the table of claims.*code_claims"
    ):
        availability(papers, claims=claims.iloc[-1:])
    with pytest.raises(DataError, match="the table of claims holds a paper twice"):
        availability(papers, claims=pd.concat([claims, claims]))
    with pytest.warns(UserWarning, match=r"the code of 1 of 5 papers is not known"):
        rates = availability(papers, claims=claims.assign(code=[None, *["none"] * 4]))
    assert rates[["n", "none"]].values.tolist() == [[4, 4]]
    with pytest.raises(DataError, match=r"row 5, column 'code': not a status: found 'perhaps'"):
        availability(papers, claims=claims.assign(code=["perhaps", *["none"] * 4]))
    with pytest.raises(DataError, match="not a table of claims"):
        availability(papers, claims=papers)


def test_what_cannot_be_counted(papers: pd.DataFrame) -> None:
    with pytest.raises(
        DataError, match=r"'by'.*unknown kind of group: found 'phase of moon'.*quarter"
    ):
        availability(papers, by="phase of moon")
    with pytest.raises(DataError, match=r"'by': not one kind of group.*papers\[\"venue\"\]"):
        availability(papers, by=["venue", "countries"])  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"no value is of a paper.*found 'else'"):
        availability(papers, by=pd.DataFrame({"paper_id": ["else"], "licence": ["mit"]}))
    with pytest.raises(DataError, match="code, artifact, data, model"):
        availability(papers, what="soul")


def test_what_cannot_be_grouped_is_refused_before_papers_are_read(monkeypatch):
    papers = pd.DataFrame({"paper_id": ["a"], "title": ["A"], "countries": ["Chile"]})
    monkeypatch.setattr("toolkit.rates.rates.statuses", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(DataError, match=r"'by'.*'country'.*Did you mean 'countries'"):
        availability(papers, by="country")


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(STATUS), st.sampled_from("XYZ")), min_size=1, max_size=40)
)
def test_counts_add_up_whatever_the_order(rows: list[tuple[str, str]]) -> None:
    papers = pd.DataFrame(
        {
            "paper_id": [str(n) for n in range(len(rows))],
            "title": "T",
            "abstract": "Trees grow.",
            "venue": [v for _, v in rows],
        }
    )
    claims = pd.DataFrame({"paper_id": papers["paper_id"], "code": [s for s, _ in rows]})
    rates = availability(papers, by="venue", claims=claims)
    assert (rates[STATUS].sum(axis=1) == rates["n"]).all() and rates["n"].sum() == len(rows)
    assert ((rates["low"] >= 0) & (rates["low"] <= rates["share"])).all()
    assert ((rates["share"] <= rates["high"]) & (rates["high"] <= 1)).all()
    backwards = availability(papers.iloc[::-1], by="venue", claims=claims)
    pd.testing.assert_frame_equal(rates, backwards)


def test_comparison_by_hand() -> None:
    rates = pd.DataFrame({"group": ["a", "b", "c"], "n": [10, 10, 0], "linked": [9, 2, 0]})
    table = compare_groups(rates)
    assert table["group"].tolist() == ["a", "b"]
    assert table["difference"].round(10).tolist() == [0.7, -0.7]
    # Fisher's exact test of 9/10 against 2/10: the tables as unlikely as this or more have
    # 9 or 10 of the 11 links on one side: 2 · (C(10,9)·C(10,2) + C(10,10)·C(10,1)) / C(20,11).
    assert table["p"].tolist() == pytest.approx([2 * (10 * 45 + 10) / 167960] * 2)
    assert table["q"].tolist() == table["p"].tolist()
    # Newcombe's method 10 from the two Wilson intervals 0.5958–0.9821 and 0.0567–0.5098.
    assert table.loc[0, "low"] == pytest.approx(
        0.7 - np.hypot(0.9 - 0.5958, 0.5098 - 0.2), abs=1e-3
    )
    assert table.loc[0, "high"] == pytest.approx(
        0.7 + np.hypot(0.9821 - 0.9, 0.2 - 0.0567), abs=1e-3
    )
    with pytest.raises(DataError, match="nothing to compare"):
        compare_groups(rates.iloc[:1])
    with pytest.raises(DataError, match="not a table of availability"):
        compare_groups(rates.drop(columns="linked"))


def through(table: pd.DataFrame, folder, how: str) -> pd.DataFrame:
    """Write a result to a file and read it again, as a user would."""
    if how == "csv":
        table.to_csv(folder / "t.csv", index=False)
        return pd.read_csv(folder / "t.csv")
    table.to_parquet(folder / "t.parquet")
    return pd.read_parquet(folder / "t.parquet")


def seen(ax) -> tuple:
    """Return what a reader sees: words, labels, and the places of points and lines."""
    lines = [np.asarray(line.get_xydata(), dtype=float).round(9).tolist() for line in ax.lines]
    ticks = [[tick.get_text() for tick in axis.get_ticklabels()] for axis in (ax.xaxis, ax.yaxis)]
    return (
        text_summary(ax),
        ax.get_title(loc="left"),
        ax.get_xlabel(),
        ax.get_ylabel(),
        ticks,
        lines,
    )


@pytest.mark.parametrize("how", ["csv", "parquet"])
def test_rates_from_a_file_give_the_same_plots_and_comparison(papers, how, tmp_path) -> None:
    labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": ["linked"] * 2 + ["none"] * 3})
    tables = [
        availability(papers, by="category", what="artifact", confidence=0.9),
        availability(papers, by="quarter"),
        availability(papers),
        corrected_availability(papers, labels, by="quarter", confidence=0.9),
        corrected_availability(papers, labels, by="venue"),
    ]
    for table in tables:
        assert table.attrs == {}
        again = through(table, tmp_path, how)
        assert str(seen(plot_availability(again))) == str(seen(plot_availability(table)))
    compared = compare_groups(through(tables[0], tmp_path, how))
    pd.testing.assert_frame_equal(compared, compare_groups(tables[0]), check_dtype=False)


def test_some_of_the_rates_and_rates_put_together_keep_what_they_are_about(papers) -> None:
    category = availability(papers, by="category", what="artifact", confidence=0.9)
    # cs.A holds A (linked) and B, cs.B holds A and E: 2 of all 5 papers link something.
    assert category[["all_n", "all_linked"]].drop_duplicates().to_numpy().tolist() == [[5, 2]]
    some = category[category["group"] != "(none given)"]
    ax = plot_availability(some)
    assert ax.get_title(loc="left") == "By category"
    assert ax.get_xlabel() == ("papers that link code, data, a model or a page (%), 90 % interval")
    assert ax.lines[-1].get_xdata()[0] == pytest.approx(40), "the line of all papers"
    every = compare_groups(category).set_index("group")
    part = compare_groups(some).set_index("group")
    shown = ["n", "share", "rest", "difference", "low", "high", "p"]
    pd.testing.assert_frame_equal(part[shown], every.loc[part.index, shown])
    # The rest of cs.B is B, C, D: none of three.
    assert part.loc["cs.B", "rest"] == 0
    both = pd.concat([availability(papers, by="venue"), category, availability(papers, by="year")])
    ax = plot_availability(both)
    assert ax.get_title(loc="left") == "By venue / category / year"
    assert "link code / code, data, a model or a page (%), 95 / 90 % interval" in ax.get_xlabel()
    halves = availability(papers, by="quarter")
    turned = pd.concat([halves.iloc[1:], halves.iloc[:1]])
    assert str(seen(plot_availability(turned))) == str(seen(plot_availability(halves)))
    with pytest.raises(DataError, match="a period appears twice: found '2024 Q1'"):
        plot_availability(pd.concat([halves, halves]))


def table_of(detected: list[bool]) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = [f"p{n}" for n in range(len(detected))]
    papers = pd.DataFrame({"paper_id": ids, "title": "T"})
    code = ["linked" if one else "none" for one in detected]
    return papers, pd.DataFrame({"paper_id": ids, "code": code})


def test_correction_by_hand() -> None:
    # 40 of 100 detected. Of 10 labelled among these 9 are right; of 20 others, 2 are linked too:
    # 0.4 · 0.9 + 0.6 · 0.1 = 0.42.
    papers, claims = table_of([True] * 40 + [False] * 60)
    ids = [*papers["paper_id"][:10], *papers["paper_id"][40:60]]
    truth = ["linked"] * 9 + ["claimed"] + ["linked"] * 2 + ["none"] * 18
    labels = pd.DataFrame({"paper_id": ids, "code": truth})
    row = corrected_availability(papers, labels, claims=claims).iloc[0]
    assert (row["n"], row["labelled"], row["share"]) == (100, 30, 0.4)
    assert row["corrected"] == pytest.approx(0.42)
    # Parts by hand: Wilson of 9/10, 2/20 and 40/100.
    assert row["low"] == pytest.approx(
        0.42 - np.linalg.norm([0.4 * (0.9 - 0.5958), 0.6 * (0.1 - 0.0279), 0.8 * (0.4 - 0.3094)]),
        abs=1e-3,
    )
    assert row["high"] == pytest.approx(
        0.42 + np.linalg.norm([0.4 * (0.9821 - 0.9), 0.6 * (0.3010 - 0.1), 0.8 * (0.4980 - 0.4)]),
        abs=1e-3,
    )
    as_bool = labels.assign(code=labels["code"] == "linked")
    assert corrected_availability(papers, as_bool, claims=claims).iloc[0].equals(row)


def test_each_group_is_corrected_by_its_own_labels() -> None:
    """All labelled. a: 300 of 500 detected, 270 right, 100 missed: 0.74; b: 100 of 500."""
    papers, claims = table_of([True] * 400 + [False] * 600)
    papers["venue"] = ["a"] * 300 + ["b"] * 100 + ["a"] * 200 + ["b"] * 400
    truth = [True] * 270 + [False] * 30 + [True] * 100
    truth += [True] * 100 + [False] * 100 + [False] * 400
    labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": truth})
    table = corrected_availability(papers, labels, by="venue", claims=claims).set_index("group")
    for group, expected in (("a", 0.74), ("b", 0.2)):
        row = table.loc[group]
        assert row["corrected"] == pytest.approx(expected, abs=0.005)
        assert row["low"] < expected < row["high"] < row["low"] + 0.1
    # The detector finds 27 of 37 in a and all in b.
    assert (table["labels_of"] == "this group").all() and (table["equal_p"] < 0.01).all()
    backwards = corrected_availability(
        papers.iloc[::-1], labels.iloc[::-1], by="venue", claims=claims
    ).set_index("group")
    pd.testing.assert_frame_equal(table, backwards)


def test_groups_without_labels_are_told_of() -> None:
    papers, claims = table_of([True] * 40 + [False] * 60)
    papers["venue"] = (["a"] * 10 + ["b"] * 10 + ["c"] * 20) + (
        ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    )
    labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": [True] * 40 + [False] * 60})
    labels = labels[papers["venue"] != "c"]
    table = corrected_availability(papers, labels, by="venue", claims=claims).set_index("group")
    assert table["labels_of"].to_dict() == {
        "a": "this group",
        "b": "this group",
        "c": "other groups",
    }
    assert table.loc["c", "labelled"] == 0
    assert table.loc["c", "high"] - table.loc["c", "low"] > 0.2
    # With one labelled group there is nothing to draw it towards.
    only = labels[papers["venue"].loc[labels.index] == "a"]
    row = (
        corrected_availability(papers, only, by="venue", claims=claims).set_index("group").loc["a"]
    )
    part = papers[papers["venue"] == "a"]
    alone = corrected_availability(part, only, claims=claims).iloc[0]
    kept = ["corrected", "low", "high"]
    assert row[kept].tolist() == pytest.approx(alone[kept].tolist())


def test_shares_drawn_towards_each_other_by_hand(monkeypatch) -> None:
    """Beta(3, 7) for all: 2 of 10 become (2 + 3) / (10 + 10), 0 of 0 become 3 / 10."""
    monkeypatch.setattr(pooling, "_MEANS", np.array([0.3]))
    monkeypatch.setattr(pooling, "_ALIKE", np.array([10.0]))
    rng = np.random.default_rng(0)
    drawn = pooling.draw_shares(np.array([2, 0]), np.array([10, 0]), draws=100_000, rng=rng)
    assert drawn.mean(axis=1).tolist() == pytest.approx([0.25, 0.3], abs=0.002)
    # The variance of Beta(5, 15): 5 · 15 / (20² · 21).
    assert drawn[0].var() == pytest.approx(75 / 8400, rel=0.03)


def test_the_likelihood_ratio_of_equal_sensitivity_by_hand() -> None:
    """Half of the papers linked, all rightly: of the silent, 1 / s - 1 have code at sensitivity s.

    Of 10 and 10 silent papers 2 and 8 have code: at the best s both have half. So the ratio is
    2 · (2 · (2 ln 0.2 + 8 ln 0.8) - 20 ln 0.5).
    """
    ratio, sensitivity = pooling._ratio(
        np.array([50, 50]), np.array([100, 100]), 1.0, np.array([2, 8]), np.array([10, 10])
    )
    expected = 2 * (2 * (2 * np.log(0.2) + 8 * np.log(0.8)) - 20 * np.log(0.5))
    assert ratio == pytest.approx(expected, abs=0.01)
    assert sensitivity == pytest.approx(1 / 1.5, abs=0.02)


@pytest.mark.parametrize("found", [0, 1])
def test_without_a_detected_link_the_labels_speak(found: int) -> None:
    """Nothing detected: Wilson of 3 of 30. One of 1,481, not labelled, changes next to nothing."""
    papers, claims = table_of([True] * found + [False] * (1481 - found))
    labels = pd.DataFrame(
        {"paper_id": papers["paper_id"].iloc[-30:], "code": [True] * 3 + [False] * 27}
    )
    row = corrected_availability(papers, labels, claims=claims).iloc[0]
    low, high = wilson(3, 30)
    assert row["corrected"] == pytest.approx(0.1, abs=0.001)
    assert [row["low"], row["high"]] == pytest.approx([float(low), float(high)], abs=0.002)
    papers["venue"] = ["a", "b"] * 740 + ["a"]
    table = corrected_availability(papers, labels, by="venue", claims=claims)
    assert table["corrected"].between(0.02, 0.3).all() and (table["high"] < 0.4).all()


@example([(False, "X", True), (False, "Y", True), *((True, c, True) for c in "XYZ")])
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from("XYZ"), st.sampled_from([True, False, None])),
        min_size=1,
        max_size=30,
    )
)
def test_corrected_shares_always_lie_in_their_intervals(rows) -> None:
    papers, claims = table_of([found for found, _, _ in rows])
    papers["venue"] = [venue for _, venue, _ in rows]
    labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": [code for *_, code in rows]})
    for by in (None, "venue"):
        try:
            table = corrected_availability(papers, labels, by=by, claims=claims)
        except DataError as error:
            assert "label" in str(error)
            continue
        assert ((table["low"] >= 0) & (table["low"] <= table["corrected"])).all()
        assert ((table["corrected"] <= table["high"]) & (table["high"] <= 1)).all()
        assert table["labelled"].sum() == labels["code"].notna().sum()
        again = corrected_availability(papers.iloc[::-1], labels, by=by, claims=claims)
        pd.testing.assert_frame_equal(table, again)


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "venue"])
def test_the_interval_covers_the_truth(by: str | None) -> None:
    """50 labels, half of each kind, as the widget draws them; 19 times in 20, less chance."""
    rng = np.random.default_rng(7)
    hits, runs, widths = 0, 300 if by is None else 120, []
    for _ in range(runs):
        venue = rng.random(1500) < 0.5
        truth = rng.random(1500) < np.where(venue, 0.45, 0.25)
        detected = np.where(truth, rng.random(1500) < 0.75, rng.random(1500) < 0.04)
        papers, claims = table_of(detected.tolist())
        papers["venue"] = np.where(venue, "a", "b")
        chosen = np.concatenate(
            [
                rng.choice(np.flatnonzero(detected == side), 25, replace=False)
                for side in (True, False)
            ]
        )
        labels = pd.DataFrame({"paper_id": papers["paper_id"].iloc[chosen], "code": truth[chosen]})
        table = corrected_availability(papers, labels, by=by, claims=claims, seed=1)
        row = table.set_index("group").loc["a" if by else "all papers"]
        hits += row["low"] <= (0.45 if by else 0.35) <= row["high"]
        widths.append(row["high"] - row["low"])
    assert hits / runs >= 0.92
    # Narrower than knowing nothing, and the detector's share alone would be far off.
    assert np.mean(widths) < 0.45


def test_labels_that_cannot_be_used() -> None:
    papers, claims = table_of([True, True, False, False])
    good = pd.DataFrame({"paper_id": ["p0", "p2"], "code": ["linked", "none"]})

    def correct(labels: pd.DataFrame) -> pd.DataFrame:
        return corrected_availability(papers, labels, claims=claims)

    assert len(correct(good)) == 1
    assert correct(good.assign(code=["yes", "no"])).equals(correct(good.assign(code=[True, False])))
    for said in (["Y", "N"], ["Yes", " no "], [1, 0], [1.0, 0.0], ["TRUE", "FALSE"], ["1", "0"]):
        assert correct(good.assign(code=said)).equals(correct(good)), said
    unsure = pd.DataFrame({"paper_id": ["p1", "p3"], "code": "can't tell"})
    assert correct(pd.concat([good, unsure])).equals(correct(good))
    with pytest.raises(DataError, match="no label of a paper that the detector could read"):
        correct(unsure)
    with pytest.raises(DataError, match=r"row 2.*not a label: found 'maybe'"):
        correct(good.assign(code=["linked", "maybe"]))
    with pytest.raises(DataError, match="labelled twice"):
        correct(pd.concat([good, good]))
    with pytest.raises(DataError, match="no paper in the collection"):
        correct(good.assign(paper_id=["p0", "x"]))
    with pytest.raises(DataError, match="no paper that the detector calls silent is labelled"):
        correct(good.iloc[:1])
    with pytest.raises(DataError, match="not a table of labels"):
        correct(good.drop(columns="code"))
    with pytest.raises(DataError, match=r"Read the file first: pd\.read_csv\('labels\.csv'\)"):
        corrected_availability(papers, "labels.csv", claims=claims)


def test_reuse_levels_by_hand() -> None:
    claims = pd.DataFrame(
        {"paper_id": list("abcdef"), "code": ["linked"] * 4 + ["promised", "none"]}
    )
    links = pd.DataFrame(
        {
            "paper_id": ["a", "a", "b", "c", "d", "e"],
            "url": ["u1", "u2", "u3", "u4", "u5", "u6"],
            "kind": "code",
            "tense": ["present"] * 5 + ["future"],
        }
    )
    now = pd.Timestamp("2026-01-01")
    checks = pd.DataFrame(
        {
            "url": ["u1", "u2", "u3", "u4", "u5"],
            "state": ["gone", "alive", "empty", "alive", "coming soon"],
            "resolves": pd.array([False, True, True, True, True], dtype="boolean"),
            "empty": pd.array([None, False, True, None, False], dtype="boolean"),
            "licence": [None, "mit", "none", None, "mit"],
            "environment": pd.array([None, False, None, True, True], dtype="boolean"),
            "container": pd.array([None, True, None, None, True], dtype="boolean"),
            "tests": pd.array([None, False, None, None, True], dtype="boolean"),
            "ci": pd.array([None, True, None, False, True], dtype="boolean"),
            "example": pd.array([None, True, None, True, True], dtype="boolean"),
            "last_push": [pd.NaT, now - pd.Timedelta("10D"), now, pd.NaT, now],
            "archived": pd.array([True, True, False, None, True], dtype="boolean"),
            "checked_at": now,
        }
    )
    table = reuse_levels(claims, links, checks)
    assert table["level"].tolist() == [*STEPS, *BESIDE]
    assert table["needs"].tolist() == ["all above"] * 7 + ["has content"] * 4
    # a reaches all with its second link, whose container is an environment; b's repository is
    # empty; of c nobody knows more than that it resolves; d's only promises; e's is not out.
    assert table["n"].tolist() == [5, 4, 4, 1, 1, 1, 1, 1, 0, 1, 1]
    assert table["unknown"].tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1]
    old = reuse_levels(claims, links, checks, recent="5D")["n"].tolist()
    assert old[10] == 0 and old[:10] == table["n"].tolist()[:10], "finished work loses nothing"
    few = checks.drop(columns=["state", "environment", "container", "tests", "ci", "example"])
    assert reuse_levels(claims, links, few)["n"].tolist() == [5, 4, 4, 2, 2, 0, 0, 0, 0, 0, 2]
    nothing = reuse_levels(claims, links, checks.iloc[:0])
    assert nothing["n"].tolist() == [5, 4, *[0] * 9]
    assert nothing["unknown"].tolist() == [0, 0, *[4] * 9]
    # Wilson by hand, z² = 3.8415: 0 of 6 begins at 0; 4 of 6 ends at
    # (0.6667 + 0.32012 + sqrt(3.8415 * (0.2222 / 6 + 3.8415 / 144))) / (1 + 0.64025) = 0.9032.
    assert nothing["low"].tolist()[2:] == [0] * 9
    assert nothing["high"].tolist()[1:] == pytest.approx([0.9032] * 10, abs=1e-4)
    with pytest.raises(DataError, match="not a table of check_links"):
        reuse_levels(claims, links, links)


def test_plots(papers: pd.DataFrame) -> None:
    ax = plot_availability(availability(papers, by="venue"))
    assert "95 % interval" in ax.get_xlabel() and "by venue" in ax.get_title(loc="left").lower()
    assert "highest 67 %" in text_summary(ax) and "for X" in text_summary(ax)
    ax = plot_availability(availability(papers, by="quarter", what="artifact"))
    assert "code, data, a model or a page" in ax.get_ylabel()
    assert "2024 Q1" in text_summary(ax) and "2024 Q3" in text_summary(ax)
    labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": ["linked"] * 2 + ["none"] * 3})
    ax = plot_availability(corrected_availability(papers, labels, by="quarter"))
    assert {"corrected", "as detected"} <= {t.get_text() for t in ax.get_legend().get_texts()}
    assert ax.get_ylabel().startswith("papers that have public code (%)")
    two = corrected_availability(papers, labels.iloc[[1, 2]], by="venue")
    ax = plot_availability(corrected_availability(papers, labels.iloc[[1, 2]], by="month"))
    shapes = {line.get_label(): line.get_marker() for line in ax.lines}
    assert shapes["corrected by labels of other groups"] == "D"
    ax = plot_availability(two)
    words = [one.get_text() for one in ax.get_legend().get_texts()]
    assert words == ["corrected", "corrected by labels of other groups", "as detected"]
    assert "1 corrected by labels of others" in text_summary(ax)
    assert ax.get_xlim()[0] < 0, "nothing at 0 % is hidden"
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1 - 1
    ax = plot_availability(availability(papers, by="host"))
    assert "link code there (%)" in ax.get_xlabel() and "of 5 papers" in ax.get_title(loc="left")
    many = pd.DataFrame({"group": [f"g{n}" for n in range(40)], "n": range(1, 41), "share": 0.5,
                         "low": 0.4, "high": 0.6})  # fmt: skip
    assert len(plot_availability(many).get_yticks()) == 25
    with pytest.raises(DataError, match="nothing to draw"):
        plot_availability(many.iloc[:0])
    with pytest.raises(DataError, match="not a table of availability"):
        plot_availability(papers)


def test_plot_reuse_levels_says_what_it_shows() -> None:
    levels = pd.DataFrame(
        {
            "level": ["linked", "resolves", "tests"],
            "needs": ["all above", "all above", "has content"],
            "n": [4, 3, 2],
            "unknown": [0, 1, 0],
            "total": 10,
            "share": [0.4, 0.3, 0.2],
        }
    )
    ax = plot_reuse_levels(levels)
    assert text_summary(ax) == "Of 10 papers: linked: 4; resolves: 3 (+1 unknown); tests: 2."
    assert [bar.get_width() for bar in ax.patches] == [4, 3, 2, 0, 1, 0]
    colours = [bar.get_facecolor() for bar in ax.patches[:3]]
    assert colours[0] == colours[1] != colours[2], "what nothing builds on stands apart"
    with pytest.raises(DataError, match=r"not a table of linkcheck\.reuse_levels"):
        plot_reuse_levels(levels.drop(columns="n"))


def test_the_largest_move_between_periods_by_hand() -> None:
    """100 papers a year: 10, 10, 40, 40 link."""
    rates = pd.DataFrame(
        {
            "group": ["2020", "2021", "2022", "2023", "2024"],
            "period": pd.date_range("2020", periods=5, freq="YS"),
            "n": [100, 100, 100, 100, 5],
            "linked": [10, 10, 40, 40, 0],
            "partial": [False] * 4 + [True],
        }
    )
    row = check_change(rates).iloc[0]
    assert row[["periods", "n", "linked"]].tolist() == [4, 400, 100]
    # The one step is the change; without it there is no scatter.
    assert row["dispersion"] == 1
    assert (row["earlier"], row["later"]) == ("2020", "2022")
    assert row["difference"] == pytest.approx(0.3) and 0.1 < row["low"] < 0.3 < row["high"]
    assert row["p"] < 0.001 and row["words"].startswith("rose from 10.0 % (2020) to 40.0 % (2022)")
    # The slope's z: Σ (t - t̄)(k - n p̄) = 60, its variance n p̄ q̄ Σ (t - t̄)² = 93.75.
    assert row["p_line"] == pytest.approx(2 * norm.sf(60 / np.sqrt(93.75)), rel=0.02)
    # Up, down and up again by 0.1: the two smaller of three steps are as large.
    waves = rates.assign(linked=[20, 30, 20, 30, 0])
    step = 0.1**2 / (0.1875 * 2 / 100)
    steps = np.sort(np.diff(np.random.default_rng(1).normal(size=(40_000, 4))) ** 2 / 2)
    by_chance = steps[:, :2].mean()
    assert check_change(waves)["dispersion"].iloc[0] == pytest.approx(step / by_chance, rel=0.05)
    slow = rates.assign(linked=[10, 20, 30, 40, 0])
    pd.testing.assert_frame_equal(check_change(slow), check_change(slow.iloc[::-1]))
    none = check_change(rates.assign(linked=0)).iloc[0]
    assert none["p"] == none["p_line"] == 1 and none["words"].startswith("no change shown")
    few = check_change(rates.iloc[:2]).iloc[0]
    assert np.isnan(few["p"]) and few["words"].startswith("too few periods to tell a change: 2")
    with pytest.raises(DataError, match="not a table of availability by period"):
        check_change(rates.drop(columns="period"))


def test_chance_alone_is_rarely_called_a_change() -> None:
    rng = np.random.default_rng(0)
    rates = pd.DataFrame({"group": [str(n) for n in range(8)], "n": 600})
    rates["period"] = pd.date_range("2020", periods=8, freq="QS")
    wrong = sum(
        check_change(rates.assign(linked=rng.binomial(600, 0.2, 8)))["p"].iloc[0] <= 0.05
        for _ in range(60)
    )
    assert wrong <= 8


def test_one_kind_of_link_and_a_table_of_groups() -> None:
    papers = make_papers(
        [
            {"title": "A", "abstract": "Our data are at zenodo.org/records/1."},
            {"title": "B", "abstract": "Our code: github.com/b/b. Trees grow."},
            {"title": "C", "abstract": "Trees grow."},
        ],
        source="test",
    )
    data = availability(papers, what="data").iloc[0]
    assert (data["n"], data["linked"], data["none"], data["what"]) == (3, 1, 2, "data")
    ids = papers["paper_id"]
    licences = pd.DataFrame(
        {
            "paper_id": [ids[1], ids[1], ids[1], ids[0], "else"],
            "licence": ["mit", "mit", "gpl", None, "x"],
        }
    )
    rates = availability(papers, by=licences)
    assert rates["group"].tolist() == ["gpl", "mit", "(none given)"]
    assert rates["linked"].tolist() == [1, 1, 0] and set(rates["by"]) == {"licence"}
    with pytest.raises(DataError, match="not a table of values"):
        availability(papers, by=licences[["licence"]])


def test_where_nothing_is_linked_a_sentence_takes_the_place_of_the_plot() -> None:
    papers, claims = table_of([True] + [False] * 1480)
    papers["published"] = pd.Timestamp("2024-05-01")
    for by in (None, "quarter"):
        ax = plot_availability(availability(papers, by=by, claims=claims))
        assert not ax.lines and not ax.collections
        assert text_summary(ax).startswith("One paper of 1,481 links code in what was read: there")
        assert "what='data' or 'registry' or 'artifact'" in text_summary(ax)
    rates = availability(papers, claims=claims.assign(artifact="none"), what="artifact")
    assert "with what='registry' counts" in text_summary(plot_availability(rates))
    papers, claims = table_of([True] + [False] * 4)
    assert plot_availability(availability(papers, claims=claims)).lines


def test_data_on_request_and_registrations_count(tmp_path) -> None:
    """Trials: data on request, a registration's address, its number, and none of these."""
    texts = [
        "The data are available from the corresponding author upon reasonable request.",
        "Trial registration: https://clinicaltrials.gov/ct2/show/NCT01234567.",
        "Mice sleep. PROSPERO CRD42020123456; EudraCT number: 2019-001234-56.",
        "Mice sleep. Of NCT trials, 42020123456 is no number.",
    ]
    papers = make_papers(
        [{"title": f"T{n}", "abstract": t} for n, t in enumerate(texts)], source="t"
    )
    claims = code_claims(papers)
    data = availability(papers, what="data", claims=claims).iloc[0]
    assert data[STATUS].tolist() == [0, 0, 0, 1, 3]
    registered = availability(papers, what="registry", claims=claims).iloc[0]
    assert registered[STATUS].tolist() == [2, 0, 0, 0, 2]
    save_collection(papers, tmp_path / "c", prose=False)
    bare = load_collection(tmp_path / "c")
    assert availability(bare, what="data")[STATUS].iloc[0].tolist() == [0, 0, 0, 1, 3]
    assert availability(bare, what="registry")["linked"].tolist() == [1], "numbers need a text"


def test_of_full_texts_every_kind_has_a_rate_and_no_false_warning() -> None:
    """Two papers with full text alone, one with nothing."""
    papers = make_papers([{"title": one} for one in ("Sleep", "Mice", "Oaks")], source="t")
    ids = papers["paper_id"].tolist()
    said = "Our data are available at https://zenodo.org/records/12345."
    rows = [(ids[0], "availability", said), (ids[1], "body", "Trees grow.")]
    fulltext = pd.DataFrame(rows, columns=["paper_id", "section", "text"])
    with pytest.warns(UserWarning, match=r"nor a full text: .*toolkit.read_fulltext\("):
        claims = code_claims(papers, fulltext=fulltext)
    for what in ("data", "artifact"):
        with pytest.warns(UserWarning, match="left out of the counts and the share$"):
            row = availability(papers, what=what, claims=claims).iloc[0]
        assert (row["n"], row["linked"], row["basis"]) == (2, 1, "full texts")
    with pytest.warns(UserWarning), pytest.raises(DataError, match=r"links=toolkit.find_links"):
        availability(papers, by="host", what="data", claims=claims)
    with pytest.warns(UserWarning, match="left out of the counts"):
        links = find_links(papers.iloc[:2], fulltext=fulltext)
        host = availability(papers, by="host", what="data", claims=claims, links=links)
    assert host[["group", "n", "linked", "basis"]].values.tolist() == [
        ["zenodo.org", 2, 1, "full texts"]
    ]
    with pytest.raises(DataError, match=r"expected paper_id and data.*fulltext="):
        availability(papers, what="data", claims=claims[["paper_id", "code"]])
