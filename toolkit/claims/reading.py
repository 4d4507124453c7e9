"""What one text, or one paper, says: its links, and its statements about what is open."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.claims.glosses import gloss, is_english
from toolkit.claims.link_sentences import mark_links, read_links, restore_urls, unlinked_clauses
from toolkit.claims.sentences import split_sentences
from toolkit.claims.statements import Names, Statement, may_state, read_claims
from toolkit.claims.url_repair import repair_urls
from toolkit.claims.urls import find_urls

#: So many letters of a title are searched for the paper's own names, for each of its links.
_TITLE = 500

REGISTRY = "registry"
#: Kinds of links whose status is given beside that of code.
LINK_KINDS = ("data", "model", "demo", "project", REGISTRY)


class Link(NamedTuple):
    """A link of a paper, as `find_links` gives it."""

    url: str
    kind: str
    own: bool
    tense: str
    evidence: str
    where: str


class Reading(NamedTuple):
    """What a paper says: its links, and its statements without link with their sentences."""

    links: list[Link]
    statements: list[tuple[Statement, str]]


def read_paper(title: str, abstract: str, comments: str = "") -> Reading:
    """Return the links and statements of one paper.

    Parameters
    ----------
    title, abstract, comments : str
        Text; empty where there is none.

    Returns
    -------
    Reading
        Links in order, each address once; statements in order.

    Examples
    --------
    >>> read_paper("X", "Code: github.com/a/b.").links[0].kind
    'code'
    """
    links: dict[str, Link] = {}
    statements: list[tuple[Statement, str]] = []
    for where, text in (("title", title), ("abstract", abstract), ("comments", comments)):
        if text:
            reading = read_text(text, title=title, where=where)
            for link in reading.links:
                keep_link(links, link)
            statements += reading.statements if where != "title" else []
    return Reading(list(links.values()), statements)


def read_text(text: str, *, title: str = "", where: str = "text") -> Reading:
    """Return the links and statements of one text: an abstract, or a section of a full text.

    Parameters
    ----------
    text : str
        Running text; its broken addresses are repaired.
    title : str
        The paper's title: names in it are the paper's own.
    where : str
        What stands in the field `where` of the links.

    Returns
    -------
    Reading
        Links in order, an address as often as it is named; statements in order.

    Examples
    --------
    >>> [(link.kind, link.own) for link in read_text("Code: https://github.com/me/leaf.").links]
    [('code', True)]
    """
    text = repair_urls(text)
    found = find_urls(text)
    links: list[Link] = []
    statements: list[tuple[Statement, str]] = []
    if not found and not may_state(text) and is_english(text):
        return Reading(links, statements)
    marked = mark_links(text, found) if found else text
    names = Names(title[:_TITLE], marked)
    previous = ""
    sentences = split_sentences(marked)
    for at, sentence in enumerate(sentences, 1):
        english = gloss(sentence)
        evidence = restore_urls(sentence, found) if found else sentence
        shared = False
        if found and "\ue000" in sentence:
            for number, kind, own, tense in read_links(
                english, previous, found, names, is_last=at == len(sentences)
            ):
                links.append(Link(found[number].url, kind, own, tense, evidence, where))
                shared |= own
        for clause in unlinked_clauses(english) if shared else [english]:
            statements += [(s, evidence) for s in read_claims(clause, names)]
        previous = english
    return Reading(links, statements)


def keep_link(links: dict[str, Link], link: Link) -> None:
    """Keep one link an address: what is there before what is announced, else the first."""
    known = links.get(link_key(link.url))
    if known is None or (known.tense, link.tense) == ("future", "present"):
        links[link_key(link.url)] = link


def link_key(url: str) -> str:
    """Return one spelling of an address, for telling whether two are the same."""
    return re.sub(r"^https?://(?:www\.)?", "", url.lower()).rstrip("/").removesuffix(".git")


def decide_status(reading: Reading) -> tuple[str, str, str]:
    """Return the status of the code, that of any artifact, and the evidence."""
    own = [link for link in reading.links if link.own]
    code = [link for link in own if link.kind == "code"]
    said = [(statement, sentence) for statement, sentence in reading.statements]
    of_code = [(s, sentence) for s, sentence in said if "code" in s.kinds]
    code_status, code_evidence = _status(code, of_code)
    status, evidence = _status(own, said)
    return code_status, status, code_evidence or evidence


def decide_kinds(reading: Reading) -> dict[str, str]:
    """Return the status of data, a model, a demo and a project page, and of a registration.

    Examples
    --------
    >>> decide_kinds(read_paper("X", "Our data are available from the authors on request."))["data"]
    'request'
    """
    said: dict[str, str] = {}
    for kind in LINK_KINDS:
        # A registry's page is nobody's own: the paper is registered there all the same.
        links = [one for one in reading.links if one.kind == kind and (one.own or kind == REGISTRY)]
        links = [one for one in links if one.where != "references"]
        said[kind] = _status(links, [one for one in reading.statements if kind in one[0].kinds])[0]
    return said


def _status(links: list[Link], statements: list[tuple[Statement, str]]) -> tuple[str, str]:
    for link in links:
        if link.tense == "present":
            return "linked", link.evidence
    for link in links:
        return "promised", link.evidence
    for status, tense in (("promised", "future"), ("claimed", "present"), ("request", "request")):
        for statement, sentence in statements:
            if statement.tense == tense:
                return status, sentence
    return "none", ""
