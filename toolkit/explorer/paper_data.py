"""The papers of an explorer: what its filters, search and reading pane read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.embedding.embedding import embed, embed_texts
from toolkit.errors import DataError
from toolkit.explorer import state
from toolkit.explorer.paper_columns import (
    by_frequency,
    code_and_links,
    dates,
    map_positions,
    rows_in_model,
    texts,
    whole_numbers,
)
from toolkit.explorer.state import Facets
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms

#: Less frequent hosts are one option of the filter, `OTHER_HOSTS`.
MOST_HOSTS = 40
OTHER_HOSTS = "other-hosts"
#: Number of papers that a search by meaning finds.
NEAREST = 100
#: Number of terms that the reading pane shows where there is no abstract.
MOST_TERMS = 60


class PaperData:
    """Papers with their topics and links, to filter, search and read.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    topics : TopicModel
        Any object with the tables `.papers` and `.topics`.
    links, claims, checks : DataFrame, optional
        From `find_links`, `code_claims` and `check_links`; the first two are computed if not
        given.
    vectors : ndarray, optional
        Shape (n_papers, d).
    """

    def __init__(
        self,
        papers: pd.DataFrame,
        topics: Any,
        *,
        links: pd.DataFrame | None = None,
        claims: pd.DataFrame | None = None,
        checks: pd.DataFrame | None = None,
        vectors: npt.NDArray[Any] | None = None,
    ) -> None:
        check_papers(papers)
        self.papers = papers
        self.ids: list[str] = papers["paper_id"].astype(str).tolist()
        self.row_of = {paper_id: row for row, paper_id in enumerate(self.ids)}
        self._abstracts: dict[int, str] = {}
        self._texts: dict[str, list[str]] = {}
        self._given_vectors = vectors
        self._model = _model_of(topics)
        self._in_model = rows_in_model(self.ids, topics)
        self._topics = topics
        self.places = map_positions(topics.papers, self._in_model)
        code, self.links = code_and_links(papers, self.row_of, links, claims, checks)
        self.kind_names = by_frequency(link["kind"] for some in self.links for link in some)
        hosts = by_frequency(link["host"] for some in self.links for link in some)
        self.host_names = hosts[:MOST_HOSTS] + ([OTHER_HOSTS] if len(hosts) > MOST_HOSTS else [])
        known = frozenset(hosts[:MOST_HOSTS])
        date, last, self.precision = dates(papers)
        self.facets = Facets(
            topic=self.topic_of(topics),
            code=code,
            kinds=[frozenset(link["kind"] for link in some) for some in self.links],
            hosts=[
                frozenset(
                    host if host in known else OTHER_HOSTS
                    for host in (link["host"] for link in some)
                    if host
                )
                for some in self.links
            ],
            date=date,
            upvotes=whole_numbers(papers, "upvotes"),
            last=last,
        )

    @property
    def n(self) -> int:
        """The number of papers."""
        return len(self.ids)

    def topic_of(self, topics: Any) -> npt.NDArray[np.int64]:
        """Return each paper's topic."""
        rows = rows_in_model(self.ids, topics)
        return np.asarray(topics.papers["topic"], dtype=np.int64)[rows]

    def set_topics(self, topics: Any) -> None:
        """Replace the topics by edited ones."""
        old = self.facets
        self.facets = replace(old, topic=self.topic_of(topics))

    # Searching -----------------------------------------------------------------------------------

    def text(self, name: str, row: int) -> str:
        """Return one text of the papers table, "" where there is none."""
        # As a list, since single values of a table are some hundred times slower to read.
        if name not in self._texts:
            self._texts[name] = texts(self.papers, name)
        return self._texts[name][row]

    def body(self, row: int) -> str:
        """Return the abstract, else the terms, else an empty string."""
        return self.abstract(row) or self.text("terms", row).replace("_", " ")

    def abstract(self, row: int) -> str:
        """Return the abstract, also where it was fetched."""
        return self._abstracts.get(row) or self.text("abstract", row)

    def set_abstract(self, row: int, text: str) -> None:
        """Store a fetched abstract; the papers table is unchanged."""
        self._abstracts[row] = text
        self.__dict__.pop("_folded", None)

    @cached_property
    def _folded(self) -> list[str]:
        return [
            state.fold(f"{self.text('title', row)}\n{self.text('authors', row)}\n{self.body(row)}")
            for row in range(self.n)
        ]

    def search(self, words: str, mode: str) -> tuple[npt.NDArray[np.int32], bool]:
        """Return which papers a search finds, and their order.

        Parameters
        ----------
        words : str
            Words and ``"phrases"`` that must all occur (a minus excludes), or any text to compare
            with the papers.
        mode : {"words", "meaning"}
            How to search.

        Returns
        -------
        rank : ndarray of int32
            Shape (n_papers,): position among the papers found, −1 where not found.
        ordered : bool
            Whether the ranks differ from the order of the papers.

        Raises
        ------
        DataError
            A search by meaning has no words, or the vectors are of another model.
        """
        rank = np.full(self.n, -1, dtype=np.int32)
        if mode == "words":
            found = np.flatnonzero(state.search_words(self._folded, words))
            rank[found] = np.arange(len(found))
            return rank, False
        query = embed_texts([words], model=self._model)[0]
        vectors = self.vectors
        own = getattr(self._topics, "own_words", None)
        if own is not None and self._given_vectors is None:
            query = own.place(query[None], [words.lower()])[0]
        if vectors.shape[1] != len(query):
            raise DataError(
                "the papers' vectors are not of the model that embeds the search",
                found=f"{vectors.shape[1]} dimensions",
                expected=f"{len(query)}",
                hint="Search by words, or make the explorer without `vectors`",
            )
        nearest = _best(vectors @ query, min(NEAREST, self.n))
        rank[nearest] = np.arange(len(nearest))
        return rank, True

    @cached_property
    def vectors(self) -> npt.NDArray[np.float32]:
        """Vectors of the papers, rows of length 1, shape (n_papers, d)."""
        given = self._given_vectors
        if given is None and getattr(self._topics, "vectors", None) is not None:
            given = np.asarray(self._topics.vectors)[self._in_model]
        if given is None:
            return embed(self.papers, model=self._model)
        if np.ndim(given) != 2 or len(given) != self.n:
            raise DataError(
                "the vectors do not fit the papers",
                argument="vectors",
                found=f"shape {np.shape(given)}",
                expected=f"({self.n}, d)",
            )
        given = np.asarray(given, dtype=np.float32)
        lengths = np.linalg.norm(given, axis=1, keepdims=True)
        return np.asarray(given / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def similar(self, row: int, *, k: int = 6) -> list[tuple[int, float]]:
        """Return the rows of the most similar papers and their cosines, nearest first."""
        scores = self.vectors @ self.vectors[row]
        scores[row] = -np.inf
        return [(int(i), float(scores[i])) for i in _best(scores, min(k, self.n - 1))]

    # Reading -------------------------------------------------------------------------------------

    def detail(self, row: int) -> dict[str, Any]:
        """Return what the reading pane shows of a paper, except its neighbours."""
        abstract = self.abstract(row)
        terms = self.text("terms", row).split()
        counted = [term.replace("_", " ") for term, _ in Counter(terms).most_common(MOST_TERMS)]
        return {
            "authors": self.text("authors", row),
            "abstract": abstract,
            "terms": None if abstract or not counted else counted,
            "places": self.addresses(row),
            "links": [
                {name: link[name] for name in ("url", "kind", "tense", "state")}
                for link in self.links[row]
            ],
            "canFetch": not abstract and self.ids[row].startswith("arxiv:"),
        }

    @cached_property
    def distinct_terms(self) -> list[list[str]]:
        """The different terms of each paper, the most frequent first, two-word ones joined."""
        listed = find_terms(self.papers).fillna("")
        return [[term for term, _ in Counter(text.split()).most_common()] for text in listed]

    def addresses(self, row: int) -> list[dict[str, str]]:
        """Return the links to the paper itself."""
        paper_id = self.ids[row]
        found = []
        if paper_id.startswith("arxiv:"):
            number = paper_id.removeprefix("arxiv:")
            found.append({"text": f"arXiv {number}", "url": f"https://arxiv.org/abs/{number}"})
        doi = self.text("doi", row)
        if doi:
            found.append({"text": f"doi {doi}", "url": f"https://doi.org/{doi}"})
        url = self.text("url", row)
        if url and not any(entry["url"] == url for entry in found):
            found.append({"text": url, "url": url})
        return found


def _model_of(topics: Any) -> str:
    settings = getattr(topics, "settings", None)
    return str(settings.get("model", "static")) if isinstance(settings, dict) else "static"


def _best(scores: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.intp]:
    """Return the indices of the k highest scores, highest first; equal ones in their order."""
    if k <= 0:
        return np.array([], dtype=np.intp)
    threshold = np.partition(scores, -k)[-k]
    candidates = np.flatnonzero(scores >= threshold)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]
