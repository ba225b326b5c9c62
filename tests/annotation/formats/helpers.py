"""Small files for the tests of the formats."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

from annotation.formats import Bad, Line, NativeLine, Row, read


def jsonl(*rows: Any) -> io.BytesIO:
    """Return a file with one JSON value per line; bytes stand as they are."""
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return io.BytesIO(b"\n".join(lines) + b"\n")


def rows_of(file: io.BytesIO, **keywords: Any) -> list[Row]:
    """Read a whole file."""
    return list(read(file, **keywords))


def good(rows: Iterable[Row]) -> list[NativeLine]:
    """Return the native lines and insist that nothing else came."""
    found = list(rows)
    assert all(isinstance(row, Line) for row in found), found
    return [row.native for row in found if isinstance(row, Line)]


def only_bad(rows: Iterable[Row]) -> str:
    """Return the message of the only row, which must be a bad one."""
    (row,) = rows
    assert isinstance(row, Bad), row
    return row.message
