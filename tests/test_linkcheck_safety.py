"""What a link check refuses to connect to, and what a kill leaves of the log."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import httpx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkserver import LinkServer

import toolkit
from toolkit.linkcheck import read_log
from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.safety import (
    GuardedTransport,
    NoSuchHostError,
    RefusedError,
    checked_url,
    is_public,
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
        ("https://[2606:2800:220:1::1]/a", "https://[2606:2800:220:1::1]/a"),
        ("https://deadbeef.com", "https://deadbeef.com/"),
    ],
)
def test_sent(url: str, sent: str) -> None:
    assert checked_url(url) == sent
    assert checked_url(sent) == sent


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


def test_unknown_httpx_sends_nothing(monkeypatch) -> None:
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "__init__", lambda self, verify: None)
    with pytest.raises(RuntimeError, match="not known to the link checker"):
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
                deadline = time.monotonic() + 20
                while out.stat().st_size == 0 and time.monotonic() < deadline:
                    time.sleep(0.01)
                time.sleep(chance.random() * 0.3)
                assert process.poll() is None, "killed in mid-check, not after the end"
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            # The last line may have been cut in half by the kill: it was told, but not whole.
            finished += out.read_text().rpartition("\n")[0].split("\n")
            history = read_log(log)
            with sqlite3.connect(log) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            missing = set(finished) - set(history["url"])
            assert not missing
    assert len(finished) > 20 * 5
    assert not history["url"].duplicated().any(), "resumed, never repeated"
    assert (history["status"] == "alive").all()


@pytest.mark.slow
def test_twelve_hundred_links(tmp_path: Path) -> None:
    """1,200 links on 60 hosts that answer after 50 ms; each at most five times a second."""
    urls = pd.Series([f"https://h{i % 60}.example/{i}" for i in range(1200)])
    with LinkServer(delay=0.05) as server:
        checks = toolkit.check_links(
            urls, log=tmp_path / "l.sqlite", services=server.services, rate=5, progress=False
        )
        assert (checks["status"] == "alive").all() and len(checks) == 1200
        for host in range(60):
            times = server.times(f"h{host}.example")
            assert len(times) == 20
            assert times[-1] - times[0] >= 19 / 5 - 0.2
