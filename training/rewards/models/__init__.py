"""Kinds of reward models by name; a kind's module is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from training.rewards.anchors import Scale
from training.rewards.models.anchored import AnchoredModel
from training.rewards.models.base import FitInput, FitOutput, Fitted
from training.rewards.store import ArtifactError, model_read

MODELS: Final[Mapping[str, str]] = {
    "linear": "training.rewards.models.linear:LinearModel",
    "ensemble": "training.rewards.models.ensemble:EnsembleModel",
    "rules": "training.rewards.models.rules:RulesModel",
    "composite": "training.rewards.models.composite:CompositeModel",
    "transformer": "training.rewards.models.transformer:TransformerModel",
}


def fit(kind: str, task: FitInput) -> FitOutput:
    """Fits a model of a kind. Raises KeyError for an unknown kind, ConvergenceError, Cancelled."""
    output: FitOutput = import_module(MODELS[kind].partition(":")[0]).fit(task)
    return output


def load(folder: Path, cache_dir: Path | None = None) -> Fitted:
    """The model in ``folder`` on its scale; ``cache_dir`` keeps embeddings between calls. Raises ArtifactError."""
    scale = Scale.load(folder)
    own = restore(*model_read(folder), cache_dir)
    return own if scale.identity else AnchoredModel(own, scale)


def restore(
    description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
) -> Fitted:
    """The model that ``description`` and ``arrays`` came from. Raises ArtifactError."""
    kind = description.get("kind")
    if not isinstance(kind, str) or kind not in MODELS:
        raise ArtifactError(f"unknown kind of model {kind!r}: {', '.join(MODELS)}")
    module, _, name = MODELS[kind].partition(":")
    model: Fitted = getattr(import_module(module), name).restore(description, arrays, cache_dir)
    return model
