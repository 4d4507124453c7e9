"""What a link check refuses to connect to, and what a kill leaves of the log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from itertools import cycle
from pathlib import Path

import httpx
import pandas as pd
import pytest
from fake_hosts import LinkServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.linkcheck import LinkLog, read_log
from toolkit.linkcheck.addresses import is_public
from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.probe import RESOLVES, check_one
from toolkit.linkcheck.rate_limits import Answer
from toolkit.linkcheck.safety import (
    GuardedTransport,
    NoSuchHostError,
    RefusedError,
    checked_url,
    resolve,
    without_password,
)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("gopher://x.org/_", "only http and https"),
        ("http://127.0.0.1/", "127.0.0.1 is not a public"),
        ("http://2130706433/", "127.0.0.1 is not a public"),
        ("http://0x7f.1/", "127.0.0.1 is not a public"),
        ("http://0177.0.0.1/", "127.0.0.1 is not a public"),
        ("http://127.1/", "127.0.0.1 is not a public"),
        ("http://１２７.0.0.1/", "127.0.0.1 is not a public"),
        ("http://[::1]/", "::1 is not a public"),
        ("http://[::ffff:169.254.169.254]/", "is not a public"),
        ("http://[64:ff9b::10.0.0.1]/", "is not a public"),
        ("http://[2002:7f00:1::]/", "is not a public"),
        ("http://100.64.0.1/", "is not a public"),
        ("http://224.0.0.1/", "is not a public"),
        ("http://0.0.0.0/", "is not a public"),
        ("http://0/", "0.0.0.0 is not a public"),
        ("http://3232235521/", "192.168.0.1 is not a public"),
        ("http://0xC0A80001/", "192.168.0.1 is not a public"),
        ("http://0300.0250.0.1/", "192.168.0.1 is not a public"),
        ("http://127。0。0。1/", "127.0.0.1 is not a public"),
        ("http://①②⑦.0.0.1/", "127.0.0.1 is not a public"),
        ("http://[fe80::1%25eth0]/", "a host name that cannot exist"),
        ("http://[::1%1]/", "a host name that cannot exist"),
        ("http://127%2e0%2e0%2e1.example/", "a host name that cannot exist"),
        ("http://x.org%2f.example/", "a host name that cannot exist"),
        ("http://x℀.org/", "not a URL"),
        ("http://@x.org/", "a name or password"),
        ("http://x.org\\@y.org/", "a name or password"),
        ("http://localhost/", "no public host name"),
        ("https:///path", "no public host name"),
        ("https://me:pw@x.org/", "a name or password"),
        ("https://x.org:22/", "port 22 is not a web port"),
        ("https://x.org:99999/", "not a URL"),
        ("https://x .org/", "blanks or control characters"),
        ("https://x.org/\r\nHost: y", "blanks or control characters"),
        ("https://x<b>.org/", "a host name that cannot exist"),
        ("https://x..org/", "a host name that cannot exist"),
        ("https://x.org/" + "a" * 3000, "longer than 2048"),
    ],
)
def test_refused(url: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        checked_url(url)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("github.com/lantern/oak", "https://github.com/lantern/oak"),
        ("HTTP://Example.ORG./a?b#c", "http://example.org/a?b"),
        ("https://x.org:8443/", "https://x.org:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),  # as browsers do, not fass.example
        ("https://Ⓖithub.com/x", "https://github.com/x"),
        ("https://x.org#@y.org/", "https://x.org/"),
        ("https://[2606:2800:220:1::1]/a", "https://[2606:2800:220:1::1]/a"),
        ("https://deadbeef.com", "https://deadbeef.com/"),
    ],
)
def test_sent(url: str, sent: str) -> None:
    assert checked_url(url) == sent
    assert checked_url(sent) == sent


#: By hand from IANA's registries: the last address before each network, its ends, the first after.
PUBLIC = """
    1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.1.255
    192.0.3.0 192.31.196.1 192.52.193.1 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0
    192.175.48.1 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
    223.255.255.255 8.8.8.8 2606:2800:220:1::1 ::ffff:8.8.8.8 ::ffff:808:808 64:ff9b::8.8.8.8
    64:ff9b::808:808 2002:808:808::1 2000:: 2001:200:: 2001:db7:ffff::1 2001:db9:: 2003::
    2620:4f:8000::1 3ffe:ffff:: 3fff:1000:: 3fff:ffff::
""".split()
NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.8 192.0.0.9 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1
    198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::8.8.8.8 ::127.0.0.1
    ::ffff:127.0.0.1 ::ffff:100.64.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
    64:ff9b:1::808:808 64:ff9b:1:7f00:0:100:: 2002:7f00:1:: 2002:a9fe:a9fe:: 2001:0:808:808::1
    2001:db8::1 2001:2::1 3fff::1 100::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1
    ff02::1 ff0e::1
    0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 127.255.255.255 169.254.0.0 169.254.255.255
    172.16.0.0 192.0.0.0 192.0.0.10 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255
    192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255
    224.0.0.0 239.255.255.255 255.255.255.254 1fff:ffff:: 4000:: 5f00:: 2001:: 2001:1::1 2001:1::3
    2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff:: 2001:db8::
    2001:db8:ffff::1 2002:: 2002:a00:1::1 2002:c0a8:1:2::3 2002:e000:1::1 100:0:0:1::1
    2001:0:4136::1 3fff:fff:ffff:: 64:ff9b::10.0.0.1 64:ff9b::c0a8:1 64:ff9b:1::1 ::ffff:a00:1
    ::ffff:224.0.0.1 ::fffe:808:808
""".split()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address) -> None:
    assert is_public(address)


def test_the_decision_uses_no_list_of_the_interpreter() -> None:
    import toolkit.linkcheck.addresses as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    code = source.split("from __future__")[1]
    assert not re.search(r"is_(global|private|reserved|unspecified|multicast|link|site)", code)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://[::ffff:8.8.8.8]/a", "http://8.8.8.8/a"),
        ("http://[::ffff:808:808]:8080/", "http://8.8.8.8:8080/"),
    ],
)
def test_a_mapped_address_is_sent_as_the_address_it_holds(url: str, sent: str) -> None:
    """Python 3.13 writes mapped addresses in another way than older versions."""
    assert checked_url(url) == sent


@given(st.text(max_size=60))
def test_any_text_is_sent_as_http_or_refused(text: str) -> None:
    try:
        url = httpx.URL(checked_url(text))
    except (RefusedError, httpx.InvalidURL):
        return
    assert url.scheme in ("http", "https") and url.host and not url.userinfo


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_makes_no_difference(address) -> None:
    public = is_public(address)
    assert is_public(f"::ffff:{address}") == public
    if not public:
        assert not is_public(f"64:ff9b::{address}")


def test_passwords_are_taken_out() -> None:
    assert without_password("https://a:b@c@x.org/p@q") == "https://…@x.org/p@q"
    assert without_password("https://x.org/p@q") == "https://x.org/p@q"


def fetch(url: str, resolver, *, services=None, allow_private=False):
    async def run():
        fetcher = Fetcher(
            rate=100,
            timeout=2,
            allow_private=allow_private,
            services=services or {},
            resolver=resolver,
            verify=httpx.create_ssl_context(),
        )
        try:
            return await fetcher.get(url, limit=1000)
        finally:
            await fetcher.close()

    return asyncio.run(run())


def test_names_that_resolve_to_private_addresses_are_refused() -> None:
    with LinkServer() as server:

        async def inside(host: str, port: int) -> list[str]:
            return ["93.184.216.34", "127.0.0.1"]

        with pytest.raises(RefusedError, match=r"resolves to 127\.0\.0\.1, which is not public"):
            fetch(f"http://inside.example:{server.port}/", inside)
        assert server.seen == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that answers differently the second time (rebinding) gains nothing."""
    with LinkServer() as server:
        answers = []

        async def rebinding(host: str, port: int) -> list[str]:
            answers.append(host)
            return ["127.0.0.1"]

        answer = fetch(f"http://rebind.example:{server.port}/page", rebinding, allow_private=True)
        # The name is asked for once, by us; the system's resolver, which knows no such name,
        # is never asked, and the host is still told its own name.
        assert answer.status == 200
        assert answers == ["rebind.example"]
        assert server.seen[0][3]["host"] == f"rebind.example:{server.port}"


def test_redirects_are_checked_anew() -> None:
    with LinkServer() as server:
        asked = []

        async def public_then_private(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["10.0.0.7"]

        services = {"to.example": f"{server.base}/to.example"}
        with pytest.raises(RefusedError, match=r"page.example resolves to 10\.0\.0\.7"):
            fetch("https://to.example/chain/0", public_then_private, services=services)
        assert asked == ["page.example"]


def answering(monkeypatch, answers: dict) -> list:
    """Let a Fetcher hear these answers, by URL, and note what it asked, with what headers."""
    asked: list = []

    async def once(self, url, limit, headers):
        asked.append((url, dict(headers or {})))
        status, more, body = answers[url]
        return Answer(url, status, httpx.Headers(more), body)

    monkeypatch.setattr(Fetcher, "_send", once)
    return asked


def ask(url: str, headers=None):
    async def run():
        fetcher = Fetcher(
            rate=1e5, timeout=2, allow_private=False, services={}, resolver=resolve,
            verify=httpx.create_ssl_context(),
        )  # fmt: skip
        try:
            return await fetcher.get(url, limit=1000, headers=headers)
        finally:
            await fetcher.close()

    return asyncio.run(run())


HUB = "https://api.github.com"
VERIFY = httpx.create_ssl_context()


@pytest.mark.parametrize(
    "away", ["https://x.example/", "http://api.github.com/b", "https://api.github.com:8443/b",
             "https://www.api.github.com/b", "https://api.github.com.x.example/"],
)  # fmt: skip
def test_a_token_is_left_behind_at_the_first_step_away(away, monkeypatch) -> None:
    answers = {
        f"{HUB}/a": (301, {"Location": "/same"}, b""),
        f"{HUB}/same": (301, {"Location": away}, b""),
        away: (301, {"Location": f"{HUB}/back"}, b""),
        f"{HUB}/back": (200, {}, b""),
    }
    asked = answering(monkeypatch, answers)
    assert ask(f"{HUB}/a", {"Authorization": "Bearer planted"}).status == 200
    assert [bool(headers) for _, headers in asked] == [True, True, False, False]


@pytest.mark.parametrize("token", ["two words", "ghp_\nX: y", "schlüssel", "x" * 300])
def test_what_is_no_token_is_refused_and_not_shown(token, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    with pytest.raises(toolkit.DataError, match="GITHUB_TOKEN holds no token") as caught:
        toolkit.check_links(pd.Series(["https://x.org"]), log=tmp_path / "l", progress=False)
    assert token not in str(caught.value) and token not in str(caught.value.__dict__)


@pytest.mark.parametrize("target", ["http://[", "https://[::1", "//[x]/", "http://x.org:99999/"])
def test_redirects_to_nowhere_are_refused(target, monkeypatch) -> None:
    answering(monkeypatch, {"https://x.example/": (302, {"Location": target}, b"")})
    with pytest.raises(RefusedError, match=r"an invalid URL|not a URL"):
        ask("https://x.example/")


FIELDS = st.dictionaries(
    st.sampled_from(
        ["location", "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "content-type"]
    ),
    st.one_of(
        st.sampled_from(["0", "²", "9" * 30, "Mon, 01 Jan 0001 00:00:00 GMT", "http://[", "/", "x",
                         "Fri, 31 Dec 9999 23:59:59 -2359", "https://github.com/c/d", "\x00"]),
        st.text(max_size=8, alphabet=st.characters(max_codepoint=255)),
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just("\ud800")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["license", "spdx_id", "key", "id", "tags", "siblings", "rfilename",
                             "archived", "pushed_at", "size", "name", "metadata", "files",
                             "mainbranch", "values", "path", "disabled", "lastModified"]),
            inner, max_size=5,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


URLS = ["https://github.com/a/b", "https://gitlab.com/a/b", "https://bitbucket.org/a/b",
        "https://huggingface.co/a/b", "https://zenodo.org/records/1",
        "https://x.example/"]  # fmt: skip
STATUSES = st.sampled_from([200, 200, 200, 301, 403, 404, 429, 503])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(told=st.lists(st.tuples(STATUSES, FIELDS, VALUES), min_size=4, max_size=12))
def test_whatever_hosts_answer_a_check_ends_in_a_row_that_the_log_takes(told) -> None:
    turn = cycle(told)

    async def once(self, url, limit, headers):
        status, fields, value = next(turn)
        body = json.dumps(value).encode()
        page = b'<script type="application/json" data-target="react-x">' + body + b"</script>"
        more = httpx.Headers([(k.encode(), v.encode("latin-1")) for k, v in fields.items()])
        return Answer(url, status, more, body if "api" in url else page)

    async def run():
        fetcher = Fetcher(
            rate=1e5, timeout=2, allow_private=False, services={}, resolver=resolve, verify=VERIFY
        )
        try:
            return [await check_one(url, fetcher, archive=True, token=None) for url in URLS]
        finally:
            await fetcher.close()

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(Fetcher, "_send", once)
        patch.setattr("toolkit.linkcheck.fetch.BACKOFF", 0.0)
        patch.setattr("toolkit.linkcheck.fetch.MAX_WAIT", 0.0)
        patch.setattr("toolkit.linkcheck.rate_limits.MAX_WAIT", 0.0)
        with LinkLog(Path(folder) / "l") as log:
            log.append(asyncio.run(run()))
            checks = log.newest()
    assert checks["url"].tolist() == URLS
    assert checks["state"].notna().all()


def raw_server(answer: bytes):
    """Answer any request with these bytes, whole."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            with contextlib.suppress(OSError):
                self.request.sendall(answer)

    return socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 3_000_000 + b"\r\n\r\n", "unknown"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 400_000 + b"\r\n", "unknown"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nx", "unknown"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", "alive"),
        (b"\x00" * 70_000, "unknown"),
        (b"", "unknown"),
    ],
)
def test_bombs_in_the_headers_end_in_a_verdict(answer, state, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("toolkit.linkcheck.fetch.MAX_ATTEMPTS", 1)
    with raw_server(answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            row = toolkit.check_links(
                pd.Series(["https://x.example/"]), log=tmp_path / "l", timeout=3, progress=False,
                services={"*": f"http://127.0.0.1:{server.server_address[1]}"},
            ).iloc[0]  # fmt: skip
        finally:
            server.shutdown()
    assert row["state"] == state, row["why"]


PIECES = [
    b"<title>", b"</title>", b"<h1>", b"404 not found ", b"<!--", b"-->", b"<script>", b"\xff\x00",
    b"<meta http-equiv=refresh content='0;url=/x'>", b"<script>location.href='/y'</script>",
    b"&#x110000;", b"&amp;" * 50, b"<input type=password>", b"<meta charset=utf-7>", b"<" * 100,
    b"<meta http-equiv=refresh content='0;url=http://10.0.0.1/'>", b"\n" * 30, b"for sale ",
    b"<meta http-equiv=refresh content='999999999999;url=http://['>", b"{", b'"', b"[[[",
    b'<script type="application/json" data-target="react-app.x">{"tree": {"items": [{"name": "a/'
    b'/"}]}, "overview": {"overviewFiles": [{"preferredFileType": "readme", "richText": "<h1>"}]}}',
    b"</script>",
]  # fmt: skip
HEADERS = [
    b"", b"Content-Type: text/html; charset=\xff\r\n", b"Location: /z\r\n",
    b"Location: http://[\r\n", b"Content-Type: application/json\r\n",
]  # fmt: skip
PLACES = [
    "x.example/{}", "github.com/a/b{}", "gitlab.com/a/b{}", "codeberg.org/a/b{}", "osf.io/ab{:03}",
    "anonymous.4open.science/r/q{}", "huggingface.co/a/b{}", "zenodo.org/records/{}",
    "bitbucket.org/a/b{}", "cran.r-project.org/package=p{}", "gitlab.q.example/a/b{}",
]  # fmt: skip


def test_hostile_pages_end_in_a_state(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("toolkit.linkcheck.fetch.BACKOFF", 0.01)
    turn = random.Random(17)
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            with lock:
                body = b"".join(turn.choice(PIECES) for _ in range(turn.randrange(60)))
                status = turn.choice([200, 200, 200, 202, 301, 401, 403, 404, 500])
                more = turn.choice(HEADERS)
            head = b"HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %d\r\n"
            with contextlib.suppress(OSError):
                self.request.sendall(head % (status, len(body)) + more + b"\r\n" + body)

    urls = pd.Series([f"https://{place.format(at)}" for at in range(20) for place in PLACES])
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            checks = toolkit.check_links(
                urls, log=tmp_path / "l", rate=500, timeout=5, progress=False,
                services={"*": f"http://127.0.0.1:{server.server_address[1]}"},
            )  # fmt: skip
        finally:
            server.shutdown()
    assert checks["url"].tolist() == urls.tolist()
    assert set(checks["state"]) <= set(RESOLVES) and checks["state"].nunique() >= 4
    assert (checks["resolves"].isna() == (checks["state"] == "unknown")).all()


def test_a_gzip_bomb_is_never_unpacked_whole(tmp_path) -> None:
    import gzip
    import tracemalloc

    bomb = gzip.compress(b"0" * 200_000_000, 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with raw_server(head + bomb) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tracemalloc.start()
        try:
            row = toolkit.check_links(
                pd.Series(["https://x.example/"]), log=tmp_path / "l", progress=False,
                services={"*": f"http://127.0.0.1:{server.server_address[1]}"},
            ).iloc[0]  # fmt: skip
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            server.shutdown()
    assert row["state"] == "alive" and row["why"] == "page cut off after 65536 bytes"
    assert peak < 30_000_000


def test_unknown_httpx_sends_nothing(monkeypatch) -> None:
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "__init__", lambda self, verify: None)
    with pytest.raises(RuntimeError, match="not supported by the link checks"):
        GuardedTransport(
            allow_private=False,
            trusted=[],
            resolver=resolve,
            verify=httpx.create_ssl_context(),
            connections=1,
        )


def test_resolve_tells_missing_names() -> None:
    assert asyncio.run(resolve("127.0.0.1", 80)) == ["127.0.0.1"]
    with pytest.raises((NoSuchHostError, OSError)):
        asyncio.run(resolve("nowhere.invalid", 80))
    with pytest.raises(NoSuchHostError):
        asyncio.run(resolve("a" * 80 + ".example", 80))


WORKER = """
import sys
import pandas as pd
import toolkit
from toolkit.linkcheck import linkcheck
from toolkit.linkcheck import LinkLog

append = LinkLog.append
def told(self, rows):
    rows = list(rows)
    append(self, rows)
    print(*[row["url"] for row in rows], sep="\\n", flush=True)
LinkLog.append = told
base, log, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
urls = pd.Series([f"https://h{i % 40}.example/{i}" for i in range(n)])
toolkit.check_links(urls, log=log, services={"*": base}, rate=30, progress=False)
"""


@pytest.mark.slow
def test_kill_twenty_times_loses_no_finished_check(tmp_path: Path) -> None:
    log, script = tmp_path / "log.sqlite", tmp_path / "worker.py"
    script.write_text(textwrap.dedent(WORKER))
    chance = random.Random(7)
    finished: list[str] = []
    n = 4000
    with LinkServer(delay=0.01) as server:
        for kill in range(20):
            command = [sys.executable, str(script), server.base, str(log), str(n)]
            out = tmp_path / f"out{kill}"
            with out.open("wb") as stdout:
                process = subprocess.Popen(command, stdout=stdout)
                deadline = time.monotonic() + 120
                while out.stat().st_size == 0 and time.monotonic() < deadline:
                    time.sleep(0.01)
                time.sleep(chance.random() * 0.3)
                assert process.poll() is None, "killed in mid-check, not after the end"
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            # The last line may have been cut in half by the kill: it was told, but not whole.
            finished += filter(None, out.read_text().rpartition("\n")[0].split("\n"))
            history = read_log(log)
            with contextlib.closing(sqlite3.connect(log)) as db, db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            missing = set(finished) - set(history["url"])
            assert not missing
    assert len(finished) > 20
    assert not history["url"].duplicated().any(), "resumed, never repeated"
    assert (history["state"] == "alive").all()


@pytest.mark.slow
def test_twelve_hundred_links(tmp_path: Path) -> None:
    """1,200 links on 60 hosts that answer after 50 ms; each at most five times a second."""
    urls = pd.Series([f"https://h{i % 60}.example/{i}" for i in range(1200)])
    with LinkServer(delay=0.05) as server:
        checks = toolkit.check_links(
            urls, log=tmp_path / "l.sqlite", services=server.services, rate=5, progress=False
        )
        assert (checks["state"] == "alive").all() and len(checks) == 1200
        for host in range(60):
            times = server.times(f"h{host}.example")
            assert len(times) == 20
            assert times[-1] - times[0] >= 19 / 5 - 0.2
