"""`cite` returns references to papers as text, to paste into a manuscript or a mail."""

from __future__ import annotations

from html import escape

import pandas as pd

from toolkit.errors import DataError, checked, hint_nearest
from toolkit.exports.apa import Piece, apa_reference
from toolkit.exports.citations import bibtex_entries
from toolkit.exports.escaping import paper_rows
from toolkit.papers.schema import check_papers

_STYLES = ("apa", "bibtex")


@checked
def cite(papers: pd.DataFrame, *, style: str = "apa", html: bool = False) -> list[str]:
    """Return the reference of each paper.

    Parameters
    ----------
    papers : DataFrame
        A papers table; `volume`, `issue`, `pages` and `publisher` are used where it has them.
    style : {"apa", "bibtex"}
        APA, 7th edition, or a BibTeX entry as `export` writes it.
    html : bool
        With italics and a link, all else escaped; plain text otherwise.

    Returns
    -------
    list of str
        One reference a paper, in the order of the papers.

    Raises
    ------
    DataError
        Another style, or `papers` is not a papers table.

    Notes
    -----
    American Psychological Association (2020), Publication Manual, 7th edition,
    doi:10.1037/0000165-000. Titles keep their capitals. Editors and editions are not in the papers
    table, and so not in references.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load('''@article{x, title = {Oaks and elms}, author = {Ada van Byron},
    ...     journal = {Trees}, year = 2020, volume = 3, number = 2, pages = {1--9}}''')
    >>> toolkit.cite(papers)
    ['van Byron, A. (2020). Oaks and elms. Trees, 3(2), 1–9.']
    """
    check_papers(papers)
    if style == "bibtex":
        entries = bibtex_entries(papers)
        return [escape(entry) for entry in entries] if html else entries
    if style != "apa":
        raise DataError(
            "unknown style",
            argument="style",
            found=style,
            expected=" or ".join(map(repr, _STYLES)),
            hint=hint_nearest(style, _STYLES),
        )
    return [_text(apa_reference(paper), html=html) for paper in paper_rows(papers)]


def _text(pieces: list[Piece], *, html: bool) -> str:
    parts: list[str] = []
    for piece in pieces:
        text = escape(piece.text) if html else piece.text
        if html and piece.italic:
            text = f"<i>{text}</i>"
        if html and piece.link:
            text = f'<a href="{escape(piece.link)}">{text}</a>'
        parts.append(text if piece.glued or not parts else f" {text}")
    return "".join(parts)
