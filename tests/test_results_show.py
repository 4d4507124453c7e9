# ruff: noqa: E501
"""Tables as readers see them: rounded by meaning, in reading order, safe, unchanged."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[dict[str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.links += [found] if tag == "a" else []
        assert not [name for name in found if name.startswith("on")], found

    def handle_data(self, data) -> None:
        self.words.append(data)


def cells(table, **options) -> dict[str, list[str]]:
    return {column.name: column.cells for column in toolkit.show(table, **options).columns}


def test_rates_by_hand() -> None:
    rates = pd.DataFrame(
        {
            "group": ["Oaks", "Elms"], "n": [40, 1200], "linked": [5, 600], "claimed": 0,
            "promised": 0, "share": [0.125, 0.5], "low": [0.0546, 0.4717], "high": [0.2611, 0.5283],
            "by": "venue", "what": "code", "confidence": 0.95, "basis": "abstracts", "all_n": 1240,
        }
    )  # fmt: skip
    shown = toolkit.show(rates)
    assert {column.name: column.cells for column in shown.columns} == {
        "venue": ["Oaks", "Elms"],
        "n": ["40", "1,200"],
        "linked": ["5", "600"],
        "claimed": ["0", "0"],
        "promised": ["0", "0"],
        "share (95 % interval)": ["12 % (5–26)", "50.0 % (47.2–52.8)"],
    }
    assert shown.notes == ["what: code · basis: abstracts"]
    assert cells(rates.assign(confidence=0.8))["share (80 % interval)"], "the level is told"
    assert cells(rates, columns=["low"]) == {"low": ["0.0546", "0.472"]}


@pytest.mark.parametrize(
    ("name", "values", "texts"),
    [
        ("q", [0.35, 0.0123, 0.00099, np.nan, 1.0], ["0.35", "0.012", "< 0.001", "–", "1"]),
        ("p", [0.05, 0.001, 0.0, None, 0.5], ["0.05", "0.001", "< 0.001", "–", "0.5"]),
        ("share", [0.0, 0.001, 1.0, None, 0.5], ["0 %", "0.1 %", "100 %", "–", "50.0 %"]),
        ("difference", [-0.057, 0.0, 0.1, None, 1], ["−5.7 points", "+0.0 points", "+10.0 points", "–", "+100.0 points"]),
        ("ratio", [2.345, 0.001, np.inf, None, 1.02], ["2.3", "under 0.01", "over 100", "–", "1.02"]),
        ("size", [1234567, 0, 3, None, 5], ["1,234,567", "0", "3", "–", "5"]),
        ("topic", [-1, 0, 2024, 3, 4], ["-1", "0", "2024", "3", "4"]),
        ("odd", [0.123456, 12.0, -1234.5, np.inf, None], ["0.123", "12", "−1,234", "∞", "–"]),
        ("alive", [True, False, None, True, True], ["yes", "no", "–", "yes", "yes"]),
        ("terms", [["a_b", "c"], [], ["x"] * 9, "as it is", None],
         ["a b, c", "", ", ".join(["x"] * 8), "as it is", "–"]),
        ("when", [pd.Timestamp("2024-05-01"), None, None, None, None], ["2024-05-01", "–", "–", "–", "–"]),
        ("seen", [pd.Timestamp("2024-05-01 12:30"), None, None, None, None], ["2024-05-01 12:30", "–", "–", "–", "–"]),
        ("raw", [b"\x00\x01", None, None, None, None], ["2 bytes", "–", "–", "–", "–"]),
    ],
)  # fmt: skip
def test_values(name, values, texts) -> None:
    dtype = "boolean" if name == "alive" else "Int64" if name == "size" else None
    table = pd.DataFrame({"a": range(5), name: pd.Series(values, dtype=dtype)})
    assert cells(table)[name] == texts


def test_intervals_of_all_kinds() -> None:
    table = pd.DataFrame(
        {
            "group": ["a"], "n": [100], "share": [0.2], "rest": [0.3], "difference": [-0.1],
            "low": [-0.2], "high": [0.05],
        }
    )  # fmt: skip
    assert cells(table)["difference (95 % interval)"] == ["−10.0 points (−20.0 to +5.0)"]
    card = pd.DataFrame(
        {"survival": [0.84], "survival_low": [0.78], "survival_high": [0.9], "x": 1}
    )
    assert cells(card)["survival (95 % interval)"] == ["0.84 (0.78–0.90)"]
    links = pd.DataFrame(
        {"group": ["a"], "links": [200], "survival": [0.98], "low": [0.914], "high": [1.0]}
    )
    assert cells(links)["survival (95 % interval)"] == ["98 % (91–100)"], "percent, as the value"
    days = pd.to_datetime(["2024-04-01"])
    peak = pd.DataFrame({"peak": days, "peak_low": days, "peak_high": days, "freq": "Q", "x": 1})
    assert cells(peak)["peak (95 % interval)"] == ["2024-04-01 (2024 Q2–2024 Q2)"]
    gone = pd.DataFrame({"share": [0.2, None], "low": [None, None], "high": [0.3, None], "x": 1})
    assert cells(gone)["share (95 % interval)"] == ["20.0 %", "–"], "no interval without both ends"


def papers(*rows, **columns) -> pd.DataFrame:
    return make_papers(list(rows), source="mine").assign(**columns)


def test_papers_in_reading_order_with_whole_titles_and_dates_as_known() -> None:
    long = "On the counting of flowers by bees " * 8
    table = papers(
        {"title": long, "published": "2024", "authors": "A; B; C; D; E", "venue": "Apis",
         "url": "https://a.org/1", "abstract": "x"},
        {"title": "Wax", "published": "2024-03", "authors": "A; B; C; D"},
        score=[0.5, 0.25],
    )  # fmt: skip
    found = cells(table)
    assert list(found) == ["title", "authors", "published", "venue", "score"]
    assert found["title"] == [long.strip(), "Wax"]
    assert found["authors"] == ["A; B; C and 2 more", "A; B; C; D"]
    assert found["published"] == ["2024", "2024-03"]
    page = Page(toolkit.show(table)._repr_html_())
    assert [link["href"] for link in page.links] == ["https://a.org/1"]
    assert page.links[0]["rel"] == "noopener noreferrer"
    assert long.strip() in page.words
    assert "x" not in found.get("abstract", [])
    assert list(cells(table, columns=["doi", "title"])) == ["doi", "title"]


HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(1)> $x$ &amp; \x00\u202ey"


def test_hostile_text_is_text() -> None:
    table = papers(
        {"title": HOSTILE, "url": "javascript:alert(1)", "venue": HOSTILE},
        {"title": "B", "url": 'https://a.org/"onmouseover="x'},
        **{HOSTILE: ["http://ok.org/a", "javascript:alert(1)"]},
    )
    text = toolkit.show(table, caption=HOSTILE)._repr_html_()
    page = Page(text)
    assert not {"script", "img"} & set(page.tags) and "\u202e" not in text and "\x00" not in text
    addresses = [link["href"] for link in page.links]
    assert addresses == ["http://ok.org/a", 'https://a.org/"onmouseover="x']
    assert "tex2jax_ignore mathjax_ignore" in text, "dollars are no mathematics"
    assert "$x$" in "".join(page.words)


def test_html_is_a_table_that_screen_readers_can_follow() -> None:
    text = toolkit.show(pd.DataFrame({"a": [1], "b": ["x"]}), caption="Two columns")._repr_html_()
    assert "<caption>Two columns</caption>" in text and text.count('<th scope="col"') == 2
    assert 'tabindex="0" role="region" aria-label="Two columns"' in text
    assert not re.search(r"#[0-9a-f]{3,6}\b|: (?:white|black)\b", text), "colours of the page"


def test_text_of_a_terminal() -> None:
    table = pd.DataFrame({"name": ["x", "y" * 99], "size": [5, 12345], "z": [None, None]})
    assert repr(toolkit.show(table, caption="All")).splitlines() == [
        "All",
        "name" + " " * 58 + "  size",
        "x".ljust(60) + "  " + "5".rjust(6),
        "y" * 59 + "…" + "  12,345",
    ]
    assert repr(toolkit.show(table, n=1)).endswith("\n1 of 2 rows")
    assert repr(toolkit.show(table.head(0))).endswith("no rows")


def test_the_table_stays_as_it_is() -> None:
    table = toolkit.load_sample("trending-page")
    before = copy.deepcopy(table)
    shown = toolkit.show(table)
    pd.testing.assert_frame_equal(table, before)
    assert len(shown.columns[0].cells) == 10 and shown.notes == ["10 of 31 rows"]
    assert len(toolkit.show(table, n=None).columns[0].cells) == 31


def test_wrong_arguments() -> None:
    table = pd.DataFrame({"title": ["a"]})
    with pytest.raises(DataError, match="Did you mean 'title'"):
        toolkit.show(table, columns=["titel"])
    with pytest.raises(DataError, match=r"expected \['title'\]"):
        toolkit.show(table, columns="title")
    with pytest.raises(DataError, match="not a table: found 'int', expected a DataFrame"):
        toolkit.show(3)
    with pytest.raises(DataError, match="n"):
        toolkit.show(table, n=0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["share", "low", "high", "q", "n", "title", "url", "published", "words",
                             "period", "terms", "by", "group", "confidence", "own", "peak", "size"]),
            st.sampled_from([None, 0, 1, -1, 0.5, 1e300, float("inf"), "x", "", b"x", True, pd.NA,
                             pd.Timestamp("2024"), ["a", None], {"a": 1}, "https://a.b/c"]),
        ),
        max_size=9,
    )
)  # fmt: skip
def test_any_table_is_shown(pairs) -> None:
    table = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in pairs})
    shown = toolkit.show(table)
    repr(shown)
    page = Page(shown._repr_html_())
    assert page.tags.count("table") == 1 and page.tags.count("th") == len(shown.columns)


def test_what_exports_say_beside_a_paper_is_not_shown_unless_asked() -> None:
    rows = [{"title": "A", "published": "2024-03-05"}]
    papers = make_papers(rows, source="invented").assign(issn="1234-5678", note="read me")
    shown = str(toolkit.show(papers))
    assert "read me" in shown and "1234-5678" not in shown
    assert "1234-5678" in str(toolkit.show(papers[["title", "issn"]]))
    assert "1234-5678" in str(toolkit.show(papers, columns=["title", "issn"]))


def test_what_scopus_says_beside_a_paper_is_not_shown():
    table = make_papers([{"title": "Bees", "published": "2024"}], source="scopus").assign(
        **{
            "Author(s) ID": "1; 2",
            "Art. No.": "7",
            "Source": "Scopus",
            "Page count": 3,
            "Mine": "a",
        }
    )
    assert list(cells(table)) == ["title", "published", "Mine"]
