"""Crossref as it answers: cursors that expire, filters of dates and DOIs."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from fake_apis import SUBJECTS, Api, Refusal, day_of, doi_of, title_of
from toolkit.papers.identifiers import fold_title


def work(number: int) -> dict[str, Any]:
    """Invent a work."""
    parts = [int(part) for part in day_of(number).split("-")]
    return {
        "DOI": doi_of(number),
        "title": [title_of(number)],
        "abstract": f"<jats:p>We study {SUBJECTS[number % 6].lower()} here.</jats:p>",
        "author": [
            {
                "given": "Ada",
                "family": f"Number{number}",
                "sequence": "first",
                "affiliation": [{"name": "University of Lund, Lund, Sweden"}],
            }
        ],
        "container-title": ["Journal of Small Things"],
        "publisher": "Small Press",
        "type": "journal-article",
        "published": {"date-parts": [parts]},
        "issued": {"date-parts": [parts]},
        "URL": f"https://doi.org/{doi_of(number)}",
        "is-referenced-by-count": number,
        "reference-count": 1,
        "references-count": 1,
        "reference": [{"key": "1", "DOI": "10.5555/old.1", "doi-asserted-by": "crossref"}],
        "member": "1",
        "prefix": "10.5555",
        "score": 10.0,
        "source": "Crossref",
    }


class Crossref(Api):
    """So many works; `stale` cursors have expired."""

    def __init__(self, works: int = 450) -> None:
        super().__init__()
        self.works = [work(number) for number in range(1, works + 1)]
        self.stale: set[str] = set()

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if path.startswith("/works/"):
            doi = unquote(path.removeprefix("/works/"))
            found = [w for w in self.works if w["DOI"] == doi]
            if not found:
                raise Refusal(404, "Resource not found.")
            return {"status": "ok", "message-type": "work", "message": found[0]}
        assert path == "/works", path
        found = [w for w in self.works if asked.get("query", "").lower() in str(w["title"]).lower()]
        if "query.bibliographic" in asked:
            found = [w for w in found if fold_title(w["title"][0]) == asked["query.bibliographic"]]
            assert asked["query.author"].startswith("number")
        dois = []
        for part in filter(None, asked.get("filter", "").split(",")):
            name, _, value = part.partition(":")
            day = [w for w in found if name.endswith("pub-date")]
            if name == "doi":
                dois.append(value)
            elif name == "from-pub-date":
                found = [w for w in day if _day(w) >= value]
            elif name == "until-pub-date":
                found = [w for w in day if _day(w) <= value]
            else:
                raise _failure(name, f"Filter {name} specified but there is no such filter")
        if dois:
            found = [w for w in found if w["DOI"] in dois]
        rows, cursor = int(asked.get("rows", "20")), asked.get("cursor")
        if cursor in self.stale:
            raise _failure(cursor, "Cursor specified but it is invalid")
        start = 0 if cursor in (None, "*") else int(cursor.removeprefix("C"))
        return {
            "status": "ok",
            "message-type": "work-list",
            "message": {
                "total-results": len(found),
                "items": found[start : start + rows],
                "items-per-page": rows,
                "next-cursor": f"C{start + rows}",
            },
        }


def _day(one: dict[str, Any]) -> str:
    return "-".join(f"{part:02}" for part in one["published"]["date-parts"][0])


def _failure(value: str, words: str) -> Refusal:
    said = [{"type": "parameter-not-allowed", "value": value, "message": words}]
    return Refusal(400, {"status": "failed", "message-type": "validation-failure", "message": said})
