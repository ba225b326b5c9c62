"""R(x) = w.x + b: the linear reward model, in log-odds of being preferred or in a rating's units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Prompt
from training.rewards.explain import CriterionShare, Explanation, explain_linear, top_features
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import FeatureSpace, Item, Raw, extract, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.head import Head
from training.rewards.models.likelihood_choice import choose_likelihood
from training.rewards.models.linear_fit import Fitter, LinearOptions, Weights, rows_of_prompts
from training.rewards.models.strictness import Strictness
from training.rewards.models.warm import STARTED, carried
from training.rewards.store import model_read, model_write


@dataclass
class LinearModel:
    """A fitted linear reward.

    Its mean over its training outputs is 0 and its differences are log-odds; of a mean squared error on
    ratings, it is the predicted rating.
    """

    space: FeatureSpace
    weights: Weights
    strictness: Strictness
    options: LinearOptions
    top_features: list[dict[str, Any]]
    encoder: Encoder
    heads: tuple[Head, ...] = ()
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
        parts = [(head.criterion, head.contributions(design)) for head in self.heads]
        return [
            replace(
                explain_linear(
                    self.space,
                    design,
                    int(place),
                    raw.items[place].text,
                    self.weights.columns,
                    self.weights.intercept,
                ),
                criteria=tuple(CriterionShare(name, float(part[place])) for name, part in parts),
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
            **({"heads": [head.describe() for head in self.heads]} if self.heads else {}),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What goes into the safetensors file."""
        heads = {"heads": np.stack([head.columns for head in self.heads])} if self.heads else {}
        return {**self.space.arrays, "weights": self.weights.columns, **heads}

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors``; the same fit gives the same bytes."""
        model_write(folder, self.description(), self.arrays())

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> LinearModel:
        """The model that ``description`` and ``arrays`` came from."""
        kept = {name: values for name, values in arrays.items() if name not in ("weights", "heads")}
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
            tuple(
                Head.restore(told, columns)
                for told, columns in zip(description.get("heads", ()), arrays.get("heads", ()), strict=True)
            ),
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
    if options.optimizer == "adam":
        from training.rewards.models.epochs import fit_by_epochs

        return fit_by_epochs(task, options)
    if options.criteria == "heads":
        from training.rewards.models.criteria import fit_heads

        return fit_heads(task, options)
    task.report(0.0, "choosing how strict to be", None)
    fitter = Fitter(task.dataset, task.raw, learning, task.groups, options, task.span)
    likelihood = choose_likelihood(fitter, should_stop=task.check)
    fitter, choice = likelihood.fitter, likelihood.choice
    task.report(0.7, "fitting", None)
    solver = fitter.solver(learning)
    parts = []
    for part in task.parts:
        task.check()
        fitted = solver.fit(fitter.objective(part), choice.strictness)
        parts.append(fitter.rewards(fitter.in_units(fitted)))
    objective = fitter.objective(learning)
    older = task.start if isinstance(task.start, LinearModel) and not fitter.in_span else None
    start = None if older is None else carried(older.space, older.weights, fitter)
    weights = (solver if start is None else fitter.solver(learning, start)).fit(objective, choice.strictness)
    model = linear_model(task, fitter, weights, choice.strictness)
    rewards = choice.held_out
    if rewards is None:
        # Too few groups for inner folds: the validation prompts are scored by a fit without them.
        rewards = np.full(task.dataset.row_count, np.nan)
        if len(task.split.validation) and len(task.split.train):
            narrow = fitter.solver(task.split.train).fit(
                fitter.objective(task.split.train), choice.strictness
            )
            rewards = fitter.rewards(fitter.in_units(narrow))[task.raw.index]
    elif fitter.targets is not None:
        rewards = fitter.targets.in_units(rewards)
    task.report(1.0, "fitted", None)
    scores = Scores(fitter.rewards(model.weights))
    notes = (*objective.notes, *likelihood.notes, *([STARTED] if start is not None else []))
    return FitOutput(model, scores, rewards, (), notes, tuple(parts), likelihood.report)


def linear_model(task: FitInput, fitter: Fitter, weights: Weights, strictness: Strictness) -> LinearModel:
    """The model with these weights: in the ratings' units, or centred on the learning prompts' outputs."""
    if fitter.targets is not None:
        weights = fitter.in_units(weights)
    else:
        rows = rows_of_prompts(task.dataset, fitter.learning)
        on_rows = fitter.design.forward(weights.columns)[task.raw.index[rows]]
        weights = replace(weights, intercept=-float(on_rows.mean()))
    top = []
    if task.named:
        texts = [task.raw.items[item].text for item in fitter.items]
        top = top_features(fitter.space, fitter.design.take(fitter.items), texts, weights.columns)
    return LinearModel(fitter.space, weights, strictness, fitter.options, top, Encoder(task.cache_dir))
