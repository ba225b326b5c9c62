"""Tables as rows of named columns: csv, tsv, xlsx, parquet, and JSON objects one by one or in a list."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from annotation.formats.base import (
    MAX_ROW_BYTES,
    FormatError,
    RowError,
    Skipped,
)
from annotation.formats.streams import Bounded, json_items, json_lines, lines, unpacked
from annotation.formats.values import cell_of
from annotation.formats.xlsx import sheet_rows

Cells = dict[str, Any]
TableRow = tuple[int, Cells | RowError | Skipped]
DELIMITERS = (",", ";", "\t", "|")


class _RowTooLongError(Exception):
    pass


class _RecordLines:
    """Feeds a csv reader line by line, bounded, and remembers what was wrong with the current record."""

    def __init__(self, stream: io.BufferedReader[Bounded]) -> None:
        self._lines = lines(stream)
        self.size = 0
        self.problem: str | None = None

    def start(self) -> None:
        self.size = 0
        self.problem = None

    def __iter__(self) -> _RecordLines:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        if isinstance(line, RowError):
            self.problem = str(line)
            return "\n"
        self.size += len(line)
        if self.size > MAX_ROW_BYTES:
            raise _RowTooLongError
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            self.problem = f"the row is not UTF-8: byte {error.start + 1} of line {number} cannot be read"
            return line.decode("utf-8", "replace")


def read_csv(
    stream: IO[bytes], options: Mapping[str, str], delimiter: str | None = None
) -> Iterator[TableRow]:
    """Read delimiter-separated values whose first record names the columns.

    The delimiter is found in the header unless given; option `quoting=none` takes quotation marks as text.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    text = unpacked(stream)
    feed = _RecordLines(text)
    separator = options.get("delimiter") or delimiter or _delimiter(text.peek(1 << 14))
    try:
        if options.get("quoting") == "none":
            reader = csv.reader(feed, delimiter=separator, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(feed, delimiter=separator)
        header = next(reader, None)
    except (csv.Error, TypeError, _RowTooLongError) as error:
        raise FormatError(f"The header of the table cannot be read: {error}.") from error
    if feed.problem is not None:
        raise FormatError(f"The header of the table cannot be read: {feed.problem}.")
    columns = _columns(header or [])
    for number in itertools.count(2):
        feed.start()
        try:
            record = next(reader, None)
        except csv.Error as error:
            yield number, RowError(f"the row cannot be read: {error}")
            continue
        except _RowTooLongError:
            yield (
                number,
                RowError(f"the row has more than {MAX_ROW_BYTES:,} bytes: is a quotation mark not closed?"),
            )
            continue
        if record is None:
            return
        if feed.problem is not None:
            yield number, RowError(feed.problem)
        elif not any(record):
            yield number, Skipped(number, "blank row")
        elif len(record) != len(columns):
            yield number, RowError(f"the row has {len(record)} fields where the header has {len(columns)}")
        else:
            yield number, dict(zip(columns, record, strict=True))


def read_tsv(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[TableRow]:
    """Read tab-separated values."""
    return read_csv(stream, options, "\t")


def read_xlsx(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[TableRow]:
    """Read the first sheet of a workbook, or the one that option `sheet` names.

    The first row that is not blank names the columns. Blank rows below it are reported as skipped, those
    after the last filled one too.
    """
    columns: list[str] | None = None
    for number, cells in sheet_rows(stream, options):
        blank = all(cell == "" for cell in cells)
        if columns is None:
            columns = None if blank else _columns([str(cell) for cell in cells])
        elif blank:
            yield number, Skipped(number, "blank row")
        else:
            try:
                yield (
                    number,
                    {name: cell_of(cell) for name, cell in zip(columns, cells, strict=False) if name},
                )
            except RowError as error:
                yield number, error
    if columns is None:
        _columns([])


def read_parquet(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[TableRow]:
    """Read a parquet file. pyarrow takes 50 MB, so that it is imported only where such a file is read."""
    from annotation.formats.parquet import parquet_rows

    yield from parquet_rows(stream, _columns)


def read_json(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[TableRow]:
    """Read the objects of a JSON list."""
    return iter(json_items(unpacked(stream)))


def read_jsonl(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[TableRow]:
    """Read one JSON object per line."""
    return iter(json_lines(unpacked(stream)))


TABLES: dict[str, Callable[[IO[bytes], Mapping[str, str]], Iterator[TableRow]]] = {
    "csv": read_csv,
    "tsv": read_tsv,
    "xlsx": read_xlsx,
    "parquet": read_parquet,
    "json": read_json,
    "jsonl": read_jsonl,
}


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip() for name in header]
    if not any(columns):
        raise FormatError("The table has no header: its first row must name the columns.", code="no_header")
    named = [name for name in columns if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise FormatError(f"The column “{twice[:100]}” is there twice.", code="column_twice")
    if any("\0" in name for name in columns):
        raise FormatError("A column's name holds a NUL character.")
    return columns


def _delimiter(head: bytes) -> str:
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(DELIMITERS, key=first.count)
