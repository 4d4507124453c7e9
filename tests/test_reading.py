"""pick_reading, since_last_meeting and agenda on small collections whose answer is known."""

from __future__ import annotations

import html
import re
from contextlib import nullcontext
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.linkcheck import LinkLog
from toolkit.papers.schema import make_papers
from toolkit.reading import agenda, pick_reading, since_last_meeting
from toolkit.reading.agenda_page import by_line
from toolkit.reading.questions import PaperTerms

DAY = pd.Timestamp("2025-06-30")


def model(papers: pd.DataFrame, topic: list[int], confidence: float = 0.9) -> SimpleNamespace:
    sizes = pd.Series(topic).value_counts().sort_index()
    return SimpleNamespace(
        papers=pd.DataFrame(
            {"paper_id": papers["paper_id"], "topic": topic, "confidence": confidence}
        ),
        topics=pd.DataFrame(
            {"topic": sizes.index, "label": [f"T{t}" for t in sizes.index], "size": sizes.values}
        ),
    )


def paper(number: int, *, days: int = 0, votes: int | None = None, said: str = "") -> dict:
    return {
        "title": f"Lantern study number {number}",
        "abstract": f"We light lantern {number}. {said}",
        "published": (DAY - pd.Timedelta(days=days)).strftime("%Y-%m-%d"),
        "upvotes": votes,
        "url": f"https://papers.example/{number}",
    }


@pytest.fixture
def six() -> pd.DataFrame:
    code = "Code is available at https://github.com/lantern/oak{}."
    return make_papers(
        [
            paper(0, votes=1, said=code.format(0)),
            paper(1, votes=9),
            paper(2, days=180, votes=5, said="We release our code."),
            paper(3, days=360, votes=3, said="Code will be released."),
            paper(4, days=0, votes=2),
            paper(5, days=720, votes=7, said=code.format(5)),
        ],
        source="test",
    )


def test_scores_by_hand(six) -> None:
    picks = pick_reading(six, model(six, [0] * 6), n=6)
    scores = picks.set_index("title")["score"]
    ranks = {0: 1 / 6, 1: 1.0, 2: 4 / 6, 3: 3 / 6, 4: 2 / 6, 5: 5 / 6}
    recent = {0: 1, 1: 1, 2: 0.5, 3: 0.25, 4: 1, 5: 0.0625}
    code = {0: 0.8, 1: 0, 2: 0.4, 3: 0.2, 4: 0, 5: 0.8}
    for number in range(6):
        expected = ranks[number] + recent[number] + code[number]
        assert scores[f"Lantern study number {number}"] == pytest.approx(expected), number
    assert scores.is_monotonic_decreasing


def test_topics_take_turns(six) -> None:
    topics = model(six, [0, 0, 0, 1, 1, 2])
    picks = pick_reading(six, topics, n=4)
    assert sorted(picks["topic"][:3]) == [0, 1, 2] and picks["topic"][3] == 0
    again = pick_reading(six, topics, n=3, read=picks["paper_id"])
    assert not set(again["paper_id"]) & set(picks["paper_id"])
    assert again["topic"].tolist() == [1, 0], "the one read least is next; fewer left than asked"
    assert again["reason"][0].startswith("T1: 1 read so far")


def test_outliers_come_last(six) -> None:
    picks = pick_reading(six, model(six, [-1, -1, 0, 0, 0, 0]), n=6)
    assert picks["topic"].tolist() == [0, 0, 0, 0, -1, -1]
    assert picks["reason"].iloc[-1].startswith("fits no topic")


def test_reasons_name_what_decided(six) -> None:
    picks = pick_reading(six, model(six, [0] * 6), n=6).set_index("title")["reason"]
    assert picks["Lantern study number 0"] == "T0: not read yet; links its code; among the newest"
    assert picks["Lantern study number 1"] == (
        "T0: not read yet; 9 upvotes (more than 83% of the papers); among the newest"
    )
    assert "says its code is out" in picks["Lantern study number 2"]
    assert "promises code; 360 days older than the newest" in picks["Lantern study number 3"]


def test_checks_change_what_a_link_is_worth(six) -> None:
    checks = pd.DataFrame(
        {
            "url": ["https://github.com/lantern/oak0", "https://github.com/lantern/oak5"],
            "resolves": pd.array([False, True], dtype="boolean"),
        }
    )
    picks = pick_reading(
        six, model(six, [0] * 6), n=6, checks=checks, recency=0, upvotes=0
    ).set_index("title")
    assert picks.loc["Lantern study number 5", "score"] == 1.0
    assert picks.loc["Lantern study number 0", "score"] == 0.0
    assert "its link is dead" in picks.loc["Lantern study number 0", "reason"]
    assert "checked and works" in picks.loc["Lantern study number 5", "reason"]


def test_seed_decides_between_equals_and_arguments_stay(six) -> None:
    topics, before = model(six, [0] * 6), six.copy()
    more = {"n": 6, "code": 0, "recency": 0, "upvotes": 0}
    orders = {tuple(pick_reading(six, topics, seed=s, **more)["paper_id"]) for s in range(5)}
    assert len(orders) > 1
    one, two = (pick_reading(six, topics, seed=3, **more) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(six, before)


def test_what_was_read_may_be_a_table_of_ids(six) -> None:
    topics = model(six, [0] * 6)
    before = pick_reading(six, topics, n=4)
    rest = pick_reading(six, topics, n=4, read=before)
    assert set(rest["paper_id"]) == set(six["paper_id"]) - set(before["paper_id"])
    pd.testing.assert_frame_equal(rest, pick_reading(six, topics, n=4, read=before["paper_id"]))
    # Ids of an earlier collection beside those of this one are as they should be.
    some = ["gone:1", *before["paper_id"]]
    pd.testing.assert_frame_equal(rest, pick_reading(six, topics, n=4, read=some))
    with pytest.warns(UserWarning, match="2 of 2 ids in read= are not in this collection"):
        assert len(pick_reading(six, topics, n=6, read=["gone:1", "gone:2"])) == 6


@pytest.mark.parametrize("read", ["arxiv:2401.00001", None, 3, pd.DataFrame({"title": ["A"]})])
def test_what_is_no_list_of_ids_is_refused(six, read) -> None:
    with pytest.raises(DataError, match=r"argument 'read': not a list of papers.*a list of ids"):
        pick_reading(six, model(six, [0] * 6), read=read)


def test_titles_are_no_ids(six) -> None:
    with pytest.raises(DataError, match=r"'read': a title, not an id: found.*number 1.*paper_id"):
        pick_reading(six, model(six, [0] * 6), read=[six["paper_id"][0], six["title"][1]])


def test_when_all_is_read_it_is_said(six, tmp_path) -> None:
    with pytest.warns(UserWarning, match="all 6 papers of this collection are read"):
        picks = pick_reading(six, model(six, [0] * 6), read=six)
    assert picks.empty
    with pytest.warns(UserWarning, match="picks is empty"):
        page = agenda(picks, tmp_path / "a.md", papers=six)
    assert page.read_text(encoding="utf-8").startswith("# Reading group")


def test_dates_are_written_as_finely_as_known() -> None:
    said = ["2024", "2024-03", "2023", "2023-12-31", None]
    papers = make_papers(
        [
            {"title": f"Study {n}", "published": date, "abstract": "Trees grow."}
            for n, date in enumerate(said)
        ],
        source="t",
    )
    papers["listed"] = pd.Series([pd.NaT, pd.NaT, "2023-02-03", None, None], dtype="datetime64[us]")
    topics = model(papers, [0] * 5)
    picks = pick_reading(papers, topics, n=5).set_index("title")["reason"].sort_index()
    # The newest is of 2024-03: days before it cannot be counted.
    assert picks.str.split("; ").str[1:].tolist() == [
        ["dated 2024"],
        ["dated 2024-03"],
        ["dated 2023"],
        ["dated 2023-12-31"],
        [],
    ]
    news = since_last_meeting(papers, topics, since="2023-12-31")["detail"].tolist()
    # What is of 2023 may be of its last day.
    assert news == [
        "Study 0 (2024)", "Study 1 (2024-03)", "Study 2 (2023)", "Study 3 (2023-12-31)"
    ]  # fmt: skip
    news = since_last_meeting(papers, topics, since="2024-04-01")["detail"].tolist()
    assert news == ["Study 0 (2024)"]
    papers.loc[4, "listed"] = pd.Timestamp("2024-03-02")
    picks = pick_reading(papers, topics, n=5).set_index("title")["reason"]
    assert picks["Study 3"].endswith("62 days older than the newest")
    assert picks["Study 4"].endswith("among the newest")
    assert picks["Study 1"].endswith("dated 2024-03")


@settings(max_examples=8, deadline=None)
@given(
    topic=st.lists(st.integers(-1, 4), min_size=6, max_size=6),
    n=st.integers(1, 9),
    read=st.sets(st.integers(0, 5)),
)
def test_always(topic, n, read) -> None:
    six = make_papers([paper(i, votes=i) for i in range(6)], source="t")
    ids = six["paper_id"].tolist()
    told = pytest.warns(UserWarning, match="all 6 papers") if len(read) == 6 else nullcontext()
    with told:
        picks = pick_reading(six, model(six, topic), n=n, read=[ids[i] for i in read])
    assert len(picks) == min(n, 6 - len(read)) and picks["paper_id"].is_unique
    assert not set(picks["paper_id"]) & {ids[i] for i in read}
    if not read and n <= len({t for t in topic if t >= 0}):
        assert picks["topic"].is_unique, "no topic twice before all had their turn"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"n": 0}, "argument 'n': not a count: found 0, expected 1 or more"),
        ({"code": -1}, "argument 'code': not a weight: found -1, expected 0 or more"),
        ({"half_life": "soon"}, "argument 'half_life': not a duration: found 'soon'"),
        ({"half_life": "0D"}, "argument 'half_life': not a duration: found '0D'"),
    ],
)
def test_impossible_wishes(six, wish, message) -> None:
    with pytest.raises(DataError, match=message):
        pick_reading(six, model(six, [0] * 6), **wish)
    with pytest.raises(DataError, match="row 6: a paper is not in the topics"):
        pick_reading(six, model(six[:5], [0] * 5))


def test_since_last_meeting(tmp_path) -> None:
    old = [paper(i, days=100) for i in range(90)]
    new = [paper(100 + i, days=1) for i in range(10)]
    new[0]["abstract"] += "Code is available at https://github.com/lantern/oak."
    papers = make_papers(old + new, source="t")
    # Before: 81 of topic 0, 9 of topic 1. Since: 1 of 0, 6 of 1, 3 of 2.
    topics = model(papers, [0] * 81 + [1] * 9 + [0] + [1] * 6 + [2] * 3)
    url, log = "https://github.com/lantern/oak", tmp_path / "log.sqlite"
    other = "https://x.example/"
    with LinkLog(log) as opened:
        for day, alive in ((60, True), (0, False)):
            when = DAY - pd.Timedelta(days=day)
            opened.append(
                [
                    {"url": url, "resolves": alive, "checked_at": when, "why": "not found"},
                    {"url": other, "resolves": False, "checked_at": when, "why": "not found"},
                ]
            )
    news = since_last_meeting(papers, topics, since="2025-06-01", log=log)
    assert news["what"].value_counts().to_dict() == {
        "new paper": 10,
        "new topic": 1,
        "grown topic": 1,
        "link gone": 1,
    }
    details = news.set_index("what")["detail"]
    assert details["new topic"] == "T2: 3 papers, none before"
    assert details["grown topic"] == "T1: 6 of 10 new papers (60.0%), before 9 of 90 (10.0%)"
    assert details["link gone"] == f"{url}: not found; last seen alive 2025-05-01"
    assert news.set_index("what").loc["link gone", "paper_id"] == papers["paper_id"][90]
    with pytest.warns(
        UserWarning, match="is dated 2026-01-01 or later: the newest is dated 2025-06-29"
    ):
        assert since_last_meeting(papers, topics, since="2026-01-01").shape == (0, 5)
    pd.testing.assert_frame_equal(
        since_last_meeting(papers, topics, since="2025-06", log=log), news, check_like=True
    )
    for bad in ("yesterweek", "03.04.2024", "2025", "2025-13", "2025-02-30", "06/01/2025"):
        with pytest.raises(
            DataError, match=f"argument 'since': not a date: found '{bad}', expected"
        ):
            since_last_meeting(papers, topics, since=bad)
    with pytest.raises(DataError, match="no paper has a date"):
        since_last_meeting(
            papers.drop(columns="published").assign(listed=pd.NaT), topics, since="2025-01"
        )


def test_links_that_changed_are_told_once(tmp_path) -> None:
    papers = make_papers([paper(0, said="Code is at https://github.com/lantern/oak.")], source="t")
    states = {
        "back": ("gone", "alive", "alive"),
        "filled": ("alive", "empty", "alive"),
        "still-dead": ("alive", "gone", "gone"),
        "still-empty": ("coming soon", "coming soon", "coming soon"),
        "first-seen": (None, None, "gone"),
        "within": (None, "alive", "gone"),
    }
    with LinkLog(tmp_path / "log.sqlite") as log:
        for at, day in enumerate((60, 20, 0)):
            log.append(
                {
                    "url": f"https://x.example/{name}",
                    "state": given[at],
                    "resolves": given[at] not in ("gone", "login"),
                    "checked_at": DAY - pd.Timedelta(days=day),
                    "why": "not found" if given[at] == "gone" else None,
                }
                for name, given in states.items()
                if given[at] is not None
            )

    def told(since: str) -> dict[str, str]:
        with pytest.warns(UserWarning, match="no paper is dated"):
            news = since_last_meeting(
                papers, model(papers, [0]), since=since, log=tmp_path / "log.sqlite"
            )
        return dict(zip(news["url"].str.rsplit("/").str[-1], news["what"]))

    papers["published"] = pd.Timestamp("2024-01-01")
    assert told("2025-06-15") == {"filled": "link filled", "within": "link gone"} | {}
    assert told("2025-06-01") == {"back": "link back"} | {"still-dead": "link gone"} | {
        "within": "link gone"
    }


def test_papers_that_an_update_added_are_new_by_the_day_they_came() -> None:
    papers = make_papers([paper(i, days=500) for i in range(4)], source="t")
    papers["arrived"] = pd.to_datetime([None, None, "2025-06-20", "2025-06-27"])
    topics = model(papers, [0] * 4)
    news = since_last_meeting(papers, topics, since="2025-06-25")
    assert news["paper_id"].tolist() == [papers["paper_id"][3]]
    assert since_last_meeting(papers, None, since="2025-06-01")["topic"].isna().all()
    with pytest.warns(UserWarning, match="no paper arrived on 2025-07-01 or later: the newest"):
        assert since_last_meeting(papers, topics, since="2025-07-01").empty


def test_new_papers_near_the_basket() -> None:
    names = "glaciers poems bees rockets violins tariffs enzymes castles".split()
    says = "melt,rhyme,dance,launch,sing,rise,fold,fall".split(",")
    subjects = [f"{name} {says[at]} in {names[at - 1]} of old" for at, name in enumerate(names)]
    rows = [
        {"title": f"Study {n}: {subjects[n % 8]}", "abstract": f"We see how {subjects[n % 8]}."}
        for n in range(66)
    ]
    papers = make_papers(rows, source="t")
    papers["arrived"] = pd.to_datetime([None] * 58 + ["2026-01-05"] * 8)
    basket = [papers["paper_id"][2], "arxiv:1234.56789"]
    news = since_last_meeting(papers, None, since="2026-01-05", basket=basket)
    near = news[news["what"] == "near the basket"]["detail"].tolist()
    assert len(near) <= 2 and near[0].startswith("Study 58: bees dance")
    assert near[0].partition(": near “")[2].startswith("Study 2: bees dance")
    only_other = since_last_meeting(papers, None, since="2026-01-05", basket=["arxiv:1234.56789"])
    assert set(only_other["what"]) == {"new paper"}


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)


def test_agenda_asks_by_what_is_known(six, tmp_path) -> None:
    checks = pd.DataFrame(
        {
            "url": [f"https://github.com/lantern/oak{i}" for i in (0, 5)],
            "resolves": pd.array([True, False], dtype="boolean"),
            "licence": pd.array(["mit", None], dtype="string"),
            "empty": pd.array([False, None], dtype="boolean"),
            "why": pd.array([None, "not found"], dtype="string"),
        }
    )
    topics = model(six, [0, 0, 0, 0, 0, -1], confidence=0.2)
    picks = pick_reading(six, topics, n=6, seed=1)
    news = since_last_meeting(six, topics, since="2025-06-30")
    file = agenda(
        picks, tmp_path / "a.md", papers=six, topics=topics, checks=checks, news=news, title="#1"
    )
    text = file.read_text(encoding="utf-8").replace("\\", "")
    assert "oak0 works, licence: mit. Which figure" in text
    assert "oak5 is dead (not found)." in text
    assert "Code was promised (“Code will be released.”). Is it there by now?" in text
    assert "says that the code is out, but not where" in text
    assert "does not mention code" in text
    assert "unsure that it belongs to “T0” (confidence 0.20)" in text
    assert "is in no topic" in text
    assert text.count("The most similar paper in the collection") == 6
    assert "**New papers: 3**" in text
    assert "June 2025" not in text and "2025-06-30 · presented by: ____" in text
    assert text.count("## ") == 8, "six papers, one question across them, the news"
    empty = checks.assign(empty=True, resolves=True)
    plain = agenda(picks, tmp_path / "b.md", checks=empty).read_text(encoding="utf-8")
    assert "only a README" in plain


def collection(*texts: str) -> pd.DataFrame:
    papers = [{"title": f"Study {n}", "abstract": text} for n, text in enumerate(texts)]
    return make_papers(papers, source="t")


def test_terms_that_tell_by_hand() -> None:
    papers = collection("Owls hunt voles.", "Owls hunt mice. Owls sleep.", "Bees dance.", "Ants.")
    words = PaperTerms(papers)
    one, two = papers["paper_id"][:2]
    # `study` stands in all four titles and `owls`, `hunt` in two of four: no more than two may.
    assert words.n_papers["owls"] == 2 and "study" not in words.counts(one)
    assert words.counts(two) == {"owls": 2, "hunt": 1, "mice": 1, "sleep": 1}
    # 2 ln(4/2) = 1.39 = 1 ln(4/1): equals stand by the alphabet; hunt, ln 2, is last.
    assert words.most_specific(words.counts(two), n=9) == ["mice", "owls", "sleep", "hunt"]
    assert words.most_specific(words.counts(one) & words.counts(two)) == ["hunt", "owls"]


def test_the_agenda_sets_papers_beside_each_other(tmp_path) -> None:
    papers = collection(
        "Owls hunt voles by ear in the dark.",
        "Owls hunt mice by ear in the dark.",
        "Bees dance in the sun.",
        "Ants carry leaves.",
    )
    text = agenda(papers.head(3), tmp_path / "a.md", papers=papers).read_text(encoding="utf-8")
    assert "only this one mentions “voles”; only the other mentions “mice”" in text
    assert "Of these papers, 1 and 2 are the most similar" in text
    alone = agenda(papers.head(1), tmp_path / "b.md").read_text(encoding="utf-8")
    assert "most similar" not in alone and "not mention code" in alone


def test_a_borrowed_term_is_found_where_it_is_at_home(tmp_path) -> None:
    # `radar` stands in one of 20 papers on owls and in 15 of 20 on rain; `feathers` in owls alone.
    owls = ["Owls fly on feathers."] * 19 + ["Owls by radar: radar counts feathers and feathers."]
    rain = ["Rain seen by radar."] * 15 + ["Rain felt by hand."] * 5
    papers = collection(*owls, *rain, *["Bread is baked."] * 80)
    topics = model(papers, [0] * 20 + [1] * 20 + [2] * 80)
    pick = papers.iloc[[19]]
    grown = pd.DataFrame({"what": ["grown topic"], "topic": [0], "detail": ["T0: 9 of 10"]})
    page = agenda(pick, tmp_path / "a.md", papers=papers, topics=topics, news=grown)
    text = page.read_text(encoding="utf-8")
    assert "“radar” is in 5% of the papers on “T0”, its topic, but in 75% of those on" in text
    assert "Its topic is growing (T0: 9 of 10)" in text


def test_many_new_papers_are_counted_by_topic(tmp_path) -> None:
    papers = collection(*[f"Text {n}" for n in range(13)])
    topics = model(papers, [0] * 6 + [1, 2, 3, 4, 5, 6, -1])
    news = pd.DataFrame({"what": "new paper", "topic": topics.papers["topic"], "detail": "x"})
    text = agenda(papers.head(1), tmp_path / "a.md", topics=topics, news=news).read_text(
        encoding="utf-8"
    )
    assert "**New papers: 13**" in text and "- T0: 6\n" in text and "- in 3 other topics: 3" in text
    plain = agenda(papers.head(1), tmp_path / "b.md", news=news).read_text(encoding="utf-8")
    assert "- … and 8 more" in plain


def test_who_and_when_as_finely_as_known() -> None:
    papers = make_papers(
        [
            {"title": "A", "authors": "Ash, A; Bell, B; Cole, C; Dorn, D", "published": "2024"},
            {"title": "B", "id": "2406.00001"},
            {"title": "C"},
        ],
        source="t",
    )
    papers["published_precision"] = pd.Categorical(["year", "month", None])
    by = [by_line(paper) for _, paper in papers.iterrows()]
    assert by[0].endswith("and others, 2024") and by[0].count(",") >= 3
    assert by[1:] == ["June 2024", ""]


def test_agenda_holds_no_markup_from_the_data(tmp_path) -> None:
    bad = "<img src=x onerror=alert(1)> [x](javascript:alert(1))"
    papers = make_papers(
        [{"title": bad, "url": "javascript:alert(1)", "published": "2025-01-01"}],
        source="t",
        clean=False,
    )
    with pytest.warns(UserWarning, match="1 of 1 papers have neither an abstract nor"):
        page = agenda(papers, tmp_path / "a.html", title=bad).read_text(encoding="utf-8")
    assert "Its abstract is not at hand. Does the paper say where its code is?" in page
    read = Text()
    read.feed(page)
    assert not {"img", "script", "a"} & set(read.tags)
    assert html.unescape(re.findall("<title>([^<]*)</title>", page)[0]) == bad
    with pytest.raises(DataError, match=r"unknown file type.*expected \.md or \.html"):
        agenda(papers, tmp_path / "a.pdf")


def test_public_names() -> None:
    assert toolkit.pick_reading is pick_reading and callable(toolkit.export)
