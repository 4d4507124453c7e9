"""`export` writes papers for other tools: BibTeX, RIS, CSV, Markdown, HTML, CSL-JSON, Excel.

Networks too: GraphML, VOSviewer's files, CSV for Gephi.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.exports.citations import to_bibtex, to_ris
from toolkit.exports.csl import to_csl
from toolkit.exports.escaping import markdown_link, markdown_text, paper_rows, render
from toolkit.exports.network_files import ONE_FILE, TWO_FILES
from toolkit.exports.spreadsheets import to_csv, to_xlsx
from toolkit.files import write_atomically
from toolkit.networks import Network
from toolkit.papers.identifiers import parse_arxiv_id
from toolkit.papers.schema import check_papers
from toolkit.text.escaping import one_line, safe_link

_LIKE_A_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@checked
def export(papers: pd.DataFrame | Network, path: str | Path) -> Path:
    r"""Write papers, or a network, to a file that other tools read.

    Parameters
    ----------
    papers : DataFrame or Network
        Papers table; all values but NA are written, and so is a column `note` of your own (the
        Explorer's basket has one). Or a network from `toolkit.find_network`.
    path : str or path-like
        The ending selects the format: ``.bib`` (BibTeX, for Zotero, JabRef, LaTeX), ``.ris``
        (RIS, for EndNote, Zotero, Mendeley), ``.csv`` (for Excel, R, pandas; every column but
        vectors), ``.xlsx`` (Excel; the same columns), ``.md`` (Markdown), ``.html`` (a page) or
        ``.json`` (CSL-JSON, for Zotero, pandoc, citation processors; every column but features).
        An existing file is replaced once the new one is complete. `toolkit.load` reads each of
        them back. Of a network: ``.graphml`` (Gephi, igraph, Cytoscape), ``.json`` (VOSviewer and
        VOSviewer Online), ``.txt`` (VOSviewer's map file `name_map.txt` and network file
        `name_network.txt`) or ``.csv`` (`name_nodes.csv` and `name_edges.csv`, with the names of
        columns that Gephi knows).

    Returns
    -------
    Path
        The file; of two, the one of the nodes.

    Raises
    ------
    DataError
        The ending is unknown, the folder does not exist, or `papers` is not a papers table.

    Notes
    -----
    Papers loaded from BibTeX keep their keys and types of entry (the columns `bibtex_key` and
    `bibtex_type`). Other keys depend on the paper alone (first author or first words,
    year, four digits of a hash of its id), so that a citation survives the next export; the type
    follows from the venue's name: ``@inproceedings`` for meetings, else ``@article``, and
    ``@misc``, with the arXiv number, without a venue. In CSV, cells that a spreadsheet
    would run as a formula get a leading apostrophe. Characters with a meaning in LaTeX, Markdown
    or HTML are escaped; only http and https addresses become links.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> file = toolkit.export(papers, getfixture("tmp_path") / "reading.bib")
    >>> file.read_text(encoding="utf-8").count("@misc{")
    31
    """
    place = Path(path)
    if isinstance(papers, Network):
        return _export_network(papers, place)
    check_papers(papers)
    write = _WRITERS.get(place.suffix.lower())
    if write is None:
        raise DataError(
            "unknown kind of file",
            source=path,
            found=place.suffix or "no ending",
            expected=", ".join(_WRITERS),
        )
    write_atomically(place, write(papers))
    return place


def _export_network(network: Network, place: Path) -> Path:
    ending = place.suffix.lower()
    if ending not in (*ONE_FILE, *TWO_FILES):
        raise DataError(
            "unknown kind of file for a network",
            source=place,
            found=place.suffix or "no ending",
            expected=", ".join((*ONE_FILE, *TWO_FILES)),
        )
    if ending in ONE_FILE:
        return write_atomically(place, ONE_FILE[ending](network))
    files = [write_atomically(*one) for one in TWO_FILES[ending](network, place).items()]
    return files[0]


def _markdown(papers: pd.DataFrame) -> str:
    blocks = [f"# {len(papers)} papers\n"]
    for paper in paper_rows(papers):
        lines = [f"- {markdown_link(paper['title'], paper.get('url'))}"]
        about = _markdown_about(paper)
        lines += [f"  {' · '.join(about)}"] if about else []
        links = [markdown_link(name, url) for name, url in _links(paper)]
        lines += [f"  {' · '.join(links)}"] if links else []
        lines += [f"  *Note:* {markdown_text(paper['note'])}"] if paper.get("note") else []
        blocks.append("  \n".join(lines) + "\n")
    return "\n".join(blocks)


def _markdown_about(paper: dict[str, Any]) -> list[str]:
    """Return authors, date and venue, so written that `load` tells them apart."""
    names = [markdown_text(name) for name in _authors(paper)]
    authors, date = "; ".join(names), _date(paper)
    venue = markdown_text(paper["venue"]) if paper.get("venue") else ""
    if _LIKE_A_DATE.fullmatch(authors):
        authors = f"&#{ord(authors[0])};{authors[1:]}"
    found = [authors, date, f"*{venue}*" if venue else ""]
    return [part.replace("·", "&middot;") for part in found if part]


def _html(papers: pd.DataFrame) -> str:
    title = f"{len(papers)} papers"
    return render(
        "papers.html", title=title, papers=paper_rows(papers), authors=_authors, date=_date,
        links=_links,
    )  # fmt: skip


def _json(papers: pd.DataFrame) -> str:
    return to_csl(papers)


_WRITERS: dict[str, Callable[[pd.DataFrame], str | bytes]] = {
    ".bib": to_bibtex,
    ".ris": to_ris,
    ".csv": to_csv,
    ".xlsx": to_xlsx,
    ".md": _markdown,
    ".html": _html,
    ".json": _json,
}


def _authors(paper: dict[str, Any]) -> list[str]:
    names = (one_line(name) for name in (paper.get("authors") or "").split(";"))
    return [name for name in names if name]


def _date(paper: dict[str, Any]) -> str:
    """Return the date of a paper, as precise as it is known."""
    when, precision = paper.get("published"), paper.get("published_precision")
    if when is None:
        return ""
    text = f"{when.year:04}-{when.month:02}-{when.day:02}"
    return text[: {"day": 10, "month": 7}.get(str(precision), 4)]


def _links(paper: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the paper's own links: arXiv where its address is another, code, project page, DOI."""
    arxiv = paper["paper_id"].removeprefix("arxiv:") if "arxiv:" in paper["paper_id"][:6] else None
    url = f"https://arxiv.org/abs/{arxiv}" if arxiv else None
    url = None if arxiv and parse_arxiv_id(paper.get("url") or "") == arxiv else url
    doi = f"https://doi.org/{paper['doi']}" if paper.get("doi") else None
    named = (("arXiv", url), ("code", paper.get("code_url")), ("project", paper.get("project_url")),
             ("doi", doi))  # fmt: skip
    return [(name, url) for name, raw in named if (url := safe_link(raw))]
