"""PubMed's XML: articles and chapters of books."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from toolkit.formats.fields import NO_TITLE, date_of, full_name, loose_date
from toolkit.formats.kinds import kind_of
from toolkit.formats.xml.pieces import all_texts, first_text, inner_text

#: PubMed's headings of sections that say nothing.
_NO_LABELS = frozenset(["UNLABELLED", "UNASSIGNED", "ABSTRACT"])


def read_article(piece: ET.Element) -> dict[str, Any]:
    """Return the record of a ``PubmedArticle`` or a ``PubmedBookArticle``."""
    if piece.tag == "PubmedBookArticle":
        return _book(piece)
    citation = piece if piece.tag == "MedlineCitation" else piece.find("MedlineCitation")
    citation = citation if citation is not None else piece
    article = citation.find("Article")
    article = article if article is not None else citation
    pmid = first_text(citation, "PMID")
    names = ("ArticleTitle", "VernacularTitle")
    titles = [_unbracketed(first_text(article, name)) for name in names]
    return {
        "title": next((title for title in titles if title and title != NO_TITLE), None),
        "abstract": _abstract(article) or _abstract(citation, "OtherAbstract"),
        "authors": _authors(article.findall("AuthorList/Author")),
        "affiliations": all_texts(
            article,
            "AuthorList/Author/AffiliationInfo/Affiliation",
            "AuthorList/Author/Affiliation",
            "Affiliation",
        ),
        "keywords": [
            *all_texts(citation, "KeywordList/Keyword"),
            *all_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        ],
        "published": _published(article, piece),
        "venue": first_text(article, "Journal/Title", "Journal/ISOAbbreviation", "Book/BookTitle")
        or first_text(citation, "MedlineJournalInfo/MedlineTA"),
        "kind": kind_of("; ".join(all_texts(article, "PublicationTypeList/PublicationType"))),
        "doi": _doi(article, piece),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        "references": _references(piece),
        "pmid": pmid,
        "pmcid": _article_id(piece, "pmc"),
        "language": "; ".join(all_texts(article, "Language")),
    }


def _book(piece: ET.Element) -> dict[str, Any]:
    book = piece.find("BookDocument")
    book = book if book is not None else piece
    chapter = first_text(book, "ArticleTitle")
    title = first_text(book, "Book/BookTitle")
    pmid = first_text(book, "PMID")
    return {
        "title": _unbracketed(chapter or title),
        "abstract": _abstract(book),
        "authors": _authors(book.findall("AuthorList/Author"))
        or _authors(book.findall("Book/AuthorList/Author")),
        "affiliations": all_texts(book, ".//AffiliationInfo/Affiliation"),
        "keywords": all_texts(book, "KeywordList/Keyword"),
        "published": _date(book.find("ContributionDate")) or _date(book.find("Book/PubDate")),
        "venue": title if chapter else first_text(book, "Book/Publisher/PublisherName"),
        "kind": "chapter" if chapter else "book",
        "doi": _article_id(book, "doi") or first_text(book, "ELocationID[@EIdType='doi']"),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        "pmid": pmid,
    }


def _unbracketed(title: str | None) -> str | None:
    """Return a title without the brackets of a translation and the full stop PubMed sets."""
    if not title:
        return None
    bare = title.strip()
    if bare.startswith("[") and bare.rstrip(".").endswith("]"):
        bare = bare.rstrip(".")[1:-1].strip()
    return bare[:-1] if bare.endswith(".") and not bare.endswith("..") else bare


def _abstract(article: ET.Element, name: str = "Abstract") -> str | None:
    parts = []
    found = article.find(name)
    for section in found.findall("AbstractText") if found is not None else ():
        words = inner_text(section)
        label = (section.get("Label") or "").strip()
        if words and label and label.upper() not in _NO_LABELS:
            words = f"{label.rstrip(':')}: {words}"
        parts.append(words)
    return " ".join(part for part in parts if part) or None


def _authors(authors: list[ET.Element]) -> str:
    found = []
    for author in authors:
        given = first_text(author, "ForeName", "FirstName", "Initials")
        name = full_name(given, first_text(author, "LastName"), first_text(author, "Suffix"))
        found.append(name or first_text(author, "CollectiveName") or "")
    return "; ".join(name.replace(";", ",") for name in found if name)


def _published(article: ET.Element, piece: ET.Element) -> str | None:
    """Return the date of the issue, or that of the article online where it is of the same year."""
    issue = _date(article.find("Journal/JournalIssue/PubDate"))
    online = _date(article.find("ArticleDate"))
    if issue is None or (online and online[:4] == issue[:4] and len(issue) < 7):
        issue = online or issue
    if issue is None:
        history = piece.find("PubmedData/History/PubMedPubDate[@PubStatus='pubmed']")
        issue = _date(history)
    return issue


def _date(element: ET.Element | None) -> str | None:
    if element is None:
        return None
    year = first_text(element, "Year")
    if year:
        month = first_text(element, "Month")
        return date_of(year, month, first_text(element, "Day") if month else None)
    return loose_date(first_text(element, "MedlineDate"))


def _doi(article: ET.Element, piece: ET.Element) -> str | None:
    return first_text(article, "ELocationID[@EIdType='doi']") or _article_id(piece, "doi")


def _article_id(piece: ET.Element, kind: str) -> str | None:
    return first_text(
        piece,
        f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']",
        f"ArticleIdList/ArticleId[@IdType='{kind}']",
    )


def _references(piece: ET.Element) -> list[str]:
    """Return the references, each with its id where it has one."""
    found = []
    for reference in piece.iterfind("PubmedData/ReferenceList//Reference"):
        words = first_text(reference, "Citation")
        ids = {one.get("IdType"): inner_text(one) for one in reference.iter("ArticleId")}
        said = [f"doi:{ids['doi']}"] if ids.get("doi") else []
        said += [f"pmid:{ids['pubmed']}"] if ids.get("pubmed") else []
        found.append(" ".join(filter(None, [words, *said])))
    return list(filter(None, found))
