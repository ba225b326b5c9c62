"""Where an answer names completions, and how to rename them, for every kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotation.formats.base import RowError
from annotation.formats.values import described
from annotation.orderings import RESERVED_IDS

Rename = Callable[[object, str], Any]
"""Takes what names a completion and the path where it stands, gives its id."""


def position_from(ids: Sequence[str]) -> Rename:
    """Read places counted from 0, as numbers or digits; ids stay; RowError for a place that is not there."""
    known = frozenset(ids)

    def rename(name: object, path: str) -> Any:
        if type(name) is int or (isinstance(name, str) and name.isdecimal() and len(name) < 6):
            place = int(name)
            if not 0 <= place < len(ids):
                raise RowError(f"{path} names completion {place}, counted from 0; the row has {len(ids)}")
            return ids[place]
        if isinstance(name, str) and name in known:
            return name
        raise RowError(f"{path} names {described(name)}, which is no completion here")

    return rename


def is_verdict(value: object) -> bool:
    """Tell whether a choice is one of the words that stand for no completion: tie, both bad."""
    return isinstance(value, str) and value in RESERVED_IDS


def name_from(mapping: Mapping[str, str]) -> Rename:
    """Rename by a table; names that it does not have stay."""

    def rename(name: object, path: str) -> Any:
        return mapping.get(name, name) if isinstance(name, str) else name

    return rename


def answer_rename(answer: Mapping[str, Any], rename: Rename, path: str) -> dict[str, Any]:
    """Return the answer with its completions renamed; the shape of the answer is not checked here.

    >>> answer_rename({"choice": 1, "strength": 2}, position_from(["a", "b"]), "q")
    {'choice': 'b', 'strength': 2}
    """
    renamed: dict[str, Any] = {}
    for key, value in answer.items():
        here = f"{path}.{key}"
        if key in ("best", "worst", "completion") or (key == "choice" and not is_verdict(value)):
            renamed[key] = rename(value, here)
        elif key == "tiers" and isinstance(value, list):
            renamed[key] = [
                [rename(name, here) for name in tier] if isinstance(tier, list) else tier for tier in value
            ]
        elif key in ("scores", "values") and isinstance(value, dict):
            renamed[key] = {rename(name, here): inner for name, inner in value.items()}
        elif key == "spans" and isinstance(value, list):
            renamed[key] = [
                {**span, "completion": rename(span.get("completion"), here)}
                if isinstance(span, dict)
                else span
                for span in value
            ]
        else:
            renamed[key] = value
    return renamed
