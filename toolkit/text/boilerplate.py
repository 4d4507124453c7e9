"""Takes off what is in an abstract but not of it: publishers' notices, database notes, headings."""

from __future__ import annotations

import re

#: What `clean_abstract` says that it took off.
NOTICE = "a publisher's notice"
PLACEHOLDER = "a text in place of an abstract"
#: What databases write in place of a title, the authors or the venue, where none is known.
NOT_GIVEN = frozenset(
    form
    for words in (
        "No title available", "No author name available", "No authors listed",
        "No source information available", "Not Available",
    )
    for form in (f"[{words}]", f"[{words}].", words)
) | {"[Anonymous]", "[ANONYMOUS]", "[No title]"}  # fmt: skip
#: What a text must hold near its start or end for a closer look; nearly none does.
_MARKS = (
    "©", "(c)", "copyright", "rights reserved", "published by", "published online", "published 20",
    "published 19", "published on behalf", "published under", "protected by", "open access",
    "open-access", "license", "licence", "database record", "abstract from", "hosting",
    "government work", "permissions",
)  # fmt: skip
#: Notices stand in so many characters at the end, or begin at the start.
_TAIL, _HEAD = 1200, 400
_SENTENCE = re.compile(r"(?<=[.!?\])])(?<![\s(][A-Z]\.)\s+(?=[A-Z(\[©]|all rights)")
_WHO = r"(?:the\s+)?(?:authors?|author\(s\)|editors?|royal|american|european|international)\b"
_SIGN = r"(?:©|\(c\)|&copy;)"
#: How a copyright notice begins: the sign with a year or a holder; the word with either.
_START = re.compile(
    rf"(?<!\w)(?:crown\s+)?(?:copyright\s*:?\s*)?{_SIGN},?\s*(?:(?:copyright\s*)?(?:19|20)\d\d\b|{_WHO}|"
    rf"copyright\b|(?-i:[A-Z])[\w.&'-]*(?:\s+(?-i:[A-Z&])[\w.&'-]*){{0,6}}[,.]?\s*(?:(?:19|20)\d\d\b|$))"
    rf"|(?<![\w-])(?:crown\s+)?copyright\s+(?:(?:19|20)\d\d\b|by\s+(?-i:[A-Z]))"
    rf"|(?<![\w-])crown\s+copyright\b",
    re.IGNORECASE,
)
_MAY_START = re.compile(r"©|\([cC]\)|[cC]opyright|COPYRIGHT|[Cc]rown|CROWN|&copy;")
_HOUSES = (
    r"elsevier|wiley|springer|taylor|francis|sage|press|publish|ltd|limited|inc\b|gmbh|b\.\s?v|"
    r"\bs\.a|society|association|academy|institut|llc|corporation|university|group|media|verlag|"
    r"mdpi|bmj|nature|karger|ieee|acm\b|emerald|oxford|cambridge|lippincott|federation|college"
)
#: Whole sentences that are notices wherever they stand at an end.
_NOTICE = re.compile(
    rf"""(?:
    all\ rights(?:\ are)?\ reserved
  | (?:19|20)\d\d[,.]?\s[^.]{{3,120}}\.\s*all\ rights\ reserved
  | (?:first\ )?published\ (?:online\ )?(?:(?:in\ )?(?:19|20)\d\d\W*)?
      (?:by|on\ behalf\ of|under\ licen[cs]e)\ .{{0,100}}?(?:{_HOUSES}).{{0,100}}
  | published\ (?:19|20)\d\d
  | (?:hosting|production)\ (?:and\ (?:hosting|production)\ )?by\ .{{2,80}}
  | this\ (?:article|paper|work|chapter)\ is\ protected\ by\ copyright.{{0,80}}
  | (?:this\ (?:is\ an?|article\ is\ an?|paper\ is\ an?)\ )?open[-\ ]access
      \ (?:article|paper|chapter)
      \ (?:under|distributed|published|licensed).{{0,400}}
  | (?:(?:this|all)\ (?:article|work|paper|is\ an\ article)(?:\ content)?[^.]{{0,40}}\ )?(?:is\ )?
      (?:licensed|distributed|published)\ under
      \ .{{0,80}}(?:creative\ commons|\bcc[-\ ]by\b).{{0,300}}
  | this\ (?:article|paper)\ is\ (?:an?\ )?
      (?:published\ with\ open\ access|u\.?s\.?\ government\ work).{{0,150}}
  | (?:article\ )?(?:is\ )?a\ u\.?s\.?\ government\ work.{{0,150}}
  | re-?use\ permitted\ under.{{0,60}} | no\ commercial\ re-?use | see\ rights\ and\ permissions
  | for\ (?:commercial\ re-?use|(?:reprints\ and\ )?permissions?),?\ please.{{0,150}}
  | (?:the\ )?authors?(?:\(s\))? | \(?licensee\ .{{2,60}}
  | copyright\ of\ .{{2,300}}\ is\ the\ property\ of\ .{{2,300}}
  | however,\ (?:remote\ access|users\ may\ print).{{0,300}}
  | this\ abstract\ may\ be\ abridged | no\ warranty\ is\ given\ about\ the\ accuracy.{{0,60}}
  | users\ should\ refer\ to\ the\ original\ published\ version.{{0,120}}
  | \(?copyright\ applies\ to\ all\ abstracts\.?\)?
  | [(\[]?abstract\ from\ (?:authors?|publishers?)[)\]]?
  | [(\[]?(?:apa\ )?psyc\w+\ database\ record.{{0,120}}
  | \(?embase\ copyright.{{0,80}} | © | copyright
    )[\s.)\]]*""",
    re.IGNORECASE | re.VERBOSE,
)
#: What may follow a copyright notice, of the journal or its house.
_GOES_ON = re.compile(
    r".{2,100}\bpublished (?:by|on behalf)\b.{2,160}$|(?:j|int|appl|biomater)\b.{2,120}\d{4}\W*$",
    re.I,
)
#: `© Peter Lang AG, Bern.`: the sign alone, after a sentence, up to the end.
_SIGN_AT_END = re.compile(r"(?<=[.!?])\s*©[^.©]{2,60}(?:\.[^.©]{0,40}){0,3}$")
_INSIDE = re.compile(
    r"(?<!\s)\s*(?:[(\[]\s*(?:APA\s+)?Psyc\w+\s+Database\s+Record[^()\[\]]{0,40}(?:\(c\)|©)?[^()\[\]]{0,80}[)\]]"
    r"|[(\[]\s*ABSTRACT FROM (?:AUTHOR|PUBLISHER)S?\s*[)\]])",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"""[\s\[(<.:-]* (?:(?:an?|the)\s+)? (?:
    (?:no|without)\s+(?:abstract|summary)
      (?:\s+(?:is\s+)?(?:available|provided|given|found|supplied|text))?
      (?:\s+(?:online|for\ this\ \w+))?
  | (?:the\s+)?abstract\s+(?:is\s+)?(?:not|un)\s?-?\s*(?:available|provided|found|supplied)
  | (?:this|the)\s+\w+\s+(?:has|have|does\ not\ have)\s+(?:no|an)\s+abstract
  | there\s+is\s+no\s+abstract(?:\s+\w+){0,4}
  | not\s+available | not\s+applicable | abstracts? | summary | n/?a | none | nan | null | tba
  | kein\s+abstract(?:\s+\w+)? | (?:resumen|resumo)\s+no\s+disponible | no\s+disponible
  | pas\s+de\s+résumé(?:\s+disponible)? | 无摘要 | 暂无摘要 | 要旨なし
    )[\s\])>.:!-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_SECTIONS = (
    "background", "objectives", "objective", "methods", "method", "results", "result",
    "conclusions", "conclusion", "introduction", "findings", "interpretation", "aims", "aim",
)  # fmt: skip
_MORE_SECTIONS = (
    "purpose", "design", "settings", "setting", "participants", "patients", "interventions",
    "intervention", "funding", "discussion", "materials and methods", "summary", "importance",
    "rationale", "hypothesis", "main outcome measures", "main outcome measure", "measurements",
    "outcome measures", "study design", "context", "limitations",
    "significance", "implications", "trial registration",
)  # fmt: skip
_OPENERS = (
    "the|a|an|we|this|these|in|to|our|here|it|as|although|many|most|while|with|recent|despite|"
    "how|what|by|for|from|on|there|when|since|using|is|are|both"
)
_HEADING = re.compile(
    r"\s*(?:\[?(?:Abstract|ABSTRACT)\]?\s*[:.—–-]\s*(?=\S)|ABSTRACT\s+(?=[A-Z])|Abstract(?=[A-Z][a-z])|"
    rf"Abstract\s+(?=[A-Z])(?=(?i:{'|'.join((*_SECTIONS, *_MORE_SECTIONS, _OPENERS))})\b))"
    r"|\s*(?:Zusammenfassung|Résumé|Resumen|Resumo|Riassunto|Summary|SUMMARY)\s*:\s*(?=\S)"
)


def _cases(names: tuple[str, ...]) -> str:
    """Return a pattern of headings as they are written: Methods, METHODS."""
    return "|".join(f"{name.capitalize()}|{name.upper()}" for name in names)


def _run_together(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of headings that run into the next word."""
    return re.compile(
        rf"(?:^|(?<=[.!?)\];\"])\s?)(?P<name>{_cases(names)})(?=[A-Z][a-z]|A\s|[A-Z]{{2,}}\w*\s)"
    )


_MAYBE_RUN_TOGETHER = re.compile(rf"(?:{_cases(_SECTIONS)})(?=[A-Z])")
_RUN_TOGETHER = _run_together(_SECTIONS)
_RUN_TOGETHER_MORE = _run_together((*_SECTIONS, *_MORE_SECTIONS))


def clean_abstract(text: str) -> tuple[str, str]:
    """Return an abstract without what publishers and databases add, and what was taken off.

    Parameters
    ----------
    text : str
        An abstract of one line, without markup.

    Returns
    -------
    tuple of str
        The abstract, empty for a text in place of one; and in words what was taken off: empty,
        ``a publisher's notice``, ``a text in place of an abstract``.

    Examples
    --------
    >>> clean_abstract("We count oaks. © 2020 Elsevier B.V. All rights reserved.")
    ('We count oaks.', "a publisher's notice")
    >>> clean_abstract("[No abstract available]")
    ('', 'a text in place of an abstract')
    >>> clean_abstract("BACKGROUNDOaks grow old. METHODSWe count them.")
    ('BACKGROUND: Oaks grow old. METHODS: We count them.', '')
    """
    if len(text) < 80 and _EMPTY.fullmatch(text):
        return "", PLACEHOLDER
    found = text
    ends = found.lower() if len(found) < _TAIL else (found[:_HEAD] + found[-_TAIL:]).lower()
    if any(mark in ends for mark in _MARKS):
        found = _without_notices(found)
    said = NOTICE if found != text else ""
    found = _with_headings_apart(
        _HEADING.sub("", found, count=1) if _HEADING.match(found) else found
    )
    return (found, said) if found else ("", PLACEHOLDER)


def _without_notices(text: str) -> str:
    text = _INSIDE.sub("", text)
    head = _after_notices(text)
    if head:
        text = text[head:]
    return _before_notices(text)


def _after_notices(text: str) -> int:
    """Return where the text begins after the notices at its start, 0 where there are none."""
    if not (_START.match(text) or text[:13].lower() == "copyright of "):
        return 0
    end = 0
    for cut in _SENTENCE.finditer(text, 0, _TAIL):
        sentence = text[end : cut.start()]
        if len(sentence) > 320 or not (_START.match(sentence) or _NOTICE.fullmatch(sentence)):
            break
        end = cut.end()
    return end


def _before_notices(text: str) -> str:
    """Return the text up to the first place from which on there are only notices."""
    offset = max(0, len(text) - _TAIL)
    tail = text[offset:]
    starts = {0} if offset == 0 else set()
    starts |= {cut.end() for cut in _SENTENCE.finditer(tail)}
    starts |= {sign.start() for sign in _MAY_START.finditer(tail)
               if _START.match(tail, sign.start())}  # fmt: skip
    for start in sorted(starts):
        if _only_notices(tail[start:]):
            return text[: offset + start].rstrip(" ;,-–—|[(")
    alone = _SIGN_AT_END.search(tail, max(0, len(tail) - 200))
    return text[: offset + alone.start()] if alone else text


def _only_notices(rest: str) -> bool:
    sentences = _SENTENCE.split(rest)
    opened = False
    for sentence in sentences:
        if _START.match(sentence) and len(sentence) <= 220:
            opened = True
        elif not _NOTICE.fullmatch(sentence) and not (
            # `© 2006 Wiley Periodicals, Inc. J Biomed Mater Res, 2006`
            opened and (len(sentence) <= 60 or _GOES_ON.match(sentence))
        ):
            return False
    return bool(rest.strip())


def _with_headings_apart(text: str) -> str:
    """Return a text in which headings do not run into the next word."""
    if not (_MAYBE_RUN_TOGETHER.search(text) and _RUN_TOGETHER.search(text)):
        return text
    return _RUN_TOGETHER_MORE.sub(_apart, text)


def _apart(match: re.Match[str]) -> str:
    before = " " if match.start() else ""
    return f"{before}{match['name']}: "
