"""Rows of any table as native lines: through a map, or by what each row looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotation.formats import trl
from annotation.formats.base import FormatError, NativeLine, Row, RowError
from annotation.formats.guess import guess_map
from annotation.formats.map_clean import map_clean
from annotation.formats.mapping import MapError, RowMap
from annotation.formats.native import line_from, looks_native
from annotation.formats.rows import LineReader, row_from
from annotation.formats.tabular import TABLES

HEADED = frozenset({"csv", "tsv", "xlsx", "parquet"})
"""Tables whose header names the columns of every row."""


def read_native(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[Row]:
    """Read native lines, one JSON object per line."""
    for number, value in TABLES["jsonl"](stream, options):
        yield row_from(number, value, line_from)


def read_flat(
    stream: IO[bytes], options: Mapping[str, str], table: str, mapping: object | None
) -> Iterator[Row]:
    """Read a table (`csv`, `tsv`, `xlsx`, `parquet`, `json`, `jsonl`).

    Without a map, JSON rows may be native or TRL rows, and for anything else a map is guessed from the
    names of the columns. Raises FormatError with code `map_needed` where that fails for a headed table.
    """
    read: LineReader
    if mapping is None:
        read = _Looker(headed=table in HEADED)
    else:
        row_map = map_clean(mapping)
        read = row_map.line if table not in HEADED else _Checked(row_map)
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, read)


class _Checked:
    """Applies a map to a headed table, whose first row shows whether its columns are there at all."""

    def __init__(self, row_map: RowMap) -> None:
        self._map = row_map
        self._checked = False

    def __call__(self, row: Mapping[str, Any]) -> tuple[NativeLine, tuple[str, ...]]:
        if not self._checked:
            roots = {name if name in row else name.split(".")[0] for name in self._map.columns}
            missing = sorted(roots - row.keys())
            if missing:
                have = ", ".join(list(row)[:30])
                raise MapError(f"The file has no column “{missing[0][:100]}”. It has: {have[:1000]}.")
            self._checked = True
        return self._map.line(row)


class _Looker:
    """Reads each row as what it looks like: native, TRL, or flat with the usual names of columns."""

    def __init__(self, *, headed: bool) -> None:
        self._headed = headed
        self._maps: dict[frozenset[str], RowMap | None] = {}

    def __call__(self, row: dict[str, Any]) -> tuple[NativeLine, tuple[str, ...]]:
        if not self._headed and looks_native(row):
            return line_from(row)
        if trl.looks_trl(row):
            return trl.trl_line(row)
        names = frozenset(row)
        if names not in self._maps:
            guessed = guess_map(row)
            if len(self._maps) > 1000:
                self._maps.clear()
            self._maps[names] = map_clean(guessed) if guessed is not None else None
        row_map = self._maps[names]
        if row_map is not None:
            return row_map.line(row)
        have = ", ".join(str(name) for name in row)[:500]
        if self._headed:
            raise FormatError(
                f"Say which columns hold the prompt and the outputs; the file has: {have}.", code="map_needed"
            )
        if "id" in row and "prompt" in row:
            return line_from(row)
        raise RowError(f"this is no native line, and a map is needed for its columns: {have}")
