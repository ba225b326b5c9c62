"""What to know of a reward model before anything else: the few facts that a decision hangs on.

As with weaknesses, an interval decides and not a value; what was not measured is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from training.rewards.intervals import Figure
from training.rewards.weaknesses import Part, Weakness, figure_of, high, low

CODES: Final = (
    "must_pass", "drift", "beats_length", "hardly_beats_length", "below_length", "above_people", "like_people",
    "below_people", "weak_parts", "even_parts", "exploitable", "withstands",
)  # fmt: skip
MOST: Final = 5
MOST_PARTS: Final = 3
URGENT: Final = ("must_pass", "drift")  # weaknesses that lead


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact with its figures; ``good`` says what it speaks for, None where for neither.

    ``figure`` is what was measured, ``against`` what it is held against and ``gap`` the difference of both.
    """

    code: str
    good: bool | None
    figure: Figure | None = None
    against: float | None = None
    gap: float | None = None
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default=())


def findings(evaluation: Mapping[str, Any], weaknesses: tuple[Weakness, ...]) -> tuple[Finding, ...]:
    """At most five, what is urgent first, then in the order in which people ask."""
    urgent = [
        Finding(one.code, False, one.figure, one.against, names=one.names)
        for code in URGENT
        for one in weaknesses
        if one.code == code
    ]
    found = [
        *urgent,
        *_over_length(evaluation),
        *_beside_people(evaluation),
        *_under_attack(evaluation),
        *_on_parts(evaluation),
    ]
    return tuple(found[:MOST])


def _over_length(evaluation: Mapping[str, Any]) -> Iterator[Finding]:
    accuracy = figure_of(evaluation, "pairs", "accuracy")
    length = figure_of(evaluation, "baselines", "length", "accuracy")["value"]
    yield from _beside(accuracy, length, "beats_length", "hardly_beats_length", "below_length", between=False)


def _beside_people(evaluation: Mapping[str, Any]) -> Iterator[Finding]:
    people = figure_of(evaluation, "human_reference", "accuracy")["value"]
    model = figure_of(evaluation, "human_reference", "model")
    yield from _beside(model, people, "above_people", "like_people", "below_people", between=True)


def _beside(
    figure: Figure, against: float | None, above: str, like: str, below: str, *, between: bool
) -> Iterator[Finding]:
    """One finding by where ``against`` lies: below, within or above the figure's interval."""
    least, most = low(figure), high(figure)
    if against is None or least is None or most is None:
        return
    gap = float(figure["value"] - against)
    code, good = (above, True) if least > against else (below, False) if most < against else (like, between)
    yield Finding(code, good, figure, against, gap)


def _under_attack(evaluation: Mapping[str, Any]) -> Iterator[Finding]:
    attacks = evaluation.get("hackability") or ()
    rising = tuple(row["attack"] for row in attacks if row["exploitable"])
    tested = sum(row["exploitable"] is not None for row in attacks)
    if rising:
        yield Finding("exploitable", good=False, names=rising)
    elif tested:
        yield Finding("withstands", True, {"value": tested})


def _on_parts(evaluation: Mapping[str, Any]) -> Iterator[Finding]:
    """The weakest of the parts that are clearly worse than the whole; or that none is."""
    whole = figure_of(evaluation, "pairs", "accuracy")["value"]
    rows = [row for row in evaluation.get("slices") or () if high(row) is not None]
    if whole is None or not rows:
        return
    weak = sorted((row for row in rows if row["interval"][1] < whole), key=lambda row: float(row["value"]))
    if weak:
        parts = tuple(Part(row["by"], row["name"]) for row in weak[:MOST_PARTS])
        lowest = {name: weak[0].get(name) for name in ("value", "interval", "n")}
        yield Finding("weak_parts", False, lowest, whole, float(weak[0]["value"] - whole), parts=parts)
    else:
        yield Finding("even_parts", True, {"value": len(rows)})
