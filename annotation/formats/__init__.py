"""Files of other people's making, read as native lines; native lines, written as files (see `write`).

    for row in read("labels.jsonl"):
        ...  # Line, Bad or Skipped

Everything is streamed: memory does not grow with the size of the file (a workbook, which cannot be
streamed, has a limit on its size).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from annotation.formats.argilla import read_argilla
from annotation.formats.base import (
    ADJUDICATED_NAME,
    Bad,
    DamagedFileError,
    FormatError,
    Line,
    NativeCompletion,
    NativeGold,
    NativeJudgment,
    NativeLine,
    NativeMessage,
    Row,
    RowError,
    Skipped,
)
from annotation.formats.detect import detect, table_of
from annotation.formats.flat import read_flat, read_native
from annotation.formats.guess import guess_map
from annotation.formats.hh import read_hh
from annotation.formats.label_studio import read_label_studio
from annotation.formats.map_clean import map_clean
from annotation.formats.mapping import MapError
from annotation.formats.native import content_key, line_from
from annotation.formats.native_values import line_to
from annotation.formats.openassistant import read_openassistant
from annotation.formats.recipes import RECIPES, Recipe, suggested_recipe
from annotation.formats.streams import Source, opened
from annotation.formats.tabular import TABLES
from annotation.formats.trl import read_trl
from annotation.formats.values import described

__all__ = [
    "ADJUDICATED_NAME",
    "FORMATS",
    "RECIPES",
    "Bad",
    "DamagedFileError",
    "FormatError",
    "Line",
    "MapError",
    "NativeCompletion",
    "NativeGold",
    "NativeJudgment",
    "NativeLine",
    "NativeMessage",
    "Recipe",
    "Row",
    "RowError",
    "Skipped",
    "columns_of",
    "content_key",
    "detect",
    "guess_map",
    "line_from",
    "line_to",
    "map_clean",
    "read",
    "samples_of",
    "suggested_recipe",
]

HEAD_BYTES = 1 << 16
SAMPLE_ROWS = 500
SAMPLES = 20  # different values of one column
SAMPLE_CHARACTERS = 60

_OUTSIDE: dict[str, Callable[[IO[bytes], Mapping[str, str], str], Iterator[Row]]] = {
    "trl": read_trl,
    "hh": read_hh,
    "openassistant": read_openassistant,
}
_MAPPED: dict[str, Callable[[IO[bytes], Mapping[str, str], object, str], Iterator[Row]]] = {
    "label-studio": read_label_studio,
    "argilla": read_argilla,
}
FORMATS: tuple[str, ...] = ("native", *TABLES, *_OUTSIDE, *_MAPPED)


def read(
    source: Source,
    *,
    format: str = "auto",
    filename: str = "",
    mapping: dict[str, Any] | str | None = None,
    options: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """Read a file row by row.

    `source` is a path or a binary file that can be rewound. `mapping` is a map or the name of a recipe.
    Options by format: `annotator` (trl, hh, openassistant, pandalm), `delimiter`, `quoting` (csv, tsv),
    `sheet` (xlsx), `synthetic` (openassistant). Raises FormatError or MapError, before or with the first
    row, where the file or the map cannot be used at all; a file that breaks off later ends with a Bad row.
    """
    chosen = dict(options or {})
    with opened(source) as stream:
        last = 0
        try:
            for row in _rows(
                stream, format, filename or str(getattr(source, "name", source)), mapping, chosen
            ):
                last = row.row
                yield row
        except DamagedFileError as error:
            if last == 0:
                raise
            yield Bad(last + 1, error.message)


def columns_of(
    source: Source,
    *,
    format: str = "auto",
    filename: str = "",
    options: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return the names of a table's columns, those of the first rows where each row names its own."""
    with opened(source) as stream:
        table = table_of(_resolved(format, filename or str(getattr(source, "name", source)), stream), stream)
        names: dict[str, None] = {}
        for _, value in islice(TABLES[table](stream, options or {}), 50):
            if isinstance(value, dict):
                names.update(dict.fromkeys(map(str, value)))
        stream.seek(0)
        return tuple(names)


def samples_of(
    source: Source,
    *,
    format: str = "auto",
    filename: str = "",
    options: Mapping[str, str] | None = None,
) -> dict[str, list[str]]:
    """Return up to `SAMPLES` different values of each column of a table, cut short, from its first rows.

    A column with fewer values than that is likely to hold verdicts or names; one with more, texts.
    """
    found: dict[str, dict[str, None]] = {}
    with opened(source) as stream:
        table = table_of(_resolved(format, filename or str(getattr(source, "name", source)), stream), stream)
        for _, row in islice(TABLES[table](stream, options or {}), SAMPLE_ROWS):
            for name, cell in row.items() if isinstance(row, dict) else ():
                values = found.setdefault(str(name), {})
                if cell not in (None, "") and len(values) < SAMPLES:
                    text = cell if isinstance(cell, str) else str(described(cell))
                    values[text.strip()[:SAMPLE_CHARACTERS]] = None
        stream.seek(0)
    return {name: list(values) for name, values in found.items()}


def _rows(
    stream: IO[bytes],
    name: str,
    filename: str,
    mapping: dict[str, Any] | str | None,
    options: Mapping[str, str],
) -> Iterator[Row]:
    if isinstance(mapping, str):
        recipe = RECIPES.get(mapping)
        if recipe is None:
            known = ", ".join(RECIPES)
            raise MapError(f"There is no recipe “{mapping[:100]}”; there are {known}.", code="unknown_recipe")
        table = "archive"
        if not recipe.needs_filename:
            table = table_of(_resolved(name, filename, stream), stream)
        return recipe.read(stream, table, filename, options)
    name = _resolved(name, filename, stream)
    if name == "native":
        return read_native(stream, options)
    if name in TABLES:
        return read_flat(stream, options, name, mapping)
    table = table_of(name, stream)
    if name in _MAPPED:
        return _MAPPED[name](stream, options, mapping, table)
    return _OUTSIDE[name](stream, options, table)


def _resolved(name: str, filename: str, stream: IO[bytes]) -> str:
    if name != "auto":
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            raise FormatError(f"There is no format “{name[:100]}”; there are {known}.", code="unknown_format")
        return name
    if not stream.seekable():
        raise FormatError("Say which format the file has.", code="unknown_format")
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return detect(filename, head)
