"""The manifest of a folder: its kind, its files and their checksums."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from toolkit.errors import DataError

FORMAT = "toolkit folder"
#: A folder of another version is refused: the same names may mean something else in it.
VERSION = 2
MANIFEST = "manifest.json"
_LIMIT = 4_000_000
#: Names of the files beside the manifest: a role, and the start of the SHA-256 of the content.
FILE_NAME = re.compile(r"[A-Za-z0-9-]{1,60}-[0-9a-f]{12}\.parquet")
#: What messages call each kind, and the functions that save and load it.
_KINDS = {
    "collection": ("a collection", "toolkit.save_collection", "toolkit.load_collection"),
    "topics": ("a topic model", "TopicModel.save", "toolkit.load_topics"),
}
#: The manifest in which version 1 kept topics.
_TOPICS_1 = "topics.json"
#: Endings of files that `toolkit.load` may read.
_EXPORTS = frozenset(
    ".csv .tsv .txt .xlsx .bib .ris .json .jsonl .xml .atom .html .htm .parquet .gz .zip".split()
)


def save_again(kind: str) -> str:
    """Return the hint for a damaged folder."""
    return f"Get the folder again, or save it again with {_KINDS[kind][1]}"


def read_manifest(folder: Path, kind: str) -> dict[str, Any]:
    """Read and check the manifest of a folder.

    Parameters
    ----------
    folder : Path
    kind : {"collection", "topics"}

    Returns
    -------
    dict
        What `write_folder` was given, and "files": name, sha256 and rows of each file by its role.

    Raises
    ------
    DataError
        There is no manifest, it is damaged, of another kind or version, or it names a file that
        the toolkit does not write.
    """
    path = folder / MANIFEST
    what, saver, _ = _KINDS[kind]
    if not folder.is_dir():
        raise DataError(
            "this is a file, not a folder" if folder.exists() else "there is no such folder",
            source=folder,
            expected=f"a folder written by {saver}",
            hint="Files are read with toolkit.load(path)",
        )
    if not path.is_file():
        if (folder / _TOPICS_1).is_file():
            raise _of_version_1(folder / _TOPICS_1, "topics")
        raise DataError(
            f"not {what}: it holds no {MANIFEST}",
            source=folder,
            found=sorted(item.name for item in folder.iterdir())[:6],
            expected=f"a folder written by {saver}",
            hint=_what_to_load(folder, kind),
        )
    try:
        if path.stat().st_size > _LIMIT:
            raise ValueError(f"{path.stat().st_size} bytes are too many")
        manifest = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError) as error:
        raise DataError(
            f"the manifest cannot be read ({error})",
            source=path,
            expected="JSON",
            hint=save_again(kind),
        ) from error
    _check_kind(manifest, path, kind)
    _check_files(manifest.get("files"), path, kind)
    return dict(manifest)


def is_damaged(folder: Path) -> bool:
    """Return whether a manifest is cut off or incomplete: of no other kind or version."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (ValueError, RecursionError):
        return True
    except OSError:
        return False
    return (
        isinstance(manifest, dict)
        and manifest.get("format") == FORMAT
        and manifest.get("version") == VERSION
        and not isinstance(manifest.get("files"), dict)
    )


def _what_to_load(folder: Path, kind: str) -> str:
    """Return the hint for a folder without a manifest: how to load what it holds."""
    what, _, loader = _KINDS[kind]
    for inside in sorted(folder.glob(f"*/{MANIFEST}")):
        with suppress(OSError):
            if f'"kind": "{kind}"'.encode() in inside.read_bytes():
                return f'There is {what} inside it: {loader}("{inside.parent}")'
    kinds = sorted({item.suffix for item in folder.iterdir() if item.suffix.lower() in _EXPORTS})
    patterns = [f'"{folder / ("*" + kind)}"' for kind in kinds]
    if not patterns:
        return "Files of other kinds are read with toolkit.load(path)"
    given = patterns[0] if len(patterns) == 1 else f"[{', '.join(patterns)}]"
    return f"Load the files in it together: toolkit.load({given})"


def _check_kind(manifest: Any, path: Path, kind: str) -> None:
    facts = manifest if isinstance(manifest, dict) else {}
    what, saver, _ = _KINDS[kind]
    if facts.get("format") == "paper-toolkit collection":
        raise _of_version_1(path, "collection")
    if facts.get("format") != FORMAT:
        raise DataError(
            "not a manifest of the toolkit",
            source=path,
            found=facts.get("format", manifest),
            expected=f'"format": "{FORMAT}"',
            hint=f"Give a folder written by {saver}",
        )
    version = facts.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < VERSION:
        raise DataError(
            "a version that cannot be read",
            source=path,
            column="version",
            found=version,
            expected=str(VERSION),
            hint=save_again(kind),
        )
    if version > VERSION:
        raise DataError(
            "a newer toolkit saved this folder",
            source=path,
            column="version",
            found=version,
            expected=f"at most {VERSION}",
            hint="Update the toolkit to read it",
        )
    if facts.get("kind") != kind:
        other = _KINDS.get(str(facts.get("kind")))
        raise DataError(
            f"the folder holds {other[0] if other else 'something else'}, not {what}",
            source=path.parent,
            hint=f"Load it with {other[2]}(folder)" if other else save_again(kind),
        )


def _of_version_1(path: Path, kind: str) -> DataError:
    what, saver, _ = _KINDS[kind]
    return DataError(
        f"{what} in version 1 of the folder format, which is no longer read",
        source=path,
        column="version",
        found=1,
        expected=str(VERSION),
        hint=f"Make it again and save it with {saver}"
        + (
            f'. toolkit.load("{path.parent}/papers.parquet") still reads its papers'
            * (kind != "topics")
        ),
    )


def _check_files(files: Any, path: Path, kind: str) -> None:
    if not isinstance(files, dict) or "papers" not in files:
        raise DataError(
            "the manifest is incomplete",
            source=path,
            column="files",
            found=sorted(files) if isinstance(files, dict) else files,
            expected="papers, with its name, sha256 and rows",
            hint=save_again(kind),
        )
    for role, entry in files.items():
        facts = entry if isinstance(entry, dict) else {}
        name = facts.get("name")
        if not isinstance(name, str) or not FILE_NAME.fullmatch(name):
            raise DataError(
                "the manifest names a file that the toolkit does not write",
                source=path,
                column=role,
                found=name,
                expected="a name such as papers-0123456789ab.parquet",
                hint=f"Do not trust this folder. {save_again(kind)}",
            )
        if not isinstance(facts.get("sha256"), str) or not isinstance(facts.get("rows"), int):
            raise DataError(
                "the manifest is incomplete",
                source=path,
                column=role,
                found=sorted(facts),
                expected="name, sha256 and rows",
                hint=save_again(kind),
            )
