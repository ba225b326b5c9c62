"""The human evaluation of Tulu 1: a workbook with a row per judgment of a pair of completions.

Rows are known by content, since the same pair comes as A/B and as B/A. The instances file (one pair of
completions per line, nobody's judgment) is read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotation.formats.base import NativeLine, Row, RowError
from annotation.formats.native import line_from
from annotation.formats.recipes.base import Recipe
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.values import described, kept_text

PREFERENCES: dict[str, dict[str, Any]] = {
    "a-is-better": {"choice": "0", "strength": 2},
    "a-is-slightly-better": {"choice": "0", "strength": 1},
    "tie": {"choice": "tie"},
    "b-is-slightly-better": {"choice": "1", "strength": 1},
    "b-is-better": {"choice": "1", "strength": 2},
}
SHEET_ERRORS = frozenset({"#ERROR!", "#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})


def read(stream: IO[bytes], table: str, filename: str, options: Mapping[str, str]) -> Iterator[Row]:
    """Read the workbook of judgments, or the file of instances."""
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, _instance if table in ("json", "jsonl") else _judged)


def _judged(row: Mapping[str, Any]) -> tuple[NativeLine, tuple[str, ...]]:
    notes: list[str] = []
    completions = []
    accepted: dict[str, list[str]] = {}
    for place, side in enumerate("ab"):
        text = kept_text(row.get(f"completion_{side}"), f"completion_{side}", notes)
        if text in SHEET_ERRORS:
            notes.append(f"completion_{side} reads {text}, a spreadsheet's error; kept as text")
        completions.append({"text": text, "source": row.get(f"model_{side}")})
        verdict = row.get(f"completion_{side}_is_acceptable")
        if verdict not in ("yes", "no", "", None):
            raise RowError(f"completion_{side}_is_acceptable must be yes or no, got {described(verdict)}")
        if verdict:
            accepted[str(place)] = [str(verdict)]
    preference = row.get("preference")
    if not isinstance(preference, str) or preference not in PREFERENCES:
        raise RowError(f"preference must be one of {', '.join(PREFERENCES)}, got {described(preference)}")
    answers: dict[str, Any] = {"overall": PREFERENCES[preference]}
    if accepted:
        answers["acceptable"] = {"values": accepted}
    comment = row.get("comment")
    judgment = {
        "annotator": row.get("evaluator"),
        "answers": answers,
        "shown": ["0", "1"],
        "submitted_at": row.get("timestamp"),
        "reason": comment if isinstance(comment, str) else "",
    }
    line, more = line_from(
        {
            "prompt": kept_text(row.get("prompt"), "prompt", notes),
            "completions": completions,
            "metadata": _instance_id(row.get("instance_id")),
            "judgments": [judgment],
        },
        positions=True,
    )
    return line, (*notes, *more)


def _instance(row: Mapping[str, Any]) -> tuple[NativeLine, tuple[str, ...]]:
    pair = row.get("completions")
    if not isinstance(pair, list) or not all(isinstance(entry, dict) for entry in pair):
        raise RowError(f"completions must be a list of objects, got {described(pair)}")
    completions = [{"text": entry.get("completion"), "source": entry.get("model")} for entry in pair]
    return line_from(
        {"prompt": row.get("prompt"), "completions": completions, "metadata": _instance_id(row.get("id"))}
    )


def _instance_id(value: object) -> dict[str, Any]:
    return {"instance_id": value} if value else {}


RECIPE = Recipe(
    name="tulu-human-eval",
    title="Tulu human evaluation",
    description="Which of two models answered better, in five steps, and whether each answer is acceptable "
    "(eval_annotations_tulu_1.xlsx).",
    read=read,
    questions=(
        {
            "name": "overall",
            "kind": "comparison",
            "title": "Which answer is better?",
            "required": True,
            "strengths": 2,
            "ties": True,
            "both_bad": False,
        },
        {
            "name": "acceptable",
            "kind": "choice",
            "title": "Is the answer acceptable?",
            "required": True,
            "options": ["yes", "no"],
            "multiple": False,
            "per_completion": True,
        },
    ),
    columns=(
        frozenset(
            {"model_a", "model_b", "completion_a", "completion_b", "completion_a_is_acceptable", "preference"}
        ),
    ),
)
