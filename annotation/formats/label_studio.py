"""Label Studio's JSON export: tasks with their data and annotations.

The export does not hold the labelling configuration, so the prompt and the outputs are found in `data` by
the usual column names, by a map, or as a list of `{"id", "body"}` (what its Ranker shows). Results become
answers to the question that has the control's name: pairwise a comparison, rating and number a rating,
choices a choice, ranker a ranking, textarea a comment. Others are left out with a note. Predictions become
judgments of annotators of kind `model`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from annotation.formats.base import MAX_ACTIVE_MS, NativeLine, Row, RowError
from annotation.formats.guess import guess_map
from annotation.formats.map_clean import map_clean
from annotation.formats.mapping import RowMap, merged
from annotation.formats.native import line_from
from annotation.formats.native_values import line_to
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.values import described, object_of

SIDES = {"left": "0", "right": "1"}


def read_label_studio(
    stream: IO[bytes], options: Mapping[str, str], mapping: object | None = None, table: str = "json"
) -> Iterator[Row]:
    """Read tasks; a map reads the prompt and the outputs out of each task's `data`."""
    row_map = map_clean(mapping) if mapping is not None else None
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, lambda task: task_line(task, row_map))


def task_line(task: Mapping[str, Any], row_map: RowMap | None = None) -> tuple[NativeLine, tuple[str, ...]]:
    """Return the native line of one task; RowError where its data or a result cannot be understood."""
    data = object_of(task.get("data"), "data")
    raw, names, notes = _outputs(data, row_map)
    if task.get("id") is not None and (row_map is None or row_map.identity is None):
        raw["id"] = str(task["id"])
    judgments = []
    for kind in ("annotations", "predictions"):
        entries = task.get(kind) or []
        if not isinstance(entries, list):
            raise RowError(f"{kind} must be a list, got {described(entries)}")
        for index, entry in enumerate(entries):
            path = f"{kind}[{index}]"
            judgment = _judgment(object_of(entry, path), path, names, notes, model=kind == "predictions")
            if judgment is not None:
                judgments.append(judgment)
    raw["judgments"] = judgments
    line, more = line_from(raw, positions=True)
    return line, (*notes, *more)


@dataclass(frozen=True, slots=True)
class _Names:
    """How results name outputs: by the columns of `data`, or by the ids of the items in a list."""

    columns: tuple[str, ...]
    items: tuple[str, ...]

    def place(self, to_name: object) -> str | None:
        """Return the output that a result is about, None where it is about the task as a whole."""
        names = [_plain(name) for name in self.columns]
        if isinstance(to_name, str) and _plain(to_name) in names:
            return str(names.index(_plain(to_name)))
        return "0" if len(names) == 1 else None

    def item(self, identity: object, path: str) -> str:
        if identity not in self.items:
            raise RowError(f"{path} ranks {described(identity)}, which is no item of the task")
        return str(self.items.index(str(identity)))


def _outputs(data: dict[str, Any], row_map: RowMap | None) -> tuple[dict[str, Any], _Names, list[str]]:
    if row_map is None:
        items = next((value for value in data.values() if _is_items(value)), None)
        if items is not None:
            return _ranked_items(data, items)
        guessed = guess_map(data)
        if guessed is None:
            have = ", ".join(str(name)[:50] for name in list(data)[:20])
            raise RowError(f"data has no columns that look like a prompt and outputs; it has: {have}")
        row_map = map_clean({**{key: guessed[key] for key in ("prompt", "completions")}})
    line, notes = row_map.line(data)
    raw = line_to(line)
    if row_map.identity is None:
        raw["id"] = None
        for completion in raw["completions"]:
            completion["id"] = None
    columns = tuple((c.text.column or "") if c.text is not None else "" for c in row_map.completions)
    return raw, _Names(columns, ()), list(notes)


def _is_items(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "id" in item and _item_text(item) is not None for item in value)
    )


def _item_text(item: Mapping[str, Any]) -> Any:
    return next((item[name] for name in ("body", "text", "html") if name in item), None)


def _ranked_items(
    data: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], _Names, list[str]]:
    prompt = next(
        (data[name] for name in ("prompt", "question", "query", "instruction", "text") if name in data), None
    )
    raw = {
        "prompt": prompt,
        "completions": [{"id": str(item["id"]), "text": _item_text(item)} for item in items],
    }
    return raw, _Names((), tuple(str(item["id"]) for item in items)), []


def _judgment(
    entry: dict[str, Any], path: str, names: _Names, notes: list[str], *, model: bool
) -> dict[str, Any] | None:
    answers: dict[str, Any] = {}
    results = entry.get("result") or []
    if not isinstance(results, list):
        raise RowError(f"{path}.result must be a list, got {described(results)}")
    shown: list[str] = []
    for index, value in enumerate(results):
        here = f"{path}.result[{index}]"
        result = object_of(value, here)
        answer = _answer(result, here, names)
        if answer is None:
            notes.append(f"{here} is of type {described(result.get('type'))}, left out")
            continue
        question = str(result.get("from_name") or result.get("type"))
        answers[question] = merged(answers.get(question), answer, here)
        shown = ["0", "1"] if result.get("type") == "pairwise" else shown
    cancelled = entry.get("was_cancelled") is True
    if not answers and not cancelled:
        return None
    seconds = entry.get("lead_time")
    active = (
        round(seconds * 1000)
        if isinstance(seconds, int | float) and 0 <= seconds < MAX_ACTIVE_MS / 1000
        else None
    )
    return {
        "annotator": _annotator(entry, model=model),
        "annotator_kind": "model" if model else "human",
        "status": "skipped" if cancelled else "submitted",
        "answers": {} if cancelled else answers,
        "shown": shown,
        "submitted_at": entry.get("created_at") if isinstance(entry.get("created_at"), str) else None,
        "active_ms": active,
    }


def _answer(result: dict[str, Any], path: str, names: _Names) -> dict[str, Any] | None:
    kind, value = result.get("type"), object_of(result.get("value"), f"{path}.value")
    place = names.place(result.get("to_name"))
    if kind == "pairwise":
        side = value.get("selected")
        if not isinstance(side, str) or side not in SIDES:
            raise RowError(f"{path}.value.selected must be left or right, got {described(side)}")
        return {"choice": SIDES[side]}
    if kind in ("rating", "number"):
        if place is None:
            raise RowError(
                f"{path}.to_name {described(result.get('to_name'))} is none of the outputs' columns"
            )
        return {"scores": {place: value.get(str(kind))}}
    if kind == "choices":
        chosen = value.get("choices")
        return {"values": chosen if place is None else {place: chosen}}
    if kind == "textarea":
        text = value.get("text")
        return {"text": "\n".join(map(str, text)) if isinstance(text, list) else text}
    if kind == "ranker":
        return _ranking(value, path, names)
    return None


def _ranking(value: dict[str, Any], path: str, names: _Names) -> dict[str, Any] | None:
    """Read an ordered list of ids; several buckets are an order only where there is but one of them."""
    order = value.get("ranker")
    if isinstance(order, dict):
        filled = [bucket for name, bucket in order.items() if bucket and name != "_"] or [order.get("_")]
        order = filled[0] if len(filled) == 1 else None
    if not isinstance(order, list) or not order:
        return None
    return {"tiers": [[names.item(identity, path)] for identity in order]}


def _annotator(entry: Mapping[str, Any], *, model: bool) -> str:
    if model:
        return str(entry.get("model_version") or "model")[:200]
    who = entry.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("username") or who.get("id")
    if who is None:
        return "unknown"
    return f"user-{who}" if isinstance(who, int) else str(who)[:200]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
