"""Finding URLs in text: their position and the text of their links."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.claims.identifiers import find_identifiers

#: In characters; no URL that opens in a browser is longer.
_MAX_LENGTH = 2_048
_LONGEST_HOST = 255


class FoundUrl(NamedTuple):
    """A URL in a text: the complete address, its position, and the text of its link."""

    url: str
    start: int
    end: int
    label: str


_TLD = (
    r"(?:com|org|net|io|ai|edu|gov|dev|app|xyz|co|me|us|ly|gl|info|cloud|space|site|tech|science|"
    r"page|pages|online|works|wiki|art|bio|one|sh|be|it|is|in|eu|ch|de|uk|fr|nl|at|se|no|dk|fi|es|"
    r"pt|pl|cz|ru|il|jp|cn|kr|tw|hk|sg|au|nz|ca|br|mil|int|ms|tv|gg|ml|fyi|chat|games|studio|"
    r"hu|gr|tr|ir|mx|ar|cl|za|ro|bg|hr|si|sk|ee|lt|lv|ua|th|my|ph|vn|pk|eg|ie|pe|uy|lu|rs|kz|ge|ec|"
    r"london|academy|agency|world|systems|social|center|group|live|blog|report|zone|cc|to|so|id|im)"
)
#: Services on whose subdomains people publish their own pages.
_PAGE_HOSTS = (
    r"(?:github\.io|gitlab\.io|gitee\.io|bitbucket\.io|netlify\.app|vercel\.app|readthedocs\.io|"
    r"huggingface\.co|hf\.space|notion\.site|pages\.dev|web\.app|herokuapp\.com|streamlit\.app|"
    r"wixsite\.com|weebly\.com|wordpress\.com|blogspot\.com|github\.com)"
)
_PATH = r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: At most that many parts before the last one, so that reading any text takes linear time.
_PARTS = r"{1,8}"
_URL = re.compile(
    rf"(?:https?|ftp)://{_PATH}{{1,{_MAX_LENGTH + 50}}}"
    rf"|(?<![@\w.\-/])www\.(?:{_HOST}\.){_PARTS}{_TLD}\b(?::\d+)?(?:/{_PATH}*)?"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.){{0,8}}{_PAGE_HOSTS}(?![\w-])(?:/{_PATH}*)?"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.){_PARTS}{_TLD}/{_PATH}*[A-Za-z0-9/=]"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.){_PARTS}(?:com|org|net|io|ai|edu|gov|dev|app|xyz|de|uk|cn|jp|fr|ch|"
    rf"space|site|sh|science|tech|cloud|info|kr|ca|nl|at|es|eu)\b(?![@\w-]|\.\w)",
    re.IGNORECASE,
)
#: A dot inside a word: every URL has one (a host has two letters after it, `e.g.` only one).
DOTTED = re.compile(r"\.[A-Za-z]{2}(?<=[A-Za-z0-9]\.[A-Za-z]{2})")
#: Words after which a bare host (no scheme, no path) is a link.
_ANNOUNCES_LINK = re.compile(
    r"(?:available|accessible|accessed|found|hosted|released|published|download\w*|online|visit|"
    r"see|website|site|page|homepage|webpage|demo|videos?|codes?|dataset|data|url|link|project|"
    r"check out|explore|try)\b[^.;]{0,40}?(?:\b(?:at|on|via|in|is|see|visit|out|here|online|link|"
    r"url|(?:available|downloaded|accessed|obtained) from)|:|~|\bpage|site)\W{0,3}$|\b(?:found|"
    r"visit|see)\W{0,2}$"
    r"|\b(?:available|accessible|downloaded|obtained|accessed) from (?:the )?$",
    re.IGNORECASE,
)
#: Companies and sites that texts name by their host; without a path they are no links.
_SITE_NAMES = re.compile(
    r"(?:arxiv\.org|youtube\.com|amazon\.com|walmart\.com|jd\.com|booking\.com|infer\.net|"
    r"twitter\.com|reddit\.com|asp\.net|ros\.org|clarifai\.com|c\.ai|x\.ai|character\.ai)$",
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(
    r"[.,;/](?:The|Our|Code|We|In|This|Keywords?|Project|It|For|All|Data|To|These|and)$"
    r"|[.,;/]?(?:Contacts?|Supplementary|Availability|Correspondence|Keywords):?$"
)
#: "http://a.org.There was": the next sentence without a space before it.
_GLUED = re.compile(r"^(https?://[\w.-]+\.(?:com|org|net|edu|gov|de|uk|fr))\.[A-Z][a-z]+$")
#: "https://a.b/)aims", "https://a.b/(4": a bracket that the sentence opens or closes.
_BRACKET_INSIDE = re.compile(r"([^()]*?/?)(?:\)[A-Za-z][^()]*|\([^()/]{0,40})$")
_COMMAND = re.compile(
    r"(?:\\?\b(?:url|href|path|texttt|footnote|textcolor|emph|underline|nolinkurl)\s*)?\{?$"
)


def find_urls(text: str) -> list[FoundUrl]:
    r"""Return the URLs of a text, in order.

    Parameters
    ----------
    text : str
        Running text, after `repair_urls`.

    Returns
    -------
    list of FoundUrl
        `start` and `end` enclose the URL with its LaTeX or Markdown markup; `label` is the text of
        the link, empty where that is the URL itself.

    Examples
    --------
    >>> [found.url for found in find_urls("See (github.com/a/b) and [page](https://c.org/d).")]
    ['https://github.com/a/b', 'https://c.org/d']
    >>> find_urls(r"Code: \url{https://github.com/a/b}.")[0].url
    'https://github.com/a/b'
    """
    found: list[FoundUrl] = []
    position = 0
    while hit := _next_url(text, position):
        url = _trim(hit.group())
        # Always advance, even where trimming leaves nothing of the match.
        position = hit.start() + max(len(url), 1)
        if text.startswith("](", hit.start() + len(url)):
            # The label of a Markdown link; its target comes next.
            continue
        if not _usable(url, text, hit.start()):
            position = max(position, hit.start() + len(hit.group().split("/")[0]))
            continue
        start, end, label = _markup(text, hit.start(), hit.start() + len(url))
        position = max(position, end)
        found.append(FoundUrl(_with_scheme(url), start, end, label))
    return _with_identifiers(found, text)


def _with_identifiers(found: list[FoundUrl], text: str) -> list[FoundUrl]:
    """Return URLs and identifiers without an address, which may be part of none."""
    identifiers = find_identifiers(text)
    if not identifiers:
        return found
    kept, position = [], 0
    rows = [*found, *(FoundUrl(url, start, end, "") for start, end, url in identifiers)]
    for one in sorted(rows, key=lambda row: (row.start, -row.end)):
        if one.start >= position:
            kept.append(one)
            position = one.end
    return kept


#: Every URL contains one of these.
_CANDIDATE = re.compile(rf"{DOTTED.pattern}|//")


def _next_url(text: str, position: int) -> re.Match[str] | None:
    """Return the next URL from `position` on; only words with a dot or slashes are searched."""
    while candidate := _CANDIDATE.search(text, position):
        # A word without spaces, as in Chinese, may be long: windows keep the time linear.
        low, high = candidate.start() - _LONGEST_HOST, candidate.end() + _MAX_LENGTH
        start = max(text.rfind(" ", max(low, 0), candidate.start()) + 1, position, low)
        end = text.find(" ", candidate.end(), high)
        end = min(len(text), high) if end < 0 else end
        if hit := _URL.search(text, start, end):
            return hit
        position = end if end < high else max(end - _LONGEST_HOST, candidate.end())
    return None


def _trim(url: str) -> str:
    """Remove from the end of a match what belongs to the sentence, not to the URL."""
    url = url[: 2 * _MAX_LENGTH]  # longer ones are refused anyway
    again = re.search(r"https?:/?/?", url[8:], re.IGNORECASE)
    if again and "web.archive.org" not in url[: again.start() + 8]:
        url = url[: again.start() + 8]
    # A URL printed twice without a space between: keep the first.
    doubled = re.match(r"(https?://)((?:[\w-]+\.){1,8}[a-z]{2,}/)(.*?)\2", url, re.IGNORECASE)
    if doubled and not doubled.group(3).endswith("/"):
        url = doubled.group(1) + doubled.group(2) + doubled.group(3)
    if re.search(r"(?:github|gitlab)\.(?:com|io)|huggingface\.co", url[:60], re.IGNORECASE):
        url = re.split(r"[,;()!*'$]", url, maxsplit=1)[0]
    if broken := _BRACKET_INSIDE.match(url):
        url = broken.group(1)
    while True:
        before = url
        url = url.rstrip(".,;:!?'*$&+~@")
        if url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1]
        if url.endswith("("):
            url = url[:-1]
        url = _NEXT_SENTENCE.sub("", url)
        url = re.sub(r"'s$", "", url)
        url = _GLUED.sub(r"\1", url)
        if url == before:
            return url


def _usable(url: str, text: str, start: int) -> bool:
    """Return whether a match is a link, not a product name, an e-mail address or an ellipsis."""
    if len(url) > _MAX_LENGTH:
        return False
    if re.match(r"(?:https?|ftp)://", url, re.IGNORECASE):
        host = url.split("//", 1)[1]
        return bool(re.match(r"(?:[\w-]+\.)+[A-Za-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+", host))
    head = url.split("/")[0].lower()
    if url.lower().startswith("www."):
        return head.count(".") >= 2
    if re.search(r"\.(?:github|gitlab)\.io$", head):
        return True
    if head in ("github.com", "gitlab.com", "huggingface.co"):
        return "/" in url.rstrip("/")
    before = text[max(0, start - 70) : start]
    if "/" in url.rstrip("/"):
        # `e.g./i.e.`, `input/output` and units also have slashes; a host has a known ending.
        return bool(re.search(r"[a-z]", head)) and (
            head.count(".") > 1 or len(head.split(".")[0]) > 1
        )
    if _SITE_NAMES.match(url):
        return False
    return bool(_ANNOUNCES_LINK.search(before)) or (
        url == head and before.rstrip().endswith(("(", ":"))
    )


def _markup(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Return a URL's span with its LaTeX or Markdown markup, and the text of its link."""
    label = ""
    before = _COMMAND.search(text, max(0, start - 14), start)
    if before and before.group().endswith("{"):
        start = before.start()
        if closing := re.compile(r"[.\s]*\}").match(text, end):
            end = closing.end()
    if start >= 2 and text[start - 2 : start] == "](" and text[end : end + 1] == ")":
        opening = text.rfind("[", max(0, start - 200), start - 2)
        if opening >= 0:
            label = text[opening + 1 : start - 2]
            start, end = opening, end + 1
    tail = re.compile(r"[.,/]?\s?\{").match(text, end)
    if tail and (text[end : end + 1] == "{" or before):
        close = _closing(text, tail.end() - 1)
        label = text[tail.end() : close]
        end = min(close + 1, len(text))
    return start, end, _clean_label(label)


def _closing(text: str, opening: int) -> int:
    """Return where the brace at `opening` is closed, else the end of the word."""
    depth = 0
    for at, sign in enumerate(text[opening : opening + 400], opening):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return at
    gap = re.compile(r"\s|$").search(text, opening)
    return gap.start() if gap else len(text)


def _clean_label(label: str) -> str:
    """Return a link's text without URLs, colours and LaTeX commands."""
    label = re.sub(r"https?://\S+|\\[a-z]+|[{}]|\b(?:blue|magenta|red|cyan|purple)\b", " ", label)
    return " ".join(label.split())


def _with_scheme(url: str) -> str:
    """Return the URL with https:// where it has no scheme."""
    return url if re.match(r"(?:https?|ftp)://", url, re.IGNORECASE) else f"https://{url}"
