"""Rows of what machines learned. Writes go through `training.services`, reads through `training.selectors`."""

from training.models.policies import RetrainingPolicy
from training.models.rewards import MustPass, MustPassResult, Promotion, RewardModel, ScoringToken
from training.models.runs import RunStatus, Snapshot, TrainingRun, Trigger

__all__ = [
    "MustPass",
    "MustPassResult",
    "Promotion",
    "RetrainingPolicy",
    "RewardModel",
    "RunStatus",
    "ScoringToken",
    "Snapshot",
    "TrainingRun",
    "Trigger",
]
