"""A real JupyterLab in a headless Chromium, for tests of widgets and notebooks.

>>> with Lab.start(folder) as lab:                                       # doctest: +SKIP
...     page = lab.open_notebook("05_explorer.ipynb")
...     lab.run_all(page)
...     assert lab.errors(page) == []
...     assert lab.foreign == []
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--force-color-profile=srgb"]
_LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:", "about:")
_OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
#: Milliseconds until a test gives up waiting: far more than anything takes, since a machine that
#: is busy with something else is no fault of ours.
PATIENCE = int(os.environ.get("TOOLKIT_PATIENCE", 120_000))
# Lab runs only once the kernel answers; the command resolves when the last cell has finished.
# A script that never ends would wait for ever, whatever Playwright's timeouts.
_RUN_ALL = """async (patience) => {
    const app = window.jupyterapp;
    const panel = app.shell.currentWidget;
    const run = async () => {
        await panel.context.ready;
        await panel.sessionContext.ready;
        await app.commands.execute('notebook:run-all-cells');
    };
    await Promise.race([run(), new Promise((_, fail) => setTimeout(
        () => fail(new Error(`the cells did not finish in ${patience} ms`)), patience))]);
}"""
_RUN = """async ({ code, patience }) => {
    const app = window.jupyterapp;
    const panel = app.shell.currentWidget;
    const { model } = panel.content;
    model.sharedModel.insertCell(model.cells.length, {
        cell_type: 'code', source: code, metadata: {} });
    panel.content.activeCellIndex = model.cells.length - 1;
    panel.content.deselectAll();
    await Promise.race([app.commands.execute('notebook:run-cell'), new Promise((_, fail) =>
        setTimeout(() => fail(new Error(`no end after ${patience} ms: ${code}`)), patience))]);
}"""
_STILL = """async (node) => {
    const place = () => { const b = node.getBoundingClientRect(); return [b.x, b.y, b.width]; };
    for (let same = 0, last = ''; same < 3;) {
        await new Promise(requestAnimationFrame);
        same = String(place()) === last ? same + 1 : 0;
        last = String(place());
    }
}"""
_CELLS = """() => {
    const { model } = window.jupyterapp.shell.currentWidget.content;
    const cells = [];
    for (let i = 0; i < model.cells.length; i++) {
        const cell = model.cells.get(i);
        if (cell.type !== 'code') continue;
        const outputs = [];
        for (let j = 0; j < cell.outputs.length; j++) outputs.push(cell.outputs.get(j).toJSON());
        cells.push({ source: cell.sharedModel.source, count: cell.executionCount, outputs });
    }
    return cells;
}"""


class Lab:
    """A JupyterLab server and a browser; `foreign` records requests that leave this machine."""

    def __init__(self, folder: Path, url: str, browser: Any) -> None:
        self.folder, self.url, self.browser = folder, url, browser
        self.foreign: list[str] = []
        self.console: list[str] = []
        self.forgiven: list[str] = []
        self.traffic = 0

    @classmethod
    @contextlib.contextmanager
    def start(cls, folder: Path, *, env: dict[str, str] | None = None) -> Iterator[Lab]:
        """Start server and browser; both end with the block."""
        if CHROMIUM is None:
            pytest.skip("no Chromium here (apt-get install chromium)")
        playwright = pytest.importorskip("playwright.sync_api")
        playwright.expect.set_options(timeout=PATIENCE)
        with _server(folder, env or {}) as url, playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                yield cls(folder, url, browser)
            finally:
                browser.close()

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of these code cells into the server's folder."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.folder / name)
        return name

    def new_page(self, *, width: int = 1280, height: int = 1000, **options: Any) -> Any:
        """Open a tab that can reach nothing but this machine."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        context.route("**/*", self._route)
        page = context.new_page()
        page.on("console", self._on_message)
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        page.on("websocket", self._watch)
        return page

    def open_notebook(self, name: str, *, page: Any = None, **options: Any) -> Any:
        """Open a notebook of the server's folder and wait until it can be run."""
        page = page or self.new_page(**options)
        page.goto(f"{self.url}/lab/tree/{name}?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext")
        return page

    def run_all(self, page: Any, *, timeout: float = 300.0) -> float:
        """Run all cells; return the seconds until the last had finished."""
        started = time.perf_counter()
        page.evaluate(_RUN_ALL, timeout * 1000)
        return time.perf_counter() - started

    def run(self, page: Any, code: str) -> list[dict[str, Any]]:
        """Run code in the kernel of the open notebook, in a new last cell; return its outputs."""
        page.evaluate(_RUN, {"code": code, "patience": PATIENCE})
        outputs: list[dict[str, Any]] = self.cells(page)[-1]["outputs"]
        return outputs

    def ask(self, page: Any, expression: str) -> Any:
        """Evaluate an expression in the kernel; its value must fit in JSON."""
        outputs = self.run(page, f"import json; print('@@' + json.dumps({expression}))")
        text = "".join(o.get("text", "") for o in outputs if o["output_type"] == "stream")
        assert "@@" in text, outputs
        return json.loads(text.split("@@", 1)[1])

    def cells(self, page: Any) -> list[dict[str, Any]]:
        """Return source, execution count and outputs of each code cell."""
        found: list[dict[str, Any]] = page.evaluate(_CELLS)
        return found

    def errors(self, page: Any) -> list[str]:
        """Return what went wrong in the cells, and cells that did not run."""
        wrong = []
        for i, cell in enumerate(self.cells(page)):
            if cell["source"].strip() and cell["count"] is None:
                wrong.append(f"cell {i} did not run")
            for output in cell["outputs"]:
                if output["output_type"] == "error":
                    wrong.append(f"cell {i}: {output['ename']}: {output['evalue']}")
        return wrong

    def restart_kernel(self, page: Any) -> None:
        """Restart the kernel without asking."""
        page.evaluate(
            """async () => {
                const { sessionContext } = window.jupyterapp.shell.currentWidget;
                await sessionContext.session.kernel.restart();
            }"""
        )

    def set_theme(self, page: Any, theme: str) -> None:
        """Switch Lab's theme, ``"JupyterLab Dark"`` or ``"JupyterLab Light"``."""
        page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            theme,
        )
        light = str("Light" in theme).lower()
        page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")

    def drag(self, page: Any, target: Any, *points: tuple[float, float]) -> None:
        """Drag over an element; points are shares of its width and height."""
        target.scroll_into_view_if_needed()
        # Lab may still be moving things about; a drag over where it was would miss.
        target.evaluate(_STILL)
        box = target.bounding_box()
        places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=6)
        page.mouse.up()

    def screenshot(self, page: Any, path: Path, selector: str | None = None) -> Path:
        """Save a picture of the page, or of the first element that matches."""
        target = page.locator(selector).first if selector else page
        target.screenshot(path=str(path))
        return path

    def close_pages(self) -> None:
        """Close all tabs, and end the kernels of their notebooks."""
        for context in self.browser.contexts:
            for page in context.pages:
                with contextlib.suppress(Exception):
                    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")
            context.close()

    def _route(self, route: Any) -> None:
        if route.request.url.startswith(_LOCAL):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _on_message(self, message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in self.forgiven):
            self.console.append(message.text)

    def _watch(self, socket_: Any) -> None:
        if not socket_.url.startswith(_LOCAL):
            self.foreign.append(socket_.url)

        def count(payload: Any) -> None:
            data = payload if isinstance(payload, bytes | str) else payload.get("payload", "")
            self.traffic += len(data)

        socket_.on("framereceived", count)
        socket_.on("framesent", count)


@contextlib.contextmanager
def _server(folder: Path, env: dict[str, str]) -> Iterator[str]:
    home = folder / ".lab"
    settings = home / "share/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(_OVERRIDES))
    # A free port may be another's by the time the server opens it: then the next try has another.
    for _ in range(5):
        port = _free_port()
        server = _launch(folder, home, port, env)
        url = f"http://127.0.0.1:{port}"
        if _answers(server, url):
            break
        _end(server)
    else:
        pytest.fail(f"JupyterLab did not start:\n{(home / 'server.log').read_text()[-3000:]}")
    try:
        yield url
    finally:
        _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _launch(folder: Path, home: Path, port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "jupyter", "lab", "--allow-root", "--no-browser"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.log_level=WARN"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"]
    command += [f"--LabApp.app_settings_dir={home / 'share/lab/settings'}"]
    quiet = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with (home / "server.log").open("w") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True,
            env=os.environ | quiet | env,
        )  # fmt: skip


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/api", timeout=5):
            return True
        time.sleep(0.1)
    return False


def _end(server: subprocess.Popen[bytes]) -> None:
    # The session holds the server and its kernels, and nothing else.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
