"""Files as bounded streams: unpacked while they are read, line by line or object by object.

Nothing here holds more than one row, and whatever is compressed stops at a limit on its unpacked size.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

import ijson
import orjson

from annotation.formats.base import (
    MAX_ROW_BYTES,
    MAX_UNPACKED_BYTES,
    DamagedFileError,
    FormatError,
    RowError,
)

Source: TypeAlias = str | Path | IO[bytes]

GZIP_MAGIC = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DAMAGED = (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


class Bounded(io.RawIOBase):
    """A readable stream that counts its bytes and refuses to give more than `limit`.

    With `row_limit` it also refuses to give more than that since `row_done` was last called.
    """

    def __init__(self, stream: Any, limit: int, row_limit: int | None = None) -> None:
        """Read from `stream`, which must have `read(size)`."""
        super().__init__()
        self._stream = stream
        self._limit = limit
        self._row_limit = row_limit
        self._row_start = 0
        self.given = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def row_done(self) -> None:
        """Start counting the next row here."""
        self._row_start = self.given

    def readinto(self, buffer: Any) -> int:
        """Read into the buffer; FormatError past a limit, DamagedFileError where unpacking fails."""
        try:
            data = self._stream.read(len(buffer))
        except DAMAGED as error:
            raise DamagedFileError("The compressed file is damaged or cut short.") from error
        self.given += len(data)
        if self.given > self._limit:
            raise FormatError(f"The file unpacks to more than {self._limit:,} bytes.", code="too_large")
        if self._row_limit is not None and self.given - self._row_start > self._row_limit:
            raise DamagedFileError(f"One row has more than {MAX_ROW_BYTES:,} bytes.", code="too_large")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes]]:
    """Open a path, or take an open binary file as it stands (and leave it open)."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            yield stream
    else:
        yield source


def unpacked(stream: IO[bytes]) -> io.BufferedReader[Bounded]:
    """Return the text of the file as a buffered stream without a byte order mark, gunzipped if it must be.

    Raises FormatError for UTF-16, which no line-oriented reader can follow.
    """
    plain = io.BufferedReader(Bounded(stream, MAX_UNPACKED_BYTES), 1 << 16)
    if plain.peek(2)[:2] == GZIP_MAGIC:
        inner = Bounded(gzip.GzipFile(fileobj=plain), MAX_UNPACKED_BYTES)
        plain = io.BufferedReader(inner, 1 << 16)
    head = plain.peek(3)[:3]
    if head == BOM:
        plain.read(3)
    elif head[:2] in UTF16_MARKS:
        raise FormatError("The file is UTF-16. Save it as UTF-8.", code="not_utf8")
    return plain


def lines(stream: io.BufferedReader[Bounded]) -> Iterator[tuple[int, bytes | RowError]]:
    """Yield each line with its number from 1; an error stands for a line that is too long."""
    number = 0
    while line := stream.readline(MAX_ROW_BYTES + 1):
        number += 1
        if len(line) <= MAX_ROW_BYTES:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield number, RowError(f"the line has more than {MAX_ROW_BYTES:,} bytes")


def json_lines(stream: io.BufferedReader[Bounded]) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield the object of each line that is not blank; an error stands for a line that is none."""
    for number, line in lines(stream):
        if isinstance(line, RowError):
            yield number, line
            continue
        if line.isspace():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield number, RowError(_json_problem(line, error))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield number, RowError("the line must be a JSON object")


def json_items(stream: io.BufferedReader[Bounded]) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield the objects of a JSON list with their numbers from 1, one at a time.

    Where the file breaks off or stops being JSON, the last thing yielded is an error.
    """
    head = stream.peek(1 << 12).lstrip()
    if head[:1] != b"[":
        raise FormatError("The file must hold a JSON list of objects, [{...}, ...].", code="not_a_list")
    bounded = Bounded(stream, MAX_UNPACKED_BYTES, row_limit=MAX_ROW_BYTES)
    number = 0
    items = ijson.items(bounded, "item", buf_size=1 << 16, use_float=True)
    while True:
        number += 1
        try:
            value = next(items)
        except StopIteration:
            return
        except (ijson.JSONError, ValueError, OverflowError, RecursionError) as error:
            reason = str(error).splitlines()[0][:200] if str(error) else "it ends too early"
            yield number, RowError(f"the file is no valid JSON from here on: {reason}")
            return
        bounded.row_done()
        yield number, value if isinstance(value, dict) else RowError("each entry must be a JSON object")


def _json_problem(line: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as undecodable:
        return f"the line is not UTF-8: byte {undecodable.start + 1} of it cannot be read"
    return f"the line is no valid JSON: {error.msg} (column {error.colno})"
