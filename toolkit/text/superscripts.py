"""Subscripts and superscripts in Unicode."""

from __future__ import annotations


def script_text(kind: str, content: str) -> str:
    """Return a subscript or superscript (`kind` is ``sub`` or ``sup``), in Unicode where possible.

    Examples
    --------
    >>> script_text("sup", "-3"), script_text("sub", "max")
    ('⁻³', '_max')
    """
    table = _SUBSCRIPTS if kind == "sub" else _SUPERSCRIPTS
    if content and all(character in table for character in content):
        return "".join(table[character] for character in content)
    bare = content if len(content) == 1 or content.isalnum() else f"({content})"
    return f"{'_' if kind == 'sub' else '^'}{bare}" if content else ""


_SUPERSCRIPTS = dict(zip("0123456789+-=()nT∘°*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵀ°°*"))
_SUBSCRIPTS = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"))
