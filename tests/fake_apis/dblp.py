"""DBLP as it answers: hits of a search in JSON, publications by key in XML."""

from __future__ import annotations

import re
from typing import Any

from fake_apis import Api, Refusal, day_of, doi_of, title_of


def info(number: int) -> dict[str, Any]:
    """Invent a publication."""
    return {
        "authors": {"author": {"@pid": "1/2", "text": f"Ada Number{number} 0001"}},
        "title": f"{title_of(number)}.",
        "venue": "Small Things",
        "year": day_of(number)[:4],
        "type": "Journal Articles",
        "access": "closed",
        "key": f"journals/small/N{number}",
        "doi": doi_of(number).upper(),
        "ee": f"https://doi.org/{doi_of(number)}",
        "url": f"https://dblp.org/rec/journals/small/N{number}",
    }


class Dblp(Api):
    """So many publications."""

    def __init__(self, publications: int = 1150) -> None:
        super().__init__()
        self.found = [info(number) for number in range(1, publications + 1)]

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if path.startswith("/rec/"):
            key = path.removeprefix("/rec/").removesuffix(".xml")
            for one in self.found:
                if one["key"] == key:
                    return (
                        f'<?xml version="1.0"?>\n<dblp><article key="{key}"><author>'
                        f"{one['authors']['author']['text']}</author><title>{one['title']}</title>"
                        f"<journal>{one['venue']}</journal><year>{one['year']}</year>"
                        f"<ee>{one['ee']}</ee></article></dblp>"
                    )
            raise Refusal(404, "<html><body>404 Not Found</body></html>")
        assert path == "/search/publ/api", path
        query = asked["q"].lower()
        years = re.findall(r"year:(\d{4}):", query)
        words = re.sub(r"\|?year:\d{4}:", "", query).split()
        found = [
            one
            for one in self.found
            if all(word in one["title"].lower() for word in words)
            and (not years or one["year"] in years)
        ]
        size, first = int(asked["h"]), int(asked["f"])
        assert size <= 1000
        page = found[first : first + size]
        hits: dict[str, Any] = {
            "@total": str(len(found)),
            "@computed": str(size),
            "@sent": str(len(page)),
            "@first": str(first),
        }
        if page:
            hits["hit"] = [
                {"@score": "1", "@id": str(at), "info": one, "url": f"URL#{at}"}
                for at, one in enumerate(page)
            ]
        status = {"@code": "200", "text": "OK"}
        return {"result": {"query": query, "status": status, "hits": hits}}
