"""JSON in."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class OrjsonParser(BaseParser):
    """JSON by orjson; a body that is not JSON is 400 with the place."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body. NUL characters are refused: PostgreSQL cannot store them."""
        body = stream.read()
        if not body:
            return {}
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error}") from None
        if b"\\u0000" in body and contains_nul(parsed):
            raise ParseError("The body contains a NUL character (\\u0000), which no text may.")
        return parsed


def contains_nul(value: Any) -> bool:
    """Whether any string of a parsed JSON value holds a NUL character."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or contains_nul(entry) for key, entry in value.items())
    return isinstance(value, list) and any(contains_nul(entry) for entry in value)
