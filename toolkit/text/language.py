"""The language of a text: English, which the bundled model knows, or which other one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from toolkit.text.generic import counted

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
#: A title is English that has so many words which English abstracts of all fields have, those being
#: so large a share of its words, and none of `_FOREIGN`. Of 27,136 titles without English function
#: words that py3langid gives to other languages this takes 19 for English.
_USUAL, _USUAL_SHARE = 3, 0.5
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
#: Not told: Latin, as names of species and diseases make no Latin text; and languages of hardly any
#: papers that are near another of many (Aragonese, Asturian, Extremaduran, Occitan, Walloon).
_UNLIKELY = frozenset({"la", "an", "ast", "ext", "oc", "wa", "vo"})
#: Titles that are read to tell what language most are in, and the share of English function words
#: that tells English.
_SAMPLE, _ENGLISH_SHARE = 40, 0.05


_WORD = re.compile(r"[^\W\d_]{2,}")


def other_languages(texts: Iterable[str], *, least: float = 0.0) -> list[str | None]:
    """Return the languages of texts that are surely not in English.

    Parameters
    ----------
    texts : iterable of str
        Titles or abstracts. Titles of names and technical words alone stay unsure.
    least : float
        Where a smaller share of the texts (0–1) is not plainly English, none is examined further.

    Returns
    -------
    list of (str or None)
        For each text the ISO 639-1 code of its language; None where that is English or unsure.

    Notes
    -----
    Texts with two different English function words and no foreign ones, or titles of words that
    are usual in English abstracts, pass at once; only the others are given to py3langid, whose
    model takes half a second to load.

    Examples
    --------
    >>> other_languages(["Honey bees", "Wir beobachten, wie Bienen einander den Weg zeigen, und "
    ...                  "finden, dass ihr Tanz im Stock mehr enthält als die Richtung allein."])
    [None, 'de']
    """
    some = list(texts)
    unsure = [i for i, text in enumerate(some) if not _plainly_english(text)]
    found: list[str | None] = [None] * len(some)
    if len(unsure) >= least * len(some):
        for i in unsure:
            found[i] = _other_language(some[i])
    return found


def _plainly_english(text: str) -> bool:
    """Return whether a text is English by its words, or shows no language."""
    if len(text) >= _LONG_ENOUGH:
        start = text[:_READ]
        if " the " in start and " and " in start:
            return True  # the same as below, and much faster
        words = frozenset(start.lower().split())
        return len(_ENGLISH & words) >= 2 or _reads_english(start, words)
    if len(text) < _SHORTEST and text.isascii():
        return True
    words = frozenset(text.lower().split())
    return not _ENGLISH_TITLE.isdisjoint(words) or _usual_english(text, words)


def _other_language(text: str) -> str | None:
    """Return the language that py3langid surely finds in a text, None for English."""
    long = len(text) >= _LONG_ENOUGH
    start = text[:_READ] if long else text
    if sum(map(str.isalpha, start)) < len(start) / 3:
        return None  # mostly numbers and signs
    from py3langid import rank

    scores = {str(c): float(score) for c, score in rank(start[:_RANKED]) if c not in _UNLIKELY}
    likeliest = max(scores, key=lambda code: scores[code])
    sure = scores[likeliest] - scores["en"] > (_MARGIN if long else _TITLE_MARGIN)
    return likeliest if sure else None


def _usual_english(title: str, words: frozenset[str]) -> bool:
    """Return whether most words of a title are usual in English abstracts."""
    if not title.isascii() or not _FOREIGN.isdisjoint(words):
        return False
    every = _WORD.findall(title.lower())
    usual = sum(word in counted("en") for word in every)
    return usual >= max(_USUAL, _USUAL_SHARE * len(every))


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
