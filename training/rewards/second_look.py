"""Labels that deserve a second look: everybody said one thing, and model after model says the other.

Every model is fitted without the pair's group of prompts. A pair on which all of them are strongly against a
unanimous label is either hard in a way no model sees, or a slip of a finger: a person has to say which
(compare Northcutt, Jiang & Chuang 2021, "Confident learning").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.models.strictness import Strictness
from training.rewards.refits import Refits
from training.rewards.splits import folds
from training.rewards.targets import Pairs, consensus, pair_votes

Vector = NDArray[np.float64]
SALTS: Final = 3
FOLDS: Final = 5
MOST: Final = 200
FEWEST_PAIRS: Final = 30  # unanimous ones, below which a typical margin is not known
STRONG: Final = 0.5  # typical margins that each set of models must be against a label

FEW_PAIRS: Final = "few_pairs"
KIND: Final = "kind"
REASONS: Final = ("", FEW_PAIRS, KIND)


def nothing(reason: str) -> dict[str, Any]:
    """That nothing was looked at, and why."""
    return {"reason": reason, "refits": 0, "looked_at": 0, "found": 0, "pairs": []}


def unanimous(dataset: Dataset, prompts: NDArray[np.int64]) -> Pairs:
    """The prompts' pairs whose votes, one or several, are all for the same side."""
    pairs = consensus(pair_votes(dataset).on(prompts))
    return pairs.take(pairs.decided & (pairs.counts.max(axis=1) == pairs.counts.sum(axis=1)))


def cross_fitted(
    dataset: Dataset, prompts: NDArray[np.int64], refits: Refits, strictness: Strictness, *, salt: str
) -> list[Vector]:
    """Rewards (rows,) of the prompts' outputs by fits without their group, once for each of ``SALTS`` deals.

    NaN elsewhere. Raises ValueError for prompts of fewer than two groups, ConvergenceError.
    """
    groups = [dataset.prompts[prompt].group for prompt in prompts]
    found = []
    for number in range(SALTS):
        rewards = np.full(dataset.row_count, np.nan)
        for part in folds(groups, salt=f"{salt} again {number}", folds=FOLDS, validation_fraction=0.0):
            rows = rows_of_prompts(dataset, prompts[part.test])
            rewards[rows] = refits.rewards(dataset, prompts[part.train], strictness)[rows]
        found.append(rewards)
    return found


def second_look(dataset: Dataset, prompts: NDArray[np.int64], rewards: Sequence[Vector]) -> dict[str, Any]:
    """``{"reason", "refits", "looked_at", "found", "pairs"}``: the pairs of ``prompts`` to look at again.

    ``rewards`` (rows,) are those of several sets of models, each by models that had not seen the row's group. Of
    the pairs whose votes are all for one side (``looked_at``), those where every set's margin is against it by
    more than ``STRONG`` typical margins: a set's typical margin is the median size of its margins on such pairs.
    The most clearly rejected come first, at most ``MOST`` of the ``found``, as ``{"prompt", "preferred",
    "rejected", "votes", "margins"}``: ids as in files, and each set's margin towards the preferred output in
    typical margins.
    """
    pairs = unanimous(dataset, prompts)
    if len(pairs) < FEWEST_PAIRS:
        return nothing(FEW_PAIRS) | {"looked_at": len(pairs)}
    margins = np.stack([pairs.margins(each) * pairs.outcome for each in rewards])
    typical = np.median(np.abs(margins), axis=1, keepdims=True)
    told = typical[:, 0] > 0  # a constant reward tells nothing
    margins = margins[told] / typical[told]
    if not len(margins):
        return nothing("") | {"looked_at": len(pairs)}
    doubted = np.flatnonzero((margins < -STRONG).all(axis=0))
    order = doubted[np.argsort(margins[:, doubted].mean(axis=0), kind="stable")]
    return {
        "reason": "",
        "refits": len(margins),
        "looked_at": len(pairs),
        "found": len(order),
        "pairs": [
            {
                "prompt": dataset.prompts[pairs.prompt[place]].id,
                "preferred": dataset.rows[_side(pairs.first, pairs.second, pairs.outcome, place)][1].id,
                "rejected": dataset.rows[_side(pairs.second, pairs.first, pairs.outcome, place)][1].id,
                "votes": int(pairs.counts[place].sum()),
                "margins": [round(float(margin), 3) for margin in margins[:, place]],
            }
            for place in order[:MOST].tolist()
        ],
    }


def _side(one: NDArray[np.int64], other: NDArray[np.int64], outcome: NDArray[np.int64], place: int) -> int:
    """The row that won where ``one`` is the first of the pair, that which lost where it is the second."""
    return int(one[place] if outcome[place] > 0 else other[place])
