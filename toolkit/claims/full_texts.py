"""Links and statements of full texts, as `read_fulltext` gives them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from toolkit.claims.reading import Link, Reading, keep_link, link_key, read_text
from toolkit.claims.repositories import (
    THRESHOLD,
    Mention,
    Paper,
    account_of,
    is_candidate,
    is_deposit,
    names_code,
    own_probability,
    repository_key,
    signs,
)
from toolkit.claims.statements import Statement
from toolkit.claims.url_targets import is_code_host, url_target
from toolkit.errors import DataError

#: Columns that a table of full texts must have.
NEEDED = ("paper_id", "section", "text")
#: Sections whose statements are about the paper's own code and data.
_STATING = frozenset(["abstract", "availability", "footnote", "body", "appendix"])
#: Where a link is named, the most telling place first.
_PLACES = ("title", "abstract", "availability", "front", "footnote", "body", "appendix",
           "acknowledgements", "references")  # fmt: skip
_END = re.compile(r"[.!?]?\s*$")
_ONLY_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*")
#: An entry of a reference list that the reader of a file took for text.
_ENTRY = re.compile(
    r"(?:\[\d{1,3}\]\s?|\d{1,3}\.\s)?[A-Z][\w'’-]+,? (?:[A-Z]\.[ -]?){1,3}[,;(& ]"
    r".{0,400}\b(?:19|20)\d\d\b"
)
_BLANK_IN_HOST = re.compile(r"(https?://[\w-]+(?:\.[\w-]+)*) (?=\.(?:io|com|org|net)/)")
_NO_NAME = re.compile(r"@|keywords?\b|\d{3}", re.IGNORECASE)


class Row(NamedTuple):
    """A row of a table of full texts."""

    section: str
    text: str
    heading: str
    anchor: str


def rows_of(fulltext: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the rows of each paper; those without a paper_id are left out.

    Raises
    ------
    DataError
        It is no table of full texts.
    """
    missing = [name for name in NEEDED if name not in getattr(fulltext, "columns", ())]
    if missing:
        raise DataError(
            "not a table of full texts",
            argument="fulltext",
            found=list(getattr(fulltext, "columns", ())) or type(fulltext).__name__,
            expected=", ".join(NEEDED),
            hint="Make it with toolkit.read_fulltext(paths, papers=papers)",
        )
    known = fulltext[fulltext["paper_id"].notna() & fulltext["text"].notna()]
    columns = [
        known[name].fillna("").astype(str).tolist() if name in known else [""] * len(known)
        for name in ("paper_id", "section", "text", "heading", "anchor")
    ]
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for paper_id, *row in zip(*columns):
        found[paper_id].append(Row(*row))
    return dict(found)


def read_full_text(rows: Sequence[Row], *, title: str, authors: str, abstract: Reading) -> Reading:
    """Return the links and statements of a paper, from its abstract and its full text.

    Parameters
    ----------
    rows : sequence of Row
        Its full text.
    title, authors : str
        From the papers table; authors separated by ``;``.
    abstract : Reading
        What title, abstract and comments say.

    Returns
    -------
    Reading
        Links in order, each address once: whether a repository is the paper's own is decided by
        all the places that name it.
    """
    kept: dict[str, Link] = {}
    statements: list[tuple[Statement, str]] = list(abstract.statements)
    mentions: defaultdict[str, list[Mention]] = defaultdict(list)
    for link in abstract.links:
        keep_link(kept, link)
        words = link.evidence
        mentions[repository_key(link.url)].append(
            Mention(link.url, link.kind, link.own, "abstract", "", words, words)
        )
    for row, line in _lines(rows):
        reading = read_text(line, title=title, where=row.section)
        for link in reading.links:
            mentions[repository_key(link.url)].append(_mention(link, row, line))
            _keep_best(kept, link._replace(own=link.own and row.section != "references"))
        if row.section in _STATING:
            statements += reading.statements
    found = _signs_of(mentions, _paper(rows, title, authors))
    probable = {key: own_probability(one) for key, one in found.items()}
    links = []
    for link in kept.values():
        key = repository_key(link.url)
        links.append(_decided(link, probable.get(key), mentions[key]))
    return Reading(links, statements)


def find_repositories(
    rows: Sequence[Row], *, title: str, authors: str
) -> dict[str, dict[str, float]]:
    """Return the signs for and against each repository of a full text, by `repository_key`."""
    mentions: defaultdict[str, list[Mention]] = defaultdict(list)
    for row, line in _lines(rows):
        for link in read_text(line, title=title, where=row.section).links:
            mentions[repository_key(link.url)].append(_mention(link, row, line))
    return _signs_of(mentions, _paper(rows, title, authors))


def _mention(link: Link, row: Row, line: str) -> Mention:
    return Mention(link.url, link.kind, link.own, row.section, row.heading, link.evidence, line)


def _signs_of(
    mentions: Mapping[str, Sequence[Mention]], paper: Paper
) -> dict[str, dict[str, float]]:
    known = {key: places for key, places in mentions.items() if is_candidate(places, paper)}
    others = {
        key
        for key, places in known.items()
        if any(place.section != "references" for place in places)
    }
    found = {key: signs(key, places, paper, others) for key, places in known.items()}
    # What an account has in the abstract or the availability statement speaks for its others.
    shown = {
        account_of(key) for key, one in found.items() if one["availability"] or one["abstract"]
    }
    for key, one in found.items():
        here = one["availability"] or one["abstract"]
        one["account shown"] = float(not here and account_of(key) in shown - {""})
    return found


def _decided(link: Link, chance: float | None, places: Sequence[Mention]) -> Link:
    """Return a link with whose its repository is and what it holds."""
    if chance is None:
        # What is no repository by its address may be said to be code by a sentence it stands in.
        return link._replace(own=link.own and link.kind != "code")
    own = chance >= THRESHOLD
    return link._replace(own=own, kind=_kind(link, places) if own else link.kind)


def _kind(link: Link, places: Sequence[Mention]) -> str:
    """Return what an own repository holds: code, unless every place says that it is something else.

    On a code host the words around may be about what the code does: "benchmarks", "remote data".
    """
    kinds = {place.kind for place in places}
    if "code" in kinds:
        return "code"
    if is_deposit(link.url):
        if any(names_code(place.sentence) for place in places):
            return "code"
        return "data" if link.kind in ("other", "project") else link.kind
    if not kinds & {"data", "model", "demo", "registry"}:
        return "code"
    target = url_target(link.url)
    holds_code = is_code_host(target.host) and not _DATA.search(target.repo or "")
    return "code" if holds_code else link.kind


#: Names of repositories that hold data or models.
_DATA = re.compile(
    r"(?:^|[^a-z])data(?:set|base)?s?(?:$|[^a-z])|datasets?|corpus|corpora|benchmark$|bench$|weights|awesome"
)


def _keep_best(kept: dict[str, Link], link: Link) -> None:
    """Keep one link an address, from the most telling of its places."""
    key = link_key(link.url)
    known = kept.get(key)
    if known is not None and _place(link) < _place(known):
        kept[key] = link
    else:
        keep_link(kept, link)


def _place(link: Link) -> int:
    return _PLACES.index(link.where) if link.where in _PLACES else 0


def _lines(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Yield each paragraph; a footnote in its sentence, an address alone with what comes before."""
    for row in rows:
        if row.section == "footnote" and row.anchor:
            note = " ".join(row.text.split("\n")).rstrip(".")
            yield row, _joined(_END.sub(f" ({note}).", row.anchor, count=1))
            continue
        pending = ""
        listed = row._replace(section="references")
        for line in row.text.split("\n"):
            if row.section in ("body", "appendix") and _ENTRY.match(line):
                yield listed, _joined(line)
                continue
            if _ONLY_ADDRESS.fullmatch(line) and pending and pending[-1] not in ".!?":
                pending = f"{pending} {line}"
                continue
            if pending:
                yield row, _joined(pending)
            pending = line
        if pending:
            yield row, _joined(pending)


def _joined(line: str) -> str:
    return _BLANK_IN_HOST.sub(r"\1", line) if " ." in line else line


def _paper(rows: Sequence[Row], title: str, authors: str) -> Paper:
    text = {
        name: "\n".join(row.text for row in rows if row.section == name)
        for name in ("title", "abstract", "front")
    }
    names = [line for line in text["front"].split("\n") if not _NO_NAME.search(line)]
    return Paper(
        f"{title} {text['title']}", text["abstract"], "\n".join([authors, *names]), text["front"]
    )
