"""Which prompts are trained on, which choose thresholds, and which are only ever tested on.

Prompts are split by group, never one by one, and a group's side is read off a hash of the project's
salt and the group's name. The seed of a fit plays no part, so a prompt is on the same side in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from annotation.splits import group_position

FEWEST_TEST_GROUPS: Final = 30


@dataclass(frozen=True, slots=True)
class Split:
    """Prompt positions of the three parts, each sorted; no group is in two of them."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def split_groups(
    groups: Sequence[str], *, salt: str, test_fraction: float, validation_fraction: float = 0.1
) -> Split:
    """Hold out a fraction of the groups; ``groups[i]`` is the group of prompt ``i``.

    Each group is placed alone, without regard to the others, so adding prompts moves none that was
    there, and another ``validation_fraction`` leaves the test part as it is. ``validation_fraction`` is
    of all groups. Both fractions are expected shares: with few groups a part can come out empty
    (``needs_cross_fit``).

    Raises ValueError unless both fractions are at least 0 and leave something to train on.
    """
    if test_fraction < 0 or validation_fraction < 0 or test_fraction + validation_fraction >= 1:
        raise ValueError("test_fraction and validation_fraction must be >= 0 and sum to less than 1")
    validation_share = validation_fraction / (1 - test_fraction)
    sides: dict[str, int] = {}
    for group in set(groups):
        if group_position(salt, "test", group) < test_fraction:
            sides[group] = 2
        else:
            sides[group] = int(group_position(salt, "validation", group) < validation_share)
    side = np.array([sides[group] for group in groups], dtype=np.int64)
    return Split(np.flatnonzero(side == 0), np.flatnonzero(side == 1), np.flatnonzero(side == 2))


def folds(
    groups: Sequence[str],
    *,
    salt: str,
    folds: int | Literal["groups"],
    validation_fraction: float = 0.1,
) -> list[Split]:
    """Splits for cross-validation: every prompt is in exactly one test part.

    ``folds="groups"`` leaves one group out at a time. A number deals the groups out in the order of
    their hashes, so that folds are equal in groups (there are never more folds than groups). The
    validation part of a fold is the ``validation_fraction`` of its other groups that come first by a
    second hash: at least one group, unless only one is left to train on.

    Raises ValueError for fewer than two groups or folds.
    """
    names = sorted(set(groups), key=lambda group: (group_position(salt, "test", group), group))
    if len(names) < 2:
        raise ValueError("cross-validation needs prompts of at least two groups")
    if folds != "groups" and folds < 2:
        raise ValueError("cross-validation needs at least two folds")
    count = len(names) if folds == "groups" else min(folds, len(names))
    fold_of = {name: rank % count for rank, name in enumerate(names)}
    by_second_hash = sorted(names, key=lambda group: (group_position(salt, "validation", group), group))
    index = {name: code for code, name in enumerate(names)}
    codes = np.array([index[group] for group in groups], dtype=np.int64)
    result = []
    for fold in range(count):
        others = [name for name in by_second_hash if fold_of[name] != fold]
        wanted = max(1, round(validation_fraction * len(others))) if validation_fraction > 0 else 0
        chosen = others[: min(wanted, len(others) - 1)]
        side = np.zeros(len(names), dtype=np.int64)
        side[[index[name] for name in chosen]] = 1
        side[[index[name] for name in names if fold_of[name] == fold]] = 2
        sides = side[codes]
        result.append(
            Split(np.flatnonzero(sides == 0), np.flatnonzero(sides == 1), np.flatnonzero(sides == 2))
        )
    return result


def needs_cross_fit(groups: Sequence[str], test: NDArray[np.int64]) -> bool:
    """Whether the test part has too few groups for a held-out figure to mean much: use ``folds``."""
    return len({groups[position] for position in test}) < FEWEST_TEST_GROUPS


def shared_groups(groups: Sequence[str], split: Split) -> int:
    """Number of groups with prompts both in the test part and in what the model learned from."""
    learned = {groups[position] for part in (split.train, split.validation) for position in part}
    return len(learned & {groups[position] for position in split.test})
