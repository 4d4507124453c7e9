"""Which terms name a subject and which are as frequent all over their field, in three languages."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

#: Lifts at and above this are not in the file: such terms name a subject.
_LIMIT = 0.4
#: Weight of the most generic terms.
_LEAST = 0.03
#: Units of measurement, and words of publishers' notes: never part of a name.
NO_NAMES = frozenset(
    """
    mg kg ml dl mm cm km nm cm2 mm2 m2 km2 mmhg mmol ng mcg microg micrograms µg μg hz khz mhz ghz
    kcal kj kpa cfu bpm
    elsevier springer wiley ltd gmbh reserved isbn issn doi
    auflage aufl neuauflage verlag lehrbuch fachbuch taschenbuch lernziele übungsaufgaben innen
    überarbeitet überarbeitete überarbeiteten aktualisierte aktualisierten prägnante
    """.split()
)


def weight_as_name(term: str, language: str = "en") -> float:
    """Return how well a term can name a subject, whatever the collection.

    Parameters
    ----------
    term : str
        One word, or two joined by ``_``; lower case.
    language : str
        ISO 639-1 code; other languages than English, German and French have the counts of English.

    Returns
    -------
    float
        From 0.03 for terms that papers on nearby subjects use as often (``patients``) to 1; 0 for
        units and publishers' words.

    Notes
    -----
    Counted over 218,000 English, 25,000 German and 13,000 French abstracts of all fields by
    scripts/count_generic_terms.py, which says how.

    Examples
    --------
    >>> weight_as_name("insomnia"), weight_as_name("mg_kg")
    (1.0, 0.0)
    >>> weight_as_name("patients") < 0.6
    True
    """
    words = term.split("_")
    if not NO_NAMES.isdisjoint(words):
        return 0.0
    for counts in (counted(language), counted("en")):
        if term in counts:
            return max(counts[term] / _LIMIT, _LEAST)
    if len(words) == 1:
        return 1.0
    # Two words that few papers of the wide collections join: as good as they are, and better.
    return min(1.0, 0.5 + sum(weight_as_name(word, language) for word in words) / 2 / len(words))


@lru_cache(maxsize=8)
def counted(language: str) -> dict[str, float]:
    """Return the terms that name no subject, by how much they tell nearby subjects apart."""
    lines = files("toolkit").joinpath("assets/generic_terms.txt").read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        code, lift, *terms = line.split(" ")
        if code == language:
            found.update(dict.fromkeys(terms, float(lift)))
    return found
