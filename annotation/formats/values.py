"""Checks of single values out of foreign files. Every message names the field and shows the value."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from annotation.formats.base import MAX_DEPTH, MAX_TEXT_BYTES, RowError


def described(value: object) -> str:
    """Show a value in a message: as JSON, cut short; containers by what they are.

    >>> described(True), described([1]), described("x")
    ('true', 'a list', '"x"')
    """
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, Mapping):
        return "an object"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:60] + "…"
        return '"' + short.replace("\0", "\\u0000").encode("utf-8", "replace").decode() + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:60] if isinstance(value, int | float) else f"a {type(value).__name__}"


def text_of(value: object, path: str, limit: int = MAX_TEXT_BYTES) -> str:
    """Return a text of at most `limit` bytes of UTF-8, without NUL; RowError otherwise."""
    if type(value) is not str:
        raise RowError(f"{path} must be text, got {described(value)}")
    if "\0" in value:
        raise RowError(f"{path} holds a NUL character, which a text cannot have")
    size = len(value)
    if not value.isascii():
        try:
            size = len(value.encode())
        except UnicodeEncodeError as error:
            raise RowError(f"{path} holds half a surrogate pair, which is no character") from error
    if size > limit:
        raise RowError(f"{path} has {size:,} bytes; at most {limit:,} are read")
    return value


def word_of(value: object, path: str, limit: int) -> str:
    """Return an id or a name: a text of 1 to `limit` characters; whole numbers are written out."""
    if type(value) is int:
        value = str(value)
    if value is None or value == "":
        raise RowError(f"{path} is missing")
    text = text_of(value, path)
    if len(text) > limit:
        raise RowError(f"{path} has {len(text):,} characters; at most {limit:,} are allowed")
    return text


def object_of(value: object, path: str) -> dict[str, Any]:
    """Return a JSON object; RowError otherwise."""
    if not isinstance(value, dict):
        raise RowError(f"{path} must be an object, got {described(value)}")
    return value


def plain(value: Any, path: str, depth: int = MAX_DEPTH) -> Any:
    """Check that a value is plain JSON that any database keeps, and return it.

    No NUL, no NaN, whole numbers of at most 64 bits, nested at most `depth` deep; RowError otherwise.
    """
    if depth < 0:
        raise RowError(f"{path[:200]} is nested more than {MAX_DEPTH} deep")
    if isinstance(value, str):
        return text_of(value, path[:200])
    if isinstance(value, dict):
        return {_key(key, path): plain(inner, f"{path}.{key}", depth - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, path, depth - 1) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise RowError(f"{path[:200]} must be plain JSON, got {described(value)}")


def cell_of(value: Any) -> Any:
    """Turn a cell of a sheet or a column file into a JSON value.

    Whole floats become integers (a sheet knows no others), NaN becomes None (what pandas writes for a
    missing value), times become ISO 8601; bytes must be UTF-8. Raises RowError.
    """
    if isinstance(value, str) or value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return cell_of(float(value))
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise RowError("a column holds bytes that are not UTF-8 text") from error
    if isinstance(value, list | tuple):
        return [cell_of(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): cell_of(inner) for key, inner in value.items()}
    raise RowError(f"a column holds {described(value)}, which is not read")


def kept_text(value: object, path: str, notes: list[str]) -> str:
    """Return a text as it is, and what is not text as its JSON with a note; RowError for lists and objects.

    >>> notes = []
    >>> kept_text(True, "completions[0].text", notes), notes
    ('true', ['completions[0].text was true, not text; kept as "true"'])
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        text = (
            orjson.dumps(value).decode()
            if not isinstance(value, int) or isinstance(value, bool)
            else str(value)
        )
        notes.append(f'{path} was {described(value)}, not text; kept as "{text}"')
        return text
    raise RowError(f"{path} must be text, got {described(value)}")


def _key(key: object, path: str) -> str:
    if not isinstance(key, str) or "\0" in key:
        raise RowError(f"{path[:200]} has a key that is no text, or holds a NUL character")
    return key
