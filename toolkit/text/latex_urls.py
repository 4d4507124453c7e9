"""Web addresses in LaTeX, replaced by marks while macros are resolved."""

from __future__ import annotations

import re

# Private-use characters around a number mark an address.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HREF = re.compile(r"\\?\bhref\s*\{\s*((?:[^{}\s]|\\[{}])+?)\s*\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_URL = re.compile(
    r"(?:\\(?:url|path|nolinkurl|href)\b\s*\{|(?:url|href)\{(?=\s*(?:https?:|www\.)))"
    r"\s*([^{}\s]*)\s*\}?"
)
_GLUED_URL = re.compile(r"\\url(?=https?:|www\.)")
_TOP_LEVEL = (
    r"\.(?:com|org|io|net|edu|gov|ai|dev|cc|co|me|app|page|tech|site|science"
    r"|uk|de|fr|ch|cn|jp|it|nl|eu)/"
)
_PATH = r"(?:[^\s<>\"{}\\|`$\ue000-\ue008]|\\[_%#&~-]|\$(?=[\w/]))+"
_ADDRESS = re.compile(rf"(?:https?://|www\.(?=[a-z0-9])){_PATH}", re.IGNORECASE)
# An address without scheme is slow to search for, so a short search goes first.
_ENDING = re.compile(_TOP_LEVEL)
_BARE_ADDRESS = re.compile(
    rf"(?<![\w@./-])(?:[\w-]{{1,63}}\.){{0,4}}[\w-]{{1,63}}{_TOP_LEVEL}{_PATH}"
)
_LABEL = re.compile(rf"({_OPEN}\d+{_CLOSE})\s?\{{([^{{}}]{{0,80}})\}}")
_EMPTY_LABEL = re.compile(
    r"(?:this|the|our|project)?\s*(?:https?|project)?\s*(?:url|link|here|page)?", re.I
)
_TILDE_IN_ADDRESS = re.compile(
    r"(https?://[^\s{}]*?|www\.[^\s{}]*?)"
    r"(?:\$\s*\\sim\s*\$|\{?\\sim\}?|\\~\{\s*\}|\\string~|\{?\\textasciitilde\}?(?:\{\})?)\s?(?=\w)"
)
_ADDRESS_BREAKS = re.compile(r"\\(?:allowbreak|linebreak|slash)(?![A-Za-z])\s?")


def replace_urls(text: str, kept: list[str]) -> str:
    """Return a text with a mark in place of every address, which is appended to `kept`."""

    def keep(address: str) -> str:
        address = re.sub(r"\\([_%#&~{}-])(?:\{\})?", r"\1", address)
        kept.append(address)
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    def keep_href(match: re.Match[str]) -> str:
        words = match[2].strip()
        if not words or re.sub(r"^https?://|[\\{}]|/$", "", words) in match[1].replace("\\", ""):
            return keep(match[1])
        return f"{words} ({keep(match[1])})"

    if "\\" in text:
        text = _ADDRESS_BREAKS.sub("", text)
        if "http" in text or "www." in text:
            text = _TILDE_IN_ADDRESS.sub(r"\1~", text)
        if "\\url" in text:
            text = _GLUED_URL.sub(" ", text)
    if "{" in text and ("url" in text or "href" in text or "\\path" in text):
        text = _HREF.sub(keep_href, text)
        text = _URL.sub(lambda match: keep(match[1]) if match[1] else "", text)
    if "http" in text or "www." in text:
        text = _ADDRESS.sub(lambda match: keep(match[0]), text)
    if _ENDING.search(text):
        text = _BARE_ADDRESS.sub(lambda match: keep(match[0]), text)
    return _LABEL.sub(_label, text) if kept else text


def _label(match: re.Match[str]) -> str:
    r"""Return the address and the words of a ``\href`` that lost its command in copying."""
    words = match[2].strip()
    return match[1] if _EMPTY_LABEL.fullmatch(words) else f"{match[1]} ({words})"


def restore_urls(text: str, kept: list[str]) -> str:
    """Return a text with the addresses in place of their marks."""
    if not kept:
        return text
    # A macro often stood directly at a word: `webpage\url{…}`.
    text = re.sub(rf"(?<=[A-Za-z0-9.,:;])(?={_OPEN})|(?<={_CLOSE})(?=\w)", " ", text)
    return re.sub(rf"{_OPEN}(\d+){_CLOSE}", lambda match: kept[int(match[1])], text)
