"""The topics of each part: fitted to a random sample, then assigned to every paper."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from toolkit.embedding.vectors import versioned_name
from toolkit.errors import DataError, check_whole, checked
from toolkit.papers.features import decode_vectors
from toolkit.scale.execution import part_number, part_summary, run_parts
from toolkit.scale.parts import (
    how_made,
    made_as,
    part_identity,
    part_path,
    read_part,
    require_parts,
    write_part,
)
from toolkit.topics.fitting import fit_topics

if TYPE_CHECKING:
    import os

    from toolkit.topics.model import TopicModel


@checked
def topics_of(features: pd.DataFrame, topics: TopicModel) -> pd.DataFrame:
    """Return the topic of each paper by its vector.

    Parameters
    ----------
    features : DataFrame
        From `features_of`, shape (n, …).
    topics : TopicModel
        Fitted with the same embedding model.

    Returns
    -------
    DataFrame
        Shape (n, 4): paper_id, topic, confidence and fit; see `TopicModel.predict`.

    Examples
    --------
    >>> import toolkit
    >>> from toolkit.scale import features_of
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers)
    >>> list(topics_of(features_of(papers), topics))
    ['paper_id', 'topic', 'confidence', 'fit']
    """
    bare = pd.DataFrame({"paper_id": features["paper_id"], "title": features["paper_id"]})
    if features.empty:
        none = pd.DataFrame({"paper_id": features["paper_id"], "topic": [], "confidence": []})
        return none.assign(fit=0.0).astype({"topic": "int64", "confidence": "float64"})
    vectors = decode_vectors(features, rows=np.arange(len(features))).astype(np.float32)
    return topics.predict(bare, vectors=vectors).drop(columns="fit_rank")


@checked
def fit_sample(
    folder: str | os.PathLike[str],
    *,
    n: int = 20_000,
    seed: int = 42,
    n_topics: int | None = None,
    model: str = "static",
) -> TopicModel:
    """Return topics fitted to a random sample of the papers; they are saved in the folder.

    Parameters
    ----------
    folder : path
        Filled by `import_snapshot`.
    n : int
        Papers in the sample; all papers where there are fewer. Twenty thousand are enough for a
        hundred topics, and each new paper is compared with all of them.
    seed : int
        Same seed, same sample and topics.
    n_topics : int, optional
        As for `toolkit.fit_topics`.
    model : str
        As for `toolkit.embed`.

    Returns
    -------
    TopicModel
        Also saved as ``folder/topics`` (see `toolkit.load_topics`).

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from toolkit.scale import add_features, import_snapshot
    >>> from toolkit.synthetic import write_synthetic_snapshot
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = Path(name) / "snapshot.json"
    ...     path = write_synthetic_snapshot(path, 60, fields=["speech", "games"])
    ...     _ = import_snapshot(path, name)
    ...     add_features(name)
    ...     topics = fit_sample(name, n=40, n_topics=2)
    >>> len(topics.papers)
    40
    """
    place = Path(folder)
    papers = _sample(place, n, seed)
    # Parts hold vectors and no texts to place papers by the sample's words.
    topics = fit_topics(papers, n_topics=n_topics, seed=seed, model=model, own_words=0)
    topics.save(place / "topics")
    return topics


def _sample(place: Path, n: int, seed: int) -> pd.DataFrame:
    """Return a uniform sample of the papers of all parts, in their order."""
    check_whole(n, "n", least=1)
    numbers = require_parts(place, "papers")
    sizes = [pq.read_metadata(part_path(place, "papers", k)).num_rows for k in numbers]
    ends = np.cumsum(sizes)
    if not ends[-1]:
        raise DataError(
            "no part has a paper",
            source=place,
            hint="Import again into a new folder, with other categories or an earlier date",
        )
    chosen = np.random.default_rng(seed).choice(ends[-1], min(n, int(ends[-1])), replace=False)
    chosen.sort()
    tables = []
    for number, end, size in zip(numbers, ends, sizes):
        rows = chosen[(chosen >= end - size) & (chosen < end)] - (end - size)
        if len(rows):
            tables.append(read_part(part_path(place, "papers", number)).iloc[rows])
    papers: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return papers.drop_duplicates("paper_id", ignore_index=True)


@checked
def assign_topics(
    folder: str | os.PathLike[str], topics: TopicModel, *, client: Any = None
) -> None:
    """Write a topic for every paper; parts assigned with other topics are written again.

    Parameters
    ----------
    folder : path
        Filled by `add_features`.
    topics : TopicModel
        From `fit_sample`, of this folder or, for new months, of an older one.
    client : distributed.Client or str, optional
        As for `add_features`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from toolkit.scale import add_features, import_snapshot
    >>> from toolkit.synthetic import write_synthetic_snapshot
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = Path(name) / "snapshot.json"
    ...     path = write_synthetic_snapshot(path, 60, fields=["speech", "games"])
    ...     _ = import_snapshot(path, name)
    ...     add_features(name)
    ...     assign_topics(name, fit_sample(name, n=40, n_topics=2))
    ...     len(pd.read_parquet(Path(name) / "assigned"))
    60
    """
    place = Path(folder)
    model = str(topics.settings["model"])
    numbers = require_parts(place, "features")
    _need_same_model(place, numbers, model)
    note = {"step": "assigned", "topics": _topics_hash(topics)}
    todo = [
        number
        for number in numbers
        if not made_as(part_path(place, "assigned", number), _assigned_note(place, number, note))
    ]
    work = partial(_write_assigned, folder=place, topics=_without_documents(topics), note=note)
    run_parts(work, folder=place, kind="features", numbers=todo, title="topics", client=client)


def _need_same_model(place: Path, numbers: list[int], model: str) -> None:
    for number in numbers:
        found = how_made(part_path(place, "features", number)).get("model")
        if found != versioned_name(model):
            raise DataError(
                "the topics were fitted with another embedding model",
                source=part_path(place, "features", number),
                found=found,
                expected=versioned_name(model),
                hint=f"Run add_features(folder, model={model!r})",
            )


def _without_documents(topics: TopicModel) -> TopicModel:
    """Return topics without the texts, which prediction does not need, to send to workers."""
    return replace(topics, documents=[], titles=[])


def _topics_hash(topics: TopicModel) -> str:
    table = topics.papers[["paper_id", "topic"]]
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hashlib.blake2b(rows.tobytes() + topics.vectors.tobytes(), digest_size=8).hexdigest()


def _assigned_note(folder: Path, number: int, note: dict[str, Any]) -> dict[str, Any]:
    return {**note, "of": part_identity(part_path(folder, "features", number))}


def _write_assigned(
    features: pd.DataFrame, *, folder: Path, topics: TopicModel, note: dict[str, Any]
) -> pd.DataFrame:
    number = part_number(features)
    if number is None:
        return part_summary(0, 0).iloc[:0]
    assigned = topics_of(features, topics)
    write_part(
        assigned, part_path(folder, "assigned", number), _assigned_note(folder, number, note)
    )
    return part_summary(number, len(assigned))
