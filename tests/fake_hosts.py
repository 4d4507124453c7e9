"""A local stand-in for the hosts of code and data, with their errors and delays.

    with LinkServer() as server:
        check_links(links, log=..., services=server.services)

The first step of a path is the host it stands for; what it answers is up to `ROUTES` and to the
names of the repositories. Every request is kept in `server.seen`.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from urllib.parse import unquote

PAGE = "<!doctype html><title>{title}</title>{banner}<script>never.run()</script>{data}"
PUSHED = 1_735_689_600  # 2025-01-01, 00:00 UTC


class LinkServer:
    """Serves on 127.0.0.1 from a thread of its own."""

    def __init__(self, *, delay: float = 0.0, tls: ssl.SSLContext | None = None) -> None:
        self.delay, self._tls = delay, tls
        self.seen: list[tuple[float, str, str, dict[str, str]]] = []
        self.counts: Counter[str] = Counter()
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()

    def __enter__(self) -> LinkServer:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def base(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def services(self) -> dict[str, str]:
        return {"*": self.base}

    def times(self, host: str) -> list[float]:
        """When a host was asked."""
        return [when for when, name, _, _ in self.seen if name == host]

    def asked(self, host: str) -> list[str]:
        """The paths that a host was asked for."""
        return [path for _, name, path, _ in self.seen if name == host]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        rest = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                target = line.decode("latin-1").split(" ")[1]
                headers: dict[str, str] = {}
                while (text := (await reader.readline()).decode("latin-1").strip()) != "":
                    name, _, value = text.partition(":")
                    headers[name.lower()] = value.strip()
                host, _, path = target.lstrip("/").partition("/")
                path = "/" + path
                self.seen.append((time.monotonic(), host, path, headers))
                self.counts[f"{host}{path}"] += 1
                if self.delay:
                    await asyncio.sleep(self.delay)
                if not await self._answer(writer, host, path, headers):
                    break
        except (ConnectionError, asyncio.CancelledError, ssl.SSLError, IndexError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, host: str, path: str, headers: dict[str, str]
    ) -> bool:
        """Answer one request; False ends the connection."""
        nth = self.counts[f"{host}{path}"]
        if host == "slow.example":
            if path == "/never":
                await asyncio.sleep(60)
            while path == "/headers":
                writer.write(b"HTTP/1.1 200 OK\r\n" if nth else b"X-More: a\r\n")
                await writer.drain()
                nth = 0
                await asyncio.sleep(0.3)
            await _send(writer, 200, b"", {"Content-Length": "100000"})
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.1)
        if host == "endless.example":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
        if host == "broken.example":
            writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")
            await writer.drain()
            return False
        status, more, body = respond(host, unquote(path), nth, headers)
        await _send(writer, status, body, more)
        return True


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, more: dict[str, str]
) -> None:
    head = {"Content-Type": "text/html", "Content-Length": str(len(body)), **more}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode("latin-1") + body)
    await writer.drain()


def respond(
    host: str, path: str, nth: int, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """What a host says: status, headers, body."""
    if host == "status.example":
        return _by_status(path, nth)
    if host == "to.example":
        target = {
            "/private": "http://169.254.169.254/latest/meta-data/",
            "/loopback": "http://127.0.0.1:9/",
            "/loop": "/loop",
            "/file": "file:///etc/passwd",
            "/chain/0": "https://page.example/end",
            "/front/a/b": "/",
            "/odd": "http://user:secret@page.example/",
        }.get(path)
        if path.startswith("/chain/") and path != "/chain/0":
            target = f"/chain/{int(path[7:]) - 1}"
        return (302, {"Location": target}, b"") if target else (200, {}, b"front")
    if host == "huge.example":
        return 200, {}, b"<p>" + b"<div>" * 1_000_000
    if host == "bomb.example":
        import gzip

        return 200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000)
    if host == "blank.example":
        return 200, {}, b""
    if host == "refresh.example":
        target = {
            "/new": "https://page.example/end",
            "/gone": "/missing",
            "/private": "http://192.168.0.1/",
            "/loop": "/back",
            "/back": "/loop",
        }.get(path)
        if target is None:
            return 200, {}, b"<title>Page not found</title><h1>Page not found</h1>"
        return 200, {}, f'<meta http-equiv="refresh" content="0; url={target}">'.encode()
    if host == "shop.example":
        return 200, {}, b"<title>shop.example is for sale</title>"
    if host == "challenge.example":
        return 403, {"cf-mitigated": "challenge"}, b"<title>Just a moment...</title>"
    if host == "files.example":
        return 200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 <title>404 Not Found</title>"
    if host == "github.com":
        return _github(path)
    if host == "api.github.com":
        return _github_api(path, headers)
    if host == "archive.softwareheritage.org":
        kept = "oak" in path or "dead" in path
        return (200 if kept else 404), {"Content-Type": "application/json"}, b"{}"
    if host == "raw.githubusercontent.com":
        known = path == "/lantern/raw/HEAD/README.md"
        return (200, {}, b"# Raw\n\n## Usage\n\n    ./run.sh") if known else (404, {}, b"")
    if host in _OTHERS:
        return _others(host, path)
    return 200, {}, b"<h1>A page</h1>"


_OTHERS = (
    "gitlab.com", "api.bitbucket.org", "bitbucket.org", "huggingface.co", "zenodo.org",
    "codeberg.org", "osf.io", "api.osf.io", "anonymous.4open.science",
)  # fmt: skip


def _by_status(path: str, nth: int) -> tuple[int, dict[str, str], bytes]:
    name = path.strip("/").partition("?")[0]
    if name == "429-then-200":
        return (429, {"Retry-After": "1"}, b"") if nth == 1 else (200, {}, b"ok")
    if name == "429-long":
        return 429, {"Retry-After": "7200"}, b""
    if name == "500-then-200":
        return (500, {}, b"") if nth == 1 else (200, {}, b"ok")
    return int(name), {}, b"words"


def github_page(
    names: list[str],
    *,
    licence: str | None = None,
    banner: str = "",
    empty: bool = False,
    readme: str | None = "<h1>x</h1><p>An invented tool.</p>",
) -> bytes:
    """A repository page with the data that GitHub's own script reads, in its present shape."""
    tabs = [{"preferredFileType": "readme", "tabName": "README", "richText": readme}]
    if licence:
        tabs.append({"preferredFileType": "license", "tabName": licence})
    data = {
        "props": {
            "initialPayload": {
                "repo": {"name": "x", "isEmpty": empty},
                "refInfo": {"name": "main", "listCacheKey": f"v0:{PUSHED}.0"},
                "tree": {
                    "items": [
                        {
                            "name": name.rstrip("/"),
                            "contentType": "directory" if name.endswith("/") else "file",
                        }
                        for name in names
                    ]
                },
                "overview": {"overviewFiles": tabs},
            }
        }
    }
    mark = '<script type="application/json" data-target="react-partial.embeddedData">'
    text = PAGE.format(title="x", banner=banner, data=f"{mark}{json.dumps(data)}</script>")
    return text.encode()


def _github(path: str) -> tuple[int, dict[str, str], bytes]:
    name = path.strip("/")
    if name.startswith("lantern/oldname"):
        return 301, {"Location": path.replace("oldname", "oak")}, b""
    if name.startswith("lantern/oak/") and "missing" not in name:
        return 200, {}, b"<p>a file</p>"
    pages = {
        "lantern/oak": github_page(["README.md", "train.py", "LICENSE"], licence="MIT"),
        "lantern/empty": github_page([], empty=True),
        "lantern/readme-only": github_page(["README.md", "assets", "teaser.png"]),
        "lantern/readonly": github_page(
            ["src", "README.md"],
            banner="<div>This repository has been archived by the owner.</div>",
        ),
        "lantern/boast": github_page(["src", "archived by the owner.md"]),
        "lantern/soon": github_page(
            ["README.md", "model.py", "figs/"],
            readme="<h1>Soon</h1><p>The code will be released upon acceptance.</p>",
        ),
        "lantern/full": github_page(
            ["README.md", "LICENSE", "src/", "tests/", ".github/", "uv.lock", "Dockerfile"],
            licence="BSD-3-Clause",
            readme=(
                "<h1>Full</h1><p>Weights are at "
                '<a href="https://huggingface.co/lantern/full">Hugging Face</a>.</p>'
                '<p><a href="https://doi.org/10.5281/zenodo.5">DOI</a></p>'
                "<h2>Usage</h2><pre>python run.py</pre>"
            ),
        ),
        "lantern/raw": github_page(["README.md", "code/"], readme=None),
        "lantern/full/tree/HEAD/.github/workflows": b"<h1>workflows</h1>",
        "lantern/bare": b"<h1>another layout</h1>",
        "lantern/bare-quota": b"<h1>another layout</h1>",
    }
    return (200, {}, pages[name]) if name in pages else (404, {}, b"not found")


def _github_api(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    if "quota" in path:
        reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 1800)}
        return 403, reset, b'{"message": "rate limit"}'
    if path.endswith("/contents/"):
        return 200, {}, json.dumps([{"name": "README.md"}, {"name": "run.py"}]).encode()
    data = {
        "archived": True,
        "pushed_at": "2023-05-06T07:08:09Z",
        "license": {"spdx_id": "Apache-2.0"},
        "size": 12,
        "seen_token": headers.get("authorization"),
    }
    return 200, {}, json.dumps(data).encode()


def _others(host: str, path: str) -> tuple[int, dict[str, str], bytes]:
    answers: dict[str, object] = {
        "gitlab.com/group/sub/tool": "page",
        "gitlab.com/api/v4/projects/group/sub/tool?license=true": {
            "archived": False,
            "last_activity_at": "2024-02-03T04:05:06.000+02:00",
            "empty_repo": False,
            "license": {"key": "gpl-3.0"},
        },
        "gitlab.com/api/v4/projects/group/sub/tool/repository/tree?per_page=100": [
            {"name": "main.c"}
        ],
        "gitlab.com/users/sign_in": "page",
        "bitbucket.org/lab/kit": "page",
        "api.bitbucket.org/2.0/repositories/lab/kit": {
            "updated_on": "2022-01-01T00:00:00+00:00",
            "mainbranch": {"name": "main"},
        },
        "api.bitbucket.org/2.0/repositories/lab/kit/src/?pagelen=100": {
            "values": [{"path": "LICENSE.txt"}, {"path": "kit.py"}]
        },
        "huggingface.co/lab/model": "page",
        "huggingface.co/api/models/lab/model": {
            "lastModified": "2025-03-04T00:00:00.000Z",
            "tags": ["pytorch", "license:mit"],
            "siblings": [{"rfilename": "README.md"}, {"rfilename": "model.safetensors"}],
            "disabled": False,
        },
        "huggingface.co/datasets/lab/facts": "page",
        "huggingface.co/api/datasets/lab/facts": {
            "lastModified": "2025-03-05T00:00:00.000Z",
            "tags": [],
            "siblings": [{"rfilename": ".gitattributes"}, {"rfilename": "README.md"}],
        },
        "codeberg.org/lab/oak": "page",
        "codeberg.org/api/v1/repos/lab/oak": {
            "archived": False,
            "empty": False,
            "updated_at": "2025-06-07T08:09:10Z",
            "licenses": ["EUPL-1.2"],
            "release_counter": 2,
        },
        "codeberg.org/api/v1/repos/lab/oak/contents": [
            {"name": "README.md", "type": "file"},
            {"name": "renv.lock", "type": "file"},
            {"name": "vignettes", "type": "dir"},
            {"name": ".woodpecker.yml", "type": "file"},
        ],
        "codeberg.org/api/v1/repos/lab/oak/raw/README.md": "page",
        "osf.io/abcd5": "page",
        "api.osf.io/v2/guids/abcd5/": {"data": {"type": "nodes"}},
        "osf.io/zzzz9": "page",
        "anonymous.4open.science/r/oak-1": "page",
        "anonymous.4open.science/api/repo/oak-1/options": {"url": None},
        "anonymous.4open.science/api/repo/oak-1/files": [
            {"path": "", "name": "README.md"},
            {"path": "code", "name": "run.py"},
            {"path": "tests", "name": "test_run.py"},
        ],
        "anonymous.4open.science/api/repo/oak-1/file/README.md": "page",
        "anonymous.4open.science/r/oak-2": "page",
        "zenodo.org/records/123": "page",
        "zenodo.org/api/records/123": {
            "modified": "2024-09-10T00:00:00+00:00",
            "metadata": {"access_right": "open", "license": {"id": "cc-by-4.0"}},
            "files": [{"key": "data.zip"}],
        },
    }
    if host == "gitlab.com" and path == "/group/hidden":
        return 302, {"Location": "https://gitlab.com/users/sign_in"}, b""
    if host == "huggingface.co" and path.startswith("/lab/gone"):
        return 401, {}, b"Repository not found"
    if path == "/api/repo/oak-2/options":
        return 410, {}, b'{"error": "repository_expired"}'
    found = answers.get(host + path)
    if found is None:
        return 404, {}, b"{}"
    return 200, {}, b"<h1>page</h1>" if found == "page" else json.dumps(found).encode()
