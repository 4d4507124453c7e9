"""The page of an update, as HTML and as Markdown."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import DataError
from toolkit.exports.escaping import markdown_link, markdown_text, render
from toolkit.files import write_atomically
from toolkit.storage.manifest import MANIFEST

if TYPE_CHECKING:
    from toolkit.updates.content import Content, Paper


def write_page(content: Content, folder: Path, day: dt.date) -> Path:
    """Write a page into a folder as ``DAY.html`` and ``DAY.md``; return the first.

    A file that says the same already is left as it is.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise DataError(
            f"the folder for pages cannot be made ({error.strerror or error})", source=folder
        ) from error
    _write(folder / f"{day.isoformat()}.md", as_markdown(content))
    page = folder / f"{day.isoformat()}.html"
    _write(page, render("update.html", **asdict(content)))
    return page


def as_markdown(content: Content) -> str:
    """Return a page as Markdown."""
    lines = [f"# {markdown_text(content.title)}", "", markdown_text(content.lead), ""]
    for warning in content.warnings:
        lines += [f"> {markdown_text(warning)}", ""]
    if content.near:
        lines += ["## Near your basket", "", *map(_paper, content.near), ""]
    for heading, rows in content.lists:
        lines += [f"## {heading}", ""]
        lines += [f"- {markdown_link(said, url)}" for said, url in rows]
        lines += [""]
    for label, papers in content.groups:
        lines += [f"## {markdown_text(label)}: {len(papers):,}", "", *map(_paper, papers), ""]
    lines += ["## Queries", ""]
    lines += [f"- {markdown_text(name)}: {markdown_text(said)}" for name, said in content.queries]
    return "\n".join([*lines, ""])


def _paper(paper: Paper) -> str:
    parts = [markdown_link(paper.title, paper.url), markdown_text(paper.by)]
    parts += [markdown_link(paper.code, paper.code_url), markdown_text(paper.note)]
    return "- " + " · ".join(filter(None, parts))


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode("utf-8", "replace"):
        write_atomically(path, text, like=path.parents[1] / MANIFEST)
