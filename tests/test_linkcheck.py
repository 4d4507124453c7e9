"""check_links against a local stand-in for the hosts, with all their errors and delays."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pandas as pd
import pytest
import trustme
from fake_hosts import PUSHED, LinkServer

import toolkit
from toolkit.errors import DataError
from toolkit.linkcheck import LinkLog, rate_limits, read_log
from toolkit.linkcheck import fetch as linkfetch
from toolkit.linkcheck import run as linkrun
from toolkit.linkcheck.hosts import find_repository
from toolkit.linkcheck.safety import NoSuchHostError

HUB = "https://github.com/lantern/"
#: Reads a log in a folder that is mounted read-only, in a namespace of its own.
_READ_ONLY = """
mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} || {{ echo no mount; exit 0; }}
{python} -c "
from toolkit.linkcheck import LinkLog, read_log
print(*read_log('{folder}/log.sqlite')['state'])
try:
    LinkLog('{folder}/log.sqlite').append([{{}}])
except ValueError as error:
    print('cannot-be-written' if 'cannot be written to' in str(error) else error)
"
"""


@pytest.fixture
def server():
    with LinkServer() as running:
        yield running


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "checks.sqlite"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch) -> None:
    monkeypatch.setattr(linkfetch, "BACKOFF", 0.02)


def check(urls, log, server, **more) -> pd.DataFrame:
    settings = {"rate": 50.0, "timeout": 5.0, "progress": False, "services": server.services}
    return toolkit.check_links(pd.Series(urls, dtype=object), log=log, **{**settings, **more})


def one(url: str, log, server, **more) -> pd.Series:
    return check([url], log, server, **more).iloc[0]


STATES = [
    (HUB + "oak", {"empty": False, "licence": "mit", "archived": True, "read_only": False}),
    (
        HUB + "oldname",
        {"state": "moved", "moved_to": HUB + "oak", "licence": "mit", "archived": True},
    ),
    (HUB + "OAK", {"state": "gone"}),
    (HUB + "empty", {"state": "empty", "empty": True, "licence": "none", "archived": False}),
    (HUB + "readme-only", {"state": "empty", "empty": True}),
    (HUB + "readonly", {"read_only": True, "empty": False}),
    (HUB + "boast", {"read_only": False}),
    (HUB + "dead", {"state": "gone", "resolves": False, "archived": True}),
    (HUB + "oak/tree/main/src", {"state": "alive", "licence": "mit"}),
    (HUB + "oak/missing", {"state": "moved", "moved_to": HUB + "oak", "licence": "mit"}),
    ("https://gitlab.com/group/sub/tool", {"licence": "gpl-3.0", "empty": False}),
    ("https://gitlab.com/group/hidden", {"state": "login", "why": "asks to sign in.*"}),
    ("https://bitbucket.org/lab/kit", {"licence": "other", "empty": False}),
    ("https://huggingface.co/lab/model", {"licence": "mit", "empty": False}),
    ("https://huggingface.co/datasets/lab/facts", {"licence": "none", "empty": True}),
    ("https://huggingface.co/lab/gone", {"state": "gone", "http_status": 401}),
    ("https://zenodo.org/record/123", {"state": "gone"}),
    ("https://zenodo.org/records/123", {"licence": "cc-by-4.0", "empty": False}),
    (
        "https://doi.org/10.5281/zenodo.123",
        {"licence": "cc-by-4.0", "moved_to": None, "archived": True},
    ),
    ("https://page.example/x", {"state": "alive", "resolves": True, "empty": None}),
    ("https://blank.example/", {"state": "empty", "empty": True}),
    ("https://status.example/404", {"resolves": False, "http_status": 404}),
    ("https://status.example/410", {"resolves": False, "why": "gone for good"}),
    ("https://status.example/451", {"resolves": False, "why": "withheld.*"}),
    ("https://status.example/403", {"state": "unknown", "resolves": None}),
    ("https://status.example/500-then-200", {"state": "alive", "http_status": 200}),
    ("https://status.example/418", {"state": "unknown", "resolves": None}),
    ("https://to.example/chain/4", {"moved_to": "https://page.example/end"}),
    ("https://to.example/front/a/b", {"state": "moved", "why": ".*front page.*"}),
    ("https://to.example/chain/5", {"state": "gone", "why": "more than 5 redirects"}),
    ("https://to.example/loop", {"state": "gone", "resolves": False}),
    (
        "https://to.example/private",
        {"state": "unknown", "why": "not visited: 169.254.169.254 is not.*"},
    ),
    ("https://to.example/loopback", {"state": "unknown", "resolves": None}),
    ("https://to.example/file", {"state": "unknown", "why": "not visited: only http and https.*"}),
    ("https://to.example/odd", {"state": "unknown", "why": "not visited: a name or password.*"}),
    ("https://broken.example/", {"state": "unknown", "why": "the connection failed.*"}),
    ("https://endless.example/", {"state": "alive", "why": "page cut off after 65536.*"}),
    ("https://huge.example/", {"state": "alive", "why": "page cut off.*"}),
    ("https://bomb.example/", {"state": "alive", "why": "page cut off.*"}),
    ("https://refresh.example/new", {"state": "moved", "moved_to": "https://page.example/end"}),
    ("https://refresh.example/gone", {"state": "gone", "resolves": False, "moved_to": None}),
    ("https://refresh.example/private", {"state": "unknown", "why": "not visited: 192.168.0.1.*"}),
    ("https://refresh.example/loop", {"state": "alive", "moved_to": None}),
    ("https://shop.example/", {"state": "parked", "resolves": False}),
    ("https://challenge.example/", {"state": "unknown", "why": ".*robots.*Cloudflare.*"}),
    ("https://files.example/a.pdf", {"state": "alive"}),
    (HUB + "soon", {"state": "coming soon", "resolves": True, "empty": False}),
    (
        HUB + "full",
        {"licence": "bsd-3-clause", "environment": True, "tests": True, "ci": True,
         "container": True, "weights": True, "doi": True, "example": True, "notebooks": False},
    ),
    (HUB + "raw", {"readme": True, "example": True, "tests": False, "licence": "none"}),
    (
        "https://codeberg.org/lab/oak",
        {"licence": "eupl-1.2", "environment": True, "ci": True, "release": True,
         "example": True},
    ),
    ("https://osf.io/abcd5", {"state": "alive", "archived": True}),
    ("https://osf.io/zzzz9", {"state": "gone", "resolves": False, "archived": None}),
    ("https://anonymous.4open.science/r/oak-1", {"tests": True, "empty": False}),
    ("https://anonymous.4open.science/r/oak-2", {"state": "gone", "why": "expired.*"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def states(tmp_path_factory) -> pd.DataFrame:
    with LinkServer() as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkfetch, "BACKOFF", 0.02)
        log = tmp_path_factory.mktemp("states") / "log.sqlite"
        return check([url for url, _ in STATES], log, running).set_index("url")


@pytest.mark.parametrize(("url", "expected"), STATES)
def test_states(url, expected, states) -> None:
    row = states.loc[url]
    for name, value in expected.items():
        if value is None:
            assert pd.isna(row[name]), name
        elif name == "why":
            assert re.fullmatch(value, row["why"])
        else:
            assert row[name] == value, (name, row["why"])


def test_last_push_is_read_from_each_host(log, server) -> None:
    checks = check(
        [HUB + "oak", "https://gitlab.com/group/sub/tool", "https://huggingface.co/lab/model"],
        log,
        server,
    )
    assert checks["last_push"].tolist() == [
        pd.Timestamp(PUSHED, unit="s"),
        pd.Timestamp("2024-02-03 02:05:06"),
        pd.Timestamp("2025-03-04"),
    ]


def test_headers_that_trickle_end_in_time(log, server, monkeypatch) -> None:
    monkeypatch.setattr(linkfetch, "MAX_ATTEMPTS", 1)
    started = time.monotonic()
    row = one("https://slow.example/headers", log, server, timeout=1.0)
    assert (row["state"], row["why"]) == ("unknown", "no answer within 1 s")
    assert time.monotonic() - started < 4


def test_waits_are_told_in_one_line(log, server, capfd) -> None:
    check(["https://status.example/429-then-200"], log, server)
    said = [line for line in capfd.readouterr().err.splitlines() if "asks" in line]
    assert said == ["status.example asks to wait 1 s (HTTP 429): its links wait"]
    check([f"https://status.example/429-long?{i}" for i in range(5)], log, server)
    said = [line for line in capfd.readouterr().err.splitlines() if "asks" in line]
    assert said == [
        "status.example asks to wait 120 min (HTTP 429): its other links are left to a later call"
    ]


def test_slow_hosts_end_in_time(log, server) -> None:
    checks = check(
        ["https://slow.example/never", "https://slow.example/x"], log, server, timeout=1.5
    )
    assert checks["state"].tolist() == ["unknown", "alive"]
    assert checks["why"].tolist() == ["no answer within 1.5 s", "page broke off"]
    assert pd.isna(checks.loc[1, "empty"])


def test_github_page_comes_first_and_the_interface_only_fills_gaps(log, server) -> None:
    check([HUB + "oak"], log, server)
    assert server.asked("github.com") == ["/lantern/oak"]
    assert server.asked("api.github.com") == []
    row = one(HUB + "bare", log, server)
    assert server.asked("api.github.com") == [
        "/repos/lantern/bare",
        "/repos/lantern/bare/contents/",
    ]
    assert (row["licence"], row["empty"], row["read_only"]) == ("apache-2.0", False, True)
    assert row["last_push"] == pd.Timestamp("2023-05-06 07:08:09")


def test_used_up_quota_is_put_off_and_not_asked_again(log, server) -> None:
    checks = check([HUB + "bare-quota", HUB + "bare"], log, server)
    assert len(server.asked("api.github.com")) == 1
    assert (checks["state"] == "alive").all() and checks["licence"].isna().all()
    assert checks["why"].str.contains("asks to come back later").all()
    wait = checks["retry_at"] - checks["checked_at"]
    assert wait.between(pd.Timedelta("25min"), pd.Timedelta("31min")).all()


def test_what_the_archive_owes_is_asked_without_the_page(log, server, monkeypatch) -> None:
    closed = server.services | {
        "archive.softwareheritage.org": f"{server.base}/api.github.com/quota"
    }
    urls = [HUB + "oak", HUB + "readme-only", HUB + "dead", "https://page.example/"]
    first = check(urls, log, server, services=closed)
    assert first["archived"].isna().all() and first["licence"][0] == "mit"
    assert first["why"][2].startswith("not found; archive not asked")
    pages = len(server.asked("github.com"))
    check(urls, log, server)
    assert len(server.asked("github.com")) == pages, "not before the time"
    monkeypatch.setattr(linkfetch, "MAX_ATTEMPTS", 1)
    later = rate_limits.now() + pd.Timedelta("1h")
    for module in ("rate_limits", "linkcheck", "fetch", "probe"):
        monkeypatch.setattr(f"toolkit.linkcheck.{module}.now", lambda: later)
    still_closed = check(urls[:2], log, server, services=closed)
    assert still_closed["archived"].isna().all() and len(read_log(log)) == 4
    second = check(urls[:2], log, server)
    assert second["archived"].tolist() == [True, False] and second["why"].isna().all()
    assert len(server.asked("github.com")) == pages
    assert second["checked_at"].tolist() == first["checked_at"][:2].tolist()
    assert second["licence"].tolist() == first["licence"][:2].tolist()
    assert second["retry_at"].isna().all() and len(read_log(log)) == 6


def test_token_comes_from_the_environment_and_goes_nowhere_else(
    log, server, monkeypatch, capfd, caplog
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_planted")
    checks = check(
        [HUB + "bare", HUB + "oak", "https://to.example/chain/2"], log, server, progress=True
    )
    sent = {host for _, host, _, headers in server.seen if "authorization" in headers}
    assert sent == {"api.github.com"}
    output = capfd.readouterr()
    everything = checks.to_csv() + output.out + output.err + caplog.text
    assert "ghp_planted" not in everything
    assert all(b"ghp_planted" not in file.read_bytes() for file in log.parent.iterdir())


def test_no_script_is_run_and_no_cookie_kept(log, server) -> None:
    check([HUB + "oak", "https://page.example/x"], log, server)
    assert not any("cookie" in headers for *_, headers in server.seen)
    assert {host for _, host, _, _ in server.seen} == {
        "github.com",
        "page.example",
        "archive.softwareheritage.org",
    }


def test_checked_links_are_left_alone_until_too_old(log, server) -> None:
    urls = ["https://page.example/1", "https://page.example/2", "https://slow.example/never"]
    check(urls, log, server, timeout=1.5)
    assert len(server.asked("page.example")) == 2
    again = check(urls, log, server, timeout=1.5)
    assert len(server.asked("page.example")) == 2
    assert len(server.asked("slow.example")) == 6, "without an answer: asked again at once"
    assert again["url"].tolist() == urls
    check(urls[:1], log, server, max_age="0s")
    assert len(server.asked("page.example")) == 3
    history = read_log(log)
    assert Counter(history["url"]) == {urls[0]: 2, urls[1]: 1, urls[2]: 2}


def test_a_first_death_is_checked_again_after_a_day(log, server, monkeypatch) -> None:
    urls = ["https://status.example/404", "https://page.example/1"]
    check(urls, log, server)
    check(urls, log, server)
    assert len(read_log(log)) == 2, "not on the same day"
    real = rate_limits.now
    for days, n in ((2, 3), (4, 3), (20, 3)):
        for module in ("rate_limits", "linkcheck", "fetch", "probe"):
            monkeypatch.setattr(
                f"toolkit.linkcheck.{module}.now",
                lambda days=days: real() + pd.Timedelta(days, "D"),
            )
        check(urls, log, server)
        assert len(read_log(log)) == n, "the dead one once more, then it is certain"
    assert read_log(log)["url"].tolist() == [*urls, urls[0]]


def test_urls_are_checked_once_and_keep_their_order(log, server) -> None:
    links = pd.DataFrame(
        {"paper_id": list("abc"), "url": [f"https://{h}.example/" for h in ("z", "a", "z")]}
    )
    before = links.copy()
    checks = toolkit.check_links(links, log=log, services=server.services, progress=False)
    assert checks["url"].tolist() == ["https://z.example/", "https://a.example/"]
    assert len(server.seen) == 2
    pd.testing.assert_frame_equal(links, before)
    assert toolkit.check_links(links[:0], log=log, progress=False).shape == (0, 25)


def test_retry_after_is_kept(log, server) -> None:
    row = one("https://status.example/429-then-200", log, server)
    assert row["state"] == "alive"
    first, second = server.times("status.example")
    assert second - first >= 0.99
    row = one("https://status.example/429-long", log, server)
    assert row["state"] == "unknown"
    wait = row["retry_at"] - row["checked_at"]
    assert pd.Timedelta("1h59min") < wait < pd.Timedelta("2h1min")
    asked = len(server.seen)
    assert one("https://status.example/429-long", log, server)["retry_at"] == row["retry_at"]
    assert len(server.seen) == asked, "nobody is asked before the time"


@pytest.mark.parametrize(
    ("status", "headers", "low", "high"),
    [
        (429, {"Retry-After": "7"}, 7, 7),
        # Set when tests are collected, read when this one's turn comes, minutes later.
        (503, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=1))}, 600, 3601),
        (429, {"Retry-After": "soon"}, 60, 60),
        (429, {"Retry-After": "9" * 400}, 60, 60),
        (429, {b"Retry-After": b"\xb2"}, 60, 60),  # "²", a digit to Python and no number
        (429, {"Retry-After": "9999999"}, 604800, 604800),  # nobody is left alone for longer
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, 604800, 604800),
        (429, {}, 60, 60),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "nonsense"}, 3600, 3600),
        (503, {}, None, None),
        (200, {"X-RateLimit-Remaining": "7"}, None, None),
    ],
)
def test_waiting_times_are_read(status, headers, low, high) -> None:
    wait = rate_limits.requested_wait(rate_limits.Answer("", status, httpx.Headers(headers)))
    assert wait is None if low is None else low <= wait <= high


def test_no_host_is_asked_faster_than_allowed(log, server, monkeypatch) -> None:
    left: dict[str, list[float]] = {}
    once = linkfetch.Fetcher._send

    async def timed(self, url, limit, headers):
        left.setdefault(rate_limits.rate_limit_key(url), []).append(
            asyncio.get_running_loop().time()
        )
        return await once(self, url, limit, headers)

    monkeypatch.setattr(linkfetch.Fetcher, "_send", timed)
    monkeypatch.setattr(linkfetch, "CONNECTIONS", 3)
    urls = [f"https://{host}.example/{i}" for i in range(8) for host in ("a", "b", "c")]
    urls += [f"https://{name}.github.io/" for name in "defgh"]
    check(urls, log, server, rate=10.0)
    # One machine behind many names (github.io) has one rate limit.
    assert {host: len(times) for host, times in left.items()} == {
        "a.example": 8,
        "b.example": 8,
        "c.example": 8,
        "github.io": 5,
    }
    for times in left.values():
        assert all(later - earlier >= 0.1 - 1e-6 for earlier, later in pairwise(times))
    for host in "abc":
        times = server.times(f"{host}.example")
        assert times[-1] - times[0] >= 7 / 10 - 0.1, "and so it arrives"


def test_works_where_a_loop_is_running(log, server) -> None:
    async def in_a_notebook() -> pd.DataFrame:
        return check(["https://page.example/"], log, server)

    assert asyncio.run(in_a_notebook())["state"].tolist() == ["alive"]


def test_interrupt_keeps_what_is_finished_and_goes_on_later(log, server, monkeypatch) -> None:
    urls = [f"https://h{i}.example/" for i in range(6)] + ["https://slow.example/never"]
    real = linkrun._next_batch

    def counted(finished):
        rows = real(finished)
        if rows:
            seen.extend(rows)
        if len(seen) >= 6 and not stopped:
            stopped.append(True)
            for row in rows:
                finished.put(row)
            raise KeyboardInterrupt
        return rows

    seen: list = []
    stopped: list = []
    monkeypatch.setattr(linkrun, "_next_batch", counted)
    with pytest.raises(KeyboardInterrupt):
        check(urls, log, server, timeout=30.0)
    assert set(read_log(log)["url"]) == set(urls[:6])
    assert not any(t.name == "check_links" for t in threading.enumerate())
    monkeypatch.setattr(linkrun, "_next_batch", real)
    asked = len(server.seen)
    checks = check(urls, log, server, timeout=0.2)
    assert checks["state"].tolist() == ["alive"] * 6 + ["unknown"]
    assert {host for _, host, _, _ in server.seen[asked:]} == {"slow.example"}


async def nothing_resolves(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


async def well_known_names_resolve(host: str, port: int) -> list[str]:
    if host in ("doi.org", "github.com"):
        return ["8.8.8.8"]
    raise NoSuchHostError(host)


def test_missing_host_counts_as_gone_where_other_names_are_found(log, server, monkeypatch) -> None:
    lost = "https://nowhere.invalid/"
    monkeypatch.setattr(linkrun, "resolve", well_known_names_resolve)
    row = one(lost, log, server, services={})
    assert (row["state"], row["resolves"]) == ("gone", False)
    assert row["why"] == "no such host: nowhere.invalid"


def test_without_a_network_nothing_is_decided_nor_logged(log, server, monkeypatch) -> None:
    known = ["https://page.example/1"]
    assert one(known[0], log, server)["state"] == "alive"
    asked: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return await nothing_resolves(host, port)

    monkeypatch.setattr(linkrun, "resolve", resolver)
    urls = known + [f"https://h{i}.example/" for i in range(200)]
    with pytest.warns(UserWarning, match="no network: no host answered.*201 links were") as told:
        checks = check(urls, log, server, services={}, max_age="0s")
    assert len(told) == 1, "said once"
    assert len(asked) < 60, "and no more hosts are asked"
    assert checks["url"].tolist() == urls
    assert checks["state"].tolist() == ["alive", *["unknown"] * 200]
    assert checks["why"][1:].unique().tolist() == ["not asked: no network"]
    assert len(read_log(log)) == 1


def test_three_dead_hosts_are_no_missing_network(log, server, monkeypatch) -> None:
    monkeypatch.setattr(linkrun, "resolve", well_known_names_resolve)
    urls = [f"https://h{i}.example/" for i in range(12)]
    assert set(check(urls, log, server, services={})["state"]) == {"gone"}
    assert len(read_log(log)) == 12


def test_a_dead_host_among_living_ones_is_no_missing_network(log, server, monkeypatch) -> None:
    monkeypatch.setattr(linkrun, "resolve", nothing_resolves)
    services = {"page.example": f"{server.base}/page.example"}
    urls = [f"https://page.example/{i}" for i in range(8)] + ["https://h.example/"]
    checks = check(urls, log, server, services=services)
    assert checks["state"].tolist() == ["alive"] * 8 + ["unknown"]
    assert "Temporary failure" in checks["why"].iloc[8] and len(read_log(log)) == 9


def test_wrong_certificates_are_broken_links(log, tmp_path, monkeypatch) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("right.example").configure_cert(tls)

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("toolkit.linkcheck.run.resolve", here)
    with LinkServer(tls=tls) as server:
        urls = [f"https://{name}.example:{server.port}/" for name in ("right", "wrong")]
        more = {"services": {}, "allow_private": True, "timeout": 5.0}
        checks = check(urls, log, server, **more)
        assert checks["state"].tolist() == ["gone", "gone"]
        assert checks["why"].str.startswith("the certificate is not valid").all()
        assert server.seen == []
        # The same with the authority trusted: the name is checked, not the address.
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        checks = check(urls, log, server, max_age="0s", **more)
        assert checks["state"].tolist() == ["alive", "gone"]
        assert "mismatch" in checks.loc[1, "why"]


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (pd.DataFrame({"link": ["x"]}), "lacks a column: found .*link"),
        (
            pd.DataFrame({"paper_id": ["a", "b"], "title": "T", "url": ["https://x.org", pd.NA]}),
            r"a papers table, not a table of links.*1 of 2 rows without url.*Pass toolkit\.find_li",
        ),
        (pd.Series(["https://x.org", None], dtype=object), r"row 2, column 'url': not a URL"),
        (pd.Series([3.5]), r"row 1, column 'url': not a URL: found 3.5"),
        (["https://x.org"], "not a table of links: found 'list'"),
    ],
)
def test_bad_tables_are_refused(links, message, log) -> None:
    with pytest.raises(DataError, match=message):
        toolkit.check_links(links, log=log)
    assert not log.exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rate": 0}, "rate must be above zero: found 0"),
        ({"timeout": float("nan")}, "timeout must be above zero"),
        ({"max_age": "a while"}, "max_age is not a duration: found 'a while'"),
        ({"services": {"x.org": "localhost:80"}}, "a service is not a base URL"),
    ],
)
def test_bad_settings_are_refused(setting, message, log) -> None:
    with pytest.raises(DataError, match=message):
        toolkit.check_links(pd.Series(["https://x.org"]), log=log, **setting)


def test_places() -> None:
    assert find_repository("https://github.com/features/actions") is None
    assert find_repository("https://github.com/lantern") is None
    assert find_repository("https://GitHub.com/Lantern/Oak.git").path == "Lantern/Oak"
    assert find_repository("https://gitlab.com/a/b/c/-/tree/main").path == "a/b/c"
    assert find_repository("https://huggingface.co/papers/2401.00001") is None
    assert find_repository("https://huggingface.co/spaces/lab/demo").kind == "spaces"
    assert find_repository("https://huggingface.co/datasets/lab") is None
    assert find_repository("https://zenodo.org/records/7").root == "https://zenodo.org/records/7"
    assert find_repository("https://github.com/a/b%2F..%2F..%2Fadmin") is None
    assert find_repository("https://github.com/a/%2e%2e") is None


class TestLog:
    def test_only_added_to(self, log) -> None:
        with LinkLog(log) as opened:
            opened.append([{"url": "https://a.org", "checked_at": pd.Timestamp("2025-01-01")}])
        refused = pytest.raises(sqlite3.IntegrityError, match="never changed")
        for change in ("DELETE FROM checks", "UPDATE checks SET url = 'x'"):
            with closing(sqlite3.connect(log)) as db, db, refused:
                db.execute(change)
        assert len(read_log(log)) == 1

    def test_round_trip(self, log) -> None:
        when = pd.Timestamp("2025-01-02 03:04:05.678901")
        row = {"url": "https://a.org", "state": "alive", "resolves": True, "empty": False}
        with LinkLog(log) as opened:
            opened.append([{**row, "checked_at": when, "last_push": when, "http_status": 200}])
            opened.append([{"url": "https://a.org", "state": "gone", "resolves": False}])
            assert opened.newest()["state"].tolist() == ["gone"]
        history = read_log(log)
        assert history.loc[0, "checked_at"] == when and history.loc[0, "last_push"] == when
        assert history["resolves"].tolist() == [True, False]
        assert history.dtypes.astype(str)["http_status"] == "Int64"
        assert pd.isna(history.loc[1, "checked_at"])

    def test_other_files_are_left_as_they_are(self, tmp_path) -> None:
        binary = tmp_path / "photo.jpg"
        binary.write_bytes(os.urandom(4096))
        with pytest.raises(DataError, match="not a log of link checks"):
            LinkLog(binary)
        other = tmp_path / "other.sqlite"
        with closing(sqlite3.connect(other)) as db, db:
            db.execute("CREATE TABLE mine (x)")
        content = other.read_bytes()
        with pytest.raises(DataError, match="an SQLite file, but not a log"):
            LinkLog(other)
        assert other.read_bytes() == content
        with pytest.raises(DataError, match="the log is a folder"):
            LinkLog(tmp_path)
        with pytest.raises(DataError, match="no such log"):
            read_log(tmp_path / "none.sqlite")

    def test_newer_log(self, log) -> None:
        with LinkLog(log):
            pass
        with closing(sqlite3.connect(log)) as db, db:
            db.execute("PRAGMA user_version=99")
        with pytest.raises(DataError, match="written by a newer toolkit"):
            read_log(log)

    def test_a_full_disk_is_said_and_what_was_written_stays(self, tmp_path) -> None:
        """Under a limit on the size of files SQLite fails as on a full disk."""
        script = """
            import resource, sys
            import pandas as pd
            from toolkit.errors import DataError
            from toolkit.linkcheck import LinkLog

            row = {"url": "https://a.org/" + "x" * 1000, "state": "alive", "resolves": True}
            with LinkLog(sys.argv[1]) as log:
                log.append([row])
                resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
                try:
                    for _ in range(100):
                        log.append([row])
                except DataError as error:
                    print(error)
        """
        path = tmp_path / "log.sqlite"
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script), str(path)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "the log cannot be written to" in done.stdout, done.stderr
        assert "Is the disk full" in done.stdout and "Traceback" not in done.stderr
        assert len(read_log(path)) >= 1

    def test_a_full_disk_ends_a_run_with_one_clear_error(self, log, server, monkeypatch) -> None:
        real = sqlite3.connect

        class Full(sqlite3.Connection):
            def executemany(self, *args):
                raise sqlite3.OperationalError("database or disk is full")

        def connect(*args, **more):
            return real(*args, factory=Full, **more)

        monkeypatch.setattr("toolkit.linkcheck.log.sqlite3.connect", connect)
        with pytest.raises(DataError, match=r"cannot be written to \(database or disk is full\)"):
            check([f"https://page.example/{i}" for i in range(5)], log, server)
        assert not any(t.name == "check_links" for t in threading.enumerate())

    def test_a_read_only_log_is_read(self, log, monkeypatch) -> None:
        """Where SQLite may make no files beside the log, it refuses even to read."""
        with LinkLog(log) as opened:
            opened.append([{"url": "https://a.org", "state": "gone", "resolves": False}])
        real, tried = sqlite3.connect, []

        def connect(path, **more):
            if "mode=rw" in str(path):
                tried.append(path)
                raise sqlite3.OperationalError("unable to open database file")
            return real(path, **more)

        monkeypatch.setattr("toolkit.linkcheck.log.sqlite3.connect", connect)
        before = {file.name: file.stat().st_mtime_ns for file in log.parent.iterdir()}
        assert read_log(log)["state"].tolist() == ["gone"] and tried
        assert {file.name: file.stat().st_mtime_ns for file in log.parent.iterdir()} == before

    def test_nothing_stays_open_where_a_file_is_no_log(self, tmp_path, monkeypatch) -> None:
        real, made = sqlite3.connect, []
        other = tmp_path / "other.sqlite"
        with contextlib.closing(real(other)) as db:
            db.execute("CREATE TABLE bees (name)")

        def connect(path, **more):
            made.append(real(path, **more))
            return made[-1]

        monkeypatch.setattr("toolkit.linkcheck.log.sqlite3.connect", connect)
        with pytest.raises(DataError, match="not a log of link checks"):
            read_log(other)
        assert made
        for db in made:
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                db.execute("SELECT 1")

    def test_a_log_on_a_read_only_medium_is_read(self, tmp_path) -> None:
        medium = tmp_path / "medium"
        medium.mkdir()
        with LinkLog(medium / "log.sqlite") as opened:
            opened.append([{"url": "https://a.org", "state": "gone", "resolves": False}])
        mounted = subprocess.run(
            ["unshare", "-m", "sh", "-c", _READ_ONLY.format(folder=medium, python=sys.executable)],
            capture_output=True, text=True, timeout=60, check=False,
        ) if shutil.which("unshare") else None  # fmt: skip
        if mounted is None or "no mount" in mounted.stdout or mounted.returncode == 1:
            pytest.skip("this system lets nobody mount a folder")
        assert mounted.stdout.split() == ["gone", "cannot-be-written"], mounted.stderr

    def test_a_log_of_version_1_is_read_and_added_to(self, log) -> None:
        with closing(sqlite3.connect(log)) as db, db:
            db.execute(
                "CREATE TABLE checks (id INTEGER PRIMARY KEY, url TEXT, status TEXT, "
                "resolves INTEGER, moved_to TEXT, empty INTEGER, licence TEXT, last_push TEXT, "
                "read_only INTEGER, archived INTEGER, checked_at TEXT, host TEXT, "
                "http_status INTEGER, retry_at TEXT, why TEXT)"
            )
            for at, (status, moved, empty) in enumerate(
                [("alive", None, 0), ("alive", "https://n.org", 0), ("alive", None, 1),
                 ("gone", None, None), ("broken", None, None), ("closed", None, None),
                 ("refused", None, None), ("unknown", None, None)]
            ):  # fmt: skip
                db.execute(
                    "INSERT INTO checks (url, status, moved_to, empty) VALUES (?, ?, ?, ?)",
                    (f"https://{at}.org", status, moved, empty),
                )
            db.execute(f"PRAGMA application_id={0x6C6E6B73}")
            db.execute("PRAGMA user_version=1")
        old = ["alive", "moved", "empty", "gone", "gone", "unknown", "unknown", "unknown"]
        content = log.read_bytes()
        assert read_log(log)["state"].tolist() == old
        assert log.read_bytes() == content, "reading changes nothing"
        with LinkLog(log) as opened:
            opened.append([{"url": "https://9.org", "state": "parked", "tests": True}])
            assert opened.newest()["state"].tolist() == [*old, "parked"]
        assert read_log(log)["state"].tolist() == [*old, "parked"]
        assert read_log(log)["tests"].isna().tolist() == [True] * 8 + [False]
