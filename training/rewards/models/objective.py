"""What a reward model is asked to explain: the judgments on some prompts as likelihood terms.

Every prompt counts once: its comparisons share a weight of 1 in all, and so do its ratings, however
many pairs a ranking implies. Preferences and ratings are fitted together; yes/no verdicts are used only
where there is neither.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset, Preference
from training.rewards.likelihoods import DavidsonPairs, Pairs, Scores, Stages, Term, YesNo

Ties = Literal["davidson", "half"]
Rankings = Literal["pairs", "plackett_luce"]
Strengths = Literal["scale", "ignore"]
_SPREAD: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Objective:
    """Terms over items, and what they need: a tie level to be fitted, an intercept, or neither."""

    terms: tuple[Term, ...]
    fits_ties: bool
    fits_level: bool
    labels: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairTable:
    """Pairs implied by preferences: item positions, outcome 1 (first won) or 0 (tie), weights; (pairs,)."""

    prompt: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    weight: NDArray[np.float64]


def implied_pairs(preference: Preference) -> list[tuple[int, int, int]]:
    """(better, worse, 1) for positions of different tiers, (one, other, 0) for tied ones.

    In a best-worst answer the outputs between best and worst were not compared with each other.
    """
    pairs: list[tuple[int, int, int]] = []
    for level, tier in enumerate(preference.tiers):
        if preference.kind != "best_worst":
            pairs += [(one, other, 0) for one, other in combinations(tier, 2)]
        pairs += [
            (better, worse, 1)
            for lower in preference.tiers[level + 1 :]
            for better in tier
            for worse in lower
        ]
    return pairs


def pair_table(
    dataset: Dataset,
    preferences: Sequence[Preference],
    index: NDArray[np.int64],
    strengths: Strengths = "scale",
) -> PairTable:
    """Pairs of the preferences over items; ``index`` (rows,) maps rows to items.

    Weights of a prompt's pairs sum to 1 before strength multiplies them; strength is relative to its
    mean over the decided pairs, so that it moves weight between pairs and adds none.
    """
    offsets = dataset.offsets.tolist()
    found: list[tuple[int, int, int, int, int]] = []
    for preference in preferences:
        offset = offsets[preference.prompt]
        for better, worse, outcome in implied_pairs(preference):
            first, second = int(index[offset + better]), int(index[offset + worse])
            if first != second:
                strength = preference.strength if outcome else 0
                found.append((preference.prompt, first, second, outcome, strength))
    columns = np.array(found, dtype=np.int64).reshape(-1, 5).T
    prompts, strength = columns[0], columns[4].astype(np.float64)
    weight = 1.0 / np.bincount(prompts)[prompts] if len(prompts) else np.zeros(0)
    decided = columns[3] == 1
    if strengths == "scale" and decided.any():
        relative = strength / strength[decided].mean()
        weight = np.where(decided, weight * relative, weight)
    return PairTable(prompts, columns[1], columns[2], columns[3], weight)


def build_objective(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    index: NDArray[np.int64],
    *,
    ties: Ties = "davidson",
    rankings: Rankings = "pairs",
    strengths: Strengths = "scale",
) -> Objective:
    """The objective of all judgments on ``prompts``; ``index`` (rows,) maps rows to items."""
    inside = np.zeros(len(dataset.prompts), dtype=bool)
    inside[prompts] = True
    preferences = [preference for preference in dataset.preferences if inside[preference.prompt]]
    terms: list[Term] = []
    notes: list[str] = []
    listed = [p for p in preferences if rankings == "plackett_luce" and p.kind == "ranking"]
    paired = [p for p in preferences if not (rankings == "plackett_luce" and p.kind == "ranking")]
    if listed:
        per_prompt = Counter(preference.prompt for preference in listed)
        offsets = dataset.offsets.tolist()
        tiers = [
            [[int(index[offsets[p.prompt] + position]) for position in tier] for tier in p.tiers]
            for p in listed
        ]
        weights = [1.0 / (per_prompt[p.prompt] * max(1, len(p.tiers) - 1)) for p in listed]
        terms.append(Stages.of(tiers, weights))
    fits_ties = False
    if paired:
        table = pair_table(dataset, paired, index, strengths)
        fits_ties = (
            ties == "davidson" and bool((table.outcome == 0).any()) and bool((table.outcome == 1).any())
        )
        if fits_ties:
            terms.append(DavidsonPairs(table.first, table.second, table.outcome, table.weight))
        else:
            target = np.where(table.outcome == 1, 1.0, 0.5)
            terms.append(Pairs(table.first, table.second, target, table.weight))
    labels = len(preferences)
    scores, rating_notes = rating_term(dataset, inside, index)
    notes += rating_notes
    if scores is not None:
        terms.append(scores)
        labels += sum(inside[rating.prompt] for rating in dataset.ratings)
    if not terms:
        verdicts = verdict_term(dataset, inside, index)
        if verdicts is not None:
            terms.append(verdicts)
            labels = sum(inside[verdict.prompt] for verdict in dataset.verdicts)
    level = any(isinstance(term, (Scores, YesNo)) for term in terms)
    return Objective(tuple(terms), fits_ties, level, int(labels), tuple(notes))


def rating_term(
    dataset: Dataset, inside: NDArray[np.bool_], index: NDArray[np.int64]
) -> tuple[Scores | None, list[str]]:
    """Ratings as one target per row: the mean over criteria of the z-score of the row's mean rating.

    A criterion is standardised over all ratings of the given prompts; one that never varies says
    nothing and is left out, with a note.
    """
    values: dict[str, list[float]] = defaultdict(list)
    by_row: dict[tuple[int, str], list[float]] = defaultdict(list)
    prompt_of: dict[int, int] = {}
    for rating in dataset.ratings:
        if inside[rating.prompt]:
            row = dataset.row(rating.prompt, rating.completion)
            values[rating.question].append(rating.value)
            by_row[row, rating.question].append(rating.value)
            prompt_of[row] = rating.prompt
    moments = {question: (float(np.mean(v)), float(np.std(v))) for question, v in values.items()}
    constant = {question for question, (_, spread) in moments.items() if spread <= _SPREAD}
    notes = [f"every rating of {question!r} is the same: left out" for question in sorted(constant)]
    targets: dict[int, list[float]] = defaultdict(list)
    for (row, question), given in by_row.items():
        if question not in constant:
            mean, spread = moments[question]
            targets[row].append((float(np.mean(given)) - mean) / spread)
    if not targets:
        return None, notes
    per_prompt = Counter(prompt_of[row] for row in targets)
    rows = sorted(targets)
    return (
        Scores(
            np.array([index[row] for row in rows], dtype=np.int64),
            np.array([float(np.mean(targets[row])) for row in rows]),
            np.array([1.0 / per_prompt[prompt_of[row]] for row in rows]),
        ),
        notes,
    )


def verdict_term(dataset: Dataset, inside: NDArray[np.bool_], index: NDArray[np.int64]) -> YesNo | None:
    """Verdicts as one target per row, the share of "good"; None where there is no verdict."""
    by_row: dict[int, list[bool]] = defaultdict(list)
    prompt_of: dict[int, int] = {}
    for verdict in dataset.verdicts:
        if inside[verdict.prompt]:
            row = dataset.row(verdict.prompt, verdict.completion)
            by_row[row].append(verdict.good)
            prompt_of[row] = verdict.prompt
    if not by_row:
        return None
    per_prompt = Counter(prompt_of.values())
    rows = sorted(by_row)
    return YesNo(
        np.array([index[row] for row in rows], dtype=np.int64),
        np.array([float(np.mean(by_row[row])) for row in rows]),
        np.array([1.0 / per_prompt[prompt_of[row]] for row in rows]),
    )
