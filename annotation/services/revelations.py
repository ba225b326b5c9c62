"""Outputs that say which model wrote them, as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from annotation.revealing import revealing_spans
from annotation.services.known import json_text

REVELATION_COLUMNS = ("completion_id", "project_id", "spans")

Answer = tuple[int, int, str, str]
"""Of an output: its id, its prompt's, its text and its source."""


def revelation_rows(project_id: int, answers: Sequence[Answer]) -> Iterator[tuple[int, int, str]]:
    """Rows for those of the outputs that say which model wrote them; the sources of a prompt are names too."""
    sources: dict[int, set[str]] = defaultdict(set)
    for _, prompt, _, source in answers:
        if source:
            sources[prompt].add(source)
    for completion, prompt, text, _ in answers:
        if spans := revealing_spans(text, sources=sources[prompt]):
            yield completion, project_id, json_text(spans)
