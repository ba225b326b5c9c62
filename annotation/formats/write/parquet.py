"""Parquet with a row for each judgment."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotation.formats.base import NativeJudgment, NativeLine
from annotation.formats.write.tables import json_text, kept_judgments

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


def parquet_pieces(lines: Iterable[NativeLine]) -> Iterator[bytes]:
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
            for judgment in kept_judgments(line):
                rows.append(_parquet_row(line, judgment, messages, completions))
                size += weight
                if len(rows) >= PARQUET_ROWS or size >= PARQUET_GROUP_CHARS:
                    writer.write_batch(pa.RecordBatch.from_pylist(rows, PARQUET_SCHEMA))
                    rows, size = [], 0
                    yield from sink.taken()
        if rows:
            writer.write_batch(pa.RecordBatch.from_pylist(rows, PARQUET_SCHEMA))
    yield from sink.taken()


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
        "answers": json_text(judgment.answers),
        "shown": list(judgment.shown),
        "started_at": judgment.started_at,
        "submitted_at": judgment.submitted_at,
        "active_ms": judgment.active_ms,
        "reason": judgment.reason,
    }


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
