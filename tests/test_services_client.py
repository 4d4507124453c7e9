"""Deadlines, redirects, keys and waits of the client behind all services."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import httpx
import pytest

from toolkit.errors import DataError, SourceError
from toolkit.services import client, connections
from toolkit.services.client import Service

KEY = "sk-planted/+ü"[:-1] + "93"
DAY = dt.timedelta(days=1)


@contextlib.contextmanager
def raw_server(answer: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve each connection with a function; yields the address and what was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while head := connection.recv(65536):
                asked.append(head)
                answer(connection, head)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        listener.close()


def reply(connection: socket.socket, status: str = "200 OK", body: str = "ok", **headers) -> None:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    length = f"Content-Length: {len(body)}\r\n"
    connection.sendall(f"HTTP/1.1 {status}\r\n{length}{lines}\r\n{body}".encode("latin-1"))


def service(address: str, tmp_path, **more) -> Service:
    return Service(
        "The Archive", address, variable="NO_SUCH", given=None, pause=0.0, cache=tmp_path, **more
    )


def ask(one: Service, path: str = "/works") -> str:
    return one.get(path, {"q": "kites"}, check=str, max_age=DAY)


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.6)
    monkeypatch.setattr(client, "_ATTEMPTS", 2)


def test_headers_that_trickle_meet_the_deadline(tmp_path, impatient) -> None:
    def trickle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(200):
            connection.sendall(f"X-{number}: a\r\n".encode())
            time.sleep(0.3)

    with raw_server(trickle) as (address, asked), service(address, tmp_path) as one:
        started = time.monotonic()
        with pytest.raises(SourceError, match=r"after 2 tries \(no complete answer within 0\.6 s"):
            ask(one)
    assert time.monotonic() - started < 5 and len(asked) == 2


def test_a_kept_connection_meets_the_deadline_too(tmp_path, impatient) -> None:
    def first_well(connection: socket.socket, head: bytes) -> None:
        if b"/first" in head:
            return reply(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"a")
            time.sleep(0.1)

    with raw_server(first_well) as (address, _), service(address, tmp_path) as one:
        assert ask(one, "/first") == "ok"
        started = time.monotonic()
        with pytest.raises(SourceError, match="no complete answer within"):
            ask(one)
    assert time.monotonic() - started < 5


def test_a_body_without_length_that_breaks_off_at_the_deadline_is_no_answer(
    tmp_path, impatient
) -> None:
    def endless(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a")
            time.sleep(0.1)

    with (
        raw_server(endless) as (address, _),
        service(address, tmp_path) as one,
        pytest.raises(SourceError, match="no complete answer within"),
    ):
        ask(one)
    assert not list(tmp_path.rglob("*.json")), "and is not kept"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not a public address"),
        ("http://127.0.0.1:8080/", "127.0.0.1 is not a public address"),
        ("http://[::1]/", "::1 is not a public"),
        ("http://inside.example/", "inside.example is at 10.0.0.7, which is not public"),
        ("file:///etc/passwd", "only http and https"),
        ("http://user:secret@there.example/", "a name or password"),
        ("http://[", "not a URL"),
    ],
)
def test_redirects_lead_to_no_private_address(target, why, tmp_path, monkeypatch) -> None:
    real = socket.getaddrinfo

    def resolver(host, *args, **more):
        return real("10.0.0.7" if host == "inside.example" else host, *args, **more)

    monkeypatch.setattr(connections.socket, "getaddrinfo", resolver)

    def away(connection: socket.socket, head: bytes) -> None:
        reply(connection, "302 Found", "", Location=target)

    with (
        raw_server(away) as (address, asked),
        service(address, tmp_path) as one,
        pytest.raises(SourceError, match="redirects to a bad address") as caught,
    ):
        ask(one)
    assert why in str(caught.value) and len(asked) == 1 and "secret" not in str(caught.value)


def test_a_name_that_answers_otherwise_later_gains_nothing(tmp_path, monkeypatch) -> None:
    """The check before asks a name server, the connection asks again: its address counts."""
    with raw_server(lambda connection, head: reply(connection)) as (inside, asked_inside):
        port = inside.rpartition(":")[2]

        def away(connection: socket.socket, head: bytes) -> None:
            reply(connection, "302 Found", "", Location=f"http://rebind.example:{port}/")

        real, answers = socket.getaddrinfo, iter(["8.8.8.8"])

        def resolver(host, *args, **more):
            if host == "rebind.example":
                host = next(answers, "127.0.0.1")
            return real(host, *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with (
            raw_server(away) as (address, _),
            service(address, tmp_path) as one,
            pytest.raises(SourceError, match=r"rebind\.example is at 127\.0\.0\.1, which is"),
        ):
            ask(one)
    assert asked_inside == []


def test_keys_go_to_the_service_alone_and_stand_nowhere(tmp_path, caplog, capfd) -> None:
    caplog.set_level("DEBUG")
    seen: list[str] = []

    def answer(connection: socket.socket, head: bytes) -> None:
        text = head.decode("latin-1")
        if "/works" in text:
            reply(connection)
        elif "/moved" in text:
            reply(connection, "301 Moved", "", Location="/works?q=1")
        else:
            reply(connection, "403 No", f"no right for {KEY}")

    keys = {"key_params": {"api_key": KEY}, "key_headers": {"Authorization": f"Bearer {KEY}"}}
    with raw_server(answer) as (address, asked), service(address, tmp_path, **keys) as one:
        assert ask(one) == ask(one, "/moved") == "ok"
        with pytest.raises(SourceError, match=r"refused http.*api_key=\[key\] with HTTP") as caught:
            ask(one, "/closed")
        seen += [repr(one), repr(one._keys), repr(caught.value), str(caught.value.__cause__)]
    assert all(KEY.encode() in head for head in asked), "the service hears it"
    assert b"api_key=sk-planted%2F" in asked[0]
    output = capfd.readouterr()
    seen += [caplog.text, output.out, output.err]
    assert "HTTP Request: GET" in caplog.text, "what is logged is looked at"
    for file in tmp_path.rglob("*"):
        seen += [file.name, file.read_text() if file.is_file() else ""]
    for text in seen:
        assert "planted" not in text


def quote_in_small(key: str) -> str:
    return quote(key).replace("%2F", "%2f").replace("%2B", "%2b")


@pytest.mark.parametrize("key", [KEY, 'sk planted "q" 93'])
@pytest.mark.parametrize("write", [str, json.dumps, quote, quote_plus, quote_in_small])
def test_a_key_that_an_answer_repeats_is_neither_cached_nor_returned(key, write, tmp_path) -> None:
    body = f"asked: /works?api_key={write(key)} with a"
    keys = {"key_params": {"api_key": key, "a": "a"}}
    with (
        raw_server(lambda connection, _: reply(connection, body=body)) as (address, _),
        service(address, tmp_path, **keys) as one,
    ):
        answer = ask(one)
    assert "[key]" in answer
    assert answer.endswith(" with a"), "what is too short for a key may be a part of any answer"
    cached = [file.read_text() for file in tmp_path.rglob("*.json")]
    for text in (answer, *cached):
        assert "planted" not in text
    assert len(cached) == 1


@pytest.mark.parametrize("status", ["418 No", "500 Later", "400 Bad"])
def test_what_a_service_says_steers_no_terminal(status, tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.setattr(client, "_ATTEMPTS", 2)
    said = "no \x1b[2J\x1b]0;title\x07\x9b31m to\r\nday"
    with (
        raw_server(lambda connection, _: reply(connection, status, said)) as (address, _),
        service(address, tmp_path) as one,
        pytest.raises((SourceError, DataError), match="day") as caught,
    ):
        ask(one)
    for text in (str(caught.value), capfd.readouterr().err):
        assert not {"\x1b", "\x07", "\x9b"} & set(text)


def test_a_redirect_takes_no_key_along(tmp_path) -> None:
    def away(connection: socket.socket, head: bytes) -> None:
        target = f"https://else.example/?key={KEY.replace('/', '%2F').replace('+', '%2B')}"
        reply(connection, "302 Found", "", Location=target)

    keys = {"key_params": {"api_key": KEY}}
    with (
        raw_server(away) as (address, _),
        service(address, tmp_path, **keys) as one,
        pytest.raises(SourceError, match="the key would go along") as caught,
    ):
        ask(one)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "schlüssel", "two\nlines"])
def test_what_is_no_key_is_refused_and_not_shown(key, tmp_path) -> None:
    with pytest.raises(DataError, match="a key that cannot be sent") as caught:
        service("https://there.example", tmp_path, key_params={"api_key": key})
    assert not key or key not in str(vars(caught.value))


def test_a_wait_is_told_in_one_line(tmp_path, capfd) -> None:
    def busy_once(connection: socket.socket, head: bytes) -> None:
        if len(asked) == 1:
            reply(connection, "429 Too Many", "", Retry_After="1")
        else:
            reply(connection)

    with raw_server(busy_once) as (address, asked), service(address, tmp_path) as one:
        assert ask(one) == "ok"
    said = [line for line in capfd.readouterr().err.splitlines() if line.strip()]
    assert said == ["The Archive: it asked to wait 1 s; asking again in 1 s (try 2 of 6)"]


def test_waits_are_bounded_in_all(tmp_path, monkeypatch, capfd) -> None:
    slept: list[float] = []
    monkeypatch.setattr(client.time, "sleep", slept.append)

    def busy(connection: socket.socket, head: bytes) -> None:
        reply(connection, "503 Busy", "", Retry_After="250")

    with (
        raw_server(busy) as (address, asked),
        service(address, tmp_path) as one,
        pytest.raises(SourceError, match=r"did not answer after 3 tries \(it asked to wait"),
    ):
        ask(one)
    assert slept == [250, 250] and sum(slept) <= client.MAX_WAITS
    assert capfd.readouterr().err.count("asking again in 250 s") == 2


def test_proxies_of_the_environment_may_be_private(tmp_path, monkeypatch) -> None:
    """A proxy is the user's own choice; where it leads is checked by the address alone."""

    def proxy(connection: socket.socket, head: bytes) -> None:
        away = b"GET http://there.example/works" in head
        if away:
            reply(connection, "302 Found", "", Location="http://else.example/x")
        else:
            reply(connection)

    with raw_server(proxy) as (address, asked):
        monkeypatch.setenv("http_proxy", address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with service("http://there.example", tmp_path) as one:
            one.pause = 0.0
            assert ask(one) == "ok"
    assert b"GET http://else.example/x" in asked[1]


def test_logs_of_others_stay_as_they_are(tmp_path, caplog) -> None:
    caplog.set_level("INFO")
    with raw_server(lambda connection, head: reply(connection)) as (address, _):
        with service(address, tmp_path, key_params={"k": KEY}) as one:
            ask(one)
        httpx.get(f"{address}/other?k=mine", trust_env=False)
    assert "other?k=mine" in caplog.text
    assert logging.getLogger("httpx").filters == []
