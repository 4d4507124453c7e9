"""A methods paragraph to paste into a paper: what was done, with which versions and settings."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.topics import TopicModel

_PACKAGES = {"graph": ("bertopic", "igraph"), "hdbscan": ("bertopic", "umap-learn", "hdbscan")}


def methods_paragraph(
    topics: TopicModel,
    *,
    card: pd.DataFrame | None = None,
    papers: pd.DataFrame | None = None,
) -> str:
    """Say in words how topics were made, for a methods section.

    Parameters
    ----------
    topics : TopicModel
        From `fit_topics`, edited or not.
    card : DataFrame, optional
        From `check_topics`; its result is then told too.
    papers : DataFrame, optional
        The papers of the model; it is then told how many had an abstract (or vectors stored in
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
    settings = topics.settings
    numbered = topics.topics[topics.topics["topic"] >= 0]
    outliers = int((topics.papers["topic"] < 0).sum())
    parts = [
        f"The collection held {len(topics.papers):,} papers "
        f"(SHA-256 of the sorted paper ids begins {settings.get('collection', 'unknown')}).",
        f"Topics were modelled with BERTopic (Grootendorst 2022, arXiv:2203.05794) on "
        f"{_embedding(settings, topics, papers)}.",
        _clustering(settings),
        f"This gave {len(numbered)} topics of {numbered['size'].min()} to "
        f"{numbered['size'].max()} papers (median {numbered['size'].median():g}); {outliers} "
        "papers were left without topic. Their terms were ranked by class-based TF-IDF.",
        _edits(settings),
        _checks(card),
        _versions(settings),
    ]
    return " ".join(part for part in parts if part)


def _embedding(settings: dict[str, Any], topics: TopicModel, papers: pd.DataFrame | None) -> str:
    if settings.get("vectors") == "given":
        return "document vectors supplied by the authors"
    model = settings.get("model", "static")
    text = "titles and abstracts" if papers is None else _text(topics, papers, model)
    if model == "static":
        return (
            f"{text} embedded with the toolkit's static model "
            "(wordpiece vectors trained to imitate all-MiniLM-L6-v2)"
        )
    return f"{text} embedded with {model}"


def _text(topics: TopicModel, papers: pd.DataFrame, model: str) -> str:
    """Say what there was to embed of the papers of the model."""
    from toolkit.collection.features import stored_vectors
    from toolkit.lookup import find_rows

    mend = "Give the papers that the topics were fitted on"
    rows = find_rows(topics.papers["paper_id"], papers, what="the papers table", mend=mend)
    ours = papers.iloc[rows]
    ours.attrs = papers.attrs
    read = ours["abstract"].notna() if "abstract" in ours else ours["paper_id"].isna()
    read = read.to_numpy(dtype=bool, copy=True)
    stored = stored_vectors(ours, model)
    if stored is not None:
        read |= stored[0]
    if read.all():
        return "titles and abstracts"
    terms = "terms" in ours and bool(ours.loc[~read, "terms"].notna().any())
    if not read.any():
        return "titles and terms" if terms else "titles alone"
    rest = ", terms elsewhere" if terms else ""
    return f"titles and, where there, abstracts ({read.sum():,} of {len(read):,}){rest}"


def _clustering(settings: dict[str, Any]) -> str:
    seed = settings.get("seed")
    if settings.get("clustering") == "hdbscan":
        return (
            f"Vectors were reduced with UMAP (McInnes et al. 2018) and clustered with HDBSCAN "
            f"(Campello et al. 2013), seed {seed}."
        )
    resolution = settings.get("resolution")
    wanted = settings.get("n_topics")
    chosen = (
        f"set for {wanted} topics" if wanted else "chosen as the finest scale at which topics last"
    )
    return (
        "Each paper was joined to its nearest neighbours by cosine similarity, edges weighted by "
        "the Jaccard index of shared neighbours, and the graph divided with the Leiden algorithm "
        f"(Traag et al. 2019, doi:10.1038/s41598-019-41695-z) at resolution {resolution:g}, "
        f"{chosen}, seed {seed}."
    )


def _edits(settings: dict[str, Any]) -> str:
    edits = settings.get("edits") or []
    if not edits:
        return ""
    kinds: dict[str, int] = {}
    for edit in edits:
        name = str(edit.get("edit", edit.get("do", "edit")) if isinstance(edit, dict) else edit[0])
        kinds[name] = kinds.get(name, 0) + 1
    told = ", ".join(f"{name} ({count})" for name, count in kinds.items())
    return f"Topics were then edited by hand: {told}; the settings replay every edit."


def _checks(card: pd.DataFrame | None) -> str:
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
    return (
        f"Their stability was checked by {refits}, each on a random 80 % of the papers with "
        "another seed and a moved resolution (cluster-wise Jaccard index, Hennig 2007, "
        f"doi:10.1016/j.csda.2006.11.025): {counts.get('solid', 0)} topics were solid, "
        f"{counts.get('usable', 0)} usable, {counts.get('fragile', 0)} fragile.{overall}"
    )


def _versions(settings: dict[str, Any]) -> str:
    names = _PACKAGES.get(str(settings.get("clustering")), ("bertopic",))
    told = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Software: paper-toolkit {version('paper-toolkit')}, {told}, "
        f"Python {platform.python_version()}."
    )
