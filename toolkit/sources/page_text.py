"""A Hugging Face papers page, pasted as text: titles, abstracts and the page's furniture.

The page alternates titles and abstracts, but not strictly: an abstract may be missing or broken
into paragraphs, and bylines, counters and buttons stand between. Each line is given a cost for
being a title, an abstract or a list of authors, and the cheapest sequence is found (Viterbi), so
that a short abstract between two titles is still an abstract.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toolkit.errors import DataError
from toolkit.identity import parse_arxiv_id

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    rf"(?:(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?"
    r"|\d{4}-\d\d-\d\d)"
)
_COUNT = r"[+•·]?\s*\d[\d.,]*\s*[kKmM]?"
_COUNTED = r"(?:authors?|comments?|upvotes?|likes?|stars?|repl(?:y|ies)|points?|papers?|github)"
_FURNITURE_LINES = (
    # Banners, headings and choices of period.
    r"new|hot|trending|top|(?:un)?subscribed?|main navigation|skip to (?:main )?content",
    r"get (?:trending|daily) papers in your email inbox.?",
    r"by ?\W?ak and the research community",
    r"(?:daily|weekly|monthly|trending|all|latest|search)? ?papers?(?: of the (?:day|week))?",
    r"daily|weekly|monthly|today|yesterday|this (?:week|month)",
    # Dates and ages.
    rf"{_DATE}(?:\s*[-–—]\s*(?:{_DATE}|\d{{1,2}}))?|{_MONTH}\s+\d{{4}}|week \d+(?:,? \d{{4}})?",
    r"(?:about )?(?:an?|\d+) (?:minute|hour|day|week|month|year)s? ago",
    rf"[·•\s]*(?:published|submitted|posted|updated) (?:on|at) {_DATE}",
    # Counters and signs.
    rf"{_COUNT}|[-–—•·|#▲△↑⬆👍🔥⭐★❤\ufe0f\s]+|[+•·\s]*\d+ more",
    rf"[·•\s]*{_COUNT}\s+{_COUNTED}|{_COUNTED}\s*:?\s*{_COUNT}",
    # Bylines of those who listed the paper.
    r"[·•\s]*(?:submitted|posted|shared) by:?(?:\s+@?[\w.-]+)?",
    # Buttons and links.
    r"upvoted?|comment|share|bookmark|save|follow(?:ing)?|add to collection|expand|collapse",
    r"view(?: all| more| paper| pdf| arxiv page| on (?:arxiv|github|hugging face))?(?: \d+)?"
    r"(?: (?:papers|comments|authors))?",
    r"(?:see|show|load|read) (?:all|more|less)|toggle .{1,30}",
    r"github(?: repo(?:sitory)?| page)?|arxiv(?: (?:page|pdf))?|pdf|html|code",
    r"project(?: page| website)?|paper page|abstract|ai-generated summary|community",
    # The site's own menu and foot.
    r"models?|datasets?|spaces?|collections?|buckets|docs|enterprise|pricing|website|solutions",
    r"previous|next|back|home|menu|search|log ?in|sign (?:up|in)|settings|notifications|resources",
    r"(?:🤗 ?)?hugging face|company|tos|terms(?: of service)?|privacy|about|jobs|careers",
    r"(?:models|datasets|spaces|collections) (?:citing|including) this paper.{0,10}",
    r"inference(?: providers)?|system theme|©.{0,60}",
)
#: Whole lines that are part of the page, not of a paper.
_FURNITURE = re.compile("|".join(f"(?:{line})" for line in _FURNITURE_LINES), re.IGNORECASE)
#: Lines that no other page has.
_SIGNATURE = re.compile(
    r"by ?\W?ak and the research community|(?:daily|trending) papers"
    r"|get (?:trending|daily) papers in your email inbox.?",
    re.IGNORECASE,
)
#: The foot of a card, where the browser put its pieces on one line.
_FOOT = re.compile(
    rf"(?>[·•|]|\s|(?:published|submitted|posted) on {_DATE}|github|arxiv page|arxiv|project page"
    rf"|upvotes?|view pdf|\d[\d.,]*[kKmM]?(?: {_COUNTED})?)+",
    re.IGNORECASE,
)
_SUBMITTER = re.compile(r"(?:submitted|posted|shared)\ by:?", re.IGNORECASE)
_USER_NAME = re.compile(r"@?[\w.-]{2,40}")
_ARXIV_LINE = re.compile(r"(?:arxiv:|https?://\S*(?:arxiv\.org|huggingface\.co/papers)/)\S+", re.I)
_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ibn|ter|y)"
_NAME_PART = rf"(?:[^\W\d_a-z][\w'’.-]*|{_PARTICLE})"
_NAME = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART})+")
_MORE = re.compile(r"et al\.?|\+?\s*\d+(?: more| others)?|others", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]}]*$")
_INNER_SENTENCE = re.compile(r"[a-z0-9)%\]][.!?]\s+[A-Z]")
_PROSE_START = re.compile(
    r"(?:we|this|in this|in recent|recent|recently|existing|while|although|despite|to|our|these|"
    r"there|current|as|with the|it|however|here|i|many|most)\b",
    re.IGNORECASE,
)
_LONG = 260

TITLE, ABSTRACT, AUTHORS = "title", "abstract", "authors"


@dataclass(frozen=True)
class Line:
    """One line of a page.

    Parameters
    ----------
    text : str
        Its text, white space folded.
    number : int
        Where it stood, counted from 1.
    heading : bool, optional
        Whether the page marked it as a heading; None where that is not known.
    facts : mapping, optional
        What links around it said: `arxiv_id`, `url`.
    """

    text: str
    number: int
    heading: bool | None = None
    arxiv_id: str | None = None


def read_page_text(text: str, *, origin: str) -> list[dict[str, Any]]:
    """Read the papers of a pasted Hugging Face page.

    Parameters
    ----------
    text : str
        The page as its text was copied.
    origin : str
        For messages.

    Returns
    -------
    list of dict
        `title`, and where the page has them `abstract`, `authors`, `arxiv_id`; in page order.

    Raises
    ------
    DataError
        No paper on the page.
    """
    return read_lines(_unwrap(text), origin=origin)


def read_lines(lines: Iterable[Line], *, origin: str) -> list[dict[str, Any]]:
    """Read the papers out of the lines of a page; see `read_page_text`."""
    lines = list(lines)
    content = _without_furniture(lines)
    labels = _label(content)
    records: list[dict[str, Any]] = []
    for line, label in zip(content, labels):
        if label == TITLE:
            records.append({"title": line.text})
        elif label == AUTHORS:
            records[-1]["authors"] = _authors(line.text)
        elif "abstract" in records[-1]:
            records[-1]["abstract"] += " " + line.text
        else:
            records[-1]["abstract"] = line.text
        if line.arxiv_id and label == TITLE:
            records[-1]["arxiv_id"] = line.arxiv_id
    is_page = any(_SIGNATURE.fullmatch(line.text) for line in lines)
    if not records or not (is_page or _plausible(records)):
        raise DataError(
            "no papers found on this page",
            source=origin,
            found=content[0].text if content else "nothing but the page's furniture",
            expected="titles, each followed by its abstract, as on a Hugging Face papers page",
            mend="Copy the whole page (Ctrl+A, Ctrl+C), or give the path of a file",
        )
    return records


def _unwrap(text: str) -> list[Line]:
    """Split a text into lines, joining paragraphs that an editor wrapped at a margin."""
    blocks: list[list[Line]] = [[]]
    for number, raw in enumerate(text.split("\n"), start=1):
        folded = " ".join(raw.split())
        if folded:
            blocks[-1].append(Line(folded, number))
        elif blocks[-1]:
            blocks.append([])
    margin = _margin(blocks)
    if margin is None:
        return [line for block in blocks for line in block]
    joined: list[Line] = []
    for block in blocks:
        for at, line in enumerate(block):
            if at and _is_wrapped(block[at - 1].text, line.text, margin):
                joined[-1] = replace(joined[-1], text=_join(joined[-1].text, line.text))
            else:
                joined.append(line)
    return joined


def _margin(blocks: Sequence[Sequence[Line]]) -> int | None:
    """Return the margin at which the paragraphs are wrapped, None where they are not."""
    long_blocks = [block for block in blocks if len(block) >= 3]
    lengths = sorted(len(line.text) for block in long_blocks for line in block[:-1])
    # Not the longest: that may be a title before its paragraph, or an address.
    margin = lengths[int(0.9 * len(lengths))] if lengths else 0
    if not 40 <= margin <= 130:
        return None
    breaks = [
        _is_wrapped(first.text, second.text, margin)
        for block in long_blocks
        for first, second in itertools.pairwise(block)
    ]
    return margin if breaks and sum(breaks) >= 0.6 * len(breaks) else None


def _is_wrapped(first: str, second: str, margin: int) -> bool:
    """Say whether the next word would not have fitted on the line, as a wrapper breaks it."""
    next_word = re.split(r"\s|(?<=-)", second, maxsplit=1)[0]
    return margin - 2 < len(first) + 1 + len(next_word) and len(first) <= margin + 3


def _join(first: str, second: str) -> str:
    return first + ("" if re.search(r"\w-$", first) else " ") + second


def _without_furniture(lines: Iterable[Line]) -> list[Line]:
    content: list[Line] = []
    after_submitter = False
    for line in lines:
        text = line.text
        if after_submitter and _USER_NAME.fullmatch(text):
            after_submitter = False
            continue
        after_submitter = bool(_SUBMITTER.fullmatch(text))
        if _ARXIV_LINE.fullmatch(text) and parse_arxiv_id(text):
            _attach_id(content, parse_arxiv_id(text))
        elif not (_FURNITURE.fullmatch(text) or _FOOT.fullmatch(text)):
            content.append(line)
    return content


def _attach_id(content: list[Line], arxiv_id: str | None) -> None:
    """Give an id that stands on a line of its own to the title before it."""
    for at in range(len(content) - 1, max(-1, len(content) - 4), -1):
        if len(content[at].text) < _LONG and not _SENTENCE_END.search(content[at].text):
            content[at] = replace(content[at], arxiv_id=arxiv_id)
            return


def _label(content: Sequence[Line]) -> list[str]:
    """Find the cheapest sequence of labels."""
    if not content:
        return []
    others = [line.text for line in content if _author_cost(line.text) > 0]
    share_long = sum(len(text) >= _LONG for text in others) / max(1, len(others))
    with_headings = sum(line.heading is True for line in content) >= 2
    # Where a good part of the lines are plainly abstracts, a title without one is the exception.
    two_titles = 6.5 if share_long >= 0.2 else 0.5
    moves = {
        (TITLE, ABSTRACT): 0.0,
        (ABSTRACT, TITLE): 0.0,
        (TITLE, TITLE): two_titles,
        (ABSTRACT, ABSTRACT): 6.0,
        (TITLE, AUTHORS): 0.5,
        (AUTHORS, ABSTRACT): 0.0,
        (AUTHORS, TITLE): two_titles,
    }
    costs = {TITLE: _cost(content[0], TITLE, with_headings), ABSTRACT: math.inf, AUTHORS: math.inf}
    trail: list[dict[str, str]] = []
    for line in content[1:]:
        step: dict[str, float] = {}
        came: dict[str, str] = {}
        for label in (TITLE, ABSTRACT, AUTHORS):
            price, came[label] = min(
                (costs[before] + move, before)
                for (before, after), move in moves.items()
                if after == label
            )
            step[label] = price + _cost(line, label, with_headings)
        costs = step
        trail.append(came)
    label = min(costs, key=lambda name: costs[name])
    labels = [label]
    for came in reversed(trail):
        label = came[label]
        labels.append(label)
    return labels[::-1]


def _cost(line: Line, label: str, with_headings: bool) -> float:
    """Cost of calling a line a title, an abstract or a list of authors."""
    text = line.text
    if label == AUTHORS:
        return _author_cost(text)
    prose = 0.0
    prose += min(6.0, (len(text) - 160) / 40) if len(text) > 160 else -1.0
    prose += 2.5 if _SENTENCE_END.search(text) and not text.endswith("?") else -0.8
    prose += 3.0 if _INNER_SENTENCE.search(text) else 0.0
    prose += 1.0 if _PROSE_START.match(text) else 0.0
    if text[:1].islower():
        prose += 1.0
    if line.heading is not None and with_headings:
        prose += -12.0 if line.heading else 12.0
    return max(0.0, prose) if label == TITLE else max(0.0, -prose)


def _author_cost(text: str) -> float:
    names = [name for name in _names(text) if not _MORE.fullmatch(name)]
    if not names or not all(len(name) <= 45 and _NAME.fullmatch(name) for name in names):
        return 30.0
    # One name alone could as well be a short title.
    return 0.0 if len(names) > 1 else 2.0


def _names(text: str) -> list[str]:
    parts = re.split(r",|;|·|\band\b|&", text)
    return [part.strip() for part in parts if part.strip(" .")]


def _authors(text: str) -> str:
    return "; ".join(name for name in _names(text) if not _MORE.fullmatch(name))


def _plausible(records: Sequence[dict[str, Any]]) -> bool:
    """Say whether this can be a page of papers, and not some words or any other text."""
    if any(record.get("arxiv_id") for record in records):
        return True
    abstracts = [record["abstract"] for record in records if "abstract" in record]
    if not abstracts or 2 * len(abstracts) < len(records):
        return False
    if any(len(record["title"]) > 400 for record in records):
        return False
    # One paragraph of an abstract's length is evidence, and so are several pairs of a title and
    # whole sentences; a letter or a shopping list has neither.
    sentences = [len(text) >= 40 and _SENTENCE_END.search(text) for text in abstracts]
    return max(map(len, abstracts)) >= 120 or (
        len(records) > 1 and len(records) == sum(map(bool, sentences))
    )
