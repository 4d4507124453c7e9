"""Build the documentation site with Sphinx, into site/: `make docs`.

    python scripts/build_docs.py [--no-run] [--output FOLDER]

Notebooks, how-to pages and figures are executed; outputs are kept in .cache/ and made again when
the page or the toolkit changes. `--no-run` builds the pages without outputs, to check the links.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS, CACHE = ROOT / "docs", ROOT / ".cache"
#: Made in the tree by Sphinx's extensions, from other sources.
MADE = ("gallery", "reference/made")


def forget_outdated(state: str) -> None:
    """Remove what was made by another state of the toolkit; sphinx-gallery would keep it."""
    mark = CACHE / "docs_state"
    if mark.exists() and mark.read_text() == state:
        return
    for folder in MADE:
        shutil.rmtree(DOCS / folder, ignore_errors=True)
    shutil.rmtree(CACHE / "docs_trees", ignore_errors=True)
    CACHE.mkdir(exist_ok=True)
    mark.write_text(state)


def main(arguments: list[str] | None = None) -> int:
    """Build; return the exit status. Warnings and broken links are errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--no-run", action="store_true", help="execute nothing")
    parser.add_argument("--output", type=Path, default=ROOT / "site", help="folder of the site")
    asked = parser.parse_args(arguments)
    os.environ["PAPERSCOPE_DOCS_EXECUTE"] = "off" if asked.no_run else "cache"
    sys.path.insert(0, str(DOCS / "_ext"))
    from check_site import find_missing_figures, find_problems
    from executed_pages import state_of_toolkit
    from sphinx.cmd.build import main as sphinx

    forget_outdated(state_of_toolkit() + (" without outputs" if asked.no_run else ""))
    began = time.monotonic()
    flags = ["-b", "html", "-n", "-W", "--keep-going", "-q", "-d", str(CACHE / "docs_trees")]
    status = sphinx([*flags, str(DOCS), str(asked.output)])
    if status:
        return status
    problems = find_problems(asked.output)
    problems += [] if asked.no_run else find_missing_figures(asked.output)
    print(*problems, f"{asked.output / 'index.html'}: {time.monotonic() - began:.0f} s", sep="\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
