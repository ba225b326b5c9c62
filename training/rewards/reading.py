"""How a model read its judgments, in figures: what entered in which way, and what had nothing to say to it.

It goes into the evaluation beside what `training.rewards.models.likelihood_choice` has tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.rewards.data import Dataset
from training.rewards.models.base import FitOutput
from training.rewards.models.ensemble import EnsembleModel
from training.rewards.models.linear_reward import LinearModel


def reading(dataset: Dataset, output: FitOutput, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``output.likelihood`` tells, and "labels", "ties", "rankings" and "dropped" of kinds that read so.

    ``labels`` counts the run's judgments by what they are, as far as they are read; ``ties`` is {"way", "level"}, the
    level being Davidson's log nu: two equal outputs tie with probability nu / (2 + nu). ``dropped`` counts what
    the chosen options cannot read: {"comparisons", "verdicts", "alike"}, "alike" being ratings of a question
    that were all the same.
    """
    told = dict(output.likelihood)
    if "ties" not in options:
        return told
    squared, heads = options.get("loss") == "squared", options.get("criteria") == "heads"
    tied = [each for each in dataset.preferences if len(each.tiers) == 1]
    bad = sum(each.both_bad for each in tied)
    scores: dict[str, set[float]] = {}
    for rating in dataset.ratings:
        scores.setdefault(rating.question, set()).add(rating.value)
    alike = sum(len(scores[rating.question]) == 1 for rating in dataset.ratings)
    kinds = [each.kind for each in dataset.preferences if len(each.tiers) > 1]
    labels = {
        "comparisons": kinds.count("comparison"),
        "ties": len(tied) - bad,
        "both_bad": bad,
        "rankings": kinds.count("ranking"),
        "best_worst": kinds.count("best_worst"),
        "ratings": len(dataset.ratings) - alike,
        "verdicts": len(dataset.verdicts),
    }
    compared = len(dataset.preferences)
    dropped = {
        "comparisons": compared if squared else 0,
        "verdicts": len(dataset.verdicts) if squared or heads else 0,
        "alike": alike,
    }
    if squared:
        labels |= dict.fromkeys(("comparisons", "ties", "both_bad", "rankings", "best_worst"), 0)
    if squared or heads:
        labels["verdicts"] = 0
    way = options["ties"] if tied and not squared else None
    told |= {"labels": labels, "dropped": dropped, "rankings": options["rankings"]}
    return told | {"ties": {"way": way, "level": _tie_level(output)}}


def _tie_level(output: FitOutput) -> float | None:
    """The fitted tie level of a linear model, or of the one below an ensemble; None where none was fitted."""
    model = output.model.linear if isinstance(output.model, EnsembleModel) else output.model
    return model.weights.tie_level if isinstance(model, LinearModel) else None
