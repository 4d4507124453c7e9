"""Write docs/licences.md: the licence of every package of the light lock.

    .venv/bin/python scripts/licences.py

Read from the metadata of the installed packages; tests/test_project.py compares the names with the
lock. Run it after scripts/lock.sh, in an environment with the new pins.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "licences.md"
#: Packages of other platforms or Python versions; read from their wheels.
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "lazy-importer": "MIT",
    "overrides": "Apache-2.0",
    "pywinpty": "MIT",
    "zipp": "MIT",
}
#: Licences whose metadata say less than their text, or a whole page.
TEXT = {
    "igraph": "GPL-2.0-or-later",
    "pypdfium2": "BSD-3-Clause, Apache-2.0",
    "matplotlib": "matplotlib licence (PSF-based)",
}
SHORT = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "2-clause BSD": "BSD-2-Clause",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
HEAD = """# Licences of the packages that the toolkit uses

The toolkit's own code is under the MIT licence ([LICENSE](../LICENSE)). `make lab` installs the
packages below beside it; each stays under its own licence, and none of their code is in this
repository. Written by `scripts/licences.py` from the packages' metadata; their own files have the
last word.
"""
GPL = """
## What the GPL means here

These packages are under the GNU General Public License: {names}. The toolkit imports them when
topics are fitted.

- Using the toolkit, publishing results, figures and notebooks, changing it for yourself: the GPL
  asks nothing of you. What the program computes is yours.
- Passing on the toolkit's code alone (this repository, a fork): MIT, as it stands.
- Passing on **the whole**, the toolkit together with these packages (a container image, an
  installer, a copied `.venv`): the whole goes out under the GPL, so you pass on or offer the source
  of all of it and may add no restriction. The MIT licence allows that.
- Running it as a service for others is not passing it on.
"""
MPL = """
## Weak copyleft

These are, wholly or in part, under the Mozilla Public License 2.0: {names}. Only changes to their
own files must be published; what is used beside them keeps its licence.
"""


def licence(name: str) -> str:
    """Return the licence of an installed package, short; empty where its metadata say none."""
    if name in TEXT:
        return TEXT[name]
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    if expression := facts.get("License-Expression"):
        return expression
    told = (facts.get("License") or "").strip()
    classes = [c.split(" :: ")[-1] for c in facts.get_all("Classifier") or () if "License ::" in c]
    short = [SHORT.get(text, text) for text in (told, *classes)]
    return next((t for t in short if t and t != "UNKNOWN" and "\n" not in t and len(t) < 40), "")


def page(names: list[str], licences: dict[str, str]) -> str:
    """Return the page for these packages."""
    lines = [HEAD, "| package | licence |", "|---|---|"]
    lines += [f"| {name} | {licences[name]} |" for name in names]
    text = "\n".join(lines) + "\n"
    for words, mark in ((GPL, "GPL-"), (MPL, "MPL-")):
        if found := [name for name in names if mark in licences[name].replace("LGPL-", "")]:
            text += words.format(names=", ".join(found))
    return text


def main() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    names = re.findall(r"^([a-z0-9_.-]+)==", lock, re.MULTILINE)
    licences = {name: licence(name) for name in names}
    if unknown := [name for name in names if not licences[name]]:
        raise SystemExit(f"no licence known of {', '.join(unknown)}: look it up, add it to TEXT")
    TARGET.write_text(page(names, licences), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(names)} packages")


if __name__ == "__main__":
    main()
