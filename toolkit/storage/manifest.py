"""The manifest of a collection folder: what is in it, and whether it can be trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from toolkit.errors import DataError

FORMAT = "paper-toolkit collection"
#: Folders of a later version are refused: they may mean something else by the same names.
VERSION = 1
MANIFEST = "manifest.json"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
#: Endings of files that `toolkit.load` may read.
_EXPORTS = frozenset(
    ".csv .tsv .txt .xlsx .bib .ris .json .jsonl .xml .atom .html .htm .parquet .gz .zip".split()
)
_MANIFEST_LIMIT = 4_000_000
AGAIN = "Get the folder again, or save it anew with toolkit.save_collection"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a collection folder.

    Raises
    ------
    DataError
        There is none, it is damaged or newer, or names a file outside the folder.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        what = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise DataError(
            what, source=folder, hint="A collection is a folder; files go to toolkit.load(path)"
        )
    if not path.is_file():
        raise DataError(
            f"not a collection: it holds no {MANIFEST}",
            source=folder,
            found=sorted(item.name for item in folder.iterdir())[:6],
            expected="a folder written by toolkit.save_collection",
            hint=_what_to_load(folder),
        )
    try:
        if path.stat().st_size > _MANIFEST_LIMIT:
            raise ValueError(f"{path.stat().st_size} bytes are too many")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise DataError(
            f"the manifest cannot be read ({error})", source=path, expected="JSON", hint=AGAIN
        ) from error
    _check_manifest(manifest, path)
    return dict(manifest)


def _what_to_load(folder: Path) -> str:
    """Say how the files that a folder holds instead of a collection are loaded."""
    inside = sorted(item.parent.name for item in folder.glob(f"*/{MANIFEST}"))
    if inside:
        return f'There are collections in it: toolkit.load("{folder / inside[0]}")'
    kinds = sorted({item.suffix for item in folder.iterdir() if item.suffix.lower() in _EXPORTS})
    patterns = [f'"{folder / ("*" + kind)}"' for kind in kinds]
    if not patterns:
        return "Files of other kinds are read with toolkit.load(path)"
    given = patterns[0] if len(patterns) == 1 else f"[{', '.join(patterns)}]"
    return f"Load the files in it together: toolkit.load({given})"


def _check_manifest(manifest: Any, path: Path) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DataError(
            "not the manifest of a collection",
            source=path,
            found=manifest.get("format") if isinstance(manifest, dict) else manifest,
            expected=f'"format": "{FORMAT}"',
            hint="Load a folder written by toolkit.save_collection",
        )
    version = manifest.get("version")
    if not isinstance(version, int) or version < 1:
        raise DataError("no version", source=path, column="version", found=version, hint=AGAIN)
    if version > VERSION:
        raise DataError(
            "a newer toolkit saved this collection",
            source=path,
            column="version",
            found=version,
            expected=f"at most {VERSION}",
            hint="Update the toolkit to read it",
        )
    files, checksums = manifest.get("files"), manifest.get("checksums")
    if (
        not isinstance(files, dict)
        or not isinstance(checksums, dict)
        or not isinstance(manifest.get("counts"), dict)
        or "papers" not in files
    ):
        raise DataError(
            "the manifest is incomplete",
            source=path,
            found=sorted(manifest),
            expected="files (with papers), checksums and counts",
            hint=AGAIN,
        )
    for name in files.values():
        if not isinstance(name, str) or not _PLAIN_NAME.fullmatch(name):
            raise DataError(
                "the manifest names a file outside its folder",
                source=path,
                column="files",
                found=name,
                expected="a plain file name",
                hint="Do not trust this folder; " + AGAIN[0].lower() + AGAIN[1:],
            )
