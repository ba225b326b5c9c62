"""Choice: one or several of given options, for the whole item or for each completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering
from annotation.questions.base import (
    Answer,
    Figures,
    ItemKind,
    Options,
    Problems,
    Rename,
    WireOptions,
    read_completion,
    read_flag,
    read_number,
    read_words,
    refuse_unknown,
)

ORDER = 50
ITEM: ItemKind = "prompt"
FIGURES: Figures = "names"
OPTIONS: WireOptions = {"options": "words", "multiple": "flag", "per_completion": "flag"}


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `options` (a list of texts), `multiple` and `per_completion`."""
    multiple = read_flag(raw, "multiple", problems, default=False)
    return {
        "options": read_words(raw.get("options"), "options", problems, least=1 if multiple else 2),
        "multiple": multiple,
        "per_completion": read_flag(raw, "per_completion", problems, default=False),
    }


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether nothing was chosen."""
    values = raw.get("values")
    if isinstance(values, Mapping):
        return all(value in (None, []) for value in values.values())
    return values in (None, [])


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"values": {id: [option]}}` per completion, `{"values": [option]}` otherwise, in canonical order."""
    refuse_unknown(raw, frozenset({"values"}), problems)
    raw_values = raw.get("values")
    if answer_empty(raw):
        problems.add("values", "Choose at least one option.")
    if not options["per_completion"]:
        return {"values": _values_clean(options, raw_values, "values", problems)}
    if not isinstance(raw_values, Mapping):
        problems.add("values", "This must give a list of options for each completion.")
        return {"values": {}}
    values: dict[str, list[str]] = {}
    for completion, chosen in raw_values.items():
        path = f"values.{str(completion)[:100]}"
        read_completion(completion, path, completions, problems)
        if chosen not in (None, []):
            values[completion] = _values_clean(options, chosen, path, problems)
    return {"values": {completion: values[completion] for completion in completions if completion in values}}


def _values_clean(options: Options, raw: object, path: str, problems: Problems) -> list[str]:
    if not isinstance(raw, list):
        problems.add(path, "This must be a list of options.")
        return []
    for value in raw:
        if not isinstance(value, str) or value not in options["options"]:
            problems.add(path, f"“{str(value)[:100]}” is not one of the options.")
    if len(raw) > 1 and not options["multiple"]:
        problems.add(path, "Choose one option only.")
    return [option for option in options["options"] if option in raw]


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the completions where the question is asked for each."""
    values = answer["values"]
    if not isinstance(values, Mapping):
        return dict(answer)
    return {
        "values": {
            rename(f"values.{completion}", completion): chosen for completion, chosen in values.items()
        }
    }


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Say nothing about the order: options are names, not grades."""
    return None


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `overlap`, which share of the options chosen here or there must be chosen in both; 1, all, unless said."""
    refuse_unknown(raw, frozenset({"overlap"}), problems)
    return {"overlap": read_number(raw.get("overlap", 1), "overlap", problems, low=0, high=1)}


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether the chosen sets overlap enough (Jaccard), per completion where the question is asked for each."""
    known, given = gold["values"], answer["values"]
    if not isinstance(known, Mapping) or not isinstance(given, Mapping):
        return bool(_overlap(known, given) >= tolerance["overlap"])
    return all(
        _overlap(values, given.get(completion, [])) >= tolerance["overlap"]
        for completion, values in known.items()
    )


def _overlap(known: Sequence[str], given: Sequence[str]) -> float:
    """Return the share of options in both among those in either; Jaccard 1912."""
    either = {*known, *given}
    return len({*known} & {*given}) / len(either) if either else 1.0
