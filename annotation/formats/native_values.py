"""Native lines as plain JSON values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from annotation.formats.base import NativeJudgment, NativeLine


def line_to(line: NativeLine) -> dict[str, Any]:
    """Return the line as JSON values with its keys in the canonical order; `line_from` reads it back."""
    return {
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


def judgment_to(judgment: NativeJudgment) -> dict[str, Any]:
    """Return a judgment as JSON values with its keys in the canonical order."""
    return {
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


def time_to(value: datetime | None) -> str | None:
    """Write a time in ISO 8601, in UTC with a Z.

    >>> time_to(datetime(2026, 1, 31, 10, tzinfo=UTC))
    '2026-01-31T10:00:00Z'
    """
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
