"""Everything that is published of a reward model, from its rewards of prompts it did not train on.

Holdout::

    evaluate(dataset, rewards=rewards, splits=[split], scheme="holdout",
             validation_rewards=[rewards], baselines=held_out_baselines(dataset, [split]))

Cross-validation, fold models ``k`` scoring their own test and validation prompts::

    evaluate(dataset, rewards=each row by the model that did not see it, splits=folds,
             scheme="cross-validation", validation_rewards=[fold k's rewards of its validation rows, ...],
             baselines=held_out_baselines(dataset, folds))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.baselines import Baseline
from training.rewards.data import AnnotatorKind, Dataset
from training.rewards.splits import Split

Scheme = Literal["holdout", "cross-validation"]


def evaluate(
    dataset: Dataset,
    *,
    rewards: NDArray[np.float64],
    splits: Sequence[Split],
    scheme: Scheme,
    validation_rewards: Sequence[NDArray[np.float64]],
    baselines: Mapping[str, Baseline],
    stds: NDArray[np.float64] | None = None,
    reference_kinds: Sequence[AnnotatorKind] = ("human",),
    curve: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The JSON object ``evaluation`` of the API, ready for ``json.dumps(..., allow_nan=False)``.

    ``rewards``, ``stds`` and the arrays of ``validation_rewards`` have shape (rows,) and are NaN where
    a row was not scored; ``rewards`` are read on the test prompts of ``splits`` only.
    """
    return {}
