"""Argilla's records: `fields`, `metadata`, and responses by question, of version 1 or 2.

Version 1 lists `{"user_id", "status", "values": {question: {"value"}}}`, version 2 maps each question to a
list of `{"user_id", "value"}`. The prompt and the outputs are found in `fields` by the usual names or by
a map. A value becomes an answer by what it is: a list of names or ranks of outputs a ranking, the name of
one of two outputs a comparison, a number a rating, spans a highlight, other words a choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotation.formats.base import NativeLine, Row, RowError
from annotation.formats.guess import guess_map
from annotation.formats.map_clean import map_clean
from annotation.formats.mapping import RowMap
from annotation.formats.native import line_from
from annotation.formats.native_values import line_to
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.values import described, object_of

STATUSES = {"submitted": "submitted", "discarded": "skipped"}
VERDICTS = {"tie": "tie", "equal": "tie", "both_bad": "both_bad"}


def read_argilla(
    stream: IO[bytes], options: Mapping[str, str], mapping: object | None = None, table: str = "json"
) -> Iterator[Row]:
    """Read records; a map reads the prompt and the outputs out of each record's `fields`."""
    row_map = map_clean(mapping) if mapping is not None else None
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, lambda record: record_line(record, row_map))


def record_line(
    record: Mapping[str, Any], row_map: RowMap | None = None
) -> tuple[NativeLine, tuple[str, ...]]:
    """Return the native line of one record; RowError where a field or a response cannot be understood."""
    fields = object_of(record.get("fields"), "fields")
    if row_map is None:
        guessed = guess_map(fields)
        if guessed is None:
            have = ", ".join(str(name)[:50] for name in list(fields)[:20])
            raise RowError(f"fields has no names that look like a prompt and outputs; it has: {have}")
        row_map = map_clean({key: guessed[key] for key in ("prompt", "completions")})
    line, notes = row_map.line(fields)
    raw = line_to(line)
    identity = record.get("id") or record.get("external_id")
    if row_map.identity is None:
        raw["id"] = str(identity) if identity is not None else None
        for completion in raw["completions"]:
            completion["id"] = None
    metadata = record.get("metadata")
    raw["metadata"] = metadata if isinstance(metadata, dict) else {}
    names = tuple((c.text.column or "") if c.text is not None else "" for c in row_map.completions)
    remarks = list(notes)
    raw["judgments"] = _judgments(record, names, remarks)
    line, more = line_from(raw, positions=True)
    return line, (*remarks, *more)


def _judgments(record: Mapping[str, Any], names: tuple[str, ...], notes: list[str]) -> list[dict[str, Any]]:
    people: dict[str, dict[str, Any]] = {}
    for who, status, question, value in _responses(record.get("responses") or []):
        if status == "draft":
            notes.append(f"a draft of {who[:100]} was left out")
            continue
        judgment = people.setdefault(
            who, {"annotator": who, "status": STATUSES.get(status, "submitted"), "answers": {}}
        )
        if judgment["status"] == "submitted" and question is not None:
            judgment["answers"][question] = _answer(value, names, f"responses.{question}")
    return [
        judgment for judgment in people.values() if judgment["answers"] or judgment["status"] != "submitted"
    ]


def _responses(responses: object) -> Iterator[tuple[str, str, str | None, Any]]:
    """Yield annotator, status, question and value of each response, in either version."""
    if isinstance(responses, dict):
        for question, entries in responses.items():
            for entry in entries if isinstance(entries, list) else []:
                response = object_of(entry, f"responses.{question}")
                status = str(response.get("status") or "submitted")
                yield str(response.get("user_id") or "unknown"), status, str(question), response.get("value")
        return
    if not isinstance(responses, list):
        raise RowError(f"responses must be a list or an object, got {described(responses)}")
    for index, entry in enumerate(responses):
        response = object_of(entry, f"responses[{index}]")
        who, status = str(response.get("user_id") or "unknown"), str(response.get("status") or "submitted")
        values = object_of(response.get("values") or {}, f"responses[{index}].values")
        for question, value in values.items():
            yield who, status, question, value.get("value") if isinstance(value, dict) else value
        if not values:
            yield who, status, None, None


def _answer(value: Any, names: tuple[str, ...], path: str) -> dict[str, Any]:
    places = {name: str(place) for place, name in enumerate(names)}
    if isinstance(value, bool) or value is None:
        raise RowError(f"{path} has {described(value)}, which answers no kind of question")
    if isinstance(value, int | float):
        if len(names) == 1:
            return {"scores": {"0": value}}
        named = [place for name, place in places.items() if name and name in path]
        if len(named) != 1:
            raise RowError(f"{path} is a number for the record as a whole, which has {len(names)} outputs")
        return {"scores": {named[0]: value}}
    if isinstance(value, str):
        if len(names) == 2 and (value in places or value.casefold() in VERDICTS):
            return {"choice": places.get(value) or VERDICTS[value.casefold()]}
        return {"values": {"0": [value]}} if len(names) == 1 else {"values": [value]}
    if isinstance(value, list) and value:
        if all(isinstance(entry, dict) and "rank" in entry for entry in value):
            return _ranks(value, places, path)
        if all(isinstance(entry, str) for entry in value):
            if all(entry in places for entry in value):
                return {"tiers": [[places[entry]] for entry in value]}
            return {"values": {"0": value}} if len(names) == 1 else {"values": value}
        if len(names) == 1 and all(isinstance(entry, dict) and "start" in entry for entry in value):
            return {"spans": [_span(entry) for entry in value]}
    raise RowError(f"{path} has {described(value)}, which answers no kind of question")


def _ranks(value: list[dict[str, Any]], places: Mapping[str, str], path: str) -> dict[str, Any]:
    tiers: dict[int, list[str]] = {}
    for entry in value:
        rank, name = entry["rank"], entry.get("value")
        if type(rank) is not int or not isinstance(name, str) or name not in places:
            raise RowError(
                f"{path} ranks {described(name)} as {described(rank)}; a rank of an output was expected"
            )
        tiers.setdefault(rank, []).append(places[name])
    return {"tiers": [tiers[rank] for rank in sorted(tiers)]}


def _span(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"completion": "0", "start": entry["start"], "end": entry.get("end"), "label": entry.get("label")}
