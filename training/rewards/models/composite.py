"""A weighted sum of other reward models: rules beside what was learned, or several learned ones.

The weights are those given, or learned: a Bradley-Terry fit, never below 0, of the parts' rewards on
validation prompts that no part used for its own weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from training.rewards.data import Completion, Dataset, Prompt
from training.rewards.explain import Contribution, Explanation
from training.rewards.features.space import GROUPS, Item, Raw, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Fitted, Report, Scores, TextItem
from training.rewards.store import model_read, model_write

Vector = NDArray[np.float64]
RIDGE: Final = 1e-3  # keeps the weights of parts that always agree finite
BLOCKS: Final[Mapping[str, tuple[str, ...]]] = {
    "style": ("style",),
    "given": ("given",),
    "ngrams": ("words", "characters"),
    "encoder": ("completion", "prompt"),
    "minilm": ("minilm",),
}


@dataclass
class CompositeModel:
    """Parts and what each counts; ``fitted`` says that the weights were learned."""

    parts: tuple[Fitted, ...]
    weights: Vector
    fitted: bool = False
    kind: str = "composite"

    @property
    def groups(self) -> Mapping[str, bool]:
        """Which groups of features any part reads."""
        return {group: any(part.groups[group] for part in self.parts) for group in GROUPS}

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """The parts' features of most weight, each times its part's."""
        found = [
            {**feature, "weight": float(feature["weight"] * weight)}
            for part, weight in zip(self.parts, self.weights, strict=True)
            for feature in part.top_features
        ]
        return sorted(found, key=lambda feature: -abs(feature["weight"]))[:20]

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        return self.weighted([part.score_raw(narrowed(raw, part.groups)) for part in self.parts])

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        return self.weighted([part.score_items(items) for part in self.parts])

    def weighted(self, scores: Sequence[Scores]) -> Scores:
        """The sum of the parts' scores, and the spread of those that have one."""
        reward = sum(
            (w * part.reward for w, part in zip(self.weights, scores, strict=True)), start=np.zeros(1)
        )
        spreads = [w * part.std for w, part in zip(self.weights, scores, strict=True) if part.std is not None]
        std = np.sqrt(np.sum(np.square(spreads), axis=0)) if spreads else None
        return Scores(np.asarray(reward), std)

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.score_items(items_of(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.score_items(items_of_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """What each part gave to one completion's reward, and what moved it there."""
        return self._explained([part.explain(row) for part in self.parts])

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """The same for each (messages, completion text, given numbers)."""
        by_part = [part.explain_texts(items) for part in self.parts]
        return [self._explained(list(each)) for each in zip(*by_part, strict=True)]

    def _explained(self, parts: list[Explanation]) -> Explanation:
        found: list[Contribution] = []
        for part, weight in zip(parts, self.weights.tolist(), strict=True):
            found += [
                replace(
                    each,
                    weight=None if each.weight is None else each.weight * weight,
                    contribution=each.contribution * weight,
                )
                for each in part.contributions
            ]
        found.sort(key=lambda each: (-abs(each.contribution), each.feature))
        both = list(zip(parts, self.weights.tolist(), strict=True))
        residuals = [part.residual * weight for part, weight in both if part.residual is not None]
        return Explanation(
            sum(part.intercept * weight for part, weight in both),
            tuple(found),
            sum(part.other * weight for part, weight in both),
            sum(residuals) if residuals else None,
        )

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors`` with every part in them."""
        descriptions: list[dict[str, Any]] = []
        arrays: dict[str, NDArray[Any]] = {}
        for place, part in enumerate(self.parts):
            with TemporaryDirectory() as work:
                part.save(Path(work))
                description, own = model_read(Path(work))
            descriptions.append(description)
            arrays |= {f"{place}.{name}": values for name, values in own.items()}
        description = {
            "kind": self.kind,
            "parts": descriptions,
            "weights": self.weights.tolist(),
            "fitted": self.fitted,
        }
        model_write(folder, description, arrays)

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> CompositeModel:
        """The model that ``description`` and ``arrays`` came from."""
        from training.rewards.models import restore

        parts = []
        for place, part in enumerate(description["parts"]):
            prefix = f"{place}."
            own = {
                name.removeprefix(prefix): values
                for name, values in arrays.items()
                if name.startswith(prefix)
            }
            parts.append(restore(part, own, cache_dir))
        return cls(tuple(parts), np.array(description["weights"], dtype=np.float64), description["fitted"])

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> CompositeModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        description, arrays = model_read(folder)
        return cls.restore(description, arrays, cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Fits every part on the same task, then, where asked, what each counts."""
    from training.rewards import models

    wanted = task.options["parts"]
    outputs: list[FitOutput] = []
    for number, part in enumerate(wanted):
        task.check()
        options = dict(part["model"])
        kind, groups = options.pop("kind"), options.pop("features")
        outputs.append(
            models.fit(
                kind,
                replace(
                    task,
                    raw=narrowed(task.raw, groups),
                    groups=groups,
                    options=options,
                    span=task.span if dict(groups) == dict(task.groups) else None,
                    report=_within(task.report, number, len(wanted), kind),
                    parts=(),
                    work_dir=None if task.work_dir is None else task.work_dir / f"part-{number}",
                ),
            )
        )
    weights = np.array([part["weight"] for part in wanted], dtype=np.float64)
    fitted = task.options["weights"] == "fitted"
    validation = np.stack([output.validation_rewards for output in outputs])
    if fitted:
        found = fitted_weights(task.dataset, task.split.validation, validation)
        weights, fitted = (weights, False) if found is None else (found, True)
    model = CompositeModel(tuple(output.model for output in outputs), weights, fitted)
    scores = model.weighted([output.scores for output in outputs])
    notes = tuple(note for output in outputs for note in output.notes)
    if task.options["weights"] == "fitted" and not fitted:
        notes += ("There were too few validation pairs to learn the parts' weights: those given are used.",)
    curve = next((output.curve for output in outputs if output.curve), ())
    return FitOutput(model, scores, weights @ validation, curve, notes)


def fitted_weights(
    dataset: Dataset, prompts: NDArray[np.int64], rewards: NDArray[np.float64]
) -> Vector | None:
    """Weights >= 0 of parts' rewards (parts, rows) with the least Bradley-Terry loss on decided pairs.

    Only pairs that every part has an honest reward for count; None with fewer than ten for each weight.
    """
    implied = dataset.implied
    inside = np.isin(implied.prompt, prompts) & (implied.outcome == 1)
    margins = (rewards[:, implied.first] - rewards[:, implied.second])[:, inside]
    margins = margins[:, np.isfinite(margins).all(axis=0)]
    if margins.shape[1] < 10 * len(rewards):
        return None
    scale = margins.std(axis=1)
    scale[scale == 0] = 1.0
    unit = margins / scale[:, None]

    def loss(weights: Vector) -> tuple[float, Vector]:
        margin = weights @ unit
        value = float(np.logaddexp(0.0, -margin).mean() + RIDGE / 2 * weights @ weights)
        return value, -(unit @ expit(-margin)) / unit.shape[1] + RIDGE * weights

    found = minimize(
        loss, np.ones(len(rewards)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(rewards)
    )
    if not found.success:
        raise RuntimeError(f"the weights of the parts did not converge: {found.message}")
    return np.asarray(found.x / scale)


def narrowed(raw: Raw, groups: Mapping[str, bool]) -> Raw:
    """``raw`` without the groups of features that are off."""
    absent = {field: None for group, fields in BLOCKS.items() if not groups[group] for field in fields}
    return replace(raw, **absent)  # type: ignore[arg-type]  # fields that may be None


def _within(report: Report, number: int, count: int, kind: str) -> Report:
    def told(progress: float, step: str, point: dict[str, Any] | None) -> None:
        report((number + progress) / count, f"{kind}: {step}", point)

    return told
