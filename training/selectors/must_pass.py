"""Must-pass pairs: what is pinned, what it says, and how a model orders it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from annotation.models import Completion, Judgment, JudgmentStatus
from annotation.questions import ordering
from annotation.selectors.completions import completions_of
from annotation.selectors.revisions import asked
from training.models import MustPass, MustPassResult, RewardModel
from training.selectors.models import champions_newest
from training.snapshot import ORDERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

MOST_CHAMPIONS: Final = 1_000
STATUSES: Final = ("enforced", "superseded", "set_aside")


def judgment_pairs(judgment: Judgment) -> list[tuple[str, str]]:
    """The (preferred, rejected) completion ids that a judgment implies, each pair once; its item is read too.

    Ratings and ties imply none.
    """
    found: dict[tuple[str, str], None] = {}
    completions = judgment.shown if judgment.item.first_id is None else []
    completions = completions or completions_of(judgment.item)
    for question in asked(judgment.project_id, judgment.revision_id).questions:
        answer = judgment.answers.get(question.name)
        if question.kind not in ORDERED or not answer:
            continue
        order = ordering(question, answer, completions)
        if order is not None:
            found |= dict.fromkeys(order.pairs())
    return list(found)


def pins_of(project_id: int) -> QuerySet[MustPass]:
    """The pinned judgments of a project with what is told of them."""
    return MustPass.objects.filter(project_id=project_id).select_related(
        "judgment__item", "judgment__prompt", "judgment__annotator", "by"
    )


def pins_enforced(project_id: int) -> QuerySet[MustPass]:
    """Those that a challenger must get right: the judgment stands."""
    return pins_of(project_id).filter(
        judgment__superseded=False,
        judgment__set_aside_at=None,
        judgment__status=JudgmentStatus.SUBMITTED,
    )


def pins_untried(model: RewardModel) -> QuerySet[MustPass]:
    """The enforced pins that a model has not been held against."""
    tried = MustPassResult.objects.filter(model=model).values("pin_id")
    return pins_enforced(model.project_id).exclude(id__in=tried)


def champions_untried() -> list[int]:
    """The ids of the champions that have not been held against every enforced pin."""
    pinned = MustPass.objects.values_list("project_id", flat=True).distinct()
    champions = RewardModel.objects.filter(id__in=champions_newest(MOST_CHAMPIONS), project_id__in=pinned)
    return [model.id for model in champions if pins_untried(model).exists()]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the enforced pins a model passes, fails, and has not been held against."""

    pinned: int
    passed: int
    failed: int

    @property
    def untried(self) -> int:
        """Those pinned after the model was made."""
        return self.pinned - self.passed - self.failed

    def wire(self) -> dict[str, int]:
        """The counts for the wire."""
        return {
            "pinned": self.pinned,
            "passed": self.passed,
            "failed": self.failed,
            "untried": self.untried,
        }


def standing_of(project_id: int, model: RewardModel | None) -> Standing:
    """How a model stands; without one everything is untried."""
    enforced = pins_enforced(project_id)
    results = MustPassResult.objects.filter(model=model, pin__in=enforced.values("id"))
    passed = list(results.values_list("passed", flat=True)) if model else []
    return Standing(enforced.count(), passed.count(True), passed.count(False))


def pin_status(judgment: Judgment) -> str:
    """One of `STATUSES`."""
    if judgment.superseded:
        return "superseded"
    return "set_aside" if judgment.set_aside_at is not None else "enforced"


def pins_wire(pins: Sequence[MustPass], model: RewardModel | None) -> list[dict[str, Any]]:
    """Pins with the outputs they are about and, where the model was held against them, its margins."""
    found = MustPassResult.objects.filter(model=model, pin__in=pins) if model else ()
    results = {result.pin_id: result for result in found}
    pairs = {
        pin.id: results[pin.id].pairs
        if pin.id in results
        else [
            {"preferred": preferred, "rejected": rejected, "margin": None}
            for preferred, rejected in judgment_pairs(pin.judgment)
        ]
        for pin in pins
    }
    named = {pair[side] for each in pairs.values() for pair in each for side in ("preferred", "rejected")}
    texts = {str(row.id): row.text for row in Completion.objects.filter(id__in=named)}
    return [
        {
            "judgment": str(pin.judgment.uuid),
            "item": str(pin.judgment.item_id),
            "annotator": pin.judgment.annotator.name,
            "annotator_kind": pin.judgment.annotator_kind,
            "prompt": {
                "id": str(pin.judgment.prompt_id),
                "external_id": pin.judgment.prompt.external_id,
                "messages": pin.judgment.prompt.messages,
                "language": pin.judgment.prompt.language,
            },
            "outputs": [
                {"id": key, "text": texts.get(key, "")}
                for key in dict.fromkeys(
                    pair[side] for pair in pairs[pin.id] for side in ("preferred", "rejected")
                )
            ],
            "pairs": pairs[pin.id],
            "passed": results[pin.id].passed if pin.id in results else None,
            "status": pin_status(pin.judgment),
            "note": pin.note,
            "by": pin.by.username if pin.by else "",
            "created_at": pin.created_at,
        }
        for pin in pins
    ]
