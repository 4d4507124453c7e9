"""The papers of an explorer: what its filters, search and reading pane read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.embedding.embedding import embed, embed_texts
from toolkit.errors import DataError
from toolkit.explorer import word_search
from toolkit.explorer.facet_columns import facet_lists, number_columns
from toolkit.explorer.paper_columns import (
    code_and_links,
    column_title,
    dates,
    is_text,
    map_positions,
    rows_in_model,
    texts,
    zotero_item,
)
from toolkit.explorer.state import Facets
from toolkit.explorer.wire import Detail, Place
from toolkit.papers.columns import own_columns
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.text.stopwords import FUNCTION_WORDS, STOP_WORDS

#: Columns of text in which words are searched, beside title, abstract and terms.
SEARCHED = (
    *("authors", "venue", "keywords", "categories", "countries", "affiliations"),
    *("kind", "doi", "url", "comments"),
)
#: Least score of a paper that a search by meaning finds. Of 5,680 papers on artificial
#: intelligence the best scored 53 to 85 for ten of their subjects, at most 38 for eight others.
THRESHOLD = 40
#: Fewer papers have no mean cosine that says anything about the model.
MANY = 50
#: Number of terms that the reading pane shows where there is no abstract.
MOST_TERMS = 60


@dataclass(frozen=True)
class Found:
    """What a search finds.

    Parameters
    ----------
    rank : ndarray of int32
        Shape (n_papers,): position among the papers found, −1 where not found.
    scores : ndarray of float32, optional
        Shape (n_papers,), of a search by meaning: up to 100.
    """

    rank: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32] | None = None


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
        code, self.links = code_and_links(papers, links, claims, checks)
        date, last, self.precision = dates(papers)
        self.facets = Facets(
            topic=self.topic_of(topics),
            date=date,
            last=last,
            lists=facet_lists(papers, code, self.links, date),
            numbers=number_columns(papers),
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
        return self.texts(name)[row]

    def texts(self, name: str) -> list[str]:
        """Return a column of text, "" where there is none."""
        # As a list, since single values of a table are some hundred times slower to read.
        if name not in self._texts:
            self._texts[name] = texts(self.papers, name)
        return self._texts[name]

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
    def searched(self) -> list[str]:
        """The columns of text, beside title and body, in which words are searched."""
        given = [name for name in SEARCHED if name in self.papers]
        own = [name for name in own_columns(self.papers) if is_text(self.papers[name])]
        named = [name for name in (*given, *own) if isinstance(name, str)]
        return [name for name in named if self.papers[name].notna().any()]

    @cached_property
    def _folded(self) -> list[str]:
        return [
            word_search.fold(
                "\n".join(
                    [self.text("title", row), self.body(row)]
                    + [self.text(name, row) for name in self.searched]
                )
            )
            for row in range(self.n)
        ]

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Words of a search that need not occur; where terms stand in for prose, more of them."""
        prose = sum(bool(self.text("abstract", row)) for row in range(self.n))
        return FUNCTION_WORDS if 2 * prose > self.n else STOP_WORDS

    def search(self, words: str, mode: str, score: int | None = None) -> Found:
        """Return which papers a search finds, their order and scores.

        Parameters
        ----------
        words : str
            Words and ``"phrases"`` that must all occur (a minus excludes), or any text to compare
            with the papers.
        mode : {"words", "meaning"}
            How to search.
        score : int, optional
            The least score of a paper found by meaning; `THRESHOLD` by default.

        Returns
        -------
        Found
            What was found.

        Raises
        ------
        DataError
            A search by meaning has no words, or the vectors are of another model.

        Notes
        -----
        The score is the cosine, in hundredths, counted from the papers' mean cosine with the
        query, which is far from 0 with some models: 100 (cosine − mean) / (1 − mean).
        """
        rank = np.full(self.n, -1, dtype=np.int32)
        if mode == "words":
            found = np.flatnonzero(word_search.search_words(self._folded, words, self.stop_words))
            rank[found] = np.arange(len(found))
            return Found(rank)
        scores = self._scores(words)
        threshold = THRESHOLD if score is None else score
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] >= threshold]
        rank[order] = np.arange(len(order))
        return Found(rank, scores)

    def _scores(self, words: str) -> npt.NDArray[np.float32]:
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
        cosines = vectors @ query
        mean = float(cosines.mean()) if self.n > MANY else 0.0
        return np.asarray(100 * (cosines - mean) / (1 - mean), dtype=np.float32)

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

    def detail(self, row: int) -> Detail:
        """Return what the reading pane shows of a paper, except its neighbours."""
        abstract = self.abstract(row)
        terms = self.text("terms", row).split()
        counted = [term.replace("_", " ") for term, _ in Counter(terms).most_common(MOST_TERMS)]
        return {
            "authors": self.text("authors", row),
            "abstract": abstract,
            "terms": None if abstract or not counted else counted,
            "places": [
                *self.addresses(row),
                *zotero_item(self.text("zotero_key", row), self.text("zotero_library", row)),
            ],
            "links": self.links[row],
            "facts": [
                {"title": column_title(name), "text": self.text(name, row)}
                for name in self.searched
                if name != "authors" and self.text(name, row)
            ],
            "canFetch": not abstract and self.ids[row].startswith("arxiv:"),
        }

    @cached_property
    def distinct_terms(self) -> list[list[str]]:
        """The different terms of each paper, the most frequent first, two-word ones joined."""
        listed = find_terms(self.papers).fillna("")
        counted = [Counter(text.split()) for text in listed]
        return [sorted(count, key=count.__getitem__, reverse=True) for count in counted]

    def addresses(self, row: int) -> list[Place]:
        """Return the links to the paper itself."""
        paper_id = self.ids[row]
        found: list[Place] = []
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
