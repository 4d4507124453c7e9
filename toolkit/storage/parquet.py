"""Parquet tables read within bounds: a file of 80 kB may hold 5 GB, one text in many rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def read_within(source: Path | bytes, most: int) -> pa.Table | None:
    """Return a Parquet table, None where its values written out have more than `most` bytes.

    Parameters
    ----------
    source : Path or bytes
        A file or its content.
    most : int
        In bytes.

    Returns
    -------
    pyarrow.Table or None

    Raises
    ------
    pyarrow.ArrowException, OSError
        Not readable.
    """

    def opened() -> pa.NativeFile:
        return pa.BufferReader(source) if isinstance(source, bytes) else pa.OSFile(str(source))

    with opened() as file:
        described = pq.ParquetFile(file)
        leaves, schema = described.schema, described.schema_arrow
    texts = [
        leaf.path
        for leaf in map(leaves.column, range(len(leaves.names)))
        if leaf.physical_type == "BYTE_ARRAY"
    ]
    with opened() as file:
        # As dictionaries, texts are in memory as often as in the file.
        table = pq.read_table(file, read_dictionary=texts)
    if sum(_plain_bytes(chunk) for column in table.columns for chunk in column.chunks) > most:
        return None
    for at, field in enumerate(schema):
        if field.type != table.schema.field(at).type and not pa.types.is_dictionary(field.type):
            table = table.set_column(at, field, table.column(at).cast(field.type))
    return table


def _plain_bytes(values: pa.Array) -> int:
    """Return the bytes of values when each is written out."""
    if pa.types.is_dictionary(values.type):
        lengths = pc.binary_length(values.dictionary)
        return int(pc.sum(lengths.take(values.indices)).as_py() or 0)
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return _plain_bytes(values.flatten())
    return int(values.nbytes)
