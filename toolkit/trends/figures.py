"""Figures inside sentences: factors, small probabilities, numbers of papers."""

from __future__ import annotations

#: Factors beyond these are written as "under" and "over".
MIN_FACTOR, MAX_FACTOR = 0.01, 100


def factor(ratio: float) -> str:
    """Return a factor with two digits, or three near 1.

    Examples
    --------
    >>> factor(1.137), factor(2.345), factor(float("inf")), factor(0.0)
    ('1.14', '2.3', 'over 100', 'under 0.01')
    """
    if ratio > MAX_FACTOR:
        return f"over {MAX_FACTOR:,}"
    if ratio < MIN_FACTOR:
        return f"under {MIN_FACTOR:g}"
    return f"{ratio:.2f}" if 0.1 <= ratio < 1.25 else f"{ratio:.2g}"


def small(p: float) -> str:
    """Return a probability after its sign.

    Examples
    --------
    >>> small(0.0123), small(3e-7)
    ('= 0.012', '< 0.001')
    """
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def count_papers(number: int) -> str:
    """Return a number of papers.

    Examples
    --------
    >>> count_papers(1), count_papers(1200)
    ('1 paper', '1,200 papers')
    """
    return f"{number:,} paper{'' if number == 1 else 's'}"
