"""The papers as the explorer uses them: facets, links, texts, search and neighbours."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.errors import DataError
from toolkit.explorer import state
from toolkit.explorer.state import CODES, MISSING, Facets
from toolkit.schema import PRECISIONS, check_papers

#: Hosts beyond the most frequent ones are one option of the filter.
MOST_HOSTS = 40
OTHER_HOSTS = "other-hosts"
#: How many papers a search by meaning finds.
NEAREST = 100
#: How many terms the reading pane shows in place of an abstract.
MOST_TERMS = 60
_NO_LINKS = ("paper_id", "url", "kind", "host", "tense")


class Shelf:
    """Papers, their topics and what is known of their links, ready to be filtered and read.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    topics : TopicModel
        Anything with the tables `.papers` and `.topics`.
    links, claims, checks : DataFrame, optional
        As `find_links`, `code_claims` and `check_links` make them; the first two are made
        where they are not given.
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
        self._given = vectors
        self._model = _model_of(topics)
        self._in_model = _rows_in_model(self.ids, topics)
        self._topics = topics
        self.places = _stretch(topics.papers, self._in_model)
        code, self.links = _evidence(papers, self.row_of, links, claims, checks)
        self.kind_names = _by_frequency(link["kind"] for some in self.links for link in some)
        hosts = _by_frequency(link["host"] for some in self.links for link in some)
        self.host_names = hosts[:MOST_HOSTS] + ([OTHER_HOSTS] if len(hosts) > MOST_HOSTS else [])
        known = frozenset(hosts[:MOST_HOSTS])
        date, self.precision = _dates(papers)
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
            upvotes=_whole_numbers(papers, "upvotes"),
        )

    @property
    def n(self) -> int:
        """Number of papers."""
        return len(self.ids)

    def topic_of(self, topics: Any) -> npt.NDArray[np.int64]:
        """Return each paper's topic."""
        rows = _rows_in_model(self.ids, topics)
        return topics.papers["topic"].to_numpy(dtype=np.int64)[rows]

    def with_topics(self, topics: Any) -> None:
        """Put edited topics in place of the ones there."""
        old = self.facets
        self.facets = Facets(
            self.topic_of(topics), old.code, old.kinds, old.hosts, old.date, old.upvotes
        )

    # Searching -----------------------------------------------------------------------------------

    def body(self, row: int) -> str:
        """Return the abstract, or the terms where there is none, or nothing."""
        return self.abstract(row) or _value(self.papers, "terms", row).replace("_", " ")

    def abstract(self, row: int) -> str:
        """Return the abstract, fetched ones included."""
        return self._abstracts.get(row) or _value(self.papers, "abstract", row)

    def learn_abstract(self, row: int, text: str) -> None:
        """Keep an abstract that was fetched; the papers table stays as it is."""
        self._abstracts[row] = text
        self.__dict__.pop("_folded", None)

    @cached_property
    def _folded(self) -> list[str]:
        title = self.papers["title"].tolist()
        authors = _texts(self.papers, "authors")
        return [
            state.fold(f"{title[row]}\n{authors[row]}\n{self.body(row)}") for row in range(self.n)
        ]

    def search(self, words: str, mode: str) -> tuple[npt.NDArray[np.int32], bool]:
        """Search papers.

        Parameters
        ----------
        words : str
            Words and ``"phrases"`` that must all occur (a minus excludes), or any text whose
            meaning is sought.
        mode : {"words", "meaning"}
            Which of the two.

        Returns
        -------
        rank : ndarray of int32
            Shape (n_papers,): place among the papers found, −1 where not found.
        ordered : bool
            Whether the ranks say more than the order of the papers.

        Raises
        ------
        DataError
            Meaning is asked of a text without words.
        """
        rank = np.full(self.n, -1, dtype=np.int32)
        if mode == "words":
            found = np.flatnonzero(state.search_words(self._folded, words))
            rank[found] = np.arange(len(found))
            return rank, False
        from toolkit.embedding import embed_texts

        query = embed_texts([words], model=self._model)[0]
        vectors = self.vectors
        if vectors.shape[1] != len(query):
            raise DataError(
                "the papers' vectors are not of the model that reads the search",
                found=f"{vectors.shape[1]} dimensions",
                expected=f"{len(query)}",
                mend="Search by words, or leave `vectors` out",
            )
        nearest = _best(vectors @ query, min(NEAREST, self.n))
        rank[nearest] = np.arange(len(nearest))
        return rank, True

    @cached_property
    def vectors(self) -> npt.NDArray[np.float32]:
        """Vectors of the papers, rows of length 1, shape (n_papers, d)."""
        given = self._given
        if given is None and getattr(self._topics, "vectors", None) is not None:
            given = np.asarray(self._topics.vectors)[self._in_model]
        if given is None:
            from toolkit.embedding import embed

            return embed(self.papers, model=self._model)
        if np.ndim(given) != 2 or len(given) != self.n:
            raise DataError(
                "the vectors do not fit the papers",
                column="vectors",
                found=f"shape {np.shape(given)}",
                expected=f"({self.n}, d)",
            )
        given = np.asarray(given, dtype=np.float32)
        lengths = np.linalg.norm(given, axis=1, keepdims=True)
        return given / np.where(lengths > 0, lengths, 1)

    def similar(self, row: int, *, k: int = 6) -> list[tuple[int, float]]:
        """Return the rows of the most similar papers and their cosines, nearest first."""
        scores = self.vectors @ self.vectors[row]
        scores[row] = -np.inf
        return [(int(i), float(scores[i])) for i in _best(scores, min(k, self.n - 1))]

    # Reading -------------------------------------------------------------------------------------

    def detail(self, row: int) -> dict[str, Any]:
        """Return all that the reading pane shows of a paper but its neighbours."""
        abstract = self.abstract(row)
        terms = _value(self.papers, "terms", row).split()
        counted = [term.replace("_", " ") for term, _ in Counter(terms).most_common(MOST_TERMS)]
        return {
            "authors": _value(self.papers, "authors", row),
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
        from toolkit.features import terms

        listed = terms(self.papers).fillna("").tolist()
        return [[term for term, _ in Counter(text.split()).most_common()] for text in listed]

    def addresses(self, row: int) -> list[dict[str, str]]:
        """Return where the paper itself is to be found."""
        paper_id = self.ids[row]
        found = []
        if paper_id.startswith("arxiv:"):
            number = paper_id.removeprefix("arxiv:")
            found.append({"text": f"arXiv {number}", "url": f"https://arxiv.org/abs/{number}"})
        doi = _value(self.papers, "doi", row)
        if doi:
            found.append({"text": f"doi {doi}", "url": f"https://doi.org/{doi}"})
        url = _value(self.papers, "url", row)
        if url and not any(entry["url"] == url for entry in found):
            found.append({"text": url, "url": url})
        return found


def _model_of(topics: Any) -> str:
    settings = getattr(topics, "settings", None)
    return str(settings.get("model", "static")) if isinstance(settings, dict) else "static"


def _rows_in_model(ids: list[str], topics: Any) -> npt.NDArray[np.intp]:
    """Return where each paper stands in the topic model."""
    try:
        listed = topics.papers["paper_id"]
    except (AttributeError, KeyError, TypeError):
        raise DataError(
            "these are no topics",
            column="topics",
            found=type(topics).__name__,
            expected="a TopicModel",
            mend="Make one with toolkit.fit_topics(papers)",
        ) from None
    row_of = {paper_id: row for row, paper_id in enumerate(listed.astype(str))}
    rows = np.array([row_of.get(paper_id, -1) for paper_id in ids], dtype=np.intp)
    if (rows < 0).any():
        first = int((rows < 0).argmax())
        raise DataError(
            f"the topic model does not know {int((rows < 0).sum())} of the {len(ids)} papers",
            row=first + 1,
            column="paper_id",
            found=ids[first],
            mend="Fit the topics on these papers: toolkit.fit_topics(papers)",
        )
    return rows


def _stretch(
    table: pd.DataFrame, rows: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Scale each coordinate to −1…1, so that the map fills its frame."""
    out = []
    for name in ("x", "y"):
        values = table[name].to_numpy(dtype=np.float64)[rows]
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
        span = high - low
        out.append((values - low) / span * 2 - 1 if span > 0 else np.zeros(len(values)))
    return out[0], out[1]


def _evidence(
    papers: pd.DataFrame,
    row_of: dict[str, int],
    links: pd.DataFrame | None,
    claims: pd.DataFrame | None,
    checks: pd.DataFrame | None,
) -> tuple[npt.NDArray[np.str_], list[list[dict[str, str]]]]:
    """Return each paper's code status and links."""
    if links is None or claims is None:
        from toolkit.claims import code_claims, find_links

        links = find_links(papers) if links is None else links
        claims = code_claims(papers) if claims is None else claims
    _need(claims, "claims", ("paper_id", "code"), "toolkit.code_claims(papers)")
    _need(links, "links", _NO_LINKS, "toolkit.find_links(papers)")
    code = np.full(len(papers), "none", dtype="<U8")
    for paper_id, status in zip(claims["paper_id"], claims["code"]):
        if paper_id in row_of and status in CODES:
            code[row_of[paper_id]] = status
    states = _states(checks)
    by_paper: list[list[dict[str, str]]] = [[] for _ in range(len(papers))]
    for paper_id, url, kind, host, tense in zip(*(links[name] for name in _NO_LINKS)):
        if paper_id in row_of:
            link = {"url": str(url), "kind": _text(kind) or "other", "host": _text(host)}
            link |= {"tense": _text(tense), "state": states.get(str(url), "")}
            by_paper[row_of[paper_id]].append(link)
    return code, by_paper


def _need(table: Any, what: str, columns: tuple[str, ...], maker: str) -> None:
    missing = [name for name in columns if name not in getattr(table, "columns", ())]
    if missing:
        raise DataError(
            f"the table of {what} lacks a column",
            source=what,
            column=missing[0],
            found=list(getattr(table, "columns", [type(table).__name__])),
            mend=f"Make it with {maker}",
        )


def _states(checks: pd.DataFrame | None) -> dict[str, str]:
    """Say in a few words what the newest check of each link found."""
    if checks is None:
        return {}
    _need(checks, "checks", ("url",), "toolkit.check_links(links, log=...)")
    said = {}
    for record in checks.to_dict("records"):
        words = [_text(record.get("status"))]
        words += ["moved"] if _text(record.get("moved_to")) else []
        words += ["empty"] if _true(record.get("empty")) else []
        words += ["read-only"] if _true(record.get("read_only")) else []
        licence = _text(record.get("licence"))
        words += [f"licence {licence}" if licence != "none" else "no licence"] if licence else []
        said[str(record["url"])] = ", ".join(filter(None, words))
    return said


def _dates(papers: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return days since 1970 and how precise they are; `listed` where nothing is `published`."""
    name = "published"
    if (name not in papers or papers[name].isna().all()) and "listed" in papers:
        name = "listed"
    if name not in papers:
        return np.full(len(papers), MISSING), np.zeros(len(papers), dtype=np.int64)
    dates = pd.to_datetime(papers[name]).dt.normalize()
    days = (dates - pd.Timestamp("1970-01-01")).dt.days.fillna(MISSING).to_numpy(dtype=np.int64)
    precision = np.zeros(len(papers), dtype=np.int64)
    if name == "published" and "published_precision" in papers:
        order = {word: i for i, word in enumerate(PRECISIONS)}
        said = papers["published_precision"].astype(object).map(order)
        precision = pd.to_numeric(said).fillna(0).to_numpy(dtype=np.int64)
    return days, precision


def _whole_numbers(papers: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    if name not in papers:
        return np.full(len(papers), MISSING)
    numbers = pd.to_numeric(papers[name], errors="coerce").astype("Float64")
    return numbers.clip(-(2**31) + 1, 2**31 - 1).fillna(MISSING).to_numpy(dtype=np.int64)


def _best(scores: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.intp]:
    """Return the indices of the k highest scores, highest first; equal ones in their order."""
    if k <= 0:
        return np.array([], dtype=np.intp)
    threshold = np.partition(scores, -k)[-k]
    candidates = np.flatnonzero(scores >= threshold)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]


def _by_frequency(values: Any) -> list[str]:
    counts = Counter(values)
    counts.pop("", None)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _texts(papers: pd.DataFrame, name: str) -> list[str]:
    if name not in papers:
        return [""] * len(papers)
    return papers[name].astype("string").fillna("").tolist()


def _value(papers: pd.DataFrame, name: str, row: int) -> str:
    return _text(papers[name].iloc[row]) if name in papers else ""


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _true(value: Any) -> bool:
    return value is not None and not pd.isna(value) and bool(value)
