"""link_survival, archive_now and plot_survival against curves computed by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit import plots
from toolkit.errors import DataError
from toolkit.linkcheck import LinkLog, archive_now, link_survival

DAY = pd.Timestamp("2025-01-01")


def write(log: Path, checks: list[tuple], **more) -> Path:
    """Write checks given as (url, day, resolves); the host is the first letter of the URL."""
    with LinkLog(log) as opened:
        opened.append(
            {
                "url": url,
                "host": f"{url[0]}.org",
                "resolves": alive,
                "checked_at": DAY + pd.Timedelta(days=day),
                **more,
            }
            for url, day, alive in checks
        )
    return log


@pytest.fixture
def nine(tmp_path: Path) -> Path:
    """Nine links; three die by day 30, one by day 60, one by day 90; the rest are followed."""
    checks = []
    for number, dies in enumerate([30, 30, 30, 60, 90, 999, 999, 999, 999]):
        checks += [(f"a{number}", day, day < dies) for day in range(0, 121, 30)]
    return write(tmp_path / "log.sqlite", checks)


def test_with_the_same_checks_for_all_the_share_alive_is_counted(nine) -> None:
    table = link_survival(nine)
    assert table["after"].tolist() == [0, 0, 30, 60, 120]
    assert table["time"].tolist() == [0, 30, 60, 90, 120]
    assert table["at_risk"].tolist() == [9, 9, 6, 5, 4]
    assert table["events"].tolist() == pytest.approx([0, 3, 1, 1, 0], abs=1e-3)
    np.testing.assert_allclose(table["survival"], [1, 6 / 9, 5 / 9, 4 / 9, 4 / 9], atol=1e-4)
    assert (table["dead_at_start"] == 0).all() and table["log_rank_p"].isna().all()
    assert set(table["links"]) == {9} and set(table["unconfirmed"]) == {0}


def test_turnbull_by_hand(tmp_path) -> None:
    """L = p1 · p2² · (p1 + p2) · p3⁴: p3 = 1/2, and p1 : p2 = 1 : 2 of the other half."""
    ends = [("a0", 0, 30), ("a1", 30, 60), ("a2", 30, 60), ("a3", 0, 60)]
    checks = []
    for url, alive, dead in ends:
        checks += [(url, 0, True), (url, alive, True), (url, dead, False), (url, 120, False)]
    checks += [(f"a{n}", day, True) for n in range(4, 8) for day in (0, 90, 120)]
    table = link_survival(write(tmp_path / "l", checks))
    assert table["time"].tolist() == [0, 30, 60, 120]
    np.testing.assert_allclose(table["survival"], [1, 5 / 6, 1 / 2, 1 / 2], atol=1e-3)


def test_nothing_is_assumed_of_when_a_link_died(tmp_path) -> None:
    log = write(
        tmp_path / "l", [("a", 0, True), ("a", 10, True), ("a", 40, False), ("a", 90, False)]
    )
    table = link_survival(log, min_links=1)
    assert table[["after", "time"]].to_numpy().tolist() == [[0, 0], [10, 40]]
    assert table["survival"].tolist() == [1, 0]


def test_a_failure_that_nothing_confirms_is_no_death(tmp_path) -> None:
    """Five of ten fail in the last run: it only confirms; checked again, they are dead."""
    checks = [(f"a{n}", day, day < 60 or n >= 5) for n in range(10) for day in (0, 30, 60)]
    table = link_survival(write(tmp_path / "l", checks))
    assert table["time"].tolist() == [0, 30] and table["survival"].tolist() == [1, 1]
    assert set(table["unconfirmed"]) == {5}
    again = [(f"a{n}", 61, False) for n in range(5)]
    table = link_survival(write(tmp_path / "again", checks + again))
    assert table["time"].tolist() == [0, 60]
    assert table["survival"].tolist() == pytest.approx([1, 0.5])
    assert set(table["unconfirmed"]) == {0}


def test_days_of_one_run_are_one_time(tmp_path) -> None:
    """Half die in the year between two runs of two days; deaths are not put into these days."""
    rng = np.random.default_rng(0)
    checks = []
    for number in range(40):
        for run in (0, 365, 730):
            checks.append((f"a{number}", run + 2 * rng.random(), run == 0 or number < 20))
    table = link_survival(write(tmp_path / "l", sorted(checks, key=lambda one: one[1])))
    assert len(table) == 3 and table["survival"].iloc[1] == pytest.approx(0.5)
    assert table["time"].iloc[1] == pytest.approx(365, abs=2)


def test_owners_whose_links_die_together_are_worth_few_links(tmp_path) -> None:
    def width(name: str) -> float:
        checks = [
            (name.format(n, n // 10), day, n < 50 or day == 0)
            for n in range(100)
            for day in (0, 30, 60)
        ]
        urls = {url for url, _, _ in checks}
        links = pd.DataFrame({"url": sorted(urls)}).assign(paper_id="p", kind="code")
        with LinkLog(tmp_path / name.split("/")[-2].strip("{}")) as opened:
            opened.append(
                {"url": url, "host": None, "resolves": alive,
                 "checked_at": DAY + pd.Timedelta(days=day)}
                for url, day, alive in checks
            )  # fmt: skip
        table = link_survival(opened.path, by="kind", links=links)
        assert table["survival"].iloc[-1] == pytest.approx(0.5)
        return float(table["high"].iloc[-1] - table["low"].iloc[-1])

    # Wilson's interval for 50 of 100 is 0.19 wide, for 5 of 10 it is 0.53.
    assert width("https://github.com/o{0}/x") == pytest.approx(0.19, abs=0.03)
    assert width("https://o{1}.example/{0}") == pytest.approx(0.53, abs=0.12)


def test_where_nobody_died_few_prove_little(tmp_path) -> None:
    checks = [(f"a{i}", day, True) for i in range(5) for day in (0, 30)] + [("a5", 0, True)]
    table = link_survival(write(tmp_path / "l", checks))
    assert table["survival"].tolist() == [1, 1] and table["at_risk"].tolist() == [6, 5]
    # Wilson's lower end for 5 of 5: n / (n + z²).
    assert table["low"].tolist() == pytest.approx([1, 5 / (5 + 1.959964**2)])
    assert "a.org: 100 % alive after 30 days (57 to 100 %)" in plots.text_summary(
        plots.plot_survival(table)
    )


def test_links_that_come_back_are_alive_and_no_verdict_is_no_death(tmp_path) -> None:
    log = write(
        tmp_path / "l",
        [
            ("a", 0, True),
            ("a", 5, False),
            ("a", 9, True),
            ("b", 0, True),
            ("b", 7, None),
        ],
    )
    table = link_survival(log, min_links=1)
    assert (table["events"] == 0).all() and (table["survival"] == 1).all()
    assert dict(zip(table["group"], table["time"])) == {"a.org": 9, "b.org": 0}


def test_since_publication_the_dead_at_the_first_check_count(tmp_path) -> None:
    checks = [("a", 100, False), ("b", 100, True), ("c", 100, False)]
    log = write(tmp_path / "l", checks + [(url, 200, alive) for url, _, alive in checks])
    links = pd.DataFrame({"url": ["a", "b", "b"], "paper_id": ["p1", "p1", "p2"]})
    papers = pd.DataFrame(
        {"paper_id": ["p1", "p2"], "title": "x", "published": [DAY, DAY + pd.Timedelta(days=60)]}
    )
    with pytest.raises(DataError, match="needs links=… and papers=…"):
        link_survival(log, since="published")
    table = link_survival(log, since="published", links=links, papers=papers, min_links=1)
    assert table.query("group == 'a.org'")[["after", "time"]].values.tolist() == [[0, 0], [0, 100]]
    assert table.query("group == 'b.org'")["time"].tolist() == [0, 200], "from its first paper"
    table = link_survival(log)
    assert table["dead_at_start"].tolist() == [2] * len(table)
    only_dead = write(tmp_path / "dead", [("a", 100, False)])
    with pytest.raises(DataError, match="no link can be followed: found '1 links dead"):
        link_survival(only_dead)


def test_groups(tmp_path) -> None:
    days = {"a": 10, "b": 20, "c": 900}
    log = write(tmp_path / "l", [(url, day, True) for url in days for day in (0, days[url])])
    links = pd.DataFrame({"url": list("abc"), "paper_id": ["p", "q", "r"], "kind": list("xxy")})
    papers = pd.DataFrame(
        {
            "paper_id": ["p", "q", "r"],
            "venue": ["V", "V", None],
            "published": [DAY - pd.Timedelta(days=d) for d in (1, 400, 4000)],
        }
    )
    topics = SimpleNamespace(
        papers=pd.DataFrame({"paper_id": ["p", "q"], "topic": [0, -1]}),
        topics=pd.DataFrame({"topic": [0], "label": ["oaks"]}),
    )
    more = {"links": links, "papers": papers, "topics": topics, "min_links": 1}

    def names(by: str) -> set[str]:
        return set(link_survival(log, by=by, **more)["group"])

    assert names("host") == {"a.org", "b.org", "c.org"}
    assert names("age") == {"under 1 year", "1–2 years", "over 4 years"}
    assert names("topic") == {"oaks", "outliers", "unknown"}
    assert names("kind") == {"x", "y"}
    assert names("venue") == {"V", "unknown"}
    assert set(link_survival(log, min_links=2)["group"]) == {"other"}
    for by, missing in (("topic", "links=…"), ("age", "links=… and papers=…")):
        with pytest.raises(DataError, match=f"by='{by}' needs {missing}"):
            link_survival(log, by=by)
    with pytest.raises(DataError, match="by is unknown: found 'colour'"):
        link_survival(log, by="colour", **more)
    with pytest.raises(DataError, match="needs topics=…"):
        link_survival(log, by="topic", links=links)
    with pytest.raises(DataError, match="since is unknown"):
        link_survival(log, since="birth")
    with pytest.raises(DataError, match="links lacks a column"):
        link_survival(log, by="kind", links=links[["url"]])


def test_the_comparison_by_hand(tmp_path) -> None:
    """Two die by day 10, two live on. Scores are ±log 2: χ² = (4 · ½ log 2)² / 4(½ log 2)² = 4."""
    checks = [(url, day, day == 0) for url in ("a1", "a2") for day in (0, 10, 20)]
    checks += [(url, day, True) for url in ("b1", "b2") for day in (0, 10, 20)]
    table = link_survival(write(tmp_path / "l", checks), min_links=1)
    from scipy.stats import chi2

    assert table["log_rank_p"].tolist() == pytest.approx([chi2.sf(4, 1)] * len(table))


@pytest.mark.parametrize("how", ["csv", "parquet"])
def test_curves_from_a_file_give_the_same_plot(how, tmp_path) -> None:
    checks = [(f"a{n}", day, day == 0) for n in range(5) for day in (0, 9, 30)]
    checks += [(f"b{n}", day, True) for n in range(5) for day in (0, 30)]
    links = pd.DataFrame({"url": [f"{host}{n}" for host in "ab" for n in range(5)]})
    links["paper_id"] = "p"
    papers = pd.DataFrame({"paper_id": ["p"], "published": [DAY - pd.Timedelta(days=10)]})
    table = link_survival(
        write(tmp_path / "l", checks), since="published", links=links, papers=papers
    )
    assert table.attrs == {}
    getattr(table, f"to_{how}")(tmp_path / "t")
    again = getattr(pd, f"read_{how}")(tmp_path / "t").drop(columns="Unnamed: 0", errors="ignore")
    first, second = plots.plot_survival(table), plots.plot_survival(again)
    assert first.get_xlabel() == second.get_xlabel() == "days since publication"
    text = plots.text_summary(first)
    assert text == plots.text_summary(second)
    assert "All groups of the log together differ (p" in text


def test_nothing_to_say(tmp_path) -> None:
    log = write(tmp_path / "l", [("a", 0, None)])
    with pytest.raises(DataError, match="the log holds no check that found a link alive or dead"):
        link_survival(log)
    with pytest.raises(DataError, match="not a confidence: found 95"):
        link_survival(log, confidence=95)


HISTORY = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "b1", "b2", "b3"]),
        st.integers(0, 50),
        st.sampled_from([True, True, False, None]),
    ),
    min_size=1,
    max_size=30,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(checks=HISTORY)
def test_always(checks, tmp_path_factory) -> None:
    log = write(tmp_path_factory.mktemp("l") / "l", sorted(checks, key=lambda c: c[1]))
    try:
        table = link_survival(log, min_links=1, resamples=5)
    except DataError:
        return
    assert (table["low"] <= table["survival"] + 1e-12).all()
    assert (table["survival"] <= table["high"] + 1e-12).all()
    assert table[["low", "survival", "high"]].stack().between(0, 1).all()
    for _, curve in table.groupby("group"):
        assert curve["time"].is_monotonic_increasing
        assert curve["survival"].is_monotonic_decreasing
        assert curve["at_risk"].is_monotonic_decreasing
        assert curve["survival"].iloc[0] == 1


def test_archive_now(tmp_path) -> None:
    hub = "https://github.com/lantern/"
    rows = [
        {"url": hub + "kept", "resolves": True, "archived": True},
        {"url": hub + "dead", "resolves": False, "archived": False},
        {"url": hub + "empty", "resolves": True, "archived": False, "empty": True},
        {"url": hub + "new", "resolves": True, "archived": False, "last_push": DAY},
        {
            "url": hub + "old/tree/main",
            "resolves": True,
            "archived": False,
            "last_push": DAY - pd.Timedelta(days=99),
        },
        {"url": hub + "was", "moved_to": hub + "new", "resolves": True, "archived": False},
        {"url": hub + "saved", "resolves": True, "archived": False},
        {"url": hub + "saved", "resolves": True, "archived": True},
        {"url": "https://page.example", "resolves": True},
    ]
    with LinkLog(tmp_path / "l") as opened:
        opened.append(rows)
    table = archive_now(tmp_path / "l")
    assert table["url"].tolist() == [hub + "old", hub + "new"]
    assert table.loc[0, "save_request"] == (
        "https://archive.softwareheritage.org/api/1/origin/save/git/url/"
        "https://github.com/lantern/old/"
    )


def test_archive_now_with_nothing_to_save(tmp_path) -> None:
    log = write(tmp_path / "l", [("https://github.com/lantern/oak", 0, True)])
    table = archive_now(log)
    assert len(table) == 0 and table["save_request"].dtype == "string"


def test_plot(nine, tmp_path) -> None:
    ax = plots.plot_survival(link_survival(nine))
    assert ax.get_xlabel() == "days since the first check"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a.org (9)"]
    known, between = ax.get_lines()[:2]
    assert np.nanmin(known.get_ydata()) == pytest.approx(44.4, abs=0.1)
    # Corners of the first fall: 100 % up to day 0, then a gap to 67 % on day 30.
    assert known.get_xydata()[4:8, 0].tolist() == [0, 0, 30, 30]
    assert np.isnan(known.get_ydata()[5:7]).all() and between.get_linestyle() == ":"
    summary = plots.text_summary(ax)
    assert "a.org: 44 % alive after 120 days (" in summary
    with pytest.raises(DataError, match="not a table of link_survival"):
        plots.plot_survival(pd.DataFrame({"x": [1]}))
    with pytest.raises(DataError, match="nothing to draw"):
        plots.plot_survival(link_survival(nine)[:0])


@pytest.mark.parametrize("wrong", [pd.DataFrame({"url": ["a"]}), 3, None])
def test_a_log_is_named_by_its_path(wrong) -> None:
    expected = rf"not the path of a log.*found '{type(wrong).__name__}'.*check_links\(links, log=…"
    for read in (link_survival, archive_now):
        with pytest.raises(DataError, match=expected):
            read(wrong)
