"""Writing papers for other tools: BibTeX, RIS, CSV, Markdown, HTML."""

from __future__ import annotations

import hashlib
import html
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from toolkit.errors import DataError
from toolkit.identity import fold_title
from toolkit.schema import check_papers

#: What LaTeX reads as a command, and how to write it so that it is read as itself.
_LATEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces even where LaTeX would not: these come without.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
#: BibTeX fields of running text; `annote` holds the reader's own words (the Explorer's basket).
_BIB_TEXT = {"journal": "venue", "note": "comments", "annote": "note", "abstract": "abstract"}
_FORMULA = re.compile(r"\s*[=+\-@|]|[\t\r]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~$])")
_NO_CONTENT = frozenset({"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "from"})


def export(papers: pd.DataFrame, path: str | Path) -> Path:
    r"""Write papers to a file that other tools read.

    Parameters
    ----------
    papers : DataFrame
        Papers table; whatever it holds is written, what is NA is left out. A column `note` of
        your own (the Explorer's basket has one) goes along.
    path : str or path-like
        Its ending says how: ``.bib`` (BibTeX, for Zotero, JabRef, LaTeX), ``.ris`` (RIS, for
        EndNote, Zotero, Mendeley), ``.csv`` (for Excel, R, pandas; every column of the table),
        ``.md`` (Markdown) or ``.html`` (a page of its own). An existing file is replaced once
        the new one is whole.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        Another ending, a folder that is not there, or no papers table.

    Notes
    -----
    BibTeX keys depend on the paper alone (first author or first words, year, four digits of a
    hash of its id), so that a citation survives the next export. In CSV, cells that a spreadsheet
    would run as a formula get a leading apostrophe. Characters that mean something to LaTeX,
    Markdown or HTML are escaped; links other than http and https are not made links.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> file = toolkit.export(papers, getfixture("tmp_path") / "reading.bib")
    >>> file.read_text(encoding="utf-8").count("@misc{")
    31
    """
    check_papers(papers)
    place = Path(path)
    write = _WRITERS.get(place.suffix.lower())
    if write is None:
        raise DataError(
            "unknown kind of file",
            source=path,
            found=place.suffix or "no ending",
            expected=", ".join(_WRITERS),
        )
    write_whole(place, write(papers))
    return place


def write_whole(place: Path, text: str) -> None:
    """Write a text file, all or nothing.

    Raises
    ------
    DataError
        The folder is not there or cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    except OSError as error:
        raise DataError(
            f"cannot be written ({error.strerror})", source=place, mend="Name another folder"
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise DataError(f"cannot be written ({error.strerror})", source=place) from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def citation_keys(papers: pd.DataFrame) -> list[str]:
    """Return a BibTeX key for each paper; it depends on that paper alone.

    Examples
    --------
    >>> citation_keys(pd.DataFrame({"paper_id": ["arxiv:2401.00001"], "title": ["The Oak Tree"],
    ...     "authors": ["Ada Byron; B. Bell"], "published": [pd.Timestamp("2024-01-01")]}))
    ['byron2024oak_33a2']
    """
    keys, taken = [], set()
    for paper in _rows(papers):
        words = [w for w in fold_title(paper["title"]).split() if w not in _NO_CONTENT]
        words = [w for word in words if (w := _ascii(word))]
        author = _ascii(_surname((paper.get("authors") or "").split(";")[0]))
        stem = author or (words.pop(0) if words else "paper")
        digest = hashlib.sha256(paper["paper_id"].encode()).hexdigest()
        start = f"{stem}{_year(paper)}{words[0] if words else ''}"
        start = start if start[:1].isalpha() else f"p{start}"
        # Only where two papers share a name and four digits are more digits taken.
        sizes = range(4, 65)
        key = next(k for n in sizes if (k := f"{start}_{digest[:n]}") not in taken)
        taken.add(key)
        keys.append(key)
    return keys


def safe_link(url: Any) -> str | None:
    """Return a URL if it is http or https and so can be made a link, else None."""
    try:
        parts = urlsplit(str(url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else None


def markdown_text(text: Any) -> str:
    r"""Escape what Markdown or HTML would read as markup.

    Examples
    --------
    >>> print(markdown_text("a_b <script> [x](y)"))
    a\_b \<script\> \[x\](y)
    """
    line = _MARKDOWN.sub(r"\\\1", _one_line(text)).replace("&", "&amp;")
    # At the start of a line these would make a list, a quotation or a heading.
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-=])", r"\\\1", line))


def _bibtex(papers: pd.DataFrame) -> str:
    entries = []
    for key, paper in zip(citation_keys(papers), _rows(papers)):
        fields: dict[str, str] = {"title": "{" + _latex(paper["title"]) + "}"}
        if paper.get("authors"):
            names = [name.strip() for name in paper["authors"].split(";") if name.strip()]
            fields["author"] = " and ".join(_bib_name(name) for name in names)
        when, precision = paper.get("published"), paper.get("published_precision")
        if when is not None:
            fields["year"] = str(when.year)
            if precision != "year":
                fields["month"] = str(when.month)
            if precision == "day":
                fields["date"] = when.strftime("%Y-%m-%d")
        for name, column in _BIB_TEXT.items():
            if paper.get(column):
                fields[name] = _latex(paper[column])
        if paper.get("categories"):
            fields["keywords"] = _latex(", ".join(paper["categories"].split()))
        if paper["paper_id"].startswith("arxiv:"):
            fields["eprint"] = paper["paper_id"].removeprefix("arxiv:")
            fields["archiveprefix"] = "arXiv"
        for name in ("doi", "url"):
            if paper.get(name):
                fields[name] = _bib_address(paper[name])
        kind = "article" if "journal" in fields else "misc"
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@{kind}{{{key},\n{lines}\n}}\n")
    return "\n".join(entries)


def _ris(papers: pd.DataFrame) -> str:
    import rispy

    entries = []
    for paper in _rows(papers):
        entry: dict[str, Any] = {
            "type_of_reference": "JOUR" if paper.get("venue") else "UNPB",
            "id": paper["paper_id"],
            "title": _one_line(paper["title"]),
        }
        if paper.get("authors"):
            names = (_one_line(name) for name in paper["authors"].split(";"))
            entry["authors"] = [_inverted(name) for name in names if name]
        if (when := paper.get("published")) is not None:
            entry["year"] = str(when.year)
            parts = {"day": "%Y/%m/%d/", "month": "%Y/%m//"}
            entry["date"] = when.strftime(parts.get(str(paper.get("published_precision")), "%Y///"))
        pairs = {"abstract": "abstract", "venue": "journal_name", "doi": "doi"}
        entry |= {ours: _one_line(paper[name]) for name, ours in pairs.items() if paper.get(name)}
        notes = [_one_line(paper[name]) for name in ("comments", "note") if paper.get(name)]
        entry |= {"notes": notes} if notes else {}
        if paper.get("categories"):
            entry["keywords"] = paper["categories"].split()
        if paper.get("url"):
            entry["urls"] = [_one_line(paper["url"])]
        entries.append(entry)
    return str(rispy.dumps(entries)) if entries else ""


def _csv(papers: pd.DataFrame) -> str:
    table = papers.copy()
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]) and "date" not in str(table[name].dtype):
            table[name] = table[name].astype(object).map(_harmless, na_action="ignore")
    table.columns = [_harmless(name) for name in table.columns]
    # The mark at the beginning tells Excel that this is UTF-8.
    return "\ufeff" + str(table.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n"))


def _markdown(papers: pd.DataFrame) -> str:
    blocks = [f"# {len(papers)} papers\n"]
    for paper in _rows(papers):
        title, link = markdown_text(paper["title"]), safe_link(paper.get("url"))
        lines = [f"- [{title}](<{_bracketed(link)}>)" if link else f"- {title}"]
        about = [markdown_text(part) for part in _about(paper)]
        lines += [f"  {' · '.join(about)}"] if about else []
        links = [f"[{name}](<{_bracketed(url)}>)" for name, url in _links(paper)]
        lines += [f"  {' · '.join(links)}"] if links else []
        lines += [f"  *Note:* {markdown_text(paper['note'])}"] if paper.get("note") else []
        blocks.append("  \n".join(lines) + "\n")
    return "\n".join(blocks)


def _html(papers: pd.DataFrame) -> str:
    items = []
    for paper in _rows(papers):
        title, link = html.escape(_one_line(paper["title"])), safe_link(paper.get("url"))
        head = f'<a href="{html.escape(link)}">{title}</a>' if link else title
        about = " · ".join(html.escape(part) for part in _about(paper))
        links = " · ".join(
            f'<a href="{html.escape(url)}">{name}</a>' for name, url in _links(paper)
        )
        rest = (
            f"<p>{html.escape(_one_line(paper['abstract']))}</p>" if paper.get("abstract") else ""
        )
        note = html.escape(_one_line(paper["note"])) if paper.get("note") else ""
        note = f'<p dir="auto"><em>Note:</em> {note}</p>' if note else ""
        small = "".join(f"<div>{part}</div>" for part in (about, links) if part)
        items.append(f'<li dir="auto"><strong>{head}</strong>{small}{note}{rest}</li>')
    return page(f"{len(papers)} papers", "<ol>\n" + "\n".join(items) + "\n</ol>")


def page(title: str, body: str, *, style: str = "") -> str:
    """Return a whole HTML page that loads nothing and runs nothing.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML, escaped where it came from data.
    style : str
        More CSS.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{html.escape(title)}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 56rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; }}
li {{ margin-bottom: 0.9rem; overflow-wrap: anywhere; }}
{style}
</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
{body}
</body>
</html>
"""


_WRITERS: dict[str, Callable[[pd.DataFrame], str]] = {
    ".bib": _bibtex,
    ".ris": _ris,
    ".csv": _csv,
    ".md": _markdown,
    ".html": _html,
}


def _rows(papers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the papers as dictionaries, NA as None."""
    plain = papers.astype(object).where(papers.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _one_line(text: Any) -> str:
    """Fold white space and take out control characters, those that turn text around among them.

    The two joiners stay: Persian, Indic scripts and emoji are misspelt without them.
    """
    kept = (c if c.isprintable() or c in "\u200c\u200d" else " " for c in str(text))
    return " ".join("".join(kept).split())


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", bare)[:24]


def _surname(name: str) -> str:
    return name.split(",")[0] if "," in name else (name.split() or [""])[-1]


def _inverted(name: str) -> str:
    """Return ``Surname, First``, as RIS wants it; a single name stays as it is."""
    if "," in name or " " not in name:
        return name
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def _year(paper: dict[str, Any]) -> str:
    return str(paper["published"].year) if paper.get("published") is not None else ""


def _latex(text: Any) -> str:
    return "".join(_LATEX.get(c, c) for c in _one_line(text))


def _bib_name(name: str) -> str:
    """Write a name; one that holds ``and`` as a word is kept together by braces."""
    text = _latex(name)
    return f"{{{text}}}" if re.search(r"\band\b|\bothers\b", name, re.IGNORECASE) else text


def _bib_address(text: Any) -> str:
    """Write a DOI or URL: BibTeX wants no escapes there, only whole braces."""
    quoted = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22"}
    return "".join(quoted.get(c, c) for c in _one_line(text).replace(" ", "%20"))


def _bracketed(url: str) -> str:
    return _one_line(url).translate({ord("<"): "%3C", ord(">"): "%3E", ord("\\"): "%5C"})


def _harmless(value: Any) -> Any:
    """Keep spreadsheets from running a cell: =, +, -, @ (and blanks before them) begin formulas."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


def _about(paper: dict[str, Any]) -> list[str]:
    """Return authors, date and venue of a paper, as text."""
    names = [_one_line(n) for n in (paper.get("authors") or "").split(";") if n.strip()]
    authors = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    when, precision = paper.get("published"), paper.get("published_precision")
    form = {"day": "%Y-%m-%d", "month": "%Y-%m"}.get(str(precision), "%Y")
    date = when.strftime(form) if when is not None else ""
    return [part for part in (authors, date, _one_line(paper.get("venue") or "")) if part]


def _links(paper: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the paper's own links: code, project page, DOI."""
    doi = f"https://doi.org/{paper['doi']}" if paper.get("doi") else None
    named = (("code", paper.get("code_url")), ("project", paper.get("project_url")), ("doi", doi))
    return [(name, url) for name, raw in named if (url := safe_link(raw))]
