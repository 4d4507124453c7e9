"""arXiv as it answers: feeds, an entry called Error, "Rate exceeded."; dates in the query."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from fake_apis import SUBJECTS, Api, day_of, title_of


def entry(number: int) -> str:
    """Invent a paper."""
    return (
        f"<entry><id>http://arxiv.org/abs/2401.{number:05}v2</id>"
        f"<published>{day_of(number)}T10:00:00Z</published><title>{title_of(number)}</title>"
        f"<summary>We study {SUBJECTS[number % 6].lower()}.</summary>"
        f"<author><name>Ada Number{number}</name></author>"
        '<category term="cs.DL" scheme="http://arxiv.org/schemas/atom"/></entry>'
    )


class Arxiv(Api):
    """So many papers."""

    def __init__(self, papers: int = 450) -> None:
        super().__init__()
        self.numbers = list(range(1, papers + 1))

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        assert path == "/api/query"
        start, size = int(asked.get("start", "0")), int(asked["max_results"])
        found = self.numbers
        if "id_list" in asked:
            wanted = [int(one.partition(".")[2]) for one in asked["id_list"].split(",")]
            found = [number for number in wanted if number in self.numbers]
        else:
            query = asked["search_query"]
            if query.count("(") != query.count(")"):
                return _feed(1, _error("malformed query"))
            words = [word.lower() for word in re.findall(r"all:(\w+)", query)]
            found = [n for n in found if all(word in title_of(n).lower() for word in words)]
            if span := re.search(r"submittedDate:\[(\d{8})0000 TO (\d{8})2359\]", query):
                found = [n for n in found if span[1] <= day_of(n).replace("-", "") <= span[2]]
        return _feed(len(found), "".join(map(entry, found[start : start + size])))


def _feed(total: int, entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>{entries}</feed>"
    )


def _error(words: str) -> str:
    return (
        "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>"
        f"<summary>{escape(words)}</summary></entry>"
    )
