"""Count which words are written with capitals in the wide collections: toolkit/assets/capitals.txt.

    .venv/bin/python scripts/count_capitals.py [--shared FOLDER] [--out FILE]

A word has capitals of its own where nearly all abstracts of a language that use it inside a
sentence write it so: Medicaid, York, ECG, and in German all nouns. Words at the beginning of a
sentence, texts all in capitals and words beside another capital of a title are not counted. German
nouns that are words of English or French in small letters (Hand, Art) are left out: titles of the
collection at hand decide on them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "conference_abstracts.jsonl.gz",
    "hf_papers_2024_2026.jsonl.gz",
    "science_abstracts.jsonl.gz",
    "wide_abstracts.jsonl.xz",
    "other_languages.jsonl.xz",
)
#: Fewest texts with a word by language, share of its occurrences with capitals.
FEWEST, SHARE = {"en": 8, "de": 5, "fr": 8}, 0.8
#: A noun is left out where so many texts of another language write it in small letters.
AMBIGUOUS = 20
#: A word after another one or a number on the same line: inside a sentence.
INSIDE = re.compile(r"(?<=[a-zà-ÿß0-9] )[^\W_]+")
#: And two of them: United States, of which neither word has capitals by itself.
PAIR = re.compile(r"(?<=[a-zà-ÿß0-9] )(?=([^\W\d_]+ [^\W\d_]+))")


def abstracts(shared: Path) -> Iterator[tuple[str, str]]:
    for name in FILES:
        path = shared / "collections" / name
        opened = gzip.open if path.suffix == ".gz" else lzma.open
        with opened(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row.get("abstract"):
                    yield row.get("lang") or "en", row["abstract"]


def count(shared: Path) -> dict[str, dict[str, Counter[str]]]:
    """Texts by language, word in small letters and written form."""
    found: dict[str, dict[str, Counter[str]]] = {code: defaultdict(Counter) for code in FEWEST}
    for language, text in abstracts(shared):
        if language in found and sum(map(str.isupper, text)) < 0.3 * len(text):
            words = {word for word in INSIDE.findall(text) if len(word) > 1 and not word.isdigit()}
            # German nouns stand side by side; pairs with them are no names.
            pairs = set(PAIR.findall(text)) if language != "de" else set()
            for form in words | {pair.replace(" ", "_") for pair in pairs}:
                found[language][form.lower()][form] += 1
    return found


def with_capitals(counts: dict[str, Counter[str]], *, fewest: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for lower in sorted(counts, key=lambda lower: ("_" in lower, lower)):
        forms = counts[lower]
        capital = {form: n for form, n in forms.items() if form != lower}
        n = sum(capital.values())
        if n >= fewest and n >= SHARE * sum(forms.values()):
            form = min(capital, key=lambda form: (-capital[form], form))
            bits = form.split("_")
            known = [found.get(bit.lower(), bit.lower()) for bit in bits]
            if len(bits) == 1 or (all(map(str.istitle, bits)) and known != bits):
                found[lower] = form
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "toolkit" / "assets" / "capitals.txt")
    arguments = parser.parse_args()
    counts = count(arguments.shared)
    lines = []
    for language, fewest in FEWEST.items():
        found = with_capitals(counts[language], fewest=fewest)
        if language != "en":
            others = [counts[code] for code in FEWEST if code != language]
            found = {
                lower: form
                for lower, form in found.items()
                if not any(other[lower][lower] >= AMBIGUOUS for other in others if lower in other)
            }
        lines.append(f"{language} {' '.join(sorted(found.values()))}\n")
        print(language, len(found), "words")
    arguments.out.write_text("".join(lines), encoding="utf-8")
    print(arguments.out, arguments.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
