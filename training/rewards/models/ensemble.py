"""R(x) = w.x + b + f(x; theta): several small networks that learn what a linear model leaves over.

Each head has weights w of its own, fitted on its own bootstrap sample of the groups of prompts, and a
network that reads the features in a dense form: the numbers as they are and the embedding blocks by
their leading principal components. A network is taught beside linear rewards by fits that had not seen
the prompt, so that it learns what the linear part gets wrong on new prompts; its last layer starts at
zero. The reward is the mean over heads, the spread their deviation. Scoring needs numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Prompt
from training.rewards.explain import Explanation
from training.rewards.features.space import Design, FeatureSpace, Item, Raw, extract, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.layers import Heads
from training.rewards.models.likelihood_choice import choose_likelihood
from training.rewards.models.linear_fit import Fitter, LinearOptions, rows_of_prompts
from training.rewards.models.linear_reward import LinearModel, linear_model
from training.rewards.splits import Split, folds
from training.rewards.store import model_read, model_write

Matrix = NDArray[np.float64]
COMPONENTS: Final = 64
EMBEDDINGS: Final = ("encoder", "product", "cosine")
NUMBERS: Final = ("style", "given")
LINEAR_OPTIONS: Final = ("ties", "rankings", "strengths", "annotators", "l2", "numbers")


@dataclass(frozen=True)
class DenseInputs:
    """From the design to the heads' inputs, each with mean 0 and deviation 1 in training.

    ``projection`` (embedding columns, components); ``mean`` and ``scale`` (inputs,).
    """

    projection: Matrix
    mean: Matrix
    scale: Matrix

    @classmethod
    def fit(cls, space: FeatureSpace, design: Design, train: NDArray[np.int64]) -> DenseInputs:
        """Learns projection and scales from the items ``train``."""
        embedded = _columns(space, design, EMBEDDINGS)[train]
        components = min(COMPONENTS, embedded.shape[1], max(len(train) - 1, 0))
        projection = np.zeros((embedded.shape[1], 0))
        if components:
            centred = embedded - embedded.mean(axis=0)
            _, vectors = np.linalg.eigh(centred.T @ centred)
            projection = np.ascontiguousarray(vectors[:, ::-1][:, :components])
        plain = _assemble(space, design, projection)[train]
        spread = plain.std(axis=0)
        scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-9)
        return cls(projection, plain.mean(axis=0), scale)

    def of(self, space: FeatureSpace, design: Design) -> Matrix:
        """Inputs of every item of the design, shape (items, inputs)."""
        return (_assemble(space, design, self.projection) - self.mean) * self.scale


def _columns(space: FeatureSpace, design: Design, blocks: Sequence[str]) -> Matrix:
    """The columns of dense blocks, shape (items, columns)."""
    parts = [design.dense[:, slice(*space.columns[name])] for name in blocks if name in space.columns]
    return np.hstack([np.zeros((len(design.dense), 0)), *parts])


def _assemble(space: FeatureSpace, design: Design, projection: Matrix) -> Matrix:
    """Numbers and projected embeddings, shape (items, inputs)."""
    return np.hstack([_columns(space, design, NUMBERS), _columns(space, design, EMBEDDINGS) @ projection])


@dataclass
class EnsembleModel:
    """Linear rewards and residuals of several heads: their mean is the reward, their deviation the spread.

    ``linear`` has the mean of the heads' weights; ``deviations`` (heads, width) are each one's difference
    from that mean, and ``centres`` (heads,) what to take off for every head to have mean 0 in training.
    """

    linear: LinearModel
    deviations: Matrix
    centres: Matrix
    inputs: DenseInputs
    heads: Heads
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

    def score_design(self, design: Design) -> tuple[Matrix, Matrix]:
        """Mean residuals of the networks (items,) and each head's whole reward (heads, items)."""
        residuals = self.heads.residuals(self.inputs.of(self.linear.space, design)) - self.centres[:, None]
        base = design.forward(self.linear.weights.columns) + self.linear.weights.intercept
        leanings = np.stack([design.forward(weights) for weights in self.deviations])
        return residuals.mean(axis=0), base + leanings + residuals

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        _, rewards = self.score_design(self.linear.space.transform(raw))
        return Scores(rewards.mean(axis=0), rewards.std(axis=0, ddof=1))

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
        mean = self.score_design(self.linear.space.transform(raw))[0][raw.index]
        return [
            Explanation(part.intercept, part.contributions, part.other, float(residual))
            for part, residual in zip(self.linear.explain_items(items), mean, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors``; the same fit gives the same bytes."""
        description = {
            **self.linear.description(),
            "kind": self.kind,
            "layers": len(self.heads.weights),
            "training": dict(self.training),
        }
        arrays: dict[str, NDArray[Any]] = {
            **{f"linear.{name}": values for name, values in self.linear.arrays().items()},
            "deviations": self.deviations,
            "centres": self.centres,
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
            arrays["deviations"],
            arrays["centres"],
            DenseInputs(arrays["inputs.projection"], arrays["inputs.mean"], arrays["inputs.scale"]),
            Heads(
                tuple(arrays[f"heads.{layer}.weight"] for layer in layers),
                tuple(arrays[f"heads.{layer}.bias"] for layer in layers),
            ),
            dict(description["training"]),
        )

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> EnsembleModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        return cls.restore(*model_read(folder), cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Fits a linear part for each head on train and validation prompts, then the networks.

    The strictness of the linear parts is chosen by cross-validation, whose held-out rewards are what the
    networks are taught beside. Validation prompts say when to stop; without any a fifth of the training
    groups is set aside for that.
    """
    from training.rewards.models.heads import HeadSettings, Judged, bootstrap_counts, train_heads

    dataset, index = task.dataset, task.raw.index
    split = task.split if len(task.split.validation) else _set_aside(task)
    linear_options = LinearOptions(**{name: task.options[name] for name in LINEAR_OPTIONS})
    settings = HeadSettings(
        **{name: value for name, value in task.options.items() if name not in LINEAR_OPTIONS}, seed=task.seed
    )
    task.report(0.0, "choosing how strict the linear parts are", None)
    learning = np.sort(np.concatenate([split.train, split.validation]))
    fitter = Fitter(dataset, task.raw, learning, task.groups, linear_options, task.span)
    likelihood = choose_likelihood(fitter, should_stop=task.check)
    fitter, choice = likelihood.fitter, likelihood.choice
    strengths = fitter.options.strengths
    counts = bootstrap_counts(dataset, learning, settings)
    solver = fitter.solver(learning)
    found = []
    for head in range(settings.heads):
        task.check()
        found.append(solver.fit(fitter.objective(learning, counts[head]), choice.strictness))
    whole = fitter.objective(learning)
    columns = np.stack([weights.columns for weights in found])
    levels = np.array([weights.intercept for weights in found])
    mean = replace(found[0], columns=columns.mean(axis=0), intercept=float(levels.mean()))
    linear = linear_model(task, fitter, mean, choice.strictness)
    inputs = DenseInputs.fit(fitter.space, fitter.design, fitter.items)
    dense = inputs.of(fitter.space, fitter.design)
    base = fitter.rewards(mean)
    if choice.held_out is not None:
        seen = np.flatnonzero(np.isfinite(choice.held_out))
        base[index[seen]] = choice.held_out[seen]
    heads, curve, where = train_heads(
        dense,
        base,
        Judged.of(
            dataset, split.train, index, strengths, fitter.skills(split.train), fitter.leniency(split.train)
        ),
        Judged.of(dataset, split.validation, index, "ignore"),
        counts,
        settings,
        report=task.report,
        check=task.check,
    )
    rows = rows_of_prompts(dataset, learning)
    residuals = heads.residuals(dense)
    deviations = columns - mean.columns
    leanings = np.stack([fitter.design.forward(weights) for weights in deviations])
    centres = (leanings + residuals)[:, index[rows]].mean(axis=1)
    trained = {"seed": task.seed, "epochs": len(curve) - 1, "device": where}
    model = EnsembleModel(linear, deviations, centres, inputs, heads, trained)
    _, scored = model.score_design(fitter.design)
    scores = Scores(scored.mean(axis=0), scored.std(axis=0, ddof=1))
    rewards = np.full(dataset.row_count, np.nan)
    held_out = rows_of_prompts(dataset, split.validation)
    rewards[held_out] = (base + residuals.mean(axis=0) - centres.mean())[index[held_out]]
    notes = (*whole.notes, *likelihood.notes, f"The heads were trained on {where}.")
    return FitOutput(model, scores, rewards, tuple(curve), notes, likelihood=likelihood.report)


def _set_aside(task: FitInput) -> Split:
    """A split of the training part whose validation part is a fifth of its groups."""
    train = task.split.train
    names = [task.dataset.prompts[prompt].group for prompt in train]
    part = folds(names, salt="early stopping", folds=5, validation_fraction=0.0)[0]
    return Split(train[part.train], train[part.test], task.split.test)
