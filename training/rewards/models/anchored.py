"""A model of any kind on another scale: what is served of a version that came after the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.rewards.anchors import Scale
from training.rewards.data import Completion, Prompt
from training.rewards.explain import Explanation
from training.rewards.features.space import Item, Raw
from training.rewards.models.base import Fitted, Scores, TextItem


@dataclass
class AnchoredModel:
    """``model`` with its rewards, spreads, weights and explanations on ``scale``."""

    model: Fitted
    scale: Scale
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        """It is of the model's kind."""
        self.kind = self.model.kind

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """The model's features of most weight, in the scale's rewards."""
        return self.scale.features(self.model.top_features)

    @property
    def groups(self) -> Mapping[str, bool]:
        """Which groups of features it reads."""
        return self.model.groups

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        return self.scale.scores(self.model.score_raw(raw))

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        return self.scale.scores(self.model.score_items(items))

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.scale.scores(self.model.score(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.scale.scores(self.model.score_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """What moved one completion's reward."""
        return self.scale.explanation(self.model.explain(row))

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """What moved the reward of each (messages, completion text, given numbers)."""
        return [self.scale.explanation(own) for own in self.model.explain_texts(items)]

    def save(self, folder: Path) -> None:
        """Writes the model's files, and the scale beside them."""
        self.model.save(folder)
        self.scale.save(folder)
