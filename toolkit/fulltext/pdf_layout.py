"""What the layout of a PDF tells: usual type, running heads, raised numbers, reference lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from toolkit.fulltext.pdf_pages import NOTE, NOTE_END, Line, Page

DIGITS = re.compile(r"\d+")
_LONE = re.compile(r"\d{1,2}|[∗*†‡§¶]")
_FIRST = re.compile(r"\[1\]\s?(?=[A-Z\ufffe])")


def with_numbers(lines: Sequence[Line], size: float) -> list[Line]:
    """Return lines with raised numbers, which may stand apart, in the line they belong to."""
    found: list[Line] = []
    number = ""
    for at, line in enumerate(lines):
        text = line.text.strip()
        if line.size < 0.86 * size and _LONE.fullmatch(text):
            after = lines[at + 1] if at + 1 < len(lines) else None
            if (
                after is not None
                and after.size <= 0.96 * size
                and 0 <= line.bottom - after.bottom < (0.8 * size)
                and -2 < after.left - line.right < size
            ):
                number = f"{NOTE}{text}{NOTE_END}"
                continue
            if found and text.isdigit():
                last = found[-1]
                found[-1] = replace(last, text=f"{last.text}{NOTE}{text}{NOTE_END}")
                continue
        found.append(replace(line, text=f"{number}{line.text}") if number else line)
        number = ""
    return found


def unheaded_lists(lines: Sequence[Line]) -> set[str]:
    """Return how the first lines of reference lists begin, which may lack a heading."""
    found = set()
    for at, line in enumerate(lines):
        if _FIRST.match(line.text) and any(
            later.text.startswith(("[2]", "[3]")) for later in lines[at + 1 : at + 15]
        ):
            found.add(line.text[:20])
    return found


def usual_size(lines: Sequence[Line]) -> float:
    """Return the height of the type in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 5) / 5] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=10.0) or 10.0


def repeated_lines(pages: Sequence[Page]) -> set[str]:
    """Return lines that stand on several pages, such as running heads; numbers count as equal."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({DIGITS.sub("#", line.text.strip()) for line in page.lines})
    least = max(3, len(pages) // 5)
    return {text for text, count in counts.items() if count >= least}
