#!/usr/bin/env bash
# Writes the two lock files (pins and hashes, no addresses) from pyproject.toml. Needs uv.
# `scripts/lock.sh --upgrade` takes the newest versions. Then run scripts/check_platforms.py and
# scripts/licences.py.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
uv lock --quiet "$@"
flags=(--quiet --frozen --no-emit-project --no-header --no-annotate --no-emit-index-url --no-dev)
uv export "${flags[@]}" > requirements.lock
uv export "${flags[@]}" --extra dev --extra dask > requirements-dev.lock
# The first line of each says how much there is to download (Linux x86-64, Python 3.11).
python3 - <<'PYTHON'
import re
import tomllib
from pathlib import Path

wheel = re.compile(r"-(py3|py2\.py3|cp311|cp3\d+-abi3)-?.*-(any|manylinux.*x86_64|.*linux_.*x86_64)\.whl$")
sizes = {}
for package in tomllib.loads(Path("uv.lock").read_text())["package"]:
    found = [w["size"] for w in package.get("wheels", ()) if wheel.search(w["url"])]
    found += [package["sdist"]["size"]] if not found and "sdist" in package else []
    sizes[package["name"]] = max(found, default=0)
for lock in map(Path, ("requirements.lock", "requirements-dev.lock")):
    text = lock.read_text()
    pins = re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE)
    total = sum(map(sizes.__getitem__, pins)) / 1e6
    lock.write_text(f"# {len(pins)} packages, about {total:.0f} MB to download\n{text}")
    print(f"{lock}: {len(pins)} packages, {total:.0f} MB to download")
PYTHON
