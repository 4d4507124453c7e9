"""Repair of URLs that typesetting and copying have broken."""

from __future__ import annotations

import re

from toolkit.claims.urls import DOTTED

_URL_START = r"(?:http|www\.|sites\.google|github\.com|gitlab\.com|youtu)"
#: Footnote numbers joined to the link (`online11youtube.com` for footnote 1).
_NUMBERED = re.compile(rf"[1-9]{_URL_START}")
_FOOTNOTE = re.compile(rf"(?<=[A-Za-z])([1-9]\d?)\1(?={_URL_START})")
#: Each repair: strings of which the text must contain one (a fast test), pattern, replacement.
_REPAIRS: list[tuple[tuple[str, ...], re.Pattern[str], str]] = [
    # "networks.Availability: …": the heading of a structured abstract without a space.
    (
        (".Avail", ".Contact:", ".Supplementary", ".Implementation:"),
        re.compile(r"\.(?=(?:Availability|Contact|Supplementary|Implementation)\b)"),
        ". ",
    ),
    (("\\",), re.compile(r"\\(?:allowbreak|protect)\s*"), ""),
    (("\\",), re.compile(r"\\([_%#&~$])"), r"\1"),
    (("\\sim", "\\textascii"), re.compile(r"\\textasciitilde\s*(?:\{\})?|\$\\sim\$|\\sim\b"), "~"),
    # `$\url{…}$` and `~https://`: what LaTeX puts around a link.
    (("$",), re.compile(r"\$(?=\\?url|https?:)|(?<=\})\$"), " "),
    (("~",), re.compile(r"(?<!/)~(?=\s*(?:https?:|www\.|\\|\[))"), " "),
    # `h ttps`, `HTTP`; then spaces in `https: //`, and words joined to the URL's start.
    (
        ("h ttp", "ht tp", "htt p", "h t t p", "HTTP:", "Http"),
        re.compile(r"\bh\s?t\s?t\s?p\s?(?=s?\s?:)", re.IGNORECASE),
        "http",
    ),
    (
        ("http :", "https :", "http: /", "https: /"),
        re.compile(r"(https?)(?:\s:\s?|:\s)/\s?/\s?(?=\w)"),
        r"\1://",
    ),
    ((":/ ",), re.compile(r"(https?):/\s/?\s?(?=\w)"), r"\1://"),
    (("// ",), re.compile(r"(https?)://\s(?=\w)"), r"\1://"),
    (("http",), re.compile(r"http(?<=[A-Za-z]http)s?://(?=\w)"), r" \g<0>"),
    (("http",), re.compile(r"(https?)(?::\s?/?\s?|//)(?=(?:www\.|github\.com|youtu))"), r"\1://"),
    (
        (" //", "(//"),
        re.compile(r"(?<![:/\w])//(?=(?:sites\.google|github|[\w-]{1,63}\.github|www)\.)"),
        "https://",
    ),
    (("//http",), re.compile(r"(https?://)(?:https?:/{0,3})+"), r"\1"),
    # A space inside the host: `https://github. com/x`, `https://name. github.io`.
    (
        ("//",),
        re.compile(r"(https?://[\w-]{1,63})\.\s(?=(?:[\w-]{1,63}\.){1,8}[a-z]{2,6}(?:/|\b))"),
        r"\1.",
    ),
    (("//",), re.compile(r"(https?://[\w.-]{1,200})\.\s(?=(?:com|io|org|net|edu)/)"), r"\1."),
    (
        (". co", " .co", "com /", ".co /"),
        re.compile(r"\b(github|gitlab|huggingface)\s?\.\s?(com|co)\s?/(?=\w)", re.IGNORECASE),
        r"\1.\2/",
    ),
    (
        (".com/ ",),
        re.compile(r"\b(github\.com|gitlab\.com)/\s(?=[\w-]{1,60}/[\w.-])", re.I),
        r"\1/",
    ),
    (("www.",), re.compile(r"(\bwww\.[\w.-]{1,80})\.\s(?=[\w-]{1,63}\.(?:edu|com|org)/)"), r"\1."),
    (("www. ",), re.compile(r"\bwww\.\s([\w-]{1,63})\.\s(?=(?:com|org|net|de|edu)\b)"), r"www.\1."),
    # A space after a slash, before the repository's name.
    (
        ("/ ",),
        re.compile(
            r"((?:github|gitlab)\.com/[\w.-]{1,60}/)\s(?!(?:Code|Project|Website|GitHub|Github)\b)"
            r"(?=[\w.-]{0,99}\w(?:[.,;)}\]]{0,5}\s{0,5}$|[.,;)}\]]\s))"
        ),
        r"\1",
    ),
    (("www.",), re.compile(r"(\bwww\.[\w.-]{0,60}-)\s(?=[a-z][\w-]{0,60}\.[a-z]{2,4}\b)"), r"\1"),
    # A Creative Commons licence with its number apart.
    (
        ("licenses/",),
        re.compile(r"(licenses/[a-z-]{2,11}/)\s?(\d)[ .](\d)/?"),
        r"\1\2.\3/",
    ),
    (("- ", "_ ", "= "), re.compile(r"(https?://[^\s{}]{0,300}[-_=])\s(?=\w)"), r"\1"),
    # Words that were taken into an address: `https://a.org/x%20and%20 https://b.org`.
    (("%20and%20",), re.compile(r"%20and%20(?=\s|https?:|$)"), " and "),
    # A full stop and the number of the next footnote: `http://a.org/software/.3 https://b.org`.
    (("/.",), re.compile(r"(?<=\w/)\.(?=\d{1,2}(?:\s|$))"), ". "),
    # The sign of an operator in place of a tilde, and a dot that was lost.
    (("∼", "˜"), re.compile(r"(?<=[\w/])/?\s?[∼˜]\s?(?=\w)"), "/~"),
    (
        (" io/", " org/", " com/"),
        re.compile(r"(https?://[\w-]{1,63})\s(?=(?:io|org|com)/\w)"),
        r"\1.",
    ),
    # A lost tilde: `www.cs.university.edu/ name/page.html`.
    (
        ("/ ",),
        re.compile(r"((?:\.edu|\.edu\.\w\w|\.ac\.\w\w|\.mpg\.de)/)\s(?=[a-z][\w-]{0,60}/)"),
        r"\1~",
    ),
]
#: The repairs that apply to a text without "http" and "//".
_BARE_REPAIRS = [
    repair
    for repair in _REPAIRS
    if not all("http" in piece or "//" in piece for piece in repair[0])
]
_IRREGULAR_SPACE = ("  ", "\n", "\t", "\r")
_INVISIBLE = re.compile("[\u200b\u00ad\ufeff]")


def _may_hold_url(text: str) -> bool:
    """Return False where a text cannot contain a URL; a fast test."""
    return (
        "//" in text
        or "http" in text
        or "www." in text
        or " com/" in text
        or " .com/" in text
        or " io/" in text
        or DOTTED.search(text) is not None
    )


def repair_urls(text: str) -> str:
    r"""Return a text with its broken URLs repaired and all other words unchanged.

    Examples
    --------
    >>> repair_urls(r"Code: https: //github. com/a\_b/c.")
    'Code: https://github.com/a_b/c.'
    """
    if not _may_hold_url(text):
        return text
    if not text.isascii():
        text = _INVISIBLE.sub("", " ".join(text.split()))
    elif any(map(text.__contains__, _IRREGULAR_SPACE)) or text[0] == " " or text[-1] == " ":
        text = " ".join(text.split())
    if _NUMBERED.search(text):
        text = _FOOTNOTE.sub(" ", text)
    repairs = _REPAIRS if "http" in text or "//" in text else _BARE_REPAIRS
    for required, pattern, replacement in repairs:
        if any(map(text.__contains__, required)):
            text = pattern.sub(replacement, text)
    return text
