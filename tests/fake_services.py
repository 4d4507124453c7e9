"""A server on 127.0.0.1 that answers like arXiv and Hugging Face, their faults included.

Papers are invented. `faults` is a list of what to answer before the true answer comes:
``"429"`` (with Retry-After), ``"rate"`` (arXiv's bare text), ``"500"``, ``"cut"`` (the connection
breaks in mid-answer), ``"slow"`` (a byte at a time), ``"301"``, ``"404"``, ``"empty"`` (a page
without entries), ``"html"`` (a notice of maintenance), ``"loop"`` (redirects in a circle).
"""

from __future__ import annotations

import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from local_server import LocalServer

from toolkit.papers.identifiers import fold_title

SUBJECTS = ("Kites", "Lanterns", "Tidal Clocks", "Paper Boats", "Snow Maps", "Copper Bells")


def paper(number: int) -> dict[str, str]:
    """Invent the paper with a number: arXiv id 2401.00001 and so on."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    return {
        "id": f"2401.{number:05}",
        "title": f"Learning {subject} from Scratch, Study {number}",
        "abstract": f"We study {subject.lower()} with {number} examples. The code is not given.",
        "author": f"Ada Number{number}",
        "published": "2024-01-15T10:00:00Z",
    }


class StandIn(LocalServer):
    """The server; use it as a context manager. `requests` lists what was asked."""

    def __init__(self, papers: int = 500) -> None:
        super().__init__()
        self.papers = {one["id"]: one for one in map(paper, range(1, papers + 1))}
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.times: list[float] = []
        self.agents: list[str] = []
        self.retry_after = "0"
        self.delay = 0.0

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests.append(request.path)
        self.times.append(time.monotonic())
        self.agents.append(request.headers["User-Agent"])
        if self.delay:
            time.sleep(self.delay)
        parts = urlsplit(request.path)
        fault = self.faults.pop(0) if self.faults and not parts.path.startswith("/moved") else ""
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/moved")
        if path == "/api/query":
            body, kind = self.feed(asked, empty=fault == "empty"), "application/atom+xml"
        elif path == "/api/daily_papers":
            body, kind = self.daily(asked), "application/json"
        else:
            fault, body, kind = "404", "", "text/plain"
        self._send(request, fault, body.encode(), kind)

    def feed(self, asked: dict[str, str], *, empty: bool = False) -> str:
        """Answer as arXiv's API does."""
        size, start = int(asked.get("max_results", "10")), int(asked.get("start", "0"))
        if "id_list" in asked:
            ids = asked["id_list"].split(",")
            bad = next((one for one in ids if not re.fullmatch(r"[\w./-]*\d{4,}", one)), None)
            if bad is not None:
                return _feed(1, _error(f"incorrect id format for {bad}"))
            found = [self.papers[one] for one in ids if one in self.papers]
            return _feed(len(found), "".join(map(_entry, found[start : start + size])))
        query = asked.get("search_query", "")
        if "bad" in query and "syntax" in query:
            return _feed(1, _error("malformed query"))
        titles = [fold_title(title) for title in re.findall(r'ti:"([^"]*)"', query)]
        found = [
            one
            for one in self.papers.values()
            if not titles or any(title in fold_title(one["title"]) for title in titles)
        ]
        entries = "" if empty else "".join(map(_entry, found[start : start + size]))
        return _feed(len(found), entries)

    def daily(self, asked: dict[str, str]) -> str:
        """Answer as Hugging Face's API does: three papers on weekdays."""
        date = asked["date"]
        day = int(date[-2:])
        if time.strptime(date, "%Y-%m-%d").tm_wday >= 5:
            return "[]"
        return json.dumps([_daily(paper(3 * day + at), date) for at in range(3)])

    def _send(self, request: Any, fault: str, body: bytes, kind: str) -> None:
        codes = {"429": 429, "500": 500, "503": 503, "404": 404, "403": 403}
        if fault in ("301", "loop"):
            request.send_response(301)
            target = request.path if fault == "loop" else f"/moved{request.path}"
            if fault == "loop":
                self.faults.insert(0, "loop")
            request.send_header("Location", target)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        if fault == "rate":
            body, kind = b"Rate exceeded.", "text/plain"
        elif fault == "html":
            body, kind = b"<html><body>Down for maintenance</body></html>", "text/html"
        elif fault in codes:
            body = b"no"
        request.send_response(codes.get(fault, 200))
        if fault in ("429", "503"):
            request.send_header("Retry-After", self.retry_after)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if fault == "cut":
            request.wfile.write(body[: len(body) // 2])
            request.wfile.flush()
            request.close_connection = True
            request.connection.close()
        elif fault == "slow":
            self._trickle(request, body)
        else:
            try:
                request.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                request.close_connection = True

    def _trickle(self, request: Any, body: bytes) -> None:
        try:
            for at in range(len(body)):
                if self.stopping.wait(0.05):
                    break
                request.wfile.write(body[at : at + 1])
                request.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass
        request.close_connection = True


def _feed(total: int, entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        '<title type="html">ArXiv Query</title>'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>{entries}</feed>"
    )


def _entry(one: dict[str, str]) -> str:
    title = escape(one["title"]).replace(" from", "\n  from")
    return (
        f"<entry><id>http://arxiv.org/abs/{one['id']}v2</id>"
        f"<published>{one['published']}</published><title>{title}</title>"
        f"<summary>  {escape(one['abstract'])}\n</summary>"
        f"<author><name>{escape(one['author'])}</name></author>"
        '<category term="cs.DL" scheme="http://arxiv.org/schemas/atom"/></entry>'
    )


def _error(words: str) -> str:
    return (
        "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>"
        f"<summary>{escape(words)}</summary></entry>"
    )


def _daily(one: dict[str, str], date: str) -> dict[str, Any]:
    return {
        "paper": {
            "id": one["id"],
            "title": one["title"],
            "summary": one["abstract"],
            "authors": [{"name": one["author"], "hidden": False}],
            "publishedAt": one["published"],
            "submittedOnDailyAt": f"{date}T03:00:00.000Z",
            "upvotes": 7,
            "githubRepo": "https://github.com/example/kites",
        },
        "title": one["title"],
    }
