"""Must-pass pairs: pin a judgment, hold models against what is pinned, and keep back a challenger that fails.

Held against the pins is the model that would be served, with its final scores: it may have learned from these
very judgments. That is a regression test ("does it still get this right?"), no estimate of accuracy.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from annotation.errors import ConflictError, DomainError, NotFoundError, UnprocessableError
from annotation.models import Completion, Judgment, JudgmentStatus
from training.models import MustPass, MustPassResult
from training.must_pass import Tried, TriedPair
from training.rewards.data import Completion as CompletionData
from training.rewards.data import Message
from training.rewards.data import Prompt as PromptData
from training.selectors.must_pass import judgment_pairs, pins_enforced, pins_of, pins_untried, standing_of
from training.serving.client import item_wire, rewards_compute

if TYPE_CHECKING:
    from uuid import UUID

    from annotation.models import Project, User
    from training.models import RewardModel

MOST_PINNED: Final = 200  # a run scores all of them
SCORED_AT_ONCE: Final = 1_024

Row = tuple[PromptData, CompletionData]
Score = Callable[[Sequence[Row]], Sequence[float]]
"""Rewards of completions beside their prompts; ValueError for what the model cannot score."""

log = logging.getLogger(__name__)


def judgment_pin(*, project: Project, user: User, uuid: UUID, note: str = "") -> tuple[MustPass, bool]:
    """Pin a judgment; the second value is False where it was pinned already, and the note is the new one then.

    Raises:
        NotFoundError: the project has no such judgment.
        ConflictError: it does not stand any more (`not_current`), contradicts what is pinned
            (`contradicts_pinned`), or too much is pinned (`too_many_pinned`).
        UnprocessableError: it says of no output that it is better than another (`no_pairs`), or says both
            (`contradicts_itself`).
    """
    judgment = Judgment.objects.select_related("item").filter(project=project, uuid=uuid).first()
    if judgment is None:
        raise NotFoundError("This project has no judgment with this id.")
    if MustPass.objects.filter(judgment=judgment).update(note=note):
        return pins_of(project.id).get(judgment=judgment), False
    if judgment.superseded or judgment.set_aside_at or judgment.status != JudgmentStatus.SUBMITTED:
        raise ConflictError(
            "Only a judgment that stands can be pinned; this one was changed, set aside or skipped.",
            code="not_current",
        )
    _refuse_useless(judgment)
    if MustPass.objects.filter(project=project).count() >= MOST_PINNED:
        raise ConflictError(
            f"At most {MOST_PINNED} judgments can be pinned; unpin one first.", code="too_many_pinned"
        )
    try:
        with transaction.atomic():
            pin = MustPass.objects.create(project=project, judgment=judgment, note=note, by=user)
    except IntegrityError:  # somebody else was quicker
        return pins_of(project.id).get(judgment=judgment), False
    return pins_of(project.id).get(id=pin.id), True


def _refuse_useless(judgment: Judgment) -> None:
    """Refuse a judgment that no model could get right, or that asks nothing of one."""
    pairs = set(judgment_pairs(judgment))
    if not pairs:
        raise UnprocessableError(
            "This judgment does not say that one output is better than another: pin a comparison, a ranking "
            "or a best-worst choice that is no tie. Ratings make no pairs.",
            code="no_pairs",
        )
    if any((rejected, preferred) in pairs for preferred, rejected in pairs):
        raise UnprocessableError(
            "Its answers to different questions contradict each other, so no model could get all of it right.",
            code="contradicts_itself",
        )
    for pin in pins_of(judgment.project_id).filter(
        judgment__prompt_id=judgment.prompt_id, judgment__superseded=False
    ):
        if any((rejected, preferred) in pairs for preferred, rejected in judgment_pairs(pin.judgment)):
            raise ConflictError(
                f"It contradicts the pinned judgment of {pin.judgment.annotator.name} on the same outputs, so no "
                "model could get both right. Unpin that one first.",
                code="contradicts_pinned",
            )


def judgment_unpin(*, project: Project, uuid: UUID) -> None:
    """Take a pin away; what it decided stays in the decisions. Raises NotFoundError."""
    deleted, _ = MustPass.objects.filter(project=project, judgment__uuid=uuid).delete()
    if not deleted:
        raise NotFoundError("This judgment is not pinned.")


def pins_try(*, pins: Sequence[MustPass], score: Score) -> tuple[Tried, ...]:
    """Hold a model against pins. What it cannot score has no margin, and so does not pass."""
    pairs = {pin.id: judgment_pairs(pin.judgment) for pin in pins}
    named = {key for each in pairs.values() for pair in each for key in pair}
    outputs = {str(row.id): row for row in Completion.objects.select_related("prompt").filter(id__in=named)}
    rewards = _rewards(
        [sorted({key for pair in each for key in pair}) for each in pairs.values()], outputs, score
    )
    return tuple(
        Tried(
            pin,
            tuple(
                TriedPair(outputs[preferred], outputs[rejected], _margin(rewards, preferred, rejected))
                for preferred, rejected in pairs[pin.id]
            ),
        )
        for pin in pins
    )


def _rewards(
    groups: Sequence[Sequence[str]], outputs: dict[str, Completion], score: Score
) -> dict[str, float]:
    """By output: its reward. All at once, or pin by pin where one of them cannot be scored."""
    keys = list(dict.fromkeys(key for group in groups for key in group))
    if not keys:
        return {}
    try:
        return dict(zip(keys, score([_row(outputs[key]) for key in keys]), strict=True))
    except ValueError:
        if len(groups) == 1:
            return {}
    return {key: reward for group in groups for key, reward in _rewards([group], outputs, score).items()}


def _margin(rewards: dict[str, float], preferred: str, rejected: str) -> float | None:
    margin = rewards.get(preferred, math.nan) - rewards.get(rejected, math.nan)
    return margin if math.isfinite(margin) else None


def _row(output: Completion) -> Row:
    """An output beside its prompt as the reward library takes it."""
    prompt = output.prompt
    data = CompletionData(output.external_id, output.text, output.source, tuple(map(float, output.features)))
    messages = tuple(Message(turn["role"], turn["content"]) for turn in prompt.messages)
    return PromptData(prompt.external_id, messages, (data,), prompt.group, prompt.language), data


def results_store(*, model: RewardModel, tried: Sequence[Tried]) -> None:
    """Keep how a model did; twice changes nothing, and what was unpinned meanwhile is left out."""
    pinned = set(MustPass.objects.filter(id__in=[each.pin.id for each in tried]).values_list("id", flat=True))
    MustPassResult.objects.bulk_create(
        [
            MustPassResult(
                model=model,
                pin=each.pin,
                passed=each.passed,
                pairs=[
                    {
                        "preferred": str(pair.preferred.id),
                        "rejected": str(pair.rejected.id),
                        "margin": pair.margin,
                    }
                    for pair in each.pairs
                ],
            )
            for each in tried
            if each.pin.id in pinned
        ],
        ignore_conflicts=True,
    )


def model_try(*, model: RewardModel) -> None:
    """Hold a saved model, by the scorer, against what was pinned after it was made.

    Raises ScorerUnavailableError and what the scorer says is wrong with the model.
    """

    def score(rows: Sequence[Row]) -> list[float]:
        rewards: list[float] = []
        for start in range(0, len(rows), SCORED_AT_ONCE):
            items = [item_wire(*row) for row in rows[start : start + SCORED_AT_ONCE]]
            try:
                scored = rewards_compute(model_id=model.id, items=items)
            except DomainError as error:
                if error.status == UnprocessableError.status:
                    raise ValueError(error.message) from None
                raise
            rewards += [reward["reward"] for reward in scored]
        return rewards

    pins = list(pins_untried(model))
    if pins:
        results_store(model=model, tried=pins_try(pins=pins, score=score))


def champion_try(*, model: RewardModel) -> None:
    """The same where nobody waits for it: without a scorer it stays to be done."""
    try:
        model_try(model=model)
    except DomainError as error:
        log.warning("model %s is not held against the must-pass pairs: %s", model.id, error.message)


def promotion_check(*, model: RewardModel, force: bool) -> str:
    """Refuse a promotion by hand that the must-pass pairs speak against; by `force`, say what it overrules.

    Raises ConflictError: `must_pass_failed` where the model fails, `must_pass_unknown` where it could not be tried.
    """
    if not pins_enforced(model.project_id).exists():
        return ""
    try:
        model_try(model=model)
    except DomainError as error:
        if not force:
            raise ConflictError(
                f"Whether v{model.version} passes the must-pass pairs is not known: {error.message} "
                "Send “force” to promote it all the same.",
                code="must_pass_unknown",
            ) from None
    standing = standing_of(model.project_id, model)
    failing = f"fails {standing.failed} of {standing.pinned} pinned judgments (must-pass pairs)."
    if standing.failed and not force:
        raise ConflictError(
            f"v{model.version} {failing} Send “force” to promote it all the same.", code="must_pass_failed"
        )
    return f"Promoted although it {failing}" if standing.failed else ""
