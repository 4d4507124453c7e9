"""Kill updates at every step, and see whether the next one ends with the same folder.

Run as a program: ``kill_updates.py TEMPLATE WORK DAY EVERY``. An update of a copy of the folder
TEMPLATE runs in a child process, which kills itself (SIGKILL) before the n-th of its operations on
files of the folder; then an update runs to its end. Prints, as JSON, the number of kills, and what
differed from an update that nobody disturbed. Of the operations, each `EVERY`-th is tried.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from toolkit.storage.manifest import FILE_NAME
from toolkit.updates.updating import run_update

_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}


def content(folder: Path) -> dict[str, str]:
    """Return the bytes of each file that counts: no locks, and nothing that a save left behind."""
    named: set[str] = set()
    for manifest in folder.rglob("manifest.json"):
        files = json.loads(manifest.read_bytes())["files"]
        named |= {str(manifest.parent / entry["name"]) for entry in files.values()}
    found = {}
    for path in sorted(folder.rglob("*")):
        left = path.name.startswith(".") or (
            FILE_NAME.fullmatch(path.name) and str(path) not in named
        )
        if path.is_file() and not left:
            found[str(path.relative_to(folder))] = path.read_bytes().hex()
    return found


def killed(folder: Path, day: str, before: int) -> bool:
    """Run an update that is killed before its n-th operation; return whether it was."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: Any) -> None:
            nonlocal seen
            if event in _EVENTS and str(folder) in str(arguments[0]):
                seen += 1
                if seen == before:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            run_update(folder, today=day)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the update failed before it was killed")
    return os.WIFSIGNALED(status)


def main() -> None:
    """Try all kills."""
    template, work, day, every = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    # Under one name, since a page may name its folder.
    place = work / "mine"
    shutil.copytree(template, place)
    run_update(place, today=day)
    whole = content(place)
    before, wrong = 1, []
    while True:
        shutil.rmtree(place)
        shutil.copytree(template, place)
        if not killed(place, day, before):
            break
        run_update(place, today=day)
        now = content(place)
        wrong += [
            f"killed before operation {before}: {name}"
            for name in sorted({*whole, *now})
            if whole.get(name) != now.get(name)
        ]
        before += every
    print(json.dumps({"kills": (before - 1) // every, "wrong": wrong, "files": sorted(whole)}))


if __name__ == "__main__":
    main()
