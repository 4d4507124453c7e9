#!/usr/bin/env bash
# Writes the two lock files (pins and hashes, no addresses) from pyproject.toml. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
uv lock --quiet "$@"
flags=(--quiet --frozen --no-emit-project --no-header --no-annotate --no-emit-index-url --no-dev)
uv export "${flags[@]}" > requirements.lock
uv export "${flags[@]}" --extra dev --extra dask > requirements-dev.lock
