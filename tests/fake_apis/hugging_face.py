"""Hugging Face as it answers: papers of a day, by words, by arXiv id."""

from __future__ import annotations

import time
from typing import Any

from fake_apis import SUBJECTS, Api, Refusal, day_of, title_of


def paper(number: int) -> dict[str, Any]:
    """Invent a paper."""
    return {
        "id": f"2401.{number:05}",
        "title": title_of(number),
        "summary": f"We study {SUBJECTS[number % 6].lower()} with {number} examples.",
        "authors": [{"name": f"Ada Number{number}", "hidden": False}],
        "publishedAt": f"{day_of(number)}T10:00:00.000Z",
        "upvotes": number,
        "githubRepo": f"https://github.com/example/study-{number}",
    }


class HuggingFace(Api):
    """So many papers; three are listed on each weekday."""

    def __init__(self, papers: int = 250) -> None:
        super().__init__()
        self.papers = [paper(number) for number in range(1, papers + 1)]

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        if path == "/api/papers/search":
            words = asked["q"].lower()
            found = [p for p in self.papers if words in str(p["title"]).lower()]
            return [{"paper": one} for one in found[: int(asked.get("limit", "50"))]]
        if path == "/api/daily_papers":
            date = asked["date"]
            if time.strptime(date, "%Y-%m-%d").tm_wday >= 5:
                return []
            start = 3 * int(date[-2:])
            return [
                {"paper": {**one, "submittedOnDailyAt": f"{date}T03:00:00.000Z"}}
                for one in self.papers[start : start + 3]
            ]
        for one in self.papers:
            if path == f"/api/papers/{one['id']}":
                return one
        raise Refusal(404, {"error": "Paper not found"})
