"""Names of models that annotators of a project do not see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from annotation.sql import rows

SPANS = "SELECT completion_id, spans FROM annotation_revelation WHERE completion_id IN ({marks})"


def spans_of(completions: Iterable[int]) -> dict[int, list[list[int]]]:
    """By output: where the names stand by which it says what wrote it, as found at import."""
    ids = sorted(set(completions))
    if not ids:
        return {}
    found: dict[int, Any] = dict(rows(SPANS.format(marks=", ".join(["%s"] * len(ids))), ids))
    return {
        completion: orjson.loads(spans) if isinstance(spans, str) else spans
        for completion, spans in found.items()
    }
