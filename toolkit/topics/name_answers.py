"""A topic's name out of what a language model answered, or why there is none in it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from toolkit.text.cleaning import clean_text

#: The longest name, in characters and in words.
LONGEST, MOST_WORDS = 60, 8
#: The longest answer that is looked into.
_READ = 20_000
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*\n(.*?)(?:\n\s*```|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,300}>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
#: [words](address) and ![words](address).
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_BULLET = re.compile(r"^\s*(?:[-*+•>#]+|\(?\d{1,2}[.):])\s+")
_FIELD = re.compile(
    r"^(?:(?:the|a|suggested|proposed|topic|final|short|best)\s+)*"
    r"(?:topic|name|label|title|answer|topic name|topic label)(?:\s+(?:is|would be|could be))?"
    r"\s*[:=–—-]\s*(?=\S)|^(?:the\s+)?(?:topic|name|label|best name)\s+(?:is|would be)\s+",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)([^*_]+?)(?<=\S)\1")
_MARKS = " \t*_`#\"'“”„«»‘’‹›「」『』|~^.,;:!–—-="
_KEYS = ("name", "label", "topic", "title", "topic_name", "topic_label", "answer")
_REFUSAL = re.compile(
    r"\b(?:i'?m sorry|i am sorry|i apologi[sz]e|sorry,|as an ai|i (?:can(?:no|')t|cannot|won'?t|am "
    r"unable|do not|don'?t)|unable to|not able to|es tut mir leid|ich kann|je suis désolé|je ne "
    r"peux|lo siento|no puedo|不能|抱歉)",
    re.IGNORECASE,
)
#: What programs between us and the model say in its place: "Error: rate limit exceeded".
_FAILURE = re.compile(
    r"^(?:error|exception|traceback|fatal|warning|failed|unauthori[sz]ed|forbidden|access denied|"
    r"http|not found|login|sign in)(?:\s*[:\d(]|$)|"
    r"^(?:http )?[45]\d\d (?:not found|error|forbidden|unauthori[sz]ed)|"
    r"\b(?:rate limit(?:ed)? (?:exceeded|reached)|too many requests|bad gateway|"
    r"gateway time-?out|service (?:is )?(?:temporarily )?unavailable|internal server error|"
    r"quota exceeded|invalid api key|(?:request|connection) (?:timed out|refused)|"
    r"model .{1,30} not found|please (?:log|sign) in)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\b\w+\.(?:com|org|net|io|ai|ru|cn|info|xyz)\b", re.I)
_NOT_IN_NAMES = re.compile(r"[\\{}<>$`_^~|\"\[\]“”„«»]")
#: In the names of characters, but of no script that a reader could not read.
_ANY_SCRIPT = frozenset(
    "LATIN GREEK MICRO OHM ANGSTROM KELVIN FEMININE MASCULINE MODIFIER SUPERSCRIPT FULLWIDTH "
    "DOUBLE-STRUCK SCRIPT MATHEMATICAL BLACK-LETTER".split()
)


def read_name(answer: object, *, context: str = "") -> tuple[str, str]:
    """Return the name in an answer, and "" or why it is none.

    Markup, quotation marks, thinking, a word such as "Name:" before it, JSON around it and
    explanations in later lines are taken off. Refused are: nothing, a refusal, a message of error,
    a web page, a sentence or more than eight words, an address, no letters, and a script that the
    topic's own titles do not use.

    Parameters
    ----------
    answer : object
        What came; all but texts is refused.
    context : str
        Terms and titles of the topic.

    Returns
    -------
    name, why : str
        One of them is empty.

    Examples
    --------
    >>> read_name('**Name:** "Sleep medicine".')
    ('Sleep medicine', '')
    >>> read_name("I'm sorry, but I cannot help with that.")
    ('', 'a refusal')
    """
    if not isinstance(answer, str):
        return "", f"not a text but {type(answer).__name__}"
    if _PAGE.match(answer):
        return "", "a web page in place of an answer"
    text = _THINKING.sub(" ", answer[:_READ])
    fenced = _FENCE.search(text)
    inside = _from_json((fenced[1] if fenced else text).strip())
    if inside is None:
        return "", "JSON without a name"
    lines = [line for line in map(_plain, _visible(inside).splitlines()) if line]
    if not lines:
        return "", "empty" if answer.strip() else "an empty answer"
    name = _name_line(lines)
    if _REFUSAL.search(name) or _REFUSAL.search(lines[0]):
        return "", "a refusal"
    if _FAILURE.search(name) or _FAILURE.search(lines[0]):
        return "", "a message of error"
    if len(name) > LONGEST or len(name.split()) > MOST_WORDS:
        return "", f"too long: {len(name.split())} words"
    if _ADDRESS.search(name):
        return "", "an address"
    if sum(map(str.isalpha, name)) < max(2, len(name) / 3):
        return "", "no words"
    if context and (strange := _scripts(name) - _scripts(context)):
        return "", f"in {' and '.join(sorted(strange)).title()} script, which its papers are not"
    return name[:1].upper() + name[1:] if name[:2].islower() else name, ""


def _from_json(text: str) -> str | None:
    """Return the name inside JSON, the text itself where it is none, None where JSON has none."""
    if text[:1] not in '{["' or not text:
        return text
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        match = re.match(r'\{\s*"\w+"\s*:\s*"([^"\\]+)"', text)
        return match[1] if match else (None if text[0] == "{" else text)
    while isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, Mapping):
        folded = {str(key).casefold(): value for key, value in found.items()}
        named = [folded[key] for key in _KEYS if key in folded] or list(folded.values())
        found = named[0] if named else None
    return found if isinstance(found, str) else None


def _visible(text: str) -> str:
    """Return a text without tags and marks that are not seen."""
    text = _LINK.sub(r"\1", _TAG.sub(" ", _HIDDEN.sub(" ", text)))
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs")
    )


def _plain(line: str) -> str:
    """Return a line without bullets, emphasis, quotation marks, LaTeX and "Name:" before it."""
    line = _EMPHASIS.sub(r"\2", _BULLET.sub("", line)).strip(_MARKS)
    line = _NOT_IN_NAMES.sub("", clean_text(_FIELD.sub("", line))).strip(_MARKS)
    if line.count("(") != line.count(")") or (line[:1] == "(" and line[-1:] == ")"):
        line = line.replace("(", "").replace(")", "")
    return " ".join(line.split()).strip(_MARKS)


def _name_line(lines: list[str]) -> str:
    """Return the line with the name: the first, or the one after "Here is a name:"."""
    first = lines[0]
    opening = re.match(r"(?:sure|certainly|of course|okay|ok|here(?:'s| is| are))\b", first, re.I)
    return lines[1] if opening and len(lines) > 1 else first


def _scripts(text: str) -> set[str]:
    """Return the scripts of the letters but Latin: CYRILLIC, CJK, ARABIC, say."""
    names = {unicodedata.name(c, "").split(" ")[0] for c in set(text) if c.isalpha()}
    return names - _ANY_SCRIPT - {""}
