"""Lines, type sizes and links of a PDF, by PDFium (through pypdfium2).

PDFium is C++ and reads files of strangers: this module is called in a child process only
(`workers`), so that a crash or a hang costs one file and not the session.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import DataError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

#: Largest file in bytes, most pages and most characters of one page.
MAX_BYTES = 300 << 20
MAX_PAGES = 1_500
MAX_CHARACTERS = 100_000
#: PDFium's sign for a hyphen at the end of a line, after which it leaves the line break out.
SOFT_HYPHEN = "\ufffe"
#: Around the number of a footnote in the text, which is raised.
NOTE, NOTE_END = "\ufdd0", "\ufdd1"
_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:)\]”\"'’]) ?(\d{1,2})(?=[\s.,;:)]|$)")
_BOLD = ("bold", "medi", "cmbx", "black", "heavy", "semibold", "demi")


@dataclass
class Line:
    """A line of a page.

    Parameters
    ----------
    text : str
        Its characters; it ends in `SOFT_HYPHEN` where a word is divided.
    left, right, bottom : float
        In points, from the lower left corner of the page.
    size : float
        Height of its type, in points.
    bold : bool
        Whether its type is bold.
    raised : bool
        Whether it begins with a raised sign, as footnotes do.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    raised: bool = False


@dataclass
class Page:
    """A page: its size in points and its lines, in the order of the file."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)


def read_pages(path: Path) -> tuple[list[Page], str]:
    """Return the pages of a PDF, and the title that its metadata give.

    Raises
    ------
    DataError
        Locked, damaged, too large, or without text.
    """
    import pypdfium2

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataError(
            "a PDF too large for a paper",
            source=path,
            found=f"{size >> 20} MB",
            expected=f"at most {MAX_BYTES >> 20} MB",
        )
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise DataError(
            "the PDF is locked by a password" if locked else "the PDF is damaged or cut off",
            source=path,
            hint="Save it without password from a PDF viewer" if locked else "Download it again",
        ) from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise DataError(
                "too many pages for a paper",
                source=path,
                found=f"{count:,}",
                expected=f"at most {MAX_PAGES:,}",
                hint="Cut the paper's pages out, for example with qpdf",
            )
        pages = [_read_page(document, number) for number in range(count)]
        title = document.get_metadata_value("Title")
    finally:
        document.close()
    if not any(line.text.strip() for page in pages for line in page.lines):
        raise DataError(
            "the PDF holds no text" if count else "the PDF is damaged or cut off: it has no pages",
            source=path,
            hint="It may be scanned: add text with a program for text recognition, such as ocrmypdf"
            if count
            else "Download it again",
        )
    return pages, title


def _read_page(document: PdfDocument, number: int) -> Page:
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        # One page that is damaged costs no other.
        return Page(0, 0)
    try:
        width, height = page.get_size()
        return Page(width, height, _lines(document, page, text))
    finally:
        text.close()
        page.close()


def _lines(document: PdfDocument, page: PdfPage, text: PdfTextPage) -> list[Line]:
    import pypdfium2.raw as raw

    count = min(raw.FPDFText_CountChars(text.raw), MAX_CHARACTERS)
    if count <= 0:
        return []
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text.raw, 0, count, buffer)
    units = list(buffer[: max(written - 1, 0)])
    # Signs beyond the first plane are two units: one stands for both, the other for nothing.
    chars = list(map(_char, units))
    for start, end, address, words in _addresses(document, page, text, chars):
        if any(chars[start : end + 1]):
            last = _put_address(chars, start, end, address, words)
            # An address has no soft hyphen: its line goes on.
            units[start:last] = [32 if unit == 0xFFFE else unit for unit in units[start:last]]
    lines, start = [], 0
    for at in range(len(chars) + 1):
        if at == len(chars) or units[at] in (10, 13) or units[at] == 0xFFFE:
            if at > start and (line := _line(text, chars, units, start, at)):
                lines.append(line)
            start = at + 1
    return lines


@cache
def _char(unit: int) -> str:
    if 0xD800 <= unit < 0xE000 or unit in (0, 0xFEFF, 0xAD):
        return ""
    return chr(unit) if unit >= 32 or unit in (9, 10, 13) else ""


def _line(
    text: PdfTextPage, chars: list[str], units: list[int], start: int, end: int
) -> Line | None:
    words = "".join(chars[start:end]).strip("\r\n")
    if not words.strip():
        return None
    visible = [at for at in range(start, end) if units[at] > 32]
    if not visible:
        return Line(words, 0, 0, 0, 0)
    first, last = _box(text, visible[0]), _box(text, visible[-1])
    # Of three signs that of medium height: one may be of a formula.
    three = [_box(text, visible[len(visible) * part // 4]) for part in (1, 2, 3)]
    middle = sorted(three, key=lambda box: box[3] - box[1])[1]
    size = middle[3] - middle[1]
    raised = first[3] - first[1] < 0.86 * size and first[1] > middle[1] + 0.15 * size
    divided = end < len(units) and units[end] == 0xFFFE
    for mark in _MARK.finditer("".join([sign or " " for sign in chars[start:end]])):
        one = _box(text, start + mark.start(1)) if len(words) < 600 else middle
        if one[3] - one[1] < 0.86 * size and one[1] > middle[1] + 0.1 * size:
            words = ""
            chars[start + mark.start(1)] = f"{NOTE}{chars[start + mark.start(1)]}"
            chars[start + mark.end() - 1] += NOTE_END
    words = words or "".join(chars[start:end]).strip("\r\n")
    return Line(
        words + (SOFT_HYPHEN if divided else ""),
        first[0],
        last[2],
        middle[1],
        size,
        _is_bold(text, visible[len(visible) // 2]),
        raised,
    )


def _box(text: PdfTextPage, index: int) -> tuple[float, float, float, float]:
    import pypdfium2.raw as raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text.raw, index, box)
    return box.left, box.bottom, box.right, box.top


def _is_bold(text: PdfTextPage, index: int) -> bool:
    import pypdfium2.raw as raw

    name = ctypes.create_string_buffer(96)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text.raw, index, name, 96, flags)
    font = name.value.decode("utf-8", "replace").lower()
    return any(word in font for word in _BOLD) or raw.FPDFText_GetFontWeight(text.raw, index) >= 600


def _addresses(
    document: PdfDocument, page: PdfPage, text: PdfTextPage, chars: list[str]
) -> list[tuple[int, int, str, str]]:
    """Return where each link of a page stands in its text: start, end, address, its words.

    Links of one address that follow each other are one: its lines are links of their own.
    """
    import pypdfium2.raw as raw

    found: list[tuple[int, int, str]] = []
    link, position = raw.FPDF_LINK(), ctypes.c_int(0)
    while len(found) < 2_000 and raw.FPDFLink_Enumerate(page.raw, position, link):
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        size = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
        if not 8 < size < 2_048:
            continue
        path = ctypes.create_string_buffer(size)
        raw.FPDFAction_GetURIPath(document.raw, action, path, size)
        address = path.value.decode("utf-8", "replace").strip()
        box = raw.FS_RECTF()
        if not address.lower().startswith(("http://", "https://")) or not raw.FPDFLink_GetAnnotRect(
            link, box
        ):
            continue
        span = _span(text, box)
        if span is not None and span[1] < len(chars):
            found.append((*span, address))
    found.sort()
    joined: list[tuple[int, int, str, str]] = []
    for start, end, address in found:
        words = "".join(chars[start : end + 1])
        if joined and joined[-1][2] == address and 0 <= start - joined[-1][1] <= 6:
            joined[-1] = (joined[-1][0], end, address, joined[-1][3] + words)
        elif not joined or start > joined[-1][1]:
            joined.append((start, end, address, words))
    return joined


def _span(text: PdfTextPage, box: object) -> tuple[int, int] | None:
    """Return the first and last character in a box of one line, or of its first and last line."""
    import pypdfium2.raw as raw

    left, right = box.left, box.right  # type: ignore[attr-defined]
    bottom, top = box.bottom, box.top  # type: ignore[attr-defined]
    height = top - bottom
    if height <= 0 or right - left <= 0:
        return None
    row = height / 2 if height < 22 else 5.0
    tolerance = min(row, 4.0)
    first = raw.FPDFText_GetCharIndexAtPos(text.raw, left + 2, top - row, 3.0, tolerance)
    last = raw.FPDFText_GetCharIndexAtPos(text.raw, right - 2, bottom + row, 3.0, tolerance)
    if first < 0 or last < first:
        return None
    return first, last


def _put_address(chars: list[str], start: int, end: int, address: str, words: str) -> int:
    """Write an address in place of words that spell it, else after them; return where it ends.

    What spells the rest of it before or after these words, in another line, goes too.
    """
    shown, whole = _letters(_LABEL.sub("", words)), _letters(address)
    at = whole.find(shown) if len(shown) >= _LEAST_SHOWN else -1
    if at < 0:
        if words.strip():
            chars[end] = f"{chars[end]} ({address}) "
        return start
    tail = _TAIL.search(words)
    kept = tail[0] if tail and not address.endswith(tail[0]) else ""
    start = _spelled(chars, range(start - 1, -1, -1), whole[:at][::-1], start)
    after = _spelled(chars, range(end + 1, len(chars)), whole[at + len(shown) :], end)
    if after > end:
        end, kept = after, ""
    for index in range(start, end + 1):
        chars[index] = ""
    chars[start] = f"{address}{kept}"
    return end


_LEAST_SHOWN = 8
_TAIL = re.compile(r"[.,;)\]]+$")
_LABEL = re.compile(r"^\s*(?:doi|arxiv|url|handle|hdl)\s*:?\s*(?=\d|https?:)", re.IGNORECASE)


def _spelled(chars: list[str], places: range, letters: str, nothing: int) -> int:
    """Return where the places end that spell just these letters; `nothing` where they do not."""
    found = 0
    for place in places:
        sign = chars[place].lower()
        if not sign.isalnum():
            if sign == " " and found == 0 and places.step > 0:
                return nothing
            continue
        if found == len(letters) or sign != letters[found]:
            return nothing
        found += 1
        if found == len(letters):
            return place
    return nothing


def _letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
