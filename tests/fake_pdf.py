"""Writes small PDFs: lines of text at given places, in given sizes, with links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Text:
    """A line at a place of the page, in points from its lower left corner."""

    words: str
    x: float = 72
    y: float = 700
    size: float = 10
    bold: bool = False


@dataclass
class Link:
    """A link on a rectangle: left, bottom, right, top."""

    address: str
    box: tuple[float, float, float, float]


def make_pdf(pages: Sequence[Sequence[Text | Link]], *, trailer: str = "") -> bytes:
    """Return a PDF; `trailer` is added to its trailer."""
    bodies: list[bytes] = []
    count = len(pages)
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(count))
    bodies.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    bodies.append(f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode())
    for name in ("Helvetica", "Helvetica-Bold"):
        bodies.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} >>".encode())
    for number, page in enumerate(pages):
        notes = "".join(
            f"<< /Type /Annot /Subtype /Link /Rect [{' '.join(map(str, one.box))}] "
            f"/A << /S /URI /URI ({one.address}) >> >> "
            for one in page
            if isinstance(one, Link)
        )
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {6 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Annots [{notes}] >>".encode()
        )
        drawn = b"".join(_drawn(one) for one in page if isinstance(one, Text))
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return _file(bodies, trailer)


def _drawn(text: Text) -> bytes:
    words = text.words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    font = "F2" if text.bold else "F1"
    return f"BT /{font} {text.size} Tf {text.x} {text.y} Td ({words}) Tj ET\n".encode("cp1252")


def _file(bodies: Sequence[bytes], trailer: str) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    out += (
        f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


def paper_page(lines: Sequence[str], *, top: float = 740, size: float = 10) -> list[Text | Link]:
    """Return a page of text of one column."""
    return [Text(words, y=top - 12 * number, size=size) for number, words in enumerate(lines)]
