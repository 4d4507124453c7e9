"""The agenda of a meeting as a page: what to read, what to discuss, what is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.exports.escaping import markdown_link, markdown_text, render
from toolkit.files import write_atomically
from toolkit.papers.schema import check_papers
from toolkit.reading.questions import find_questions

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Kinds of change and their headings, in the order of the page.
_HEADINGS = {
    "new topic": "New topics",
    "grown topic": "Topics that grew",
    "rising term": "Terms that rise",
    "link gone": "Links that died",
    "link back": "Links that work again",
    "link filled": "Pages that were empty before",
    "near the basket": "Near the basket",
    "new paper": "New papers",
}
#: At most so many changes of a kind.
_MAX_LINES = 5


class _AgendaItem(NamedTuple):
    """One paper of the agenda."""

    title: str
    url: str | None
    by: str
    reason: str | None
    questions: list[str]


def agenda(
    picks: pd.DataFrame,
    path: str | Path,
    *,
    papers: pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    checks: pd.DataFrame | None = None,
    news: pd.DataFrame | None = None,
    title: str = "Reading group",
) -> Path:
    """Write a one-page agenda with questions to discuss; return its path.

    The questions come from the data alone.

    Parameters
    ----------
    picks : DataFrame
        From `pick_reading`, or any papers table.
    path : str or path-like
        A ``.md`` or ``.html`` file.
    papers : DataFrame, optional
        The whole collection: a question compares each pick with the most similar paper.
    topics : TopicModel, optional
        Questions ask where the model was unsure, and which terms a paper shares with another
        topic; new papers are counted by topic.
    checks : DataFrame, optional
        From `check_links`: questions ask about dead, empty and working links.
    news : DataFrame, optional
        From `since_last_meeting`: what is new.
    title : str
        The page's heading.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        The file has another ending, or `picks` is not a papers table.

    Warns
    -----
    UserWarning
        `picks` is empty.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> file = agenda(papers.head(2), getfixture("tmp_path") / "agenda.md", papers=papers)
    >>> file.read_text(encoding="utf-8").splitlines()[0]
    '# Reading group'
    """
    check_papers(picks)
    place = Path(path)
    if place.suffix.lower() not in (".md", ".html"):
        raise DataError("unknown file type", source=path, expected=".md or .html")
    if picks.empty:
        warn_user("picks is empty: the agenda has no papers to read")
    asked, across = find_questions(picks, papers=papers, topics=topics, checks=checks, news=news)
    items = [
        _AgendaItem(
            str(paper["title"]),
            _text(paper, "url"),
            by_line(paper),
            _text(paper, "reason"),
            questions,
        )
        for (_, paper), questions in zip(picks.iterrows(), asked)
    ]
    changes = _changes(news, topics) if news is not None else []
    write = _as_markdown if place.suffix.lower() == ".md" else _as_html
    write_atomically(place, write(title, items, across, changes))
    return place


def by_line(paper: pd.Series[Any]) -> str:
    """Return authors and date, with the date's precision."""
    authors = (_text(paper, "authors") or "").split("; ")
    text = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
    when = paper.get("published")
    if pd.notna(when):
        form = {"year": "%Y", "month": "%B %Y"}.get(str(paper.get("published_precision")))
        text += (", " if text else "") + f"{when:{form or '%Y-%m-%d'}}"
    return text


def _changes(news: pd.DataFrame, topics: TopicModel | None) -> list[tuple[str, int, list[str]]]:
    """Return for each kind of change its heading, the count, and some lines."""
    changes = []
    for kind, heading in _HEADINGS.items():
        rows = news[news["what"] == kind]
        lines = rows["detail"].astype(str).tolist()
        if kind == "new paper" and topics is not None and len(rows) > _MAX_LINES:
            lines = _by_topic(rows, topics)
        elif len(lines) > _MAX_LINES:
            lines = [*lines[:_MAX_LINES], f"… and {len(lines) - _MAX_LINES} more"]
        if len(rows):
            changes.append((heading, len(rows), lines))
    return changes


def _by_topic(rows: pd.DataFrame, topics: TopicModel) -> list[str]:
    """Return counts of new papers by topic, where there are too many to list."""
    labels = topics.topics.set_index("topic")["label"].astype(str)
    counts = rows["topic"].map(labels).fillna("in no topic").value_counts()
    lines = [f"{label}: {count}" for label, count in counts.head(_MAX_LINES).items()]
    rest = counts.iloc[_MAX_LINES:]
    over = "1 other topic" if len(rest) == 1 else f"{len(rest)} other topics"
    return [*lines, f"in {over}: {rest.sum()}"] if len(rest) else lines


def _as_markdown(
    title: str,
    items: list[_AgendaItem],
    across: str | None,
    changes: list[tuple[str, int, list[str]]],
) -> str:
    lines = [f"# {markdown_text(title)}", ""]
    for number, item in enumerate(items, start=1):
        lines += [f"## {number}. {markdown_link(item.title, item.url)}", ""]
        by = f"{markdown_text(item.by)} · " if item.by else ""
        lines += [f"{by}presented by: \\_\\_\\_\\_\\_\\_\\_\\_", ""]
        lines += [f"*Why this one:* {markdown_text(item.reason)}", ""] if item.reason else []
        lines += [f"- [ ] {markdown_text(question)}" for question in item.questions] + [""]
    lines += ["## To close", "", f"- [ ] {markdown_text(across)}", ""] if across else []
    lines += ["## Since the last meeting", ""] if changes else []
    for heading, count, details in changes:
        lines += [f"**{heading}: {count:,}**", ""]
        lines += [*(f"- {markdown_text(detail)}" for detail in details), ""]
    return "\n".join(lines)


def _as_html(
    title: str,
    items: list[_AgendaItem],
    across: str | None,
    changes: list[tuple[str, int, list[str]]],
) -> str:
    return render("agenda.html", title=title, papers=items, across=across, changes=changes)


def _text(paper: pd.Series[Any], name: str) -> str | None:
    value = paper.get(name)
    return str(value) if isinstance(value, str) else None
