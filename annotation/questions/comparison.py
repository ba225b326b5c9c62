"""Comparison: which of two completions is better, and how much."""

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
    is_integer,
    read_completion,
    read_flag,
    read_integer,
    refuse_unknown,
)

ORDER = 10
ITEM: ItemKind = "pair"
FIGURES: Figures = "comparison"
OPTIONS: WireOptions = {"strengths": "integer", "ties": "flag", "both_bad": "flag"}
TIE = "tie"
BOTH_BAD = "both_bad"
EITHER = "either"


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `strengths` (1 to 3), `ties` and `both_bad`."""
    return {
        "strengths": read_integer(raw, "strengths", problems, default=1, low=1, high=3),
        "ties": read_flag(raw, "ties", problems, default=True),
        "both_bad": read_flag(raw, "both_bad", problems, default=False),
    }


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether nothing was chosen."""
    return raw.get("choice") in (None, "")


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"choice": id, "strength": n}`; a tie and both_bad have no strength."""
    refuse_unknown(raw, frozenset({"choice", "strength"}), problems)
    strength = raw.get("strength")
    strength = 1 if strength is None else strength
    if not is_integer(strength) or not 1 <= strength <= options["strengths"]:
        problems.add("strength", f"The strength must be a whole number from 1 to {options['strengths']}.")
    choice = raw.get("choice")
    if answer_empty(raw):
        problems.add("choice", "Choose one of the completions.")
    elif choice == TIE:
        if not options["ties"]:
            problems.add("choice", "This question does not allow a tie.")
        return {"choice": TIE}
    elif choice == BOTH_BAD:
        if not options["both_bad"]:
            problems.add("choice", "This question does not allow “both bad”.")
        return {"choice": BOTH_BAD}
    else:
        read_completion(choice, "choice", completions, problems)
    return {"choice": choice, "strength": strength}


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the chosen completion."""
    if answer["choice"] in (TIE, BOTH_BAD):
        return dict(answer)
    return {**answer, "choice": rename("choice", answer["choice"])}


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Put the chosen completion over the other; a tie and both_bad are one tier."""
    strengths, choice = options["strengths"], answer["choice"]
    if choice in (TIE, BOTH_BAD):
        return Ordering((tuple(completions),), strengths=strengths, both_bad=choice == BOTH_BAD)
    others = tuple(completion for completion in completions if completion != choice)
    if not others:
        return None
    return Ordering(((choice,), others), strength=answer.get("strength", 1), strengths=strengths)


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `accept` (also right: "tie", "both_bad", "either" completion) and `strength` (off by at most this).

    Unless said, nothing else is right, and any strength is.
    """
    refuse_unknown(raw, frozenset({"accept", "strength"}), problems)
    most = options["strengths"] - 1
    accept = raw.get("accept", [])
    if not isinstance(accept, list) or any(word not in (TIE, BOTH_BAD, EITHER) for word in accept):
        problems.add("accept", "This may list “tie”, “both_bad” and “either”.")
        accept = []
    return {
        "accept": [word for word in (TIE, BOTH_BAD, EITHER) if word in accept],
        "strength": read_integer(raw, "strength", problems, default=most, low=0, high=most),
    }


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether the choice is the known one, or another one that is accepted; strengths only on one side."""
    choice = answer["choice"]
    if choice == gold["choice"]:
        return bool(abs(answer.get("strength", 1) - gold.get("strength", 1)) <= tolerance["strength"])
    return (choice if choice in (TIE, BOTH_BAD) else EITHER) in tolerance["accept"]
