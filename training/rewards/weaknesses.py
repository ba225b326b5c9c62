"""What speaks against a reward model, each with the figures that say so.

Every weakness follows from published figures by a rule that stands here; where a figure has an interval,
the interval decides and not the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from training.rewards.intervals import Figure, undefined_figure
from training.rewards.splits import FEWEST_TEST_GROUPS

FEW_PAIRS: Final = 30  # held-out pairs of a part, below which its accuracy says little
HALF: Final = 0.5
MOST_BY_ONE: Final = 2 / 3  # of the labels, above which the taste is one person's
NOT_MEASURED: Final = "not measured"

CODES: Final = (
    "unmeasured", "coin", "baseline", "length_bound", "prefers_longer", "prefers_shorter", "below_people",
    "weak_parts", "small_parts", "overconfident", "timid", "constant", "spread_blind", "exploitable",
    "attacks_untested", "flat", "best_of_n", "drift", "must_pass", "few_labels", "few_groups", "shared", "one_annotator",
    "one_hand", "not_people", "agreement_unknown", "agreement_chance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the held-out pairs: the dimension, and its name there (which may come from the data)."""

    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that speaks against a model.

    ``figure`` is what was measured, ``against`` what it is held against; ``names`` are what it is about
    (baselines, attacks, questions), ``parts`` parts of the held-out pairs.
    """

    code: str
    figure: Figure | None = None
    against: float | None = None
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def figure_of(tree: Mapping[str, Any] | None, *path: str) -> Figure:
    """The figure at a path of an evaluation; an undefined one where older evaluations have none."""
    found: Any = tree
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, dict) and "value" in found else undefined_figure(NOT_MEASURED)


def low(figure: Figure) -> float | None:
    """The lower end of its interval."""
    interval = figure.get("interval")
    return None if interval is None else float(interval[0])


def high(figure: Figure) -> float | None:
    """The upper end of its interval."""
    interval = figure.get("interval")
    return None if interval is None else float(interval[1])


def longer_rate(evaluation: Mapping[str, Any], who: str) -> Figure:
    """How often `model` or `people` prefer the longer output, as a figure."""
    rates = evaluation.get("longer_rate") or {}
    if rates.get(who) is None:
        return undefined_figure(rates.get("reason") or NOT_MEASURED)
    intervals = rates.get("intervals") or {}
    return {"value": rates[who], "interval": intervals.get(who), "n": rates.get("n")}


def weaknesses(
    evaluation: Mapping[str, Any],
    *,
    labels_by_kind: Mapping[str, int],
    labels_by_annotator: tuple[int, ...],
    agreement: list[dict[str, Any]] | None,
    since_promotion: Figure | None = None,
    must_pass: Mapping[str, int] | None = None,
) -> tuple[Weakness, ...]:
    """All of them, those of the figures before those of the data.

    ``labels_by_kind`` counts by kind of annotator, ``labels_by_annotator`` by person; ``agreement`` is that of
    `provenance`, None where it is not known.
    """
    return (
        *_of_pairs(evaluation),
        *_of_parts(evaluation),
        *_of_certainty(evaluation),
        *_of_use(evaluation),
        *_of_later(evaluation, since_promotion, must_pass),
        *_of_split(evaluation),
        *_of_labels(labels_by_kind, labels_by_annotator),
        *_of_agreement(agreement),
    )


def _of_pairs(evaluation: Mapping[str, Any]) -> Iterator[Weakness]:
    accuracy = figure_of(evaluation, "pairs", "accuracy")
    if accuracy["value"] is None:
        yield Weakness("unmeasured", accuracy)
        return
    least = low(accuracy)
    if least is None or least <= HALF:
        yield Weakness("coin", accuracy, HALF)
    for name in evaluation.get("baselines") or {}:
        simple = figure_of(evaluation, "baselines", name, "accuracy")["value"]
        if simple is not None and (least is None or least <= simple):
            yield Weakness("baseline", accuracy, simple, (name,))
    balanced = figure_of(evaluation, "pairs", "length_balanced_accuracy")
    if _below(balanced, accuracy["value"]):
        yield Weakness("length_bound", balanced, accuracy["value"])
    model, people = longer_rate(evaluation, "model"), longer_rate(evaluation, "people")["value"]
    if _above(model, people):
        yield Weakness("prefers_longer", model, people)
    if _below(model, people):
        yield Weakness("prefers_shorter", model, people)
    reference = figure_of(evaluation, "human_reference", "accuracy")["value"]
    on_same = figure_of(evaluation, "human_reference", "model")
    if _below(on_same, reference):
        yield Weakness("below_people", on_same, reference)


def _of_parts(evaluation: Mapping[str, Any]) -> Iterator[Weakness]:
    accuracy = figure_of(evaluation, "pairs", "accuracy")["value"]
    parts = evaluation.get("slices") or []
    weak = tuple(Part(part["by"], part["name"]) for part in parts if _below(part, accuracy))
    if weak:
        yield Weakness("weak_parts", against=accuracy, parts=weak)
    small = tuple(Part(part["by"], part["name"]) for part in parts if (part.get("n") or 0) < FEW_PAIRS)
    if small:
        yield Weakness("small_parts", against=FEW_PAIRS, parts=small)


def _of_certainty(evaluation: Mapping[str, Any]) -> Iterator[Weakness]:
    slope = figure_of(evaluation, "calibration", "slope")
    if _below(slope, 1.0):
        yield Weakness("overconfident", slope, 1.0)
    if _above(slope, 1.0):
        yield Weakness("timid", slope, 1.0)
    f1, constant = figure_of(evaluation, "outputs", "f1"), figure_of(evaluation, "outputs", "constant_f1")
    least = low(f1)
    if least is not None and constant["value"] is not None and least <= constant["value"]:
        yield Weakness("constant", f1, constant["value"])
    warns = figure_of(evaluation, "uncertainty", "error_auc")
    least = low(warns)
    if least is not None and least <= HALF:
        yield Weakness("spread_blind", warns, HALF)


def _of_use(evaluation: Mapping[str, Any]) -> Iterator[Weakness]:
    attacks = evaluation.get("hackability") or []
    exploited = tuple(row["attack"] for row in attacks if row["exploitable"])
    if exploited:
        yield Weakness("exploitable", names=exploited)
    if all(row["exploitable"] is None for row in attacks):
        yield Weakness("attacks_untested")
    for code, key in (("flat", "spread"), ("best_of_n", "best_of_n"), ("few_labels", "labels")):
        for check in (evaluation.get("readiness") or {}).get("checks", ()):
            if check["code"] == key and check["passed"] is False:
                yield Weakness(code, {"value": check["measured"]}, check["wanted"])


def _of_later(
    evaluation: Mapping[str, Any], since: Figure | None, must_pass: Mapping[str, int] | None
) -> Iterator[Weakness]:
    accuracy = figure_of(evaluation, "pairs", "accuracy")["value"]
    if since is not None and _below(since, accuracy):
        yield Weakness("drift", since, accuracy)
    if must_pass and must_pass["failed"]:
        yield Weakness("must_pass", {"value": must_pass["failed"]}, must_pass["pinned"])


def _of_split(evaluation: Mapping[str, Any]) -> Iterator[Weakness]:
    split = evaluation.get("split") or {}
    groups = split.get("test_groups")
    if groups is not None and groups < FEWEST_TEST_GROUPS:
        yield Weakness("few_groups", {"value": groups}, FEWEST_TEST_GROUPS)
    shared = split.get("shared_groups", 0) + split.get("near_duplicates", 0)
    if shared:
        yield Weakness("shared", {"value": shared}, 0)


def _of_labels(by_kind: Mapping[str, int], by_annotator: tuple[int, ...]) -> Iterator[Weakness]:
    total = sum(by_annotator)
    if len(by_annotator) == 1:
        yield Weakness("one_annotator", {"value": total})
    elif total and max(by_annotator) > total * MOST_BY_ONE:
        yield Weakness("one_hand", {"value": max(by_annotator) / total, "n": total}, MOST_BY_ONE)
    made = {kind: by_kind.get(kind, 0) for kind in ("simulated", "model")}
    if sum(made.values()):
        share = sum(made.values()) / sum(by_kind.values())
        names = tuple(kind for kind, count in made.items() if count)
        yield Weakness("not_people", {"value": share, "n": sum(by_kind.values())}, names=names)


def _of_agreement(agreement: list[dict[str, Any]] | None) -> Iterator[Weakness]:
    if not agreement or all(row["percent"]["value"] is None for row in agreement):
        yield Weakness("agreement_unknown")
        return
    for row in agreement:
        least = low(row["alpha"])
        if least is not None and least <= 0:
            yield Weakness("agreement_chance", row["alpha"], 0.0, (row["question"],))


def _below(figure: Figure, value: float | None) -> bool:
    """Whether a figure lies below a value with its whole interval."""
    most = high(figure)
    return most is not None and value is not None and most < value


def _above(figure: Figure, value: float | None) -> bool:
    """Whether a figure lies above a value with its whole interval."""
    least = low(figure)
    return least is not None and value is not None and least > value
