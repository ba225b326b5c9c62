"""Tell a file's format by its first bytes, and by its name where they leave it open."""

from __future__ import annotations

import csv
import io
import zlib
from contextlib import suppress
from pathlib import PurePath
from typing import IO, Any

import ijson
import orjson

from annotation.formats.base import FormatError
from annotation.formats.guess import guess_map
from annotation.formats.native import looks_native
from annotation.formats.streams import BOM, GZIP_MAGIC
from annotation.formats.transcripts import ASSISTANT, HUMAN
from annotation.formats.trl import looks_trl

HEAD_BYTES = 1 << 16
PARQUET_MAGIC = b"PAR1"
ZIP_MAGIC = b"PK\x03\x04"
SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}


def detect(filename: str, head: bytes) -> str:
    """Return the format of a file that begins with `head` (64 KiB will do).

    Raises FormatError with code `unknown_format` where nothing fits.
    """
    path = PurePath(filename.lower())
    suffix = SUFFIXES.get(path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix)
    if head.startswith(GZIP_MAGIC):
        head = _gunzipped(head)
    if head.startswith(PARQUET_MAGIC):
        return "parquet"
    if head.startswith(ZIP_MAGIC):
        if suffix == "xlsx" or b"xl/" in head or b"[Content_Types].xml" in head:
            return "xlsx"
        raise FormatError("This archive is read through a recipe only.", code="unknown_format")
    text = head.removeprefix(BOM).lstrip()
    if text[:1] == b"[":
        first = _first_object(text, "item")
        return _by_look(first, "json") if first is not None else "json"
    if text[:1] == b"{":
        first = _first_object(text, "")
        if suffix == "json" and first is not None and not _one_per_line(text):
            raise FormatError("A JSON file must hold a list of objects, [{...}, ...].", code="not_a_list")
        return _by_look(first, "jsonl") if first is not None else "jsonl"
    if suffix in ("csv", "tsv"):
        return suffix
    header = text.split(b"\n", 1)[0].decode("utf-8", "replace")
    if suffix is None and header:
        for delimiter, name in (("\t", "tsv"), (",", "csv"), (";", "csv")):
            if guess_map(_header(header, delimiter)) is not None:
                return name
    raise FormatError("The format of the file cannot be told: say which it is.", code="unknown_format")


def table_of(name: str, stream: IO[bytes]) -> str:
    """Return how the rows of a file of this format are laid out: itself for a table, else json or jsonl."""
    if name not in ("native", "trl", "hh", "openassistant", "label-studio", "argilla"):
        return name
    if not stream.seekable():
        return "json" if name in ("label-studio", "argilla") else "jsonl"
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head.startswith(PARQUET_MAGIC):
        return "parquet"
    if head.startswith(GZIP_MAGIC):
        head = _gunzipped(head)
    return "json" if head.removeprefix(BOM).lstrip()[:1] == b"[" else "jsonl"


def _by_look(row: dict[str, Any], table: str) -> str:
    if isinstance(row.get("data"), dict) and ("annotations" in row or "predictions" in row):
        return "label-studio"
    if isinstance(row.get("fields"), dict) and "responses" in row:
        return "argilla"
    if "message_tree_id" in row and isinstance(row.get("prompt"), dict):
        return "openassistant"
    if looks_trl(row):
        chosen = row.get("chosen")
        is_transcript = isinstance(chosen, str) and chosen.startswith((HUMAN, ASSISTANT))
        return "hh" if is_transcript and "prompt" not in row else "trl"
    return "native" if table == "jsonl" and looks_native(row) and guess_map(row) is None else table


def _first_object(text: bytes, prefix: str) -> dict[str, Any] | None:
    """Return the first object of a list or of lines, or as many of its fields as the head holds."""
    if prefix == "":
        with suppress(orjson.JSONDecodeError):
            first = orjson.loads(text.split(b"\n", 1)[0])
            return first if isinstance(first, dict) else None
    fields: dict[str, Any] = {}
    try:
        for name, value in ijson.kvitems(io.BytesIO(text), prefix, use_float=True, multiple_values=True):
            if name in fields:
                break
            fields[name] = value
    except (ijson.JSONError, ValueError, OverflowError):
        return fields or None
    return fields or None


def _one_per_line(text: bytes) -> bool:
    line, newline, _ = text.partition(b"\n")
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return not newline
    return True


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # not a table: bytes that happen to begin without a line break
        return []


def _gunzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, HEAD_BYTES)
    except zlib.error as error:
        raise FormatError("The gzip file is damaged.", code="damaged_file") from error
