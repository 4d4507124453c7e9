"""Whether the account and the name of a repository are like a paper's authors and title."""

from __future__ import annotations

import re

from toolkit.papers.identifiers import fold_title

_ALIKE = re.compile(r"[^a-z0-9]+")
#: Words that stand in the names of all kinds of repositories.
_COMMON = frozenset(
    "code data paper project analysis model models learning deep network networks github test "
    "public release version main supplementary scripts python matlab study package toolbox".split()
)
_LEAST_NAME = 4


def _surnames(authors: str) -> list[list[str]]:
    """Return the folded words of each author's name."""
    people = (fold_title(one).split() for one in re.split(r"[;\n]|, | and | & ", authors))
    found = []
    for person in people:
        words = [re.sub(r"\d+", "", word) for word in person]
        words = [word for word in words if word]
        if 1 < len(words) < 6 and not _INSTITUTION.search(" ".join(words)):
            found.append(words)
    return found


_INSTITUTION = re.compile(
    r"\b(?:univers\w*|depart\w*|institut\w*|laborator\w*|labs?|schools?|college|hospital|cent(?:er|re)|"
    r"facult\w*|research|team|group|academy|division|inc|corp|keywords?|sciences?|technolog\w*)\b"
)


def is_author(owner: str, authors: str) -> bool:
    """Return whether an account is called like one of the authors."""
    plain = re.sub(r"[^a-z]", "", owner.lower())
    if len(plain) < 3:
        return False
    for words in _surnames(authors):
        first, last = words[0], words[-1]
        if len(last) >= 5 and last in plain:
            return True
        if len(last) >= 3 and plain.startswith(last) and len(plain) - len(last) <= 3:
            return True
        if (
            len(last) >= 3
            and plain.endswith(last)
            and (len(plain) - len(last) <= 2 or plain.startswith(first[:3]))
        ):
            return True
        if len(last) >= 4 and last in plain and first in plain:
            return True
        if len(first) >= 5 and plain.startswith(first) and len(plain) - len(first) <= 4:
            return True
        if len(words) >= 3 and plain == "".join(word[0] for word in words):
            return True
    return False


def is_written_together(owner: str, front: str) -> bool:
    """Return whether an account is two names of a paper's head written together, or cut short.

    This finds the authors of a head in which names, addresses and affiliations run together.

    Examples
    --------
    >>> is_written_together("jfutoma", "Joseph Futoma jdf38@duke.edu Department of Statistics")
    True
    """
    plain = re.sub(r"[^a-z]", "", owner.lower())
    if not 5 <= len(plain) <= _ACCOUNT:
        return False
    words = [re.sub(r"\d+", "", word) for word in fold_title(front[:_HEAD]).split()]
    words = [word for word in words if word]
    stem = _GROUP.sub("", plain)
    if len(stem) >= 5 and stem != plain and stem in words:
        return True
    return any(
        _joins(plain, first, last)
        for far in (1, 2)
        for first, last in zip(words, words[far:])
        if first[0] == plain[0]
    )


_HEAD = 3000
#: Letters of the longest account.
_ACCOUNT = 100
_GROUP = re.compile(r"(?:lab|group)s?$")


def _joins(plain: str, first: str, last: str) -> bool:
    """Return whether a word is the beginnings of two names, the second whole or both long."""
    return any(
        first.startswith(plain[:at])
        and last.startswith(plain[at:])
        and (at >= 3 or plain[at:] == last)
        for at in range(1, len(plain) - 2)
    )


def shares_author(entry: str, authors: str) -> bool:
    """Return whether an entry of the reference list names one of the paper's authors."""
    known = set(fold_title(entry[:300]).split())
    return any(len(words[-1]) >= 4 and words[-1] in known for words in _surnames(authors))


def stands_in(owner: str, front: str) -> bool:
    """Return whether an account is called like an institution in the paper's head."""
    plain = re.sub(r"[^a-z0-9]", "", owner.lower())
    if len(plain) < 4:
        return False
    folded = fold_title(front)
    return plain in folded.split() or (len(plain) >= 6 and plain in folded.replace(" ", ""))


def is_named(name: str, text: str) -> bool:
    """Return whether a repository is called like something that a text names."""
    folded = f" {fold_title(text)} "
    squeezed = folded.replace(" ", "")
    plain = _ALIKE.sub("", name.lower())
    if len(plain) >= 5 and plain not in _COMMON and plain in squeezed:
        return True
    words = {
        word
        for word in _ALIKE.split(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
        if len(word) >= _LEAST_NAME and word not in _COMMON
    }
    known = [word for word in words if f" {word}" in folded]
    return len(known) >= 2 or (len(words) == 1 and len(known) == 1)


_NAME_FIRST = re.compile(r"\b([A-Z][\w+-]{3,}):\s")


def is_like_title(entry: str, title: str) -> bool:
    """Return whether an entry has a paper's title, or a name before a colon that is in it."""
    folded = fold_title(title)
    whole = len(folded) > 20 and folded[:60] in fold_title(entry)
    return whole or any(is_named(name, title) for name in _NAME_FIRST.findall(entry[:400]))
