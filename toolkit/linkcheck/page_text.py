"""A web page as a reader sees it: title, headings, visible text; no script is run."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Characters of visible text that are kept.
_KEPT = 20_000
_SKIPPED = {"script", "style", "template", "svg", "noscript"}
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_REFRESH = re.compile(r"\s*([\d.]{1,6})\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_SCRIPT_MOVE = re.compile(
    r"(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*"
    r"[\"']([^\"'\s]{1,500})[\"']"
)


@dataclass
class PageText:
    """What a page shows, and where it leads by itself."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    text: str = ""
    #: Target and seconds of ``<meta http-equiv="refresh">``.
    refresh: tuple[str, float] | None = None
    #: Target that a script goes to, on a page without text of its own.
    script_target: str = ""
    password: bool = False
    #: Hosts of scripts, frames, pictures and forms.
    hosts: set[str] = field(default_factory=set)
    robots: str = ""


def read_page(body: bytes, content_type: str = "") -> PageText:
    """Return what a page shows, in time proportional to its length.

    Examples
    --------
    >>> page = read_page(b"<title>Oak</title><h1>The oak</h1><script>x</script>A tool.")
    >>> page.title, page.headings, page.text
    ('Oak', ['The oak'], 'The oak A tool.')
    """
    page, shown, kept = PageText(), list[str](), 0
    title, heading, scripts = list[str](), list[str](), list[str]()
    inside: str | None = None
    open_tag = ""
    for at, piece in enumerate(_decoded(body, content_type).split("<")):
        tag, _, text = piece.partition(">") if at else ("", "", piece)
        name = _name(tag)
        if inside is not None:
            # Until the end of a script, style or comment nothing is shown.
            if inside == "script" and not name.startswith("/script"):
                scripts.append(piece[:600])
            if inside == "!--" and "-->" in piece:
                inside, text = None, piece.rpartition("-->")[2]
            elif name == f"/{inside}":
                inside = None
            else:
                continue
        elif name.startswith("!--"):
            if "-->" not in piece:
                inside = "!--"
                continue
            text = piece.rpartition("-->")[2]
        elif name in _SKIPPED and not tag.endswith("/"):
            _note_tag(page, name, tag)
            inside = name
            if name == "script":
                scripts.append(text[:600])
            continue
        else:
            _note_tag(page, name, tag)
        if name in ("title", "h1", "h2"):
            open_tag = name
        elif name in ("/title", "/h1", "/h2"):
            if open_tag != "title" and heading:
                page.headings.append(_clean(" ".join(heading))[:300])
                heading = []
            open_tag = ""
        if open_tag == "title":
            title.append(text)
            continue
        if open_tag and len(page.headings) < 3:
            heading.append(text)
        if kept < _KEPT and text.strip():
            shown.append(text)
            kept += len(text)
    page.title = _clean(" ".join(title))[:300]
    page.text = _clean(" ".join(shown))[:_KEPT]
    if len(page.text) < 300:
        moves = [match[1] for script in scripts[:20] for match in _SCRIPT_MOVE.finditer(script)]
        page.script_target = moves[0] if moves else ""
    return page


_BLOCKS = {
    "p", "div", "br", "li", "tr", "pre", "table", "ul", "ol", "blockquote", "article", "section",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip


def to_markdown(text: str) -> str:
    r"""Return HTML as text with Markdown's headings and links, one block a line.

    Examples
    --------
    >>> to_markdown('<h2>Use</h2><p>See <a href="https://x.org/a">this</a>.</p>').split("\n")
    ['## Use', 'See [this](https://x.org/a).']
    """
    out, target = list[str](), list[str]()
    for at, piece in enumerate(text.split("<")):
        tag, _, shown = piece.partition(">") if at else ("", "", piece)
        name = _name(tag)
        if name.lstrip("/") in _BLOCKS:
            out.append("\n")
        if len(name) == 2 and name[0] == "h" and name[1].isdigit():
            out.append("#" * int(name[1]) + " ")
        elif name == "a":
            target.append(_attribute(tag, "href"))
            out.append("[")
        elif name == "/a" and target:
            out.append(f"]({target.pop()})")
        elif name == "img":
            # GitHub shows badges through a server of its own.
            source = _attribute(tag, "data-canonical-src") or _attribute(tag, "src")
            out.append(f"![]({source})")
        out.append(html.unescape(shown))
    lines = (line.strip() for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line.strip("# "))


def _name(tag: str) -> str:
    """Return the name of a tag in lower case, with ``/`` before that of an end."""
    words = tag[:30].split(None, 1)
    return words[0].lower().rstrip("/") if words else ""


def _attribute(tag: str, name: str) -> str:
    for key, *values in _ATTRIBUTE.findall(tag[:4000]):
        if key.lower() == name:
            return html.unescape("".join(values))
    return ""


def _decoded(body: bytes, content_type: str) -> str:
    told = _CHARSET.search(content_type.encode("ascii", "ignore")) or _CHARSET.search(body[:2048])
    try:
        return body.decode(told[1].decode() if told else "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _note_tag(page: PageText, name: str, tag: str) -> None:
    if name not in ("meta", "input", "script", "iframe", "img", "form", "link", "frame", "body"):
        return
    found = {
        key.lower(): html.unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(tag[:4000])
    }
    if name == "meta":
        refreshes = found.get("http-equiv", "").lower() == "refresh" and page.refresh is None
        if refreshes and (match := _REFRESH.match(found.get("content", ""))):
            page.refresh = match[2], _seconds(match[1])
        if found.get("name", "").lower() == "robots":
            page.robots = found.get("content", "").lower()
    elif name == "input":
        page.password |= found.get("type", "").lower() == "password"
    for key in ("src", "action"):
        if host := _host(found.get(key, "")):
            page.hosts.add(host)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _clean(text: str) -> str:
    return " ".join(html.unescape(text).split())
