#!/usr/bin/env bash
# Writes the lock files (pins and hashes, no addresses) from pyproject.toml; needs uv, and Python 3.11
# or newer. `scripts/lock.sh --upgrade` takes the newest versions. Afterwards run
# scripts/check_platforms.py, and scripts/licences.py with the environment's Python.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
uv lock --quiet "$@"
flags=(--quiet --frozen --no-emit-project --no-header --no-annotate --no-emit-index-url --no-dev)
uv export "${flags[@]}" > requirements.lock
uv export "${flags[@]}" --extra dev --extra dask > requirements-dev.lock

# What the optional groups `classic` and `docs` add to the light lock and to the one for development.
# `classic` is resolved outside the project, whose settings exclude it.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$folder" <<'PYTHON'
import re
import sys
import tomllib
from pathlib import Path

folder = Path(sys.argv[1])
extras = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
for group, base in {"classic": "requirements.lock", "docs": "requirements-dev.lock"}.items():
    (folder / f"{group}.in").write_text("\n".join(extras[group]))
    pins = re.findall(r"^[a-z0-9_.-]+==[^\\\n]+", Path(base).read_text(), re.MULTILINE)
    (folder / f"{group}.pins").write_text("\n".join(pins))
PYTHON
for group in classic docs; do
    (cd "$folder" && uv pip compile $group.in --quiet --constraints $group.pins --universal --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url --generate-hashes --fork-strategy fewest \
        --output-file $group.out >/dev/null)
done

# The first line of each says how much there is to download (Linux x86-64, Python 3.11).
python3 - "$folder" <<'PYTHON'
import re
import sys
import tomllib
from pathlib import Path

PIN = re.compile(r"^([a-z0-9_.-]+)==", re.MULTILINE)
for group, base in {"classic": "requirements.lock", "docs": "requirements-dev.lock"}.items():
    there = set(PIN.findall(Path(base).read_text()))
    text = (Path(sys.argv[1]) / f"{group}.out").read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    added = [block for block in blocks if (name := PIN.match(block)) and name[1] not in there]
    Path(f"requirements-{group}.lock").write_text("".join(added))

wheel = re.compile(r"-(py3|py2\.py3|cp311|cp3\d+-abi3)-.*(any|linux_.*x86_64|linux.*_x86_64)\.whl$")
sizes = {}
for package in tomllib.loads(Path("uv.lock").read_text())["package"]:
    found = [w["size"] for w in package.get("wheels", ()) if wheel.search(w["url"])]
    found += [package["sdist"]["size"]] if not found and "sdist" in package else []
    sizes[package["name"]] = max(found, default=0)
for lock in ("requirements.lock", "requirements-dev.lock"):
    text = Path(lock).read_text()
    pins = PIN.findall(text)
    head = f"{len(pins)} packages, about {sum(sizes[name] for name in pins) / 1e6:.0f} MB to download"
    Path(lock).write_text(f"# {head}\n{text}")
    print(f"{lock}: {head}")
PYTHON
