"""How a run's status may change: one table, and one function that changes it by compare-and-set."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from training.models import RunStatus, TrainingRun

TRANSITIONS: Final[dict[RunStatus, tuple[RunStatus, ...]]] = {
    RunStatus.QUEUED: (RunStatus.RUNNING, RunStatus.CANCELLED, RunStatus.FAILED),
    RunStatus.RUNNING: (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.QUEUED),
    RunStatus.SUCCEEDED: (),
    RunStatus.FAILED: (),
    RunStatus.CANCELLED: (),
}
FINAL: Final = tuple(status for status, following in TRANSITIONS.items() if not following)


def table() -> str:
    """The transitions as lines of text, one for each status that can be left."""
    return "\n".join(
        f"{status.value} -> {' | '.join(following)}" for status, following in TRANSITIONS.items() if following
    )


def run_move(*, run_id: int, old: RunStatus, new: RunStatus, where: Q | None = None, **fields: Any) -> bool:
    """Move a run from `old` to `new` and write `fields` with it; False when it is not (or no longer) there.

    `where` narrows the comparison, as to the attempt that the caller holds. A final status stamps
    `finished_at`. Raises ValueError for a transition that the table does not have.
    """
    if new not in TRANSITIONS[old]:
        raise ValueError(f"a run does not go from {old} to {new}")
    if new in FINAL:
        fields.setdefault("finished_at", timezone.now())
    rows = TrainingRun.objects.filter(where or Q(), id=run_id, status=old)
    return rows.update(status=new, **fields) == 1
