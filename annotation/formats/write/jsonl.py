"""Native lines as JSONL, lossless: what `read` makes of it equals what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from annotation.formats.base import NativeLine
from annotation.formats.native_values import line_to


def write_jsonl(lines: Iterable[NativeLine]) -> Iterator[bytes]:
    """Yield one JSON object per line, with all keys, always in the same order.

    Keys inside metadata and answers keep the order they have.
    """
    for line in lines:
        yield orjson.dumps(line_to(line), option=orjson.OPT_APPEND_NEWLINE)
