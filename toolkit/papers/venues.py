"""Names of venues: which spellings are one venue, and the form that stands for it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import combinations

import pandas as pd

from toolkit.errors import warn_user
from toolkit.papers.columns import text_of
from toolkit.papers.identifiers import fold_title

_SMALL = frozenset(
    "an the and of in on for to at with de la le les et des du der die das und fur el los del di "
    "da do em en og os as van het voor".split()
)
#: Words of so many names that they say little.
_USUAL = frozenset(
    "journal j international int annals ann archives arch reviews review rev research res advances "
    "adv proceedings proc conference conf transactions trans letters lett annual meeting".split()
)
#: What stands behind the name: a place or a carrier in brackets (no part of a series), a
#: translation, or whose journal it is. Other subtitles tell journals apart ('Circulation: Heart
#: Failure').
_TAIL = re.compile(
    r"\s*(?:[(\[](?!(?:part|series|section)\b)[^)\]]{3,}[)\]][\s.]*|\s[=/]\s.*|"
    r":\s*(?:the |an? )?(?:official|international journal|journal|publication|organ)\b.*|"
    r":\s*(?-i:[A-Z]{3,})\s*)$",
    re.DOTALL | re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"['’`]")
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dX])")
#: Abbreviations by ISO 4 that show alone, without a full stop, that a name is abbreviated.
_ISO4 = frozenset(
    "j int proc natl trans conf symp rev res lett ann arch adv sci eng engng technol "
    "biol chem phys math med soc econ psychol educ comput commun manag environ "
    "epidemiol surg pharmacol physiol neurol microbiol mater appl mech electron inf "
    "syst rep bull q quart acad assoc am amer eur br clin stud hist philos polit "
    "geogr geol geophys ecol agric statist stat dtsch z ztg".split()
)
_ENDINGS = ("ogy", "ogical", "istry", "ical", "eering", "icine")
#: Words that end so are written out: 'hydrology' is no abbreviation of 'hydrometeorology'.
_WHOLE = re.compile(
    r".{4,}(?:y|ics|ing|tion|sion|ment|ance|ence|ness|ism|ure|age)|.{4,}(?:al|er|or|ers|ors|ive|ous)"
)


@lru_cache(maxsize=100_000)
def fold_venue(venue: str) -> str:
    """Return a venue's name without case, punctuation, '&' or 'and', articles and what follows it.

    Examples
    --------
    >>> fold_venue("The Journal of Trees & Forests (Online)")
    'journal trees forests'
    >>> fold_venue("Trees : the official journal of the society of trees")
    'trees'
    """
    name = venue
    while (shorter := _TAIL.sub("", name)) != name and fold_title(shorter):
        name = shorter
    words = fold_title(_APOSTROPHE.sub("", name).replace("&", " and ")).split()
    words = [word for word in words if word not in _SMALL] or words
    while len(words) > 1 and words[0] == "a":
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=100_000)
def abbreviates(short: str, long: str, *, dotted: bool = False) -> bool:
    """Return whether a folded name is an abbreviation of another, word by word as in ISO 4.

    Several words must be cut, or one of the known abbreviations, or a full stop shows it.

    Parameters
    ----------
    short, long : str
        Names as `fold_venue` returns them.
    dotted : bool
        The shorter name was written with full stops.

    Examples
    --------
    >>> abbreviates("j clin epidemiol", "journal clinical epidemiology")
    True
    >>> abbreviates("plant science", "plant sciences")
    False
    >>> abbreviates("journal hydrology", "journal hydrometeorology")
    False
    """
    a, b = short.split(), long.split()
    if len(a) != len(b) or len(a) < 2 or len(short) >= len(long):
        return False
    pairs = [(word, full) for word, full in zip(a, b, strict=True) if word != full]
    if not all(_cut_from(word, full) for word, full in pairs):
        return False
    cut = len(pairs)
    if cut < 2 and not dotted and not any(_is_usual(*pair) for pair in pairs):
        return False
    # 'Journal of Electron Devices' abbreviates no 'Journal of Electronic Devices': names are cut in
    # most of their long words.
    return 2 * cut >= sum(len(full) > 6 for full in b)


def _is_usual(word: str, full: str) -> bool:
    """Return whether a cut is a usual one by ISO 4: 'technol', 'biotechnol', 'geochem'."""
    return word in _ISO4 or full.removeprefix(word) in _ENDINGS


def _cut_from(word: str, full: str) -> bool:
    """Return whether a word is another cut short ('clin') or drawn together ('natl')."""
    if len(full) - len(word) < 2 or word[0] != full[0] or (len(word) == 1 and word != "j"):
        return False
    if _WHOLE.fullmatch(word):
        return False
    if full.startswith(word):
        return True
    letters = iter(full)
    if len(word) < 3 or not all(letter in letters for letter in word):
        return False
    return word[-1] == full[-1] or 2 * len(word) > len(full)


@lru_cache(maxsize=100_000)
def shared_words(one: str, two: str) -> float:
    """Return the share of the shorter name's words that the other has, in full or cut short."""
    a, b = ([w for w in name.split() if w not in _USUAL] or name.split() for name in (one, two))
    short, long = sorted((a, b), key=len)
    found = [w for w in short if any(w == o or _cut_from(w, o) or _cut_from(o, w) for o in long)]
    return len(found) / len(short)


def same_venue(one: str, two: str) -> bool:
    """Return whether two folded names are of one venue."""
    return one == two or abbreviates(one, two) or abbreviates(two, one)


def venue_names(papers: pd.DataFrame) -> pd.DataFrame:
    """Return each spelling of a venue's name, and the form under which it is counted.

    Names that differ only in case, punctuation, '&' and 'and', articles, a place in brackets or a
    note whose journal it is are one venue; so is an abbreviation ('J. Clin. Epidemiol.'), if the
    papers have only one name of which it can be one. The form is the spelling in full that most
    papers have.

    Parameters
    ----------
    papers : DataFrame
        A papers table.

    Returns
    -------
    DataFrame
        One row a spelling, the venues with most papers first: venue (as it stands in the
        papers), name (the form of all its spellings), papers (with this spelling).

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> spellings = ["Journal of Trees", "Journal of Trees", "THE JOURNAL OF TREES", "J. Trees"]
    >>> papers = make_papers(
    ...     [{"title": f"Oaks {n}", "venue": venue} for n, venue in enumerate(spellings)],
    ...     source="mine")
    >>> names = venue_names(papers)
    >>> names["venue"].tolist()
    ['Journal of Trees', 'J. Trees', 'THE JOURNAL OF TREES']
    >>> names["name"].unique().tolist()
    ['Journal of Trees']
    """
    counts = Counter(text_of(papers, "venue").dropna().tolist())
    dotted = {fold_venue(venue) for venue in counts if "." in venue.rstrip(". ") or _dot(venue)}
    keys = _full_forms({fold_venue(venue) for venue in counts}, dotted, _issns(papers))
    spellings: dict[str, list[str]] = defaultdict(list)
    for venue in counts:
        folded = fold_venue(venue)
        spellings[keys.get(folded, folded)].append(venue)
    rows = []
    for key, venues in spellings.items():
        name = min(venues, key=lambda one: (_dress(one, key), -counts[one], one))
        total = sum(counts[one] for one in venues)
        rows += [(-total, name, -counts[one], one) for one in venues]
    rows.sort()
    return pd.DataFrame(
        {
            "venue": pd.array([row[3] for row in rows], dtype="string"),
            "name": pd.array([row[1] for row in rows], dtype="string"),
            "papers": pd.array([-row[2] for row in rows], dtype="Int64"),
        }
    )


def _dot(venue: str) -> bool:
    """Return whether a full stop at the end closes an abbreviation, not a name in full."""
    return venue.endswith(".") and _WHOLE.fullmatch(fold_venue(venue).split(" ")[-1]) is None


def _issns(papers: pd.DataFrame) -> dict[str, set[str]]:
    """Return the serial numbers of each folded name; empty without the column `issn`."""
    if "issn" not in papers:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    both = text_of(papers, "venue").notna() & text_of(papers, "issn").notna()
    there = papers[both]
    for venue, issn in zip(there["venue"].astype(str), there["issn"].astype(str)):
        numbers = _ISSN.findall(issn.upper())
        found[fold_venue(venue)].update(f"{a}-{b}" for a, b in numbers)
    return found


def _dress(venue: str, key: str) -> tuple[bool, bool, bool]:
    """Return what makes a spelling no good form: abbreviated, in capitals, with a full stop."""
    return fold_venue(venue) != key, venue.isupper(), venue.endswith(".")


def venue_forms(papers: pd.DataFrame) -> pd.Series[str]:
    """Return the form under which each paper's venue is counted, and say where spellings join.

    Parameters
    ----------
    papers : DataFrame
        A papers table with a column `venue`.

    Returns
    -------
    Series of str
        Shape (n_papers,), with the index of `papers`; NA where a paper has no venue.

    Warns
    -----
    UserWarning
        Counts the spellings that are counted under another one.

    See Also
    --------
    venue_names : shows them.
    """
    names = venue_names(papers)
    joined = names[names["venue"] != names["name"]]
    if len(joined):
        first, one = joined.iloc[0], len(joined) == 1
        warn_user(
            f"{len(joined)} of {len(names)} names of venues {'looks' if one else 'look'} like "
            f"another spelling of a venue and {'counts' if one else 'count'} under it: "
            f"{first['venue']!r} under {first['name']!r}{'' if one else ' and others'}. "
            "toolkit.papers.venue_names(papers) shows all; to keep them apart, count "
            "by='journal' of papers.assign(journal=papers['venue'])"
        )
    forms = dict(zip(names["venue"], names["name"]))
    return text_of(papers, "venue").map(forms, na_action="ignore").astype("string")


def _full_forms(folded: set[str], dotted: set[str], issns: dict[str, set[str]]) -> dict[str, str]:
    """Return the full name of each abbreviation that can be of one name only."""
    blocks: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in sorted(folded):
        words = name.split()
        if len(words) > 1:
            blocks[len(words), "".join(word[0] for word in words)].append(name)
    full: dict[str, list[str]] = defaultdict(list)
    for names in blocks.values():
        for one, two in combinations(sorted(names, key=len), 2):
            apart = bool(issns.get(one) and issns.get(two)) and not issns[one] & issns[two]
            if not apart and abbreviates(one, two, dotted=one in dotted):
                full[one].append(two)
    return {name: of for name, (of, *others) in _longest(full).items() if not others}


def _longest(full: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return for each abbreviation the names that are no abbreviations themselves."""
    return {name: [one for one in names if one not in full] for name, names in full.items()}
