"""Judgments as tables: csv with a row for each answer, parquet with a row for each judgment."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from annotation.formats.base import NativeJudgment, NativeLine
from annotation.formats.native import time_to

CSV_COLUMNS = (
    "prompt_id",
    "group",
    "prompt",
    "completions",
    "judgment_id",
    "annotator",
    "annotator_kind",
    "status",
    "question",
    "choice",
    "strength",
    "answer",
    "shown",
    "started_at",
    "submitted_at",
    "active_ms",
    "reason",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PARQUET_ROWS = 1_000
PARQUET_GROUP_CHARS = 16 * 1024 * 1024

_MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
_COMPLETION = pa.struct([("id", pa.string()), ("text", pa.string()), ("source", pa.string())])
PARQUET_SCHEMA = pa.schema(
    [
        ("prompt_id", pa.string()),
        ("group", pa.string()),
        ("messages", pa.list_(_MESSAGE)),
        ("completions", pa.list_(_COMPLETION)),
        ("judgment_id", pa.string()),
        ("annotator", pa.string()),
        ("annotator_kind", pa.string()),
        ("status", pa.string()),
        ("answers", pa.string()),
        ("shown", pa.list_(pa.string())),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("submitted_at", pa.timestamp("us", tz="UTC")),
        ("active_ms", pa.int64()),
        ("reason", pa.string()),
    ]
)
"""`answers` is JSON, by question name."""


def write_csv(lines: Iterable[NativeLine]) -> Iterator[bytes]:
    """Yield a header and one row for each answer of each current judgment; without answers, one row.

    `answer`, `completions` and `shown` are JSON. A cell that a spreadsheet would take for a formula gets an
    apostrophe in front.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for line in lines:
        shared = _line_cells(line)
        for judgment in _kept(line):
            for row in _answer_rows(judgment):
                writer.writerow([safe_cell(cell) for cell in (*shared, *row)])
        if buffer.tell():
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def write_parquet(lines: Iterable[NativeLine]) -> Iterator[bytes]:
    """Yield a parquet file with one row for each current judgment, in small row groups."""
    sink = _Sink()
    with pq.ParquetWriter(sink, PARQUET_SCHEMA, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        size = 0
        for line in lines:
            messages = [{"role": message.role, "content": message.content} for message in line.messages]
            completions = [{"id": c.id, "text": c.text, "source": c.source} for c in line.completions]
            weight = sum(len(message.content) for message in line.messages)
            weight += sum(len(completion.text) for completion in line.completions)
            for judgment in _kept(line):
                rows.append(_parquet_row(line, judgment, messages, completions))
                size += weight
                if len(rows) >= PARQUET_ROWS or size >= PARQUET_GROUP_CHARS:
                    writer.write_batch(pa.RecordBatch.from_pylist(rows, PARQUET_SCHEMA))
                    rows, size = [], 0
                    yield from sink.taken()
        if rows:
            writer.write_batch(pa.RecordBatch.from_pylist(rows, PARQUET_SCHEMA))
    yield from sink.taken()


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet runs as a formula.

    >>> safe_cell("=1+1"), safe_cell("fine")
    ("'=1+1", 'fine')
    """
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def prompt_text(line: NativeLine) -> str:
    """Write a conversation as one text: a single message as it is, else each with its role in front."""
    if len(line.messages) == 1:
        return line.messages[0].content
    return "\n\n".join(f"{message.role}: {message.content}" for message in line.messages)


def _kept(line: NativeLine) -> list[NativeJudgment]:
    superseded = {judgment.supersedes for judgment in line.judgments if judgment.supersedes is not None}
    return [j for j in line.judgments if not j.surplus and j.id not in superseded]


def _line_cells(line: NativeLine) -> Sequence[object]:
    completions = [{"id": c.id, "source": c.source, "text": c.text} for c in line.completions]
    return line.id, line.group or "", prompt_text(line), _json(completions)


def _answer_rows(judgment: NativeJudgment) -> Iterator[Sequence[object]]:
    before = (judgment.id or "", judgment.annotator, judgment.annotator_kind, judgment.status)
    after = (
        _json(list(judgment.shown)),
        time_to(judgment.started_at) or "",
        time_to(judgment.submitted_at) or "",
        "" if judgment.active_ms is None else judgment.active_ms,
        judgment.reason,
    )
    for question, answer in judgment.answers.items():
        choice, strength = answer.get("choice", ""), answer.get("strength", "")
        yield (*before, question, choice, strength, _json(answer), *after)
    if not judgment.answers:
        yield (*before, "", "", "", "", *after)


def _parquet_row(
    line: NativeLine,
    judgment: NativeJudgment,
    messages: list[dict[str, str]],
    completions: list[dict[str, str]],
) -> dict[str, Any]:
    return {
        "prompt_id": line.id,
        "group": line.group,
        "messages": messages,
        "completions": completions,
        "judgment_id": judgment.id,
        "annotator": judgment.annotator,
        "annotator_kind": judgment.annotator_kind,
        "status": judgment.status,
        "answers": _json(judgment.answers),
        "shown": list(judgment.shown),
        "started_at": judgment.started_at,
        "submitted_at": judgment.submitted_at,
        "active_ms": judgment.active_ms,
        "reason": judgment.reason,
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


class _Sink(io.RawIOBase):
    """Collects what a parquet writer writes until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._position

    def taken(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces
