"""The language of a text: English, which the bundled model knows, or which other one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Frequent words of English abstracts that are not words of other languages (unlike "of", "in",
#: "is" and "we", which are Dutch, "to", which is Polish, and "for", which is Danish).
_ENGLISH = frozenset(
    ("the", "and", "with", "that", "this", "are", "from", "which", "these", "our", "their", "be")
)
#: Words of English titles, few of which other languages have.
_ENGLISH_TITLE = _ENGLISH | frozenset(
    ("of", "for", "by", "using", "via", "towards", "based", "its")
)
#: Further words of English, some of which other languages have too, and frequent words of those:
#: a text with two of the first and none of the second is English. Of 14,178 such texts (of 331,624
#: records in all languages) py3langid said so of all but 19, and 17 of these were English too.
_ENGLISH_MORE = _ENGLISH | frozenset(
    """
    also an and as at based been between but by can for has have in into is it its more not of on or
    such than to using via was we were while
    """.split()
)
_FOREIGN = frozenset(
    """
    al att auf av com con da das de del dem den der des di die du e een el em en es est et h het il
    im ist je la las le les los na och os par para pour por que som sur um und van von w y z zu
    """.split()
)
#: Texts shorter than this are judged as titles: one English function word is enough for English.
_LONG_ENOUGH = 120
#: Shorter ones without accents and foreign letters cannot be judged.
_SHORTEST = 25
#: Least difference, in natural logarithms, of the likelihoods of another language and English.
_MARGIN = 10.0
#: Least such difference of a title.
_TITLE_MARGIN = 14.0
#: Characters that are examined for English words, and by py3langid.
_READ, _RANKED = 1000, 400
#: Titles that are read to tell what language most are in, and the share of English function words
#: that tells English.
_SAMPLE, _ENGLISH_SHARE = 40, 0.05


def other_languages(texts: Iterable[str]) -> list[str | None]:
    """Return the languages of texts that are surely not in English.

    Parameters
    ----------
    texts : iterable of str
        Titles or abstracts. Titles of names and technical words alone stay unsure.

    Returns
    -------
    list of (str or None)
        For each text the ISO 639-1 code of its language; None where that is English or unsure.

    Notes
    -----
    Texts with two different English function words and no foreign ones pass at once; only the
    others are given to py3langid, whose model takes half a second to load.

    Examples
    --------
    >>> other_languages(["Honey bees", "Wir beobachten, wie Bienen einander den Weg zeigen, und "
    ...                  "finden, dass ihr Tanz im Stock mehr enthält als die Richtung allein."])
    [None, 'de']
    """
    return [_other_language(text) for text in texts]


def _other_language(text: str) -> str | None:
    if len(text) >= _LONG_ENOUGH:
        start = text[:_READ]
        if " the " in start and " and " in start:
            return None  # the same as below, and much faster
        words = frozenset(start.lower().split())
        if len(_ENGLISH & words) >= 2 or _reads_english(start, words):
            return None
        margin = _MARGIN
    else:
        start = text
        if (len(text) < _SHORTEST and text.isascii()) or _ENGLISH_TITLE.intersection(
            start.lower().split()
        ):
            return None
        margin = _TITLE_MARGIN
    if sum(map(str.isalpha, start)) < len(start) / 3:
        return None  # mostly numbers and signs
    from py3langid import rank

    # Latin names of species and diseases make no Latin text.
    scores = {str(c): float(score) for c, score in rank(start[:_RANKED]) if c != "la"}
    likeliest = max(scores, key=lambda code: scores[code])
    return likeliest if scores[likeliest] - scores["en"] > margin else None


def _reads_english(text: str, words: frozenset[str]) -> bool:
    """Return whether a text has English words and no words or letters of other languages."""
    if len(_ENGLISH_MORE & words) < 2 or not _FOREIGN.isdisjoint(words):
        return False
    # Greek letters are symbols.
    return text.isascii() or not any(
        c.isalpha() and not "α" <= c <= "ω" for c in text if c > "\x7f"
    )


def common_language(texts: Sequence[str]) -> str:
    """Return the language of most of some titles, ``en`` where they do not show it.

    Parameters
    ----------
    texts : sequence of str
        Their order does not count; of many, an even sample is read.

    Returns
    -------
    str
        ISO 639-1 code.

    Examples
    --------
    >>> common_language(["Der Tanz der Bienen", "Honig", "Waben und Wachs im Stock"])
    'de'
    """
    ordered = sorted(texts)
    sample = ordered[:: max(1, len(ordered) // _SAMPLE)]
    words = " ".join(sample).lower().split()
    english = sum(word in _ENGLISH_TITLE for word in words)
    if not words or english >= _ENGLISH_SHARE * len(words):
        return "en"
    from py3langid import rank

    return str(rank(". ".join(text[:100] for text in sample))[0][0])
