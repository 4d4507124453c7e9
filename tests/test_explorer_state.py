"""The explorer's state without any browser: filters, marks, views as text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.explorer.state import (
    CODES,
    FILTER_FIELDS,
    MISSING,
    Facets,
    View,
    day_number,
    fold,
    passes_filters,
    query_parts,
    search_words,
)
from toolkit.explorer.view_text import (
    fingerprint,
    marks_text,
    parse_marks,
    parse_view,
    view_from_dict,
    view_text,
    view_to_dict,
)

KINDS = ("code", "data", "demo")
HOSTS = ("a.org", "b.net")
N = 12


def planted() -> Facets:
    return Facets(
        topic=np.array([0, 0, 1, 1, 2, -1]),
        code=np.array(["linked", "none", "claimed", "linked", "promised", "none"]),
        kinds=[frozenset(k) for k in (["code"], [], ["data"], ["code", "data"], ["demo"], [])],
        hosts=[frozenset(k) for k in (["a.org"], [], ["b.net"], ["a.org", "b.net"], ["b.net"], [])],
        date=np.array([day_number(f"2025-0{month}-01") for month in (1, 2, 3, 4, 5)] + [MISSING]),
        upvotes=np.array([5, 0, MISSING, 7, 7, 1]),
        # The first is known to the year only, the fourth to the month.
        last=np.array(
            [day_number(f"2025-{day}") for day in ("12-31", "02-01", "03-01", "04-30", "05-01")]
            + [MISSING]
        ),
    )


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        (View(), [0, 1, 2, 3, 4, 5]),
        (View(topics=(0, -1)), [0, 1, 5]),
        (View(code=("linked", "promised")), [0, 3, 4]),
        (View(kinds=("code", "data")), [0, 2, 3]),
        (View(hosts=("b.net",)), [2, 3, 4]),
        (View(since="2025-03-01"), [0, 2, 3, 4]),
        (View(since="2025-04-30"), [0, 3, 4]),
        (View(since="2026-01-01"), []),
        (View(until="2025-02-28"), [0, 1]),
        (View(since="2025-02-01", until="2025-04-01"), [0, 1, 2, 3]),
        (View(since="2024-02-01", until="2024-12-31"), []),
        (View(upvotes=0), [0, 1, 3, 4, 5]),
        (View(upvotes=6), [3, 4]),
        (View(marks=(4, 0)), [0, 4]),
        (View(marks=()), []),
        (View(code=("linked",), marks=(3, 5), kinds=("data",)), [3]),
    ],
)
def test_each_filter_by_hand(view, rows):
    assert np.flatnonzero(passes_filters(view, planted())).tolist() == rows


def test_a_search_narrows_only_while_there_are_words():
    found = np.array([True, False, True, False, False, False])
    assert np.flatnonzero(passes_filters(View(words="x"), planted(), found=found)).tolist() == [
        0,
        2,
    ]
    assert passes_filters(View(words="  "), planted(), found=found).all()


facets = st.builds(
    lambda topic, code, kinds, hosts, date, upvotes: Facets(
        np.array(topic),
        np.array(code),
        kinds,
        hosts,
        np.array(date),
        np.array(upvotes),
        np.array(date),
    ),
    topic=st.lists(st.integers(-1, 3), min_size=N, max_size=N),
    code=st.lists(st.sampled_from(CODES), min_size=N, max_size=N),
    kinds=st.lists(st.frozensets(st.sampled_from(KINDS)), min_size=N, max_size=N),
    hosts=st.lists(st.frozensets(st.sampled_from(HOSTS)), min_size=N, max_size=N),
    date=st.lists(st.integers(20000, 20060) | st.just(MISSING), min_size=N, max_size=N),
    upvotes=st.lists(st.integers(0, 9) | st.just(MISSING), min_size=N, max_size=N),
)
dates = st.none() | st.dates().map(str)
views = st.builds(
    View,
    topics=st.lists(st.integers(-1, 3), unique=True).map(tuple),
    code=st.lists(st.sampled_from(CODES), unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(KINDS), unique=True).map(tuple),
    hosts=st.lists(st.sampled_from(HOSTS), unique=True).map(tuple),
    since=dates | st.just("2024-10-20"),
    until=dates | st.just("2024-11-10"),
    words=st.text(max_size=8),
    mode=st.sampled_from(["words", "meaning"]),
    upvotes=st.none() | st.integers(0, 9),
    marks=st.none() | st.sets(st.integers(0, N - 1)).map(lambda rows: tuple(sorted(rows))),
    open=st.none() | st.integers(0, N - 1),
    camera=st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(1, 64)).map(
        lambda three: tuple(value / 4 for value in three)
    ),
    colour=st.sampled_from(["topic", "date", "column my own"]),
    sort=st.sampled_from(["date", "title"]),
    down=st.booleans(),
)


@settings(max_examples=60)
@given(facets=facets, view=views, order=st.permutations(FILTER_FIELDS))
def test_filters_commute(facets, view, order):
    """Narrowing the table filter by filter, in any order, leaves what all at once leave."""
    plain = View()
    rows = np.arange(N)
    for name in order:
        if name in ("words", "mode"):
            continue
        single = replace(plain, **{name: getattr(view, name)})
        if name == "marks" and view.marks is not None:
            place = {int(row): i for i, row in enumerate(rows)}
            single = replace(plain, marks=tuple(place[r] for r in view.marks if r in place))
        rows = rows[passes_filters(single, facets.take(rows))]
    at_once = np.flatnonzero(passes_filters(replace(view, words=""), facets))
    assert rows.tolist() == at_once.tolist()


@settings(max_examples=60)
@given(facets=facets, view=views)
def test_a_filter_taken_away_never_hides_a_paper(facets, view):
    found = np.arange(N) % 2 == 0
    narrow = passes_filters(view, facets, found=found)
    for name in FILTER_FIELDS:
        wide = replace(view, **{name: getattr(View(), name)})
        assert (passes_filters(wide, facets, found=found) >= narrow).all()
    assert passes_filters(view.without_filters(), facets, found=found).all()


IDS = [f"arxiv:2401.{i:05d}" for i in range(N)]
TOPIC = np.arange(N) % 4


@given(view=views)
def test_a_view_survives_its_text(view):
    restored, dropped = parse_view(view_text(view, IDS, TOPIC), IDS, TOPIC)
    assert dropped == []
    assert restored == view


@given(view=views)
def test_a_view_survives_the_wire(view):
    assert view_from_dict(view_to_dict(view, N), N) == view


@given(rows=st.none() | st.sets(st.integers(0, 699)), n=st.just(700))
def test_marks_survive_their_text(rows, n):
    text = marks_text(None if rows is None else sorted(rows), n)
    assert parse_marks(text, n) == (None if rows is None else tuple(sorted(rows)))
    if text is not None:
        assert len(text) <= 2 + n / 8 * 4 / 3 + 1


def test_a_plain_view_is_no_text_and_a_short_one_stays_readable():
    assert view_text(View(), IDS, TOPIC) == ""
    view = View(code=("linked",), since="2025-01-01", words='"state of" art')
    assert view_text(view, IDS, TOPIC) == "code=linked&since=2025-01-01&words=%22state+of%22+art"
    few = view_text(View(marks=tuple(range(100, 110))), [str(i) for i in range(77_000)], TOPIC)
    assert len(few) < 60


def test_what_belongs_to_other_papers_or_topics_is_dropped_and_named():
    view = View(topics=(1,), marks=(2, 3), open=5, code=("none",))
    text = view_text(view, IDS, TOPIC)
    restored, dropped = parse_view(text, IDS[:4], TOPIC[:4] + 1)
    assert restored == View(code=("none",))
    assert len(dropped) == 3
    assert "arxiv:2401.00005" in dropped[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code=everything", "column 'code'.*found 'everything'.*linked, claimed"),
        ("since=2025-13-01", "column 'since'.*found '2025-13-01', expected YYYY-MM-DD"),
        ("topics=1.x", "column 'topics'.*dots between"),
        ("upvotes=-3", "column 'upvotes'.*whole number"),
        ("mode=magic", "words or meaning"),
        ("at=1,2", "three numbers"),
        ("at=0,0,0", "zoom above 0"),
        ("at=nan,0,1", "finite"),
        ("color=topic", "column 'color'.*one of the fields.*colour"),
        ("\x00\x01", "a text like"),
        ("just words", "a text like"),
    ],
)
def test_a_view_that_cannot_be_read_says_where(text, message):
    with pytest.raises(DataError, match=message):
        parse_view(text, IDS, TOPIC)


@pytest.mark.parametrize("marks", ["", "x", "g%%%", "<script>", "g€"])
def test_marks_that_cannot_be_read(marks):
    with pytest.raises(DataError, match="marks as the explorer writes them"):
        parse_marks(marks, 10)


def test_marks_beyond_the_papers():
    with pytest.raises(DataError, match="names row 7"):
        parse_marks(marks_text([6], 100), 5)


@given(st.text())
def test_any_text_is_a_view_or_a_data_error(text):
    try:
        view, _ = parse_view(text, IDS, TOPIC)
    except DataError:
        return
    assert isinstance(view, View)


def test_folding_and_queries_by_hand():
    assert fold("Schrödinger ÉTUDE") == "schrodinger etude"
    assert query_parts('Étude "two  words" -no -"not so" " "') == [
        ("etude", True), ("two  words", True), ("no", False), ("not so", False),
    ]  # fmt: skip
    texts = ["a graph of things", "graphs and images", "images"]
    assert search_words(texts, "graph -images").tolist() == [True, False, False]
    assert search_words(texts, '"graph of"').tolist() == [True, False, False]
    assert search_words(texts, "").tolist() == [True, True, True]


def test_fingerprints_tell_orders_apart():
    assert fingerprint(IDS) != fingerprint(IDS[::-1])
    assert len(fingerprint(IDS)) == 6
