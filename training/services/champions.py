"""From a finished run to a numbered reward model, and which model a project serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotation.models import Judgment, Project
from training.models import Promotion, RewardModel, RunStatus, TrainingRun
from training.selectors.models import champion_of, champions_newest, promotion_current, scale_reference
from training.services.must_pass import promotion_check, results_store
from training.serving.client import item_wire, rewards_compute
from training.snapshot import judgments_dataset, judgments_selected
from training.states import run_move

if TYPE_CHECKING:
    from annotation.models import User
    from training.artifacts import Artifact
    from training.must_pass import Tried

MOST_MEASURED: Final = 2_000  # labels since the promotion, the newest, that a champion is held against
MOST_CHAMPIONS: Final = 1_000
SCORED_AT_ONCE: Final = 1_024


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run has to show for itself."""

    kind: str
    evaluation: dict[str, Any]
    top_features: list[dict[str, Any]] | None
    curve: list[dict[str, Any]]
    artifact: Artifact
    scale_of: int | None = None  # the version that its scale was taken from
    must_pass: Sequence[Tried] = ()


class ChampionChangedError(Exception):
    """Somebody was promoted since the decision was made: it has to be made again."""


class ScaleChangedError(Exception):
    """Another version has set the project's scale since this one was held to it."""


def run_succeed(
    *,
    run: TrainingRun,
    attempt: int,
    finished: Finished,
    decision: dict[str, Any],
    against: Promotion | None,
) -> RewardModel | None:
    """End a run with a numbered model, promoted where the `decision` (made against a champion) says so.

    None where the run is no longer this attempt's or is being cancelled. Raises ChampionChangedError,
    ScaleChangedError.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(id=run.project_id)
        current = promotion_current(run.project_id)
        if (current.id if current else None) != (against.id if against else None):
            raise ChampionChangedError
        reference = scale_reference(run.project_id)
        if (reference.id if reference else None) != finished.scale_of:
            raise ScaleChangedError
        ended = run_move(
            run_id=run.id,
            old=RunStatus.RUNNING,
            new=RunStatus.SUCCEEDED,
            where=Q(attempt=attempt, cancel_requested=False),
            progress=1,
            step="finished",
            curve=finished.curve,
        )
        if not ended:
            return None
        newest = RewardModel.objects.filter(project_id=run.project_id).order_by("-version").first()
        model = RewardModel.objects.create(
            project_id=run.project_id,
            run=run,
            version=newest.version + 1 if newest else 1,
            kind=finished.kind,
            evaluation=finished.evaluation,
            decision=decision,
            top_features=finished.top_features,
            artifact=finished.artifact.name,
            sha256=finished.artifact.sha256,
            size_bytes=finished.artifact.size_bytes,
        )
        results_store(model=model, tried=finished.must_pass)
        if decision["promoted"]:
            Promotion.objects.create(
                project_id=run.project_id,
                model=model,
                previous=current.model if current else None,
                code=decision["code"],
                message=decision["message"],
            )
    return model


def model_promote(*, model: RewardModel, user: User, reason: str = "", force: bool = False) -> RewardModel:
    """Make a model the champion by hand; going back to an older one is the same. Twice changes nothing.

    Raises ConflictError where it fails a must-pass pair (or cannot be held against it), unless `force` is set.
    """
    failing = ""
    if champion_of(model.project_id) != model:
        failing = promotion_check(model=model, force=force)
    with transaction.atomic():
        Project.objects.select_for_update().get(id=model.project_id)
        current = promotion_current(model.project_id)
        if current is None or current.model_id != model.id:
            Promotion.objects.create(
                project_id=model.project_id,
                model=model,
                previous=current.model if current else None,
                code="manual",
                message=f"{reason} {failing}".strip(),
                by=user,
            )
            RewardModel.objects.filter(id=model.id).update(since_promotion=None, measured_at=None)
    model.refresh_from_db()
    return model


def tries_against(promotion: Promotion) -> int:
    """How many new recipes have been held against this champion, the next one included."""
    tried = RewardModel.objects.filter(project_id=promotion.project_id, created_at__gt=promotion.at)
    return tried.exclude(run__recipe_digest=promotion.model.run.recipe_digest).count() + 1


def champions_due(*, every: timedelta = timedelta(minutes=5)) -> list[int]:
    """The champions to be measured again: labels came since, and the last measure was a while ago."""
    now, due = timezone.now(), []
    for model in RewardModel.objects.filter(id__in=champions_newest(MOST_CHAMPIONS)):
        promotion = promotion_current(model.project_id)
        newest = Judgment.objects.filter(project_id=model.project_id).order_by("-id").first()
        if promotion is None or newest is None or (model.measured_at and now - model.measured_at < every):
            continue
        if newest.received_at > (model.measured_at or promotion.at):
            due.append(model.id)
    return due


def champion_measure(*, model_id: int) -> dict[str, Any] | None:
    """Hold a champion against labels collected since its promotion, on prompt groups it has not learned from.

    Stores and returns a figure; None where the model is no champion any more.
    """
    from training.rewards.intervals import ClusterBootstrap
    from training.rewards.metrics import pair_accuracy
    from training.rewards.targets import consensus, pair_votes

    model = RewardModel.objects.select_related("run__snapshot", "project").get(id=model_id)
    promotion = promotion_current(model.project_id)
    if promotion is None or promotion.model_id != model.id:
        return None
    started = timezone.now()
    snapshot = model.run.snapshot
    rows = judgments_selected(model.project, snapshot.selection).filter(received_at__gt=promotion.at)
    ids = sorted(rows.order_by("-id").values_list("id", flat=True)[:MOST_MEASURED])
    data = judgments_dataset(project=model.project, ids=ids, questions=snapshot.selection["questions"])
    groups = [prompt.group for prompt in data.prompts]
    known = set(
        Judgment.objects.filter(
            project=model.project, id__lte=snapshot.last_judgment_id, prompt__group__in=set(groups)
        ).values_list("prompt__group", flat=True)
    )
    fresh = np.array([place for place, group in enumerate(groups) if group not in known], dtype=np.int64)
    rewards = np.full(data.row_count, np.nan)
    places = [
        data.row(prompt, place) for prompt in fresh for place in range(len(data.prompts[prompt].completions))
    ]
    for start in range(0, len(places), SCORED_AT_ONCE):
        chunk = places[start : start + SCORED_AT_ONCE]
        scored = rewards_compute(model_id=model.id, items=[item_wire(*data.rows[place]) for place in chunk])
        rewards[chunk] = [reward["reward"] for reward in scored]
    pairs = consensus(pair_votes(data).on(fresh))
    figure = pair_accuracy(pairs, rewards, ClusterBootstrap(groups, fresh))
    RewardModel.objects.filter(id=model.id).update(since_promotion=figure, measured_at=started)
    return figure
