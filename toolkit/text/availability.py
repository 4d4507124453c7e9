"""Sentences that only say where code, data or a project page are: no topic is made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

#: What such a sentence always has one of; tested as parts of words, which is fast.
_SIGNS = (
    *("http", "www.", "ithub", "itlab", "uggingface", "vailable", "eleas", "ourced", "-source"),
    *("pen source", "roject page", "ebsite", "ebpage", "omepage", "be found", "ccessible"),
    *("doi:", "10.", "swh:", "ascl:", "ccession", "eposit", "ublic", "egist", "orrespondence"),
    *("disponi", "verfügbar", "zugänglich", "télécharg", "request", "ccompan", "isposition"),
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\da-z_]|https?:)")
#: What addresses may begin with and still be letters alone ("https ://example.org").
_ADDRESS_ENDS = ("http", "https", "doi")
#: So many words at the start of a sentence nearly always tell.
_FIRST = 12
#: Addresses, and the identifiers that `find_links` reads as such, or that name a registration.
_URL = re.compile(
    r"(?:https?\s?:\s?//|www\.|(?:github|gitlab|huggingface)\.(?:com|io|co)/|(?:doi:?\s?)?\b10\.\d{4}|"
    r"\bswh:1:|\bascl:\d)\S*|\b(?:GSE|PRJ[A-Z]{2}|[SED]R[PRX]|PXD|E-MTAB-|MTBLS|NCT|ISRCTN|ACTRN|"
    r"CRD)\d+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
#: What is made available.
_THINGS = frozenset(
    """
    api artifacts artefacts benchmark benchmarks checkpoints code codebase codes corpus data
    database dataset datasets demo demonstrations demos implementation implementations it
    library material materials model models package page pages project prompts resources
    files samples scripts site software source supplementary toolkit tool tools video videos webpage
    website weights work availability sequences catalogue catalog reads materials correspondence
    registration preregistration trial protocol quellcode daten datensatz webseite código datos
    données logiciel dados codice dati fonte programa
    """.split()
)
#: The other words of sentences about that.
_AROUND = frozenset(
    """
    a acceptance access accessed accessible accompanying additional advance after ahead all along
    also an and anonymized anonymous are as associated at author authors available be been both
    can collected complete contact corresponding details download downloaded easily encourage
    evaluation face facilitate files find following for foster found free freely from full fully
    further future generated github gitlab has have here homepage hosted https hugging huggingface
    images in inference information interactive is license link links located made make me more
    now of on online open open-source open-sourced our out paper permissive please pre-trained
    pretrained provide provided public publication publicly purposes qualitative reasonable
    release released releasing repo repository reproducibility reproduction request research
    results see share shared sourced such supplemental support that the their these this to
    trained training under upon url used using via video visit we web well which will with you
    zenodo reasonable accession number numbers archive archived deposited domain doi osf dryad
    figshare dataverse cran pypi bioconductor geo genbank sra ena pride r python replication
    registered prospero clinicaltrials.gov isrctn clinical registry charge accompanies accompanying
    accompany sets orcid statement
    der die das ist sind wird werden auf unter öffentlich frei verfügbar zugänglich anfrage zur
    verfügung gestellt und were was le la les
    est sont sera seront librement téléchargeable disponible
    disponibles sur demande mises mise à disposition el los está están en se publicará o os está
    disponível disponíveis publicamente em il è sono disponibile disponibili su richiesta petición
    """.split()
)


def without_availability(text: str) -> str:
    """Return a text without the sentences that only say where code, data or a page are.

    Parameters
    ----------
    text : str
        An abstract.

    Returns
    -------
    str
        Sentences that also say something else stay whole. A name may stand in one that goes:
        "MoonBench is available at https://…".

    Examples
    --------
    >>> without_availability("Bees dance. Our code is available at https://github.com/hive/wax.")
    'Bees dance.'
    >>> without_availability("We release films of dancing bees at https://example.org.")
    'We release films of dancing bees at https://example.org.'
    """
    return _without(text) if _has_sign(text) else text


def each_without_availability(texts: Sequence[str]) -> list[str]:
    """Return what `without_availability` makes of each text; Arrow looks for the signs, quickly."""
    signs = "|".join(map(re.escape, _SIGNS))
    signed = pc.match_substring_regex(pa.array(texts, pa.string()), signs).to_pylist()
    return [_without(text) if sign else text for text, sign in zip(texts, signed)]


def _without(text: str) -> str:
    sentences = _SENTENCE.split(text)
    kept = [sentence for sentence in sentences if not _only_availability(sentence)]
    return text if len(kept) == len(sentences) else " ".join(kept)


def _has_sign(text: str) -> bool:
    return any(map(text.__contains__, _SIGNS))


def _only_availability(sentence: str) -> bool:
    if _says_more(sentence) or not _has_sign(sentence):
        return False
    plain, links = _URL.subn(" ", sentence)
    other, thing = "", False
    for found in _WORD.finditer(plain):
        word = found[0].lower()
        if word in _THINGS:
            thing = True
        elif word not in _AROUND:
            if other:
                return False  # two words of something else
            other = found[0]
    if not other:
        return bool(links) or thing
    return (bool(links) or any(map(str.isdigit, other))) and _is_name(other)


def _says_more(sentence: str) -> bool:
    """Return whether two of the first words are of something else: quick, for nearly all."""
    others = 0
    for word in sentence.lower().split(None, _FIRST):
        if word in _AROUND or word in _THINGS or not (word.isascii() and word.isalpha()):
            continue
        if not word.endswith(_ADDRESS_ENDS):
            others += 1
            if others == 2:
                return True
    return False


def _is_name(word: str) -> bool:
    """Return whether a word has a digit or a capital inside, as names of tools do."""
    return any(c.isupper() or c.isdigit() for c in word[1:]) or (word[0].isupper() and "-" in word)
