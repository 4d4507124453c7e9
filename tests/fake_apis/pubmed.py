"""PubMed as it answers: ids by esearch, records in XML by efetch."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from fake_apis import SUBJECTS, Api, Refusal, day_of, doi_of, title_of


def article(number: int) -> str:
    """Invent an article."""
    year, month, day = day_of(number).split("-")
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{700 + number}</PMID>'
        "<Article><Journal><JournalIssue><PubDate>"
        f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></PubDate></JournalIssue>"
        f"<Title>Journal of Small Things</Title></Journal><ArticleTitle>{escape(title_of(number))}."
        f"</ArticleTitle><Abstract><AbstractText>We study {SUBJECTS[number % 6].lower()} in"
        f" {number} people.</AbstractText></Abstract><AuthorList><Author><LastName>Number{number}"
        "</LastName><ForeName>Ada</ForeName><AffiliationInfo><Affiliation>University of Lund, Lund,"
        " Sweden.</Affiliation></AffiliationInfo></Author></AuthorList><Language>eng</Language>"
        "</Article></MedlineCitation><PubmedData><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{700 + number}</ArticleId>'
        f'<ArticleId IdType="doi">{doi_of(number)}</ArticleId></ArticleIdList></PubmedData>'
        "</PubmedArticle>"
    )


class PubMed(Api):
    """So many articles."""

    def __init__(self, articles: int = 450, key: str | None = None) -> None:
        super().__init__()
        self.articles = {700 + number: article(number) for number in range(1, articles + 1)}
        self.key = key

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if self.key and asked.get("api_key") not in (None, self.key):
            raise Refusal(400, {"error": "API key invalid", "api-key": asked["api_key"]})
        assert asked["db"] == "pubmed" and asked["tool"] == "paperscope"
        if path.endswith("/efetch.fcgi"):
            ids = [int(one) for one in asked["id"].split(",")]
            found = "".join(self.articles[one] for one in ids if one in self.articles)
            return f'<?xml version="1.0" ?><PubmedArticleSet>{found}</PubmedArticleSet>'
        assert path.endswith("/esearch.fcgi"), path
        term, result = asked["term"], {}
        if term.count("(") != term.count(")"):
            return {"esearchresult": {"ERROR": "Search Backend failed: unbalanced parentheses"}}
        numbers = [one - 700 for one in self.articles]
        if "[doi]" in term:
            dois = re.findall(r'"([^"]+)"\[doi\]', term)
            numbers = [n for n in numbers if doi_of(n) in dois]
        elif term != "all[sb]":
            words = term.lower().split()
            lost = [
                word for word in words if not any(word in title_of(n).lower() for n in range(7))
            ]
            result["errorlist"] = {"phrasesnotfound": lost, "fieldsnotfound": []}
            words = [word for word in words if word not in lost]
            numbers = [n for n in numbers if words and all(w in title_of(n).lower() for w in words)]
        if "mindate" in asked:
            assert asked["datetype"] == "pdat"
            first, last = (asked[name].replace("/", "-") for name in ("mindate", "maxdate"))
            numbers = [n for n in numbers if first <= day_of(n) <= last]
        size = int(asked["retmax"])
        assert size <= 9999
        ids = [str(700 + n) for n in numbers[:size]]
        return {"esearchresult": {"count": str(len(numbers)), "idlist": ids, **result}}
