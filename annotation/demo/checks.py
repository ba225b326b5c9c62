"""What checks annotators in the demo: known answers, flagged and skipped items, a decision, a label set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("5f0c3a52-6f5e-5c52-9d0d-2f1a6f0a9b12")
GOLDS = 5
CLEAR = 0.5
"""Difference in quality from which one output is the known answer."""
NOTE = "Simulated for the demo: "
DECIDED_BY = "sim-reviewer"
FLAGGED = (
    ("sim-careful", NOTE + "both outputs give a phone number; please check that nobody has it."),
    ("sim-steady", NOTE + "the task cannot be judged without knowing who is asked."),
)
SKIPPED = (
    (
        ("sim-careful", NOTE + "I do not know the idiom."),
        ("sim-steady", NOTE + "needs somebody who translates."),
        ("sim-longwinded", NOTE + "neither is a language I read well enough."),
    ),
    (
        ("sim-careful", NOTE + "the request contradicts itself."),
        ("sim-hasty", NOTE + "unclear."),
        ("sim-longwinded", NOTE + "I cannot tell what is wanted."),
    ),
)
"""Why each of these items was skipped; three skips park an item."""

Line = dict[str, Any]
Pair = frozenset[str]


def checks_add(lines: Mapping[str, Line], quality: Mapping[str, Mapping[str, float]]) -> None:
    """Add all of it to the native lines of a project of comparisons, by prompt id."""
    _golds_add(lines, quality)
    free = _free(lines)
    for annotator, reason in FLAGGED:
        line, pair = next(free)
        _note_add(line, pair, annotator, "flagged", reason)
    for skips in SKIPPED:
        line, pair = next(free)
        for annotator, reason in skips:
            _note_add(line, pair, annotator, "skipped", reason)
    _decision_add(lines, quality)
    _hurried_set_aside(lines)


def _golds_add(lines: Mapping[str, Line], quality: Mapping[str, Mapping[str, float]]) -> None:
    """Let the plainest pairs that several annotators judged have known answers."""
    left = GOLDS
    for line in lines.values():
        scores = quality[line["id"]]
        for pair, judgments in _judged(line).items():
            best, worst = sorted(pair, key=lambda name: -scores[name])
            if len(judgments) < 3 or scores[best] - scores[worst] < CLEAR:
                continue
            line["gold"] = {
                "answers": {"overall": {"choice": best, "strength": 3}},
                "completions": sorted(pair),
                "explanation": NOTE + "by far the better one in the hidden quality.",
            }
            for judgment in judgments:
                judgment["purpose"] = "gold"
            left -= 1
            break
        if not left:
            return


def _decision_add(lines: Mapping[str, Line], quality: Mapping[str, Mapping[str, float]]) -> None:
    """Let a simulated reviewer decide about the first pair on which two choices stand against two."""
    for line in lines.values():
        scores = quality[line["id"]]
        for pair, judgments in _judged(line).items():
            choices = [judgment["answers"]["overall"]["choice"] for judgment in judgments]
            if all(choices.count(name) >= 2 for name in pair):
                best = max(pair, key=lambda name: scores[name])
                line["judgments"].append(
                    {
                        "id": str(uuid5(NAMESPACE, f"decided/{line['id']}")),
                        "annotator_kind": "adjudicated",
                        "author": DECIDED_BY,
                        "status": "submitted",
                        "answers": {"overall": {"choice": best, "strength": 2}},
                        "shown": sorted(pair),
                        "submitted_at": max(judgment["submitted_at"] for judgment in judgments),
                        "reason": NOTE + "a deciding judgment.",
                    }
                )
                return


def _hurried_set_aside(lines: Mapping[str, Line]) -> None:
    """Set one label aside of who takes what stands first."""
    for line in lines.values():
        for judgment in line["judgments"]:
            if judgment.get("annotator") == "sim-first" and "purpose" not in judgment:
                at = judgment["submitted_at"]
                judgment["set_aside"] = {"at": at, "reason": NOTE + "chosen before either could be read."}
                return


def _judged(line: Line) -> dict[Pair, list[dict[str, Any]]]:
    """The line's judgments by pair, repeats left out."""
    found: dict[Pair, list[dict[str, Any]]] = {}
    for judgment in line["judgments"]:
        if "purpose" not in judgment and judgment["status"] == "submitted":
            found.setdefault(frozenset(judgment["shown"]), []).append(judgment)
    return found


def _free(lines: Mapping[str, Line]) -> Iterator[tuple[Line, tuple[str, str]]]:
    """Pairs that nobody has judged, the last prompts first, one of a prompt."""
    for line in reversed(list(lines.values())):
        judged = _judged(line)
        names = [completion["id"] for completion in line["completions"]]
        for pair in combinations(names, 2):
            if line["judgments"] and frozenset(pair) not in judged:
                yield line, pair
                break


def _note_add(line: Line, pair: tuple[str, str], annotator: str, status: str, reason: str) -> None:
    begun = line["judgments"][0]
    line["judgments"].append(
        {
            "id": str(uuid5(NAMESPACE, f"{line['id']}/{annotator}")),
            "annotator": annotator,
            "annotator_kind": "simulated",
            "status": status,
            "answers": {},
            "shown": list(pair),
            "started_at": begun["started_at"],
            "submitted_at": begun["submitted_at"],
            "active_ms": begun["active_ms"],
            "reason": reason,
        }
    )
