"""Feature columns: what was made from an abstract and stands in for it where it is missing.

`terms`, `vector` with `vector_model`, `links`, `code` and `artifact` are columns of the papers
table like any other, so pandas carries them through merge, concat, sort, copy and files. An
abstract wins over them wherever there is one. Vectors are bytes and links JSON because pandas
cannot compare, describe or read back columns of Arrow lists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.coercion import STATUSES
from toolkit.papers.columns import CATEGORIES, OPTIONAL, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What `links` keeps of each link: facts, no sentences.
LINK_FACTS = ("url", "kind", "own", "tense", "where")
#: Kinds of links that are never to something of the authors' own.
NOT_OWN = ("registry", "other")


def has_abstract(papers: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which papers have an abstract, shape (n_papers,)."""
    return has_value(papers, "abstract")


def has_value(papers: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Return which papers have a value in a column, shape (n_papers,); none where it is missing."""
    if name not in papers:
        return np.zeros(len(papers), dtype=bool)
    return papers[name].notna().to_numpy(dtype=bool, copy=True)


def stands_in(papers: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Return which papers have a feature and no abstract, shape (n_papers,)."""
    return has_value(papers, name) & ~has_abstract(papers)


def encode_vectors(vectors: NDArray[Any]) -> Any:
    """Return vectors, shape (n, d), as n values of a `vector` column: little-endian float16."""
    rows = np.ascontiguousarray(vectors, dtype="<f2")
    return pd.array([row.tobytes() for row in rows], dtype=OPTIONAL["vector"])


def decode_vectors(papers: pd.DataFrame, *, rows: NDArray[np.intp]) -> NDArray[np.float16]:
    """Return the vectors in some rows of `vector`, none of them NA, shape (n, d).

    Raises
    ------
    DataError
        A value is no vector, differs in length from most, or holds numbers that are not
        finite, or only zeros.
    """
    for error in _vector_errors(papers, rows).values():
        raise error
    cells = papers["vector"].iloc[rows].tolist()
    vectors = np.frombuffer(b"".join(cells), dtype="<f2").reshape(len(cells), -1)
    return vectors.astype(np.float16, copy=False)


def _vector_errors(papers: pd.DataFrame, rows: NDArray[np.intp]) -> dict[int, DataError]:
    """Return the error of each malformed vector by its row."""
    cells = papers["vector"].iloc[rows].tolist()
    sizes = Counter(len(cell) for cell in cells if isinstance(cell, bytes) and len(cell) % 2 == 0)
    size = max(sizes, key=lambda one: (sizes[one], one), default=0)
    expected = f"{size} bytes, as in most rows" if size else "the bytes of float16 numbers"
    wrong, good = {}, []
    for row, cell in zip(rows.tolist(), cells):
        if isinstance(cell, bytes) and len(cell) == size and size:
            good.append((row, cell))
            continue
        found = f"{len(cell)} bytes" if isinstance(cell, bytes) else cell
        wrong[row] = _malformed(papers, "not a vector", row, "vector", found, expected)
    vectors = np.frombuffer(b"".join(cell for _, cell in good), "<f2").reshape(len(good), size // 2)
    finite = np.isfinite(vectors).all(axis=1)
    for at in (~finite | ~vectors.any(axis=1)).nonzero()[0]:
        row, found = good[at][0], "only zeros" if finite[at] else "NaN or infinity"
        wrong[row] = _malformed(papers, "not a vector", row, "vector", found, "finite numbers")
    return wrong


def encode_links(links: Iterable[Mapping[Any, Any]]) -> str:
    """Return the links of a paper as the JSON that the column `links` holds.

    Examples
    --------
    >>> encode_links([{"url": "https://a.org", "kind": "code", "evidence": "Our code is here."}])
    '[{"url":"https://a.org","kind":"code"}]'
    """
    facts = [
        {name: link[name] for name in LINK_FACTS if link.get(name) not in (None, "")}
        for link in links
    ]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def stored_values(papers: pd.DataFrame, name: str) -> list[Any]:
    """Return `links`, `code` or `artifact` of each paper without abstract; None where it has none.

    Raises
    ------
    DataError
        A value is not the JSON that `encode_links` writes, or none of `STATUSES`.
    """
    found: list[Any] = [None] * len(papers)
    for row, value in _filled(papers, name, stands_in(papers, name)):
        found[row] = _decode_value(papers, row, name, value)
    return found


def _filled(papers: pd.DataFrame, name: str, which: NDArray[np.bool_]) -> list[tuple[int, Any]]:
    rows = which.nonzero()[0]
    return list(zip(rows.tolist(), papers[name].iloc[rows].tolist())) if len(rows) else []


def _decode_value(papers: pd.DataFrame, row: int, name: str, value: Any) -> Any:
    if name == "links":
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            links = json.loads(value)
            facts = [{name: link.get(name, "") for name in LINK_FACTS} for link in links]
            for link in facts:
                # Older folders do not say whose a link is.
                link["own"] = link["own"] if link["own"] != "" else link["kind"] not in NOT_OWN
            sound = all(
                isinstance(v, bool if k == "own" else str) for f in facts for k, v in f.items()
            )
            if isinstance(links, list) and sound and all(f["url"] and f["kind"] for f in facts):
                return facts
        expected = 'a JSON list such as [{"url": …, "kind": "code", "tense": "present"}]'
        raise _malformed(papers, "not the links of a paper", row, name, value, expected)
    if value not in CATEGORIES[name]:
        expected = ", ".join(CATEGORIES[name])
        raise _malformed(papers, "not a known value", row, name, value, expected)
    return value


def feature_errors(papers: pd.DataFrame) -> dict[str, dict[int, DataError]]:
    """Return the errors of all malformed features, beside an abstract too, by column and row."""
    found: dict[str, dict[int, DataError]] = {name: {} for name in ("vector", "links", *CATEGORIES)}
    for name in ("links", *CATEGORIES):
        for row, value in _filled(papers, name, has_value(papers, name)):
            try:
                _decode_value(papers, row, name, value)
            except DataError as error:
                found[name][row] = error
    there = has_value(papers, "vector")
    models = text_of(papers, "vector_model").fillna("").to_numpy(dtype=object)
    for model in set(models[there]):
        found["vector"] |= _vector_errors(papers, (there & (models == model)).nonzero()[0])
    return found


def status_column(values: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column of statuses, of the categories that all tables share."""
    return pd.Series(pd.Categorical(values, list(STATUSES)), index=index)


def abstracts_hint(papers: pd.DataFrame, rows: NDArray[np.bool_]) -> str:
    """Return a sentence on how to get the abstracts of some papers."""
    ids = papers["paper_id"][rows].astype(str)
    if ids.str.startswith("arxiv:").mean() >= 0.5:
        return "toolkit.fetch_abstracts brings those of papers with an arXiv id"
    return "Load an export that has abstracts, or look for them: toolkit.enrich(papers)"


def warn_of_unread(
    papers: pd.DataFrame, unread: NDArray[np.bool_], *, with_texts: bool = False
) -> None:
    """Warn where papers have neither an abstract nor features made from one, nor a full text."""
    if unread.any():
        of_texts = "Read their full texts too: toolkit.read_fulltext(paths, papers=papers)"
        warn_user(
            f"{int(unread.sum())} of {len(papers)} papers have neither an abstract nor features "
            f"made from one{', nor a full text' if with_texts else ''}: their links and code "
            f"claims are unknown (NA). {of_texts if with_texts else abstracts_hint(papers, unread)}"
        )


def _malformed(
    papers: pd.DataFrame, message: str, row: int, column: str, found: Any, expected: str
) -> DataError:
    what = f"{message} ({papers['paper_id'].iloc[row]})"
    hint = "Correct it, empty it, or drop the column"
    return DataError(what, row=row + 1, column=column, found=found, expected=expected, hint=hint)
