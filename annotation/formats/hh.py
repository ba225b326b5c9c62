"""Pairs of `Human:`/`Assistant:` transcripts, one JSON object with `chosen` and `rejected` per line.

The files may be gzipped. What both transcripts begin with is the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotation.formats.base import NativeLine, Row
from annotation.formats.native import line_from
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.transcripts import pair_from
from annotation.formats.trl import ANNOTATOR, OVERALL
from annotation.formats.values import text_of

QUESTIONS = [OVERALL]


def read_hh(stream: IO[bytes], options: Mapping[str, str], table: str = "jsonl") -> Iterator[Row]:
    """Read transcript pairs; option `annotator` names who preferred (`dataset`)."""
    annotator = options.get("annotator") or ANNOTATOR
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, lambda row: hh_line(row, annotator))


def hh_line(row: Mapping[str, Any], annotator: str = ANNOTATOR) -> tuple[NativeLine, tuple[str, ...]]:
    """Return the native line of one pair of transcripts; RowError where it is none."""
    notes: list[str] = []
    messages, texts = pair_from(
        text_of(row.get("chosen"), "chosen"), text_of(row.get("rejected"), "rejected"), notes
    )
    line, more = line_from(
        {
            "messages": messages,
            "completions": [{"text": text} for text in texts],
            "judgments": [{"annotator": annotator, "answers": {"overall": {"choice": "0"}}}],
        },
        positions=True,
    )
    return line, (*notes, *more)
