"""URLs in running text: found, mended as a reader would, and brought to one form for counting."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

#: Characters; no address that a person could open is longer.
LONGEST = 2_048


class Found(NamedTuple):
    """A URL in a text: as a reader would open it, where it stands, and the words it is set on."""

    url: str
    start: int
    end: int
    label: str


class Place(NamedTuple):
    """What a URL points to, for counting: service, ``owner/name`` and one spelling."""

    host: str
    repo: str | None
    canonical: str


_TLD = (
    r"(?:com|org|net|io|ai|edu|gov|dev|app|xyz|co|me|us|ly|gl|info|cloud|space|site|tech|science|"
    r"page|pages|online|works|wiki|art|bio|one|sh|be|it|is|in|eu|ch|de|uk|fr|nl|at|se|no|dk|fi|es|"
    r"pt|pl|cz|ru|il|jp|cn|kr|tw|hk|sg|au|nz|ca|br|mil|int|ms|tv|gg|ml|fyi|chat|games|studio|"
    r"london|academy|agency|world|systems|social|center|group|live|blog|report|zone|cc|to|so|id|im)"
)
#: Services where a name in front of the host is somebody's own page.
_PAGES = (
    r"(?:github\.io|gitlab\.io|gitee\.io|bitbucket\.io|netlify\.app|vercel\.app|readthedocs\.io|"
    r"huggingface\.co|hf\.space|notion\.site|pages\.dev|web\.app|herokuapp\.com|streamlit\.app|"
    r"wixsite\.com|weebly\.com|wordpress\.com|blogspot\.com|github\.com)"
)
_PATH = r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_URL = re.compile(
    rf"https?://{_PATH}+"
    rf"|(?<![@\w.\-/])www\.{_HOST}(?:\.{_HOST})*\.{_TLD}\b(?::\d+)?(?:/{_PATH}*)?"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.)*{_PAGES}(?![\w-])(?:/{_PATH}*)?"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.)+{_TLD}/{_PATH}*[A-Za-z0-9/=]"
    rf"|(?<![@\w.\-/])(?:{_HOST}\.)+(?:com|org|net|io|ai|edu|gov|dev|app|xyz|de|uk|cn|jp|fr|ch|"
    rf"space|site|sh|science|tech|cloud|info|kr|ca|nl|at|es|eu)\b(?![@\w-]|\.\w)"
    r"|(?<![\w/.])10\.5281/zenodo\.\d+",
    re.IGNORECASE,
)
#: A dot inside a word: no address is without (`e.g.` has one letter after it, a host has more).
_DOTTED = re.compile(r"\.[A-Za-z]{2}(?<=[A-Za-z0-9]\.[A-Za-z]{2})")
#: A host without path and scheme is a link only where the text points to it.
_POINTS = re.compile(
    r"(?:available|accessible|accessed|found|hosted|released|published|download\w*|online|visit|"
    r"see|"
    r"website|site|page|homepage|webpage|demo|videos?|codes?|dataset|data|url|link|project|"
    r"check out|"
    r"explore|try)\b[^.;]{0,40}?(?:\b(?:at|on|via|in|is|see|visit|out|here|online|link|url|"
    r"(?:available|downloaded|accessed|obtained) from)|:|~|\bpage|site)\W{0,3}$"
    r"|\b(?:found|visit|see)\W{0,2}$",
    re.IGNORECASE,
)
#: Firms and sites that are spoken of by their address.
_SPOKEN = re.compile(
    r"(?:arxiv\.org|youtube\.com|amazon\.com|walmart\.com|jd\.com|booking\.com|infer\.net|"
    r"twitter\.com|reddit\.com|asp\.net|ros\.org|clarifai\.com|c\.ai|x\.ai|character\.ai)$",
    re.IGNORECASE,
)


_START = r"(?:http|www\.|sites\.google|github\.com|gitlab\.com|youtu)"
#: Footnote numbers glued to the link (`online11youtube.com` for footnote 1).
_NUMBERED = re.compile(rf"[1-9]{_START}")
_FOOTNOTE = re.compile(rf"(?<=[A-Za-z])([1-9]\d?)\1(?={_START})")
#: What is broken (a pattern), how it is mended, and pieces of text of which one must be there:
#: looking for these first makes it quick.
_REPAIRS: list[tuple[tuple[str, ...], re.Pattern[str], str]] = [
    (("\\",), re.compile(r"\\allowbreak\s*"), ""),
    (("\\",), re.compile(r"\\([_%#&~$])"), r"\1"),
    (("\\sim", "\\textascii"), re.compile(r"\\textasciitilde\s*(?:\{\})?|\$\\sim\$|\\sim\b"), "~"),
    # `$\url{…}$` and `~https://`: what LaTeX puts around a link.
    (("$",), re.compile(r"\$(?=\\?url|https?:)|(?<=\})\$"), " "),
    (("~",), re.compile(r"(?<!/)~(?=\s*(?:https?:|www\.|\\|\[))"), " "),
    # `h ttps`, `HTTP`: seldom; then white space in `https: //`, and words glued in front.
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
        re.compile(r"(?<![:/\w])//(?=(?:sites\.google|github|[\w-]+\.github|www)\.)"),
        "https://",
    ),
    (("//http",), re.compile(r"(https?://)(?:https?:/*)+"), r"\1"),
    # White space inside the host: `https://github. com/x`, `https://name. github.io`.
    (("//",), re.compile(r"(https?://[\w-]+)\.\s(?=(?:[\w-]+\.)+[a-z]{2,6}(?:/|\b))"), r"\1."),
    (("//",), re.compile(r"(https?://[\w.-]+)\.\s(?=(?:com|io|org|net|edu)/)"), r"\1."),
    (
        (". co", " .co", "com /", ".co /"),
        re.compile(r"\b(github|gitlab|huggingface)\s?\.\s?(com|co)\s?/(?=\w)", re.IGNORECASE),
        r"\1.\2/",
    ),
    ((".com/ ",), re.compile(r"\b(github\.com|gitlab\.com)/\s(?=[\w-]+/[\w.-]+)", re.I), r"\1/"),
    (("www.",), re.compile(r"(\bwww\.[\w.-]+)\.\s(?=[\w-]+\.(?:edu|com|org)/)"), r"\1."),
    (("www. ",), re.compile(r"\bwww\.\s([\w-]+)\.\s(?=(?:com|org|net|de|edu)\b)"), r"www.\1."),
    # White space after a slash: the repository's name is still to come.
    (
        ("/ ",),
        re.compile(
            r"((?:github|gitlab)\.com/[\w.-]+/)\s(?!(?:Code|Project|Website|GitHub|Github)\b)"
            r"(?=[\w.-]*\w(?:[.,;)}\]]*\s*$|[.,;)}\]]\s))"
        ),
        r"\1",
    ),
    (("- ", "_ ", "= "), re.compile(r"(https?://[^\s{}]*[-_=])\s(?=\w[\w./-]*)"), r"\1"),
    # A lost tilde: `www.cs.university.edu/ name/page.html`.
    (
        ("/ ",),
        re.compile(r"((?:\.edu|\.edu\.\w\w|\.ac\.\w\w|\.mpg\.de)/)\s(?=[a-z][\w-]*/)"),
        r"\1~",
    ),
]
#: Those that can mend a text without "http" and "//".
_BARE_REPAIRS = [
    repair
    for repair in _REPAIRS
    if not all("http" in piece or "//" in piece for piece in repair[0])
]
_WHITE = ("  ", "\n", "\t", "\r")
_UNSEEN = re.compile("[\u200b\u00ad\ufeff]")
_TAIL_WORD = re.compile(
    r"[.,;](?:The|Our|Code|We|In|This|Keywords?|Project|It|For|All|Data|To|These|and)$"
)
_WRAP = re.compile(
    r"(?:\\?\b(?:url|href|path|texttt|footnote|textcolor|emph|underline|nolinkurl)\s*)?\{?$"
)


def hints(text: str) -> bool:
    """Take a quick look: False where a text cannot hold a URL."""
    return (
        "//" in text
        or "http" in text
        or "www." in text
        or " com/" in text
        or " .com/" in text
        or " io/" in text
        or "zenodo." in text
        or _DOTTED.search(text) is not None
    )


def repair(text: str) -> str:
    r"""Mend what typesetting and copying do to URLs, leaving other words as they are.

    Examples
    --------
    >>> repair(r"Code: https: //github. com/a\_b/c.")
    'Code: https://github.com/a_b/c.'
    """
    if not hints(text):
        return text
    if not text.isascii():
        text = _UNSEEN.sub("", " ".join(text.split()))
    elif any(map(text.__contains__, _WHITE)) or text[0] == " " or text[-1] == " ":
        text = " ".join(text.split())
    if _NUMBERED.search(text):
        text = _FOOTNOTE.sub(" ", text)
    repairs = _REPAIRS if "http" in text or "//" in text else _BARE_REPAIRS
    for needed, pattern, replacement in repairs:
        if any(map(text.__contains__, needed)):
            text = pattern.sub(replacement, text)
    return text


def find_urls(text: str) -> list[Found]:
    r"""Find the URLs of a text that `repair` has mended.

    Parameters
    ----------
    text : str
        Running text.

    Returns
    -------
    list of Found
        In order; `start` and `end` cover the URL with its LaTeX or Markdown wrapping, `label` holds
        the words the link is set on. The address shown again as its own label is left out.

    Examples
    --------
    >>> [found.url for found in find_urls("See (github.com/a/b) and [page](https://c.org/d).")]
    ['https://github.com/a/b', 'https://c.org/d']
    >>> find_urls(r"Code: \url{https://github.com/a/b}.")[0].url
    'https://github.com/a/b'
    """
    found: list[Found] = []
    position = 0
    while hit := _next(text, position):
        url = _trim(hit.group())
        # Never stand still: a match that trims to nothing is stepped over.
        position = hit.start() + max(len(url), 1)
        if text.startswith("](", hit.start() + len(url)):
            # The label of a Markdown link; its target comes next.
            continue
        if not _usable(url, text, hit.start()):
            position = max(position, hit.start() + len(hit.group().split("/")[0]))
            continue
        start, end, label = _wrapping(text, hit.start(), hit.start() + len(url))
        position = max(position, end)
        found.append(Found(_with_scheme(url), start, end, label))
    return found


#: What no address is without.
_CANDIDATE = re.compile(rf"{_DOTTED.pattern}|//|zenodo\.")


def _next(text: str, position: int) -> re.Match[str] | None:
    """Search the next URL from `position` on: only in words with a dot or slashes inside."""
    while candidate := _CANDIDATE.search(text, position):
        start = max(text.rfind(" ", 0, candidate.start()) + 1, position)
        end = text.find(" ", candidate.end())
        end = len(text) if end < 0 else end
        if hit := _URL.search(text, start, end):
            return hit
        position = end
    return None


def place(url: str) -> Place:
    """Say what a URL points to, in one spelling for counting.

    Parameters
    ----------
    url : str
        A URL with scheme.

    Returns
    -------
    Place
        `host`: the service (``github.io`` for every page there). `repo`: ``owner/name`` in lower
        case on a code or model host, else None. `canonical`: one spelling without scheme,
        ``www.``, ``.git``, ``/tree/main``, query and final slash.

    Examples
    --------
    >>> place("http://www.GitHub.com/Me/My_Repo.git/tree/main/")
    Place(host='github.com', repo='me/my_repo', canonical='github.com/me/my_repo')
    >>> place("https://me.github.io/page/").canonical
    'me.github.io/page'
    """
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return Place("", None, url)
    name = {"hf.co": "huggingface.co", "m.youtube.com": "youtube.com"}.get(name, name)
    steps = [step for step in unquote(parts.path).split("/") if step]
    repo = _repository(name, steps)
    if repo:
        kind = ""
        if name == "huggingface.co" and steps[0] in _HF_KINDS:
            kind = f"{steps[0]}/"
        return Place(name, repo, f"{name}/{kind}{repo}")
    host = next((tail for tail in _SHARED_HOSTS if name.endswith(f".{tail}")), name)
    canonical = "/".join([name, *steps])
    if name in ("youtube.com", "doi.org") and parts.query:
        canonical += f"?{parts.query}"
    return Place(host, None, canonical)


_HF_KINDS = ("datasets", "spaces", "collections", "papers")
_SHARED_HOSTS = (
    "github.io",
    "gitlab.io",
    "netlify.app",
    "vercel.app",
    "readthedocs.io",
    "hf.space",
    "notion.site",
    "pages.dev",
)
_CODE_HOSTS = {
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "gitee.com",
    "git.sr.ht",
}


def _repository(host: str, steps: list[str]) -> str | None:
    """Return ``owner/name`` where the path names one."""
    if host == "anonymous.4open.science" and len(steps) > 1 and steps[0] in ("r", "repository"):
        return f"{steps[0]}/{steps[1]}".lower()
    if host == "huggingface.co" and steps and steps[0] in _HF_KINDS:
        steps = steps[1:]
    elif host != "huggingface.co" and host not in _CODE_HOSTS and not host.startswith("gitlab."):
        return None
    if len(steps) < 2 or steps[0] in ("orgs", "topics", "search", "features", "docs", "blog"):
        return None
    return f"{steps[0]}/{steps[1].removesuffix('.git')}".lower()


def is_code_host(host: str) -> bool:
    """Say whether a host holds source code before anything else."""
    return (
        host in _CODE_HOSTS
        or host.startswith(("gitlab.", "git."))
        or host in ("anonymous.4open.science", "git.io", "sourceforge.net", "pypi.org")
    )


def _trim(url: str) -> str:
    """Cut what belongs to the sentence, not to the URL."""
    again = re.search(r"https?:/?/?", url[8:], re.IGNORECASE)
    if again and "web.archive.org" not in url[: again.start() + 8]:
        url = url[: again.start() + 8]
    # An address printed twice without a space between: keep the first.
    doubled = re.match(r"(https?://)((?:[\w-]+\.)+[a-z]{2,}/)(.*?)\2", url, re.IGNORECASE)
    if doubled and not doubled.group(3).endswith("/"):
        url = doubled.group(1) + doubled.group(2) + doubled.group(3)
    if re.search(r"(?:github|gitlab)\.(?:com|io)|huggingface\.co", url[:60], re.IGNORECASE):
        url = re.split(r"[,;()!*'$]", url, maxsplit=1)[0]
    while True:
        before = url
        url = url.rstrip(".,;:!?'*$&+~@")
        if url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1]
        if url.endswith("("):
            url = url[:-1]
        url = _TAIL_WORD.sub("", url)
        url = re.sub(r"'s$", "", url)
        if url == before:
            return url


def _usable(url: str, text: str, start: int) -> bool:
    """Say whether a match is a link and no product name, e-mail address or ellipsis."""
    if len(url) > LONGEST:
        return False
    if url.startswith("10.5281"):
        return True
    if re.match(r"https?://", url, re.IGNORECASE):
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
        # `e.g./i.e.`, `input/output` and units hold slashes too; a known ending tells a host.
        return bool(re.search(r"[a-z]", head)) and (
            head.count(".") > 1 or len(head.split(".")[0]) > 1
        )
    if _SPOKEN.match(url):
        return False
    return bool(_POINTS.search(before)) or (url == head and before.rstrip().endswith(("(", ":")))


def _wrapping(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Widen a URL's span over its LaTeX or Markdown wrapping; return the words it is set on."""
    label = ""
    before = _WRAP.search(text, max(0, start - 14), start)
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
    return start, end, _plain(label)


def _closing(text: str, opening: int) -> int:
    """Return the place of the brace that closes the one at `opening`, or of the word's end."""
    depth = 0
    for place_, sign in enumerate(text[opening : opening + 400], opening):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return place_
    gap = re.compile(r"\s|$").search(text, opening)
    return gap.start() if gap else len(text)


def _plain(label: str) -> str:
    """Take addresses, colours and commands out of a label."""
    label = re.sub(r"https?://\S+|\\[a-z]+|[{}]|\b(?:blue|magenta|red|cyan|purple)\b", " ", label)
    return " ".join(label.split())


def _with_scheme(url: str) -> str:
    if url.startswith("10.5281"):
        return f"https://doi.org/{url}"
    return url if re.match(r"https?://", url, re.IGNORECASE) else f"https://{url}"
