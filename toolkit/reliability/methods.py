"""A methods paragraph to paste into a paper: what was done, with which versions and settings."""

from __future__ import annotations

import math
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import __version__
from toolkit.clustering.neighbours import default_neighbours
from toolkit.clustering.resolution import smallest_topic
from toolkit.embedding.static import fingerprint
from toolkit.embedding.vectors import usable_vectors
from toolkit.errors import check_model, checked
from toolkit.papers.features import has_abstract
from toolkit.papers.lookup import find_rows
from toolkit.reliability.refits import JITTER, KEPT
from toolkit.reliability.verdicts import SOLID, USABLE

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.topics.model import TopicModel

_PACKAGES = {"graph": ("bertopic", "igraph"), "hdbscan": ("bertopic", "umap-learn", "hdbscan")}


@checked
def methods_paragraph(
    topics: TopicModel,
    *,
    card: pd.DataFrame | None = None,
    papers: pd.DataFrame | None = None,
) -> str:
    """Describe in words how topics were made, for a methods section.

    Parameters
    ----------
    topics : TopicModel
        From `fit_topics`, edited or not.
    card : DataFrame, optional
        From `check_topics`; its result is then included.
    papers : DataFrame, optional
        The papers of the model; the text then says how many had an abstract (or vectors stored in
        its place). Without it, all are taken to have had one.

    Returns
    -------
    str
        One paragraph; every number in it comes from the model.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> text = methods_paragraph(toolkit.fit_topics(papers))
    >>> "31 papers" in text and "seed 42" in text
    True
    """
    check_model(topics, "topics")
    settings = topics.settings
    numbered = topics.topics[topics.topics["topic"] >= 0]
    outliers = int((topics.papers["topic"] < 0).sum())
    parts = [
        f"The collection held {len(topics.papers):,} papers "
        f"(SHA-256 of the sorted paper ids begins {settings.get('collection', 'unknown')}).",
        f"Topics were modelled with BERTopic (Grootendorst 2022, arXiv:2203.05794) on "
        f"{_embedding(settings, topics, papers)}.",
        _clustering(settings, len(topics.papers)),
        _seeds(settings),
        _edits(settings),
        _names(settings),
        f"This gave {len(numbered)} topics of {numbered['size'].min()} to "
        f"{numbered['size'].max()} papers (median {numbered['size'].median():g}); "
        f"{outliers or 'no'} papers were left without a topic. Their terms were ranked by "
        "class-based TF-IDF with BM25 weights.",
        _checks(card, settings),
        _versions(settings),
    ]
    return " ".join(part for part in parts if part)


def _embedding(settings: dict[str, Any], topics: TopicModel, papers: pd.DataFrame | None) -> str:
    if settings.get("vectors") == "given":
        return "document vectors supplied by the authors"
    model = settings.get("model", "static")
    beside = ""
    if (words := getattr(topics, "own_words", None)) is not None:
        beside = (
            f", centred, and beside them, with weight {words.weight:.2g}, TF-IDF of the "
            f"collection's own words reduced to {words.axes.shape[1]} dimensions"
        )
    text = "titles and abstracts" if papers is None else _text(topics, papers, model)
    if model == "static":
        return (
            f"{text} embedded with the toolkit's static model "
            f"({_dimensions(topics)} dimensions, version {fingerprint()}; wordpiece vectors "
            f"trained to imitate all-MiniLM-L6-v2 and all-mpnet-base-v2){beside}"
        )
    return f"{text} embedded with {_public_name(str(model))}{beside}"


def _public_name(model: str) -> str:
    """Return the name of a model; of one in a folder on this machine the folder's name alone."""
    here = model.startswith((".", "~", "/", "\\")) or ":" in model[:2] or Path(model).is_dir()
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1] if here else model


def _dimensions(topics: TopicModel) -> int:
    words = getattr(topics, "own_words", None)
    own = 0 if words is None else words.axes.shape[1]
    return int(topics.vectors.shape[1] - own)


def _text(topics: TopicModel, papers: pd.DataFrame, model: str) -> str:
    """Say what there was to embed of the papers of the model."""
    hint = "Give the papers that the topics were fitted on"
    rows = find_rows(topics.papers["paper_id"], papers, what="the papers table", hint=hint)
    ours = papers.iloc[rows]
    read = has_abstract(ours) | usable_vectors(ours, model)
    if read.all():
        return "titles and abstracts"
    terms = "terms" in ours and bool(ours.loc[~read, "terms"].notna().any())
    if not read.any():
        return "titles and terms" if terms else "titles alone"
    rest = ", terms elsewhere" if terms else ""
    return f"titles and, where there, abstracts ({read.sum():,} of {len(read):,}){rest}"


def _clustering(settings: dict[str, Any], n: int) -> str:
    seed = settings.get("seed")
    if settings.get("clustering") == "hdbscan":
        return (
            f"Vectors were reduced with UMAP (McInnes et al. 2018) and clustered with HDBSCAN "
            f"(Campello et al. 2013), seed {seed}."
        )
    return (
        f"Each paper was joined to its {min(default_neighbours(n), n - 1)} nearest neighbours by "
        "cosine similarity, edges weighted by the Jaccard index of shared neighbours, and the "
        "graph divided with the Leiden algorithm (Traag et al. 2019, "
        f"doi:10.1038/s41598-019-41695-z) at resolution {settings.get('resolution'):g}, "
        f"{_scale(settings)}, seed {seed}; edges were weighted again by the share of runs that "
        "kept their ends together (consensus clustering, Lancichinetti and Fortunato 2012, "
        f"doi:10.1038/srep00336), smaller groups than {_smallest(settings, n)} papers "
        "merged into the group they were most tied to, and papers moved to the topic that their "
        "cosine with its mean vector and their neighbours spoke for."
    )


def _scale(settings: dict[str, Any]) -> str:
    if settings.get("n_topics"):
        return f"and groups joined by Ward's criterion to {settings['n_topics']} topics"
    if settings.get("resolution_given"):
        return "set by the authors"
    return "chosen to give about 2 + 0.6√n topics (fewer where subjects are clearly separate)"


def _smallest(settings: dict[str, Any], n: int) -> int:
    return smallest_topic(n, n_topics=settings.get("n_topics"), min_size=settings.get("min_size"))


def _edits(settings: dict[str, Any]) -> str:
    edits = [edit for edit in settings.get("edits") or [] if not _is_naming(edit)]
    if not edits:
        return ""
    kinds: dict[str, int] = {}
    for edit in edits:
        name = str(edit.get("edit", edit.get("do", "edit")) if isinstance(edit, dict) else edit[0])
        kinds[name] = kinds.get(name, 0) + 1
    told = ", ".join(f"{name} ({count})" for name, count in kinds.items())
    return f"Topics were then edited by hand: {told}; the settings replay every edit."


def _seeds(settings: dict[str, Any]) -> str:
    guided = settings.get("guided") or []
    if not guided:
        return ""
    told = "; ".join(f"{seed['label']}: {', '.join(seed['terms'])}" for seed in guided)
    found = sum(not seed["why_not"] for seed in guided)
    return (
        f"Topics were guided by {len(guided)} seed{'s' if len(guided) > 1 else ''} ({told}), of "
        f"which {found} got a topic: the papers with its terms and those near to their centroid."
    )


def _is_naming(edit: Any) -> bool:
    return isinstance(edit, dict) and edit.get("edit") == "name"


def _names(settings: dict[str, Any]) -> str:
    namings = [edit for edit in settings.get("edits") or [] if _is_naming(edit)]
    if not namings:
        return ""
    last = namings[-1]
    checked = (
        "; a name was kept if papers held out from the model did not lie surely nearer to another "
        "topic's or as near as the rest"
    )
    return (
        f"A language model ({last['by']}) was asked to name {len(last['answers'])} topics by their "
        f"terms and up to {last['titles']} titles each; {len(last['labels'])} names were taken"
        f"{checked if last['checked'] else ''}."
    )


def _checks(card: pd.DataFrame | None, settings: dict[str, Any]) -> str:
    if card is None:
        return ""
    counts = card["verdict"].value_counts()
    agreement = getattr(card, "agreement", None)
    overall = (
        f" The mean adjusted Rand index between refits and the model was {agreement.mean():.2f}."
        if agreement is not None
        else ""
    )
    refits = f"{len(agreement)} refits" if agreement is not None else "refits"
    moved = (
        f" and {_moved(settings)} times {math.exp(-JITTER):.2f} to {math.exp(JITTER):.2f}"
        if settings.get("clustering") != "hdbscan"
        else ""
    )
    return (
        f"Their stability was checked by {refits}, each on a random {KEPT:.0%} of the papers with "
        f"another seed{moved} (mean best Jaccard index over refits, Hennig 2007, "
        "doi:10.1016/j.csda.2006.11.025): "
        f"{counts.get('solid', 0)} topics were solid ({SOLID:g} or more, and above what chance "
        f"reaches in a small collection), {counts.get('usable', 0)} usable, "
        f"{counts.get('fragile', 0)} fragile (not surely above {USABLE:g}).{overall}"
    )


def _moved(settings: dict[str, Any]) -> str:
    fixed = settings.get("n_topics") or settings.get("resolution_given")
    return "the resolution" if fixed else "the number of topics"


def _versions(settings: dict[str, Any]) -> str:
    names = _PACKAGES.get(str(settings.get("clustering")), ("bertopic",))
    told = ", ".join(f"{name} {_version(name)}" for name in names)
    return f"Software: paperscope {__version__}, {told}, Python {platform.python_version()}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed here)"
