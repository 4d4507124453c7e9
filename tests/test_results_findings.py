# ruff: noqa: E501
"""Findings: every sentence is true of the table it came from, reads as English, and no more."""

from __future__ import annotations

import json
import re
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.networks import Network
from toolkit.papers.schema import make_papers
from toolkit.results.of_trends import _when
from toolkit.results.sentences import ABOUT

#: A number in a sentence; commas between thousands.
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")


def told(**results) -> list[str]:
    return list(toolkit.findings(**results))


def rates_of(*rows, what="code", by=None, basis="abstracts", **columns) -> pd.DataFrame:
    """Return rates of groups given as (name, linked, n)."""
    table = pd.DataFrame(rows, columns=["group", "linked", "n"])
    low, high = toolkit.intervals.wilson(table["linked"], table["n"])
    with np.errstate(invalid="ignore"):
        share = table["linked"] / table["n"]
    return table.assign(
        share=share, low=low, high=high, claimed=0, promised=0, what=what, confidence=0.95,
        by=pd.Series([by] * len(table), dtype="string"), basis=basis,
        all_n=table["n"].sum(), all_linked=table["linked"].sum(), **columns,
    )  # fmt: skip


def check_numbers(found: toolkit.Findings) -> None:
    """Check that each number outside quotation marks is one of the figures, rounded."""
    for row in found.table.itertuples():
        figures = json.loads(row.figures)
        known = [abs(v) for v in figures.values() if isinstance(v, (int, float))]
        names = [v for v in figures.values() if isinstance(v, str)]
        text = re.sub(r"“.*?”", "", row.sentence)
        # Names of periods, the level, and the constants of the method are no results.
        text = re.sub(
            r"\d{4} Q\d|\d{4}-\d\d|95 % interval|q ≤ 0\.05|under 0\.01 %|< 0\.001", "", text
        )
        for name in names:
            text = text.replace(name, "")
        for number in _NUMBER.findall(text):
            value = float(number.replace(",", ""))
            digits = len(number.partition(".")[2])
            half = 0.5 * 10**-digits + 1e-9
            near = [v for v in known if abs(v - value) <= half or abs(100 * v - value) <= half]
            # A factor is written with two digits: 12 for 11.6.
            near += [v for v in known if float(f"{v:.2g}") == value]
            assert near, (number, row.sentence, figures)


# --- rates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("linked", "n", "sentence"),
    [
        (3, 12, "3 of 12 papers link their code in the abstract (25 %; 95 % interval 9 to 53 %)."),
        (1, 12, "1 of 12 papers links its code in the abstract (8 %; 95 % interval 1 to 35 %)."),
        (0, 31, "None of the 31 papers links its code in the abstract (0 %; 95 % interval 0 to 11 %)."),
        (4, 4, "All 4 papers link their code in the abstract (100 %; 95 % interval 51 to 100 %)."),
        (1, 1, "The only paper links its code in the abstract (100 %; 95 % interval 21 to 100 %)."),
        (0, 1, "The only paper does not link its code in the abstract (0 %; 95 % interval 0 to 79 %)."),
        (1180, 5680,
         "1,180 of 5,680 papers link their code in the abstract (20.8 %; 95 % interval 19.7 to 21.8 %)."),
    ],
)  # fmt: skip
def test_the_whole(linked, n, sentence) -> None:
    found = toolkit.findings(rates=rates_of(("all papers", linked, n)))
    assert next(iter(found)) == sentence and found.table["sure"][0] == "interval"
    assert "does not mean that there is nothing public" in list(found)[1]
    check_numbers(found)


def test_what_is_said_beside_links_and_where() -> None:
    rates = rates_of(("all papers", 3, 12), basis="full texts").assign(claimed=1, promised=2)
    assert told(rates=rates) == [
        "3 of 12 papers link their code in the full text (25 %; 95 % interval 9 to 53 %); "
        "1 more says that it is out and 2 promise it."
    ]
    rates = rates_of(("all papers", 3, 12), basis="full texts", what="data").assign(promised=2)
    assert told(rates=rates)[0].startswith("3 of 12 papers link their data in the full text (25 %")
    mixed = rates_of(("all papers", 3, 12), basis="full texts (4), abstracts (8)")
    assert "in what was read (full texts (4), abstracts (8))" in told(rates=mixed)[0]
    assert "1 more promises it" in told(rates=rates_of(("all papers", 3, 12)).assign(promised=1))[0]


def test_nothing_read_is_not_none() -> None:
    (sentence,) = told(rates=rates_of(("all papers", 0, 0)))
    assert sentence == (
        "Nothing is known of how many papers link their code: no text of them was read."
    )
    table = toolkit.findings(rates=rates_of(("all papers", 0, 0))).table
    assert table["sure"].tolist() == ["open"]


def test_groups_are_named_only_where_they_differ() -> None:
    rates = rates_of(("Oaks", 60, 100), ("Elms", 5, 100), ("Firs", 30, 100), by="venue")
    found = toolkit.findings(rates=rates)
    assert list(found) == [
        "Papers of 1 of 3 groups by venue link their code more often than all other papers, those "
        "of 1 less often (q ≤ 0.05): most often “Oaks” (60 % of 100 papers, against 18 %), least "
        "often “Elms” (5 % of 100 papers, against 45 %)."
    ]
    check_numbers(found)
    same = rates_of(("Oaks", 30, 100), ("Elms", 31, 100), by="venue")
    assert told(rates=same) == [
        "Of 2 groups by venue, none is shown to differ from the other papers in how many link "
        "their code (smallest q = 1.000)."
    ]
    one = rates_of(("Oaks", 30, 100), ("Elms", 0, 0), by="topic", topic=[0, 1])
    assert told(rates=one.assign(all_n=200, all_linked=60)) == [
        "Of 1 topic, none is shown to differ from the other papers in how many link their code "
        "(smallest q = 1.000)."
    ]
    assert told(rates=same.head(1)) == ["There are no two groups by venue to compare."]


def test_over_time() -> None:
    years = pd.to_datetime(["2020", "2021", "2022", "2023"])
    rates = rates_of(
        ("2020", 20, 200), ("2021", 22, 200), ("2022", 60, 200), ("2023", 61, 200),
        by="year", period=years, partial=False,
    )  # fmt: skip
    found = toolkit.findings(rates=rates)
    assert next(iter(found)).startswith(
        "The share of papers that link their code rose from 10.0 % (2020) to 30.5 % (2023), by "
        "20.5 points (95 % interval "
    )
    check_numbers(found)
    level = rates_of(
        ("2020", 20, 200), ("2021", 21, 200), ("2022", 20, 200),
        by="year", period=years[:3], partial=False,
    )  # fmt: skip
    assert told(rates=level)[0].startswith(
        "The share of papers that link their code is not shown to have changed: its largest move, "
        "from 10.0 % (2020) to 10.5 % (2021), is no more than chance brings (p = "
    )
    assert told(rates=rates.head(2)) == [
        "Whether the share of papers that link their code changed cannot be told: the collection "
        "covers 2 periods in full, and three are needed."
    ]
    none = rates.assign(linked=0)
    assert told(rates=none) == ["None of the 800 papers links its code in any period."]


def test_hosts_and_corrected() -> None:
    hosts = rates_of(("github.com", 30, 100), ("a.org", 4, 100), ("b.org", 0, 100), by="host")
    found = toolkit.findings(rates=hosts)
    assert list(found) == [
        "Where papers link their code, most links lead to github.com (30 of 100 papers, 30 %), "
        "then to a.org (4)."
    ]
    check_numbers(found)
    assert told(rates=hosts.assign(linked=0)) == [
        "None of the 100 papers links its code at any host."
    ]
    papers = pd.DataFrame({"paper_id": list("abcd"), "title": list("ABCD")})
    claims = pd.DataFrame({"paper_id": list("abcd"), "code": ["linked"] * 2 + ["none"] * 2})
    labels = pd.DataFrame({"paper_id": ["a", "c", "d"], "code": ["linked", "linked", "none"]})
    corrected = toolkit.corrected_availability(papers, labels, claims=claims)
    found = toolkit.findings(rates=corrected)
    assert next(iter(found)).startswith(
        "Corrected with 3 labels, 75 % of the 4 papers have public code (95 % interval "
    )
    check_numbers(found)


# --- trends and topics ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planted():
    made = toolkit.plant_collection(n_papers=900, trends={0: 0.15, 1: -0.15}, seed=3)
    topics = toolkit.fit_topics(made.papers)
    judged = toolkit.judge_trends(made.papers, topics, refits=4, progress=False)
    return SimpleNamespace(papers=made.papers, topics=topics, judged=judged)


def test_every_number_is_in_the_tables(planted) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # more terms than a network shows
        network = toolkit.find_network(planted.papers, of="terms")
    found = toolkit.findings(
        planted.papers, planted.topics, judged=planted.judged, progress=False,
        described=toolkit.describe_papers(planted.papers),
        network=network,
    )  # fmt: skip
    check_numbers(found)
    assert {"collection", "topics", "change", "code", "reliability", "missing"} <= set(
        found.table["about"]
    )
    order = [ABOUT.index(about) for about in found.table["about"]]
    assert order == sorted(order), "what it is about first"
    for sentence in found:
        assert sentence.endswith(".") and sentence[0] == sentence[0].upper()
        assert not re.search(r"\b(nan|None|<NA>|inf|1 (?:topics|papers|refits))\b", sentence), (
            sentence
        )
        assert "0 of" not in sentence and "  " not in sentence
    # Figures of the verdicts are those of their rows.
    verdicts = planted.judged.verdicts.set_index("label")
    for row in found.table[found.table["about"] == "change"].itertuples():
        figures = json.loads(row.figures)
        for name in ("papers", "papers_early", "share_late", "ratio_per_year"):
            if "label" in figures and figures.get(name) is not None:
                assert figures[name] == pytest.approx(verdicts.loc[figures["label"], name])


def test_headlines_alone_are_told(planted) -> None:
    judged = planted.judged
    labels = set(judged.headlines["label"])
    assert labels, "two trends are planted"
    change = toolkit.findings(judged=judged).table
    change = change[change["about"] == "change"]
    quoted = {json.loads(f).get("label") for f in change["figures"]} - {None}
    assert quoted == labels
    counted = json.loads(change["figures"].iloc[0])
    assert counted["changed"] == len(labels)
    numbers = ("changed", "steady", "can't tell", "fragile")
    assert sum(counted[name] for name in numbers) == counted["tested"]
    assert "not refitted" not in change["sentence"].iloc[0]
    plain = toolkit.trend_verdicts(toolkit.topic_trends(planted.papers, planted.topics))
    assert "(the topics were not refitted: another fit may give others)" in told(judged=plain)[0]
    first = told(judged=judged, most=0)
    assert len(first) == 2 + bool(judged.card is not None), "a count, and how many more"


def verdict_row(label, verdict, topic=0, **more):
    row = {
        "topic": topic, "label": label, "verdict": verdict, "papers": 40, "periods": 8, "p": 0.001,
        "q": 0.002, "beyond_drift": pd.NA, "words": f"{label}: {verdict}, from 2 % of the papers.",
    }  # fmt: skip
    return row | more


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("rising", "“Oaks: a, b” rose from 2 % of the papers."),
        ("falling", "“Oaks: a, b” fell from 2 % of the papers."),
        ("rose then fell", "“Oaks: a, b” rose and then fell from 2 % of the papers."),
        ("fell then rose", "“Oaks: a, b” fell and then rose from 2 % of the papers."),
    ],
)
def test_verdicts_as_sentences(verdict, words) -> None:
    table = pd.DataFrame([verdict_row("Oaks: a, b", verdict)])
    count, sentence = told(judged=table)
    assert sentence == words
    assert count.startswith("The only topic ")


def test_nothing_changed_and_nothing_tested() -> None:
    rows = [verdict_row("A", "steady"), verdict_row("B", "can't tell", 1)]
    assert told(judged=pd.DataFrame(rows)) == [
        "Of 2 topics, none is shown to have changed; 1 is steady and for 1 the papers cannot tell "
        "(the topics were not refitted: another fit may give others)."
    ]
    untested = pd.DataFrame([verdict_row("A", "can't tell", p=np.nan, periods=1)])
    assert told(judged=untested) == [
        "Whether any topic changed cannot be told: the dates cover 1 whole period, and a trend "
        "needs three."
    ]
    assert "the dates cover no whole period" in told(judged=untested.assign(periods=0))[0]
    assert "none of them has papers enough" in told(judged=untested.assign(periods=9))[0]


def card_of(*verdicts) -> pd.DataFrame:
    return pd.DataFrame({"topic": range(len(verdicts)), "verdict": verdicts, "survival": 0.5})


def test_cards() -> None:
    assert told(card=card_of("solid", "usable", "fragile")) == [
        "In refits that each left out a fifth of the papers, 2 of 3 topics came back (1 solid and "
        "1 usable); 1 is fragile: no statement should rest on it."
    ]
    assert told(card=card_of("solid", "solid")) == [
        "In refits that each left out a fifth of the papers, all 2 topics came back (2 solid)."
    ]
    assert told(card=card_of("fragile", "fragile")) == [
        "None of the 2 topics surely came back in refits that each left out a fifth of the papers: "
        "no statement on the topics of this collection is safe."
    ]
    assert told(card=card_of("fragile"))[0].startswith("The only topic did not surely come back")


def model(sizes, outliers=0):
    labels = [n for n, size in enumerate(sizes) for _ in range(size)] + [-1] * outliers
    table = pd.DataFrame(
        {"topic": range(len(sizes)), "label": [f"T{n}" for n in range(len(sizes))], "size": sizes}
    )
    return SimpleNamespace(papers=pd.DataFrame({"topic": labels}), topics=table)


def test_topics() -> None:
    from toolkit.results.of_topics import tell_topics

    def say(*sizes, card=None, outliers=0):
        return [one.sentence for one in tell_topics(model(sizes, outliers), card)]

    assert say(6, 4) == [
        "The papers fall into 2 topics: “T0” (6 papers, 60 %) and “T1” (4 papers, 40 %)."
    ]
    assert say(5) == ["All papers with a topic are in one, “T0” (5 papers, 100 %)."]
    assert say(5, 3, 1, 1)[0].startswith(
        "The papers fall into 4 topics; the largest are “T0” (5 pa"
    )
    assert say(6, 3, card=card_of("fragile", "solid"), outliers=1) == [
        "Of 2 topics, 1 came back in refits: “T1” (3 papers, 30 %).",
        "1 of 10 papers (10 %) fits no topic.",
    ]
    assert say(6, 3, card=card_of("fragile", "fragile")) == [], "the card says it"
    assert say(outliers=4) == ["No topics were found in 4 papers."]


def test_fragile_topics_are_not_compared() -> None:
    rates = rates_of(("A", 60, 100), ("B", 5, 100), ("C", 30, 100), by="topic", topic=range(3))
    names = toolkit.findings(rates=rates, card=card_of("fragile", "solid", "solid"))
    code = names.table.loc[names.table["about"] == "code", "sentence"].iloc[0]
    assert "“B”" in code and "“A”" not in code and "of 2 topics" in code


# --- collections and records ---------------------------------------------------------------------


def collection(*dates, abstract="Bees count the flowers of the field.") -> pd.DataFrame:
    rows = [
        {"title": f"Paper {n}", "abstract": abstract, "published": day}
        for n, day in enumerate(dates)
    ]
    return make_papers(rows, source="mine")


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (["2020", "2023"], "The collection holds 2 papers, published from 2020 to 2023."),
        (["2020-02", "2023"], "The collection holds 2 papers, published from February 2020 to 2023."),
        (["2020-02-03", "2021-05-09"],
         "The collection holds 2 papers, published from 3 February 2020 to 9 May 2021."),
        (["2020", "2020"], "The collection holds 2 papers, published in 2020."),
        (["2020"], "The collection holds 1 paper, published in 2020."),
        (["2020", None, "2021"],
         "The collection holds 3 papers; those with a date (2 of 3 papers) were published from "
         "2020 to 2021."),
    ],
)  # fmt: skip
def test_dates_no_finer_than_known(dates, words) -> None:
    found = toolkit.findings(collection(*dates))
    assert next(iter(found)) == words
    check_numbers(found)


def test_no_dates_no_abstracts_no_papers() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = toolkit.findings(collection(None, None, abstract=None))
    assert list(found) == [
        "The collection holds 2 papers.",
        "Nothing is known of how many papers link their code: no text of them was read.",
        "All 2 papers have no abstract here: topics rest on their titles alone, and what the "
        "abstract says of code is not known.",
        "No paper has a date that can be used, so that nothing can be said of change over time.",
    ]
    assert told(papers=collection("2020").head(0)) == ["The collection holds no papers."]


def test_records() -> None:
    merges = pd.DataFrame(
        {
            "kept_id": ["a", "a", "b"],
            "dropped_id": list("cde"),
            "why": ["same doi", "same doi", "t"],
        }
    )
    found = toolkit.findings(merges=merges)
    assert list(found) == [
        "3 records were repeats and were merged into 2 papers: same doi (2) and t (1)."
    ]
    check_numbers(found)
    assert told(merges=merges.tail(1)) == [
        "1 record was a repeat and was merged into 1 paper: t (1)."
    ]
    assert told(merges=merges.head(0)) == ["No record was found twice."]
    papers = make_papers(
        [{"title": "Oaks", "origin": "a.bib; b.ris"}, {"title": "Elms", "origin": "b.ris"}],
        source="mine",
    )
    flow = toolkit.record_flow(papers, set_aside=[])
    assert told(flow=flow) == ["Of 3 records, 1 was a duplicate and 2 papers are kept."]
    with pytest.warns(UserWarning, match="set aside"):
        unknown = toolkit.record_flow(papers)
    assert told(flow=unknown)[0].startswith("Of 3 records that could be read, 1 was a dup")
    assert "is not known here" in told(flow=unknown)[1]


def test_described_counts_and_networks() -> None:
    described = toolkit.describe_papers(
        make_papers([{"title": "On bees", "published": "1868-01-01"}], source="mine")
    )
    assert told(described=described) == ["In the column “published”: 1 before 1900."]
    papers = pd.DataFrame(
        {"paper_id": list("abc"), "title": list("ABC"), "keywords": ["x; y", "x; y", "x; z"]}
    )
    counts = toolkit.count_by(papers, "keywords")
    found = toolkit.findings(counts=counts)
    assert list(found) == [
        "Of 3 values, “x” has most papers: 3 papers (100 %); “y” follows with 2."
    ]
    check_numbers(found)
    assert told(counts=counts.tail(2).assign(papers=1, share=0.5)) == [
        "Of 2 values, “y” and “z” have most papers: 1 paper each (50 %)."
    ]
    assert told(counts=counts.head(1)) == ["The only value is “x”, with 3 papers."]
    network = toolkit.find_network(papers, of="keywords")
    found = toolkit.findings(network=network)
    assert list(found) == [
        "2 links (co-occurrence) join 3 keywords into 1 community; the one most strongly linked is "
        "“x” (with 2 others, in 3 papers)."
    ]
    check_numbers(found)
    alone = Network(network.nodes, network.edges.head(0), "keywords", "co-occurrence", "full", None)
    assert told(network=alone) == [
        "3 keywords are in the network, and none is linked with another."
    ]


def test_other_fields_link_data_and_name_registrations() -> None:
    papers = collection("2020", "2021", "2022").assign(
        abstract=[
            "The trial is registered at ClinicalTrials.gov (NCT01234567).",
            "Bees count. Our data are available at https://zenodo.org/records/123456.",
            "Bees count.",
        ]
    )
    found = toolkit.findings(papers)
    code = found.table.loc[found.table["about"] == "code", "sentence"].tolist()
    assert code[0].startswith("None of the 3 papers links its code in the abstract (0 %")
    assert any(one.startswith("1 of 3 papers names a registration in the abstract") for one in code)
    assert len([one for one in code if "code" in one]) == 1, "what nobody links is said once"
    check_numbers(found)


def test_links() -> None:
    checks = pd.DataFrame({"url": list("abcd"), "resolves": [True, True, False, None]})
    assert told(checks=checks) == [
        "2 of 4 links that were checked lead to something; 1 does not and of 1 the checks could "
        "not tell."
    ]
    assert told(checks=checks.head(2)) == ["All 2 links that were checked lead to something."]
    assert told(checks=checks.head(0)) == ["No link was checked."]
    survival = pd.DataFrame(
        {
            "group": ["a.org", "a.org"], "time": [0.0, 30.0], "survival": [1.0, 0.75],
            "low": [1.0, 0.3], "high": [1.0, 0.93], "links": 8, "at_risk": 8, "since": "first check",
            "invented": True, "dead_at_start": 1, "log_rank_p": np.nan,
        }
    )  # fmt: skip
    found = toolkit.findings(survival=survival)
    assert list(found) == [
        "In these invented checks, 75 % of 8 links of “a.org” were alive 30 days after the first "
        "check (95 % interval 30 to 93 %).",
        "1 link was dead at the first check and is in none of these shares.",
    ]
    check_numbers(found)


def test_compared() -> None:
    days = pd.date_range("2023-01-01", periods=8, freq="QS")
    papers = [10, 12, 9, 11, 41, 39, 40, 42]
    trends = pd.DataFrame(
        {"period": days, "topic": 0, "total": 200, "partial": False, "papers": papers}
    )
    compared = toolkit.compare_periods(trends)
    assert told(compared=compared) == [str(compared["words"][0])]
    unsure = compared.assign(verdict="can't tell")
    assert told(compared=unsure) == ["Of 1 comparison none shows a difference."]


# --- the object ----------------------------------------------------------------------------------


def test_it_shows_sentences_and_escapes() -> None:
    hostile = "<script>alert(1)</script> $x$ &amp;\u202e"
    table = pd.DataFrame([verdict_row(f"{hostile}{n}", "rising", n) for n in range(2)])
    found = toolkit.findings(judged=table)
    page = found._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "\u202e" not in page
    assert page.count("<li") == len(found) == 3
    assert str(found).splitlines() == list(found) == repr(found).splitlines()
    one = toolkit.findings(merges=pd.DataFrame({"kept_id": [], "why": []}))
    assert one._repr_html_() == '<p dir="auto">No record was found twice.</p>'


def test_wrong_results_are_refused() -> None:
    with pytest.raises(DataError, match="nothing to tell of"):
        toolkit.findings()
    with pytest.raises(DataError, match="argument 'rates': a result of another kind"):
        toolkit.findings(rates=pd.DataFrame({"a": [1]}))
    with pytest.raises(DataError, match="argument 'network'"):
        toolkit.findings(network=pd.DataFrame({"a": [1]}))
    with pytest.raises(DataError, match="argument 'compared': not a table with sentences"):
        toolkit.findings(compared=pd.DataFrame({"a": [1]}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda two: (min(two), max(two))),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["code", "data", "artifact", "registry"]),
    st.sampled_from([None, "venue", "host", "year"]),
)
def test_all_numbers_are_figures_whatever_the_counts(groups, what, by) -> None:
    rows = [(f"{2000 + place}", linked, n) for place, (linked, n) in enumerate(groups)]
    if by == "host":
        n = max(1, *(n for _, n in groups))
        rows = [(f"h{name}.org", linked, n) for name, linked, _ in rows]
    rows = rows if by else rows[:1]
    extra = {}
    if by == "year":
        extra = {"period": pd.to_datetime([name for name, _, _ in rows]), "partial": False}
    found = toolkit.findings(rates=rates_of(*rows, by=by, what=what, **extra))
    assert len(found)
    check_numbers(found)
    assert not re.search(r"\bnan\b|None\b(?! of)", str(found))


def test_topics_and_years_are_not_compared_where_hardly_a_paper_links_code() -> None:
    """Three of 300 cannot differ by topic: the sentences of no difference are left out."""
    papers = toolkit.plant_collection(n_papers=300, seed=4).papers
    topics = toolkit.fit_topics(papers)
    claims = pd.DataFrame({"paper_id": papers["paper_id"], "evidence": ""})
    for linked, compared in ((3, False), (150, True)):
        status = ["linked"] * linked + ["none"] * (300 - linked)
        table = claims.assign(code=status, artifact=status)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = " ".join(
                toolkit.findings(papers, topics, claims=table, refits=0, progress=False)
            )
        assert f"{linked} of 300 papers link their code" in told
        assert ("other papers" in told) is compared


def test_values_of_a_column_are_not_called_topics() -> None:
    rows = [
        {"paper_id": f"{year}{n}", "title": f"On {year} {n}", "published": f"{year}-06-01",
         "venue": "ab"[n % 2]}
        for year in range(2010, 2020) for n in range(40)
    ]  # fmt: skip
    papers = make_papers(rows, source="invented")
    told = str(toolkit.findings(judged=toolkit.trend_verdicts(
        toolkit.topic_trends(papers, by="venue", freq="Y")
    )))  # fmt: skip
    assert "2 values" in told and "topic" not in told


def test_a_span_is_of_the_periods_with_papers_that_were_tested() -> None:
    years = [2001, 2002, 2003, 2004, 2005]
    trends = pd.DataFrame({"period": pd.to_datetime([f"{year}-01-01" for year in years])})
    trends = trends.assign(total=[1, 0, 4, 5, 6], partial=[True, False, False, False, False])
    assert _when(trends.assign(freq="Y")) == " from 2003 to 2005 (by year)"


def test_what_a_finding_tells_of_abstracts_is_no_warning_too() -> None:
    papers = collection(*[f"{2015 + at % 5}-03-01" for at in range(10)])
    papers.loc[0, "abstract"] = pd.NA
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = list(toolkit.findings(papers))
    assert any(sentence.startswith("1 of 10 papers has no abstract here") for sentence in told)
