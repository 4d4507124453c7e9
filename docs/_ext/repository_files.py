"""Files of the repository that pages include: their links to files without a page lead nowhere.

CHANGELOG, CONTRIBUTING and others stand once, at the root. What they link is shown as plain text
here, unless it is a page of this site or another site.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Files of the repository that are pages here.
PAGES = {
    "CHANGELOG.md": "project/changelog",
    "CONTRIBUTING.md": "project/contributing",
    "SECURITY.md": "project/security",
    "data/README.md": "project/samples",
    "data": "project/samples",
    "toolkit/assets/README.md": "project/model",
    "toolkit/assets": "project/model",
}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)\s]+)\)")


def page_of(target: str, included: Path, document: str) -> str | None:
    """Return the page's path, from `document`, that a link in an included file leads to."""
    path, _, anchor = target.partition("#")
    for base in (included.parent, ROOT):
        found = (base / path).resolve()
        if found.is_relative_to(ROOT) and found.exists():
            inside = found.relative_to(ROOT).as_posix()
            page = PAGES.get(inside)
            if page is None and inside.startswith("docs/") and inside.endswith(".md"):
                page = inside.removeprefix("docs/").removesuffix(".md")
            if page is None and inside.startswith("notebooks/") and inside.endswith(".ipynb"):
                page = "tutorials/" + found.stem
            if page:
                up = "../" * document.count("/")
                return f"{up}{page}.md" + (f"#{anchor}" if anchor else "")
    return None


def _include(app: Any, path: Any, parent: str, content: list[str]) -> None:
    included = (ROOT / "docs" / path).resolve()
    document = parent

    def link(found: re.Match[str]) -> str:
        page = page_of(found[2], included, document)
        return f"[{found[1]}]({page})" if page else found[1]

    content[0] = LINK.sub(link, content[0])


def _source(app: Any, document: str, content: list[str]) -> None:
    if document in PLAIN:
        _include(app, f"{document}.md", document, content)


#: Pages that are files of the repository as they stand, read on GitHub too.
PLAIN = {"licences", "rebuild", "scale", "bertopic_issues"}


def setup(app: Any) -> dict[str, bool]:
    """Connect to Sphinx's reading of files."""
    app.connect("include-read", _include)
    app.connect("source-read", _source)
    return {"parallel_read_safe": True}
