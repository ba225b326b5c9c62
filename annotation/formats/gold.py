"""Known answers on a native line: one object, or a list of them where the prompt has several pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.formats.base import MAX_COMPLETIONS, MAX_ID_CHARS, NativeGold, RowError
from annotation.formats.references import Rename, answer_rename
from annotation.formats.values import described, object_of, plain, text_of, word_of

FIELDS = frozenset({"answers", "tolerance", "explanation", "completions", "retired"})
MAX_GOLDS = MAX_COMPLETIONS * (MAX_COMPLETIONS - 1) // 2
"""The most on one line: one for each pair."""


def golds_from(value: object, rename: Rename | None, notes: list[str]) -> tuple[NativeGold, ...]:
    """Read the field `gold` of a line; nothing where it is absent. Raises RowError."""
    if value is None:
        return ()
    several = value if isinstance(value, list) else [value]
    if len(several) > MAX_GOLDS:
        raise RowError(f"gold has {len(several):,} entries; at most {MAX_GOLDS:,} are read")
    paths = [f"gold[{index}]" for index in range(len(several))] if isinstance(value, list) else ["gold"]
    return tuple(_gold(raw, path, rename, notes) for raw, path in zip(several, paths, strict=True))


def _gold(raw: object, path: str, rename: Rename | None, notes: list[str]) -> NativeGold:
    fields = object_of(raw, path)
    unknown = sorted(str(name)[:100] for name in fields.keys() - FIELDS)
    if unknown and len(notes) < 20:
        notes.append(f"{path}.{', '.join(unknown[:5])}: not a field of a known answer, left out")
    answers = _objects(fields, "answers", path)
    completions = fields.get("completions") or []
    if not isinstance(completions, list) or len(completions) not in (0, 2):
        raise RowError(
            f"{path}.completions must name the two that are compared, got {described(completions)}"
        )
    if rename is not None:
        answers = {
            name: answer_rename(answer, rename, f"{path}.answers.{name}") for name, answer in answers.items()
        }
        completions = [rename(name, f"{path}.completions") for name in completions]
    if not answers:
        raise RowError(f"{path}.answers are missing")
    retired = fields.get("retired", False)
    if type(retired) is not bool:
        raise RowError(f"{path}.retired must be true or false, got {described(retired)}")
    return NativeGold(
        answers=answers,
        tolerance=_objects(fields, "tolerance", path),
        explanation=text_of(fields.get("explanation") or "", f"{path}.explanation"),
        completions=tuple(word_of(name, f"{path}.completions", MAX_ID_CHARS) for name in completions),
        retired=retired,
    )


def _objects(fields: Mapping[str, Any], name: str, path: str) -> dict[str, Any]:
    value = fields.get(name)
    if value is None:
        return {}
    found = dict(plain(object_of(value, f"{path}.{name}"), f"{path}.{name}"))
    for question, inner in found.items():
        object_of(inner, f"{path}.{name}.{question}")
    return found


def golds_to(golds: Sequence[NativeGold]) -> Any:
    """Write known answers as JSON values; `golds_from` reads them back."""
    written = [gold_to(gold) for gold in golds]
    return written[0] if len(written) == 1 else written


def gold_to(gold: NativeGold) -> dict[str, Any]:
    """Write one known answer, with what is said of few only where there is something to say."""
    values: dict[str, Any] = {
        "answers": gold.answers,
        "tolerance": gold.tolerance,
        "explanation": gold.explanation,
    }
    if gold.completions:
        values["completions"] = list(gold.completions)
    if gold.retired:
        values["retired"] = True
    return values
