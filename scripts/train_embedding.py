"""Train the bundled static embedding from public abstracts and a teacher's vectors.

    nice .venv/bin/python scripts/train_embedding.py [--shared ../shared] [--out toolkit/assets]

docs/rebuild.md says which public repositories the folder (../shared) is made from, which model
gives the teacher's vectors, and how to check the result. Deterministic: the same inputs and library
versions give the same files. About ten minutes on two cores. Held-out venues are never trained on,
and choices were made on the `dev` half of them alone; the figures for `test` go into
evaluation.json and from there into the model card.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from safetensors.numpy import save_file
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from toolkit.embedding.static import PieceSplitter, count_pieces, dampen

VOCABULARY = 30_000
RARE_CHARACTER = 100
#: Dimensions: of the teacher kept, of latent semantic analysis beside them, of the result.
TEACHER_DIMS, LSA_DIMS, DIMS = 256, 96, 256
LSA_WEIGHT = 0.5
RIDGE = 1.0
ROUNDS, STEPS = 3, 9
DEV = {("naacl", 2024), ("ijcai", 2024), ("icml", 2019), ("iros", 2023), ("cvpr", 2019),
       ("aistats", 2025)}  # fmt: skip
TEST = {("coling", 2025), ("wacv", 2025), ("nips", 2018), ("icra", 2023), ("eccv", 2022),
        ("iclr", 2018)}  # fmt: skip
HELD_HF = 568


def read(shared: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Return texts, teacher vectors, venue of each, and the part each belongs to."""
    rows: list[dict[str, Any]] = []
    for name in ("hf_papers_2024_2026", "conference_abstracts"):
        with gzip.open(shared / "collections" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows += [json.loads(line) for line in file]
    texts = [f"{r['title']}. {r['abstract']}" if r["abstract"] else r["title"] for r in rows]
    teacher = np.vstack(
        [
            np.load(shared / "teacher" / f"{name}.minilm.f16.npy")
            for name in ("hf_papers", "conference_abstracts")
        ]
    ).astype(np.float32)
    teacher /= np.linalg.norm(teacher, axis=1, keepdims=True)
    keys = [(r.get("venue", "hf"), r.get("year")) for r in rows]
    part = np.array(["dev" if k in DEV else "test" if k in TEST else "train" for k in keys])
    hf = np.flatnonzero([k[0] == "hf" for k in keys])
    part[np.random.default_rng(0).choice(hf, HELD_HF, replace=False)] = "hf"
    return texts, teacher, np.array([k[0] for k in keys]), part


def empty_tokenizer(vocabulary: dict[str, int] | None = None) -> Tokenizer:
    tokenizer = Tokenizer(
        models.WordPiece(vocab=vocabulary, unk_token="[UNK]", max_input_chars_per_word=60)
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def train_tokenizer(texts: list[str]) -> Tokenizer:
    """Learn a WordPiece vocabulary, the same one every time.

    Left alone, the trainer numbers inner characters (``##a``) in the random order of a hash map
    and breaks ties by these numbers and, in `limit_alphabet`, by chance. So rare characters are
    taken out of the texts beforehand, and the inner ones named in order.
    """
    tokenizer = empty_tokenizer()
    plain = [tokenizer.normalizer.normalize_str(text) for text in texts]
    seen = Counter(character for text in plain for character in text if not character.isspace())
    kept = sorted(character for character, n in seen.items() if n >= RARE_CHARACTER)
    rare = {ord(character): " " for character in seen.keys() - set(kept)}
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["[UNK]", *(f"##{character}" for character in kept)],
        min_frequency=10,
        show_progress=False,
    )
    tokenizer.train_from_iterator((text.translate(rare) for text in plain), trainer)
    return empty_tokenizer(tokenizer.get_vocab())


def features(texts: list[str], tokenizer: Tokenizer) -> sp.csr_matrix:
    splitter = PieceSplitter(tokenizer)
    blocks = [
        dampen(count_pieces(texts[i : i + 4096], splitter)).astype(np.float32)
        for i in range(0, len(texts), 4096)
    ]
    return sp.vstack(blocks).tocsr()


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def product(matrix: sp.csr_matrix, dense: np.ndarray) -> np.ndarray:
    """Sparse times dense on both cores: scipy lets go of the interpreter."""
    halves = np.array_split(np.arange(dense.shape[1]), 2)
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda cols: matrix @ np.ascontiguousarray(dense[:, cols]), halves)
        return np.hstack(list(parts))


def ridge(x: sp.csr_matrix, targets: np.ndarray, start: np.ndarray | None) -> np.ndarray:
    """Solve (X'X + λ) W = X'T by conjugate gradients, a column of targets each on its own."""
    xt = x.T.tocsr()
    scale = np.asarray(x.multiply(x).sum(axis=0)).ravel()[:, None] + RIDGE
    w = np.zeros((x.shape[1], targets.shape[1]), dtype=np.float32) if start is None else start
    residual = product(xt, targets - product(x, w)) - RIDGE * w
    z = residual / scale
    direction, rz = z.copy(), (residual * z).sum(axis=0)
    for _ in range(STEPS):
        image = product(xt, product(x, direction)) + RIDGE * direction
        step = rz / ((direction * image).sum(axis=0) + 1e-20)
        w = w + step * direction
        residual = residual - step * image
        z = residual / scale
        new = (residual * z).sum(axis=0)
        direction, rz = z + new / (rz + 1e-20) * direction, new
    return w.astype(np.float32)


def fit(x: sp.csr_matrix, teacher: np.ndarray) -> np.ndarray:
    """Return a vector for each feature: the teacher's directions, then latent semantics.

    Only directions count in the end, so after a first ridge regression each target is rescaled to
    the length at which the regression meets it best, and the rest is fitted again.
    """
    w, targets = None, teacher
    for number in range(ROUNDS):
        w = ridge(x, targets.astype(np.float32), w)
        found = product(x, w)
        along = np.maximum((found * unit(teacher)).sum(axis=1, keepdims=True), 0.05)
        targets = unit(teacher) * along
        print(f"round {number + 1}: cosine {(unit(found) * unit(teacher)).sum(axis=1).mean():.4f}")
    _, _, latent = randomized_svd(x, LSA_DIMS, n_iter=3, random_state=0)
    lengths = [np.linalg.norm(product(x, block), axis=1).mean() for block in (w, latent.T)]
    latent = LSA_WEIGHT * lengths[0] / lengths[1] * latent.T
    return np.hstack([w, latent]).astype(np.float32)


def compress(vectors: np.ndarray, x: sp.csr_matrix) -> np.ndarray:
    """Turn to the principal axes of the outputs and keep the first ones."""
    out = unit(product(x, vectors))
    _, axes = np.linalg.eigh(out.T @ out)
    return vectors @ axes[:, ::-1][:, :DIMS]


def save(vectors: np.ndarray, tokenizer: Tokenizer, out: Path) -> None:
    """Write model2vec's files: int8, each row with a scale of its own in `weights`."""
    largest = np.maximum(np.abs(vectors).max(axis=1), 1e-12)
    small = np.rint(vectors / largest[:, None] * 127).astype(np.int8)
    weights = (largest / largest.max()).astype(np.float32)
    out.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": small, "weights": weights}, out / "model.safetensors")
    (out / "model.safetensors").chmod(0o644)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    config = {"model_type": "model2vec", "normalize": True, "max_length": None,
              "embedding_dtype": "int8"}  # fmt: skip
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def nearest(rows: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest other rows of each, nearest first, by cosine."""
    rows = unit(rows.astype(np.float32))
    found = []
    for start in range(0, len(rows), 2048):
        likeness = rows[start : start + 2048] @ rows.T
        likeness[np.arange(len(likeness)), start + np.arange(len(likeness))] = -9
        best = np.argpartition(-likeness, k, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(likeness, best, axis=1), axis=1, kind="stable")
        found.append(np.take_along_axis(best, order, axis=1))
    return np.vstack(found)


def score(rows: np.ndarray, teacher: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return label accuracy of the nearest neighbour and of ten, and overlap with the teacher's."""
    mine, theirs = nearest(rows, 10), nearest(teacher, 10)
    shared = (mine[:, :, None] == theirs[:, None, :]).any(axis=2).mean()
    figures = {"teacher_neighbours": round(float(shared), 4)}
    if len(set(labels)) > 1:
        figures["nearest_label"] = round(float((labels[mine[:, 0]] == labels).mean()), 4)
        figures["ten_nearest_label"] = round(float((labels[mine] == labels[:, None]).mean()), 4)
    return figures


def evaluate(out: Path, texts: list[str], teacher: np.ndarray, venue: np.ndarray,
             part: np.ndarray) -> dict[str, Any]:  # fmt: skip
    """Score the written files, as the toolkit and as model2vec read them."""
    from model2vec import StaticModel
    from safetensors.numpy import load_file

    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    arrays = load_file(out / "model.safetensors")
    table = arrays["embeddings"].astype(np.float32) * arrays["weights"][:, None]
    table[tokenizer.token_to_id("[UNK]")] = 0
    figures: dict[str, Any] = {}
    for name in ("dev", "test", "hf"):
        rows = np.flatnonzero(part == name)
        chosen = [texts[i] for i in rows]
        static = StaticModel.from_pretrained(out).encode(chosen)
        figures[name] = {
            "papers": len(rows),
            "labels": len(set(venue[rows])),
            "teacher": score(teacher[rows], teacher[rows], venue[rows]),
            "toolkit": score(features(chosen, tokenizer) @ table, teacher[rows], venue[rows]),
            "model2vec": score(static, teacher[rows], venue[rows]),
        }
        print(name, json.dumps(figures[name], indent=1))
    return figures


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description="Train the bundled static embedding.")
    parser.add_argument("--shared", type=Path, default=root.parent / "shared")
    parser.add_argument("--out", type=Path, default=root / "toolkit" / "assets")
    options = parser.parse_args()
    began = time.monotonic()
    texts, teacher, venue, part = read(options.shared)
    training = part == "train"
    tokenizer = train_tokenizer([text for text, use in zip(texts, training) if use])
    x = features([text for text, use in zip(texts, training) if use], tokenizer)
    print(f"{x.shape[0]} texts, {x.shape[1]} pieces, {time.monotonic() - began:.0f} s", flush=True)
    df = np.asarray((x > 0).sum(axis=0)).ravel()
    idf = np.log((1 + x.shape[0]) / (1 + df)).astype(np.float32)
    x = (x @ sp.diags(idf)).tocsr()
    lengths = np.sqrt(np.asarray(x.multiply(x).sum(axis=1)).ravel())
    x = (sp.diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ x).tocsr()
    _, axes = np.linalg.eigh(teacher[training].T @ teacher[training])
    goal = teacher[training] @ axes[:, ::-1][:, :TEACHER_DIMS]
    vectors = compress(fit(x, goal), x) * idf[:, None]
    save(vectors, tokenizer, options.out)
    print(f"written after {time.monotonic() - began:.0f} s", flush=True)
    figures = evaluate(options.out, texts, teacher, venue, part)
    text = json.dumps(figures, indent=1) + "\n"
    (options.out / "evaluation.json").write_text(text, encoding="utf-8")
    print(f"done after {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
