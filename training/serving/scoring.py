"""A loaded reward model as the scorer uses it: items of the wire in, rewards of the wire out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotation.errors import UnprocessableError
from training.rewards.data import Message
from training.rewards.models import load

if TYPE_CHECKING:
    from training.rewards.models.base import Fitted, TextItem

WireItem = dict[str, Any]


class Served:
    """A fitted model in memory."""

    def __init__(self, fitted: Fitted) -> None:
        """Serve a fitted model."""
        self.fitted = fitted

    @classmethod
    def load(cls, folder: Path) -> Served:
        """Read an unpacked artifact. Texts that trainers send are new each time, so none is kept on disk."""
        return cls(load(folder))

    def score(self, items: Sequence[WireItem]) -> list[dict[str, Any]]:
        """A reward for each item, in order. Raises UnprocessableError for numbers that do not fit the model."""
        try:
            scores = self.fitted.score_texts([_text(item) for item in items])
        except ValueError as error:
            raise UnprocessableError(f"These items cannot be scored: {error}") from None
        stds = [None] * len(items) if scores.std is None else scores.std.tolist()
        return [
            {"reward": reward, "std": std, "criteria": {}, "explanation": None}
            for reward, std in zip(scores.reward.tolist(), stds, strict=True)
        ]

    def explain(self, items: Sequence[WireItem]) -> list[dict[str, Any]]:
        """What moved each item's reward."""
        return [
            explanation.wire() for explanation in self.fitted.explain_texts([_text(item) for item in items])
        ]


def _text(item: WireItem) -> TextItem:
    messages = [Message(turn["role"], turn["content"]) for turn in item["messages"]]
    return messages, item["completion"], tuple(map(float, item.get("features") or ()))
