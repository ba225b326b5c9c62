"""A linear reward, R(x) = w.x + b, as it is kept, scored and explained; how it is fitted is in ``linear``."""

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
from training.rewards.models.base import FitInput, Scores, TextItem
from training.rewards.models.head import Head
from training.rewards.models.linear_fit import Fitter, LinearOptions, rows_of_prompts
from training.rewards.models.strictness import Strictness
from training.rewards.models.weights import Weights
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
