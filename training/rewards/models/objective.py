"""What a reward model is asked to explain: the judgments on some prompts as likelihood terms.

Every prompt counts once: its comparisons share a weight of 1 in all, and so do its ratings and its yes/no
verdicts, however many pairs a ranking implies. All are fitted together. "Both bad" says nothing about
which output is better: beside the question's other answers it says that neither is good enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.likelihoods import DavidsonPairs, Pairs, Scores, Stages, Term, YesNo
from training.rewards.models.leniency import Leniency, rating_moments
from training.rewards.models.profiled import Acceptable, OrdinalPairs
from training.rewards.models.skills import Skills

Vector = NDArray[np.float64]
Ties = Literal["davidson", "half"]
Rankings = Literal["pairs", "plackett_luce"]
# "auto" is decided by `choose_likelihood`; until then strengths are ignored.
Strengths = Literal["auto", "ignore", "scale", "margin", "ordinal"]
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
    """Pairs implied by preferences, arrays of shape (pairs,).

    Item positions; outcome 1 (first won) or 0 (tie); weight; slope and offset of the margin, None where all
    are 1 and 0; strength, 0 for a tie; the question's number; whether both are bad.
    """

    prompt: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    weight: Vector
    slope: Vector | None
    offset: Vector | None
    strength: NDArray[np.int64]
    question: NDArray[np.int64]
    both_bad: NDArray[np.bool_]

    def take(self, which: NDArray[np.bool_]) -> PairTable:
        """The pairs under a mask."""
        columns: dict[str, Any] = {}
        for each in fields(self):
            values = getattr(self, each.name)
            columns[each.name] = None if values is None else values[which]
        return PairTable(**columns)


def pair_table(
    dataset: Dataset,
    judged: NDArray[np.bool_],
    index: NDArray[np.int64],
    strengths: Strengths = "scale",
    skills: Skills | None = None,
) -> PairTable:
    """Pairs of the preferences that ``judged`` (preferences,) marks, over items; ``index`` maps rows to them.

    Weights of a prompt's pairs sum to 1 before strength multiplies them; a scaling strength is relative to
    its mean over the decided pairs, so that it moves weight between pairs and adds none. A margin is what the
    winner's lead must exceed: 0 for the weakest strength and 1 for the strongest, evenly between them
    (Touvron et al. 2023, Llama 2, table 27).
    """
    implied = dataset.implied
    first, second = index[implied.first], index[implied.second]
    kept = judged[implied.judgment] & (first != second)
    prompts, outcome = implied.prompt[kept], implied.outcome[kept]
    judgment, strength = implied.judgment[kept], implied.strength[kept]
    weight = 1.0 / np.bincount(prompts)[prompts] if len(prompts) else np.zeros(0)
    decided = outcome == 1
    slope, offset = None, None
    if strengths == "scale" and decided.any():
        relative = strength / strength[decided].mean()
        weight = np.where(decided, weight * relative, weight)
    if strengths == "margin":
        steps = np.array([max(1, each.strengths - 1) for each in dataset.preferences], dtype=np.float64)
        offset = np.where(decided, -(strength - 1) / steps[judgment], 0.0)
    if skills is not None:
        skill, position = skills.of(dataset.preferences)
        slope = skill[judgment]
        lean = position[judgment] * implied.shown[kept]
        offset = lean if offset is None else offset + lean
    _, question = np.unique([each.question for each in dataset.preferences], return_inverse=True)
    both_bad = np.array([each.both_bad for each in dataset.preferences], dtype=bool)
    return PairTable(
        prompts,
        first[kept],
        second[kept],
        outcome,
        weight,
        slope,
        offset,
        strength,
        question[judgment].astype(np.int64),
        both_bad[judgment],
    )


def build_objective(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    index: NDArray[np.int64],
    *,
    ties: Ties = "davidson",
    rankings: Rankings = "pairs",
    strengths: Strengths = "scale",
    skills: Skills | None = None,
    leniency: Leniency | None = None,
    counts: Vector | None = None,
) -> Objective:
    """The objective of all judgments on ``prompts``; ``index`` (rows,) maps rows to items.

    ``skills`` and ``leniency`` say how annotators are read; None takes all alike. ``counts`` (prompts of the dataset,) says
    how often each prompt enters, as in a bootstrap; else once.
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
        terms.append(_stages(dataset, listed, index, counts, skills))
    fits_ties = False
    if (judged & ~listed).any():
        table = pair_table(dataset, judged & ~listed, index, strengths, skills)
        table = replace(table, weight=table.weight * counts[table.prompt])
        compared, fits_ties = _comparisons(table, ties, strengths)
        terms += compared
    labels = int(judged.sum())
    scores, rating_notes = rating_term(dataset, inside, index, counts, leniency)
    notes += rating_notes
    if scores is not None:
        terms.append(scores)
        labels += sum(inside[rating.prompt] for rating in dataset.ratings)
    verdicts = verdict_term(dataset, inside, index, counts, leniency)
    if verdicts is not None:
        beside = Acceptable(
            verdicts.row,
            verdicts.row,
            verdicts.good,
            verdicts.weight,
            np.ones_like(verdicts.weight),
            verdicts.offset,
        )
        if not terms:
            terms.append(verdicts)
        elif beside.says_something:
            terms.append(beside)
        labels += sum(inside[verdict.prompt] for verdict in dataset.verdicts)
    level = any(isinstance(term, (Scores, YesNo)) for term in terms)
    return Objective(tuple(terms), fits_ties, level, int(labels), tuple(notes))


def _comparisons(table: PairTable, ties: Ties, strengths: Strengths) -> tuple[list[Term], bool]:
    """The terms of a table's pairs, and whether one of them reads the tie level.

    Cut-points are fitted for each question whose strengths vary, ties among them; all other pairs are
    Davidson's or, without ties, Bradley and Terry's.
    """
    terms: list[Term] = []
    for question in np.unique(table.question[table.both_bad]):
        asked = table.take(table.question == question)
        slope = np.ones_like(asked.weight) if asked.slope is None else asked.slope
        good = np.where(asked.both_bad, 0.0, 1.0)
        term = Acceptable(asked.first, asked.second, good, asked.weight, slope)
        if term.says_something:
            terms.append(term)
    rest = ~table.both_bad
    for question in np.unique(table.question) if strengths == "ordinal" else ():
        chosen = rest & (table.question == question)
        told = np.unique(table.strength[chosen & (table.outcome == 1) & (table.weight > 0)])
        if len(told) > 1:
            asked = table.take(chosen)
            slope = np.ones_like(asked.weight) if asked.slope is None else asked.slope
            offset = np.zeros_like(asked.weight) if asked.offset is None else asked.offset
            terms.append(OrdinalPairs(asked.first, asked.second, asked.strength, asked.weight, slope, offset))
            rest &= ~chosen
    left = table.take(rest)
    tied = left.outcome == 0
    fits_ties = ties == "davidson" and bool(tied.any()) and not bool(tied.all())
    if fits_ties:
        terms.append(
            DavidsonPairs(left.first, left.second, left.outcome, left.weight, left.slope, left.offset)
        )
    elif len(left.weight):
        target = np.where(tied, 0.5, 1.0)
        terms.append(Pairs(left.first, left.second, target, left.weight, left.slope, left.offset))
    return terms, fits_ties


def _stages(
    dataset: Dataset,
    listed: NDArray[np.bool_],
    index: NDArray[np.int64],
    counts: Vector,
    skills: Skills | None,
) -> Stages:
    """The rankings that ``listed`` marks as stages; a prompt's rankings share a weight of 1."""
    rankings = [dataset.preferences[place] for place in np.flatnonzero(listed)]
    per_prompt = Counter(ranking.prompt for ranking in rankings)
    offsets = dataset.offsets.tolist()
    tiers = [
        [[int(index[offsets[p.prompt] + position]) for position in tier] for tier in p.tiers]
        for p in rankings
    ]
    weights = [float(counts[p.prompt]) / (per_prompt[p.prompt] * max(1, len(p.tiers) - 1)) for p in rankings]
    slopes = None if skills is None else skills.of(tuple(rankings))[0].tolist()
    return Stages.of(tiers, weights, slopes)


def rating_term(
    dataset: Dataset,
    inside: NDArray[np.bool_],
    index: NDArray[np.int64],
    counts: Vector,
    leniency: Leniency | None = None,
) -> tuple[Scores | None, list[str]]:
    """Ratings as one target per row: the mean over criteria of the row's mean z-score.

    A criterion is standardised over all ratings of the given prompts, and each z-score read by its annotator's
    ``leniency``; a criterion that never varies says nothing and is left out, with a note.
    """
    moments = rating_moments(dataset, inside)
    constant = {question for question, (_, spread) in moments.items() if spread <= _SPREAD}
    notes = [f"every rating of {question!r} is the same: left out" for question in sorted(constant)]
    by_row: dict[tuple[int, str], list[float]] = defaultdict(list)
    prompt_of: dict[int, int] = {}
    for rating in dataset.ratings:
        if inside[rating.prompt] and rating.question not in constant:
            row = dataset.row(rating.prompt, rating.completion)
            mean, spread = moments[rating.question]
            score = (rating.value - mean) / spread
            if leniency is not None:
                score = leniency.rating(rating.annotator, score)
            by_row[row, rating.question].append(score)
            prompt_of[row] = rating.prompt
    targets: dict[int, list[float]] = defaultdict(list)
    for (row, _), given in by_row.items():
        targets[row].append(float(np.mean(given)))
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
    dataset: Dataset,
    inside: NDArray[np.bool_],
    index: NDArray[np.int64],
    counts: Vector,
    leniency: Leniency | None = None,
) -> YesNo | None:
    """Verdicts as one target per row, the share of "good"; None where there is no verdict.

    With ``leniency`` as one target per row and offset of the annotator's logit; a row's weight stays what it was.
    """
    logits: Mapping[str, float] = {} if leniency is None else leniency.logit
    by_row: dict[tuple[int, float], list[bool]] = defaultdict(list)
    total: Counter[int] = Counter()
    prompt_of: dict[int, int] = {}
    for verdict in dataset.verdicts:
        if inside[verdict.prompt]:
            row = dataset.row(verdict.prompt, verdict.completion)
            by_row[row, logits.get(verdict.annotator, 0.0)].append(verdict.good)
            total[row] += 1
            prompt_of[row] = verdict.prompt
    if not by_row:
        return None
    per_prompt = Counter(prompt_of.values())
    places = sorted(by_row)
    return YesNo(
        np.array([index[row] for row, _ in places], dtype=np.int64),
        np.array([float(np.mean(by_row[place])) for place in places]),
        np.array(
            [
                counts[prompt_of[place[0]]]
                / per_prompt[prompt_of[place[0]]]
                * (len(by_row[place]) / total[place[0]])
                for place in places
            ]
        ),
        np.array([offset for _, offset in places]) if logits else None,
    )
