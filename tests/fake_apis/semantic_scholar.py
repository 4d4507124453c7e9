"""Semantic Scholar as it answers: the bulk search by token, papers by ids in one POST."""

from __future__ import annotations

from typing import Any

from fake_apis import SUBJECTS, Api, Refusal, day_of, doi_of, title_of
from toolkit.papers.identifiers import fold_title

PAGE = 100
_COLUMNS = {
    "DOI": "DOI",
    "PMID": "PubMed",
    "ARXIV": "ArXiv",
    "CorpusId": "CorpusId",
    "PMCID": "PubMedCentral",
}


def paper(number: int) -> dict[str, Any]:
    """Invent a paper."""
    return {
        "paperId": f"{number:040x}",
        "corpusId": 5000 + number,
        "externalIds": {
            "DOI": doi_of(number).upper(),
            "CorpusId": 5000 + number,
            "PubMed": str(700 + number),
        },
        "url": f"https://www.semanticscholar.org/paper/{number:040x}",
        "title": title_of(number),
        "abstract": f"We study {SUBJECTS[number % 6].lower()} with {number} examples.",
        "venue": "Small Things",
        "publicationVenue": {"id": "x", "name": "Journal of Small Things", "type": "journal"},
        "year": int(day_of(number)[:4]),
        "publicationDate": day_of(number),
        "publicationTypes": ["JournalArticle"],
        "citationCount": number,
        "openAccessPdf": None,
        "s2FieldsOfStudy": [{"category": "Physics", "source": "external"}],
        "authors": [{"authorId": "1", "name": f"Ada Number{number}"}],
        "journal": {"name": "Small Things", "volume": "3"},
    }


class SemanticScholar(Api):
    """So many papers; `stale` tokens are no longer known."""

    def __init__(self, papers: int = 250, key: str | None = None) -> None:
        super().__init__()
        self.papers = [paper(number) for number in range(1, papers + 1)]
        self.key, self.stale = key, set()

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if self.key and self.headers[-1].get("x-api-key") not in (None, self.key):
            raise Refusal(403, {"message": "Forbidden"})
        if path == "/graph/v1/paper/batch":
            if len(body["ids"]) > 500:
                raise Refusal(400, {"error": "Too many ids"})
            found = [self.by_id(one) for one in body["ids"]]
            if not any(found):
                raise Refusal(400, {"error": "No valid paper ids given"})
            return found
        if path == "/graph/v1/paper/search/match":
            near = [p for p in self.papers if fold_title(p["title"]) == asked["query"]]
            if not near:
                raise Refusal(404, {"error": "Title match not found"})
            return {"data": [{**near[0], "matchScore": 174.2}]}
        assert path == "/graph/v1/paper/search/bulk", path
        if asked["query"].count("(") != asked["query"].count(")"):
            raise Refusal(400, {"error": "Unbalanced parenthesis in query"})
        found = [p for p in self.papers if asked["query"].lower() in str(p["title"]).lower()]
        if span := asked.get("publicationDateOrYear"):
            first, _, last = span.partition(":")
            found = [p for p in found if first <= p["publicationDate"] <= (last or "9")]
        token = asked.get("token", "")
        if token in self.stale:
            raise Refusal(400, {"error": "Invalid or expired token"})
        start = int(token[1:] or 0) if token else 0
        page = found[start : start + PAGE]
        more = start + PAGE < len(found)
        return {"total": len(found), "token": f"T{start + PAGE}" if more else None, "data": page}

    def by_id(self, asked: str) -> Any:
        kind, _, value = asked.rpartition(":")
        for one in self.papers:
            ids = {name: str(value).lower() for name, value in one["externalIds"].items()}
            if (one["paperId"] == asked) or (kind and ids.get(_COLUMNS[kind], "") == value.lower()):
                return one
        return None
