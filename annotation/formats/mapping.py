r"""The map language: how a row of named columns becomes a native line.

    {"id": "{idx}", "prompt": "{instruction}\n\n{input}",
     "completions": [{"text": "{response1}", "source": "{model_a}"}, {"text": "{response2}"}],
     "judgments": [{"annotator": "{evaluator}", "question": "overall", "value": "{label}",
                    "values": {"1": {"choice": 0}, "2": {"choice": 1}, "*": {"choice": "tie"}}}]}

`{name}` is a column; of a JSON object also a path into it, `{response.text}` or `{outputs.0}`; `{{` is a
brace. Where one of the columns of a template is empty, the ends of the result are trimmed. In `values` a
number is a place in `completions` and `*` what anything else means; an empty value is no judgment, unless
`values` has "". In place of `value` and `values`, `answer` gives an answer with columns in it:
`{"scores": {"0": "{score_a}"}}`. Entries of one annotator make one judgment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from annotation.formats.base import FormatError, NativeLine, RowError
from annotation.formats.native import line_from
from annotation.formats.references import answer_rename
from annotation.formats.values import described, kept_text

MISSING = object()


class MapError(FormatError):
    """A map that says nothing usable; the message names the place in it."""

    code = "invalid_map"


@dataclass(frozen=True, slots=True)
class Template:
    """A text with columns in it: plain pieces and column names by turns, a plain piece first."""

    path: str
    pieces: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.pieces[1::2]

    @property
    def column(self) -> str | None:
        """The column, where the template is nothing but one."""
        return self.pieces[1] if len(self.pieces) == 3 and not self.pieces[0] and not self.pieces[2] else None

    def text(self, row: Mapping[str, Any], notes: list[str]) -> str:
        """Fill in the columns; what is no text is kept as text, with a note."""
        filled, trim = [self.pieces[0]], False
        for name, plain in zip(self.pieces[1::2], self.pieces[2::2], strict=True):
            cell = cell_at(row, name)
            if cell is MISSING:
                raise RowError(f"{self.path}: the row has no column “{name[:100]}”")
            if cell is None or cell == "":
                trim = True
            else:
                filled.append(kept_text(cell, self.path, notes))
            filled.append(plain)
        text = "".join(filled)
        return text.strip() if trim else text

    def word(self, row: Mapping[str, Any]) -> str | None:
        """Fill in the columns without remark, for ids and names; None where nothing comes of it."""
        text = "".join(
            piece if index % 2 == 0 else _word(cell_at(row, piece), self.path)
            for index, piece in enumerate(self.pieces)
        )
        return text.strip() or None


@dataclass(frozen=True, slots=True)
class MappedCompletion:
    """How one completion is read; an optional one is left out where its text is empty."""

    identity: Template | None
    text: Template | None
    source: Template | None
    optional: bool


@dataclass(frozen=True, slots=True)
class MappedJudgment:
    """How one answer is read."""

    path: str
    annotator: Template
    annotator_kind: str
    question: str
    value: Template | None
    values: Mapping[str, Any]
    answer: Any
    submitted_at: Template | None
    reason: Template | None


@dataclass(frozen=True, slots=True)
class RowMap:
    """A checked map. `line` applies it to a row."""

    identity: Template | None
    prompt: Template | None
    messages: Template | None
    group: Template | None
    pool: Template | None
    metadata: tuple[tuple[str, Template], ...]
    completions: tuple[MappedCompletion, ...]
    judgments: tuple[MappedJudgment, ...]
    columns: frozenset[str]

    def line(self, row: Mapping[str, Any]) -> tuple[NativeLine, tuple[str, ...]]:
        """Return the native line of a row, with notes; RowError where the row does not fit."""
        notes: list[str] = []
        raw: dict[str, Any] = {"id": self.identity.word(row) if self.identity else None}
        if self.identity is not None and raw["id"] is None:
            raise RowError("id is empty")
        if self.messages is not None:
            raw["messages"] = _messages(row, self.messages)
        elif self.prompt is not None:
            raw["prompt"] = self.prompt.text(row, notes)
        raw["group"] = self.group.word(row) if self.group else None
        raw["pool"] = self.pool.word(row) if self.pool else None
        raw["metadata"] = {name: _cell(row, template) for name, template in self.metadata}
        completions = [self._completion(completion, row, notes) for completion in self.completions]
        texts = [completion for completion in completions if completion is not None and "text" in completion]
        raw["completions"] = texts
        names = _Places(completions, texts)
        raw["judgments"] = self._judgments(row, names)
        line, more = line_from(raw, positions=bool(texts))
        return line, (*notes, *more)

    def _completion(
        self, mapped: MappedCompletion, row: Mapping[str, Any], notes: list[str]
    ) -> dict[str, Any] | None:
        completion: dict[str, Any] = {}
        if mapped.text is not None:
            column = mapped.text.column
            cell = cell_at(row, column) if column is not None else ""
            if mapped.optional and cell in (None, "", MISSING) and column is not None:
                return None
            if cell is None:
                raise RowError(f"{mapped.text.path} is missing: the column “{column}” is empty")
            completion["text"] = mapped.text.text(row, notes)
        if mapped.identity is not None:
            completion["id"] = mapped.identity.word(row)
        if mapped.source is not None:
            completion["source"] = mapped.source.word(row)
        return completion

    def _judgments(self, row: Mapping[str, Any], names: _Places) -> list[dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for mapped in self.judgments:
            answer = _answer(mapped, row)
            if answer is None:
                continue
            annotator = mapped.annotator.word(row)
            if annotator is None:
                raise RowError(f"{mapped.path}.annotator is empty where there is an answer")
            judgment = found.setdefault(
                (annotator, mapped.annotator_kind),
                {"annotator": annotator, "annotator_kind": mapped.annotator_kind, "answers": {}},
            )
            answers = judgment["answers"]
            answers[mapped.question] = merged(
                answers.get(mapped.question), names.resolved(answer, mapped.path), mapped.path
            )
            if mapped.submitted_at is not None:
                judgment["submitted_at"] = mapped.submitted_at.word(row)
            if mapped.reason is not None:
                judgment["reason"] = mapped.reason.word(row) or ""
        return list(found.values())


class _Places:
    """Turns places in the map's completions into places on the line, or into ids where it has no texts."""

    def __init__(self, mapped: Sequence[dict[str, Any] | None], texts: Sequence[dict[str, Any]]) -> None:
        kept = {id(completion): place for place, completion in enumerate(texts)}
        self._names: list[Any] = [
            None
            if completion is None
            else str(kept[id(completion)])
            if id(completion) in kept
            else completion.get("id")
            for completion in mapped
        ]

    def resolved(self, answer: Mapping[str, Any], path: str) -> dict[str, Any]:
        return answer_rename(answer, self._name, path)

    def _name(self, name: object, path: str) -> Any:
        place = int(name) if isinstance(name, str) and name.isdecimal() and len(name) < 6 else name
        if type(place) is not int:
            raise RowError(f"{path} must name a completion by its place, got {described(name)}")
        if not 0 <= place < len(self._names):
            raise RowError(f"{path} names completion {place}, counted from 0; the map has {len(self._names)}")
        if self._names[place] is None:
            raise RowError(f"{path} names completion {place}, which this row does not have")
        return self._names[place]


def cell_at(row: Mapping[str, Any], name: str) -> Any:
    """Return the cell of a column, or what a dotted path leads to; MISSING where there is none."""
    if name in row:
        return row[name]
    value: Any = row
    for step in name.split("."):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and len(step) < 6 and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def merged(old: Any, new: Any, path: str) -> Any:
    """Put two parts of one answer together; RowError where they contradict each other."""
    if old is None or old == new:
        return new
    if isinstance(old, dict) and isinstance(new, dict):
        return {
            key: merged(old.get(key), new.get(key, old.get(key)), path) for key in [*old, *(new.keys() - old)]
        }
    raise RowError(f"{path} contradicts another answer of the same annotator in this row")


def _answer(mapped: MappedJudgment, row: Mapping[str, Any]) -> dict[str, Any] | None:
    if mapped.value is None:
        return _filled(mapped.answer, row, mapped.path) or None
    value = mapped.value.word(row)
    if value is None:
        return mapped.values.get("")
    for key in (value, value.casefold(), "*"):
        if key in mapped.values:
            return dict(mapped.values[key])
    raise RowError(f"{mapped.path}.values does not say what {described(value)} means")


def _filled(part: Any, row: Mapping[str, Any], path: str, *, number: bool = False) -> Any:
    """Fill in the columns of an answer; what comes out empty is dropped."""
    if isinstance(part, dict):
        inner = {
            key: _filled(value, row, path, number=key == "scores" or number) for key, value in part.items()
        }
        return {key: value for key, value in inner.items() if value not in (None, "", {}, [])}
    if isinstance(part, list):
        return [
            value for item in part if (value := _filled(item, row, path, number=number)) not in (None, "")
        ]
    if isinstance(part, Template):
        cell = cell_at(row, part.column) if part.column is not None else part.word(row)
        cell = None if cell is MISSING else cell
        if number and isinstance(cell, str) and cell.strip():
            try:
                value = float(cell)
            except ValueError as error:
                raise RowError(f"{path}: a score must be a number, got {described(cell)}") from error
            return int(value) if value.is_integer() else value
        return cell.strip() if isinstance(cell, str) else cell
    return part


def _messages(row: Mapping[str, Any], template: Template) -> Any:
    cell = cell_at(row, template.column or "")
    if isinstance(cell, str):
        try:
            return orjson.loads(cell)
        except orjson.JSONDecodeError as error:
            raise RowError(f"messages: the column “{template.column}” holds no JSON list") from error
    return None if cell is MISSING else cell


def _cell(row: Mapping[str, Any], template: Template) -> Any:
    if template.column is None:
        return template.word(row)
    cell = cell_at(row, template.column)
    return None if cell is MISSING else cell


def _word(cell: Any, path: str) -> str:
    return "" if cell is None or cell is MISSING else kept_text(cell, path, [])
