"""What changed since a reading group last met, and the page to bring to the next meeting."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.intervals import benjamini_hochberg
from toolkit.schema import check_papers
from toolkit.writing.writing import markdown_text, page, safe_link

if TYPE_CHECKING:
    from toolkit.topics import TopicModel

#: Kinds of change, in the order of their telling.
CHANGES = ("new topic", "grown topic", "link gone", "new paper")
_COLUMNS = ("what", "topic", "paper_id", "url", "detail")
_HEADS = {
    "new topic": "New topics",
    "grown topic": "Topics that grew",
    "link gone": "Links that died",
    "new paper": "New papers",
}


def since_last_meeting(
    papers: pd.DataFrame,
    topics: TopicModel,
    *,
    since: str,
    log: str | Path | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Tell what is new since a day: papers, topics new or grown, links gone dead.

    Parameters
    ----------
    papers : DataFrame
        Papers table with `listed` or `published` (the first counts where both are there).
    topics : TopicModel
        Topics of these papers.
    since : str
        Day of the last meeting, as ``"2026-03-01"``; what is dated then or later is new.
    log : str or path-like, optional
        The log of `check_links`: links that were alive when last seen before the day, and whose
        newest check found them dead.
    confidence : float
        1 − `confidence` is the rate of false discoveries that is accepted among the topics told
        to have grown.

    Returns
    -------
    DataFrame
        `what` (new topic, grown topic, link gone, new paper), `topic`, `paper_id`, `url`,
        `detail`: a sentence with the numbers.

    Raises
    ------
    DataError
        No dates, `since` is no date, or the log cannot be read.

    Notes
    -----
    A topic has grown when its share of the new papers is above its share before by Fisher's
    exact test, one-sided, adjusted for the number of topics (Benjamini and Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). One without any paper before is new.

    Examples
    --------
    >>> import toolkit
    >>> planted = toolkit.plant_collection(n_papers=120, n_topics=2, seed=1)
    >>> topics = toolkit.fit_topics(planted.papers)
    >>> news = since_last_meeting(planted.papers, topics, since="2024-12-01")
    >>> news["what"].unique().tolist()
    ['new paper']
    """
    check_papers(papers)
    when, day = _dates(papers), _day(since)
    new = (when >= day).to_numpy()
    topic = papers["paper_id"].map(topics.papers.set_index("paper_id")["topic"]).fillna(-1)
    topic = topic.astype(int).to_numpy()
    rows = _topic_news(topics, topic, new, confidence)
    rows += _links_gone(papers, log, day) if log is not None else []
    for place in np.flatnonzero(new):
        paper = papers.iloc[place]
        detail = f"{paper['title']} ({when.iloc[place]:%Y-%m-%d})"
        rows.append(("new paper", topic[place], paper["paper_id"], _text(paper, "url"), detail))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in ("what", "paper_id", "url", "detail"):
        table[name] = table[name].astype("string")
    table["topic"] = table["topic"].astype("Int64")
    table.attrs["since"] = str(day.date())
    return table


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
        Names topics, and asks where the model was unsure.
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
    parts = [
        {
            "title": str(paper["title"]),
            "url": _text(paper, "url"),
            "reason": _text(paper, "reason"),
            "questions": questions,
        }
        for (_, paper), questions in zip(
            picks.iterrows(), _questions(picks, papers, topics, checks)
        )
    ]
    told = _told(news) if news is not None else []
    write = _as_markdown if place.suffix.lower() == ".md" else _as_html
    write_atomically(place, write(title, parts, told))
    return place


def _topic_news(
    topics: TopicModel, topic: Any, new: Any, confidence: float
) -> list[tuple[Any, ...]]:
    """Compare each topic's share of the new papers with its share of the old."""
    from scipy.stats import hypergeom

    numbers = topics.topics.loc[topics.topics["topic"] >= 0, "topic"].to_numpy()
    labels = topics.topics.set_index("topic")["label"].astype(str)
    n_new, n_old = int(new.sum()), int((~new).sum())
    if n_new == 0 or n_old == 0:
        return []
    fresh = np.array([(new & (topic == number)).sum() for number in numbers])
    before = np.array([(~new & (topic == number)).sum() for number in numbers])
    p = hypergeom.sf(fresh - 1, n_new + n_old, fresh + before, n_new)
    grown = benjamini_hochberg(p) < 1 - confidence
    rows: list[tuple[Any, ...]] = []
    for number, count, old, more in zip(numbers, fresh, before, grown):
        label = labels[number]
        if count and not old:
            rows.append(("new topic", number, None, None, f"{label}: {count} papers, none before"))
        elif count and more:
            detail = (
                f"{label}: {count} of {n_new} new papers ({count / n_new:.1%}), "
                f"before {old} of {n_old} ({old / n_old:.1%})"
            )
            rows.append(("grown topic", number, None, None, detail))
    return rows


def _links_gone(papers: pd.DataFrame, log: str | Path, day: pd.Timestamp) -> list[tuple[Any, ...]]:
    from toolkit.claims import find_links
    from toolkit.linkcheck import read_log

    checks = read_log(log).dropna(subset=["resolves"])
    newest = checks.drop_duplicates("url", keep="last").set_index("url")
    seen = checks[checks["resolves"].astype(bool)].drop_duplicates("url", keep="last")
    seen_at = seen.set_index("url")["checked_at"].reindex(newest.index)
    dead = ~newest["resolves"].astype(bool) & (newest["checked_at"] >= day) & seen_at.notna()
    links = find_links(papers).drop_duplicates("url").set_index("url")["paper_id"]
    rows = []
    for url in newest.index[dead]:
        detail = f"{url}: {newest.loc[url, 'why']}; last seen alive {seen_at[url]:%Y-%m-%d}"
        rows.append(("link gone", None, links.get(url), url, detail))
    return rows


def _questions(
    picks: pd.DataFrame,
    papers: pd.DataFrame | None,
    topics: TopicModel | None,
    checks: pd.DataFrame | None,
) -> list[list[str]]:
    """Return questions for each pick."""
    from toolkit.claims import code_claims, find_links

    claims = code_claims(picks).set_index("paper_id")["code"]
    links = find_links(picks).sort_values("kind", kind="stable")  # code before project
    state = checks.set_index("url") if checks is not None else None
    likeness = _most_alike(picks, papers) if papers is not None else {}
    asked = []
    for paper_id in picks["paper_id"]:
        own = links[(links["paper_id"] == paper_id) & links["kind"].isin(["code", "project"])]
        code = str(claims.get(paper_id, "none"))
        questions = [_about_code(code, own["url"].tolist(), state)]
        if paper_id in likeness:
            other, score = likeness[paper_id]
            questions.append(
                f"Most alike in the collection is “{other}” (cosine {score:.2f}). What does each "
                "do that the other does not, and would they agree?"
            )
        if topics is not None:
            questions += _about_topic(paper_id, topics)
        asked.append(questions)
    return asked


def _about_code(code: str, urls: list[str], state: pd.DataFrame | None) -> str:
    known = [url for url in urls if state is not None and url in state.index]
    if state is not None and known:
        url, check = known[0], state.loc[known[0]]
        if pd.isna(check["resolves"]):
            return f"The link {url} gave no clear answer ({check['why']}). Does it open for you?"
        if not check["resolves"]:
            return f"The link {url} is dead ({check['why']}). What can be checked without it?"
        if pd.notna(check.get("empty")) and check["empty"]:
            return f"The repository {url} holds nothing but a README. What is missing most?"
        licence = check.get("licence")
        terms = "" if pd.isna(licence) else f", licence: {licence}"
        return f"The link {url} works{terms}. Which figure of the paper could we run again first?"
    if code == "linked" and urls:
        return f"Code is linked at {urls[0]}. Does it hold what the main result needs?"
    return {
        "linked": "Code is linked. Does it hold what the main result needs?",
        "claimed": "The abstract says that the code is out, but not where. Can you find it?",
        "promised": "Code was promised. Is it there by now?",
    }.get(code, "The abstract says nothing of code. What would we need to repeat the main result?")


def _about_topic(paper_id: str, topics: TopicModel) -> list[str]:
    row = topics.papers[topics.papers["paper_id"] == paper_id]
    if row.empty:
        return []
    number, confidence = int(row["topic"].iloc[0]), float(row["confidence"].iloc[0])
    if number < 0:
        return ["The topic model found no place for it. Is it new, or only worded differently?"]
    topic = topics.topics.set_index("topic").loc[number]
    if confidence < 0.5:
        return [
            f"The topic model is unsure that it belongs to “{topic['label']}” "
            f"(confidence {confidence:.2f}). Where would you put it?"
        ]
    return [
        f"It is one of {topic['size']} papers on “{topic['label']}”. "
        "What in it is typical of them, what is not?"
    ]


def _most_alike(picks: pd.DataFrame, papers: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """Return for each pick the title of the paper most like it, and the cosine."""
    from toolkit.embedding import embed

    vectors = embed(papers)
    places = {paper_id: i for i, paper_id in enumerate(papers["paper_id"])}
    found = {}
    for paper_id in picks["paper_id"]:
        if paper_id not in places or len(papers) < 2:
            continue
        scores = vectors @ vectors[places[paper_id]]
        scores[places[paper_id]] = -2
        best = int(scores.argmax())
        found[paper_id] = (str(papers["title"].iloc[best]), float(scores[best]))
    return found


def _told(news: pd.DataFrame) -> list[tuple[str, int, list[str]]]:
    """Return for each kind of change its heading, how many there are, and the first few."""
    told = []
    for kind in CHANGES:
        details = news.loc[news["what"] == kind, "detail"].astype(str).tolist()
        if details:
            told.append((_HEADS[kind], len(details), details[:5]))
    return told


def _as_markdown(title: str, parts: list[dict[str, Any]], told: list[Any]) -> str:
    lines = [f"# {markdown_text(title)}", ""]
    for number, part in enumerate(parts, start=1):
        link, head = safe_link(part["url"]), markdown_text(part["title"])
        lines += [f"## {number}. " + (f"[{head}](<{link}>)" if link else head), ""]
        lines += [f"*Why this one:* {markdown_text(part['reason'])}", ""] if part["reason"] else []
        lines += [f"- [ ] {markdown_text(question)}" for question in part["questions"]] + [""]
    if told:
        lines += ["## Since the last meeting", ""]
    for head, count, details in told:
        lines += [f"**{head}: {count}**", ""]
        lines += [f"- {markdown_text(detail)}" for detail in details]
        lines += [f"- … and {count - len(details)} more"] if count > len(details) else []
        lines += [""]
    return "\n".join(lines)


def _as_html(title: str, parts: list[dict[str, Any]], told: list[Any]) -> str:
    blocks = []
    for number, part in enumerate(parts, start=1):
        link, head = safe_link(part["url"]), html.escape(part["title"])
        head = f'<a href="{html.escape(link)}">{head}</a>' if link else head
        why = f"<p class=why>{html.escape(part['reason'])}</p>" if part["reason"] else ""
        asked = "".join(f"<li>{html.escape(question)}</li>" for question in part["questions"])
        blocks.append(f"<section><h2>{number}. {head}</h2>{why}<ul>{asked}</ul></section>")
    if told:
        blocks.append("<h2>Since the last meeting</h2>")
    for head, count, details in told:
        more = [f"… and {count - len(details)} more"] if count > len(details) else []
        items = "".join(f"<li>{html.escape(detail)}</li>" for detail in details + more)
        blocks.append(f"<h3>{head}: {count}</h3><ul>{items}</ul>")
    return page(title, "\n".join(blocks), style=_STYLE)


_STYLE = """h1 { margin-bottom: 0.5rem; } h2 { font-size: 1.1rem; margin: 1rem 0 0.2rem; }
h3 { font-size: 1rem; margin: 0.6rem 0 0; } ul { margin: 0.2rem 0; }
li { margin-bottom: 0.2rem; } .why { margin: 0; opacity: 0.8; font-size: 0.9rem; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; } }"""


def _dates(papers: pd.DataFrame) -> pd.Series[Any]:
    when = pd.Series(pd.NaT, index=papers.index, dtype="datetime64[us]")
    for name in ("published", "listed"):
        if name in papers:
            when = papers[name].fillna(when)
    if when.isna().all():
        raise DataError("no paper has a date", column="listed", mend="Fill listed or published")
    return when


def _day(since: str) -> pd.Timestamp:
    try:
        day = pd.Timestamp(since)
    except ValueError:
        day = pd.NaT
    if pd.isna(day):
        raise DataError("since is not a date", found=since, expected="YYYY-MM-DD")
    return day


def _text(paper: pd.Series[Any], name: str) -> str | None:
    value = paper.get(name)
    return str(value) if isinstance(value, str) else None
