"""Which fonts a text needs, and what is written where no font has its letters."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from toolkit.errors import warn_user

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Fonts with the letters that matplotlib's own font lacks, as systems ship them.
_OTHERS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP",
    "PingFang SC", "Hiragino Sans", "Hiragino Sans GB", "Apple SD Gothic Neo", "Microsoft YaHei",
    "Yu Gothic", "Malgun Gothic", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Source Han Sans SC", "IPAexGothic", "Noto Sans Arabic", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans", "Nirmala UI", "Leelawadee UI",
    "Segoe UI", "Geeza Pro", "Arial Unicode MS", "Droid Sans Fallback", "Unifont",
)  # fmt: skip


def find_fonts(labels: Sequence[str], instead: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the font families that labels need, and the labels that can be written with them.

    Parameters
    ----------
    labels : sequence of str
        What is to be written.
    instead : sequence of str
        What is written in place of each label that no installed font has the letters of.

    Returns
    -------
    families : list of str
        Those of matplotlib's settings first; matplotlib takes each letter from the first that
        has it.
    labels : list of str

    Warns
    -----
    UserWarning
        Some labels cannot be written.
    """
    import matplotlib as mpl

    settings: Any = mpl.rcParams
    families: list[str] = []
    for name in settings["font.family"]:
        families += settings.get(f"font.{name}", [name])  # "sans-serif" is a list of fonts
    families = [name for name in families if _letters((name,))][:4]
    missing = {letter for label in labels for letter in label} - _letters(tuple(families))
    missing = {letter for letter in missing if not letter.isspace()}
    for name in _OTHERS:
        if not missing:
            break
        if found := missing & _letters((name,)):
            families.append(name)
            missing -= found
    lost = [label for label in labels if missing & set(label)]
    if lost:
        warn_user(
            f"no installed font has the letters of {len(lost)} of {len(labels)} labels "
            f"({lost[0][:40]!r}); these topics are named by number. Install a font such as "
            "Noto Sans CJK or Noto Sans Arabic, or rename the topics"
        )
    return families, [
        other if missing & set(label) else label for label, other in zip(labels, instead)
    ]


@lru_cache(maxsize=64)
def _letters(families: tuple[str, ...]) -> frozenset[str]:
    """Return the letters that fonts have; none for one that is not installed."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    found: set[int] = set()
    for family in families:
        try:
            path = fontManager.findfont(FontProperties(family=family), fallback_to_default=False)
        except ValueError:
            continue
        found |= set(get_font(path).get_charmap())
    return frozenset(map(chr, found))
