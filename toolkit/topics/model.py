"""`TopicModel`: the topics of a collection and what can be done with them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.graph import neighbour_graph, reorder
from toolkit.clustering.neighbours import vote
from toolkit.errors import DataError, checked
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.topics.bertopic_fitting import refit, rows_in_order, set_labels
from toolkit.topics.centroids import fit_to_topics, rank_of_fit
from toolkit.topics.checking import vectors_of
from toolkit.topics.edits import drop, merge, rename, split
from toolkit.topics.placing import with_placed
from toolkit.topics.tree import topic_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.graph import NeighbourGraph
    from toolkit.topics.own_words import OwnWords

#: Rows of the table that a notebook shows.
_SHOWN = 10


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics of a collection. Edits return a new model; nothing is changed in place.

    Attributes
    ----------
    papers : DataFrame
        paper_id, topic, confidence, x, y: one row a paper, in the order of the papers. Confidence
        is the share of the weight of a paper's neighbours that lies in its own topic (0 to 1;
        HDBSCAN's own probability with ``clustering="hdbscan"``). x and y place it on the map.
    topics : DataFrame
        topic (from 0 by size; -1 for papers in none, which only ``clustering="hdbscan"`` and
        `drop` leave), label, size, terms (the ten best, with commas between).
    settings : dict
        All that `replay` needs to make it again, edits included; fits in JSON.
    documents : list of str
        The terms of each paper, what BERTopic's own methods want as `docs`.
    titles : list of str
    vectors : float32 array, shape (n_papers, d)
        Rows of length 1, the vectors of the embedding model and the collection's own words side by
        side; or those you gave.
    own_words : OwnWords, optional
        What places new papers beside them; see `place`.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers, n_topics=5)
    >>> topics = topics.rename({0: "Alignment"}).merge([3, 4])
    >>> len(topics.topics)
    4
    """

    papers: pd.DataFrame
    topics: pd.DataFrame
    settings: dict[str, Any]
    documents: list[str] = field(repr=False)
    titles: list[str] = field(repr=False)
    vectors: NDArray[np.float32] = field(repr=False)
    own_words: OwnWords | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        settings = self.settings
        known = self.topics["topic"] >= 0
        outside = int(self.topics["size"][~known].sum())
        vectors = "own" if settings.get("vectors") == "given" else settings["model"]
        clustering, edits = settings["clustering"], len(settings["edits"])
        how = [f"{vectors} vectors", f"{clustering} clustering", f"seed {settings['seed']}"]
        how += [f"{edits} edit{'s' if edits > 1 else ''}"] if edits else []
        count = int(known.sum())
        return (
            f"TopicModel: {count} topic{'' if count == 1 else 's'} of {len(self.papers):,} papers"
            + (f", {outside:,} of them in none" if outside else "")
            + f" ({', '.join(how)})"
        )

    def _repr_html_(self) -> str:
        table = self.topics.head(_SHOWN).to_html(index=False, border=0, justify="left")
        more = len(self.topics) - _SHOWN
        rest = f"<p>… and {more} more: <code>.topics</code></p>" if more > 0 else ""
        return f"<p>{escape(repr(self))}</p>{table}{rest}"

    @cached_property
    def bertopic(self) -> Any:
        """The fitted BERTopic, numbered and labelled as `topics`; all its own methods work.

        Pass `documents` where they want `docs`, ``papers.published.tolist()`` for `timestamps`,
        and ``reduced_embeddings=topics.papers[["x", "y"]].to_numpy()`` to its plots of documents,
        which would else compile UMAP for a minute. Its map of topics needs no UMAP. New texts are
        placed by a vote of their neighbours.

        Papers' topics are fixed in it. Its methods that change topics (`reduce_topics`,
        `merge_topics`, `delete_topics`, `update_topics` with topics) change it alone, and what is
        asked of this model then raises a DataError: edit with `merge`, `split`, `drop`, `rename`,
        or fit with other `n_topics`.
        """
        return set_labels(refit(self, self.papers), self.topics)

    @cached_property
    def graph(self) -> NeighbourGraph:
        """The neighbour graph of the papers."""
        return neighbour_graph(self.vectors)

    @checked
    def rename(self, labels: Mapping[int, str]) -> TopicModel:
        """Give topics other labels: ``{topic: label}``.

        Raises
        ------
        DataError
            No such topic, an empty label, or one that another topic has.
        """
        return rename(self, labels)

    @checked
    def merge(self, groups: Sequence[int] | Sequence[Sequence[int]]) -> TopicModel:
        """Merge topics: ``[1, 2]`` into one, or ``[[1, 2], [4, 5]]`` into two.

        Topics are numbered anew by size, and terms counted anew; labels given by `rename` stay
        with topics that were not merged.
        """
        return merge(self, groups)

    @checked
    def split(self, topic: int, *, n_topics: int | None = None, seed: int = 42) -> TopicModel:
        """Split one topic into `n_topics`, by default into as many as its papers show."""
        return split(self, topic, n_topics=n_topics, seed=seed)

    @checked
    def drop(self, topics: Sequence[int]) -> TopicModel:
        """Drop topics: their papers go to -1."""
        return drop(self, topics)

    @checked
    def place(
        self, papers: pd.DataFrame, *, vectors: NDArray[Any] | None = None
    ) -> NDArray[np.float32]:
        """Return vectors of papers that can be compared with `vectors`.

        Parameters
        ----------
        papers : DataFrame
            A papers table, shape (m, …).
        vectors : array, optional
            Shape (m, …): of the embedding model, where they are there already.

        Returns
        -------
        ndarray of float32
            Shape (m, d).
        """
        unit = vectors_of(papers, vectors, str(self.settings["model"]))
        if self.own_words is None:
            return unit
        general = self.own_words.general
        if unit.shape[1] != general:
            raise DataError(
                "vectors of another model",
                found=f"{unit.shape[1]} columns",
                expected=f"{general} columns",
                hint="Embed new papers with the model the topics were fitted with",
            )
        return self.own_words.place(unit, find_terms(papers).tolist())

    @checked
    def predict(self, papers: pd.DataFrame, *, vectors: NDArray[Any] | None = None) -> pd.DataFrame:
        """Place new papers in these topics, by a vote of their nearest neighbours.

        Parameters
        ----------
        papers : DataFrame
            A papers table, shape (m, …).
        vectors : array, optional
            Shape (m, d); needed where the topics were fitted to vectors of your own.

        Returns
        -------
        DataFrame
            One row a paper: paper_id; topic; confidence (0 to 1), the share of the vote it got: how
            far the neighbours agree, however far off they all are; fit (-1 to 1), the paper's
            cosine with the centroid of the topic; fit_rank (0 to 1), the share of the topic's own
            papers that are no nearer to it: near 0, the paper hardly belongs there. Both
            are NaN for topic -1.
        """
        check_papers(papers)
        if vectors is None and self.settings.get("vectors") == "given":
            raise DataError(
                "these topics were fitted to vectors of your own",
                argument="vectors",
                found=None,
                expected="predict(papers, vectors=…) from the same source",
            )
        unit = self.place(papers, vectors=vectors)
        # Of papers equally near some vote: which ones must not depend on their order.
        order = np.argsort(self.papers["paper_id"].to_numpy(dtype=object), kind="stable")
        known = self.papers["topic"].to_numpy(dtype=np.int64)[order]
        topic, share = vote(self.vectors[order], known, unit)
        fit = fit_to_topics(unit, topic, self)
        return pd.DataFrame(
            {
                "paper_id": papers["paper_id"].to_numpy(),
                "topic": topic,
                "confidence": share,
                "fit": fit,
                "fit_rank": rank_of_fit(fit, topic, self),
            }
        )

    @checked
    def with_papers(self, papers: pd.DataFrame) -> TopicModel:
        """Return a model of these papers too: those it does not hold are placed by `predict`.

        Topics, their labels and terms stay, sizes grow; so trends, reading lists and the explorer
        take a collection that has grown since the topics were fitted. Where more and more papers
        fit no topic (`toolkit.update` tells), fit topics again.

        Parameters
        ----------
        papers : DataFrame
            A papers table, of papers in the model and others.

        Examples
        --------
        >>> import toolkit
        >>> papers = toolkit.load_sample("trending-page")
        >>> topics = toolkit.fit_topics(papers.head(25)).with_papers(papers)
        >>> len(topics.papers), int(topics.topics["size"].sum())
        (31, 31)
        """
        return with_placed(self, papers)

    @checked
    def hierarchy(self) -> pd.DataFrame:
        """Return the tree over the topics; see `toolkit.topics.tree.topic_tree`."""
        return topic_tree(self)

    @checked
    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model into a folder of Parquet files, never a pickle; return the folder."""
        from toolkit.topics.store import save_topics

        return save_topics(self, folder)


def in_order(model: TopicModel, order: NDArray[np.intp]) -> TopicModel:
    """Return a model with its papers in another order: row i is now row ``order[i]``."""
    changed = replace(
        model,
        papers=model.papers.iloc[order].reset_index(drop=True),
        documents=[model.documents[i] for i in order],
        titles=[model.titles[i] for i in order],
        vectors=model.vectors[order],
    )
    if "graph" in model.__dict__:
        changed.__dict__["graph"] = reorder(model.graph, order)
    if "bertopic" in model.__dict__:
        changed.__dict__["bertopic"] = rows_in_order(model.bertopic, order)
    return changed


@checked
def load_topics(folder: str | os.PathLike[str], *, model: str | None = None) -> TopicModel:
    """Load topics saved with `TopicModel.save`.

    Parameters
    ----------
    folder : path
    model : str, optional
        The embedding model that the topics were fitted with, where it is not the bundled one and
        new papers or words are to be embedded: what a folder names is not loaded unasked.

    Returns
    -------
    TopicModel
        As it was saved, to the last bit; its BERTopic is built when first asked for.

    Raises
    ------
    DataError
        No such folder, a file of it missing, damaged or changed, or another `model` in it.

    Examples
    --------
    >>> import tempfile
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = load_topics(topics.save(f"{folder}/topics"))
    >>> again.topics.equals(topics.topics)
    True
    """
    from toolkit.topics.store import read_topics

    return TopicModel(**read_topics(folder, model=model))
