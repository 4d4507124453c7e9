"""The page to bring to a meeting: what to read, what to ask, what is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.exports.escaping import markdown_text, render, safe_link
from toolkit.files import write_atomically
from toolkit.papers.schema import check_papers
from toolkit.reading.questions import ask

if TYPE_CHECKING:
    from toolkit.topics.topics import TopicModel

#: Kinds of change and their headings, in the order of their telling.
_HEADS = {
    "new topic": "New topics",
    "grown topic": "Topics that grew",
    "link gone": "Links that died",
    "new paper": "New papers",
}
_LINES = 5


class _Part(NamedTuple):
    """One paper of the page."""

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
    """Write a one-page agenda with questions to discuss, drawn from the data alone.

    Parameters
    ----------
    picks : DataFrame
        From `pick_reading`, or any papers table.
    path : str or path-like
        A ``.md`` or ``.html`` file.
    papers : DataFrame, optional
        The whole collection: each pick is set beside the paper most like it.
    topics : TopicModel, optional
        Asks where the model was unsure, and what a paper borrows from another topic; counts
        the new papers by topic.
    checks : DataFrame, optional
        From `check_links`: asks by what became of the code.
    news : DataFrame, optional
        From `since_last_meeting`.
    title : str
        Heading of the page.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        Another ending, or no papers table.

    Warns
    -----
    UserWarning
        There are no picks.

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
        raise DataError("unknown kind of file", source=path, expected=".md or .html")
    if picks.empty:
        warn_user("no papers are picked: the agenda has none to read")
    asked, across = ask(picks, papers=papers, topics=topics, checks=checks, news=news)
    parts = [
        _Part(
            str(paper["title"]), _text(paper, "url"), _by(paper), _text(paper, "reason"), questions
        )
        for (_, paper), questions in zip(picks.iterrows(), asked)
    ]
    told = _told(news, topics) if news is not None else []
    write = _as_markdown if place.suffix.lower() == ".md" else _as_html
    write_atomically(place, write(title, parts, across, told))
    return place


def _by(paper: pd.Series[Any]) -> str:
    """Return who wrote it and when, as finely as the date is known."""
    authors = (_text(paper, "authors") or "").split("; ")
    said = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
    when = paper.get("published")
    if pd.notna(when):
        form = {"year": "%Y", "month": "%B %Y"}.get(str(paper.get("published_precision")))
        said += (", " if said else "") + f"{when:{form or '%Y-%m-%d'}}"
    return said


def _told(news: pd.DataFrame, topics: TopicModel | None) -> list[tuple[str, int, list[str]]]:
    """Return for each kind of change its heading, how many there are, and some lines."""
    told = []
    for kind, head in _HEADS.items():
        rows = news[news["what"] == kind]
        lines = rows["detail"].astype(str).tolist()
        if kind == "new paper" and topics is not None and len(rows) > _LINES:
            lines = _by_topic(rows, topics)
        elif len(lines) > _LINES:
            lines = [*lines[:_LINES], f"… and {len(lines) - _LINES} more"]
        if len(rows):
            told.append((head, len(rows), lines))
    return told


def _by_topic(rows: pd.DataFrame, topics: TopicModel) -> list[str]:
    """Count new papers by topic: titles by the hundred say nothing on a page."""
    labels = topics.topics.set_index("topic")["label"].astype(str)
    counts = rows["topic"].map(labels).fillna("in no topic").value_counts()
    lines = [f"{label}: {count}" for label, count in counts.head(_LINES).items()]
    rest = counts.iloc[_LINES:]
    over = "1 other topic" if len(rest) == 1 else f"{len(rest)} other topics"
    return [*lines, f"in {over}: {rest.sum()}"] if len(rest) else lines


def _as_markdown(
    title: str, parts: list[_Part], across: str | None, told: list[tuple[str, int, list[str]]]
) -> str:
    lines = [f"# {markdown_text(title)}", ""]
    for number, part in enumerate(parts, start=1):
        link, head = safe_link(part.url), markdown_text(part.title)
        lines += [f"## {number}. " + (f"[{head}](<{link}>)" if link else head), ""]
        by = f"{markdown_text(part.by)} · " if part.by else ""
        lines += [f"{by}presented by: \\_\\_\\_\\_\\_\\_\\_\\_", ""]
        lines += [f"*Why this one:* {markdown_text(part.reason)}", ""] if part.reason else []
        lines += [f"- [ ] {markdown_text(question)}" for question in part.questions] + [""]
    lines += ["## To close", "", f"- [ ] {markdown_text(across)}", ""] if across else []
    lines += ["## Since the last meeting", ""] if told else []
    for head, count, details in told:
        lines += [f"**{head}: {count:,}**", ""]
        lines += [*(f"- {markdown_text(detail)}" for detail in details), ""]
    return "\n".join(lines)


def _as_html(
    title: str, parts: list[_Part], across: str | None, told: list[tuple[str, int, list[str]]]
) -> str:
    return render("agenda.html", title=title, papers=parts, across=across, changes=told)


def _text(paper: pd.Series[Any], name: str) -> str | None:
    value = paper.get(name)
    return str(value) if isinstance(value, str) else None
