"""From one decoded row to what is reported about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from annotation.formats.base import Bad, Line, NativeLine, Row, RowError, Skipped

LineReader: TypeAlias = Callable[[dict[str, Any]], tuple[NativeLine, tuple[str, ...]]]
"""Makes the native line of one row, with notes; raises RowError."""


def row_from(number: int, value: dict[str, Any] | RowError | Skipped, read: LineReader) -> Row:
    """Apply a line reader to a row, or report what is already known to be wrong with it."""
    if isinstance(value, Skipped):
        return value
    if isinstance(value, RowError):
        return Bad(number, str(value))
    try:
        line, notes = read(value)
    except RowError as error:
        return Bad(number, str(error))
    return Line(number, line, notes)
