"""Whether choosing items pays: models of labels that a policy chose against models of labels drawn at random.

A part of the prompts, the random arm, is never chosen among (see `annotation.allocation.policies`). Its prompts
are a fair sample of the project, so both models are judged on them, by cross-fitting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from annotation.allocation.policies import ACTIVE_ARM as ACTIVE
from annotation.allocation.policies import RANDOM_ARM as RANDOM
from training.rewards.data import Dataset, Preference, Rating, Verdict
from training.rewards.features.space import Raw
from training.rewards.intervals import ClusterBootstrap
from training.rewards.metrics import NO_DECIDED, credit, macro_weights, pair_accuracy
from training.rewards.models.linear_fit import Fitter, LinearOptions, objective_of, rows_of_prompts
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness
from training.rewards.splits import folds
from training.rewards.targets import consensus, pair_votes

Places = NDArray[np.int64]
ARMS: Final = (ACTIVE, RANDOM)
FOLDS: Final = 5
FEWEST_LABELS: Final = 50  # of each arm
FEWEST_GROUPS: Final = 20  # of the random arm's prompts
STEPS: Final = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400)

TOO_FEW: Final = "too_few"


def arm_curves(
    dataset: Dataset,
    raw: Raw,
    groups: Mapping[str, bool],
    *,
    salt: str,
    span: Span | None = None,
    check: Callable[[], None] = lambda: None,
) -> dict[str, Any] | None:
    """Held-out accuracy of linear models of the first n labels of each arm, n growing; None without a policy.

    ``{"labels": {"active": n, "random": n}, "reason": "" or "too_few", "points": [{"labels", "active",
    "random", "gain"}]}``. The random arm's groups are dealt into ``FOLDS`` folds; a fold's prompts are scored by
    fits on the active arm's first labels and on as many of the random arm's other folds', at the same
    strictness. ``gain`` is the difference on the same pairs. ``raw`` has the features of the dataset's rows,
    ``check`` is called before each fit and may raise.
    """
    judgments = _judgments(dataset)
    counts = {arm: len(judgments[arm]) for arm in ARMS}
    if not counts[ACTIVE]:
        return None
    apart = _apart(dataset, judgments)
    names = [dataset.prompts[prompt].group for prompt in apart]
    found: dict[str, Any] = {"labels": counts, "reason": "", "points": []}
    if min(counts.values()) < FEWEST_LABELS or len(set(names)) < FEWEST_GROUPS:
        return found | {"reason": TOO_FEW}
    parts = [apart[part.test] for part in folds(names, salt=salt, folds=FOLDS, validation_fraction=0.0)]
    prompt_of = {judgment: prompt for arm in ARMS for judgment, prompt in judgments[arm].items()}
    inside = [set(part.tolist()) for part in parts]
    others = [[each for each in judgments[RANDOM] if prompt_of[each] not in part] for part in inside]
    most = min(counts[ACTIVE], *map(len, others))
    steps = [step for step in STEPS if step < most] + [most]
    rewards = {arm: np.full((len(steps), dataset.row_count), np.nan) for arm in ARMS}
    learning = np.unique(np.array(list(prompt_of.values()), dtype=np.int64))
    for part, rest in zip(parts, others, strict=True):
        rows = rows_of_prompts(dataset, part)
        prompts = np.setdiff1d(learning, part)
        fitter = Fitter(dataset, raw, prompts, groups, LinearOptions(), span)
        solver = fitter.solver(prompts)
        for place, step in enumerate(steps):
            for arm, chosen in ((ACTIVE, list(judgments[ACTIVE])), (RANDOM, rest)):
                check()
                data, judged = _first(dataset, chosen[:step], prompt_of)
                objective = objective_of(data, judged, raw.index, fitter.options)
                weights = solver.fit(objective, Strictness())
                rewards[arm][place, rows] = fitter.rewards(weights)[raw.index[rows]]
    return found | {"points": _points(dataset, apart, steps, rewards)}


def _judgments(dataset: Dataset) -> dict[str, dict[str, int]]:
    """By arm: its judgments in the order of arrival, each with its prompt."""
    found: dict[str, dict[str, int]] = {arm: {} for arm in ARMS}
    everything: list[Preference | Rating | Verdict] = [
        *dataset.preferences,
        *dataset.ratings,
        *dataset.verdicts,
    ]
    for judged in everything:
        arm = dataset.arms.get(judged.id)
        if arm in found:
            found[arm].setdefault(judged.id, judged.prompt)
    return found


def _apart(dataset: Dataset, judgments: Mapping[str, Mapping[str, int]]) -> Places:
    """Prompts with labels of the random arm whose group the policy never chose from."""
    chosen = {dataset.prompts[prompt].group for prompt in judgments[ACTIVE].values()}
    prompts = sorted(set(judgments[RANDOM].values()))
    return np.array(
        [prompt for prompt in prompts if dataset.prompts[prompt].group not in chosen], dtype=np.int64
    )


def _first(
    dataset: Dataset, judgments: Sequence[str], prompt_of: Mapping[str, int]
) -> tuple[Dataset, Places]:
    """The dataset with these judgments alone, and their prompts."""
    kept = set(judgments)
    data = replace(
        dataset,
        preferences=tuple(each for each in dataset.preferences if each.id in kept),
        ratings=tuple(each for each in dataset.ratings if each.id in kept),
        verdicts=tuple(each for each in dataset.verdicts if each.id in kept),
    )
    return data, np.unique(np.array([prompt_of[each] for each in judgments], dtype=np.int64))


def _points(
    dataset: Dataset, apart: Places, steps: Sequence[int], rewards: Mapping[str, NDArray[np.float64]]
) -> list[dict[str, Any]]:
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], apart)
    pairs = consensus(pair_votes(dataset).on(apart))
    decided, outcome = pairs.decided, pairs.outcome[pairs.decided]
    prompts = pairs.prompt[decided]
    points: list[dict[str, Any]] = []
    for place, step in enumerate(steps):
        one, other = (rewards[arm][place] for arm in ARMS)
        gain = credit(pairs.margins(one)[decided], outcome) - credit(pairs.margins(other)[decided], outcome)
        points.append(
            {
                "labels": step,
                ACTIVE: pair_accuracy(pairs, one, bootstrap),
                RANDOM: pair_accuracy(pairs, other, bootstrap),
                "gain": bootstrap.mean(
                    prompts, gain, macro_weights(prompts), undefined=NO_DECIDED, bounded=False
                ),
            }
        )
    return points
