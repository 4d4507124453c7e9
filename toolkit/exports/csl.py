"""Papers as CSL-JSON, for Zotero, pandoc and citation processors."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import pandas as pd

from toolkit.exports.citations import citation_keys
from toolkit.exports.escaping import paper_rows
from toolkit.papers.columns import COLUMNS, OPTIONAL
from toolkit.text.escaping import one_line

#: The types of CSL for our kinds; other kinds are told in `genre`.
_TYPES = {
    "article": "article-journal", "review": "article-journal", "editorial": "article-journal",
    "letter": "article-journal", "abstract": "paper-conference", "poster": "paper-conference",
    "proceedings": "paper-conference", "chapter": "chapter", "book": "book", "thesis": "thesis",
    "report": "report", "preprint": "article", "dataset": "dataset", "software": "software",
    "patent": "patent", "standard": "standard", "entry": "entry-encyclopedia",
    "web page": "webpage", "presentation": "speech", "news": "article-newspaper",
}  # fmt: skip
_PARTICLES = re.compile(r"(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|ter|zu)\b ?)+$")
#: Columns that CSL has fields for, or that are features.
_TOLD = frozenset(
    ["title", "abstract", "authors", "keywords", "published", "published_precision", "venue",
     "comments", "doi", "url", *OPTIONAL]
)  # fmt: skip


def to_csl(papers: pd.DataFrame) -> str:
    """Return papers as CSL-JSON; columns that CSL has no field for stand in `custom`."""
    items = [_item(paper, key) for paper, key in zip(paper_rows(papers), citation_keys(papers))]
    try:
        return orjson.dumps(items, option=orjson.OPT_INDENT_2).decode() + "\n"
    except TypeError:  # halves of characters, which UTF-8 does not have
        text = json.dumps(items, ensure_ascii=False, indent=2)
        return text.encode("utf-8", "replace").decode() + "\n"


def _item(paper: dict[str, Any], key: str) -> dict[str, Any]:
    kind = paper.get("kind")
    usual = "article-journal" if paper.get("venue") else "article"
    item: dict[str, Any] = {"id": key, "type": _TYPES.get(str(kind), usual)}
    item["genre"] = kind
    item["title"] = one_line(paper["title"])
    names = [one_line(name) for name in (paper.get("authors") or "").split(";")]
    item["author"] = [_name(name) for name in names if name]
    if paper.get("published") is not None:
        item["issued"] = {"date-parts": [_parts(paper)]}
    item["keyword"] = paper.get("keywords")
    if paper.get("keywords") and ";" not in paper["keywords"] and "," in paper["keywords"]:
        item["keyword"] += ";"
    named = (("container-title", "venue"), ("abstract", "abstract"), ("note", "comments"),
             ("DOI", "doi"), ("URL", "url"))  # fmt: skip
    item |= {ours: one_line(paper[name]) for ours, name in named if paper.get(name)}
    custom = {
        str(name): value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else value
        for name, value in paper.items()
        if value is not None
        and name not in _TOLD
        and (name in COLUMNS or isinstance(value, str | int | float))
    }
    if any("," in name for name in names):
        custom["authors"] = "; ".join(filter(None, names))  # a comma would turn names round
    return {name: value for name, value in item.items() if value} | {"custom": custom}


def _name(name: str) -> dict[str, str]:
    """Return a name in the parts of CSL; one word is a literal."""
    given, _, family = name.rpartition(" ")
    if not given:
        return {"literal": name}
    particle = _PARTICLES.search(given)
    if particle and particle.start():
        return {
            "given": given[: particle.start()].strip(),
            "non-dropping-particle": particle[0].strip(),
            "family": family,
        }
    return {"given": given, "family": family}


def _parts(paper: dict[str, Any]) -> list[int]:
    when = paper["published"]
    parts = [when.year, when.month, when.day]
    return parts[: {"day": 3, "month": 2}.get(str(paper.get("published_precision")), 1)]
