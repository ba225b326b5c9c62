"""Rows of parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotation.formats.base import MAX_PARQUET_GROUP_BYTES, FormatError, RowError
from annotation.formats.values import cell_of

PARQUET_BATCH_ROWS = 256


def parquet_rows(
    stream: IO[bytes], checked: Callable[[list[str]], list[str]]
) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Read a parquet file one row group after the other, in small batches; the groups are bounded.

    `checked` looks at the names of the columns. Text columns keep their dictionaries, so that a long text
    that many rows share is held once. Raises FormatError.
    """
    try:
        schema = pq.ParquetFile(stream).schema_arrow
        texts = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)
        ]
        file = pq.ParquetFile(stream, read_dictionary=texts)
        groups = [file.metadata.row_group(index) for index in range(file.metadata.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise FormatError(f"The parquet file cannot be read: {str(error)[:200]}.") from error
    if any(group.total_byte_size > MAX_PARQUET_GROUP_BYTES for group in groups):
        raise FormatError(
            f"A row group of the parquet file unpacks to more than {MAX_PARQUET_GROUP_BYTES:,} bytes.",
            code="too_large",
        )
    columns = checked(file.schema_arrow.names)
    number = 0
    try:
        for group in range(len(groups)):
            for batch in file.iter_batches(PARQUET_BATCH_ROWS, row_groups=[group]):
                for cells in zip(*batch.columns, strict=True):
                    number += 1
                    try:
                        yield number, {n: cell_of(c.as_py()) for n, c in zip(columns, cells, strict=True)}
                    except RowError as error:
                        yield number, error
    except (pa.ArrowException, OSError) as error:
        yield number + 1, RowError(f"the file is damaged from here on: {str(error)[:200]}")
