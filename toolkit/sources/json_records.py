"""JSON Lines and JSON lists of records."""

from __future__ import annotations

import json
from typing import Any

from toolkit.errors import DataError


def read_json_lines(text: str, *, origin: str) -> list[dict[str, Any]]:
    """Read one JSON object a line."""
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"not a JSON object ({error})",
                source=origin,
                row=number,
                found=line,
                expected="one whole JSON object on each line",
                mend="The file may be cut off here: copy or download it again, or delete the line",
            ) from error
        if not isinstance(record, dict):
            raise DataError(
                "not a JSON object", source=origin, row=number, found=line, expected='{"title": …}'
            )
        records.append(record)
    return records
