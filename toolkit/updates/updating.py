"""One update of a collection folder: ask, merge, check links, write the page, remember.

Each step may be repeated. The papers are saved in one step, with the day they came in their rows;
the file of the queries is written last. Whatever a killed run had not done, the next one does.
"""

from __future__ import annotations

import datetime as dt
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.claims.claims import find_links
from toolkit.errors import DataError, MissingExtraError, check_whole, checked, warn_user
from toolkit.linkcheck import check_links as check_all_links
from toolkit.linkcheck.log import read_log
from toolkit.reading.news import ARRIVED
from toolkit.storage.folder import locked
from toolkit.storage.manifest import read_manifest
from toolkit.topics.model import load_topics
from toolkit.topics.placing import Fit, judge_fit, place_papers
from toolkit.trends.figures import count_papers
from toolkit.updates.arguments import check_day, check_keys, read_basket
from toolkit.updates.asking import Answer, ask, read_files
from toolkit.updates.content import find_content, fit_in_words
from toolkit.updates.files import SERVICE as FILES
from toolkit.updates.following import Following, day_of, read_following, write_following
from toolkit.updates.merging import load, merge
from toolkit.updates.page import write_page

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

_DAY = dt.timedelta(days=1)
#: Where things are in a collection folder, beside its papers.
TOPICS, LOG, PAGES = "topics", "links.sqlite", "pages"
#: Columns that an update adds to the papers it returns, and their types.
_PLACED: dict[str, Any] = {
    "topic": "Int64",
    "label": "string",
    "confidence": "Float64",
    "stranger": "boolean",
}


@dataclass(frozen=True)
class Outcome:
    """What an update did: the new papers, what each service answered, and the page it wrote.

    `trouble` says why the topics that are there cannot be used.
    """

    papers: pd.DataFrame
    answers: tuple[Answer, ...]
    page: Path | None
    fit: Fit | None
    trouble: str = ""

    @property
    def failed(self) -> list[str]:
        """What failed: queries that were not answered in full, and topics that cannot be used."""
        queries = [f"{one.query.name}: {one.failed}" for one in self.answers if one.failed]
        return [*queries, *([f"topics: {self.trouble}"] if self.trouble else [])]


@checked
def update(
    folder: str | os.PathLike[str],
    *,
    today: str | dt.date | None = None,
    overlap: int = 14,
    check_links: bool = False,
    basket: str | os.PathLike[str] | Iterable[str] | None = None,
    keys: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Bring a collection folder up to date and return the papers that are new.

    Asks for the papers of every query that the folder follows, published since it was last
    answered, and reads the followed files that are new or changed; adds papers that are new, and
    fills gaps of those that are there (`add_papers`). Your own columns and values stay. New papers
    are placed in the topics in ``FOLDER/topics`` (saved there with ``fit_topics(papers).save(…)``),
    which stay as they are. Where there is any news, a page is written, as HTML and Markdown:
    ``FOLDER/pages/DAY.html``.

    Repeated on the same day, it changes nothing. It may be interrupted or killed at any time: the
    next update goes on. A query that fails does not stop the others, and is asked again next time.

    Parameters
    ----------
    folder : path
        A collection folder with queries; see `follow`.
    today : date or str, optional
        The day of the update.
    overlap : int
        Days before the last answer that are asked again, since services list papers late.
    check_links : bool
        Check links of new papers, and those in ``FOLDER/links.sqlite`` that are due, over the
        network; see `toolkit.check_links`.
    basket : path or iterable of str, optional
        File of an explorer's basket, or ids of papers: the page tells which new papers are nearest.
        By default the basket in the folder, ``Explorer(papers, topics, basket=folder)``.
    keys : mapping of str to str, optional
        Keys by service; by default those of the environment. They are written nowhere.

    Returns
    -------
    DataFrame
        The papers that came since the last whole update before this day, as a papers table with
        `arrived` (the day), `topic` and `label` (missing without topics), `confidence`,
        and `stranger` (whether it is far from all papers that the topics were fitted to).

    Raises
    ------
    DataError
        The folder is no collection, follows nothing, or cannot be written to; `today` lies before
        the last update.

    Warns
    -----
    UserWarning
        A query that failed, or has more papers than its limit; topics that cannot be read, or no
        longer fit.

    Examples
    --------
    >>> toolkit.follow("mine", "arxiv", "cat:cs.DL")  # doctest: +SKIP
    >>> new = update("mine")  # doctest: +SKIP
    """
    outcome = run_update(
        folder,
        today=today,
        overlap=overlap,
        check_links=check_links,
        basket=basket,
        keys=keys,
    )
    for one in outcome.failed:
        warn_user(one)
    if outcome.fit is not None and outcome.fit.verdict == "refit":
        warn_user(fit_in_words(outcome.fit))
    return outcome.papers


def run_update(
    folder: str | os.PathLike[str],
    *,
    today: str | dt.date | None = None,
    overlap: int = 14,
    check_links: bool = False,
    basket: str | os.PathLike[str] | Iterable[str] | None = None,
    keys: Mapping[str, str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Do what `update` says; `tell` gets one line a step."""
    place, day = Path(folder), day_of(today or dt.date.today(), "today")
    check_whole(overlap, "overlap")
    read_manifest(place, "collection")
    keys = check_keys(keys)
    wanted, following = read_basket(place, basket), read_following(place)
    check_day(following, place, day)
    load(place)  # a damaged collection is found before anybody is asked
    answers = []
    for query in following.queries:
        if query.service == FILES:
            answers.append(read_files(query, place))
        else:
            answers.append(ask(query, today=day, overlap=overlap, keys=keys))
        tell(_in_words(answers[-1]))
    # Others may save while services and links are asked, but not in between here.
    with locked(place):
        papers = merge(place, answers, day, tell)
    if check_links:
        _check_links(place, papers[_came_since(papers, following, day)], papers, tell)
    with locked(place), _without_remarks():
        papers, following = load(place), _after(read_following(place), answers, day)
        new = _came_since(papers, following, day)
        topics, placed, fit, trouble = _place(place, papers, tell)
        content = find_content(
            papers,
            new,
            topics,
            placed,
            following=following,
            fit=fit,
            log=place / LOG if (place / LOG).is_file() else None,
            basket=wanted,
            trouble=trouble,
        )
        page = write_page(content, place / PAGES, day) if content.is_news else None
        write_following(place, following)
    tell(f"page: {page}" if page else "page: none, as there is no news")
    trouble = trouble if (place / TOPICS).exists() else ""
    return Outcome(_with_topics(papers[new], topics, placed), tuple(answers), page, fit, trouble)


@contextmanager
def _without_remarks() -> Iterator[None]:
    """Leave out warnings about papers without a text or a date: they would come every week."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _after(old: Following, answers: Sequence[Answer], day: dt.date) -> Following:
    """Return what the folder remembers once the update is done."""
    today = day.isoformat()
    before = _before(old, day)
    asked = {one.query: one for one in answers}
    queries = tuple(asked[one].answered(one, today) if one in asked else one for one in old.queries)
    changes = tuple(one for one in old.changes if before is None or one[0] > before)
    return Following(queries, ran=today, before=before, changes=changes)


def _before(following: Following, day: dt.date) -> str | None:
    """Return the day of the last whole update before this one."""
    return following.before if following.ran == day.isoformat() else following.ran


def _came_since(papers: pd.DataFrame, following: Following, day: dt.date) -> NDArray[np.bool_]:
    """Return which papers came since the last whole update before this day."""
    before = _before(following, day)
    came = papers[ARRIVED].notna() if before is None else papers[ARRIVED] > pd.Timestamp(before)
    return came.to_numpy(dtype=bool)


def _check_links(
    place: Path, new: pd.DataFrame, papers: pd.DataFrame, tell: Callable[[str], None]
) -> None:
    """Check the own links of new papers, and those in the log that are due."""
    with _without_remarks():
        links = find_links(papers)
    links = links[links["own"].astype(bool)]
    log = place / LOG
    known = set(read_log(log)["url"]) if log.is_file() else set()
    links = links[links["paper_id"].isin(new["paper_id"]) | links["url"].isin(known)]
    n = len(check_all_links(links, log=log, progress=False)) if len(links) else 0
    tell(f"links: {n:,} of new papers, or checked before")


def _place(
    place: Path, papers: pd.DataFrame, tell: Callable[[str], None]
) -> tuple[TopicModel | None, pd.DataFrame | None, Fit | None, str]:
    """Return the folder's topics, the papers placed in them, and what stands against it."""
    try:
        if not (place / TOPICS).exists():
            raise DataError(
                "no topics yet",
                hint=f'Fit some: toolkit.fit_topics(papers).save("{place / TOPICS}")',
            )
        topics = load_topics(place / TOPICS)
        placed = place_papers(papers, topics)
    except (DataError, MissingExtraError) as error:
        # Why topics that are there cannot be used stands once, beside the queries that failed.
        tell("topics: not used" if (place / TOPICS).exists() else f"topics: {error}")
        return None, None, None, str(error)
    fit = judge_fit(placed)
    tell(f"topics: {fit_in_words(fit)}")
    return topics, placed, fit, ""


def _with_topics(
    new: pd.DataFrame, topics: TopicModel | None, placed: pd.DataFrame | None
) -> pd.DataFrame:
    """Return new papers with the columns that tell their topic."""
    new = new.reset_index(drop=True)
    table = pd.DataFrame({"paper_id": new["paper_id"]})
    if topics is None or placed is None:
        table[list(_PLACED)] = None
    else:
        labels = topics.topics.set_index("topic")["label"]
        table = table.merge(placed, on="paper_id", how="left")
        table["label"] = table["topic"].map(labels)
    return new.assign(**{name: table[name].astype(dtype) for name, dtype in _PLACED.items()})


def _in_words(answer: Answer) -> str:
    n = 0 if answer.papers is None else len(answer.papers)
    when = "" if answer.query.is_whole else f" since {answer.since}"
    said = f"{answer.query.name}: {count_papers(n)}{when}"
    return f"{said}; not complete" if answer.failed else said
