"""Figures of the gallery, with what they show in words as their alternative text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from sphinx_gallery.scrapers import figure_rst

from toolkit.plots import text_summary


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
