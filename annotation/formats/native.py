"""The native line, read with every field checked."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from annotation.formats.base import (
    ADJUDICATED_NAME,
    ANNOTATOR_KINDS,
    JUDGMENT_STATUSES,
    MAX_ACTIVE_MS,
    MAX_COMPLETIONS,
    MAX_FEATURES,
    MAX_ID_CHARS,
    MAX_JUDGMENTS,
    MAX_MESSAGES,
    MAX_NAME_CHARS,
    PURPOSES,
    NativeCompletion,
    NativeJudgment,
    NativeLine,
    NativeMessage,
    RowError,
)
from annotation.formats.gold import golds_from
from annotation.formats.references import Rename, answer_rename, name_from, position_from
from annotation.formats.values import described, object_of, plain, text_of, word_of
from annotation.orderings import RESERVED_IDS

LINE_FIELDS = frozenset(
    {"id", "messages", "prompt", "completions", "group", "metadata", "judgments", "gold", "pool"}
)
COMPLETION_FIELDS = frozenset({"id", "text", "source", "features", "metadata"})
JUDGMENT_FIELDS = frozenset(
    {"id", "annotator", "annotator_kind", "status", "answers", "shown", "started_at", "submitted_at"}
    | {"active_ms", "supersedes", "reason", "surplus", "author", "set_aside", "purpose"}
)
MAX_POOL_CHARS = 100
BESIDE = ("qualification", "repeat")  # purposes that fill no place
SET_ASIDE_FIELDS = frozenset({"at", "reason"})


def looks_native(raw: Mapping[str, Any]) -> bool:
    """Tell whether an object is a native line, right or wrong, rather than a flat row."""
    return (
        isinstance(raw.get("completions"), list)
        or isinstance(raw.get("judgments"), list)
        or (isinstance(raw.get("messages"), list) and "completion" not in raw)
    )


def content_key(line: NativeLine) -> str:
    """Return the identity of a prompt that came without an id: 64 hexadecimal digits.

    It covers the conversation and the set of (text, source) of the completions, in whatever order.
    """
    return _content_key(
        line.messages, [(completion.text, completion.source) for completion in line.completions]
    )


def line_from(raw: object, *, positions: bool = False) -> tuple[NativeLine, tuple[str, ...]]:
    """Check a decoded native line and return it with notes on what was left out.

    A line without an id gets ids made of its content: `content-...` for the prompt and `c-...` for each
    completion, the same whatever the order. A line with an id whose completions have none calls them
    c1, c2, ... by position; so do the judgments of a line without any ids. With `positions`, answers and
    `shown` name completions by their place, counted from 0. Raises RowError.
    """
    fields = object_of(raw, "the row")
    notes: list[str] = []
    _note_unknown(fields, LINE_FIELDS, "", notes)
    messages = _messages(fields)
    raw_completions = _list(fields, "completions", MAX_COMPLETIONS)
    raw_judgments = _list(fields, "judgments", MAX_JUDGMENTS)
    given = fields.get("id")
    if given is None and (not messages or not raw_completions):
        raise RowError("id is missing: a row without completions adds judgments to the prompt with its id")
    if raw_completions and not messages:
        raise RowError("messages are missing")
    if not raw_completions and not raw_judgments and fields.get("gold") is None:
        raise RowError("completions are missing")
    parsed = [
        _completion(value, f"completions[{index}]", notes) for index, value in enumerate(raw_completions)
    ]
    if given is None:
        identity = f"content-{_content_key(messages, [(c.text, c.source) for _, c in parsed])[:32]}"
    else:
        identity = word_of(given, "id", MAX_ID_CHARS)
    completions = _identified(parsed, by_content=given is None or positions)
    rename = _renamer(parsed, completions, positions=positions)
    line = NativeLine(
        id=identity,
        messages=messages,
        completions=completions,
        group=_optional(fields, "group", MAX_ID_CHARS),
        metadata=_plain_object(fields, "metadata", "metadata"),
        judgments=_judgments(raw_judgments, rename, completions, notes),
        pool=_optional(fields, "pool", MAX_POOL_CHARS),
        gold=golds_from(fields.get("gold"), rename, notes),
        by_content=given is None,
    )
    return line, tuple(notes)


def time_of(value: object, path: str) -> datetime | None:
    """Read an ISO 8601 time as UTC; one without an offset is taken as UTC."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        with suppress(ValueError, OverflowError):
            parsed = datetime.fromisoformat(value)
            return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    raise RowError(f"{path} must be an ISO 8601 time, got {described(value)}")


def _messages(fields: Mapping[str, Any]) -> tuple[NativeMessage, ...]:
    if fields.get("messages") is None:
        prompt = fields.get("prompt")
        if prompt is None:
            return ()
        text = text_of(prompt, "prompt")
        if not text.strip():
            raise RowError("prompt is empty")
        return (NativeMessage("user", text),)
    if fields.get("prompt") is not None:
        raise RowError("prompt and messages are both given")
    messages = []
    for index, value in enumerate(_list(fields, "messages", MAX_MESSAGES)):
        path = f"messages[{index}]"
        message = object_of(value, path)
        role = word_of(message.get("role"), f"{path}.role", MAX_NAME_CHARS)
        messages.append(NativeMessage(role, text_of(message.get("content"), f"{path}.content")))
    if messages and not any(message.content.strip() for message in messages):
        raise RowError("messages are empty")
    return tuple(messages)


def _completion(value: object, path: str, notes: list[str]) -> tuple[str | None, NativeCompletion]:
    fields = object_of(value, path)
    _note_unknown(fields, COMPLETION_FIELDS, f"{path}.", notes)
    given = fields.get("id")
    identity = None if given is None else word_of(given, f"{path}.id", MAX_ID_CHARS)
    if identity in RESERVED_IDS:
        raise RowError(f"{path}.id cannot be “{identity}”: the word is reserved")
    return identity, NativeCompletion(
        id="",
        text=text_of(fields.get("text"), f"{path}.text"),
        source=_optional(fields, "source", MAX_NAME_CHARS, f"{path}.") or "",
        features=_features(fields, path),
        metadata=_plain_object(fields, "metadata", f"{path}.metadata"),
    )


def _identified(
    parsed: Sequence[tuple[str | None, NativeCompletion]], *, by_content: bool
) -> tuple[NativeCompletion, ...]:
    completions: list[NativeCompletion] = []
    seen: set[str] = set()
    for index, (given, value) in enumerate(parsed):
        if given is not None:
            identity = given
        elif by_content:
            identity = base = f"c-{_digest([value.text, value.source])[:12]}"
            copies = 1
            while identity in seen:
                copies += 1
                identity = f"{base}-{copies}"
        else:
            identity = f"c{index + 1}"
        if identity in seen:
            raise RowError(f"completions[{index}].id “{identity}” is there twice")
        seen.add(identity)
        completions.append(
            NativeCompletion(identity, value.text, value.source, value.features, value.metadata)
        )
    return tuple(completions)


def _renamer(
    parsed: Sequence[tuple[str | None, NativeCompletion]],
    completions: Sequence[NativeCompletion],
    *,
    positions: bool,
) -> Rename | None:
    """How answers of this line name completions other than by their ids; None where they do not."""
    if positions:
        return position_from([completion.id for completion in completions])
    pairs = zip(parsed, completions, strict=True)
    local = {f"c{i}": new.id for i, ((given, _), new) in enumerate(pairs, 1) if given is None}
    return name_from(local) if any(old != new for old, new in local.items()) else None


def _judgments(
    values: Sequence[object],
    rename: Rename | None,
    completions: Sequence[NativeCompletion],
    notes: list[str],
) -> tuple[NativeJudgment, ...]:
    judgments: list[NativeJudgment] = []
    known = frozenset(completion.id for completion in completions)
    for index, value in enumerate(values):
        judgment = _judgment(value, f"judgments[{index}]", rename, notes)
        unknown = [name for name in judgment.shown if known and name not in known]
        if unknown:
            raise RowError(
                f"judgments[{index}].shown names “{unknown[0][:100]}”, which is no completion here"
            )
        judgments.append(judgment)
    return tuple(judgments)


def _judgment(value: object, path: str, rename: Rename | None, notes: list[str]) -> NativeJudgment:
    fields = object_of(value, path)
    _note_unknown(fields, JUDGMENT_FIELDS, f"{path}.", notes)
    answers = _plain_object(fields, "answers", f"{path}.answers")
    shown = _list(fields, "shown", MAX_COMPLETIONS, f"{path}.")
    for name, answer in answers.items():
        object_of(answer, f"{path}.answers.{name}")
    if rename is not None:
        answers = {
            name: answer_rename(answer, rename, f"{path}.answers.{name}") for name, answer in answers.items()
        }
        shown = [rename(name, f"{path}.shown") for name in shown]
    active = fields.get("active_ms")
    if active is not None and (type(active) is not int or not 0 <= active <= MAX_ACTIVE_MS):
        raise RowError(f"{path}.active_ms must be a whole number of milliseconds, got {described(active)}")
    surplus = fields.get("surplus", False)
    if type(surplus) is not bool:
        raise RowError(f"{path}.surplus must be true or false, got {described(surplus)}")
    kind = _one_of(fields, "annotator_kind", ANNOTATOR_KINDS, path)
    annotator, author = fields.get("annotator"), ""
    if kind == "adjudicated":
        author = _optional(fields, "author", MAX_NAME_CHARS - len(ADJUDICATED_NAME), f"{path}.") or ""
        annotator = annotator or (f"{author}{ADJUDICATED_NAME}" if author else None)
    purpose = _one_of(fields, "purpose", PURPOSES, path)
    set_aside_at, set_aside_reason = _set_aside(fields, f"{path}.set_aside", notes)
    return NativeJudgment(
        annotator=word_of(annotator, f"{path}.annotator", MAX_NAME_CHARS),
        answers=answers,
        id=_uuid(fields, "id", path),
        annotator_kind=kind,
        status=_one_of(fields, "status", JUDGMENT_STATUSES, path),
        shown=tuple(word_of(name, f"{path}.shown", MAX_ID_CHARS) for name in shown),
        started_at=time_of(fields.get("started_at"), f"{path}.started_at"),
        submitted_at=time_of(fields.get("submitted_at"), f"{path}.submitted_at"),
        active_ms=active,
        supersedes=_uuid(fields, "supersedes", path),
        reason=text_of(fields.get("reason") or "", f"{path}.reason"),
        surplus=surplus or set_aside_at is not None or purpose in BESIDE,
        author=author,
        set_aside_at=set_aside_at,
        set_aside_reason=set_aside_reason,
        purpose=purpose,
    )


def _set_aside(fields: Mapping[str, Any], path: str, notes: list[str]) -> tuple[datetime | None, str]:
    """When and why a reviewer put the judgment aside; nothing where nobody did."""
    value = fields.get("set_aside")
    if value is None:
        return None, ""
    given = object_of(value, path)
    _note_unknown(given, SET_ASIDE_FIELDS, f"{path}.", notes)
    at = time_of(given.get("at"), f"{path}.at")
    if at is None:
        raise RowError(f"{path}.at is missing: when the judgment was set aside")
    return at, text_of(given.get("reason") or "", f"{path}.reason")


def _list(fields: Mapping[str, Any], name: str, limit: int, prefix: str = "") -> list[Any]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowError(f"{prefix}{name} must be a list, got {described(value)}")
    if len(value) > limit:
        raise RowError(f"{prefix}{name} has {len(value):,} entries; at most {limit:,} are read")
    return value


def _optional(fields: Mapping[str, Any], name: str, limit: int, prefix: str = "") -> str | None:
    value = fields.get(name)
    return None if value is None or value == "" else word_of(value, f"{prefix}{name}", limit)


def _plain_object(fields: Mapping[str, Any], name: str, path: str) -> dict[str, Any]:
    value = fields.get(name)
    if not value and (value is None or value == {}):
        return {}
    checked = plain(object_of(value, path), path)
    return dict(checked)


def _features(fields: Mapping[str, Any], path: str) -> tuple[float, ...]:
    values = _list(fields, "features", MAX_FEATURES, f"{path}.")
    for index, value in enumerate(values):
        if type(value) not in (int, float) or not math.isfinite(value):
            raise RowError(f"{path}.features[{index}] must be a number, got {described(value)}")
    try:
        return tuple(float(value) for value in values)
    except OverflowError as error:
        raise RowError(f"{path}.features has a number that is too large") from error


def _uuid(fields: Mapping[str, Any], name: str, path: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        with suppress(ValueError):
            return str(UUID(value))
    raise RowError(f"{path}.{name} must be a uuid, got {described(value)}")


def _one_of(fields: Mapping[str, Any], name: str, allowed: tuple[str, ...], path: str) -> str:
    value = fields.get(name)
    if value is None:
        return allowed[0]
    if value not in allowed:
        raise RowError(f"{path}.{name} must be one of {', '.join(allowed)}, got {described(value)}")
    return str(value)


def _note_unknown(fields: Mapping[str, Any], known: frozenset[str], prefix: str, notes: list[str]) -> None:
    if fields.keys() <= known or len(notes) >= 20:
        return
    names = sorted(str(name)[:100] for name in fields.keys() - known)
    notes.append(f"{prefix}{', '.join(names[:5])}: not a field of a native line, left out")


def _content_key(messages: Sequence[NativeMessage], completions: Sequence[tuple[str, str]]) -> str:
    return _digest([[[m.role, m.content] for m in messages], sorted(set(completions))])


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()
