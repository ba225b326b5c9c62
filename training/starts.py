"""The older model that a fit may start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.artifacts import ArtifactError, artifact_folder
from training.models import RewardModel
from training.rewards.models import restore
from training.rewards.store import ArtifactError as DamagedError
from training.rewards.store import model_read

if TYPE_CHECKING:
    from training.models import TrainingRun
    from training.rewards.models.base import Fitted


def start_load(run: TrainingRun) -> Fitted | None:
    """The last linear model of this recipe that was fitted on fewer labels; None without one to read.

    Another run on the same labels finds the same one, and so ends at the same bytes.
    """
    older = RewardModel.objects.filter(
        project_id=run.project_id,
        kind="linear",
        run__recipe_digest=run.recipe_digest,
        run__snapshot__last_judgment_id__lt=run.snapshot.last_judgment_id,
    )
    model = older.order_by("-run__snapshot__last_judgment_id", "id").first()
    if model is None:
        return None
    try:
        return restore(*model_read(artifact_folder(model)), None)
    except (ArtifactError, DamagedError):
        return None
