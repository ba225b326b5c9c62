"""A loaded reward model as the scorer uses it: items of the wire in, rewards of the wire out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotation.errors import UnprocessableError
from training.rewards.data import Message
from training.rewards.features.space import items_of_texts
from training.rewards.models import load
from training.rewards.nearest import NearestFolder, Neighbour, NoIndexError
from training.rewards.occlusion import occlusion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from training.rewards.models.base import Fitted, TextItem

WireItem = dict[str, Any]
ROWS_TOLD: Final = 20  # of those that have a similar output's very texts


class Served:
    """A fitted model in memory."""

    def __init__(self, fitted: Fitted, folder: Path | None = None) -> None:
        """Serve a fitted model; `folder` has its index of labelled outputs."""
        self.fitted = fitted
        self.labelled = NearestFolder(folder)

    @classmethod
    def load(cls, folder: Path) -> Served:
        """Read an unpacked artifact. Texts that trainers send are new each time, so none is kept on disk."""
        return cls(load(folder), folder)

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
        """What moved each item's reward, by feature where the model has any, and by sentence."""
        texts = [_text(item) for item in items]

        def rewards(asked: Sequence[tuple[int, str]]) -> NDArray[np.float64]:
            changed = [(texts[place][0], text, texts[place][2]) for place, text in asked]
            return self.fitted.score_texts(changed).reward

        sentences = occlusion([text for _, text, _ in texts], rewards)
        explanations = self.fitted.explain_texts(texts)
        return [
            replace(explanation, sentences=each).wire()
            for explanation, each in zip(explanations, sentences, strict=True)
        ]

    def nearest(self, items: Sequence[WireItem], count: int) -> dict[str, Any]:
        """The labelled outputs most like each item, by their ids, or why none can be looked up."""
        try:
            found = self.labelled.search(items_of_texts([_text(item) for item in items]), count)
        except NoIndexError as error:
            return {"unavailable": error.code, "indexed": 0, "left_out": 0, "items": []}
        index = self.labelled.index
        return {
            "unavailable": None,
            "indexed": len(index),
            "left_out": index.left_out,
            "items": [[_neighbour_wire(neighbour) for neighbour in neighbours] for neighbours in found],
        }


def _neighbour_wire(neighbour: Neighbour) -> dict[str, Any]:
    return asdict(neighbour) | {"ids": neighbour.ids[:ROWS_TOLD], "rows": len(neighbour.ids)}


def _text(item: WireItem) -> TextItem:
    messages = [Message(turn["role"], turn["content"]) for turn in item["messages"]]
    return messages, item["completion"], tuple(map(float, item.get("features") or ()))
