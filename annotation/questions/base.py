"""What all kinds of questions share: the question itself, the errors, and the checks of raw values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from annotation.orderings import Ordering

Answer = dict[str, Any]
Options = Mapping[str, Any]
Rename = Callable[[str, str], str]
"""Takes a path and a completion id, gives the id to write instead."""

ItemKind = Literal["pair", "prompt"]
Figures = Literal["comparison", "ranks", "scores", "names"] | None
"""How the agreement of answers is measured: `comparison` on the choice between two (an answer has `choice` and
`strength`), `ranks` on the pairs that `ordering` implies, `scores` on numbers by completion (`scores`), `names` on
options (`values`); None where it is not measured."""

WireOptions = Mapping[str, Literal["integer", "flag", "words", "json"]]
"""The shapes of a kind's options, by name, for the schema of the API."""

TEXT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a project; `options` are those of its kind, complete with their defaults."""

    name: str
    kind: str
    title: str
    required: bool = True
    options: Options = field(default_factory=dict)
    description: str = ""


class FieldsError(ValueError):
    """Input that cannot be used; `fields` maps the path of each wrong value to sentences about it."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        """Keep the messages by path."""
        super().__init__(" ".join(message for messages in fields.values() for message in messages))
        self.fields = fields


class QuestionError(FieldsError):
    """A question that cannot be asked."""


class AnswerError(FieldsError):
    """An answer that the question does not allow."""


class Problems:
    """Collects messages by path while a value is read."""

    def __init__(self) -> None:
        """Start without any."""
        self.fields: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        """Tell whether there is at least one message."""
        return bool(self.fields)

    def add(self, path: str, message: str) -> None:
        """Add one sentence about the value at `path`; both may quote input, so they are made writable first."""
        self.fields.setdefault(_writable(path), []).append(_writable(message))


class QuestionKind(Protocol):
    """What a module of this package offers to be a kind of question."""

    ORDER: int
    """Its place among the kinds."""

    ITEM: ItemKind
    """What it is asked about; one question about pairs makes the project hand out pairs."""

    FIGURES: Figures
    """How the agreement of its answers is measured."""

    OPTIONS: WireOptions
    """The options it knows."""

    def options_clean(self, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
        """Read the options with their defaults."""

    def answer_empty(self, raw: Mapping[str, Any]) -> bool:
        """Tell whether the answer says nothing, like an untouched form."""

    def answer_clean(
        self, options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
    ) -> Answer:
        """Read an answer in its canonical form; what is returned beside problems is not used."""

    def answer_map(self, answer: Answer, rename: Rename) -> Answer:
        """Rename the completions in a canonical answer."""

    def ordering(self, options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
        """Tell what the answer says about the order of the completions, None if nothing."""


def _writable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can bring in and UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_integer(value: object) -> bool:
    """Tell whether a JSON value is an integer; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def read_text(raw: object, path: str, problems: Problems, *, limit: int = TEXT_LIMIT) -> str:
    """Read a text that a database can store: no NUL, no half of a surrogate pair, not over the limit."""
    if not isinstance(raw, str):
        problems.add(path, "This must be a text.")
        return ""
    if "\x00" in raw:
        problems.add(path, "The text must not contain the NUL character.")
    elif any("\ud800" <= character <= "\udfff" for character in raw):
        problems.add(path, "The text must be valid Unicode; it contains half of a surrogate pair.")
    elif len(raw) > limit:
        problems.add(path, f"The text must have at most {limit:,} characters.")
    return raw


def read_flag(raw: Mapping[str, Any], name: str, problems: Problems, *, default: bool) -> bool:
    """Read true or false from `raw[name]`."""
    value = raw.get(name, default)
    if not isinstance(value, bool):
        problems.add(name, "This must be true or false.")
        return default
    return value


def read_integer(
    raw: Mapping[str, Any], name: str, problems: Problems, *, default: int, low: int, high: int
) -> int:
    """Read an integer between `low` and `high` from `raw[name]`."""
    value = raw.get(name, default)
    if not is_integer(value) or not low <= value <= high:
        problems.add(name, f"This must be a whole number from {low:,} to {high:,}.")
        return default
    return int(value)


def read_number(raw: object, path: str, problems: Problems, *, low: float, high: float) -> int | float:
    """Read a finite number between `low` and `high`; one without a fraction becomes an integer."""
    finite = is_integer(raw) or (isinstance(raw, float) and math.isfinite(raw))
    if not finite or not low <= raw <= high:  # type: ignore[operator]
        problems.add(path, f"This must be a number from {low:,} to {high:,}.")
        return low
    assert isinstance(raw, int | float)
    return int(raw) if raw == int(raw) else raw


def read_words(raw: object, path: str, problems: Problems, *, least: int, most: int = 100) -> list[str]:
    """Read a list of different, non-empty short texts."""
    if not isinstance(raw, list):
        problems.add(path, "This must be a list of texts.")
        return []
    words = [read_text(word, f"{path}.{index}", problems, limit=200) for index, word in enumerate(raw)]
    words = [word.strip() for word in words]
    if not least <= len(words) <= most:
        problems.add(path, f"This must have {least} to {most} entries.")
    for index, word in enumerate(words):
        if not word:
            problems.add(f"{path}.{index}", "This must not be empty.")
        elif word in words[:index]:
            problems.add(f"{path}.{index}", f"“{word}” stands in the list twice.")
    return words


def read_completion(raw: object, path: str, completions: Sequence[str], problems: Problems) -> str:
    """Read the id of one of the item's completions."""
    if not isinstance(raw, str):
        problems.add(path, "This must be the id of a completion.")
        return ""
    if raw not in completions:
        problems.add(path, f"“{raw[:100]}” is not one of the completions of this item.")
    return raw


def refuse_unknown(raw: Mapping[str, Any], known: frozenset[str], problems: Problems) -> None:
    """Refuse keys that nothing reads, since whoever sent them expected an effect."""
    for key in raw:
        if key not in known:
            problems.add(str(key)[:100], "This is not a known field here.")
