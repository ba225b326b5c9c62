"""More opinions on the same prompts, or more prompts? Asked of the judgments there are.

From prompts with k opinions or more, two sets of as many judgments are drawn, which share the first opinion on
n prompts: the *overlap* set adds k - 1 opinions on each of these, the *prompts* set one opinion on each of
n (k - 1) further prompts. A linear model of each, at a strictness chosen inside it, is judged on the same
held-out pairs, over several draws.

A log loss is linear in the votes, so where annotators are equally careful and strictness is chosen, further
opinions can hardly beat new prompts: noise only brings the two together (law of total variance). They win where a
given strictness is too weak for noisy votes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset, Preference, Rating, Verdict
from training.rewards.features.space import Raw
from training.rewards.intervals import ClusterBootstrap, Figure, divide
from training.rewards.metrics import credit, macro_weights
from training.rewards.models.choice import INNER_FOLDS, InnerFold
from training.rewards.models.linear_fit import Fitter, LinearOptions, rows_of_prompts
from training.rewards.models.span import Span
from training.rewards.models.squared import RatingTargets
from training.rewards.models.strictness import Strictness
from training.rewards.splits import Split, folds
from training.rewards.targets import consensus, pair_votes

Places = NDArray[np.int64]
Opinions = Mapping[int, Sequence[Sequence[str]]]
DEEPEST: Final = 3  # opinions on a prompt that are compared, at most
DRAWS: Final = 8
MOST_FOLDS: Final = 5
FEWEST_PROMPTS: Final = 20  # of the overlap set
MOST_LABELS: Final = 240  # of each set
MOST_HELD_OUT: Final = 400  # prompts over all folds
FEWEST_HELD_OUT: Final = 20  # groups with a decided pair
L2: Final = (0.1, 1.0, 10.0, 100.0, 1000.0)
LITTLE_OVERLAP: Final = "little_overlap"
FEW_HELD_OUT: Final = "few_held_out"
REASONS: Final = (LITTLE_OVERLAP, FEW_HELD_OUT)
VERDICTS: Final = ("prompts", "overlap", "unclear")


def overlap(
    dataset: Dataset,
    raw: Raw,
    splits: Sequence[Split],
    options: Mapping[str, Any],
    groups: Mapping[str, bool],
    *,
    check: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """What the same number of judgments bought in either way.

    ``{"verdict": "prompts" | "overlap" | "unclear" | None, "reason", "opinions": k, "prompts": n, "labels": n k,
    "difference": Figure}``; ``difference`` is the accuracy on held-out pairs by new prompts less that by more
    opinions, its interval over draws and groups of prompts. ``reason`` is "" or why nothing can be said.
    ``options`` and ``groups`` are the recipe's, ``check`` is called before each fit and may raise.
    """
    splits = splits[:MOST_FOLDS]
    opinions = opinions_of(dataset)
    learning = [np.concatenate([split.train, split.validation]) for split in splits]
    depth, count = _size(opinions, learning)
    found: dict[str, Any] = {
        "verdict": None,
        "reason": LITTLE_OVERLAP,
        "opinions": depth,
        "prompts": count,
        "labels": depth * count,
        "difference": None,
    }
    if count < FEWEST_PROMPTS:
        return found
    rng = np.random.default_rng(0)
    tests = [_some(split.test, max(1, MOST_HELD_OUT // len(splits)), rng) for split in splits]
    test = np.concatenate(tests)
    pairs = consensus(pair_votes(dataset).on(test))
    pairs = pairs.take(pairs.decided)
    names = [prompt.group for prompt in dataset.prompts]
    if len({names[prompt] for prompt in pairs.prompt.tolist()}) < FEWEST_HELD_OUT:
        return found | {"reason": FEW_HELD_OUT}
    rewards = np.full((2, DRAWS, dataset.row_count), np.nan)
    for learned, held_out in zip(learning, tests, strict=True):
        deep = [prompt for prompt in learned.tolist() if len(opinions.get(prompt, ())) >= depth]
        pool = _some(np.array(deep, dtype=np.int64), 2 * depth * count, rng)
        rows = rows_of_prompts(dataset, held_out)
        for draw, fits in enumerate(
            _fits(dataset, raw, pool, held_out, opinions, (depth, count), options, groups, rng, check)
        ):
            rewards[:, draw, rows] = fits
    difference = _difference(
        pairs.prompt, pairs.outcome, pairs.margins, rewards, ClusterBootstrap(names, test)
    )
    low, high = difference["interval"]
    verdict = "prompts" if low > 0 else "overlap" if high < 0 else "unclear"
    return found | {"verdict": verdict, "reason": "", "difference": difference}


def opinions_of(dataset: Dataset) -> dict[int, list[list[str]]]:
    """By prompt: the ids of each annotator's judgments of those outputs that most annotators judged together."""
    judged: list[Preference | Rating | Verdict] = [*dataset.preferences, *dataset.ratings, *dataset.verdicts]
    covered: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for each in judged:
        places = (
            {p for tier in each.tiers for p in tier} if isinstance(each, Preference) else {each.completion}
        )
        covered[each.prompt, each.annotator, each.id] |= places
    items: dict[tuple[int, frozenset[int]], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (prompt, annotator, name), outputs in covered.items():
        items[prompt, frozenset(outputs)][annotator].append(name)
    found: dict[int, list[list[str]]] = {}
    for (prompt, _), by_annotator in items.items():
        if len(by_annotator) > len(found.get(prompt, ())):
            found[prompt] = list(by_annotator.values())
    return found


def _size(opinions: Opinions, learning: Sequence[Places]) -> tuple[int, int]:
    """How many opinions on how many prompts can be compared in every fold: what spends most labels, the deeper if equal."""
    sizes = []
    for depth in range(2, DEEPEST + 1):
        deep = {prompt for prompt, found in opinions.items() if len(found) >= depth}
        fewest = min(len(deep.intersection(part.tolist())) for part in learning)
        sizes.append((depth, min(fewest, MOST_LABELS) // depth))
    large = [size for size in sizes if size[1] >= FEWEST_PROMPTS]
    return max(large, key=lambda size: (size[0] * size[1], size[0])) if large else sizes[0]


def _fits(
    dataset: Dataset,
    raw: Raw,
    pool: Places,
    held_out: Places,
    opinions: Opinions,
    size: tuple[int, int],
    options: Mapping[str, Any],
    groups: Mapping[str, bool],
    rng: np.random.Generator,
    check: Callable[[], None],
) -> list[NDArray[np.float64]]:
    """Rewards (2, held-out rows) of each draw's overlap set and prompts set; strictness is the first draw's."""
    depth, count = size
    data, part, place = _part(dataset, raw, np.concatenate([pool, held_out]))
    learned = np.arange(len(pool))
    asked = LinearOptions(**options)
    plain = LinearOptions(
        ties=asked.ties,
        rankings=asked.rankings,
        strengths="ignore" if asked.strengths == "auto" else asked.strengths,
        annotators="off",
        loss=asked.loss,
    )
    base = Strictness() if asked.numbers is None else Strictness(numbers=asked.numbers)
    span = Span.of(data, part, learned) if any(groups.values()) else None
    fitter = Fitter(data, part, learned, groups, plain, span)
    rows = rows_of_prompts(data, np.arange(len(pool), len(place)))
    chosen: list[Strictness] = []
    found = []
    for _ in range(DRAWS):
        order = rng.permutation(len(pool))[: depth * count]
        given = {
            int(each): [opinions[int(pool[each])][n] for n in rng.permutation(len(opinions[int(pool[each])]))]
            for each in order
        }
        sets = (
            {int(each): given[int(each)][:depth] for each in order[:count]},
            {int(each): given[int(each)][:1] for each in order},
        )
        fits = []
        for number, judged in enumerate(sets):
            arm = _holding(fitter, judged)
            if len(chosen) == number:
                chosen.append(_strictness(arm, base, asked.l2, check))
            check()
            weights = arm.solver(arm.learning).fit(arm.objective(arm.learning), chosen[number])
            fits.append(arm.rewards(weights)[part.index[rows]])
        found.append(np.stack(fits))
    return found


def _strictness(arm: Fitter, base: Strictness, given: float | None, check: Callable[[], None]) -> Strictness:
    """The strictness of ``L2`` with the least loss in inner folds of a set's own prompts."""
    names = [arm.dataset.prompts[prompt].group for prompt in arm.learning]
    if given is not None or len(set(names)) < INNER_FOLDS:
        return replace(base, l2=given or base.l2)
    parts = folds(names, salt="overlap", folds=INNER_FOLDS, validation_fraction=0.0)
    inner = [InnerFold(arm, arm.learning[part.train], arm.learning[part.test]) for part in parts]
    losses = []
    for l2 in L2:
        check()
        losses.append(sum(fold.loss(replace(base, l2=l2))[0] for fold in inner))
    return replace(base, l2=L2[int(np.argmin(losses))])


def _holding(fitter: Fitter, judged: Mapping[int, Sequence[Sequence[str]]]) -> Fitter:
    """The fitter with these judgments alone."""
    kept = {name for opinions in judged.values() for names in opinions for name in names}
    arm = copy(fitter)
    arm.dataset = replace(
        fitter.dataset,
        preferences=tuple(each for each in fitter.dataset.preferences if each.id in kept),
        ratings=tuple(each for each in fitter.dataset.ratings if each.id in kept),
        verdicts=tuple(each for each in fitter.dataset.verdicts if each.id in kept),
    )
    arm.learning = np.array(sorted(judged), dtype=np.int64)
    if fitter.targets is not None:
        arm.targets = RatingTargets.of(arm.dataset, arm.learning)
    return arm


def _part(dataset: Dataset, raw: Raw, prompts: Places) -> tuple[Dataset, Raw, dict[int, int]]:
    """The dataset and the features of some prompts, in this order, and each one's new place."""
    place = {int(prompt): number for number, prompt in enumerate(prompts)}
    data = Dataset(
        tuple(dataset.prompts[prompt] for prompt in place),
        tuple(
            replace(each, prompt=place[each.prompt]) for each in dataset.preferences if each.prompt in place
        ),
        tuple(replace(each, prompt=place[each.prompt]) for each in dataset.ratings if each.prompt in place),
        tuple(replace(each, prompt=place[each.prompt]) for each in dataset.verdicts if each.prompt in place),
    )
    return data, raw.of_rows(rows_of_prompts(dataset, prompts)), place


def _some(prompts: Places, most: int, rng: np.random.Generator) -> Places:
    return prompts if len(prompts) <= most else np.sort(rng.choice(prompts, size=most, replace=False))


def _difference(
    prompts: Places,
    outcome: Places,
    margins: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    rewards: NDArray[np.float64],
    bootstrap: ClusterBootstrap,
) -> Figure:
    """Accuracy of the second rewards less that of the first, (2, draws, rows), resampling groups and draws."""
    weights = macro_weights(prompts)
    overlapping, spread = ([credit(margins(each), outcome) for each in of_set] for of_set in rewards)
    gains = [weights * (new - old) for new, old in zip(spread, overlapping, strict=True)]
    sums = bootstrap.cluster_sums(prompts, np.stack([*gains, weights], axis=1))
    draws = len(gains)
    again = bootstrap.resampled(sums)
    taken = np.random.default_rng(0).multinomial(draws, np.full(draws, 1 / draws), size=len(again))
    samples = divide((again[:, :-1] * taken).mean(axis=1), again[:, -1])
    value = float(sums[:, :-1].sum() / draws / sums[:, -1].sum())
    clusters = int(np.count_nonzero(sums[:, -1]))
    return bootstrap.summary(value, samples, n=len(prompts), clusters=clusters)
