"""What is done to each part: claims and vectors, topics of a sample, a topic for every paper."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from toolkit.claims.claims import code_claims
from toolkit.embedding.embedding import embed_texts
from toolkit.embedding.vectors import to_stored
from toolkit.errors import DataError
from toolkit.papers.schema import modelling_text
from toolkit.scale.engines import PART, run_parts
from toolkit.scale.parts import (
    VECTOR,
    how_made,
    made_as,
    need_parts,
    part_path,
    read_part,
    vector_column,
    vectors_in,
    write_part,
)
from toolkit.topics.topics import fit_topics

if TYPE_CHECKING:
    import os

    from toolkit.topics.topics import TopicModel

_SAYS_SOMETHING = r"[^\W_]"


def features_of(papers: pd.DataFrame, *, model: str = "static") -> pd.DataFrame:
    """Read claims from papers and embed them: all that later steps need of the text.

    Depends on each paper alone, so that it may be used with ``map_partitions``. A transformer is
    loaded once a process.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n, …).
    model : str
        As for `toolkit.embed`.

    Returns
    -------
    DataFrame
        Shape (n, 4): paper_id, code, artifact (see `toolkit.code_claims`) and vector (float16,
        d numbers a row).
    """
    claims = code_claims(papers)[["paper_id", "code", "artifact"]]
    if papers.empty:
        vectors = np.empty((0, 1), dtype=np.float16)
    else:
        vectors = to_stored(embed_texts(modelling_text(papers).tolist(), model=model))
    claims[VECTOR] = vector_column(vectors)
    return claims


def topics_of(features: pd.DataFrame, topics: TopicModel) -> pd.DataFrame:
    """Place papers in topics by their vectors.

    Parameters
    ----------
    features : DataFrame
        As `features_of` makes it, shape (n, …).
    topics : TopicModel
        Fitted with the same embedding model.

    Returns
    -------
    DataFrame
        Shape (n, 4): paper_id, topic, confidence and fit; see `TopicModel.predict`.
    """
    bare = pd.DataFrame({"paper_id": features["paper_id"], "title": features["paper_id"]})
    if features.empty:
        none = pd.DataFrame({"paper_id": features["paper_id"], "topic": [], "confidence": []})
        return none.assign(fit=0.0).astype({"topic": "int64", "confidence": "float64"})
    vectors = vectors_in(features).astype(np.float32)
    return topics.predict(bare, vectors=vectors).drop(columns="fit_rank")


def add_features(
    folder: str | os.PathLike[str], *, model: str = "static", client: Any = None
) -> None:
    """Make the features of every part that has none yet.

    Parameters
    ----------
    folder : path
        Filled by `import_snapshot`.
    model : str
        As for `toolkit.embed`; parts made with another model are made anew.
    client : distributed.Client or str, optional
        A Dask cluster (or its address) whose workers see the same folder; without it, this
        process. The results are the same.

    Raises
    ------
    DataError
        No parts, a damaged part, or a full disk.
    MissingExtraError
        `client` is given and Dask is not installed, or `model` is a transformer and
        sentence-transformers is not.
    """
    place = Path(folder)
    todo = [
        number
        for number in need_parts(place, "papers")
        if not made_as(part_path(place, "features", number), _features_note(place, number, model))
    ]
    work = partial(_write_features, folder=place, model=model)
    run_parts(work, folder=place, kind="papers", numbers=todo, title="features", client=client)


def _features_note(folder: Path, number: int, model: str) -> dict[str, Any]:
    return {
        "step": "features",
        "model": model,
        "of": _identity(part_path(folder, "papers", number)),
    }


def _identity(path: Path) -> str:
    """Tell one state of a part from another without reading all of it."""
    footer = pq.read_metadata(path)
    facts = [footer.num_rows, path.stat().st_size, str(footer.row_group(0).to_dict())]
    return hashlib.blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()


def _write_features(papers: pd.DataFrame, *, folder: Path, model: str) -> pd.DataFrame:
    number = _number(papers)
    if number is None:
        return _summary(0, 0).iloc[:0]
    spoken = papers[papers["title"].str.contains(_SAYS_SOMETHING).fillna(False)]
    made = features_of(spoken, model=model)
    write_part(made, part_path(folder, "features", number), _features_note(folder, number, model))
    return _summary(number, len(made))


def _number(table: pd.DataFrame) -> int | None:
    """Return the part's number; None for the empty table with which Dask tries a function."""
    return int(table[PART].iloc[0]) if len(table) else None


def _summary(number: int, rows: int) -> pd.DataFrame:
    return pd.DataFrame({PART: [number], "rows": [rows]})


def fit_sample(
    folder: str | os.PathLike[str],
    *,
    n: int = 20_000,
    seed: int = 42,
    n_topics: int | None = None,
    model: str = "static",
) -> TopicModel:
    """Fit topics to a random sample of the papers, and keep them in the folder.

    Parameters
    ----------
    folder : path
        Filled by `import_snapshot`.
    n : int
        Papers in the sample; all where there are fewer. Twenty thousand tell a hundred topics
        apart, and each new paper is compared with all of them.
    seed : int
        Same seed, same sample and topics.
    n_topics : int, optional
        As for `toolkit.fit_topics`.
    model : str
        As for `toolkit.embed`.

    Returns
    -------
    TopicModel
        Also saved as ``folder/topics``, for `toolkit.load_topics`.
    """
    place = Path(folder)
    papers = _sample(place, n, seed)
    topics = fit_topics(papers, n_topics=n_topics, seed=seed, model=model)
    topics.save(place / "topics")
    return topics


def _sample(place: Path, n: int, seed: int) -> pd.DataFrame:
    """Draw papers from all parts, each paper with the same chance, in their order."""
    if n < 1:
        raise DataError("no size of a sample", argument="n", found=n)
    numbers = need_parts(place, "papers")
    sizes = [pq.read_metadata(part_path(place, "papers", k)).num_rows for k in numbers]
    ends = np.cumsum(sizes)
    chosen = np.random.default_rng(seed).choice(ends[-1], min(n, int(ends[-1])), replace=False)
    chosen.sort()
    tables = []
    for number, end, size in zip(numbers, ends, sizes):
        rows = chosen[(chosen >= end - size) & (chosen < end)] - (end - size)
        if len(rows):
            tables.append(read_part(part_path(place, "papers", number)).iloc[rows])
    papers: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return papers.drop_duplicates("paper_id", ignore_index=True)


def assign_topics(
    folder: str | os.PathLike[str], topics: TopicModel, *, client: Any = None
) -> None:
    """Place the papers of every part in topics; parts placed in other topics are done anew.

    Parameters
    ----------
    folder : path
        Filled by `add_features`.
    topics : TopicModel
        From `fit_sample`, of this folder or, for new months, of an older one.
    client : distributed.Client or str, optional
        As for `add_features`.
    """
    place = Path(folder)
    model = str(topics.settings["model"])
    numbers = need_parts(place, "features")
    _need_same_model(place, numbers, model)
    note = {"step": "assigned", "topics": _topics_hash(topics)}
    todo = [
        number
        for number in numbers
        if not made_as(part_path(place, "assigned", number), _assigned_note(place, number, note))
    ]
    work = partial(_write_assigned, folder=place, topics=_light(topics), note=note)
    run_parts(work, folder=place, kind="features", numbers=todo, title="topics", client=client)


def _need_same_model(place: Path, numbers: list[int], model: str) -> None:
    for number in numbers:
        found = how_made(part_path(place, "features", number)).get("model")
        if found != model:
            raise DataError(
                "the topics were fitted with another embedding model",
                source=part_path(place, "features", number),
                found=found,
                expected=model,
                hint=f"Run add_features(folder, model={model!r})",
            )


def _light(topics: TopicModel) -> TopicModel:
    """Leave behind what placing papers does not need (BERTopic, graph), for the way to workers."""
    return replace(topics, documents=[], titles=[])


def _topics_hash(topics: TopicModel) -> str:
    table = topics.papers[["paper_id", "topic"]]
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hashlib.blake2b(rows.tobytes() + topics.vectors.tobytes(), digest_size=8).hexdigest()


def _assigned_note(folder: Path, number: int, note: dict[str, Any]) -> dict[str, Any]:
    return {**note, "of": _identity(part_path(folder, "features", number))}


def _write_assigned(
    features: pd.DataFrame, *, folder: Path, topics: TopicModel, note: dict[str, Any]
) -> pd.DataFrame:
    number = _number(features)
    if number is None:
        return _summary(0, 0).iloc[:0]
    made = topics_of(features, topics)
    write_part(made, part_path(folder, "assigned", number), _assigned_note(folder, number, note))
    return _summary(number, len(made))
