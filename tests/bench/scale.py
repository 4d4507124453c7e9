"""A synthetic arXiv snapshot of a million records through one machine, and cost against size.

    nice .venv/bin/python tests/bench/scale.py [--sizes 10000 100000 1000000] [--workers 0]

Each size runs in a process of its own: import, features (claims and static vectors), topics of a
fixed sample, assignment, trends and availability. Prints seconds, processor seconds, records a
second, peak memory, the cost per record as a ratio to the smallest size, and the straight line to
2.8 million. Wall seconds depend on what else the machine does; processor seconds hardly. With
--workers the same steps also run on a Dask LocalCluster. --drift shows instead what share of real
papers (../shared) count as novel to topics fitted to older ones. Asserts nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = 10_000
ARXIV = 2_800_000


def one_size(snapshot: Path, folder: Path, client: object = None) -> dict[str, object]:
    """Run all steps; return seconds and processor seconds of each."""
    import toolkit
    from toolkit import scale

    laps: dict[str, tuple[float, float]] = {}

    def lap(name: str, began: tuple[float, float]) -> tuple[float, float]:
        now = time.perf_counter(), time.process_time()
        laps[name] = now[0] - began[0], now[1] - began[1]
        return now

    at = time.perf_counter(), time.process_time()
    imported = scale.import_snapshot(snapshot, folder)
    at = lap("import", at)
    scale.add_features(folder, client=client)
    at = lap("features", at)
    topics = scale.fit_sample(folder, n=SAMPLE)
    at = lap("fit", at)
    scale.assign_topics(folder, topics, client=client)
    at = lap("assign", at)
    whole = scale.gather(folder)
    trends = toolkit.topic_trends(whole.papers, whole.topics, freq="Q")
    rates = toolkit.availability(whole.papers, by="topic", topics=whole.topics, claims=whole.claims)
    lap("analyse", at)
    return {
        "records": int(imported["papers"].sum()),
        "laps": laps,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk_mb": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 2**20,
        "topics": len(topics.topics),
        "trend_rows": len(trends),
        "linked": int(rates["linked"].sum()),
    }


def show(figures: dict, base: tuple[float, float] | None) -> tuple[float, float]:
    n, laps = figures["records"], figures["laps"]
    print(f"{n:,} records: peak {figures['peak_mb']:.0f} MB, {figures['disk_mb']:.0f} MB on disk, "
          f"{figures['topics']} topics, {figures['linked']:,} papers link code")  # fmt: skip
    for name, (wall, cpu) in laps.items():
        print(f"  {name:9s} {wall:7.1f} s, {cpu:7.1f} processor s, {n / wall:9,.0f} records/s")
    growing = [name for name in laps if name != "fit"]
    wall, cpu = (sum(laps[name][i] for name in growing) for i in (0, 1))
    per = 1e3 * wall / n, 1e3 * cpu / n
    ratio = (
        f"; ratio to the smallest {per[0] / base[0]:.2f}, {per[1] / base[1]:.2f}" if base else ""
    )
    print(f"  per 1,000 records, without the fit: {per[0]:.3f} s, {per[1]:.3f} processor s{ratio}")
    whole = laps["fit"][0] + wall / n * ARXIV
    print(f"  straight line to {ARXIV:,}: {whole / 60:.0f} minutes", flush=True)
    return per


def novel_papers() -> None:
    """Fit topics to the first 3,000 Hugging Face papers; place later ones and other venues'."""
    import gzip

    import pandas as pd

    import toolkit
    from toolkit.embedding import embed_texts
    from toolkit.papers.schema import modelling_text
    from toolkit.scale.drift import _limits
    from toolkit.topics.centroids import fit_to_topics

    shared = Path(__file__).resolve().parents[3] / "shared" / "collections"
    papers = toolkit.load(shared / "hf_papers_2024_2026.jsonl.gz")
    papers = papers.sort_values("listed", kind="stable", ignore_index=True)
    topics = toolkit.fit_topics(papers.head(3000))
    limits = _limits(topics)
    groups = {
        f"Hugging Face, papers {a} to {b}": modelling_text(papers.iloc[a:b]).tolist()
        for a, b in ((0, 3000), (3000, 4000), (4000, 5000), (5000, len(papers)))
    }
    with gzip.open(shared / "conference_abstracts.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            name = f"{row['venue']} {row['year']}"
            if name in ("naacl 2024", "cvpr 2019", "icra 2023", "iros 2007"):
                groups.setdefault(name, []).append(f"{row['title']}. {row['abstract']}")
    for name, texts in groups.items():
        vectors = embed_texts(texts)
        ids = [str(number) for number in range(len(texts))]
        bare = pd.DataFrame({"paper_id": ids, "title": ids})
        topic = topics.predict(bare, vectors=vectors)["topic"].to_numpy()
        novel = ~(fit_to_topics(vectors, topic, topics) >= limits[topic])
        print(f"{name:34s} {len(texts):5d} papers, {novel.mean():.3f} novel")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--drift", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drift:
        novel_papers()
        return
    if options.one:
        client = None
        if options.workers:
            from distributed import Client

            client = Client(n_workers=options.workers, threads_per_worker=1)
        figures = one_size(Path(options.one[0]), Path(options.one[1]), client)
        print(json.dumps(figures))
        if client is not None:
            client.shutdown()
        return
    from toolkit.synthetic import write_synthetic_snapshot

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        sizes = sorted(options.sizes)
        began = time.perf_counter()
        largest = write_synthetic_snapshot(place / "largest.json", sizes[-1])
        print(f"{sizes[-1]:,} records of {largest.stat().st_size / sizes[-1]:.0f} bytes written in "
              f"{time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip
        base = None
        for size in sizes:
            part = place / f"{size}.json"
            with largest.open("rb") as file, part.open("wb") as out:
                out.writelines(itertools.islice(file, size))
            for workers in {0, options.workers}:
                command = [sys.executable, __file__, "--workers", str(workers), "--one", str(part)]
                target = place / f"parts-{size}-{workers}"
                done = subprocess.run(
                    [*command, str(target)], stdout=subprocess.PIPE, text=True, check=True
                )
                if workers:
                    print(f"on {workers} Dask workers (memory and processor of the client alone):")
                per = show(json.loads(done.stdout.splitlines()[-1]), base)
                base = base or per
            part.unlink()


if __name__ == "__main__":
    main()
