"""The bundled static model: counts of word pieces times a table of vectors.

The table is stored in model2vec's format, and model2vec's own ``encode`` gives nearly the same
vectors. Two things differ here. A piece that occurs n times counts 1 + ln n times, as usual in
retrieval, which brings the neighbours of a paper closer to the teacher's (figures are in
``assets/README.md``). And each different word is split into pieces once, where model2vec splits
every text again: several times faster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from toolkit.errors import warn_user

if TYPE_CHECKING:
    from numpy.typing import NDArray

ASSETS = Path(__file__).resolve().parents[1] / "assets"
_CHUNK = 4096
#: So many words are remembered, some tens of megabytes.
_MOST_WORDS = 200_000
#: Marks of ASCII, which the tokeniser parts from words.
_MARK = r"([!-/:-@\[-`{-~])"


@cache
def fingerprint() -> str:
    """Return twelve hex digits that change whenever the bundled model does.

    Vectors of two versions of the model must not be compared; a collection folder keeps the
    fingerprint of the version its vectors are from.
    """
    content = hashlib.sha256()
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        content.update((ASSETS / name).read_bytes())
    return content.hexdigest()[:12]


@cache
def load_static() -> Any:
    """Return the bundled model.

    Returns
    -------
    model2vec.StaticModel
        For use with model2vec or BERTopic. Its ``encode`` counts repeated words in full, so its
        vectors are near those of `toolkit.embed`, not equal.
    """
    from model2vec import StaticModel

    return StaticModel.from_pretrained(ASSETS)


def encode_static(texts: list[str]) -> NDArray[np.float64]:
    """Return vectors of texts from the bundled model.

    Parameters
    ----------
    texts : list of str
        n texts.

    Returns
    -------
    ndarray of float64
        Shape (n, d); lengths mean nothing. A row depends on its own text alone: the sums are
        done in float64, in the order of the pieces.

    Warns
    -----
    UserWarning
        Texts of which no word is known; they get the mean of all pieces.
    """
    splitter, table = _parts()
    out = np.empty((len(texts), table.width))
    for start in range(0, len(texts), _CHUNK):
        counts = count_pieces(texts[start : start + _CHUNK], splitter)
        out[start : start + _CHUNK] = dampen(counts) @ table.rows(np.unique(counts.indices))
    unknown = ~out.any(axis=1)
    if unknown.any():
        first = int(unknown.argmax())
        warn_user(
            f"{int(unknown.sum())} text(s) hold no word that the bundled model knows (row "
            f"{first + 1} is the first: {texts[first][:60]!r}); it reads the Latin script, English "
            "best. They all get the same vector"
        )
        out[unknown] = table.rows(np.arange(splitter.size)).mean(axis=0)
    return out


@cache
def _parts() -> tuple[PieceSplitter, _Table]:
    """Return the splitter and the vectors of pieces.

    Reading its files directly, without model2vec, saves half a second of imports.
    """
    tokenizer = Tokenizer.from_file(str(ASSETS / "tokenizer.json"))
    arrays = load_file(ASSETS / "model.safetensors")
    unknown: int = tokenizer.token_to_id("[UNK]") or 0
    return PieceSplitter(tokenizer), _Table(arrays["embeddings"], arrays["weights"], unknown)


class _Table:
    """The vectors of pieces, shape (n_pieces, d), weighed when they are first used."""

    def __init__(self, stored: NDArray[Any], weights: NDArray[Any], unknown: int) -> None:
        self.width: int = stored.shape[1]
        self._stored, self._weights = stored, weights.astype(np.float64)
        self._weights[unknown] = 0
        self._vectors = np.zeros(stored.shape)
        self._ready = np.zeros(len(stored), dtype=bool)

    def rows(self, pieces: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return the table; the rows of `pieces` are filled in, others may be zero."""
        new = pieces[~self._ready[pieces]]
        self._vectors[new] = self._stored[new].astype(np.float64) * self._weights[new, None]
        self._ready[new] = True
        return self._vectors


class PieceSplitter:
    """Split words into word pieces and remember the result.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        Lower-casing WordPiece, as for BERT.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.size: int = tokenizer.get_vocab_size()
        vocabulary = tokenizer.get_vocab()
        self._whole = {w: i for w, i in vocabulary.items() if w.isascii() and w.isalnum()}
        self._known: dict[str, list[int]] = {}

    def words(self, texts: Sequence[str]) -> pa.ListArray[Any]:
        """Split texts into words and marks, of which the tokeniser makes the same pieces."""
        spaced = pa.array(map(self._spaced, texts), pa.string())
        parted = pc.replace_substring_regex(pc.ascii_lower(spaced), _MARK, r" \1 ")
        return pc.split_pattern(parted, " ")

    def _spaced(self, text: str) -> str:
        if text.isprintable():
            return text  # no white space but the space
        plain = self.tokenizer.normalizer.normalize_str(text)
        return " ".join(word for word, _ in self.tokenizer.pre_tokenizer.pre_tokenize_str(plain))

    def pieces(self, words: list[str]) -> list[list[int]]:
        """Return the numbers of the pieces of each word."""
        new = [word for word in words if word not in self._known]
        if len(self._known) + len(new) > _MOST_WORDS:
            self._known, new = {}, words
        # A word of the vocabulary is a piece; others lose accents first.
        whole = {word: [self._whole[word]] for word in new if word in self._whole}
        new = [word for word in new if word not in whole]
        encodings = self.tokenizer.encode_batch_fast(new, add_special_tokens=False)
        self._known.update(whole)
        self._known.update((word, encoding.ids) for word, encoding in zip(new, encodings))
        return [self._known[word] for word in words]


def dampen(counts: Any) -> Any:
    """Replace each count n by 1 + ln n.

    Parameters
    ----------
    counts : scipy CSR matrix
        Shape (n_texts, n_pieces).

    Returns
    -------
    scipy CSR matrix of float64
        Same shape.
    """
    damped = counts.astype(np.float64)
    damped.data = 1 + np.log(damped.data)
    return damped


def count_pieces(texts: list[str], splitter: PieceSplitter) -> Any:
    """Count the word pieces of each text.

    Parameters
    ----------
    texts : list of str
        n texts.
    splitter : PieceSplitter

    Returns
    -------
    scipy CSR matrix of int32
        Shape (n, size of the vocabulary), indices sorted.
    """
    words = splitter.words(texts)
    lengths = np.diff(words.offsets.to_numpy())
    numbered = words.flatten().dictionary_encode()
    pieces = splitter.pieces(numbered.dictionary.to_pylist())
    sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    ids = np.array([piece for line in pieces for piece in line], dtype=np.int32)
    said = _ones(numbered.indices.to_numpy(), lengths, len(pieces))
    counts = said @ _ones(ids, sizes, splitter.size)
    counts.sort_indices()
    return counts


def _ones(columns: NDArray[Any], lengths: NDArray[np.int64], width: int) -> Any:
    """Return a CSR matrix with a 1 for each column named, row after row."""
    from scipy.sparse import csr_matrix

    ends = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(len(columns), dtype=np.int32)
    return csr_matrix((ones, columns, ends), shape=(len(lengths), width))
