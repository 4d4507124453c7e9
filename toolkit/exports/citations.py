"""Papers as BibTeX and RIS, for reference managers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

import pandas as pd
import rispy

from toolkit.exports.escaping import one_line, paper_rows
from toolkit.papers.identifiers import fold_title

#: Characters with a meaning in LaTeX, and how to write them literally.
_LATEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces even where they are escaped, so these are written without.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
#: BibTeX fields of running text; `annote` is the reader's own note (the Explorer's basket).
_BIB_TEXT = (("note", "comments"), ("annote", "note"), ("abstract", "abstract"))
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
#: A key that LaTeX can cite.
_KEY = re.compile(r"[^\s,{}()\\%#~\"'=]+")
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
    own = {paper_id: key for paper_id, (_, key) in _cited_as(papers).items()}
    keys, taken = [], set(own.values())
    for paper in paper_rows(papers):
        key = own.get(paper["paper_id"])
        if key is None:
            key = _made_key(paper, taken)
            taken.add(key)
        keys.append(key)
    return keys


def _cited_as(papers: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return type and key of papers from BibTeX files; a key used twice is the first paper's."""
    found: dict[str, tuple[str, str]] = {}
    taken = set()
    for paper in paper_rows(papers) if "bibtex_key" in papers else ():
        key = str(paper["bibtex_key"] or "")
        if _KEY.fullmatch(key) and key not in taken:
            found[paper["paper_id"]] = str(paper.get("bibtex_type") or ""), key
            taken.add(key)
    return found


def _made_key(paper: dict[str, Any], taken: set[str]) -> str:
    words = [w for w in fold_title(paper["title"]).split() if w not in _NO_CONTENT]
    words = [w for word in words if (w := _ascii(word))]
    author = _ascii(_surname((paper.get("authors") or "").split(";")[0]))
    stem = author or (words.pop(0) if words else "paper")
    digest = hashlib.sha256(paper["paper_id"].encode()).hexdigest()
    start = f"{stem}{_year(paper)}{words[0] if words else ''}"
    start = start if start[:1].isalpha() else f"p{start}"
    # More than four digits are needed only where two papers would have one key.
    return next(key for n in range(4, 65) if (key := f"{start}_{digest[:n]}") not in taken)


def to_bibtex(papers: pd.DataFrame) -> str:
    """Return papers as BibTeX entries."""
    entries = []
    cited_as = _cited_as(papers)
    for key, paper in zip(citation_keys(papers), paper_rows(papers)):
        kind = cited_as.get(paper["paper_id"], ("",))[0]
        kind = kind if kind in _VENUE_FIELD else _kind(paper)
        fields: dict[str, str] = {"title": "{" + _latex(paper["title"]) + "}"}
        if paper.get("authors"):
            names = [name.strip() for name in paper["authors"].split(";") if name.strip()]
            fields["author"] = " and ".join(_bib_name(name) for name in names)
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
        if paper.get("categories"):
            fields["keywords"] = _latex(", ".join(paper["categories"].split()))
        if paper["paper_id"].startswith("arxiv:"):
            fields["eprint"] = paper["paper_id"].removeprefix("arxiv:")
            fields["archiveprefix"] = "arXiv"
            if paper.get("categories"):
                fields["primaryclass"] = _latex(paper["categories"].split()[0])
        for name in ("doi", "url"):
            if paper.get(name):
                fields[name] = _bib_address(paper[name])
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@{kind}{{{key},\n{lines}\n}}\n")
    return "\n".join(entries)


def _kind(paper: dict[str, Any]) -> str:
    """Return the type of entry that the name of the venue suggests."""
    venue = paper.get("venue")
    if not venue:
        return "misc"
    return "inproceedings" if _MEETING.search(venue) and not _JOURNAL.search(venue) else "article"


def to_ris(papers: pd.DataFrame) -> str:
    """Return papers as RIS records."""
    entries = []
    for paper in paper_rows(papers):
        kind = {"article": "JOUR", "inproceedings": "CONF"}.get(_kind(paper), "UNPB")
        entry: dict[str, Any] = {
            "type_of_reference": kind,
            "id": paper["paper_id"],
            "title": one_line(paper["title"]),
        }
        if paper.get("authors"):
            names = (one_line(name) for name in paper["authors"].split(";"))
            entry["authors"] = [_inverted(name) for name in names if name]
        if (when := paper.get("published")) is not None:
            entry["year"] = str(when.year)
            parts = {"day": "%Y/%m/%d/", "month": "%Y/%m//"}
            entry["date"] = when.strftime(parts.get(str(paper.get("published_precision")), "%Y///"))
        venue = "secondary_title" if kind == "CONF" else "journal_name"
        pairs = {"abstract": "abstract", "venue": venue, "doi": "doi"}
        entry |= {ours: one_line(paper[name]) for name, ours in pairs.items() if paper.get(name)}
        notes = [one_line(paper[name]) for name in ("comments", "note") if paper.get(name)]
        entry |= {"notes": notes} if notes else {}
        if paper.get("categories"):
            entry["keywords"] = paper["categories"].split()
        if paper.get("url"):
            entry["urls"] = [one_line(paper["url"])]
        entries.append(entry)
    return str(rispy.dumps(entries)) if entries else ""


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", bare)[:24]


def _surname(name: str) -> str:
    return name.split(",")[0] if "," in name else (name.split() or [""])[-1]


def _inverted(name: str) -> str:
    """Return ``Surname, First`` for RIS; a single name is not changed."""
    if "," in name or " " not in name:
        return name
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def _year(paper: dict[str, Any]) -> str:
    return str(paper["published"].year) if paper.get("published") is not None else ""


def _latex(text: Any) -> str:
    return "".join(_LATEX.get(c, c) for c in one_line(text))


def _bib_name(name: str) -> str:
    """Return a name for BibTeX; one with the word ``and`` is enclosed in braces."""
    text = _latex(name)
    return f"{{{text}}}" if re.search(r"\band\b|\bothers\b", name, re.IGNORECASE) else text


def _bib_address(text: Any) -> str:
    """Return a DOI or URL for BibTeX: without LaTeX's escapes, but with balanced braces."""
    quoted = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22"}
    return "".join(quoted.get(c, c) for c in one_line(text).replace(" ", "%20"))
