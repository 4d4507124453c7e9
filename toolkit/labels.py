"""Terms and labels a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def distinct_terms(ranked: Sequence[tuple[str, float]], *, n: int = 10) -> list[tuple[str, float]]:
    """Keep the best `n` terms of which none repeats another (``model``, ``models``)."""
    kept: list[tuple[str, float]] = []
    roots: list[set[str]] = []
    for term, score in ranked:
        root = {_root(word) for word in term.split("_")}
        if not term or any(root <= other or other <= root for other in roots):
            continue
        kept.append((term, score))
        roots.append(root)
        if len(kept) == n:
            break
    return kept


def label_topics(terms: Mapping[int, Sequence[tuple[str, float]]]) -> dict[int, str]:
    """Name each topic by its first terms, unique."""
    labels: dict[int, str] = {}
    for topic, ranked in terms.items():
        words = [term.replace("_", " ") for term, _ in ranked]
        size = 3
        label = ", ".join(words[:size]) or "no terms"
        while label in labels.values() and size < len(words):
            size += 1
            label = ", ".join(words[:size])
        if label in labels.values():
            label = f"{label} ({topic})"
        labels[topic] = label
    return labels


def _root(word: str) -> str:
    for ending in ("ies", "es", "s", "ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word
