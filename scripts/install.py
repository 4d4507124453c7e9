"""Install a lock file and the toolkit itself into the environment this Python belongs to.

    .venv/bin/python scripts/install.py requirements.lock

Needs nothing but the standard library and pip. Says how much is to come and how far it is; after
Ctrl-C or a broken connection the next run goes on where this one stopped.
"""

import contextlib
import importlib.util
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: JupyterLab would ask about news, and look for updates on the network.
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
#: What a first notebook imports, and JupyterLab itself.
FIRST_USE = """
import ipykernel.kernelapp, jupyterlab.labapp, nbconvert, matplotlib.pyplot
import toolkit
papers = toolkit.load_sample("trending-page")
topics = toolkit.fit_topics(papers)
toolkit.plots, toolkit.Explorer, toolkit.availability, toolkit.topic_trends, toolkit.report
"""
#: Seconds between two lines of progress where the output is no terminal.
PAUSE = 3.0


def pins(text: str) -> list[str]:
    """Return the pins of a lock file that apply to this platform and Python."""
    lines = [line.strip() for line in re.findall(r"^[a-z0-9_.-]+==[^\\\n]+", text, re.MULTILINE)]
    try:
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        return lines
    markers = [Requirement(line).marker for line in lines]
    return [line for line, marker in zip(lines, markers) if marker is None or marker.evaluate()]


def download_size(text: str) -> float:
    """Return the megabytes to download, as scripts/lock.sh wrote them into the first line."""
    told = re.match(r"# .*?(\d+) MB", text)
    return float(told[1]) if told else 0.0


def packages_folder() -> Path:
    return Path(sysconfig.get_path("purelib"))


def installed() -> int:
    """Count the packages that are installed completely: pip writes INSTALLER at the end."""
    return len(list(packages_folder().glob("*.dist-info/INSTALLER")))


def remove_half_installed() -> None:
    """Forget packages whose installation was interrupted, so that pip installs them again."""
    for folder in packages_folder().glob("*.dist-info"):
        if not (folder / "INSTALLER").exists() or not (folder / "RECORD").exists():
            shutil.rmtree(folder)


class Progress:
    """One line of progress: redrawn in a terminal, else a new line every few seconds."""

    def __init__(self, total: int, megabytes: float) -> None:
        self.total, self.megabytes = total, megabytes
        self.began, self.shown, self.width = time.monotonic(), 0.0, 0
        self.collected, self.loaded, self.stage = 0, 0.0, ""
        self.name, self.before = "", installed()

    def read(self, line: str) -> None:
        """Take in a line of pip's output."""
        if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
            self.collected, self.name = self.collected + 1, found[1]
        elif found := re.match(r"\s+(?:Downloading|Using cached) .*\(([\d.]+) ([kM])B\)", line):
            self.loaded += float(found[1]) / (1000 if found[2] == "k" else 1)
        elif line.startswith("Installing collected packages") and not self.stage:
            self.stage = "unpacking"

    def text(self) -> str:
        """Say how far it is."""
        seconds = time.monotonic() - self.began
        if self.stage == "unpacking":
            done = min(self.total, max(installed() - self.before, 0))
            if done == self.total:
                return f"  finishing, {seconds:.0f} s"
            return f"  unpacking: {done} of {self.total} packages, {seconds:.0f} s"
        if self.stage:
            return f"  {self.stage}, {seconds:.0f} s"
        of = f" of about {self.megabytes:.0f}" if self.megabytes else ""
        return (
            f"  downloading: {self.collected} of {self.total} packages, {self.loaded:.0f}{of} MB, "
            f"{seconds:.0f} s  {self.name}"
        )

    def show(self) -> None:
        """Print the line, or redraw it."""
        now = time.monotonic()
        if sys.stdout.isatty():
            text = self.text()[: shutil.get_terminal_size().columns - 1]
            print("\r" + text.ljust(self.width), end="", flush=True)
            self.width = len(text)
        elif now - self.shown >= PAUSE or not self.shown:
            print(self.text(), flush=True)
            self.shown = now

    def end(self) -> None:
        """Clear the line."""
        if sys.stdout.isatty():
            print("\r" + " " * self.width, end="\r", flush=True)


def run(command: list[str], progress: Progress, env: dict[str, str] | None = None) -> str:
    """Run a command and show progress; return its last lines where it fails."""
    lines: queue.Queue[str | None] = queue.Queue()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:

        def read() -> None:
            for line in process.stdout or ():
                lines.put(line)
            lines.put(None)

        threading.Thread(target=read, daemon=True).start()
        said: list[str] = []
        while True:
            with contextlib.suppress(queue.Empty):
                line = lines.get(timeout=0.5)
                if line is None:
                    break
                said.append(line)
                progress.read(line)
            progress.show()
    progress.end()
    return "".join(said[-25:]) or "(no message)" if process.returncode else ""


def pip(*arguments: str, progress: Progress) -> None:
    """Let pip install; stop with its message where it fails."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    if message := run([*command, *arguments], progress):
        sys.exit(
            f"{message}pip could not install {arguments[-1]}; its last lines stand above. "
            "What is installed stays: the same command goes on from there."
        )


def compile_first_use(progress: Progress) -> None:
    """Compile what a first notebook imports: a quarter of all modules, and the rest stays small."""
    progress.stage = "preparing the first start"
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run([sys.executable, "-c", FIRST_USE], progress, variables)


def ensure_pip() -> None:
    """Bring pip where making the environment was interrupted before it."""
    if importlib.util.find_spec("pip") is None:
        print("The environment has no pip yet (interrupted?): adding it", flush=True)
        subprocess.run([sys.executable, "-m", "ensurepip", "--upgrade"], check=True)
        importlib.invalidate_caches()


def next_steps() -> str:
    if sys.platform == "win32":
        return "Next: .venv\\Scripts\\python scripts\\lab.py opens JupyterLab on the start notebook"
    return "Next: `make lab` opens JupyterLab on the start notebook; `make help` lists the rest"


def main(lock: str) -> None:
    """Install the pins of `lock` (no resolving, hashes checked), then the toolkit, editable."""
    began = time.monotonic()
    ensure_pip()
    remove_half_installed()
    text = (ROOT / lock).read_text()
    wanted, megabytes = pins(text), download_size(text)
    size = f", about {megabytes:.0f} MB to download" if megabytes else ""
    print(f"Installing {lock}: {len(wanted)} packages{size}; once only", flush=True)
    progress = Progress(len(wanted), megabytes)
    progress.show()
    # Not all modules are compiled but those that are used: half the time, 200 MB less.
    pip("--no-deps", "--no-compile", "-r", lock, progress=progress)
    progress.stage = "installing the toolkit itself"
    pip("--no-deps", "-e", ".", progress=progress)
    compile_first_use(progress)
    settings = Path(sys.prefix, "share", "jupyter", "lab", "settings")
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET, indent=1))
    print(f"Done in {time.monotonic() - began:.0f} s. {next_steps()}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("\nStopped. Nothing is lost: the same command goes on from here.")
