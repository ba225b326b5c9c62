"""What every reward model can do, and what fitting one takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Dataset, Message, Prompt
from training.rewards.explain import Explanation
from training.rewards.features.space import Item, Raw
from training.rewards.models.span import Span
from training.rewards.splits import Split

Vector = NDArray[np.float64]
TextItem = tuple[Sequence[Message], str, tuple[float, ...]]
Report = Callable[[float, str, dict[str, Any] | None], None]


class Cancelled(RuntimeError):  # noqa: N818 - no error happened
    """The run was asked to stop."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Rewards (n,) and, where the model knows one, the spread between its heads (n,)."""

    reward: Vector
    std: Vector | None = None


@dataclass(frozen=True)
class FitInput:
    """A task for a model: fit on ``split.train``, choose on ``split.validation``, see nothing else.

    An empty validation part leaves it to the model to set some of the training part aside if it must.

    ``raw`` holds the features of every row of the dataset, ``span`` the inner products that its fits share
    (None: none are at hand). ``check`` raises ``Cancelled`` when the run is to stop; ``named`` False spares
    the list of features of most weight; ``report(progress 0..1, step, point of the live curve or None)``
    tells how far it is. ``parts`` are smaller sets of learning prompts to fit on besides, at the same
    hyperparameters, for a learning curve. ``work_dir`` keeps the course of a long fit, so that one
    that was killed goes on where it stood; None keeps nothing. ``start`` is an older model of these
    features and options, from whose weights a fit may start that ends at the same ones anyway.
    """

    dataset: Dataset
    raw: Raw
    split: Split
    groups: Mapping[str, bool]
    options: Mapping[str, Any]
    seed: int
    cache_dir: Path | None
    report: Report
    check: Callable[[], None]
    named: bool = True
    span: Span | None = None
    parts: tuple[NDArray[np.int64], ...] = ()
    work_dir: Path | None = None
    start: Fitted | None = None


@dataclass(frozen=True)
class FitOutput:
    """A fitted model; ``validation_rewards`` (rows,) are honest rewards of the validation prompts.

    They come from a fit that did not use the row's prompt for its weights, and are NaN elsewhere.
    ``scores`` are the model's own of every item, ``part_rewards`` (items,) those of the fits on parts.
    ``likelihood`` says how judgments were read (`training.rewards.models.likelihood_choice`).
    """

    model: Fitted
    scores: Scores
    validation_rewards: Vector
    curve: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    part_rewards: tuple[Vector, ...] = ()
    likelihood: Mapping[str, Any] = field(default_factory=dict)


class Fitted(Protocol):
    """A reward model that can be scored with, explained and stored."""

    kind: str

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """Named features of most weight, ``{"name", "group", "weight"}``; empty where there are none."""
        ...

    @property
    def groups(self) -> Mapping[str, bool]:
        """Which groups of features it reads."""
        ...

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        ...

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order."""
        ...

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts."""
        ...

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers)."""
        ...

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """What moved one completion's reward."""
        ...

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """What moved the reward of each (messages, completion text, given numbers)."""
        ...

    def save(self, folder: Path) -> None:
        """Writes the artifact."""
        ...
