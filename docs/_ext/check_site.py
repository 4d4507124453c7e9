"""What is wrong with a built site: links that lead nowhere, files that other hosts would send."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Elements and attributes whose address the browser asks for by itself.
ASSETS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}
#: `link` elements that name a page without loading it.
NOT_LOADED = {"canonical", "next", "prev", "search", "index", "author"}


class Page(HTMLParser):
    """The ids, links, assets and images without alternative text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.assets: list[str] = []
        self.mute: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take in an element."""
        about = {name: value or "" for name, value in attributes}
        self.ids.update(about[name] for name in ("id", "name") if name in about)
        if tag == "a" and "href" in about:
            self.links.append(about["href"])
        if tag == "img" and not about.get("alt", "").strip():
            self.mute.append(about.get("src", "?"))
        for name in ("src", "href"):
            if (tag, name) in ASSETS and name in about and about.get("rel") not in NOT_LOADED:
                self.assets.append(about[name])


def find_problems(site: Path) -> list[str]:
    """Return a line for each problem of the pages of a site."""
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
        if path.name != "explorer.html" and "_static" not in path.parts
    }
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve()).as_posix()
        found += [f"{name}: image without alternative text: {source}" for source in page.mute]
        for address in page.assets:
            parts = urlsplit(address)
            if parts.scheme == "data":
                continue
            if parts.netloc or not (path.parent / unquote(parts.path)).exists():
                found.append(f"{name}: asset {address}")
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = target in pages or (target.exists() and target.is_file())
            fragment = unquote(parts.fragment)
            if there and fragment and target in pages and target.suffix == ".html":
                there = fragment in pages[target].ids
            if not there:
                found.append(f"{name}: link {address}")
    for path in sorted(site.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        if "@import url(http" in text or "url(http" in text.replace('"', "").replace("'", ""):
            found.append(f"{path.relative_to(site).as_posix()}: asset of another host")
    return found


def find_missing_figures(site: Path) -> list[str]:
    """Return a line for each executed page that draws and shows no picture."""
    pages = [
        path for room in ("tutorials", "howto", "explain") for path in (site / room).glob("*.html")
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(pages)}
    return [
        f"{path.relative_to(site).as_posix()}: no figure"
        for path, text in texts.items()
        if 'class="cell_input' in text and "plot_" in text and "_images/" not in text
    ]
