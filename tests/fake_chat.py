"""A server on 127.0.0.1 that answers as OpenAI-compatible ones do, their faults included.

`faults` is a list of what comes before the true answers: ``"429"`` (with Retry-After), ``"500"``,
``"503"``, ``"401"``, ``"404"``, ``"400"``, ``"quota"``, ``"302"`` (to another host), ``"cut"``
(JSON that ends in its middle), ``"html"``, ``"shape"`` (JSON of another shape), ``"error"``
(status 200 with an error), ``"headers"`` and ``"body"`` (never-ending, a byte at a time),
``"silent"``, ``"huge"``. `answers` is a list of contents, or a function of the prompt.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from local_server import LocalServer

_ERRORS = {
    "400": "Unsupported parameter: 'max_tokens'",
    "401": "Incorrect API key provided: {key}",
    "404": "model 'llama9' not found",
    "429": "Rate limit reached",
    "500": "overloaded",
    "503": "Loading model",
    "quota": "You exceeded your current quota",
}


class ChatStandIn(LocalServer):
    """The server; use it as a context manager. `requests` has path, headers and body of each."""

    def __init__(self, answers: list[Any] | Callable[[str], Any] = ()) -> None:
        super().__init__()
        self.answers = answers if callable(answers) else list(answers)
        self.faults: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.retry_after = "0"
        self.url += "/v1"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        headers = dict(request.headers)
        self.requests.append({"path": request.path, "headers": headers, "body": body})
        fault = self.faults.pop(0) if self.faults else ""
        if fault in ("headers", "silent", "body"):
            self._never(request, fault)
        elif fault == "302":
            self._send(request, 302, b"", Location="http://elsewhere.example/v1")
        elif fault in _ERRORS:
            key = headers.get("Authorization", "").removeprefix("Bearer ")
            error = {"message": _ERRORS[fault].format(key=key), "code": None}
            if fault == "quota":
                error["code"] = "insufficient_quota"
            code = 429 if fault == "quota" else int(fault)
            more = {"Retry-After": self.retry_after} if fault == "429" else {}
            self._send(request, code, json.dumps({"error": error}).encode(), **more)
        else:
            self._send(request, 200, self._content(fault, body))

    def _content(self, fault: str, body: dict[str, Any]) -> bytes:
        if fault == "html":
            return b"<html>Down for maintenance</html>"
        if fault == "shape":
            return b'{"choices": []}'
        if fault == "error":
            return b'{"error": {"message": "no memory left"}}'
        if fault == "huge":
            return b'"' + b"x" * (5 << 20) + b'"'
        if callable(self.answers):
            content = self.answers(body["messages"][0]["content"])
        else:
            content = self.answers.pop(0)
        choice = {"index": 0, "message": {"role": "assistant", "content": content}}
        whole = json.dumps({"choices": [{**choice, "finish_reason": "stop"}]}).encode()
        return whole[: len(whole) // 2] if fault == "cut" else whole

    def _send(self, request: Any, code: int, body: bytes, **headers: str) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _never(self, request: Any, fault: str) -> None:
        start = {"silent": b"", "headers": b"HTTP/1.1 200 OK\r\nX-Slow: "}
        request.wfile.write(start.get(fault, b"HTTP/1.1 200 OK\r\n\r\n"))
        while not self.stopping.wait(0.02):
            if fault != "silent":
                request.wfile.write(b"x")
        request.close_connection = True
