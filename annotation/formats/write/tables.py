"""Judgments as tables: csv with a row for each answer, parquet with a row for each judgment."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import orjson

from annotation.formats.base import NativeJudgment, NativeLine
from annotation.formats.native_values import time_to

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
        for judgment in kept_judgments(line):
            for row in _answer_rows(judgment):
                writer.writerow([safe_cell(cell) for cell in (*shared, *row)])
        if buffer.tell():
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


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


def kept_judgments(line: NativeLine) -> list[NativeJudgment]:
    """Return the judgments that are neither surplus nor superseded, skipped and flagged ones included."""
    superseded = {judgment.supersedes for judgment in line.judgments if judgment.supersedes is not None}
    return [j for j in line.judgments if not j.surplus and j.id not in superseded]


def _line_cells(line: NativeLine) -> Sequence[object]:
    completions = [{"id": c.id, "source": c.source, "text": c.text} for c in line.completions]
    return line.id, line.group or "", prompt_text(line), json_text(completions)


def _answer_rows(judgment: NativeJudgment) -> Iterator[Sequence[object]]:
    before = (judgment.id or "", judgment.annotator, judgment.annotator_kind, judgment.status)
    after = (
        json_text(list(judgment.shown)),
        time_to(judgment.started_at) or "",
        time_to(judgment.submitted_at) or "",
        "" if judgment.active_ms is None else judgment.active_ms,
        judgment.reason,
    )
    for question, answer in judgment.answers.items():
        choice, strength = answer.get("choice", ""), answer.get("strength", "")
        yield (*before, question, choice, strength, json_text(answer), *after)
    if not judgment.answers:
        yield (*before, "", "", "", "", *after)


def json_text(value: object) -> str:
    """Write a value as JSON."""
    return orjson.dumps(value).decode()
