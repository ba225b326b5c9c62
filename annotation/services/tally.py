"""What is told about the rows of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

REPORTED_MOST = 1000  # errors and notes kept of one import; the totals count all
NOTES_PER_ROW = 20


class RefusedError(ValueError):
    """Why a row cannot be used."""


@dataclass
class Tally:
    """What became of the rows of a file, so far."""

    rows_read: int = 0
    prompts_created: int = 0
    completions_created: int = 0
    judgments_created: int = 0
    duplicates: int = 0
    skipped: int = 0
    errors_total: int = 0
    notes_total: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: int | None, message: str) -> None:
        """Report a row that cannot be used; without a row, the whole file."""
        self.errors_total += 1
        if len(self.errors) < REPORTED_MOST:
            self.errors.append({"row": row, "message": message})

    def note(self, row: int, messages: Sequence[str]) -> None:
        """Report what was changed or left out of a row that was taken."""
        self.notes_total += len(messages)
        room = max(0, REPORTED_MOST - len(self.notes))
        self.notes += [{"row": row, "message": message} for message in messages[: min(NOTES_PER_ROW, room)]]
