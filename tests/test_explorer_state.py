"""The explorer's state without any browser: filters, marks, views as text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.explorer.state import (
    CODECS,
    CODES,
    FILTER_FIELDS,
    MISSING,
    RULES,
    Facet,
    Facets,
    View,
    day_number,
    passes_filters,
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
from toolkit.explorer.word_search import fold, query_parts, search_words

KINDS = ("code", "data", "demo")
HOSTS = ("a.org", "b.net")
AUTHORS = ("Ada Hing", "O'Neill; x", "a=b&c+d", "Ελένη")
N = 12


def planted() -> Facets:
    lists = {
        "code": [[c] for c in ("linked", "none", "claimed", "linked", "promised", "none")],
        "kinds": [["code"], [], ["data"], ["code", "data"], ["demo"], []],
        "hosts": [["a.org"], [], ["b.net"], ["a.org", "b.net"], ["b.net"], []],
        "authors": [["A B"], ["A B", "C D"], [], [], ["C D"], ["E; F"]],
    }
    return Facets(
        topic=np.array([0, 0, 1, 1, 2, -1]),
        date=np.array([day_number(f"2025-0{month}-01") for month in (1, 2, 3, 4, 5)] + [MISSING]),
        # The first is known to the year only, the fourth to the month.
        last=np.array(
            [day_number(f"2025-{day}") for day in ("12-31", "02-01", "03-01", "04-30", "05-01")]
            + [MISSING]
        ),
        lists={
            name: Facet.of(values, sorted({v for some in values for v in some}))
            for name, values in lists.items()
        },
        numbers={"upvotes": np.array([5, 0, MISSING, 7, 7, 1])},
    )


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        (View(), [0, 1, 2, 3, 4, 5]),
        (View(topics=(0, -1)), [0, 1, 5]),
        (View(code=("linked", "promised")), [0, 3, 4]),
        (View(kinds=("code", "data")), [0, 2, 3]),
        (View(hosts=("b.net",)), [2, 3, 4]),
        (View(authors=("C D", "E; F")), [1, 4, 5]),
        (View(authors=("not there",)), []),
        (View(venue=("a column that is not there",)), []),
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


def _facet(names):
    values = st.lists(st.sampled_from(names), unique=True)
    return st.lists(values, min_size=N, max_size=N).map(lambda lists: Facet.of(lists, names))


facets = st.builds(
    lambda topic, code, kinds, hosts, authors, date, upvotes: Facets(
        np.array(topic),
        np.array(date),
        np.array(date),
        {"code": code, "kinds": kinds, "hosts": hosts, "authors": authors},
        {"upvotes": np.array(upvotes)},
    ),
    topic=st.lists(st.integers(-1, 3), min_size=N, max_size=N),
    code=_facet(CODES),
    kinds=_facet(KINDS),
    hosts=_facet(HOSTS),
    authors=_facet(AUTHORS),
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
    authors=st.lists(st.sampled_from(AUTHORS), unique=True).map(tuple),
    year=st.lists(st.sampled_from(["2024", "2025"]), unique=True).map(tuple),
    since=dates | st.just("2024-10-20"),
    until=dates | st.just("2024-11-10"),
    words=st.text(max_size=8),
    mode=st.sampled_from(["words", "meaning"]),
    score=st.none() | st.integers(0, 100),
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
        if name in ("words", "mode", "score", "year"):
            continue
        single = replace(plain, **{name: getattr(view, name)})
        if name == "marks" and view.marks is not None:
            place = {int(row): i for i, row in enumerate(rows)}
            single = replace(plain, marks=tuple(place[r] for r in view.marks if r in place))
        rows = rows[passes_filters(single, facets.take(rows))]
    at_once = np.flatnonzero(passes_filters(replace(view, words="", year=()), facets))
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
    assert fold("Schrödinger ÉTUDE") == " schrodinger etude "
    assert fold("机器 learning_rate") == " 机 器 learning rate "
    assert query_parts('Étude "two  words" -no -"not so" " "') == [
        (" etude ", True), (" two words ", True), (" no ", False), (" not so ", False),
    ]  # fmt: skip
    texts = [fold(text) for text in ("a graph of things", "graphs and images", "images")]
    assert search_words(texts, "graph -images").tolist() == [True, False, False]
    assert search_words(texts, "graph").tolist() == [True, True, False]
    assert search_words(texts, "graph ").tolist() == [True, False, False]
    assert search_words(texts, "aph").tolist() == [False, False, False]
    assert search_words(texts, '"graph of"').tolist() == [True, False, False]
    assert search_words(texts, "").tolist() == [True, True, True]


@given(st.text())
def test_every_word_of_a_text_finds_it(text):
    folded = fold(text)
    assert folded == fold(folded)
    for word in folded.split():
        assert search_words([folded], f"{word} ").all()
        assert search_words([folded], word[: len(word) // 2 + 1]).all()


def test_every_field_has_a_rule_or_none_and_a_way_to_be_written():
    fields = set(View.__dataclass_fields__)
    assert set(CODECS) | {"down"} == fields
    assert {name for rule in RULES for name in rule.fields} == set(FILTER_FIELDS) < fields


def test_what_the_browser_is_told_of_these_rules_is_what_they_are():
    """`web/src/schema.ts` and the cases for its tests are made from these modules."""
    run = subprocess.run(
        [sys.executable, "scripts/explorer_schema.py", "--check"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stderr


def test_fingerprints_tell_orders_apart():
    assert fingerprint(IDS) != fingerprint(IDS[::-1])
    assert len(fingerprint(IDS)) == 6
