"""A reward model's card: what it is, what it learned from, how good it is, and what speaks against it.

``card_make(Facts) -> Card`` chooses and judges, `card_markdown` in `training.rewards.card_markdown` words it.
Model cards after Mitchell et al. 2019 (arXiv 1810.03993). No annotator is named on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from training.rewards.findings import Finding, findings
from training.rewards.intervals import Figure
from training.rewards.weaknesses import (
    NOT_MEASURED,
    Part,
    Weakness,
    figure_of,
    high,
    longer_rate,
    low,
    weaknesses,
)

Style = Literal["share", "number"]
FIGURES: Final[tuple[tuple[str, Style, tuple[str, ...]], ...]] = (
    ("accuracy", "share", ("pairs", "accuracy")),
    ("accuracy_by_judgment", "share", ("pairs", "accuracy_by_judgment")),
    ("length_balanced_accuracy", "share", ("pairs", "length_balanced_accuracy")),
    ("top_1", "share", ("pairs", "top_1")),
    ("log_loss", "number", ("pairs", "log_loss")),
    ("slope", "number", ("calibration", "slope")),
    ("brier", "number", ("calibration", "brier")),
    ("ece", "number", ("calibration", "ece")),
    ("precision", "share", ("outputs", "precision")),
    ("recall", "share", ("outputs", "recall")),
    ("f1", "share", ("outputs", "f1")),
    ("constant_f1", "share", ("outputs", "constant_f1")),
    ("auc", "share", ("outputs", "auc")),
    ("error_auc", "share", ("uncertainty", "error_auc")),
)
SCALE: Final = ("anchored_to", "anchors", "factor", "shift", "mean", "spread")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card is made of.

    ``annotators`` are (kind, judgments) of each; ``provenance`` is `training.rewards.provenance.provenance`'s;
    ``packages`` None where nobody wrote them down. ``recipe`` is the request as cleaned. ``must_pass`` counts
    pinned judgments: {"pinned", "passed", "failed"}; it and ``since_promotion`` are known once a model is saved.
    """

    project: str
    kind: str
    fingerprint: str
    frozen_at: str
    judgments: int
    prompts: int
    annotators: tuple[tuple[str, int], ...]
    selection: Mapping[str, Any]
    recipe: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    provenance: Mapping[str, Any]
    packages: Mapping[str, str] | None
    since_promotion: Figure | None = None
    must_pass: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Labels by a kind of annotator (``annotators`` of them) or of question."""

    kind: str
    labels: int
    annotators: int | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """What the model learned from; ``largest_share`` is that of the busiest annotator."""

    fingerprint: str
    frozen_at: str
    labels: int
    prompts: int
    annotators: int
    by_annotator_kind: tuple[Count, ...]
    by_question_kind: tuple[Count, ...]
    largest_share: float | None
    questions: tuple[str, ...]
    since: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree on one question."""

    question: str
    percent: Figure
    alpha: Figure


@dataclass(frozen=True, slots=True)
class Named:
    """A figure with its name and how it is written."""

    name: str
    style: Style
    figure: Figure


@dataclass(frozen=True, slots=True)
class Baseline:
    """A simple rule on the same pairs."""

    name: str
    accuracy: Figure
    length_balanced_accuracy: Figure


@dataclass(frozen=True, slots=True)
class Reference:
    """One annotator predicted by the others, and the model on the same votes."""

    accuracy: Figure
    model: Figure


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the held-out pairs on which the model is clearly worse or better than on all."""

    by: str
    name: str
    accuracy: Figure
    verdict: Literal["worse", "better"]


@dataclass(frozen=True, slots=True)
class Attack:
    """What tampering does to the reward of held-out winners."""

    attack: str
    change: Figure
    rises: Figure
    exploitable: bool | None


@dataclass(frozen=True, slots=True)
class Card:
    """The card; ``slices`` are those worth knowing of ``slices_measured``."""

    project: str
    kind: str
    data: Data
    agreement: tuple[Agreement, ...]
    split: Mapping[str, Any] | None
    figures: tuple[Named, ...]
    baselines: tuple[Baseline, ...]
    reference: Reference
    slices: tuple[Slice, ...]
    slices_measured: int
    attacks: tuple[Attack, ...]
    findings: tuple[Finding, ...]
    weaknesses: tuple[Weakness, ...]
    scale: Mapping[str, Any] | None
    recipe: Mapping[str, Any]
    packages: Mapping[str, str] | None
    since_promotion: Figure | None


def card_make(facts: Facts) -> Card:
    """The card of these facts; what older evaluations lack is undefined on it, with the reason."""
    evaluation, agreement = facts.evaluation, facts.provenance.get("agreement")
    labels_by_kind: dict[str, int] = {}
    people: dict[str, int] = {}
    for kind, labels in facts.annotators:
        labels_by_kind[kind] = labels_by_kind.get(kind, 0) + labels
        people[kind] = people.get(kind, 0) + 1
    by_annotator = tuple(labels for _, labels in facts.annotators)
    scale = evaluation.get("scale")
    against = weaknesses(
        evaluation,
        labels_by_kind=labels_by_kind,
        labels_by_annotator=by_annotator,
        agreement=agreement,
        since_promotion=facts.since_promotion,
        must_pass=facts.must_pass,
    )
    return Card(
        project=facts.project,
        kind=facts.kind,
        data=Data(
            fingerprint=facts.fingerprint,
            frozen_at=facts.frozen_at,
            labels=facts.judgments,
            prompts=facts.prompts,
            annotators=len(by_annotator),
            by_annotator_kind=tuple(
                Count(kind, labels, people[kind]) for kind, labels in sorted(labels_by_kind.items())
            ),
            by_question_kind=tuple(
                Count(kind, labels) for kind, labels in sorted(facts.provenance.get("labels", {}).items())
            ),
            largest_share=max(by_annotator) / sum(by_annotator) if sum(by_annotator) else None,
            questions=tuple(facts.selection.get("questions") or ()),
            since=facts.selection.get("since"),
        ),
        agreement=tuple(Agreement(**row) for row in agreement or ()),
        split=evaluation.get("split"),
        figures=_figures(evaluation),
        baselines=tuple(
            Baseline(
                name,
                figure_of(evaluation, "baselines", name, "accuracy"),
                figure_of(evaluation, "baselines", name, "length_balanced_accuracy"),
            )
            for name in sorted(evaluation.get("baselines") or {})
        ),
        reference=Reference(
            figure_of(evaluation, "human_reference", "accuracy"),
            figure_of(evaluation, "human_reference", "model"),
        ),
        slices=_slices(evaluation),
        slices_measured=len(evaluation.get("slices") or ()),
        attacks=tuple(Attack(**row) for row in evaluation.get("hackability") or ()),
        findings=findings(evaluation, against),
        weaknesses=against,
        scale=None if not scale else {name: scale.get(name) for name in SCALE},
        recipe=facts.recipe,
        packages=None if facts.packages is None else dict(sorted(facts.packages.items())),
        since_promotion=facts.since_promotion,
    )


def _figures(evaluation: Mapping[str, Any]) -> tuple[Named, ...]:
    """The figures in their order; of those that the evaluation does not know at all, the accuracy alone."""
    found = [Named(name, style, figure_of(evaluation, *path)) for name, style, path in FIGURES]
    found += [Named(f"longer_{who}", "share", longer_rate(evaluation, who)) for who in ("model", "people")]
    return tuple(
        named for named in found if named.name == "accuracy" or named.figure.get("reason") != NOT_MEASURED
    )


def _slices(evaluation: Mapping[str, Any]) -> tuple[Slice, ...]:
    whole = figure_of(evaluation, "pairs", "accuracy")["value"]
    found: list[Slice] = []
    for row in evaluation.get("slices") or ():
        part = Part(row["by"], row["name"])
        least, most = low(row), high(row)
        if whole is None or least is None or most is None or least <= whole <= most:
            continue
        figure = {"value": row["value"], "interval": row["interval"], "n": row["n"]}
        found.append(Slice(part.by, part.name, figure, "worse" if most < whole else "better"))
    return tuple(sorted(found, key=lambda one: (one.verdict == "better", one.accuracy["value"])))
