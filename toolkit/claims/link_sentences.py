"""What a sentence says about its links: their kind and tense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from toolkit.claims.lexicon import FUTURE, NOUNS, SOON, hide_other_code, list_elements
from toolkit.claims.link_kinds import (
    Kind,
    after_availability,
    decide_kind,
    is_of_others,
    kind_of_words,
)
from toolkit.claims.link_signs import Surroundings, is_title_of_data, is_title_of_software
from toolkit.claims.mentions import is_registration
from toolkit.claims.places import CODE_PLACES, find_place
from toolkit.claims.sharing import joins
from toolkit.claims.statements import Names
from toolkit.claims.urls import FoundUrl

#: Private-use characters around the number that replaces a link in a text.
OPEN, CLOSE = "\ue000", "\ue001"
_PADDED = re.compile(f"(\\(\\s)?{OPEN}(\\d+){CLOSE}(?:\\s(?=[.,;:)\\]]))?")
_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")

_VERB = (
    r"(?:releas\w*|avail\w*|open[- ]?sourc\w*|public\w*|publish\w*|shar\w+|provid\w*|found|"
    r"access\w*|host\w*|upload\w*|post\w*|download\w*|integrat\w*|open(?:ed)?|put|come|appear|"
    r"distribut\w*|made|make|placed)"
)
_WILL = re.compile(
    rf"{FUTURE}\s+(?:(?!will\b)[\w-]+,?\s+){{0,7}}?{_VERB}|{FUTURE}\s+(?:be\s+)?(?!updat|maintain|"
    rf"continu|keep|kept|regular)(?:\w+\s+)?(?:at|on|in|here)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    rf"\b(?:is|are|has been|have been|can be|was|were|been|we|made)\s+(?:\w+\s+){{0,3}}?{_VERB}|"
    rf"\bavailable\b"
    r"|\b(?:is|are)\s+(?:at|on|in|here|hosted)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:show\w*|demonstrat\w+|outperform\w*|achiev\w+|propos\w+|present\w*|introduc\w+|"
    r"reveal\w*|improv\w+|enabl\w+|evaluat\w+ (?:on|the)|reach\w*|surpass\w*|exhibits?|"
    r"generali[sz]es?|conduct\w*|indicat\w+|validat\w+|suggest\w*|attain\w*|yields?|develop\w*|are|"
    r"is|was|were|has|have|will be)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\W*(?:to|for|in order to|in support of|with the (?:aim|goal)|aiming|towards?|based on|"
    r"building on|extensive|by|through)\b[^,]{0,160},\s*(?=\w)",
    re.IGNORECASE,
)
#: After a link with words in front, only what is joined to it gives its kind.
_APPOSED = re.compile(
    r"\s*(?:\([^)]{1,80}\)|,\s*(?:an?|the|our|one|which)\b[^.;]{0,100}|for (?:the |our |all |"
    r"more )?[^.;]{0,60}|"
    r"(?:contains|includes|hosts|provides|with)\b[^.;]{0,80})"
)
_ANY_AFTER = re.compile(r"[\s,]*[^.;]{0,160}")


class LinkStatement(NamedTuple):
    """What a sentence says about one link: its number in the text, kind, whose it is, tense."""

    number: int
    kind: str
    own: bool
    tense: str


def mark_links(text: str, found: list[FoundUrl]) -> str:
    """Return a text with each link replaced by its marked number, followed by its label."""
    parts, position = [], 0
    for number, link in enumerate(found):
        label = f"({link.label})" if link.label else ""
        parts += [text[position : link.start], f" {OPEN}{number}{CLOSE} ", label]
        position = link.end
    return " ".join(("".join(parts) + text[position:]).split())


def restore_urls(sentence: str, found: list[FoundUrl]) -> str:
    """Return a sentence with the URLs in place of their marked numbers."""
    return _PADDED.sub(
        lambda hit: f"{'(' if hit.group(1) else ''}{found[int(hit.group(2))].url}", sentence
    )


def unlinked_clauses(sentence: str) -> list[str]:
    """Return the clauses of a sentence without a marked link, where others have one.

    Examples
    --------
    >>> unlinked_clauses("Our code will be released, and the demo is at \ue0000\ue001.")
    ['Our code will be released']
    """
    clauses = _COORDINATED.split(sentence)
    return [clause for clause in clauses if OPEN not in clause] if len(clauses) > 1 else []


_COORDINATED = re.compile(
    r";\s|[,.]\s(?:and|while|but|whereas)\s(?=(?:the|our|we|a|all)\b)|\.\s(?=[A-Z])"
)


def read_links(
    sentence: str, previous: str, found: list[FoundUrl], names: Names, *, is_last: bool = False
) -> list[LinkStatement]:
    """Return the kind and tense of every link of a sentence.

    Parameters
    ----------
    sentence, previous : str
        The sentence with its links marked (`mark_links`), and the one before it.
    found : list of FoundUrl
        The links of the text.
    names : Names
        The paper's own names.
    is_last : bool
        Whether it is the text's last sentence.

    Returns
    -------
    list of LinkStatement
        In the order of the sentence.
    """
    statements: list[LinkStatement] = []
    tense, decided, named = "", None, False
    for number, around, between in surroundings(sentence, previous, found, names, is_last=is_last):
        place = find_place(around.url)
        joined = decided if joins(between) and (named or not (decided and decided.own)) else None
        named |= around.said is not None
        if decided is None or len(statements) < _MOST_READ:
            decided = decide_kind(around, names, before=joined)
        registered = between if len(between.split()) >= 6 else f"{around.previous[-60:]} {between}"
        if is_registration(registered, place):
            decided = Kind("registry", own=False)
        tense = _tense(between, around.right, tense)
        statements.append(LinkStatement(number, *decided, tense))
    return statements


def surroundings(
    sentence: str, previous: str, found: list[FoundUrl], names: Names, *, is_last: bool
) -> Iterator[tuple[int, Surroundings, str]]:
    """Yield the number of every link of a sentence, what stands around it, and what between.

    Parameters
    ----------
    sentence, previous, found, names, is_last
        As of `read_links`.
    """
    text = hide_other_code(sentence)
    hits = list(_MARK.finditer(text))
    each = _read_respective(text, hits, found) if hits and "respectively" in text else []
    for at, hit in enumerate(hits):
        between = text[hits[at - 1].end() if at else 0 : hit.start()]
        right = text[hit.end() : hits[at + 1].start() if at + 1 < len(hits) else len(text)]
        number = int(hit.group(1))
        url = found[number].url
        before = "" if at else previous
        said = each[at] if each else _kind_said(between, right, before, url, names)
        left = (
            _MARK.sub(" ", text[max(0, hit.start() - _NEAR) : hit.start()])
            if len(between.split()) < 4
            else between
        )
        left = f"{previous} {left}" if _PRONOUN.match(left) else left
        around = Surroundings(left, right, previous, url, said, at > 0, is_last, bool(each))
        yield number, around, between


def _read_respective(
    text: str, hits: list[re.Match[str]], found: list[FoundUrl]
) -> list[str | None]:
    """Return a kind each for "the code and the page are at A and B, respectively", else nothing."""
    urls = [found[int(hit.group(1))].url for hit in hits]
    elements = list_elements(_clause(text[: hits[0].start()]))
    known = [element for element in elements if kind_of_words(element, code_host=False)]
    if len(known) != len(hits):
        return []
    return [
        kind_of_words(element, code_host=find_place(url).name in CODE_PLACES)
        for element, url in zip(known, urls)
    ]


_FUTURE_NEXT = re.compile(
    rf"\W{{0,3}}(?:(?:will|shall)\s(?:\w+\s){{0,3}}?{_VERB}|(?:soon|upon|once|after|when)\b)"
)
_SOON_NEXT = re.compile(r"\W{0,3}(?:soon\b|upon|once|after (?:the )?(?:accept|publi|paper))")


_OWN_VERB = re.compile(r"\b(?:is|are|can|has|have|was|were)\b")


def _tense(left: str, right: str, inherited: str) -> str:
    last = _COORDINATED.split(left)[-1]
    left = last if _OWN_VERB.search(last) else left
    if _WILL.search(left) or SOON.search(left):
        return "future"
    now = _NOW.search(left)
    # "code at ⟦link⟧ will be released soon", but not "page is ⟦link⟧, and the code will be …".
    if _SOON_NEXT.match(right) or (now is None and _FUTURE_NEXT.match(right)):
        return "future"
    return "present" if now or not inherited else inherited


#: Letters read in front of a link; links of a sentence read one by one, later ones as the last one.
_NEAR, _MOST_READ = 1000, 50
_CLAUSES = re.compile(
    r"[;]|\. |, (?=(?:and |while |with |where )?(?:we|our|the|all|code|codes|source|its)\b)|"
    r": (?=[A-Z])| and (?=we\b)| and (?=an? [\w-]+(?: [\w-]+)? (?:is|are)\b)"
)


def _clause(left: str) -> str:
    """Return the last clause in front of a link; a list counts as one clause."""
    *parts, clause = _CLAUSES.split(left[-_NEAR:])
    for part in reversed(parts):
        known = any(pattern.search(clause.lower()) for pattern in NOUNS.values())
        # A part without its own verb belongs to the same list.
        if known and _FINITE.search(part):
            break
        clause = f"{part}, {clause}"
    return clause


#: "EcoGene (URL) is a database".
_IS_A = re.compile(r"\s*\)?,?\s(?:is|are)\s(?:an?|the)\s([^.;,]{3,60})")
_HOLDS_DATA = re.compile(
    r"\W*(?:containing|that contains|which contains|with)\s(?:[\w-]+\s){0,3}?data(?:sets?)?\b"
)
_BESIDE = re.compile(r"\s*\)?,\s(?:an?|the|our)\s([^.;,]{3,60})")
_LICENCE = re.compile(
    r"\bunder\s(?:\w+\s){0,4}?(?:L?GPL|AGPL|MIT|BSD|Apache|MPL|GNU|Artistic|open[- ]source)\b"
)
_POINTS_BACK = re.compile(r"\b(?:them|it|these|here|this|at|available)\b|^\W*$", re.IGNORECASE)
#: "More details at …" does not refer to the sentence before.
_DETAILS = re.compile(r"\b(?:details?|information|more|results?)\b", re.IGNORECASE)
_OPENS = re.compile(r"\b(?:avail\w*|accessible|releas\w*|open|public\w*|provid\w*|download\w*)\b")
_DOWNLOADS = re.compile(r"\b(?:download\w*|open[- ]sourced?|licen[cs]ed?)\b|\(\W*$", re.IGNORECASE)


#: The heading of a structured abstract says nothing of a link.
_HEADING = re.compile(
    r"^\W*(?:[\w,&/-]+\s){0,3}?(?:methods?|methodology|design|results|conclusions?|background|"
    r"objectives?|motivation)\s?:\s",
    re.IGNORECASE,
)
#: Names of places that have a noun for something else in them.
_PLACE_NAMES = re.compile(r"\b(?:Open Science Framework|Code Ocean|Internet Archive)\b")
#: "We make available at URL three test beds": what is there comes after it.
_MAKES_AT = re.compile(r"\bmakes?\s(?:\w+ly\s)?(?:available|public)\s(?:at|on|via)\W*$")
#: "These results are open to the public at": what was found, as data.
_FINDINGS = re.compile(
    r"(?!.*\b(?:more|further|additional|detail\w*|video)\b)[^.;]{0,120}?\b(?:results|information|"
    r"calculations|predictions|values|maps|materials)\b[^.;]{0,80}?\b(?:made|open|publicly|freely)\b",
    re.IGNORECASE | re.DOTALL,
)
_DOWNLOADED = re.compile(r"\b(?:downloaded|obtained|installed|downloadable)\b", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]|[()\[\]]")
_PRONOUN = re.compile(r"\W*(?:these|they|all (?:of )?(?:these|them))\s(?:are|can|may|will)\b", re.I)


def _kind_said(left: str, right: str, previous: str, url: str, names: Names) -> str | None:
    """Return the kind of a link by the words around it, None where they do not give one.

    Besides the kinds it may be "page" or "repository", see `kind_of_words`.
    """
    if is_of_others(left):
        return "other"
    place = find_place(url).name
    at_code = place in CODE_PLACES
    headed = after_availability(left)
    left = headed or left
    left = _PLACE_NAMES.sub(" ", _HEADING.sub("", left))
    clause = _clause(left)
    said = kind_of_words(_PURPOSE.sub("", clause), code_host=at_code) or kind_of_words(
        clause, code_host=at_code
    )
    if said in ("project", "page") and _DOWNLOADED.search(clause):
        made = names.kinds_in(clause, most=2, own=True)
        said = "code" if made & {"code", "system"} else said
    if said in (None, "project", "page") and place == "" and _FINDINGS.match(clause):
        said = "data"
    if said is None:
        bare = len(left) < 8 or _MAKES_AT.search(left)
        after = (_ANY_AFTER if bare else _APPOSED).match(right)
        said = kind_of_words(after.group(), code_host=at_code) if after else None
    if said is None and (described := _IS_A.match(right)):
        said = kind_of_words(described.group(1), code_host=at_code)
    if said in (None, "model that runs") and place == "" and (beside := _BESIDE.match(right)):
        described_as = kind_of_words(beside.group(1), code_host=False)
        said = described_as if described_as in ("data", "demo") else said
    if said is None and (headed or (_LICENCE.search(right[:90]) and place == "")):
        said = "data" if is_title_of_data(names.title) else "code"
    if said in ("project", "page") and place == "" and _HOLDS_DATA.match(right):
        return "data"
    if said is not None:
        return said
    if names.owned_in(clause, most=2):
        own = names.kinds_in(clause, most=2, own=True)
        if own & {"code", "system"} and (_OPENS.search(clause) or _DOWNLOADS.search(clause)):
            return "code"
        return "data" if "data" in own and _OPENS.search(clause) else None
    if _PRONOUN.match(left) and (said := kind_of_words(previous, code_host=at_code)):
        return said
    if place == "" and _SHORT.fullmatch(left) and is_title_of_software(names.title):
        return "code"
    if _OPENS.search(previous) and _POINTS_BACK.search(left) and not _DETAILS.search(left):
        return kind_of_words(_clause(previous), code_host=at_code)
    return None


#: "Free access:", "It is available at", of a paper that presents software.
_SHORT = re.compile(
    r"\W*(?:(?:it|this|the (?:tool|method|program|server))\s)?(?:(?:is|can be|free|freely|"
    r"publicly|openly|online|access\w*|"
    r"available|found|used|availability|url|at|from|via|on|as)\W+)+",
    re.I,
)
