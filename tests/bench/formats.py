"""Rows, time and memory of loading each format: ``python tests/bench/formats.py``.

Every format is blown up from the invented examples to the same number of records, written to a
temporary folder and loaded in a process of its own. Times are those of the processor; for the
snapshot the ratio to a bare ``json.loads`` of every line is printed, which does not depend on the
machine or on what else it does.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = (
    "we measure how kites and lanterns drift over a tidal river when the wind turns and show that "
    "a plan written the day before helps the crew to land them without loss in most weather "
)
ONE = """
import json, re, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import toolkit, toolkit.papers.schema
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
base = peak()
start, wall = time.process_time(), time.perf_counter()
papers = toolkit.load(sys.argv[1])
print(json.dumps([len(papers), time.process_time() - start, time.perf_counter() - wall,
                  base, peak()]))
"""


def records(count: int):
    for at in range(count):
        yield {
            "arxiv_id": f"{2001 + at // 9000:04}.{at % 9000 + 10000:05}",
            "title": f"On drifting kites, part {at}",
            # Every fourth abstract has some LaTeX, about as many as on arXiv.
            "abstract": (WORDS * 7).capitalize()
            + (f"in $O(n^{at % 9})$ trials." if at % 4 == 0 else "in all trials."),
            "authors": f"Ada Number{at}; Bo Other",
            "year": 2020,
            "venue": "Journal of Kites",
            "doi": f"10.5555/kites.{at}",
        }


def write_all(folder: Path, count: int) -> list[Path]:
    """Write the same records in every format."""
    found = list(records(count))
    texts = {
        "records.jsonl": "\n".join(map(json.dumps, found)),
        "page.txt": "\n\n".join(f"{one['title']}\n\n{one['abstract']}" for one in found),
        "page.html": "".join(
            f"<article><h3><a href='/papers/{one['arxiv_id']}'>{one['title']}</a></h3>"
            f"<p>{one['abstract']}</p></article>"
            for one in found
        ),
        "refs.bib": "\n".join(
            f"@article{{k{at}, title={{{one['title']}}}, abstract={{{one['abstract']}}},"
            f" author={{Number{at}, Ada and Other, Bo}}, year={{2020}}, doi={{{one['doi']}}}}}"
            for at, one in enumerate(found)
        ),
        "refs.ris": "\n".join(
            f"TY  - JOUR\nTI  - {one['title']}\nAU  - Number{at}, Ada\nPY  - 2020\n"
            f"AB  - {one['abstract']}\nDO  - {one['doi']}\nER  - \n"
            for at, one in enumerate(found)
        ),
        "feed.atom": "<feed xmlns='http://www.w3.org/2005/Atom'>"
        + "".join(
            f"<entry><id>http://arxiv.org/abs/{one['arxiv_id']}v1</id><title>{one['title']}</title>"
            f"<summary>{one['abstract']}</summary><published>2020-01-01T00:00:00Z</published>"
            "<author><name>Ada</name></author></entry>"
            for one in found
        )
        + "</feed>",
        "snapshot.jsonl": "\n".join(json.dumps(snapshot_record(one)) for one in found) + "\n",
    }
    table = io.StringIO()
    writer = csv.DictWriter(table, list(found[0]))
    writer.writeheader()
    writer.writerows(found)
    texts["table.csv"] = table.getvalue()
    paths = []
    for name, text in texts.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    packed = folder / "snapshot.jsonl.gz"
    packed.write_bytes(gzip.compress(texts["snapshot.jsonl"].encode(), 1))
    import pandas as pd

    pd.DataFrame(found).to_parquet(folder / "table.parquet")
    pd.DataFrame(found).to_excel(folder / "table.xlsx", index=False)
    return [*paths, packed, folder / "table.parquet", folder / "table.xlsx"]


def snapshot_record(one: dict[str, object]) -> dict[str, object]:
    return {
        "id": one["arxiv_id"], "submitter": "A", "authors": "Ada One, Bo Two",
        "title": one["title"],
        "comments": None, "journal-ref": None, "doi": one["doi"],
        "categories": "cs.DL cs.CL" if int(str(one["arxiv_id"])[-1]) % 2 else "cs.DL",
        "abstract": f"  {one['abstract']}\n", "update_date": "2020-01-01",
        "versions": [{"version": "v1", "created": "Mon, 6 Jan 2020 10:00:00 GMT"}],
        "authors_parsed": [["One", "Ada", ""], ["Two", "Bo", ""]],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5000)
    count = parser.parse_args().records
    heads = ("rows", "MB", "CPU s", "wall s", "rows/s", "MB/s", "MB mem")
    print(f"{'format':20}" + "".join(f"{head:>9}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        for path in write_all(Path(folder), count):
            run = subprocess.run(
                [sys.executable, "-c", ONE, str(path)],
                capture_output=True, text=True, check=True, cwd=ROOT,
            )  # fmt: skip
            rows, cpu, wall, base, peak = json.loads(run.stdout)
            size = path.stat().st_size / 1e6
            print(
                f"{path.name:20}{rows:9,}{size:9.1f}{cpu:9.2f}{wall:9.2f}{rows / cpu:9,.0f}"
                f"{size / cpu:9.1f}{peak - base:9.0f}"
            )
        compare_snapshot(Path(folder) / "snapshot.jsonl")


def compare_snapshot(path: Path) -> None:
    """Print how much slower streaming papers tables is than parsing the JSON alone."""
    sys.path.insert(0, str(ROOT))
    from toolkit.formats import load_arxiv_snapshot

    size = path.stat().st_size / 1e6
    next(load_arxiv_snapshot(path, chunksize=10))
    start = time.process_time()
    with path.open("rb") as stream:
        for line in stream:
            json.loads(line)
    bare = time.process_time() - start
    print(f"\nsnapshot in pieces of 5,000; bare json.loads: {size / bare:.0f} MB/s")
    for name, options in [
        ("all", {}),
        ("some, by category", {"categories": "cs.CL"}),
        ("none, by category", {"categories": "math"}),
        ("none, by date", {"since": "2027-01-01"}),
    ]:
        start = time.process_time()
        rows = sum(len(piece) for piece in load_arxiv_snapshot(path, chunksize=5000, **options))
        taken = time.process_time() - start
        print(f"{name:18}{rows:8,} rows {size / taken:6.0f} MB/s, {taken / bare:.2f} × json.loads")


if __name__ == "__main__":
    main()
