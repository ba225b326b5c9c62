"""Native lines as plain JSON values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from annotation.formats.base import NativeJudgment, NativeLine
from annotation.formats.gold import golds_to


def line_to(line: NativeLine) -> dict[str, Any]:
    """Return the line as JSON values with its keys in the canonical order; `line_from` reads it back."""
    values: dict[str, Any] = {
        "id": line.id,
        "messages": [{"role": message.role, "content": message.content} for message in line.messages],
        "group": line.group,
        "completions": [
            {
                "id": completion.id,
                "text": completion.text,
                "source": completion.source,
                "features": list(completion.features),
                "metadata": completion.metadata,
            }
            for completion in line.completions
        ],
        "metadata": line.metadata,
        "judgments": [judgment_to(judgment) for judgment in line.judgments],
    }
    if line.pool is not None:
        values["pool"] = line.pool
    if line.gold:
        values["gold"] = golds_to(line.gold)
    return values


def judgment_to(judgment: NativeJudgment) -> dict[str, Any]:
    """Return a judgment as JSON values with its keys in the canonical order.

    What few judgments have stands at the end, and only where there is something to say.
    """
    values: dict[str, Any] = {
        "id": judgment.id,
        "annotator": judgment.annotator,
        "annotator_kind": judgment.annotator_kind,
        "status": judgment.status,
        "answers": judgment.answers,
        "shown": list(judgment.shown),
        "started_at": time_to(judgment.started_at),
        "submitted_at": time_to(judgment.submitted_at),
        "active_ms": judgment.active_ms,
        "supersedes": judgment.supersedes,
        "reason": judgment.reason,
        "surplus": judgment.surplus,
    }
    if judgment.author:
        values["author"] = judgment.author
    if judgment.set_aside_at is not None:
        values["set_aside"] = {"at": time_to(judgment.set_aside_at), "reason": judgment.set_aside_reason}
    if judgment.purpose != "work":
        values["purpose"] = judgment.purpose
    return values


def time_to(value: datetime | None) -> str | None:
    """Write a time in ISO 8601, in UTC with a Z.

    >>> time_to(datetime(2026, 1, 31, 10, tzinfo=UTC))
    '2026-01-31T10:00:00Z'
    """
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
