"""Words that are written with capitals wherever they stand: names, acronyms, German nouns."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=8)
def usual_capitals(language: str) -> dict[str, str]:
    """Return words of a language that have capitals of their own, by the word in small letters.

    Parameters
    ----------
    language : str
        ISO 639-1 code; English, German and French are known, others have none.

    Returns
    -------
    dict
        Of German nouns, not those that English or French write in small letters (Hand, Art). Names
        of two words that are written small alone are joined by ``_`` (United_States).

    Notes
    -----
    Counted in 250,000 English, 25,000 German and 13,000 French abstracts of all fields by
    scripts/count_capitals.py, which says how.

    Examples
    --------
    >>> usual_capitals("en")["medicaid"], usual_capitals("de")["jahrhundert"]
    ('Medicaid', 'Jahrhundert')
    """
    lines = files("toolkit").joinpath("assets/capitals.txt").read_text("utf-8").splitlines()
    words = {code: found for code, *found in (line.split(" ") for line in lines)}
    return {word.lower(): word for word in words.get(language, ())}
