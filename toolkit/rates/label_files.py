"""The CSV file that holds the labels of one question."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from toolkit.errors import DataError


def label_columns(what: str) -> list[str]:
    """Return the columns of a file of labels: the answers stand under what they are about."""
    return ["paper_id", what, "asked", "labelled_by"]


def check_place(path: Path | None) -> None:
    """Raise if a file cannot be written, before anybody has labelled a paper."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise DataError(
            f"labels cannot be saved there ({error.strerror})",
            argument="path",
            found=str(path),
            hint="Name a CSV file in a folder that you can write to",
        ) from error


def read_file(
    path: Path | None, ask: str, what: str, answers: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """Return labels saved earlier."""
    if path is None or not path.exists():
        return {}
    hint = "Give another file, or move this one away"
    if path.is_dir():
        raise DataError("a folder, not a file", argument="path", found=str(path), hint=hint)
    try:
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError("not a file of labels", source=path, found=str(error), hint=hint) from None
    if list(table.columns) == ["paper_id", "code", "labelled_by"]:
        # Earlier versions asked for what the abstract says.
        table.insert(2, "asked", "abstract")
    if list(table.columns) != label_columns(what):
        raise DataError(
            "not a file of labels",
            source=path,
            found=list(table.columns),
            expected=", ".join(label_columns(what)),
            hint=hint,
        )
    other = (table["asked"] != ask).to_numpy(dtype=bool)
    if other.any():
        raise DataError(
            "answers to another question",
            source=path,
            row=int(other.argmax()) + 2,
            column="asked",
            found=table["asked"].iloc[int(other.argmax())],
            expected=ask,
            hint="Keep the answers to each question in a file of their own",
        )
    wrong = ~table[what].isin(answers).to_numpy(dtype=bool)
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            "not a label",
            source=path,
            row=row + 2,
            column=what,
            found=table[what].iloc[row],
            expected=", ".join(answers),
        )
    return {paper: (code, who) for paper, code, _, who in table.itertuples(index=False)}
