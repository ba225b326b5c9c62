"""Imports as the wire shows them."""

from __future__ import annotations

from typing import Any

from annotation.models import Examination, Import, ImportStatus
from annotation.services.import_undo import import_judged


def import_wire(record: Import, *, detail: bool = True) -> dict[str, Any]:
    """An import's report; in lists `undoable` is only whether it could be asked for."""
    options = record.options
    dry = bool(options.get("dry_run"))
    brought = record.prompts_created or record.completions_created or record.judgments_created
    ended = record.status in (ImportStatus.SUCCEEDED, ImportStatus.FAILED)
    undoable = bool(brought) and ended and not dry and record.undone_at is None
    return {
        "id": str(record.id),
        "status": record.status,
        "filename": record.filename,
        "format": record.format,
        "progress": record.progress,
        "rows_read": record.rows_read,
        "prompts_created": record.prompts_created,
        "completions_created": record.completions_created,
        "judgments_created": record.judgments_created,
        "duplicates": record.duplicates,
        "skipped": record.skipped,
        "errors": record.errors if detail else record.errors[:20],
        "errors_total": record.errors_total,
        "notes": record.notes if detail else record.notes[:20],
        "conversions": record.notes_total,
        "dry_run": dry,
        "preview": record.preview,
        "columns": options.get("columns"),
        "samples": options.get("samples"),
        "detected_format": options.get("detected_format"),
        "detected_map": options.get("detected_map"),
        "detected_recipe": options.get("detected_recipe"),
        "undoable": undoable and not (detail and import_judged(record)),
        "undone_at": record.undone_at,
        "created_by": record.created_by.username if record.created_by else None,
        "created_at": record.created_at,
        "finished_at": record.finished_at,
        "examination": _examination_wire(record),
    }


def _examination_wire(record: Import) -> dict[str, Any] | None:
    """What the search through the import has found so far; None where there is nothing to search."""
    found: Examination | None = getattr(record, "examination", None)
    if found is None:
        return None
    return {
        "status": found.status,
        "near_duplicates": found.near_duplicates,
        "equal_outputs": found.equal_outputs,
        "revealing": found.revealing,
    }
