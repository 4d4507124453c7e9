"""Check that every pin of the lock files has a wheel for each platform and Python version.

    python scripts/check_platforms.py [LOCK ...]

Asks the package index through uv (needs `uv` on the PATH), downloads no wheel and installs
nothing. Prints a table and the packages without a wheel; the exit code is 1 where one is missing.
"""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: A name for people, and uv's name for the platform.
PLATFORMS = {
    "Linux x86-64": "x86_64-unknown-linux-gnu",
    "Linux arm64": "aarch64-unknown-linux-gnu",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
    "Windows": "x86_64-pc-windows-msvc",
}


def pins(lock: Path) -> list[str]:
    """Return the pins of a lock file with their markers, without the hashes."""
    lines = re.findall(r"^[a-z0-9_.-]+==[^\\\n]+", lock.read_text(), re.MULTILINE)
    return [line.strip() for line in lines]


def have_wheels(requirements: list[str], platform: str, python: str) -> bool:
    """Return whether uv finds a wheel for each of the requirements that apply."""
    command = ["uv", "pip", "compile", "-", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-python-downloads"]
    command += ["--python-platform", platform, "--python-version", python]
    text = "\n".join(requirements)
    return not subprocess.run(command, input=text, capture_output=True, text=True).returncode


def missing(requirements: list[str], platform: str, python: str) -> list[str]:
    """Return the requirements without a wheel, by halves: most have one."""
    if have_wheels(requirements, platform, python):
        return []
    if len(requirements) == 1:
        return requirements
    middle = len(requirements) // 2
    halves = requirements[:middle], requirements[middle:]
    return [pin for half in halves for pin in missing(half, platform, python)]


def main(locks: list[str]) -> int:
    bad = 0
    for lock in locks or ["requirements.lock", "requirements-dev.lock"]:
        requirements = pins(ROOT / lock)
        combinations = [(name, python) for name in PLATFORMS for python in PYTHONS]
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda c: missing(requirements, PLATFORMS[c[0]], c[1]), combinations)
            found = dict(zip(combinations, answers))
        print(f"{lock}: {len(requirements)} packages\n")
        print(f"{'':14}" + "".join(f"{python:>8}" for python in PYTHONS))
        for name in PLATFORMS:
            cells = [found[name, python] for python in PYTHONS]
            print(f"{name:14}" + "".join(f"{len(c) or 'ok':>8}" for c in cells))
        for (name, python), without in found.items():
            for pin in without:
                print(f"no wheel: {pin} for {name}, Python {python}")
        bad += sum(map(len, found.values()))
        print()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
