"""Servers on 127.0.0.1 that answer as the services of papers do, their faults included.

`Api` is the server; a module a service says what it answers. Papers are invented. `faults` is a
list of what to answer before the true answer comes: an HTTP status (``"429"``), ``"cut"`` (the
connection breaks in mid-answer), ``"half"`` (an answer of half the JSON), ``"html"`` (a notice of
maintenance), ``"empty"``, ``"trickle"`` (a header now and then), ``"away"`` (a redirect to a
private address), ``""`` (none).
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local_server import LocalServer

HTML = b"<!DOCTYPE html><html><head><title>x</title></head><body>Down for maintenance</body></html>"


class Refusal(Exception):
    """An answer with another status than 200."""

    def __init__(self, status: int, body: Any, **headers: str) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


class Api(LocalServer):
    """The server; a context manager. `asked` lists path, parameters and body of each request."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.headers: list[Any] = []
        self.times: list[float] = []
        self.faults: list[str] = []
        self.retry_after: str | None = "0"
        self.delay = 0.0

    def reply(self, path: str, asked: dict[str, str], body: Any) -> Any:
        """Return the answer to a request: text, or a value that becomes JSON."""
        raise NotImplementedError

    def answer(self, request: Any) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length)) if length else None
        parts = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((parts.path, asked, body))
        self.headers.append(request.headers)
        self.times.append(time.monotonic())
        time.sleep(self.delay)
        fault = self.faults.pop(0) if self.faults else ""
        status, headers, kind = 200, {}, "application/json"
        try:
            if fault.isdigit():
                more = {} if self.retry_after is None else {"Retry-After": self.retry_after}
                raise Refusal(int(fault), {"message": f"fault {fault}"}, **more)
            answer = self.reply(parts.path, asked, body)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
            headers = {name.replace("_", "-"): value for name, value in refusal.headers.items()}
        if isinstance(answer, str) and answer.startswith("<"):
            kind = "text/xml"
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        if fault in ("html", "empty", "half"):
            data = {"html": HTML, "empty": b"", "half": data[: len(data) // 2]}[fault]
        if fault == "away":
            status, headers, data = 302, {"Location": "http://10.0.0.7/works"}, b""
        self._send(request, status, {"Content-Type": kind, **headers}, data, fault)

    def _send(self, request: Any, status: int, headers: Any, data: bytes, fault: str) -> None:
        try:
            if fault == "trickle":
                request.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not self.stopping.wait(0.1):
                    request.wfile.write(b"X-More: a\r\n")
            request.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(data[: len(data) // 2] if fault == "cut" else data)
            request.wfile.flush()
            if fault == "cut":
                request.close_connection = True
                request.connection.close()
        except (BrokenPipeError, ConnectionResetError):
            request.close_connection = True


SUBJECTS = ("Kites", "Lanterns", "Tidal Clocks", "Paper Boats", "Snow Maps", "Copper Bells")


def title_of(number: int) -> str:
    """Invent the title of the paper with a number."""
    return f"Learning {SUBJECTS[number % len(SUBJECTS)]} from Scratch, Study {number}"


def doi_of(number: int) -> str:
    """Invent its DOI."""
    return f"10.5555/study.{number}"


def day_of(number: int) -> str:
    """Invent its date: one a week from 2020 on, then over again."""
    week = number % 200
    return f"{2020 + week // 50}-{1 + week % 50 // 5:02}-{1 + 5 * (week % 5):02}"
