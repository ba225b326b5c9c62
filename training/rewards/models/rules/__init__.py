"""Declared checks with weights: the reward is the sum of the weights of the rules that hold.

The weights are those declared, or fitted on the judgments of the training part by the linear model with
the rules' outcomes as its only features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Prompt
from training.rewards.explain import Contribution, Explanation
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, Item, Raw, extract, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.models.rules.checks import CHECKS, OptionError, Outcome
from training.rewards.store import model_read, model_write

NO_FEATURES: Final = dict.fromkeys(GROUPS, False)
OUTCOMES_ALONE: Final = {**NO_FEATURES, "given": True}
RULES_MOST: Final = 50
NAME_LONGEST: Final = 100
WEIGHT_LARGEST: Final = 1_000.0


class RuleError(ValueError):
    """Rules that cannot be used; `fields` maps a path such as ``rules.0.pattern`` to its messages."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{path}: {' '.join(texts)}" for path, texts in self.fields.items()))


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its options, and what an output gains by holding to it."""

    name: str
    check: str
    weight: float
    options: Mapping[str, Any]

    def apply(self, text: str) -> Outcome:
        """Whether the rule holds for an output, and where that shows."""
        return CHECKS[self.check].apply(self.options, text)

    def wire(self) -> dict[str, Any]:
        """The flat form that `rules_clean` reads."""
        return {"name": self.name, "check": self.check, "weight": self.weight, **self.options}


def rules_clean(raw: object) -> tuple[Rule, ...]:
    """Rules from their flat form, a list of ``{"check", "weight", "name"?, ...options}``.

    Raises RuleError with the path of everything that is wrong.

    >>> rules_clean([{"check": "length", "max": 50, "weight": 1}])[0].name
    'length'
    """
    if not isinstance(raw, list | tuple) or not 0 < len(raw) <= RULES_MOST:
        raise RuleError({"rules": [f"must be a list of 1 to {RULES_MOST} rules"]})
    errors: dict[str, list[str]] = {}
    rules = [_rule(entry, f"rules.{place}", errors) for place, entry in enumerate(raw)]
    if errors:
        raise RuleError(errors)
    return tuple(rule for rule in rules if rule is not None)


def _rule(raw: object, path: str, errors: dict[str, list[str]]) -> Rule | None:
    if not isinstance(raw, Mapping) or raw.get("check") not in CHECKS:
        errors[f"{path}.check"] = [f"must be one of: {', '.join(CHECKS)}"]
        return None
    check, name, weight = str(raw["check"]), raw.get("name", raw["check"]), raw.get("weight", 1.0)
    if not isinstance(name, str) or not 0 < len(name.strip()) <= NAME_LONGEST or not name.isprintable():
        errors[f"{path}.name"] = [f"must be a text of 1 to {NAME_LONGEST} characters on one line"]
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not abs(weight) <= WEIGHT_LARGEST:
        errors[f"{path}.weight"] = [f"must be a number from {-WEIGHT_LARGEST:g} to {WEIGHT_LARGEST:g}"]
    for key in raw.keys() - {"check", "name", "weight", *CHECKS[check].options}:
        errors[f"{path}.{key}"] = [f"unknown; known here: {', '.join(CHECKS[check].options)}"]
    try:
        options = CHECKS[check].clean(raw)
    except OptionError as error:
        errors[f"{path}.{error.name}"] = [str(error)]
        return None
    if any(key.startswith(f"{path}.") for key in errors):
        return None
    return Rule(str(name).strip(), check, float(str(weight)), options)


@dataclass
class RulesModel:
    """Rules with their weights; ``fitted`` says that the weights were learned."""

    rules: tuple[Rule, ...]
    fitted: bool = False
    kind: str = "rules"

    @property
    def groups(self) -> Mapping[str, bool]:
        """It reads texts, no features."""
        return NO_FEATURES

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """Its rules by weight."""
        ordered = sorted(self.rules, key=lambda rule: -abs(rule.weight))
        return [{"name": rule.name, "group": "rules", "weight": rule.weight} for rule in ordered]

    def outcomes(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """1 where a rule holds for a text, else 0, shape (texts, rules)."""
        held = [[rule.apply(text).holds for rule in self.rules] for text in texts]
        return np.array(held, dtype=np.float64).reshape(len(texts), len(self.rules))

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        return self.score_items(raw.items)

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        weights = np.array([rule.weight for rule in self.rules])
        return Scores(self.outcomes([item.text for item in items]) @ weights)

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.score_items(items_of(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.score_items(items_of_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """Which rules one completion holds to."""
        return self._explained(row[1].text)

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """Which rules each (messages, completion text, given numbers) holds to."""
        return [self._explained(text) for _, text, _ in items]

    def _explained(self, text: str) -> Explanation:
        parts = []
        for rule in self.rules:
            found = rule.apply(text)
            given = rule.weight if found.holds else 0.0
            parts.append(Contribution(rule.name, "rules", float(found.holds), rule.weight, given, found.hits))
        return Explanation(0.0, tuple(parts), 0.0)

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` (and an empty ``model.safetensors``)."""
        rules = [rule.wire() for rule in self.rules]
        model_write(folder, {"kind": self.kind, "rules": rules, "fitted": self.fitted}, {})

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> RulesModel:
        """The model that ``description`` came from."""
        del arrays, cache_dir
        return cls(rules_clean(description["rules"]), bool(description["fitted"]))

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> RulesModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        description, arrays = model_read(folder)
        return cls.restore(description, arrays, cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Takes the declared rules as they are, or learns what each is worth from the training judgments."""
    rules = rules_clean(task.options["rules"])
    model = RulesModel(rules)
    notes: tuple[str, ...] = ()
    validation = np.full(task.dataset.row_count, np.nan)
    rows = rows_of_prompts(task.dataset, task.split.validation)
    if task.options["weights"] == "fitted":
        from training.rewards.models import linear

        outcomes = model.outcomes([item.text for item in task.raw.items])
        items = [
            replace(item, features=tuple(held))
            for item, held in zip(task.raw.items, outcomes.tolist(), strict=True)
        ]
        raw = replace(extract(items, OUTCOMES_ALONE, Encoder(None)), index=task.raw.index)
        learned = linear.fit(
            replace(task, raw=raw, groups=OUTCOMES_ALONE, options={}, span=None, parts=(), named=False)
        )
        at = learned.model.score_items(_units(len(rules))).reward
        weights = at[1:] - at[0]
        model = RulesModel(
            tuple(replace(rule, weight=float(w)) for rule, w in zip(rules, weights, strict=True)), fitted=True
        )
        validation, notes = learned.validation_rewards, learned.notes
    scores = model.score_raw(task.raw)
    if not model.fitted:
        validation[rows] = scores.reward[task.raw.index[rows]]
    return FitOutput(model, scores, validation, (), notes)


def _units(count: int) -> list[Item]:
    """Nothing held, then each rule held alone."""
    rows = np.vstack([np.zeros(count), np.eye(count)])
    return [Item("", "", tuple(row)) for row in rows.tolist()]
