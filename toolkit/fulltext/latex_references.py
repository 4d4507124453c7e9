r"""The reference list of a LaTeX source: BibTeX's .bbl, else what it cites of the .bib files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.formats.bibtex.splitting import Entry, split_entries

_PLACE = re.compile(
    r"\\(?:bibliography\s*\{[^{}]{0,1000}\}|printbibliography\b(?:\[[^\[\]]{0,300}\])?)"
)
_CITED = re.compile(
    r"\\[A-Za-z]*[Cc]ite[A-Za-z]*\*?\s*(?:\[[^\[\]]{0,300}\]\s*){0,2}\{([^{}]{1,3000})\}"
)
#: What is shown of an entry, in this order.
_FIELDS = ("author", "title", "journal", "booktitle", "publisher", "howpublished", "note", "year",
           "doi", "eprint", "url")  # fmt: skip
_MAX_ENTRIES = 2_000


def with_references(text: str, files: Mapping[str, str], main: str) -> str:
    r"""Return LaTeX with its reference list in place of \bibliography.

    Parameters
    ----------
    text : str
        The paper, without comments.
    files : mapping of str to str
        The texts of its source.
    main : str
        The name of its main file.
    """
    if r"\begin{thebibliography}" in text:
        return text
    lists = {name: one for name, one in files.items() if name.lower().endswith(".bbl")}
    made = lists.get(main.rpartition(".")[0] + ".bbl") or max(lists.values(), key=len, default="")
    if r"\bibitem" not in made:
        made = _from_entries(text, files) or made
    if not made:
        return text
    if _PLACE.search(text):
        return _PLACE.sub(lambda _: made, text, count=1)
    end = text.find(r"\end{document}")
    return f"{text[:end]}\n{made}\n{text[end:]}" if end >= 0 else f"{text}\n{made}"


def _from_entries(text: str, files: Mapping[str, str]) -> str:
    """Return the entries that the text cites, as a reference list."""
    cited: dict[str, str] = {}
    for match in _CITED.finditer(text):
        cited |= dict.fromkeys((key.strip() for key in match[1].split(",")), "")
    everything = r"\nocite{*}" in text.replace(" ", "")
    for name, content in files.items():
        if not name.lower().endswith(".bib"):
            continue
        for entry in split_entries(content):
            known = entry.key in cited or (everything and len(cited) < _MAX_ENTRIES)
            if known and not cited.get(entry.key):
                cited[entry.key] = _shown(entry)
    items = [f"\\bibitem{{{key}}} {shown}" for key, shown in cited.items() if shown]
    if not items:
        return ""
    body = "\n\n".join(items[:_MAX_ENTRIES])
    return f"\\begin{{thebibliography}}{{99}}\n{body}\n\\end{{thebibliography}}"


def _shown(entry: Entry) -> str:
    parts = []
    for name in _FIELDS:
        value = entry.fields.get(name)
        if value:
            words = " ".join("".join(part for part, _ in value).split())
            bare = words.startswith(("http", "www."))
            parts.append(rf"\url{{{words}}}" if bare and "{" not in words else words)
    return ". ".join(parts)
