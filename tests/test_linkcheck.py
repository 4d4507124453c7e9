"""check_links against a local stand-in for the hosts, with all their errors and delays."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import ssl
import threading
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

HUB = "https://github.com/lantern/"


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


LADDER = [
    (HUB + "oak", {"empty": False, "licence": "mit", "archived": True, "read_only": False}),
    (HUB + "oldname", {"moved_to": HUB + "oak", "licence": "mit", "archived": True}),
    (HUB + "OAK", {"status": "gone"}),
    (HUB + "empty", {"empty": True, "licence": "none", "archived": False}),
    (HUB + "readme-only", {"empty": True}),
    (HUB + "readonly", {"read_only": True, "empty": False}),
    (HUB + "boast", {"read_only": False}),
    (HUB + "dead", {"status": "gone", "resolves": False, "archived": True}),
    (HUB + "oak/tree/main/src", {"status": "alive", "licence": "mit"}),
    (HUB + "oak/missing", {"status": "gone", "archived": True}),
    ("https://gitlab.com/group/sub/tool", {"licence": "gpl-3.0", "empty": False}),
    ("https://gitlab.com/group/hidden", {"status": "gone", "why": "asks to sign in.*"}),
    ("https://bitbucket.org/lab/kit", {"licence": "other", "empty": False}),
    ("https://huggingface.co/lab/model", {"licence": "mit", "empty": False}),
    ("https://huggingface.co/datasets/lab/facts", {"licence": "none", "empty": True}),
    ("https://huggingface.co/lab/gone", {"status": "gone", "http_status": 401}),
    ("https://zenodo.org/record/123", {"status": "gone"}),
    ("https://zenodo.org/records/123", {"licence": "cc-by-4.0", "empty": False}),
    ("https://doi.org/10.5281/zenodo.123", {"licence": "cc-by-4.0", "moved_to": None}),
    ("https://page.example/x", {"status": "alive", "resolves": True, "empty": None}),
    ("https://blank.example/", {"status": "alive", "empty": True}),
    ("https://status.example/404", {"resolves": False, "http_status": 404}),
    ("https://status.example/410", {"resolves": False, "why": "gone for good"}),
    ("https://status.example/451", {"resolves": False, "why": "withheld.*"}),
    ("https://status.example/403", {"status": "closed", "resolves": None}),
    ("https://status.example/500-then-200", {"status": "alive", "http_status": 200}),
    ("https://status.example/418", {"status": "unknown", "resolves": None}),
    ("https://to.example/chain/4", {"moved_to": "https://page.example/end"}),
    ("https://to.example/front/a/b", {"status": "alive", "why": ".*front page.*"}),
    ("https://to.example/chain/5", {"status": "broken", "why": "more than 5 redirects"}),
    ("https://to.example/loop", {"status": "broken", "resolves": False}),
    ("https://to.example/private", {"status": "refused", "why": "169.254.169.254 is not.*"}),
    ("https://to.example/loopback", {"status": "refused", "resolves": None}),
    ("https://to.example/file", {"status": "refused", "why": "only http and https.*"}),
    ("https://to.example/odd", {"status": "refused", "why": "a name or password.*"}),
    ("https://broken.example/", {"status": "unknown", "why": "the connection failed.*"}),
    ("https://endless.example/", {"status": "alive", "why": "page cut off after 65536.*"}),
    ("https://huge.example/", {"status": "alive", "why": "page cut off.*"}),
    ("https://bomb.example/", {"status": "alive", "why": "page cut off.*"}),
]


@pytest.fixture(scope="module")
def ladder(tmp_path_factory) -> pd.DataFrame:
    with LinkServer() as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkfetch, "BACKOFF", 0.02)
        log = tmp_path_factory.mktemp("ladder") / "log.sqlite"
        return check([url for url, _ in LADDER], log, running).set_index("url")


@pytest.mark.parametrize(("url", "expected"), LADDER)
def test_ladder(url, expected, ladder) -> None:
    row = ladder.loc[url]
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


def test_slow_hosts_end_in_time(log, server) -> None:
    checks = check(
        ["https://slow.example/never", "https://slow.example/x"], log, server, timeout=1.5
    )
    assert checks["status"].tolist() == ["unknown", "alive"]
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
    assert (checks["status"] == "alive").all() and checks["licence"].isna().all()
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


def test_urls_are_checked_once_and_keep_their_order(log, server) -> None:
    links = pd.DataFrame(
        {"paper_id": list("abc"), "url": [f"https://{h}.example/" for h in ("z", "a", "z")]}
    )
    before = links.copy()
    checks = toolkit.check_links(links, log=log, services=server.services, progress=False)
    assert checks["url"].tolist() == ["https://z.example/", "https://a.example/"]
    assert len(server.seen) == 2
    pd.testing.assert_frame_equal(links, before)
    assert toolkit.check_links(links[:0], log=log, progress=False).shape == (0, 14)


def test_retry_after_is_kept(log, server) -> None:
    row = one("https://status.example/429-then-200", log, server)
    assert row["status"] == "alive"
    first, second = server.times("status.example")
    assert second - first >= 0.99
    row = one("https://status.example/429-long", log, server)
    assert row["status"] == "unknown"
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

    assert asyncio.run(in_a_notebook())["status"].tolist() == ["alive"]


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
    assert checks["status"].tolist() == ["alive"] * 6 + ["unknown"]
    assert {host for _, host, _, _ in server.seen[asked:]} == {"slow.example"}


def test_missing_host_counts_as_gone_only_while_the_network_works(log, server) -> None:
    lost = "https://nowhere.invalid/"
    services = {"page.example": f"{server.base}/page.example"}
    row = one(lost, log, server, services=services)
    assert row["status"] == "unknown" and "is the network there" in row["why"]
    row = check([lost, "https://page.example/"], log, server, services=services).iloc[0]
    assert (row["status"], row["resolves"]) == ("gone", False)
    assert row["why"] == "no such host: nowhere.invalid"


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
        assert checks["status"].tolist() == ["broken", "broken"]
        assert checks["why"].str.startswith("the certificate is not valid").all()
        assert server.seen == []
        # The same with the authority trusted: the name is checked, not the address.
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        checks = check(urls, log, server, max_age="0s", **more)
        assert checks["status"].tolist() == ["alive", "broken"]
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
        row = {"url": "https://a.org", "status": "alive", "resolves": True, "empty": False}
        with LinkLog(log) as opened:
            opened.append([{**row, "checked_at": when, "last_push": when, "http_status": 200}])
            opened.append([{"url": "https://a.org", "status": "gone", "resolves": False}])
            assert opened.newest()["status"].tolist() == ["gone"]
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
