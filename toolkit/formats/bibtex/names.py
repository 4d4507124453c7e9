"""Values of BibTeX as text: authors, braces that protect capitals, lists."""

from __future__ import annotations

import re

from toolkit.formats.authors import first_name_first, split_authors, without_marks

_BARE_BRACE = re.compile(r"(?<!\\)[{}]")
# A macro or an accent, whose argument the brace that follows opens.
_MACRO_BEFORE = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z\s])\s*$")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
#: What LaTeX needs in a DOI or an address: commands around it, escapes of signs, braces.
_IN_ADDRESS = re.compile(
    r"\\(?:url|path|nolinkurl)\s*(?=\{)"
    r"|\\(textasciitilde|textunderscore|textless|textgreater|sim|lt|gt)(?![A-Za-z])(?:\{\})?"
    r"|\\([^\w\s\\])(?:\{\})?|\\(_)(?:\{\})?|\$(?=(?:<|>|\\(?:sim|lt|gt))\$)"
    r"|(?<=[<>])\$|(?<=\\sim)\$|(?<=\\[lg]t)\$|[{}]"
)
_SIGNS = {"textasciitilde": "~", "textunderscore": "_", "textless": "<", "textgreater": ">",
          "sim": "~", "lt": "<", "gt": ">"}  # fmt: skip
#: Most braces removed around a value; each pair costs a pass over the whole value.
_MOST_BRACES = 10


def authors_of(text: str) -> str:
    """Return the names that BibTeX separates by `and`; one in braces is an institution's.

    Examples
    --------
    >>> authors_of("{Oak}, Anna and {The Elm Group} and others")
    'Anna Oak; The Elm Group'
    """
    text = " ".join(text.split())
    if _AND.search(text) and is_wrapped(text):
        text = text[1:-1].strip()
    parts: list[str] = []
    for piece in _AND.split(text):
        # An `and` inside braces belongs to the name.
        if parts and parts[-1].count("{") > parts[-1].count("}"):
            parts[-1] += f" and {piece}"
        else:
            parts.append(piece)
    if len(parts) == 1 and "{" not in text and (";" in text or text.count(",") > 1):
        return split_authors(text)
    names = []
    for part in without_marks(parts):
        institution = part.startswith("{") and is_wrapped(part)
        name = unprotected(part).replace(";", ",")
        if name and (institution or name.lower().strip(" .") not in ("others", "et al", "")):
            names.append(name if institution else first_name_first(name))
    return "; ".join(names)


def bare(text: str) -> str:
    """Remove braces around a whole value, which some services write twice or more."""
    text = text.strip()
    for _ in range(_MOST_BRACES):
        if not is_wrapped(text):
            break
        text = text[1:-1].strip()
    return text


def unescaped(text: str) -> str:
    r"""Return a DOI or an address without what LaTeX needs: escapes and braces.

    Examples
    --------
    >>> unescaped(r"10.1000/oak\_a{\_}33{[}8")
    '10.1000/oak_a_33[8'
    """
    if "\\" not in text and "{" not in text and "$" not in text:
        return text
    return _IN_ADDRESS.sub(lambda match: _SIGNS.get(match[1], match[2] or match[3] or ""), text)


def is_wrapped(text: str) -> bool:
    """Return whether one pair of braces is around the whole text."""
    return text.startswith("{") and text.endswith("}") and _first_close(text) == len(text)


def unprotected(text: str) -> str:
    r"""Remove the braces that keep capitals, not those that LaTeX needs.

    Examples
    --------
    >>> unprotected(r"On {DNA} and {\"o}")
    'On DNA and {\\"o}'
    """
    if "{" not in text:
        return text
    dropped: list[int] = []
    opened: list[tuple[int, bool]] = []
    for match in _BARE_BRACE.finditer(text):
        at = match.start()
        if match[0] == "{":
            empty_or_macro = text[at + 1 : at + 2] in ("\\", "}")
            argument = _MACRO_BEFORE.search(text[max(0, at - 30) : at]) is not None
            opened.append((at, empty_or_macro or argument))
        elif opened:
            start, needed = opened.pop()
            if not needed:
                dropped += [start, at]
    kept, begin = [], 0
    for at in sorted(dropped):
        kept.append(text[begin:at])
        begin = at + 1
    return "".join([*kept, text[begin:]])


def items_of(text: str) -> list[str]:
    r"""Return the items of a list: between semicolons, else commas or lines outside braces.

    Examples
    --------
    >>> items_of("oak;  elm, tall"), items_of("oak, {elm, tall}"), items_of("oak\nelm")
    (['oak', 'elm, tall'], ['oak', 'elm, tall'], ['oak', 'elm'])
    """
    if ";" in text:
        # Web of Science writes the whole list in two pairs of braces.
        parts = bare(text).split(";")
    elif "," in text:
        parts, depth = [""], 0
        for piece in re.split(r"(?<!\\)([{},])", text):
            depth += (piece == "{") - (piece == "}")
            if piece == "," and depth <= 0:
                parts.append("")
            else:
                parts[-1] += piece
    else:
        parts = text.split("\n")
    items = (bare(" ".join(part.split())) for part in parts)
    return list(dict.fromkeys(item for item in items if item and item.lower() != "n/a"))


def _first_close(text: str) -> int | None:
    """Return where the first brace that opens is closed again; None where it is not."""
    depth = 0
    for match in _BARE_BRACE.finditer(text):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return None
