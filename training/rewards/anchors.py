"""One scale of rewards for all versions of a model, so that a policy run survives a retrain.

Outputs drawn once, the *anchors*, stay the same for ever. The first version's rewards of them define a mean
and a spread (population standard deviation), and every later version gets the one increasing line that gives
its rewards of the anchors the same two figures. The order of rewards, and all that depends on it alone, stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from annotation.splits import group_position
from training.rewards.data import Completion, Message, Prompt
from training.rewards.explain import Explanation
from training.rewards.models.base import Scores, TextItem
from training.rewards.store import ArtifactError

MOST: Final = 512
FEWEST: Final = 2  # distinct outputs, below which there is no spread
NOISE: Final = 1e-6  # of the mean, at least of 1: a smaller spread is rounding of single precision
SCALE: Final = "scale.json"

Note = Literal["", "constant", "reference_constant"]


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and population standard deviation of the anchors' rewards; 0 where they are all the same."""

    mean: float
    spread: float

    @classmethod
    def of(cls, rewards: NDArray[np.float64]) -> Moments:
        """The moments of rewards (anchors,)."""
        mean, spread = float(rewards.mean()), float(rewards.std())
        return cls(mean, spread if spread > NOISE * max(1.0, abs(mean)) else 0.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """The served reward is ``factor`` times a model's own, plus ``shift``; ``anchors`` says by which outputs.

    A model's own rewards are in log-odds, so sigmoid(difference / factor) is the chance of winning.
    """

    factor: float = 1.0
    shift: float = 0.0
    anchors: str = ""

    @classmethod
    def between(cls, own: Moments, wanted: Moments, anchors: str = "") -> tuple[Scale, Note]:
        """The line from one pair of moments to the other; where a spread is 0, only the mean is moved.

        >>> Scale.between(Moments(1.0, 2.0), Moments(0.0, 1.0))
        (Scale(factor=0.5, shift=-0.5, anchors=''), '')
        """
        note: Note = "constant" if not own.spread else "" if wanted.spread else "reference_constant"
        factor = 1.0 if note else wanted.spread / own.spread
        return cls(factor, wanted.mean - factor * own.mean, anchors), note

    @property
    def identity(self) -> bool:
        """Whether it changes nothing."""
        return self.factor == 1.0 and self.shift == 0.0

    def scores(self, scores: Scores) -> Scores:
        """Scores on this scale."""
        std = None if scores.std is None else self.factor * scores.std
        return replace(scores, reward=self.factor * scores.reward + self.shift, std=std)

    def explanation(self, own: Explanation) -> Explanation:
        """An explanation whose parts add up to the reward on this scale."""
        return replace(
            own,
            intercept=self.factor * own.intercept + self.shift,
            contributions=tuple(
                replace(
                    part,
                    weight=None if part.weight is None else self.factor * part.weight,
                    contribution=self.factor * part.contribution,
                )
                for part in own.contributions
            ),
            other=self.factor * own.other,
            residual=None if own.residual is None else self.factor * own.residual,
            sentences=tuple(replace(part, effect=self.factor * part.effect) for part in own.sentences),
            criteria=tuple(
                replace(part, contribution=self.factor * part.contribution) for part in own.criteria
            ),
        )

    def features(self, own: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Features of most weight with their weights on this scale."""
        return [{**feature, "weight": self.factor * feature["weight"]} for feature in own]

    def evaluation(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """An evaluation with the thresholds of good outputs on this scale; its other figures have none.

        A threshold of rewards that are centred per prompt (target "won_more") moves by the factor alone.
        """
        outputs = own["outputs"]
        shift = 0.0 if outputs["target"] == "won_more" else self.shift
        moved = [
            None if value is None else self.factor * value + shift for value in outputs.get("thresholds", ())
        ]
        return {**own, "outputs": {**outputs, "thresholds": moved}}

    def save(self, folder: Path) -> None:
        """Writes it beside a model's files; equal scales give equal bytes."""
        (folder / SCALE).write_text(json.dumps(asdict(self), sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Scale:
        """Reads what ``save`` wrote; one that changes nothing where there is none. Raises ArtifactError."""
        try:
            raw = json.loads((folder / SCALE).read_text(encoding="utf-8"))
            scale = cls(float(raw["factor"]), float(raw["shift"]), str(raw["anchors"]))
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"the scale in {folder.name!r} cannot be read: {error}") from error
        if not (0 < scale.factor < np.inf and np.isfinite(scale.shift)):
            raise ArtifactError(f"the scale in {folder.name!r} is none: {scale}")
        return scale


def anchors_draw(rows: Sequence[tuple[Prompt, Completion]], *, salt: str) -> list[TextItem]:
    """Up to ``MOST`` distinct outputs, those whose hashes with the project's salt come first."""
    placed = sorted(
        (group_position(salt, "anchors", f"{prompt.id}\n{completion.id}"), place)
        for place, (prompt, completion) in enumerate(rows)
    )
    drawn: dict[TextItem, None] = {}
    for _, place in placed:
        prompt, completion = rows[place]
        drawn[prompt.messages, completion.text, completion.features] = None
        if len(drawn) == MOST:
            break
    return list(drawn)


def anchors_wire(anchors: Sequence[TextItem]) -> list[dict[str, Any]]:
    """Anchors as JSON, in the shape of the reward API's items."""
    return [
        {
            "messages": [{"role": turn.role, "content": turn.content} for turn in messages],
            "completion": text,
            "features": list(features),
        }
        for messages, text, features in anchors
    ]


def anchors_read(raw: Sequence[Mapping[str, Any]]) -> list[TextItem]:
    """What ``anchors_wire`` made. Raises KeyError, TypeError and ValueError for anything else."""
    return [
        (
            tuple(Message(turn["role"], turn["content"]) for turn in item["messages"]),
            str(item["completion"]),
            tuple(float(value) for value in item["features"]),
        )
        for item in raw
    ]
