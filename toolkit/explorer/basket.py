"""The reading basket: papers to read, with notes, in a file that outlives the kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.files import cache_folder, locked, write_atomically
from toolkit.topics.fitting import collection_hash

FILE = "reading_basket.json"
# The name that baskets have had from the start: older files must still open.
_FORMAT = "paper-toolkit basket 1"


def basket_path(papers: pd.DataFrame, given: str | os.PathLike[str] | None) -> Path:
    """Return the file of a collection's basket.

    It is the path given, else a file in the user's cache folder that belongs to these papers,
    whatever their order.
    """
    if given is not None:
        path = Path(given)
        return path / FILE if path.is_dir() else path
    return cache_folder("baskets") / f"{collection_hash(papers)}.json"


class Basket:
    """Papers to read, each with a note.

    Every change reads the file again before writing it, so that two explorers with one basket
    keep each other's papers. Papers of other collections stay in the file.

    Parameters
    ----------
    path : Path
        The file; it is made with the first paper.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = self._stamp_now()
        self.entries = self._read()

    def reload(self) -> bool:
        """Read the file again if it is another than when it was read; return whether it is."""
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return False
        self.entries, self._stamp = self._read(), stamp
        return True

    def _stamp_now(self) -> tuple[int, ...]:
        """Return what differs where the file was written."""
        try:
            now = self.path.stat()
        except OSError:
            return ()
        return now.st_mtime_ns, now.st_size, now.st_ino

    def keep(self, paper_id: str, title: str) -> None:
        """Add a paper to the basket."""
        with self._changing():
            if not any(entry["paper_id"] == paper_id for entry in self.entries):
                self.entries.append({"paper_id": paper_id, "title": title, "note": ""})

    def drop(self, paper_id: str) -> None:
        """Remove a paper from the basket."""
        with self._changing():
            self.entries = [e for e in self.entries if e["paper_id"] != paper_id]

    def note(self, paper_id: str, text: str) -> None:
        """Set the note of a paper in the basket.

        Raises
        ------
        DataError
            The paper is not in the basket.
        """
        with self._changing():
            found = [entry for entry in self.entries if entry["paper_id"] == paper_id]
            if not found:
                raise DataError(
                    "the paper is not in the basket",
                    source=self.path,
                    found=paper_id,
                    hint="Add it with explorer.keep(paper_id)",
                )
            for entry in found:
                entry["note"] = text

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Read the file, and write it if that changes the papers, with nobody in between."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"the reading basket cannot be written ({error.strerror or error})",
                source=self.path,
                hint="Give another file: Explorer(papers, topics, basket=...)",
            ) from error
        with locked(self.path):
            self.entries = self._read()
            before = self._text()
            yield
            if self._text() != before:
                write_atomically(self.path, self._text())
            self._stamp = self._stamp_now()

    def _read(self) -> list[dict[str, str]]:
        try:
            raw = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from None
        try:
            content: Any = json.loads(raw)
        except ValueError as error:
            raise self._damaged(str(error)) from None
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise self._damaged(raw[:60])
        try:
            return [
                {name: str(entry[name]) for name in ("paper_id", "title", "note")}
                for entry in content["papers"]
            ]
        except (KeyError, TypeError):
            raise self._damaged(raw[:60]) from None

    def _damaged(self, found: str) -> DataError:
        return DataError(
            "the reading basket cannot be read",
            source=self.path,
            found=found,
            expected=f"a JSON file with the format {_FORMAT!r}",
            hint="Move the file, or give another one: Explorer(papers, topics, basket=...)",
        )

    def _text(self) -> str:
        content = {"format": _FORMAT, "papers": self.entries}
        return json.dumps(content, ensure_ascii=False, indent=1)
