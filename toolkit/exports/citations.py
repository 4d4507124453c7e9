"""Papers as BibTeX and RIS, for reference managers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

import pandas as pd

from toolkit.exports.escaping import paper_rows
from toolkit.formats.bibtex.own import OWN_MARK
from toolkit.formats.tagged.own_ris import LIST_TAGS, MARK, TAGS
from toolkit.formats.tagged.values import person
from toolkit.papers.identifiers import fold_title, make_paper_id
from toolkit.text.escaping import one_line
from toolkit.text.latex_writing import as_latex

#: BibTeX fields of running text; `annote` is the reader's own note (the Explorer's basket).
_BIB_TEXT = (
    ("note", "comments"), ("annote", "note"), ("abstract", "abstract"),
    ("affiliation", "affiliations"),
)  # fmt: skip
#: BibTeX fields that are written as they are.
_BIB_PLAIN = (
    ("volume", "volume"), ("number", "issue"), ("issn", "issn"), ("isbn", "isbn"),
    ("language", "language"), ("pmid", "pmid"), ("pmcid", "pmcid"), ("references", "references"),
    ("kind", "kind"), ("categories", "categories"),
)  # fmt: skip
#: Type of entry and of RIS record by the kind of a paper.
_TYPES = {
    "article": ("article", "JOUR"), "review": ("article", "JOUR"), "letter": ("article", "JOUR"),
    "editorial": ("article", "JOUR"), "proceedings": ("inproceedings", "CPAPER"),
    "abstract": ("inproceedings", "CPAPER"), "poster": ("inproceedings", "CPAPER"),
    "chapter": ("incollection", "CHAP"), "entry": ("incollection", "CHAP"),
    "book": ("book", "BOOK"), "thesis": ("phdthesis", "THES"), "report": ("techreport", "RPRT"),
    "dataset": ("misc", "DATA"), "software": ("misc", "COMP"), "web page": ("misc", "ELEC"),
    "patent": ("misc", "PAT"), "standard": ("misc", "STAND"), "news": ("misc", "NEWS"),
}  # fmt: skip
#: The types of entry that are written, and the field of the venue in each.
_VENUE_FIELD = {
    "article": "journal", "inproceedings": "booktitle", "conference": "booktitle",
    "incollection": "booktitle", "inbook": "booktitle", "proceedings": "booktitle",
    "phdthesis": "school", "mastersthesis": "school", "thesis": "institution",
    "techreport": "institution", "report": "institution", "book": "publisher",
    "misc": "howpublished", "online": "howpublished", "unpublished": "howpublished",
}  # fmt: skip
_MEETING = re.compile(
    r"\b(?:proceedings|proc\.|conference|conf\.|symposium|workshops?|congress|meeting"
    r"|advances in neural information processing|lecture notes in"
    r"|AAAI|ACL|CHI|COLING|CoRL|CVPR|EACL|ECCV|EMNLP|ICASSP|ICCV|ICLR|ICML|ICRA|IJCAI|INTERSPEECH"
    r"|IROS|KDD|NAACL|NeurIPS|NIPS|SIGGRAPH|SIGIR)\b",
    re.IGNORECASE,
)
#: Some journals call themselves proceedings.
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|annals|letters|magazine)\b|^proc(?:eedings|\.) of the (?:national "
    r"academy|royal society|ieee$|vldb|acm on)|^pnas\b|^proc\. natl\. acad",
    re.IGNORECASE,
)
_QUOTED = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", " ": "%20"})
#: A key that LaTeX can cite.
_KEY = re.compile(r"[^\s,{}()\\%#~\"'=]+")
_NOT_KEY = re.compile(r"[^a-z0-9]")
_NO_CONTENT = frozenset({"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "from"})


def citation_keys(papers: pd.DataFrame) -> list[str]:
    """Return a BibTeX key for each paper.

    It is the key that the paper had in the BibTeX file it was loaded from, else one that depends
    on the paper alone.

    Examples
    --------
    >>> citation_keys(pd.DataFrame({"paper_id": ["arxiv:2401.00001"], "title": ["The Oak Tree"],
    ...     "authors": ["Ada Byron; B. Bell"], "published": [pd.Timestamp("2024-01-01")]}))
    ['byron2024oak_33a2']
    """
    rows = paper_rows(papers)
    return _keys(rows, _cited_as(rows))


def _keys(papers: list[dict[str, Any]], cited_as: dict[str, tuple[str, str]]) -> list[str]:
    own = {paper_id: key for paper_id, (_, key) in cited_as.items()}
    keys, taken = [], set(own.values())
    for paper in papers:
        key = own.get(paper["paper_id"])
        if key is None:
            key = _made_key(paper, taken)
            taken.add(key)
        keys.append(key)
    return keys


def _cited_as(papers: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return type and key of papers from BibTeX files; a key used twice is the first paper's."""
    found: dict[str, tuple[str, str]] = {}
    taken = set()
    for paper in papers:
        key = str(paper.get("bibtex_key") or "")
        if _KEY.fullmatch(key) and key not in taken:
            found[paper["paper_id"]] = str(paper.get("bibtex_type") or ""), key
            taken.add(key)
    return found


def _made_key(paper: dict[str, Any], taken: set[str]) -> str:
    title = fold_title(paper["title"]).split()
    words = (w for word in title if word not in _NO_CONTENT and (w := _ascii(word)))
    author = _ascii(_surname((paper.get("authors") or "").split(";")[0]))
    stem = author or next(words, "paper")
    digest = hashlib.sha256(paper["paper_id"].encode()).hexdigest()
    start = f"{stem}{_year(paper)}{next(words, '')}"
    start = start if start[:1].isalpha() else f"p{start}"
    # More than four digits are needed only where two papers would have one key.
    return next(key for n in range(4, 65) if (key := f"{start}_{digest[:n]}") not in taken)


def to_bibtex(papers: pd.DataFrame) -> str:
    """Return papers as BibTeX entries; the comment above lets `toolkit.load` read them exactly."""
    return "\n".join([*([f"{OWN_MARK}\n"] if len(papers) else []), *bibtex_entries(papers)])


def bibtex_entries(papers: pd.DataFrame) -> list[str]:
    """Return the BibTeX entry of each paper."""
    entries = []
    rows = paper_rows(papers)
    cited_as = _cited_as(rows)
    for key, paper in zip(_keys(rows, cited_as), rows):
        kind = cited_as.get(paper["paper_id"], ("",))[0]
        kind = kind if kind in _VENUE_FIELD else _kind(paper)
        lines = ",\n".join(
            f"  {name} = {{{value}}}" for name, value in _bib_fields(paper, kind).items()
        )
        entries.append(f"@{kind}{{{key},\n{lines}\n}}\n")
    return entries


def entry_type(paper: dict[str, Any]) -> str:
    """Return the BibTeX type of a paper: its own if it came with one, else what it seems to be."""
    own = str(paper.get("bibtex_type") or "")
    return own if own in _VENUE_FIELD else _kind(paper)


def _bib_fields(paper: dict[str, Any], kind: str) -> dict[str, str]:
    """Return the fields of an entry, escaped, without their outer braces."""
    fields = {"title": "{" + re.sub("-(?=-)", "-{}", _latex(paper["title"])) + "}"}
    if paper.get("authors"):
        names = [_bib_name(name) for name in _items(paper["authors"])]
        # Braces around all of a field are often around several names.
        alone = len(names) == 1 and names[0].startswith("{")
        fields["author"] = f"{{{names[0]}}}" if alone else " and ".join(names)
    when, precision = paper.get("published"), paper.get("published_precision")
    if when is not None:
        fields["year"] = str(when.year)
        if precision != "year":
            fields["month"] = str(when.month)
        if precision == "day":
            fields["date"] = when.strftime("%Y-%m-%d")
    for name, column in ((_VENUE_FIELD[kind], "venue"), *_BIB_TEXT):
        if paper.get(column):
            fields[name] = _latex(paper[column])
    keywords = _items(paper.get("keywords") or "")
    if keywords:
        alone = len(keywords) == 1 and "," in keywords[0]
        fields["keywords"] = (
            _latex("; ".join(keywords)) if not alone else f"{{{_latex(keywords[0])}}}"
        )
    if paper["paper_id"].startswith("arxiv:"):
        fields["eprint"] = paper["paper_id"].removeprefix("arxiv:")
        fields["archiveprefix"] = "arXiv"
        if paper.get("categories"):
            fields["primaryclass"] = _plain(paper["categories"].split()[0])
    elif paper["paper_id"] != make_paper_id(None, paper.get("doi"), paper["title"]):
        fields["paperid"] = _plain(paper["paper_id"])
    if paper.get("pages"):
        fields["pages"] = _plain(paper["pages"]).replace("-", "--")
    if paper.get("publisher") and "publisher" not in fields:
        fields["publisher"] = _plain(paper["publisher"])
    for name, column in _BIB_PLAIN:
        if paper.get(column):
            fields[name] = _plain(paper[column])
    for name in ("doi", "url", "code_url", "project_url"):
        if paper.get(name):
            fields[name] = _bib_address(paper[name])
    return fields


def _kind(paper: dict[str, Any]) -> str:
    """Return the type of entry that the paper's kind or the name of its venue suggests."""
    venue = paper.get("venue")
    known = _TYPES.get(paper.get("kind") or "")
    # An article without a journal is no @article that LaTeX can set.
    if known and (venue or known[0] not in ("article", "inproceedings", "incollection")):
        return known[0]
    if not venue:
        return "misc"
    return "inproceedings" if _MEETING.search(venue) and not _JOURNAL.search(venue) else "article"


def to_ris(papers: pd.DataFrame) -> str:
    """Return papers as RIS records; a mark in each lets `toolkit.load` read it exactly."""
    return "\n".join(_ris_record(paper) for paper in paper_rows(papers))


def _ris_record(paper: dict[str, Any]) -> str:
    guessed = {"article": "JOUR", "inproceedings": "CONF"}.get(_kind(paper), "UNPB")
    fields = [("TY", _TYPES.get(paper.get("kind") or "", ("", guessed))[1])]
    fields += [(tag, paper[column]) for column, tag in TAGS.items() if paper.get(column)]
    if paper.get("note"):
        fields.append(("N1", paper["note"]))
    for column, tag in LIST_TAGS.items():
        items = _items(paper.get(column) or "")
        fields += [(tag, _ris_name(one) if tag == "AU" else one) for one in items]
    if (when := paper.get("published")) is not None:
        parts = {"day": "%Y/%m/%d/", "month": "%Y/%m//"}
        form = parts.get(str(paper.get("published_precision")), "%Y///")
        fields += [("PY", str(when.year)), ("DA", when.strftime(form))]
    if paper.get("pages"):
        fields += zip(("SP", "EP"), str(paper["pages"]).split("-", 1))
    lines = [f"{tag}  - {one_line(value)}" for tag, value in [*fields, MARK]]
    return "\n".join([*lines, "ER  - \n"])


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_KEY.sub("", bare)[:24]


def _surname(name: str) -> str:
    return name.split(",")[0] if "," in name else (name.split() or [""])[-1]


def _ris_name(name: str) -> str:
    """Return ``Surname, First``; two commas keep a name as it is, as EndNote has it."""
    name = one_line(name)
    first, _, last = name.rpartition(" ")
    inverted = f"{last}, {first}" if first and "," not in name else name
    if person(inverted) == name:
        return inverted
    return name.replace(",", ",,", 1) if "," in name else f"{name},,"


def _items(text: str) -> list[str]:
    return [item for item in (one_line(part) for part in text.split(";")) if item]


def _year(paper: dict[str, Any]) -> str:
    return str(paper["published"].year) if paper.get("published") is not None else ""


def _latex(text: Any) -> str:
    return as_latex(one_line(text))


def _plain(text: Any) -> str:
    """Return a text that LaTeX is not to read, without what would end its field."""
    return one_line(re.sub(r"[{}\\]", " ", str(text)))


def _bib_name(name: str) -> str:
    """Return a name for BibTeX; one with a comma or the word ``and`` is enclosed in braces."""
    text = _latex(name)
    plain = re.search(r"\band\b|\bothers\b|\bet al|,", name, re.IGNORECASE) is None
    return text if plain else f"{{{text}}}"


def _bib_address(text: Any) -> str:
    """Return a DOI or URL for BibTeX: without LaTeX's escapes, but with balanced braces."""
    return one_line(text).translate(_QUOTED)
