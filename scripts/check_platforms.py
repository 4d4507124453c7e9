"""Check that every pin of the lock files has a wheel for each platform and Python version.

    python scripts/check_platforms.py [LOCK ...]

Takes requirements-dev.lock, which holds the light lock, where none is given. Asks the package
index through uv (needs `uv` on the PATH), downloads no wheel and installs nothing. Prints the
packages without a wheel and a table; the exit code is 1 where one is missing.
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
    for lock in locks or ["requirements-dev.lock"]:
        requirements = pins(ROOT / lock)
        combinations = [(name, python) for name in PLATFORMS for python in PYTHONS]
        print(f"{lock}: {len(requirements)} packages", flush=True)
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(
                lambda place, pins: missing(pins, PLATFORMS[place[0]], place[1]),
                combinations,
                [requirements] * len(combinations),
            )
            cells = []
            for (name, python), without in zip(combinations, answers):
                cells.append(f"{len(without) or 'ok':>6}")
                for pin in without:
                    print(f"no wheel: {pin} for {name}, Python {python}", flush=True)
                bad += len(without)
        print(f"\n{'':14}" + "".join(f"{python:>6}" for python in PYTHONS))
        for number, name in enumerate(PLATFORMS):
            row = cells[number * len(PYTHONS) : (number + 1) * len(PYTHONS)]
            print(f"{name:14}" + "".join(row))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
