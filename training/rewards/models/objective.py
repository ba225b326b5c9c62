"""What a reward model is asked to explain: the judgments on some prompts as likelihood terms.

Every prompt counts once: its comparisons share a weight of 1 in all, and so do its ratings, however
many pairs a ranking implies. Preferences and ratings are fitted together; yes/no verdicts are used only
where there is neither.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.likelihoods import DavidsonPairs, Pairs, Scores, Stages, Term, YesNo

Vector = NDArray[np.float64]
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


def pair_table(
    dataset: Dataset,
    judged: NDArray[np.bool_],
    index: NDArray[np.int64],
    strengths: Strengths = "scale",
) -> PairTable:
    """Pairs of the preferences that ``judged`` (preferences,) marks, over items; ``index`` maps rows to them.

    Weights of a prompt's pairs sum to 1 before strength multiplies them; strength is relative to its
    mean over the decided pairs, so that it moves weight between pairs and adds none.
    """
    implied = dataset.implied
    first, second = index[implied.first], index[implied.second]
    kept = judged[implied.judgment] & (first != second)
    prompts, outcome = implied.prompt[kept], implied.outcome[kept]
    strength = implied.strength[kept].astype(np.float64)
    weight = 1.0 / np.bincount(prompts)[prompts] if len(prompts) else np.zeros(0)
    decided = outcome == 1
    if strengths == "scale" and decided.any():
        relative = strength / strength[decided].mean()
        weight = np.where(decided, weight * relative, weight)
    return PairTable(prompts, first[kept], second[kept], outcome, weight)


def build_objective(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    index: NDArray[np.int64],
    *,
    ties: Ties = "davidson",
    rankings: Rankings = "pairs",
    strengths: Strengths = "scale",
    counts: Vector | None = None,
) -> Objective:
    """The objective of all judgments on ``prompts``; ``index`` (rows,) maps rows to items.

    ``counts`` (prompts of the dataset,) says how often each prompt enters, as in a bootstrap; else once.
    """
    inside = np.zeros(len(dataset.prompts), dtype=bool)
    inside[prompts] = True
    if counts is None:
        counts = np.ones(len(dataset.prompts))
    places = np.array([judged.prompt for judged in dataset.preferences], dtype=np.int64)
    judged = inside[places]
    listed = judged & np.array(
        [rankings == "plackett_luce" and each.kind == "ranking" for each in dataset.preferences], dtype=bool
    )
    terms: list[Term] = []
    notes: list[str] = []
    if listed.any():
        terms.append(_stages(dataset, listed, index, counts))
    fits_ties = False
    if (judged & ~listed).any():
        table = pair_table(dataset, judged & ~listed, index, strengths)
        weight = table.weight * counts[table.prompt]
        fits_ties = (
            ties == "davidson" and bool((table.outcome == 0).any()) and bool((table.outcome == 1).any())
        )
        if fits_ties:
            terms.append(DavidsonPairs(table.first, table.second, table.outcome, weight))
        elif len(weight):
            target = np.where(table.outcome == 1, 1.0, 0.5)
            terms.append(Pairs(table.first, table.second, target, weight))
    labels = int(judged.sum())
    scores, rating_notes = rating_term(dataset, inside, index, counts)
    notes += rating_notes
    if scores is not None:
        terms.append(scores)
        labels += sum(inside[rating.prompt] for rating in dataset.ratings)
    if not terms:
        verdicts = verdict_term(dataset, inside, index, counts)
        if verdicts is not None:
            terms.append(verdicts)
            labels = sum(inside[verdict.prompt] for verdict in dataset.verdicts)
    level = any(isinstance(term, (Scores, YesNo)) for term in terms)
    return Objective(tuple(terms), fits_ties, level, int(labels), tuple(notes))


def _stages(dataset: Dataset, listed: NDArray[np.bool_], index: NDArray[np.int64], counts: Vector) -> Stages:
    """The rankings that ``listed`` marks as stages; a prompt's rankings share a weight of 1."""
    rankings = [dataset.preferences[place] for place in np.flatnonzero(listed)]
    per_prompt = Counter(ranking.prompt for ranking in rankings)
    offsets = dataset.offsets.tolist()
    tiers = [
        [[int(index[offsets[p.prompt] + position]) for position in tier] for tier in p.tiers]
        for p in rankings
    ]
    weights = [float(counts[p.prompt]) / (per_prompt[p.prompt] * max(1, len(p.tiers) - 1)) for p in rankings]
    return Stages.of(tiers, weights)


def rating_term(
    dataset: Dataset, inside: NDArray[np.bool_], index: NDArray[np.int64], counts: Vector
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
            np.array([counts[prompt_of[row]] / per_prompt[prompt_of[row]] for row in rows]),
        ),
        notes,
    )


def verdict_term(
    dataset: Dataset, inside: NDArray[np.bool_], index: NDArray[np.int64], counts: Vector
) -> YesNo | None:
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
        np.array([counts[prompt_of[row]] / per_prompt[prompt_of[row]] for row in rows]),
    )
