"""Reward models: which one a project serves, and what is told about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max

from annotation.errors import ConflictError, NotFoundError
from annotation.models import Project, Role
from annotation.selectors.access import opaque, project_get
from training.models import Promotion, RewardModel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from annotation.models import User


def promotion_current(project_id: int) -> Promotion | None:
    """The newest entry of the project's history of champions."""
    return (
        Promotion.objects.filter(project_id=project_id).select_related("model__run").order_by("-id").first()
    )


def champion_of(project_id: int) -> RewardModel | None:
    """The model that the project serves."""
    promotion = promotion_current(project_id)
    return promotion.model if promotion else None


def models_of(project: Project) -> QuerySet[RewardModel]:
    """The project's models with their runs."""
    return RewardModel.objects.filter(project=project).select_related("run__snapshot")


def model_get(*, user: User | AnonymousUser, model_id: object, role: Role = Role.ANNOTATOR) -> RewardModel:
    """A model of a project in which the caller holds at least `role`. Raises NotFoundError, ForbiddenError."""
    model = RewardModel.objects.filter(id=opaque(model_id)).select_related("run__snapshot").first()
    if model is None:
        raise NotFoundError("There is no reward model with this id.")
    project_get(user=user, project_id=model.project_id, role=role)
    return model


def model_serving(*, project_id: int, wanted: str = "champion") -> RewardModel:
    """The model that scores: the champion, or one of the project's by its id.

    Raises ConflictError (`no_champion`) and NotFoundError.
    """
    if wanted != "champion":
        model = RewardModel.objects.filter(project_id=project_id, id=opaque(wanted)).first()
        if model is None:
            raise NotFoundError("This project has no reward model with this id.")
        return model
    champion = champion_of(project_id)
    if champion is None:
        raise ConflictError("The project has no champion yet: train a model first.", code="no_champion")
    return champion


def scale_reference(project_id: int) -> RewardModel | None:
    """The version whose row tells later ones the project's scale of rewards; see `services.anchoring`.

    The first whose rewards of the anchors differ, else the first that could be scored on them at all.
    """
    rows = RewardModel.objects.filter(project_id=project_id).order_by("version")
    return (
        rows.filter(evaluation__scale__spread__gt=0).first()
        or rows.filter(evaluation__scale__spread=0).first()
    )


def log_odds_per_reward(model: RewardModel) -> float:
    """By what a difference of the model's served rewards is log-odds of being preferred."""
    return 1 / float(model.evaluation.get("scale", {}).get("factor", 1.0))


def scale_wire(model: RewardModel) -> dict[str, Any] | None:
    """How the model was held to the project's scale; None for one from before there was any."""
    scale = model.evaluation.get("scale")
    if scale is None:
        return None
    return {key: value for key, value in scale.items() if key != "archive"}


class ModelStatus:
    """Tells champion, candidate and retired apart with two queries for a whole list."""

    def __init__(self, project_id: int) -> None:
        """Read who was promoted."""
        promoted = list(
            Promotion.objects.filter(project_id=project_id).order_by("id").values_list("model_id", flat=True)
        )
        self.champion = promoted[-1] if promoted else None
        self.promoted = set(promoted)

    def of(self, model: RewardModel) -> str:
        """`champion`, `retired` (was it once) or `candidate`."""
        if model.id == self.champion:
            return "champion"
        return "retired" if model.id in self.promoted else "candidate"


def model_wire(model: RewardModel, statuses: ModelStatus) -> dict[str, Any]:
    """A model for the wire."""
    snapshot = model.run.snapshot
    return {
        "id": str(model.id),
        "project": str(model.project_id),
        "version": model.version,
        "kind": model.kind,
        "status": statuses.of(model),
        "created_at": model.created_at,
        "run": str(model.run_id),
        "recipe": model.run.recipe,
        "snapshot": {
            "fingerprint": snapshot.fingerprint,
            "judgments": snapshot.judgments,
            "prompts": snapshot.prompts,
            "annotators": len(snapshot.annotators),
        },
        "evaluation": {key: value for key, value in model.evaluation.items() if key != "scale"},
        "scale": scale_wire(model),
        "decision": model.decision,
        "sha256": model.sha256,
        "size_bytes": model.size_bytes,
        "since_promotion": model.since_promotion,
        "top_features": model.top_features,
    }


def promotion_wire(promotion: Promotion) -> dict[str, Any]:
    """An entry of the history of champions for the wire."""
    return {
        "model": str(promotion.model_id),
        "version": promotion.model.version,
        "previous_version": promotion.previous.version if promotion.previous else None,
        "by": promotion.by.username if promotion.by else "",
        "code": promotion.code,
        "message": promotion.message,
        "at": promotion.at,
    }


def champions_newest(limit: int) -> list[int]:
    """The ids of the projects' champions, the latest promoted first."""
    newest = Promotion.objects.filter(project__deleted_at=None).values("project_id").annotate(last=Max("id"))
    rows = Promotion.objects.filter(id__in=newest.values("last")).order_by("-id")
    return list(rows.values_list("model_id", flat=True)[:limit])
