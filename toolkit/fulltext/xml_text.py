"""Text of XML articles: parsed safely, one paragraph on one line, links beside their words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection

from toolkit.errors import DataError
from toolkit.formats.xml.pieces import cut, parse, prefixes_of, refuse_entities

#: Deepest nesting of elements; articles have about fifteen.
_MAX_DEPTH = 200
_BLOCKS = frozenset(
    "p sec title br li list-item label tr td th table-wrap disp-quote head div item row cell "
    "forename surname persName orgName author editor date idno name given-names string-name "
    "article-title source year person-group".split()
)
_NO_TEXT = frozenset(
    "tex-math mml:math math alternatives graphic inline-formula disp-formula formula figure-ref "
    "object-id processing-meta".split()
)


def root_of(text: str, names: Collection[str], source: str) -> ET.Element:
    """Return the first element of one of these names, its names without namespaces.

    Raises
    ------
    DataError
        It declares entities, is not well formed, or nests too deep.
    """
    refuse_entities(text, origin=source)
    piece = next(iter(cut(text, names)), None)
    if piece is None:
        raise DataError(
            "no article in this XML", source=source, expected=" or ".join(sorted(names))
        )
    if not piece.whole:
        raise DataError(
            "the file is cut off: its end is missing", source=source, hint="Download it again"
        )
    try:
        root = parse(piece.text, prefixes_of(text))
    except (ET.ParseError, UnicodeEncodeError, IndexError, RecursionError) as error:
        raise DataError(
            f"not well-formed XML ({error})", source=source, hint="Download it again"
        ) from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            raise DataError(
                "XML whose elements nest too deep for an article",
                source=source,
                found=f"more than {_MAX_DEPTH} levels",
                hint="Download the file again",
            )
        level = [child for element in level for child in element]
    return root


def text_of(element: ET.Element | None, *, without: Collection[str] = ()) -> str:
    """Return the text of an element on one line; the address of a link follows its words.

    Parameters
    ----------
    element : Element, optional
        From `root_of`.
    without : collection of str
        Elements whose text is left out.
    """
    if element is None:
        return ""
    parts: list[str] = []

    def walk(one: ET.Element) -> None:
        gap = " " if one.tag in _BLOCKS else ""
        parts.append(gap)
        start = len(parts)
        if one.text:
            parts.append(one.text)
        for child in one:
            if child.tag not in without and child.tag not in _NO_TEXT:
                walk(child)
            if child.tail:
                parts.append(child.tail)
        if address := _address(one):
            words = "".join(parts[start:])
            if _bare(address) not in _bare(words):
                parts.append(f" ({address})" if words.strip() else f" {address} ")
        parts.append(gap)

    walk(element)
    return " ".join("".join(parts).split())


def _address(element: ET.Element) -> str:
    href = element.get("href") or element.get("target") or ""
    return href.strip() if href.strip().lower().startswith(("http:", "https:", "www.")) else ""


def _bare(address: str) -> str:
    text = "".join(address.lower().split())
    return text.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.")
