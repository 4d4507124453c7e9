"""Lines of a PDF joined to text: words and addresses that were divided at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.fulltext.pdf_pages import SOFT_HYPHEN

#: The address that a line ends in.
_OPEN_ADDRESS = re.compile(
    r"(?:https?:/{0,2}|www\.|(?:github|gitlab|bitbucket|huggingface|zenodo|osf|figshare|codeocean)\.(?:com|org|io|co)"
    r"|doi\.org/)[^\s()<>\[\]{}\"“”]*$",
    re.IGNORECASE,
)
_SCHEME_ALONE = re.compile(r"https?:/{0,2}$", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\S+")
_ORDINARY = re.compile(r"[A-Za-z][a-z]*[.,;:)]?")
_JOINT = tuple("/-_.=?&#%~")
_REST = re.compile(r"[\w.~%?&=#+@:/-]+")
_HYPHEN = re.compile(r"([^\W\d_]+)-$")
_NEXT = re.compile(r"([a-z][^\W\d_]*)")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def hyphenated_words(lines: Sequence[str]) -> set[str]:
    """Return the words that the lines write with a hyphen inside, in lower case."""
    return {word.lower() for line in lines for word in _HYPHENATED.findall(line)}


def join_lines(lines: Sequence[str], hyphenated: set[str]) -> str:
    """Return lines as one text.

    Parameters
    ----------
    lines : sequence of str
        Of one paragraph.
    hyphenated : set of str
        Words that keep their hyphen (`hyphenated_words`).

    Examples
    --------
    >>> join_lines(["We share the nu-", "merical code at https://github.com/me/", "moon-", "net."],
    ...            set())
    'We share the numerical code at https://github.com/me/moon-net.'
    """
    parts: list[str] = []
    for raw in lines:
        line = raw.strip()
        if line and parts:
            # Only the last word before, and the first words of the line, may change.
            before = parts.pop()
            cut = before.rfind(" ") + 1
            parts += [before[:cut], _joined(before[cut:], line, hyphenated)]
        elif line:
            parts.append(line)
    text = "".join(parts)
    return text.replace(SOFT_HYPHEN, "-" if text.endswith(SOFT_HYPHEN) else "")


def _joined(text: str, line: str, hyphenated: set[str]) -> str:
    """Return the last word of a text and the line after it, joined."""
    soft = text.endswith(SOFT_HYPHEN)
    bare = text[:-1] if soft else text
    if ("." in bare or "//" in bare) and (address := _OPEN_ADDRESS.search(bare[-400:])):
        if soft:
            return f"{bare}-{line}"
        if _goes_on(address[0], line):
            return f"{bare}{line}"
    elif soft or (text.endswith("-") and _HYPHEN.search(text) and _NEXT.match(line)):
        before = re.search(r"([^\W\d_]*)-?$", bare[-60:])
        after = re.match(r"[^\W\d_]*", line)
        if before is None or after is None or not before[1] or not after[0]:
            return f"{bare.removesuffix('-')}-{line}"
        keeps = f"{before[1]}-{after[0]}".lower() in hyphenated or not after[0][:1].islower()
        return f"{bare.removesuffix('-')}{'-' if keeps else ''}{line}"
    if line[0] in ".,;:)]" and not line.startswith(("..", ".h")):
        return f"{bare}{line}"
    return f"{bare} {line}"


def _goes_on(address: str, line: str) -> bool:
    """Return whether an address at the end of a line goes on in the next line."""
    word = _FIRST_WORD.match(line)
    if word is None:
        return False
    first = word[0]
    if _SCHEME_ALONE.fullmatch(address):
        return True
    if first.lower().startswith(("http", "www.", "(", "[")) or not _REST.match(first):
        return False
    if first[0] in "/_?=#%&":
        return True
    if address.endswith("."):
        # The full stop of a sentence, or of `github.` with `com/…` below.
        return first[0].islower() and ("/" in first or "." in first.rstrip(".,;"))
    if address.endswith(_JOINT):
        return not (address.endswith("/") and _ORDINARY.fullmatch(first) and "." in address and
                    address.count("/") > 4)  # fmt: skip
    core = first.rstrip(".,;:)")
    return "/" in core or ("_" in core) or core.endswith((".git", ".html", ".io"))
