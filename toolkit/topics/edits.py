"""Editing topics: rename, merge, split, drop. Each returns a new model and records itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.communities import by_size, confidence
from toolkit.clustering.graph import FEWEST, neighbour_graph
from toolkit.clustering.resolution import choose_partition
from toolkit.errors import DataError, check_whole
from toolkit.topics.bertopic_fitting import describe, set_labels
from toolkit.topics.term_scores import TermIndex

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


#: A topic of n papers is split into the square root of n over this by default.
_PARTS = 3


def rename(
    model: TopicModel, labels: Mapping[int, str], *, edit: dict[str, Any] | None = None
) -> TopicModel:
    """Give topics other labels; `edit` is recorded in place of the usual entry."""
    if not isinstance(labels, Mapping):
        raise DataError(
            "not labels by topic",
            argument="labels",
            found=labels,
            expected='topics with their labels: {3: "Farming"}',
        )
    check_unmodified(model)
    table = model.topics.copy()
    for topic, label in labels.items():
        _need_topics(model, [topic])
        if not isinstance(label, str) or not label.strip():
            raise DataError(
                f"topic {topic}: not a label", found=label, expected="a text of some words"
            )
        table.loc[table["topic"] == topic, "label"] = " ".join(label.split())
    doubled = table["label"][table["label"].str.casefold().duplicated()]
    if len(doubled):
        raise DataError(
            "two topics would have one label",
            argument="labels",
            found=doubled.iloc[0],
            expected="a label of its own for each topic",
            hint="Merge the topics first if they are one",
        )
    edit = edit or {
        "edit": "rename",
        "labels": {str(int(t)): " ".join(labels[t].split()) for t in labels},
    }
    renamed = replace(model, topics=table, settings=_record(model, edit))
    _inherit(model, renamed, "graph")
    if "bertopic" in model.__dict__:
        # Only labels differ, but changes of one model must not change the other.
        clusters = model.bertopic.hdbscan_model
        twin = copy.deepcopy(model.bertopic, {id(clusters): clusters})
        renamed.__dict__["bertopic"] = set_labels(twin, table)
    return renamed


def take_names(model: TopicModel, edit: Mapping[str, Any]) -> TopicModel:
    """Give topics the labels that a language model wrote, and record the whole edit."""
    labels = {int(topic): label for topic, label in edit["labels"].items()}
    return rename(model, labels, edit=dict(edit))


def merge(model: TopicModel, groups: Sequence[int] | Sequence[Sequence[int]]) -> TopicModel:
    """Merge groups of topics."""
    check_unmodified(model)
    listed: list[Any] = _listed(groups, "groups")
    nested = any(isinstance(group, Iterable) and not isinstance(group, str) for group in listed)
    sets = [_listed(group, "groups") for group in (listed if nested else [listed])]
    members = [t for group in sets for t in group]
    _need_topics(model, members)
    sets = [[int(t) for t in group] for group in sets]
    if not sets or any(len(group) < 2 for group in sets):
        raise DataError(
            "nothing to merge",
            argument="groups",
            found=groups,
            expected="two topics or more: [1, 2] or [[1, 2], [4, 5]]",
        )
    if len(set(members)) < len(members):
        raise DataError(
            "a topic appears twice",
            argument="groups",
            found=groups,
            expected="each topic once",
        )
    old = model.papers["topic"].to_numpy(dtype=np.int64)
    new = old.copy()
    for group in sets:
        new[np.isin(old, group)] = group[0]
    return _with_topics(model, new, members, {"edit": "merge", "groups": sets})


def split(model: TopicModel, topic: int, *, n_topics: int | None, seed: int) -> TopicModel:
    """Split one topic by its own neighbour graph."""
    check_unmodified(model)
    _need_topics(model, [topic])
    if n_topics is not None:
        check_whole(n_topics, "n_topics", least=2)
    check_whole(seed, "seed")
    old = model.papers["topic"].to_numpy(dtype=np.int64)
    rows = np.flatnonzero(old == topic)
    # In the order of the ids, so that the order of the papers changes nothing.
    rows = rows[np.argsort(model.papers["paper_id"].to_numpy(dtype=object)[rows], kind="stable")]
    if len(rows) < FEWEST or (n_topics or 0) > len(rows):
        raise DataError(
            f"topic {topic} cannot be split with these settings",
            argument="n_topics",
            found=f"n_topics={n_topics}, {len(rows)} papers",
            expected=f"from 2 to as many as papers, and {FEWEST} papers or more",
        )
    parts, _ = choose_partition(
        neighbour_graph(model.vectors[rows]),
        n_topics=n_topics,
        seed=seed,
        typical=max(2, round(float(np.sqrt(len(rows))) / _PARTS)),
    )
    if parts.max() == 0:
        raise DataError(
            f"topic {topic} has no subtopics",
            found=f"{len(rows)} papers that belong together",
            expected="at least two groups",
            hint="Give the number of topics: split(topic, n_topics=2)",
        )
    new = old.copy()
    new[rows] = np.where(parts == 0, topic, old.max() + parts)
    edit = {"edit": "split", "topic": int(topic), "n_topics": n_topics, "seed": int(seed)}
    return _with_topics(model, new, [topic, *range(old.max() + 1, int(new.max()) + 1)], edit)


def drop(model: TopicModel, topics: Sequence[int]) -> TopicModel:
    """Drop topics: their papers go to -1."""
    check_unmodified(model)
    listed = _listed(topics, "topics")
    _need_topics(model, listed)
    wanted = [int(t) for t in listed]
    old = model.papers["topic"].to_numpy(dtype=np.int64)
    new = np.where(np.isin(old, wanted), -1, old)
    if (new < 0).all():
        raise DataError(
            "no topic would be left",
            argument="topics",
            found=topics,
            expected="some of the topics, not all",
        )
    return _with_topics(model, new, [-1], {"edit": "drop", "topics": wanted})


def check_unmodified(model: TopicModel) -> None:
    """Raise a DataError where BERTopic's own methods gave papers other topics than the model has.

    Results would then mix topics of the model with those of BERTopic.
    """
    inside = vars(model).get("bertopic")
    there = np.asarray(getattr(inside, "topics_", model.papers["topic"]))
    here = model.papers["topic"].to_numpy(dtype=np.int64)
    if np.array_equal(there, here):
        return
    counts = [len(np.unique(topics[topics >= 0])) for topics in (there, here)]
    found = f"{counts[0]} topics there, {counts[1]} here"
    if len(there) == len(here):
        found += f", {int((there != here).sum())} papers with another number"
    raise DataError(
        "topics.bertopic was changed directly",
        found=found,
        expected="the same topics in both",
        hint=f"Make the topics again, and edit them with topics.merge([1, 2]), split, drop, or fit "
        f"them with fit_topics(papers, n_topics={counts[0]})",
    )


def apply_edits(model: TopicModel, edits: Iterable[Mapping[str, Any]]) -> TopicModel:
    """Apply recorded edits in their order."""
    for edit in edits:
        kind = edit.get("edit")
        if kind not in _EDITS:
            raise DataError(
                "not an edit", column="edits", found=dict(edit), expected=" or ".join(_EDITS)
            )
        try:
            model = _EDITS[kind](model, edit)
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"an incomplete edit ({error!r})", column="edits", found=dict(edit)
            ) from error
    return model


_EDITS: dict[str, Callable[[TopicModel, Mapping[str, Any]], TopicModel]] = {
    "rename": lambda model, edit: rename(model, {int(t): v for t, v in edit["labels"].items()}),
    "merge": lambda model, edit: merge(model, edit["groups"]),
    "split": lambda model, edit: split(
        model, int(edit["topic"]), n_topics=edit["n_topics"], seed=edit["seed"]
    ),
    "drop": lambda model, edit: drop(model, edit["topics"]),
    "name": take_names,
}


def _with_topics(
    model: TopicModel, new: NDArray[np.int64], touched: Sequence[int], edit: dict[str, Any]
) -> TopicModel:
    """Make the model with other assignments: new numbers by size, new terms, old labels kept."""
    labels = np.full(len(new), -1, dtype=np.int64)
    labels[new >= 0] = by_size(new[new >= 0])
    papers = model.papers.copy()
    papers["topic"] = labels
    papers["confidence"] = _confidence(model, papers, np.isin(new, touched))
    kept = {
        int(labels[new == t][0]): label
        for t, label in zip(model.topics["topic"], model.topics["label"])
        if t >= 0 and t not in touched and (new == t).any()
    }
    table = describe(labels, model.titles, TermIndex(model.documents), kept=kept)
    edited = replace(model, papers=papers, topics=table, settings=_record(model, edit))
    _inherit(model, edited, "graph")
    return edited


def _confidence(
    model: TopicModel, papers: pd.DataFrame, touched: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Confidence of papers whose topic changed; the others keep theirs, dropped ones have 0."""
    labels = papers["topic"].to_numpy(dtype=np.int64)
    old = papers["confidence"].to_numpy(dtype=np.float64)
    if model.settings["clustering"] == "graph":
        now = confidence(model.graph, labels)
    else:
        now = np.where(touched, confidence(model.graph, labels), old)
    return np.where(labels < 0, 0.0 if model.settings["clustering"] == "graph" else old, now)


def _listed(given: Any, argument: str) -> list[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise DataError(
            "not a list of topics", argument=argument, found=given, expected="numbers: [1, 2]"
        )
    return list(given)


def _need_topics(model: TopicModel, topics: Sequence[int]) -> None:
    known = {int(t) for t in model.topics["topic"] if t >= 0}
    for topic in topics:
        number = isinstance(topic, int | np.integer) and not isinstance(topic, bool)
        if not number or topic not in known:
            raise DataError(
                "no such topic",
                found=topic,
                expected=f"a number from 0 to {max(known)}",
                hint="See .topics for the numbers; they change with every merge, split or drop",
            )


def _record(model: TopicModel, edit: dict[str, Any]) -> dict[str, Any]:
    return {**model.settings, "edits": [*model.settings["edits"], edit]}


def _inherit(old: TopicModel, new: TopicModel, name: str) -> None:
    """Keep what was computed already and did not change."""
    if name in old.__dict__:
        new.__dict__[name] = old.__dict__[name]
