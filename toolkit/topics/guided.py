"""Guided topics: seeds pull their papers into topics of their own, where the vectors bear it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.communities import by_size, confidence
from toolkit.clustering.resolution import default_min_size
from toolkit.errors import DataError, warn_user
from toolkit.topics.bertopic_fitting import describe
from toolkit.topics.seed_groups import Guided, exactly, guide_labels
from toolkit.topics.seeds import find_seed_papers, suggest_terms
from toolkit.topics.term_scores import TermIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel
    from toolkit.topics.seeds import SeedPapers

    Labels = NDArray[np.int64]
    Mask = NDArray[np.bool_]


def guide(
    model: TopicModel, seeds: Mapping[str, Sequence[str]], *, vectors: NDArray[Any]
) -> TopicModel:
    """Return topics in which each seed has its own, where the data bear it.

    Parameters
    ----------
    model : TopicModel
        Just fitted, without edits.
    seeds : mapping
        From `toolkit.topics.seeds.check_seeds`.
    vectors : array, shape (n, d)
        Of the embedding model, or your own. Not the model's places: in them papers that share a
        word are near by that word, and what else they share is to be judged.

    Returns
    -------
    TopicModel
        ``settings["guided"]`` says what became of each seed.

    Raises
    ------
    DataError
        More seeds than topics asked for.

    Warns
    -----
    UserWarning
        Names the seeds that got no topic, and why.
    """
    wanted = model.settings.get("n_topics")
    if wanted is not None and len(seeds) > wanted:
        raise DataError(
            "more seeds than topics",
            argument="seeds",
            found=len(seeds),
            expected=f"at most n_topics={wanted}",
        )
    # In the order of the ids, so that the order of the rows decides nothing, not even a rounding.
    order = np.argsort(model.papers["paper_id"].to_numpy(dtype=str), kind="stable")
    base = model.papers["topic"].to_numpy(dtype=np.int64)
    found = find_seed_papers(
        seeds, [model.documents[i] for i in order], [model.titles[i] for i in order]
    )
    smallest = max(3, model.settings.get("min_size") or default_min_size(len(base)))
    vectors = vectors[order]
    guided, ordered = guide_labels(base[order], vectors, found, smallest=smallest)
    if wanted is not None:
        ordered = exactly(ordered, vectors, wanted, guided=len(seeds))
    labels = np.empty_like(ordered)
    labels[order] = ordered
    _tell(guided, found, model.documents)
    told = [_record(one, seed, ordered, i) for i, (one, seed) in enumerate(zip(guided, found))]
    settings = {**model.settings, "seeds": dict(seeds), "guided": told}
    return _with_labels(model, labels, [one.label for one in guided], settings)


def guide_again(model: TopicModel) -> Callable[[Labels, Mask], Labels]:
    """Return a function that guides a refit of a model as the model was guided.

    Parameters
    ----------
    model : TopicModel

    Returns
    -------
    callable
        Takes the groups of a refit (int array, shape (n,)) and which papers it was given (bool
        array), returns the groups with those of the seeds. Of the papers given, the others know
        nothing. Without seeds it changes nothing.
    """
    seeds = model.settings.get("seeds")
    if not seeds:
        return lambda labels, given: labels
    found = find_seed_papers(seeds, model.documents, model.titles)
    smallest = max(3, model.settings.get("min_size") or default_min_size(len(model.papers)))

    vectors = _general(model)

    def guided(labels: Labels, given: Mask) -> Labels:
        _, everyone = guide_labels(labels, vectors, found, smallest=smallest)
        inside = [replace(seed, rows=seed.rows[given]) for seed in found]
        least = max(3, round(smallest * float(given.mean())))
        _, some = guide_labels(labels[given], vectors[given], inside, smallest=least)
        everyone[given] = some
        return everyone

    return guided


def _general(model: TopicModel) -> NDArray[np.float32]:
    """Return the places of papers without the part of the collection's own words."""
    return model.vectors[:, : model.own_words.general] if model.own_words else model.vectors


def _with_labels(
    model: TopicModel, labels: Labels, names: Sequence[str], settings: dict[str, Any]
) -> TopicModel:
    """Make the model with other assignments: new numbers by size, labels of seeds kept."""
    new = np.full(len(labels), -1, dtype=np.int64)
    new[labels >= 0] = by_size(labels[labels >= 0])
    papers = model.papers.copy()
    papers["topic"] = new
    if model.settings["clustering"] == "graph":
        papers["confidence"] = confidence(model.graph, new)
    kept = {int(new[labels == i][0]): names[i] for i in range(len(names)) if (labels == i).any()}
    table = describe(new, model.titles, TermIndex(model.documents), kept=kept)
    made = replace(model, papers=papers, topics=table, settings=settings)
    if "graph" in model.__dict__:
        made.__dict__["graph"] = model.graph
    return made


def _record(one: Guided, seed: SeedPapers, labels: Labels, number: int) -> dict[str, Any]:
    return {
        "label": one.label,
        "terms": seed.terms,
        "unknown": seed.unknown,
        "with_terms": int(seed.rows.sum()),
        "together": None if np.isnan(one.together) else round(one.together, 4),
        "size": int((labels == number).sum()),
        "of_them_with_terms": int(((labels == number) & seed.rows).sum()),
        "why_not": one.why,
    }


def _tell(guided: Sequence[Guided], seeds: Sequence[SeedPapers], documents: Sequence[str]) -> None:
    parts = []
    if missing := [f"{one.label!r} ({one.why})" for one in guided if one.why]:
        parts.append(
            f"{len(missing)} of {len(guided)} seeds got no topic: {'; '.join(missing)}. Give other "
            "terms, or leave the seed out; settings['guided'] has the figures"
        )
    if unknown := [term for seed in seeds for term in seed.unknown]:
        alike = suggest_terms(unknown, documents)
        told = [f"{x!r} (did you mean {alike[x]!r}?)" if x in alike else repr(x) for x in unknown]
        parts.append(f"terms of seeds that no paper uses: {', '.join(told)}")
    if parts:
        warn_user(". ".join(parts))
