"""OpenAlex as it answers: cursors and pages, filters, the allowance of a day."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from fake_apis import SUBJECTS, Api, Refusal, day_of, doi_of, title_of
from toolkit.papers.identifiers import fold_title


def work(number: int) -> dict[str, Any]:
    """Invent a work."""
    words = f"We study {SUBJECTS[number % 6].lower()} with {number} examples.".split()
    return {
        "id": f"https://openalex.org/W{10000 + number}",
        "doi": f"https://doi.org/{doi_of(number)}",
        "title": title_of(number),
        "display_name": title_of(number),
        "relevance_score": 1000.0 - number,
        "publication_year": int(day_of(number)[:4]),
        "publication_date": day_of(number),
        "ids": {
            "openalex": f"https://openalex.org/W{10000 + number}",
            "doi": f"https://doi.org/{doi_of(number)}",
            "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{700 + number}",
        },
        "type": "article",
        "primary_location": {
            "landing_page_url": f"https://doi.org/{doi_of(number)}",
            "source": {"display_name": "Journal of Small Things"},
        },
        "authorships": [
            {
                "author": {"display_name": f"Ada Number{number}"},
                "institutions": [{"display_name": "University of Lund", "country_code": "SE"}],
                "countries": ["SE"],
                "raw_affiliation_strings": [],
            }
        ],
        "cited_by_count": number,
        "keywords": [{"id": "x", "display_name": SUBJECTS[number % 6], "score": 0.5}],
        "referenced_works": [f"https://openalex.org/W{9000 + number}"],
        "abstract_inverted_index": {word: [at] for at, word in enumerate(words)},
    }


class OpenAlex(Api):
    """So many works; a key that is right; what is left of a day's allowance."""

    def __init__(self, works: int = 250, key: str | None = None) -> None:
        super().__init__()
        self.works = [work(number) for number in range(1, works + 1)]
        self.key = key
        #: DOIs that lead to a work which has another one by now.
        self.merged: dict[str, int] = {}

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if self.key and asked.get("api_key") not in (None, self.key):
            raise Refusal(401, {"error": "Unauthorized", "message": "Invalid API key"})
        if one := re.fullmatch(r"/works/(?:doi:)?(.+)", path):
            doi = unquote(one[1])
            number = self.merged.get(doi.lower())
            found = [
                w
                for at, w in enumerate(self.works, start=1)
                if at == number or w["doi"].endswith("/" + doi)
            ]
            if not found:
                raise Refusal(404, "<html><body>Not found</body></html>")
            return found[0]
        found = self.matching(asked)
        size = int(asked.get("per_page", "25"))
        if size > 100:
            raise Refusal(400, {"error": "Invalid", "message": "per_page must be at most 100"})
        cursor = asked.get("cursor")
        if cursor and cursor != "*" and not asked.get("api_key"):
            raise Refusal(401, {"error": "Unauthorized", "message": "cursor needs an API key"})
        start = int(cursor or 0) if cursor != "*" else 0
        if not cursor:
            start = (int(asked.get("page", "1")) - 1) * size
        page = found[start : start + size]
        meta = {"count": len(found), "per_page": size}
        if cursor:
            meta["next_cursor"] = str(start + size) if page else None
        return {"meta": meta, "results": page, "group_by": []}

    def matching(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        words = asked.get("search", "").lower()
        found = [w for w in self.works if words.strip('"') in str(w["title"]).lower()]
        for part in asked.get("filter", "").split(",") if asked.get("filter") else []:
            name, _, value = part.partition(":")
            values = value.lower().split("|")
            if len(values) > 100:
                raise Refusal(400, {"error": "x", "message": "Maximum number of values is 100"})
            if name == "from_publication_date":
                found = [w for w in found if w["publication_date"] >= value]
            elif name == "to_publication_date":
                found = [w for w in found if w["publication_date"] <= value]
            elif name in ("doi", "pmid", "openalex_id"):
                found = [
                    w
                    for w in found
                    if any(
                        str(w["ids"].get(name.removesuffix("_id"))).lower().endswith(f"/{v}")
                        for v in values
                    )
                ]
            elif name == "publication_year":
                first, _, last = value.partition("-")
                found = [w for w in found if first <= str(w["publication_year"]) <= (last or first)]
            elif name == "title.search":
                found = [w for w in found if value in fold_title(str(w["title"]))]
            else:
                raise Refusal(
                    400, {"error": "Invalid filter", "message": f"Unknown filter field: {name}"}
                )
        return found
