"""A topic model at the prompt: a line; in a notebook: that line and the first topics."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.topics.topics import TopicModel

#: Topics in a notebook's table.
_SHOWN = 10


def in_a_line(model: TopicModel) -> str:
    """Tell how many topics of how many papers, and how they were made."""
    settings = model.settings
    known = model.topics["topic"] >= 0
    outside = int(model.topics["size"][~known].sum())
    vectors = "own" if settings.get("vectors") == "given" else settings["model"]
    how = [f"{vectors} vectors", f"{settings['clustering']} clustering", f"seed {settings['seed']}"]
    edits = len(settings["edits"])
    how += [f"{edits} edit{'s' if edits > 1 else ''}"] if edits else []
    count = int(known.sum())
    return (
        f"TopicModel: {count} topic{'' if count == 1 else 's'} of {len(model.papers):,} papers"
        + (f", {outside:,} of them in none" if outside else "")
        + f" ({', '.join(how)})"
    )


def as_html(model: TopicModel) -> str:
    """Return that line and a table of the first topics, escaped."""
    table = model.topics.head(_SHOWN).to_html(index=False, border=0, justify="left")
    more = len(model.topics) - _SHOWN
    rest = f"<p>… and {more} more: <code>.topics</code></p>" if more > 0 else ""
    return f"<p>{escape(in_a_line(model))}</p>{table}{rest}"
