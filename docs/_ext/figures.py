"""Figures of the gallery, with what they show in words as their alternative text."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from sphinx_gallery.scrapers import figure_rst

from toolkit.plots import text_summary

ALT = re.compile(r"^ +:alt: (.+)$", re.MULTILINE)
THUMBNAIL = re.compile(r'<img alt="" (src="[^"]*sphx_glr_(\w+)_thumb\.png")')
#: The order of the gallery: from the papers to what is made of them.
ORDER = (
    "papers health record_flow topic_map reliability dendrogram topic_flow trends country_trends "
    "slopes share_area availability groups reuse_levels survival network themes explorer"
).split()


class ReadingOrder:
    """The order in which sphinx-gallery shows the files; new ones come last."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, name: str) -> tuple[int, str]:
        """Return what a file is sorted by."""
        figure = Path(name).stem.removeprefix("plot_")
        return (ORDER.index(figure) if figure in ORDER else len(ORDER), name)


def describe(figure: Any) -> str:
    """Return what the toolkit's plots in a figure show, on one line."""
    return " ".join(" ".join(filter(None, map(text_summary, figure.axes))).split())


def summary_scraper(block: Any, block_vars: Any, gallery_conf: Any) -> str:
    """Save the open figures of a block; return the reStructuredText that shows them."""
    parts = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        path = next(block_vars["image_path_iterator"])
        figure.savefig(path, dpi=110, bbox_inches="tight")
        parts.append(figure_rst([path], gallery_conf["src_dir"], alternative_text(figure)))
    plt.close("all")
    for picture in sorted(Path(block_vars["src_file"]).parent.glob("*.made.png")):
        path = next(block_vars["image_path_iterator"])
        picture.replace(path)
        alt = "The map of the explorer, selected papers highlighted, the view in words"
        parts.append(figure_rst([path], gallery_conf["src_dir"], alt))
    return "\n".join(parts)


def alternative_text(figure: Any) -> str:
    """Return the summary of a figure, else its titles."""
    titles = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    return describe(figure) or ", ".join(filter(None, titles)) or "figure"


def _thumbnails(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Give thumbnails the alternative text of their figure."""

    def describe_thumbnail(found: re.Match[str]) -> str:
        source = Path(app.srcdir, "gallery", f"{found[2]}.rst")
        told = ALT.search(source.read_text(encoding="utf-8")) if source.exists() else None
        text = told[1] if told else found[2].removeprefix("plot_").replace("_", " ")
        return f'<img alt="{escape(text[:200])}" {found[1]}'

    if "body" in context:
        context["body"] = THUMBNAIL.sub(describe_thumbnail, context["body"])


def setup(app: Any) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", _thumbnails)
    return {"parallel_read_safe": True}
