"""Speed of `read_fulltext`: PDFs of realistic density, made here.

    PYTHONPATH=. python tests/bench/fulltext.py [--papers 200] [--pages 12]

Prints pages a second and what 1,000 papers of 12 pages would take, by the clock and in processor
seconds of the children, beside reading the plain text alone with PDFium.
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fake_pdf import Link, Text, make_pdf

from toolkit.fulltext.fulltext import read_fulltext

WORDS = "of the crater moon with many that deep light from star and numerical data we show".split()


def page(seed: int, number: int) -> list[Text | Link]:
    """Return a page of two columns, about 5,500 signs, with a footnote and two links."""
    rng = random.Random(seed * 1000 + number)
    drawn: list[Text | Link] = []
    if number == 0:
        drawn += [Text(f"Counting craters {seed}: a study of the moon", y=740, size=17)]
        drawn += [Text("Abstract", y=715, bold=True)]
    for column in (54, 315):
        for row in range(56):
            words, size = "", rng.randrange(46, 52)
            while len(words) < size:
                words += rng.choice(WORDS) + " "
            drawn.append(
                Text(words[:size] + ("." if row % 7 == 6 else ""), column, 700 - 11 * row, 9)
            )
        if number % 3 == 1:
            drawn.append(Text(f"{number} Heading of a section", column, 712, 11, bold=True))
    drawn.append(Text("1", 54, 74, 5))
    drawn.append(Text("https://github.com/moon/craters", 57, 70, 7))
    drawn += [Link("https://example.org/a", (60, 300 + 40 * n, 90, 309 + 40 * n)) for n in range(2)]
    return drawn


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--papers", type=int, default=200)
    options.add_argument("--pages", type=int, default=12)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.papers):
            content = make_pdf([page(seed, number) for number in range(given.pages)])
            (Path(folder) / f"{seed}.pdf").write_bytes(content)
        pages = given.papers * given.pages
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        here = time.process_time()
        table = read_fulltext(folder, progress=False)
        wall, own = time.perf_counter() - start, time.process_time() - here
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        plain = time.process_time()
        for path in Path(folder).iterdir():
            document = pypdfium2.PdfDocument(path)
            for number in range(len(document)):
                document[number].get_textpage().get_text_range()
        plain = time.process_time() - plain
    signs = table["text"].str.len().sum() / pages
    whole = 12_000 / pages
    print(f"{given.papers} papers of {given.pages} pages, {signs:,.0f} signs a page, "
          f"{os.cpu_count()} cores")  # fmt: skip
    print(
        f"{pages / wall:,.0f} pages a second by the clock, {pages / spent:,.0f} a processor second"
    )
    print(f"1,000 papers of 12 pages: {wall * whole:.0f} s by the clock; processor seconds: "
          f"{spent * whole:.0f} of children, {own * whole:.1f} here")  # fmt: skip
    print(f"plain text alone, by PDFium: {plain * whole:.0f} processor seconds")
    print(f"largest child: {after.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
