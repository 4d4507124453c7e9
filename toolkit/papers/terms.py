"""Terms: the words of a paper, which stand in for its abstract where that may not be passed on.

They are sorted, so that the text cannot be put together again, and a two-word term is kept only
where at least five papers share it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.papers.columns import text_of
from toolkit.papers.schema import check_papers, told
from toolkit.text.language import other_languages
from toolkit.text.stopwords import HALF_WORDS, stop_words
from toolkit.text.unspaced import UNSPACED, split_unspaced

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A two-word term stays where at least so many papers share it.
SHARED_BY = 5
# A word with what may join its parts (GPT-4, and/or, x.y, model's), or punctuation, which parts
# the words of a two-word term.
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.'’/_@~][^\W_]+)*|[^\w\s]")
#: Marks of ASCII that join no parts of a word.
_ALONE = r"([!-&(-,:-?\[-^`{-}]|\.(?: |$))"
_LINK = re.compile(r"(?:https?:|www\.)\S+")
_BARE_LINK = re.compile(
    r"[^@]+@|(?:[^/.]+\.)+(?:com|org|net|edu|gov|io|ai|co|dev|cn|de|uk|eu|me)(?:/|$)"
)
#: Sizes and amounts (7b, 10x, 128k, 2nd): numbers, not subjects.
_AMOUNT = re.compile(r"\d+(?:\.\d+)*(?:[bgkmstx]|[gmt]b|times|st|nd|rd|th)?$")
_PART = re.compile(r"[/_@~]")
_HYPHEN = re.compile(r"[-‐‑]")
_DOT = re.compile(r"[.'’]")
_DECIMAL = re.compile(r"\d\.\d")
_POSSESSIVE = re.compile(r"['’]s$")
_LETTER = re.compile(r"[^\W\d_]")
_BOILERPLATE = ("state-of-the-art", "state of the art", "project page", "project website")
_CHUNK = 4096
#: Characters at the end of a long text that show whether it holds a summary in another language.
_SUMMARY = 500
if TYPE_CHECKING:
    #: Number of each word; the flag says whether it is a term alone, not only in two-word terms.
    Words = dict[tuple[str, bool], int]


def find_terms(papers: pd.DataFrame) -> pd.Series[str]:
    """Return the terms of each paper: all that c-TF-IDF needs, and no sentence.

    Lower-case words of title and abstract without stop words (of the paper's language), numbers
    and links, and without sentences that only say where code or data are; two-word terms joined by
    ``_`` where at least five papers of the collection share them: words that stand side by side,
    with no stop word and no other punctuation between than a hyphen, a slash or an underscore.
    These part words (``fine-tuning`` gives ``fine``, ``tuning`` and ``fine_tuning``,
    ``image/video`` gives ``image``, ``video`` and ``image_video``) unless a number hangs on a
    hyphen (``gpt-4``).

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …).

    Returns
    -------
    Series of string
        Shape (n_papers,), index of `papers`, no missing values: terms sorted, separated by one
        space and repeated as often as they occur. Papers without abstract keep their stored
        `terms`; where there are none either, the title is all there is.

    Raises
    ------
    DataError
        Where `papers` is no papers table.

    Examples
    --------
    >>> import pandas as pd
    >>> papers = pd.DataFrame({
    ...     "paper_id": ["title:1"], "title": ["Pruning graphs"],
    ...     "abstract": ["We prune graphs with GPT-4; see https://example.org/code."],
    ... })
    >>> find_terms(papers).tolist()
    ['gpt-4 graphs graphs prune pruning']
    """
    check_papers(papers)
    if papers.empty:
        return pd.Series([], index=papers.index, dtype="string")
    kept, abstract = text_of(papers, "terms"), told(papers)
    from_prose = (abstract.notna() | kept.isna()).to_numpy()
    whole = papers["title"].astype("string") + " . " + abstract.fillna("")
    text = whole.to_numpy(dtype=object)[from_prose]
    stored = kept.to_numpy(dtype=object)[~from_prose]
    out = np.empty(len(papers), dtype=object)
    out[~from_prose] = stored
    out[from_prose] = _count_terms(text, stored)
    return pd.Series(out, index=papers.index, dtype="string")


def _count_terms(texts: NDArray[Any], stored: NDArray[Any]) -> list[str]:
    """Return the terms of each text; `stored` terms of other papers count towards sharing."""
    words: Words = {}
    starts, atoms = _read(texts, words)
    names = np.array([word for word, _ in words], dtype=object)
    alone = np.array([alone for _, alone in words], dtype=bool)
    n_words = max(len(names), 1)
    paper = np.repeat(np.arange(len(texts)), np.diff(starts))
    # A two-word term: two words side by side in the same text (-1 stands for what parts them).
    pair = (atoms[:-1] >= 0) & (atoms[1:] >= 0) & (paper[:-1] == paper[1:])
    pairs = atoms[:-1][pair] * n_words + atoms[1:][pair]
    holders = paper[:-1][pair]
    pairs, holders, pair_names = _shared_pairs(pairs, holders, names, stored)
    single = atoms >= 0
    single[single] = alone[atoms[single]]
    every = np.concatenate([names, pair_names])
    order = np.argsort(every)  # plain string order: by code point, everywhere the same
    rank = np.empty(len(every), dtype=np.int64)
    rank[order] = np.arange(len(every))
    term = np.concatenate([atoms[single], pairs + len(names)])
    holder = np.concatenate([paper[single], holders])
    key = np.sort(holder * max(len(every), 1) + rank[term])
    bounds = np.searchsorted(key, np.arange(len(texts) + 1) * max(len(every), 1))
    spelled = every[order][key % max(len(every), 1)].tolist()
    return [" ".join(spelled[a:b]) for a, b in pairwise(bounds)]


def _shared_pairs(
    pairs: NDArray[np.int64], holders: NDArray[np.int64], names: NDArray[Any], stored: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Keep the pairs that enough papers share; number them and spell them out."""
    code, values = pd.factorize(pairs)
    n_papers = int(holders.max()) + 1 if len(holders) else 1
    in_papers = pd.unique(code.astype(np.int64) * n_papers + holders) // n_papers
    shared = np.bincount(in_papers, minlength=len(values))
    n_words = max(len(names), 1)
    spelled: NDArray[Any] = values
    if len(values):
        spelled = names[values // n_words] + "_" + names[values % n_words]
    elsewhere = _stored_pairs(stored)
    if elsewhere:
        stored_too = [elsewhere.get(name, 0) for name in spelled]
        shared = shared + np.array(stored_too, dtype=np.int64)
    keep = shared >= SHARED_BY
    number = np.cumsum(keep) - 1
    held = keep[code]
    return number[code[held]], holders[held], spelled[keep].astype(object)


def _stored_pairs(stored: NDArray[Any]) -> dict[str, int]:
    """Count how many of the stored papers hold each two-word term."""
    count: dict[str, int] = {}
    for line in stored:
        for term in {term for term in line.split() if "_" in term}:
            count[term] = count.get(term, 0) + 1
    return count


def _read(texts: NDArray[Any], words: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn texts into numbers of words (-1: something that parts words), growing `words`.

    Python looks only at the spellings that differ, Arrow and numpy do the rest: tens of times
    faster than a loop over words. Chunks bound the memory.
    """
    plain = [_plain(text) for text in texts]
    languages = _languages(texts)
    unspaced = [i for i, text in enumerate(plain) if UNSPACED.search(text)]
    for i, text in zip(unspaced, split_unspaced([plain[i] for i in unspaced])):
        plain[i] = text
    counts = np.zeros(len(plain), dtype=np.int64)
    pieces, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for language in sorted(set(languages)):
        stop = frozenset().union(*map(stop_words, language))
        rows = np.array([i for i, codes in enumerate(languages) if codes == language])
        for chunk in np.array_split(rows, len(rows) // _CHUNK + 1):
            sizes, numbers = _read_chunk([plain[i] for i in chunk], words, stop)
            counts[chunk] = sizes
            pieces.append(numbers)
            places.append(np.repeat(chunk, sizes))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    order = np.argsort(np.concatenate(places), kind="stable")
    return starts, np.concatenate(pieces)[order]


def _languages(texts: NDArray[Any]) -> list[tuple[str, ...]]:
    """Return the languages of each text: two where a summary in another one ends it."""
    main = [code or "en" for code in other_languages(texts)]
    long = [code == "en" and len(text) > 2 * _SUMMARY for code, text in zip(main, texts)]
    ends = other_languages([text[-_SUMMARY:] if two else "" for two, text in zip(long, texts)])
    return [(one, end) if end else (one,) for one, end in zip(main, ends)]


def _read_chunk(
    texts: list[str], words: Words, stop: frozenset[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many words each text has, and the numbers of all of them."""
    parted = pc.replace_substring_regex(pa.array(texts, pa.string()), _ALONE, r" \1 ")
    tokens = pc.split_pattern(parted, " ")
    numbered = tokens.flatten().dictionary_encode()
    codes = numbered.indices.to_numpy()
    numbers = [_numbers(between, words, stop) for between in numbered.dictionary.to_pylist()]
    sizes = np.fromiter(map(len, numbers), dtype=np.int64, count=len(numbers))
    first = np.concatenate([[0], np.cumsum(sizes)])
    flat_numbers = np.array([n for line in numbers for n in line], dtype=np.int64)
    repeat = sizes[codes]
    ends = np.concatenate([[0], np.cumsum(repeat)])
    offset = np.arange(repeat.sum()) - np.repeat(ends[:-1], repeat)
    found = flat_numbers[np.repeat(first[codes], repeat) + offset]
    return np.diff(ends[tokens.offsets.to_numpy()]), found


def _numbers(between: str, words: Words, stop: frozenset[str]) -> list[int]:
    """Return the numbers of the words in what stands between two spaces."""
    line = []
    for spelling in _TOKEN.findall(between):
        for word in _split(spelling, stop):
            # Of a compound, a half without content is a term only with the other half.
            alone = word not in HALF_WORDS and (word == spelling or _is_content(word, stop))
            line.append(words.setdefault((word, alone), len(words)) if word else -1)
    return line


#: A glyph, often a ligature, that a PDF's text lost.
_GLYPH = re.compile(r"\(cid:\d+\)")


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    if "http" in text or "www." in text:
        text = _LINK.sub(" . ", text)
    if "(cid:" in text:
        text = _GLYPH.sub("", text)
    for phrase in _BOILERPLATE:
        text = text.replace(phrase, ".")
    if text.isprintable():
        return text
    # No white space but the space, and nothing that Arrow cannot hold.
    return " ".join(text.split()).encode("utf-8", "replace").decode()


def _split(spelling: str, stop: frozenset[str]) -> list[str]:
    """Split one token into its words; "" stands for something that parts words.

    >>> _split("fine-tuning", frozenset()), _split("gpt-4", frozenset())
    (['fine', 'tuning'], ['gpt-4'])
    >>> _split("and/or", frozenset(["and", "or"])), _split("1,000", frozenset())
    (['', ''], [''])
    """
    if spelling.isalpha():
        return [_content(spelling, stop)]
    if not _LETTER.search(spelling) or _BARE_LINK.match(spelling):
        return [""]
    found: list[str] = []
    for part in _PART.split(spelling):
        part = _POSSESSIVE.sub("", part)
        bits = _HYPHEN.split(part)
        if any(not _LETTER.search(bit) for bit in bits):
            found.append(_content("-".join(bits), stop))
        elif len(bits) == 2:
            found += _compound(bits[0], bits[1], stop)
        else:
            for bit in bits:
                found += [_content(word, stop) for word in _undotted(bit)]
    return found


def _compound(left: str, right: str, stop: frozenset[str]) -> list[str]:
    """Return both halves of few-shot, k-means, in-context; a weak half forms no two-word term."""
    if "." in left + right or "'" in left + right or "’" in left + right:
        return [_content(word, stop) for bit in (left, right) for word in _undotted(bit)]
    strong = _is_content(left, stop), _is_content(right, stop)
    if not any(strong):
        return [""]
    before, after = [] if strong[0] else [""], [] if strong[1] else [""]
    return [*before, left, right, *after]


def _undotted(bit: str) -> list[str]:
    return [bit] if _DECIMAL.search(bit) else _DOT.split(bit)


def _content(word: str, stop: frozenset[str]) -> str:
    return word if _is_content(word, stop) else ""


def _is_content(word: str, stop: frozenset[str]) -> bool:
    return len(word) > 1 and word not in stop and not (word[0].isdigit() and _AMOUNT.match(word))
