"""R(x) = w.x + b + f(x; theta): several small networks that learn what the linear model leaves over.

The heads read the linear model's features in a dense form: the numbers as they are, the embedding
blocks by their leading principal components, and the linear model's own partial rewards. Their last
layer starts at zero, so that training starts at the linear model. Scoring needs numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Prompt
from training.rewards.explain import Explanation
from training.rewards.features.space import Design, Item, Raw, extract, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.linear import LinearModel, fit_at
from training.rewards.models.linear_fit import (
    LinearOptions,
    choose_strictness,
    items_of_prompts,
    rows_of_prompts,
)
from training.rewards.splits import Split, folds
from training.rewards.store import model_read, model_write

Matrix = NDArray[np.float64]
COMPONENTS: Final = 64
LINEAR_OPTIONS: Final = ("ties", "rankings", "strengths", "l2", "numbers")


@dataclass(frozen=True)
class DenseInputs:
    """From the linear model's design to the heads' inputs, each with mean 0 and deviation 1 in training.

    ``projection`` (embedding columns, components); ``mean`` and ``scale`` (inputs,).
    """

    projection: Matrix
    mean: Matrix
    scale: Matrix

    @classmethod
    def fit(cls, linear: LinearModel, design: Design, train: NDArray[np.int64]) -> DenseInputs:
        """Learns projection and scales from the items ``train``."""
        embedded = _embedded(linear, design)[train]
        components = min(COMPONENTS, embedded.shape[1], max(len(train) - 1, 0))
        projection = np.zeros((embedded.shape[1], 0))
        if components:
            centred = embedded - embedded.mean(axis=0)
            _, vectors = np.linalg.eigh(centred.T @ centred)
            projection = np.ascontiguousarray(vectors[:, ::-1][:, :components])
        plain = _assemble(linear, design, projection)[train]
        spread = plain.std(axis=0)
        scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-9)
        return cls(projection, plain.mean(axis=0), scale)

    def of(self, linear: LinearModel, design: Design) -> Matrix:
        """Inputs of every item of the design, shape (items, inputs)."""
        return (_assemble(linear, design, self.projection) - self.mean) * self.scale


def _embedded(linear: LinearModel, design: Design) -> Matrix:
    """The columns of the embedding blocks, shape (items, columns)."""
    ends = [
        linear.space.columns[name]
        for name in ("encoder", "product", "cosine")
        if name in linear.space.columns
    ]
    parts = [design.dense[:, start:end] for start, end in ends]
    return np.hstack([np.zeros((len(design.dense), 0)), *parts])


def _assemble(linear: LinearModel, design: Design, projection: Matrix) -> Matrix:
    """Numbers, projected embeddings, and the partial rewards of each block of the linear model."""
    columns, weights = linear.space.columns, linear.weights.columns
    split = design.dense.shape[1]
    parts = [design.dense[:, slice(*columns[name])] for name in ("style", "given") if name in columns]
    parts.append(_embedded(linear, design) @ projection)
    for start, end in columns.values():
        if end <= split:
            parts.append((design.dense[:, start:end] @ weights[start:end])[:, None])
        else:
            block = np.zeros(design.thin.shape[1])
            block[start - split : end - split] = weights[start:end]
            parts.append((design.thin @ block)[:, None])
    return np.hstack(parts)


@dataclass(frozen=True)
class Heads:
    """Layers of all heads: ``weights[k]`` (heads, in, out) and ``biases[k]`` (heads, out)."""

    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]

    def residuals(self, inputs: Matrix) -> Matrix:
        """Each head's addition to the linear reward, shape (heads, items)."""
        hidden = np.broadcast_to(inputs, (len(self.weights[0]), *inputs.shape))
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = hidden @ weight + bias[:, None, :]
            if layer < len(self.weights) - 1:
                hidden = np.maximum(hidden, 0.0)
        return hidden[:, :, 0]


@dataclass
class EnsembleModel:
    """A linear reward plus the mean of the heads' residuals; the spread is between the heads."""

    linear: LinearModel
    inputs: DenseInputs
    heads: Heads
    offset: float
    training: Mapping[str, Any]
    kind: str = "ensemble"

    @property
    def groups(self) -> Mapping[str, bool]:
        """Which groups of features it reads."""
        return self.linear.groups

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """The linear part's features of most weight."""
        return self.linear.top_features

    def _residuals(self, raw: Raw) -> tuple[Matrix, Matrix]:
        """Linear rewards (items,) and residuals (heads, items)."""
        design = self.linear.space.transform(raw)
        base = design.forward(self.linear.weights.columns) + self.linear.weights.intercept
        return base, self.heads.residuals(self.inputs.of(self.linear, design)) - self.offset

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        base, residuals = self._residuals(raw)
        return Scores(base + residuals.mean(axis=0), residuals.std(axis=0, ddof=1))

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        raw = extract(items, self.groups, self.linear.encoder)
        scores = self.score_raw(raw)
        return Scores(scores.reward[raw.index], None if scores.std is None else scores.std[raw.index])

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.score_items(items_of(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.score_items(items_of_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """What moved one completion's reward: the linear part, and the heads' residual."""
        return self.explain_items(items_of([row]))[0]

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """What moved the reward of each (messages, completion text, given numbers)."""
        return self.explain_items(items_of_texts(items))

    def explain_items(self, items: Sequence[Item]) -> list[Explanation]:
        """What moved each item's reward: the linear part, and the heads' residual."""
        raw = extract(items, self.groups, self.linear.encoder)
        _, residuals = self._residuals(raw)
        mean = residuals.mean(axis=0)[raw.index]
        return [
            Explanation(part.intercept, part.contributions, part.other, float(residual))
            for part, residual in zip(self.linear.explain_items(items), mean, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors``; the same fit gives the same bytes."""
        description = {
            **self.linear.description(),
            "kind": self.kind,
            "offset": self.offset,
            "layers": len(self.heads.weights),
            "training": dict(self.training),
        }
        arrays: dict[str, NDArray[Any]] = {
            **{f"linear.{name}": values for name, values in self.linear.arrays().items()},
            "inputs.projection": self.inputs.projection,
            "inputs.mean": self.inputs.mean,
            "inputs.scale": self.inputs.scale,
        }
        for layer, (weight, bias) in enumerate(zip(self.heads.weights, self.heads.biases, strict=True)):
            arrays[f"heads.{layer}.weight"], arrays[f"heads.{layer}.bias"] = weight, bias
        model_write(folder, description, arrays)

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> EnsembleModel:
        """The model that ``description`` and ``arrays`` came from."""
        own = {
            name.removeprefix("linear."): values
            for name, values in arrays.items()
            if name.startswith("linear.")
        }
        layers = range(description["layers"])
        return cls(
            LinearModel.restore(description, own, cache_dir),
            DenseInputs(arrays["inputs.projection"], arrays["inputs.mean"], arrays["inputs.scale"]),
            Heads(
                tuple(arrays[f"heads.{layer}.weight"] for layer in layers),
                tuple(arrays[f"heads.{layer}.bias"] for layer in layers),
            ),
            float(description["offset"]),
            dict(description["training"]),
        )

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> EnsembleModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        return cls.restore(*model_read(folder), cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Fits the linear model and then the heads on the training prompts.

    Validation prompts say when to stop; without any a fifth of the training groups is set aside for that.
    """
    from training.rewards.models.heads import HeadSettings, Judged, train_heads

    split = task.split if len(task.split.validation) else _set_aside(task)
    linear_options = LinearOptions(**{name: task.options[name] for name in LINEAR_OPTIONS})
    settings = HeadSettings(
        **{name: value for name, value in task.options.items() if name not in LINEAR_OPTIONS}, seed=task.seed
    )
    task.report(0.0, "choosing how strict the linear part is", None)
    choice = choose_strictness(
        task.dataset, task.raw, split.train, task.groups, linear_options, should_stop=task.check
    )
    linear, notes = fit_at(task, split.train, choice.strictness, linear_options, named=task.named)
    design = linear.space.transform(task.raw)
    inputs = DenseInputs.fit(linear, design, items_of_prompts(task.dataset, task.raw, split.train))
    base = design.forward(linear.weights.columns) + linear.weights.intercept
    heads, curve, where = train_heads(
        inputs.of(linear, design),
        base,
        Judged.of(task.dataset, split.train, task.raw.index, linear_options.strengths),
        Judged.of(task.dataset, split.validation, task.raw.index, linear_options.strengths),
        settings,
        report=task.report,
        check=task.check,
    )
    rows = rows_of_prompts(task.dataset, split.train)
    offset = float(heads.residuals(inputs.of(linear, design)).mean(axis=0)[task.raw.index[rows]].mean())
    model = EnsembleModel(
        linear, inputs, heads, offset, {"seed": task.seed, "epochs": len(curve) - 1, "device": where}
    )
    rewards = np.full(task.dataset.row_count, np.nan)
    held_out = rows_of_prompts(task.dataset, split.validation)
    rewards[held_out] = model.score_raw(task.raw).reward[task.raw.index[held_out]]
    settings_found = {"l2": choice.strictness.l2, "numbers": choice.strictness.numbers}
    return FitOutput(
        model, rewards, settings_found, tuple(curve), (*notes, f"The heads were trained on {where}.")
    )


def _set_aside(task: FitInput) -> Split:
    """A split of the training part whose validation part is a fifth of its groups."""
    train = task.split.train
    names = [task.dataset.prompts[prompt].group for prompt in train]
    part = folds(names, salt="early stopping", folds=5, validation_fraction=0.0)[0]
    return Split(train[part.train], train[part.test], task.split.test)
