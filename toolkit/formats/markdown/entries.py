"""What an entry of Markdown says of a paper: title, authors, venue, date, links."""

from __future__ import annotations

import re
from typing import Any

from toolkit.formats.authors import split_authors
from toolkit.formats.fields import loose_date
from toolkit.formats.markdown.blocks import Block
from toolkit.formats.markdown.inline import (
    Link,
    arxiv_id_of,
    bold,
    doi_of,
    find_links,
    italic,
    plain,
    without_images,
)

_COLUMNS = {
    "title": r"title|paper ?(?:title|name)|papers?|name|publication|article|work|"
    r"论文|标题|题目|论文标题",
    "venue": r"venue.*|conference|journal|publisher|publication|published ?in|conf|source|pub\.?|"
    r"accepted.*|会议|期刊",
    "published": r"(?:pub\.? ?|publish ?|publication ?)?date|year|time|published|日期|年份|时间",
    "authors": r"authors?|author\(s\)|作者",
}
_COLUMN = {name: re.compile(f"(?:{words})", re.I) for name, words in _COLUMNS.items()}
_NAME = r"[^\W\d_a-z][\w'’.-]*"
_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|ibn|ter|y)"
_PERSON = re.compile(rf"{_NAME}(?:[ ~](?:{_NAME}|{_PARTICLE})){{1,4}}")
_ET_AL = re.compile(r",?\s*(?:et\.? al\.?|and others|等)\.?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d./-])((?:19|20)\d\d)(?![\d])")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])(?:[-./]\d{1,2})?)(?![\d/])")
_MEETING = re.compile(
    r"\b((?:[A-Z][\w&+-]*[A-Z][\w&+-]*|Findings|Interspeech|Nature|Science|Cell)"
    r"(?: [A-Z][\w&+-]*){0,3})"
    r"(?:[ ,]*[’'`]?\s?((?:19|20)\d\d|\d\d)|-((?:19|20)\d\d|\d\d))\b"
)
_SEGMENT_END = re.compile(r"\s[|·]\s|[()\[\]]|(?<=[a-z]{3})[.;]\s|,?\s{0,3}(?=(?:19|20)\d\d)")
_NO_VENUE = re.compile(r"arxiv|preprint|corr|techreport|technical report|openreview|.*gpt.*", re.I)
_SUMMARY = re.compile(r"^\W*(abstract|summary|tl;?dr|摘要)\W*:?\W*\s*", re.IGNORECASE)
_TRAILING = re.compile(r"[\s\-–—:|·•,;\[(\"'“”]+$")
_FULL_YEAR = r"(?:19|20)\d\d"
#: A venue has two capitals, or is known; in brackets, any name beside a year is taken for one.
_KNOWN = r"[aA]r[xX]iv|[a-z]{3,4}Rxiv|Nature|Science|Cell|Findings|Interspeech|Sensors|Patterns"
_CAPITALS = rf"(?:[A-Z][\w&+/-]*[A-Z][\w&+/-]*|{_KNOWN})(?: (?:[A-Z][\w&+/.-]*|of|on|and|&)){{0,5}}"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NAMED = rf"(?!(?:{_MONTHS})[a-z]*\b|COVID|SARS)[A-Za-z][A-Za-z&+/. -]{{1,50}}?"


def _dated(venue: str) -> str:
    """Return the pattern of a venue with its year, in either order."""
    return (
        rf"(?:(?P<year>{_FULL_YEAR})[ ,:/-]{{1,2}}(?P<venue>{venue})"
        rf"(?:[ ,]+{_FULL_YEAR}[^\[\]()*]{{0,30}})?"
        rf"|(?P<place>{venue})(?:[ ,:/-]{{0,2}}(?P<after>{_FULL_YEAR})|[ -]?['’‘`](?P<short>\d\d)"
        r"|(?<=[A-Z])(?P<glued>[0129]\d))(?:[ ,:/-]+[A-Za-z][A-Za-z ]{0,30})?)"
    )


_AFTER = r"[\s:.,;|–—-]*"
#: The venue and year before a title: `(2024 CVPR)`, `[CVPR'24 Oral]`; `**CVPR 2024**`.
_BRACKETED = re.compile(
    rf"\s*[*_`]{{0,3}}[(\[【]\s*{_dated(_NAMED)}\s*[)\]】](?!\()[*_`]{{0,3}}{_AFTER}"
)
_MARK = r"(?:\*{1,3}|_{1,3}|`)"
_MARKED = re.compile(rf"\s*{_MARK}{_dated(_CAPITALS)}[:.,]?{_MARK}{_AFTER}")
_LEADING = re.compile(
    rf"^(?!{_BRACKETED.pattern})"
    r"(?:[\W_]*(?:\(?(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}\)?|NEW|new!?)[\W_]+|[\s\-–—:|·•.,;]+)"
)
#: An entry has at most so many characters.
_LONGEST = 20_000
#: An abstract has so many characters at least.
_ABSTRACT = 120


def record_of(block: Block) -> dict[str, Any] | None:
    """Return the record of the paper that an entry is about; None where it is about none."""
    if len(block.text) > _LONGEST:
        return None
    if block.kind == "row":
        return _of_row(block)
    first, body = _parts(block)
    text, before = _before(without_images(first))
    links = find_links(text)
    paper = _paper_link([link for _, _, link in links])
    if paper is None:
        return None
    title, rest = _title(text, links, paper)
    if not _is_title(title) or (block.kind == "heading" and len(title.split()) < 3):
        return None
    found: dict[str, Any] = _links([one for _, _, one in links], paper)
    title, within = _before(title)
    found |= {"title": title, **_with_date(_facts(rest), before or within)}
    if block.kind == "heading":
        found |= _described(body)
    return found | {"section": block.section}


def _before(text: str) -> tuple[str, dict[str, Any]]:
    """Return a text without the venue and year before its title, and what they say."""
    match = _BRACKETED.match(text) or _MARKED.match(text)
    if match is None or len(plain(text[match.end() :]).split()) < 2:
        return text, {}
    two = match["short"] or match["glued"]
    century = "19" if two and two >= "60" else "20"
    found = {"year": match["year"] or match["after"] or f"{century}{two}"}
    venue = (match["venue"] or match["place"]).strip(" ,:/-")
    # One plain word may be a maker or an author: `(Google 2024)`.
    if not _NO_VENUE.fullmatch(venue) and (" " in venue or re.fullmatch(_CAPITALS, venue)):
        found["venue"] = venue
    return text[match.end() :], found


def _with_date(facts: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return facts with what stands before the title; a date in them is more than a year."""
    return facts | {
        name: value for name, value in before.items() if name != "year" or "published" not in facts
    }


def _parts(block: Block) -> tuple[str, str]:
    """Return what is read as one, and the paragraphs below a heading."""
    if block.kind == "heading":
        below = "\n".join(block.lines[1:])
        links = find_links(without_images(block.lines[0]))
        # A heading that is only a title has its links below.
        near = "" if any(link.to_paper for _, _, link in links) else below
        return f"{block.lines[0]}\n{near}", below
    return block.text, ""


def _paper_link(links: list[Link]) -> Link | None:
    """Return the link to the paper: to a known place, or one that says so."""
    strong = [link for link in links if link.to_paper]
    if strong:
        return next((link for link in strong if arxiv_id_of(link.url)), strong[0])
    return next(
        (
            link
            for link in links
            if link.names_paper and (link.is_pdf or "paper" in link.words.lower())
        ),
        None,
    )


def _title(text: str, links: list[tuple[int, int, Link]], paper: Link) -> tuple[str, str]:
    """Return the title of an entry, and what is left of it."""
    written = [
        (start, end, link)
        for start, end, link in links
        if not link.is_label and (link.to_paper or link is paper or link.is_pdf)
    ]
    for start, end, link in [*written, *(one for one in links if not one[2].is_label)]:
        if _is_title(link.words) and (link.to_paper or len(link.words.split()) >= 3):
            return _trimmed(link.words), text[:start] + " " + text[end:]
    for words in bold(text):
        if len(plain(words).split()) >= 3 and not _people(plain(words)):
            at = text.find(words)
            return _trimmed(plain(words)), text[:at] + " " + text[at + len(words) :]
    before = text[: links[0][0]] if links else text
    lead = plain(before.split("\n")[0] if before.strip() else text.split("\n")[0])
    lead = _TRAILING.sub("", _LEADING.sub("", lead))
    slanted = [one for one in map(plain, italic(before)) if len(one.split()) >= 3]
    if slanted and not _people(slanted[0]) and slanted[0] in lead:
        return _trimmed(slanted[0]), text.replace(slanted[0], " ")
    quoted = re.search(r"[\"“]([^\"“”]{8,300})[\"”]", lead)
    if quoted:
        return _trimmed(quoted[1]), text.replace(quoted[1], " ")
    # `Title. Authors. Venue 2020.`: what follows the first full stop is not the title's.
    sentence = re.split(
        r"(?<=[a-z)\d?!])[.](?=\s+[A-Z])|\s+[|·]\s+|\s\((?=(?:19|20)\d\d)", lead, maxsplit=1
    )[0]
    return _trimmed(sentence), text.replace(sentence, " ", 1)


def _trimmed(title: str) -> str:
    title = _TRAILING.sub("", _LEADING.sub("", " ".join(title.split()))).strip('*_"“” ')
    return title[:-1] if title.endswith(".") and not title.endswith("...") else title


def _is_title(words: str) -> bool:
    return len(words) >= 6 and any(c.isalpha() for c in words) and not words.startswith("http")


def _links(links: list[Link], paper: Link) -> dict[str, Any]:
    """Return the ids and addresses that the links of an entry give."""
    papers = [paper, *(link for link in links if link.to_paper)]
    arxiv = next((one for link in papers if (one := arxiv_id_of(link.url))), None)
    code = next(
        (one.url for one in links if one is not paper and (one.to_code or one.names_code)), None
    )
    project = next((one.url for one in links if one.names_project and one.url != code), None)
    return {
        "arxiv_id": arxiv,
        "doi": next((one for link in papers if (one := doi_of(link.url))), None),
        "url": paper.url if paper.url.startswith("http") else None,
        "code_url": code if code and code.startswith("http") else None,
        "project_url": project if project and project.startswith("http") else None,
    }


def _facts(rest: str) -> dict[str, Any]:
    """Return authors, venue and date in what stands beside a title."""
    found: dict[str, Any] = {}
    words = without_images(rest)
    for start, end, link in reversed(find_links(words)):
        words = words[:start] + (" " if link.is_label else f" {link.words} ") + words[end:]
    words = re.sub(r"\*{2,}|_{2,}", " ", words)  # what bold words leave behind
    for candidate in [*map(plain, italic(words)), *_segments(plain(words))]:
        if _people(candidate):
            found["authors"] = split_authors(_ET_AL.sub("", candidate.strip(" .,")))
            break
    flat = plain(words)
    for match in _MEETING.finditer(flat):
        year = match[2] or match[3]
        if not _NO_VENUE.fullmatch(match[1]):
            found["venue"] = match[1].strip()
            found["year"] = year if len(year) == 4 else f"20{year}"
            break
    day = _DAY.search(flat)
    year = _YEAR.search(flat)
    if day:
        found["published"] = loose_date(day[1].replace(".", "-").replace("/", "-"))
        found.pop("year", None)
    elif year and "year" not in found:
        found["year"] = year[1]
    return found


def _segments(text: str) -> list[str]:
    return [part.strip() for part in _SEGMENT_END.split(text)]


def _people(text: str) -> bool:
    """Return whether a text is a list of names, or one name and `et al`."""
    bare = text.strip(" .,;:*")
    if len(bare) > 2000:
        return False
    others = _ET_AL.search(bare)
    bare = _ET_AL.sub("", bare)
    parts = [part.strip() for part in re.split(r",|;|\band\b|&", bare) if part.strip()]
    if not parts or len(bare) > 1500:
        return False
    if others and len(parts) == 1 and len(parts[0].split()) <= 4 and parts[0][:1].isupper():
        return True
    named = [part for part in parts if _PERSON.fullmatch(part) and len(part) <= 45]
    return len(parts) >= 2 and len(named) >= max(2, 0.8 * len(parts))


def _described(body: str) -> dict[str, Any]:
    """Return the abstract or summary that stands below a heading."""
    found: dict[str, Any] = {}
    for paragraph in re.split(r"\n\s*\n", body):
        words = plain(paragraph)
        label = _SUMMARY.match(words)
        if label and label[1].lower() not in ("abstract", "摘要"):
            found.setdefault("summary", words[label.end() :])
        elif len(words) >= _ABSTRACT or (label and len(words) > label.end()):
            found.setdefault("abstract", words[label.end() :] if label else words)
    return found


def _of_row(block: Block) -> dict[str, Any] | None:
    """Return the record of a row of a table."""
    cells = {
        name: cell for name, cell in block.cells.items() if plain(cell) not in ("", "-", "—", "/")
    }
    named = {
        ours: next((cell for name, cell in cells.items() if rule.fullmatch(name)), None)
        for ours, rule in _COLUMN.items()
    }
    links = [link for cell in cells.values() for _, _, link in find_links(without_images(cell))]
    paper = _paper_link(links)
    by_name = next((name for name in cells if _COLUMN["title"].fullmatch(name)), None)
    candidates = [link.words for link in links if link.to_paper and not link.is_label]
    before: dict[str, Any] = {}
    if by_name is not None:
        own, before = _before(cells[by_name])
        words = _trimmed(
            plain(bold(own)[0]) if bold(own) and len(bold(own)[0].split()) > 2 else plain(own)
        )
        linked = [one.words for _, _, one in find_links(without_images(own)) if not one.is_label]
        best = max((one for one in linked if _is_title(one)), key=len, default="")
        words = _trimmed(best) if best and len(best.split()) >= 3 else words
        candidates = (
            [words, *candidates]
            if len(words.split()) >= 2 or not candidates
            else [*candidates, words]
        )
    candidates += (
        sorted(map(plain, cells.values()), key=len, reverse=True)[:1] if not candidates else []
    )
    title = next((one for one in candidates if _is_title(one) and not _is_label(one)), None)
    beside = named["authors"] or named["venue"] or named["published"]
    if title is None or (paper is None and not (by_name and beside and len(title.split()) > 2)):
        return None
    title, within = _before(_trimmed(title))
    found: dict[str, Any] = {"title": title}
    found |= _links(links, paper) if paper else {}
    if named["authors"]:
        found["authors"] = split_authors(_ET_AL.sub("", plain(named["authors"])))
    if named["published"]:
        found["published"] = loose_date(plain(named["published"]))
    venue = plain(named["venue"]) if named["venue"] else None
    if venue and not _NO_VENUE.fullmatch(re.sub(r"[\s\d.:'’]+$", "", venue)):
        found["venue"] = venue
        year = _YEAR.search(venue)
        if year and not found.get("published"):
            found["year"] = year[1]
    return before | within | found | {"section": block.section}


def _is_label(words: str) -> bool:
    return Link(words, "").is_label
