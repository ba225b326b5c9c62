"""R(x) = w.x + b: the linear reward model, in log-odds of being preferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Prompt
from training.rewards.explain import Explanation, explain_linear, top_features
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import FeatureSpace, Item, Raw, extract, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.choice import choose_strictness
from training.rewards.models.linear_fit import Fitter, LinearOptions, Weights, rows_of_prompts
from training.rewards.models.strictness import Strictness
from training.rewards.store import model_read, model_write


@dataclass
class LinearModel:
    """A fitted linear reward: mean 0 over its training outputs, differences in log-odds."""

    space: FeatureSpace
    weights: Weights
    strictness: Strictness
    options: LinearOptions
    top_features: list[dict[str, Any]]
    encoder: Encoder
    kind: str = "linear"

    @property
    def groups(self) -> Mapping[str, bool]:
        """Which groups of features it reads."""
        return self.space.groups

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        return Scores(self.space.transform(raw).forward(self.weights.columns) + self.weights.intercept)

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        raw = extract(items, self.groups, self.encoder)
        return Scores(self.score_raw(raw).reward[raw.index])

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.score_items(items_of(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.score_items(items_of_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """What moved one completion's reward."""
        return self.explain_items(items_of([row]))[0]

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """What moved the reward of each (messages, completion text, given numbers)."""
        return self.explain_items(items_of_texts(items))

    def explain_items(self, items: Sequence[Item]) -> list[Explanation]:
        """What moved each item's reward."""
        raw = extract(items, self.groups, self.encoder)
        design = self.space.transform(raw)
        return [
            explain_linear(
                self.space,
                design,
                int(place),
                raw.items[place].text,
                self.weights.columns,
                self.weights.intercept,
            )
            for place in raw.index
        ]

    def description(self) -> dict[str, Any]:
        """What goes into the JSON file."""
        return {
            "kind": self.kind,
            "space": self.space.describe(),
            "intercept": self.weights.intercept,
            "tie_level": self.weights.tie_level,
            "gradient_norm": self.weights.gradient_norm,
            "strictness": asdict(self.strictness),
            "options": asdict(self.options),
            "top_features": self.top_features,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What goes into the safetensors file."""
        return {**self.space.arrays, "weights": self.weights.columns}

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors``; the same fit gives the same bytes."""
        model_write(folder, self.description(), self.arrays())

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> LinearModel:
        """The model that ``description`` and ``arrays`` came from."""
        kept = {name: values for name, values in arrays.items() if name != "weights"}
        return cls(
            FeatureSpace.restore(description["space"], kept),
            Weights(
                np.asarray(arrays["weights"]),
                description["intercept"],
                description["tie_level"],
                description["gradient_norm"],
            ),
            Strictness(**description["strictness"]),
            LinearOptions(**description["options"]),
            list(description["top_features"]),
            Encoder(cache_dir),
        )

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> LinearModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        description, arrays = model_read(folder)
        return cls.restore(description, arrays, cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Fits on train and validation prompts together.

    Strictness is chosen by cross-validation inside them; the same inner folds give every validation
    prompt a reward from a fit without its group, on which thresholds can be set honestly.
    """
    learning = np.sort(np.concatenate([task.split.train, task.split.validation]))
    options = LinearOptions(**task.options)
    task.report(0.0, "choosing how strict to be", None)
    fitter = Fitter(task.dataset, task.raw, learning, task.groups, options, task.span)
    choice = choose_strictness(fitter, should_stop=task.check)
    task.report(0.7, "fitting", None)
    solver = fitter.solver(learning)
    parts = []
    for part in task.parts:
        task.check()
        parts.append(fitter.rewards(solver.fit(fitter.objective(part), choice.strictness)))
    objective = fitter.objective(learning)
    weights = solver.fit(objective, choice.strictness)
    model = linear_model(task, fitter, weights, choice.strictness)
    rewards = choice.held_out
    if rewards is None:
        # Too few groups for inner folds: the validation prompts are scored by a fit without them.
        rewards = np.full(task.dataset.row_count, np.nan)
        if len(task.split.validation) and len(task.split.train):
            narrow = fitter.solver(task.split.train).fit(
                fitter.objective(task.split.train), choice.strictness
            )
            rewards = fitter.rewards(narrow)[task.raw.index]
    task.report(1.0, "fitted", None)
    scores = Scores(fitter.rewards(model.weights))
    return FitOutput(model, scores, rewards, (), objective.notes, tuple(parts))


def linear_model(task: FitInput, fitter: Fitter, weights: Weights, strictness: Strictness) -> LinearModel:
    """The model with these weights, centred on the learning prompts' outputs."""
    rows = rows_of_prompts(task.dataset, fitter.learning)
    on_rows = fitter.design.forward(weights.columns)[task.raw.index[rows]]
    weights = replace(weights, intercept=-float(on_rows.mean()))
    top = []
    if task.named:
        texts = [task.raw.items[item].text for item in fitter.items]
        top = top_features(fitter.space, fitter.design.take(fitter.items), texts, weights.columns)
    return LinearModel(fitter.space, weights, strictness, fitter.options, top, Encoder(task.cache_dir))
