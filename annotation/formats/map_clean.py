"""Checks a map in the language of `mapping` and makes it ready for use."""

from __future__ import annotations

import re
from typing import Any

from annotation.formats.base import ANNOTATOR_KINDS, MAX_COMPLETIONS, MAX_DEPTH
from annotation.formats.mapping import MapError, MappedCompletion, MappedJudgment, RowMap, Template
from annotation.formats.values import described

TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")
MAP_FIELDS = frozenset({"id", "prompt", "messages", "completions", "group", "metadata", "judgments", "pool"})
COMPLETION_FIELDS = frozenset({"id", "text", "source", "optional"})
JUDGMENT_FIELDS = frozenset(
    {"annotator", "annotator_kind", "question", "value", "values", "answer", "submitted_at", "reason"}
)


def map_clean(raw: object) -> RowMap:
    """Check a map and return it ready for use. Raises MapError.

    >>> sorted(map_clean({"prompt": "{q}", "completions": [{"text": "{a}"}]}).columns)
    ['a', 'q']
    """
    fields = _object(raw, "the map", MAP_FIELDS)
    reader = _Reader()
    if ("prompt" in fields) == ("messages" in fields) and not ("id" in fields and "prompt" not in fields):
        raise MapError("The map needs either prompt or messages.")
    completions = [
        _mapped_completion(value, f"completions[{index}]", reader)
        for index, value in enumerate(_list(fields.get("completions", []), "completions"))
    ]
    judgments = [
        _mapped_judgment(value, f"judgments[{index}]", reader)
        for index, value in enumerate(_list(fields.get("judgments", []), "judgments"))
    ]
    metadata = _object(fields.get("metadata", {}), "metadata", None)
    result = RowMap(
        identity=reader.template(fields.get("id"), "id"),
        prompt=reader.template(fields.get("prompt"), "prompt"),
        messages=reader.template(fields.get("messages"), "messages"),
        group=reader.template(fields.get("group"), "group"),
        pool=reader.template(fields.get("pool"), "pool"),
        metadata=tuple((name, reader.needed(value, f"metadata.{name}")) for name, value in metadata.items()),
        completions=tuple(completions),
        judgments=tuple(judgments),
        columns=frozenset(reader.columns),
    )
    if result.messages is not None and result.messages.column is None:
        raise MapError("messages must be one column, like {conversation}.")
    texts = [completion for completion in completions if completion.text is not None]
    if len(texts) not in (0, len(completions)):
        raise MapError("Either all completions have a text or none has.")
    if not texts and result.identity is None:
        raise MapError("Without texts of completions the map needs an id.")
    return result


class _Reader:
    def __init__(self) -> None:
        self.columns: set[str] = set()

    def template(self, raw: object, path: str) -> Template | None:
        return None if raw is None else self.needed(raw, path)

    def needed(self, raw: object, path: str) -> Template:
        if not isinstance(raw, str):
            raise MapError(f"{path} must be a text with columns in braces, got {described(raw)}.")
        pieces, end = [""], 0
        for token in TOKEN.finditer(raw):
            pieces[-1] += raw[end : token.start()]
            end = token.end()
            if token[1] is not None:
                pieces += [token[1], ""]
                self.columns.add(token[1])
            elif token[0] in ("{{", "}}"):
                pieces[-1] += token[0][0]
            else:
                raise MapError(f"{path} has a brace that is not closed; write {{{{ for a brace itself.")
        pieces[-1] += raw[end:]
        return Template(path, tuple(pieces))

    def answer(self, raw: Any, path: str, depth: int = MAX_DEPTH) -> Any:
        if depth < 0:
            raise MapError(f"{path} is nested too deep.")
        if isinstance(raw, dict):
            return {str(key): self.answer(value, path, depth - 1) for key, value in raw.items()}
        if isinstance(raw, list):
            return [self.answer(value, path, depth - 1) for value in raw]
        if isinstance(raw, str):
            template = self.needed(raw, path)
            return template if template.columns else template.pieces[0]
        return raw


def _mapped_completion(raw: object, path: str, reader: _Reader) -> MappedCompletion:
    fields = _object(raw, path, COMPLETION_FIELDS)
    if "text" not in fields and "id" not in fields:
        raise MapError(f"{path} needs a text.")
    return MappedCompletion(
        identity=reader.template(fields.get("id"), f"{path}.id"),
        text=reader.template(fields.get("text"), f"{path}.text"),
        source=reader.template(fields.get("source"), f"{path}.source"),
        optional=fields.get("optional") is True,
    )


def _mapped_judgment(raw: object, path: str, reader: _Reader) -> MappedJudgment:
    fields = _object(raw, path, JUDGMENT_FIELDS)
    kind = fields.get("annotator_kind", "human")
    if kind not in ANNOTATOR_KINDS:
        raise MapError(f"{path}.annotator_kind must be one of {', '.join(ANNOTATOR_KINDS)}.")
    question = fields.get("question")
    if not isinstance(question, str) or not question:
        raise MapError(f"{path}.question must name a question.")
    if ("answer" in fields) == ("value" in fields):
        raise MapError(f"{path} needs either value and values, or answer.")
    values = _object(fields.get("values", {}), f"{path}.values", None)
    if "value" in fields and not values:
        raise MapError(f"{path}.values must say what the values mean.")
    for name, answer in [*values.items(), ("answer", fields.get("answer", {}))]:
        _object(answer, f"{path}.values.{name}", None)
    return MappedJudgment(
        path=path,
        annotator=reader.needed(fields.get("annotator"), f"{path}.annotator"),
        annotator_kind=str(kind),
        question=question,
        value=reader.template(fields.get("value"), f"{path}.value"),
        values=values,
        answer=reader.answer(fields.get("answer", {}), f"{path}.answer"),
        submitted_at=reader.template(fields.get("submitted_at"), f"{path}.submitted_at"),
        reason=reader.template(fields.get("reason"), f"{path}.reason"),
    )


def _object(raw: object, path: str, known: frozenset[str] | None) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise MapError(f"{path} must be an object, got {described(raw)}.")
    unknown = sorted(raw.keys() - known) if known is not None else []
    if unknown:
        raise MapError(f"{path} has “{str(unknown[0])[:100]}”, which is no part of a map.")
    return raw


def _list(raw: object, path: str) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > MAX_COMPLETIONS:
        raise MapError(f"{path} must be a list of at most {MAX_COMPLETIONS} entries.")
    return raw
