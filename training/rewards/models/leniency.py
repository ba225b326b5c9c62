"""How generous each annotator is with single outputs, and how much of the scale somebody uses.

A rating z, standardised over its criterion, is read as z exp(-stretch_a) - offset_a = level + slope r + noise, and
a verdict as P(good) = sigma(level + slope r + offset_a), r being the reward. The rewards come from fits that did not see the
prompt, as in ``skills``, so that an annotator who happened upon good outputs is not taken for a generous one.

Pooling: offsets ~ N(0, tau^2) with tau at its greatest marginal likelihood (random intercepts: Laird & Ware 1982; by
Laplace's approximation for verdicts, exact for ratings), stretches likewise from each one's logarithm of spread. Somebody
with fewer than 20 judgments is read as the average, and so is everybody where the variance comes out as 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit

from training.rewards.data import Dataset, Rating, Verdict
from training.rewards.models.solver import Multiply, minimise

Vector = NDArray[np.float64]
Places = NDArray[np.int64]
Moments = Mapping[str, tuple[float, float]]
FEWEST: Final = 20
FEWEST_PEOPLE: Final = 2
MOST_SPREAD: Final = 5.0  # of offsets, in units of the noise; beyond it nothing is told apart
MOST_STRETCH: Final = 1.0  # of logarithms of spread
CONSTANT: Final = 1e-9  # a standard deviation that is none
PRIOR: Final = 1e-2  # one vote's worth each way keeps verdicts finite that rewards explain without exception
_EXACT: Final = 1e-8


@dataclass(frozen=True)
class Leniency:
    """Of each annotator by name: offset and stretch of ratings, offset of verdicts' logits, and how many of each."""

    offset: Mapping[str, float] = field(default_factory=dict)
    stretch: Mapping[str, float] = field(default_factory=dict)
    logit: Mapping[str, float] = field(default_factory=dict)
    ratings: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)

    def rating(self, annotator: str, standardised: float) -> float:
        """A standardised rating as somebody average would have given it."""
        return standardised * float(np.exp(-self.stretch.get(annotator, 0.0))) - self.offset.get(
            annotator, 0.0
        )

    def wire(self) -> list[dict[str, Any]]:
        """The fitted annotators, by name; None where somebody has too few judgments of a kind."""
        return [
            {
                "annotator": name,
                "ratings": self.ratings.get(name, 0),
                "offset": round(self.offset[name], 3) if name in self.offset else None,
                "scale": round(float(np.exp(self.stretch[name])), 3) if name in self.stretch else None,
                "verdicts": self.verdicts.get(name, 0),
                "logit": round(self.logit[name], 3) if name in self.logit else None,
            }
            for name in sorted({*self.offset, *self.logit})
        ]


@dataclass(frozen=True)
class Given:
    """Judgments of single outputs, (judgments,) each: what was said, the reward, who (-1: too few), the prompt."""

    value: Vector
    reward: Vector
    who: Places
    prompt: Places
    names: tuple[str, ...]
    """The annotators with enough judgments, which ``who`` numbers."""

    def sums(self, values: Vector) -> Vector:
        """Sums by annotator, (annotators,)."""
        kept = self.who >= 0
        return np.bincount(self.who[kept], values[kept], minlength=len(self.names)).astype(np.float64)

    def of(self, values: Vector) -> Vector:
        """Values (annotators,) of each judgment's annotator, 0 for those with too few."""
        return np.append(values, 0.0)[self.who]


def rating_moments(dataset: Dataset, inside: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of each criterion's ratings on the prompts that ``inside`` marks."""
    values: dict[str, list[float]] = defaultdict(list)
    for rating in dataset.ratings:
        if inside[rating.prompt]:
            values[rating.question].append(rating.value)
    return {question: (float(np.mean(given)), float(np.std(given))) for question, given in values.items()}


def fit_leniency(dataset: Dataset, prompts: Places, rewards: Vector) -> Leniency | None:
    """Leniency by the ratings and verdicts on ``prompts`` at ``rewards`` (rows,), which are NaN where not known.

    None where no two people have 20 judgments of a kind, or none differ.
    """
    scored, judged = given_ratings(dataset, prompts, rewards), given_verdicts(dataset, prompts, rewards)
    offset: dict[str, float] = {}
    stretch: dict[str, float] = {}
    logit: dict[str, float] = {}
    if len(scored.names) >= FEWEST_PEOPLE and np.std(scored.value) > CONSTANT:
        stretches = rating_stretches(scored)
        offsets = rating_offsets(scored, np.exp(-scored.of(stretches)) * scored.value)
        if offsets.any() or stretches.any():
            offset = dict(zip(scored.names, offsets.tolist(), strict=True))
            stretch = dict(zip(scored.names, stretches.tolist(), strict=True))
    if len(judged.names) >= FEWEST_PEOPLE and 0 < judged.value.mean() < 1:
        logits = verdict_offsets(judged)
        if logits.any():
            logit = dict(zip(judged.names, logits.tolist(), strict=True))
    if not offset and not logit:
        return None
    return Leniency(offset, stretch, logit, _counts(scored), _counts(judged))


def given_ratings(dataset: Dataset, prompts: Places, rewards: Vector) -> Given:
    """The standardised ratings on ``prompts``; a criterion that never varies is left out."""
    inside = _inside(dataset, prompts)
    moments = rating_moments(dataset, inside)
    kept = [each for each in dataset.ratings if inside[each.prompt] and moments[each.question][1] > CONSTANT]
    value = [(each.value - moments[each.question][0]) / moments[each.question][1] for each in kept]
    return _given(dataset, kept, value, rewards)


def given_verdicts(dataset: Dataset, prompts: Places, rewards: Vector) -> Given:
    """The verdicts on ``prompts``, 1 for good."""
    inside = _inside(dataset, prompts)
    kept = [each for each in dataset.verdicts if inside[each.prompt]]
    return _given(dataset, kept, [float(each.good) for each in kept], rewards)


def _inside(dataset: Dataset, prompts: Places) -> NDArray[np.bool_]:
    inside = np.zeros(len(dataset.prompts), dtype=bool)
    inside[prompts] = True
    return inside


def _given(
    dataset: Dataset, judged: Sequence[Rating | Verdict], value: list[float], rewards: Vector
) -> Given:
    rows = np.array([dataset.row(each.prompt, each.completion) for each in judged], dtype=np.int64)
    known = np.isfinite(rewards[rows])
    names = [each.annotator for each, kept in zip(judged, known, strict=True) if kept]
    enough = sorted(name for name, count in Counter(names).items() if count >= FEWEST)
    place = {name: number for number, name in enumerate(enough)}
    prompts = np.array([each.prompt for each in judged], dtype=np.int64)
    who = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    values = np.array(value, dtype=np.float64)
    return Given(values[known], rewards[rows][known], who, prompts[known], tuple(enough))


def _counts(given: Given) -> dict[str, int]:
    counted = given.sums(np.ones_like(given.value))
    return {name: int(count) for name, count in zip(given.names, counted, strict=True)}


def rating_stretches(given: Given) -> Vector:
    """Logarithms of how much of the scale each annotator uses, (annotators,), drawn to their mean.

    An annotator's squares about his own mean are compared with those that the rewards and the common noise make
    likely, which also count as one rating more, so that somebody who always says the same stays finite.
    """
    kept = given.who >= 0
    count = given.sums(np.ones_like(given.value))
    value = given.value - given.of(given.sums(given.value) / count)
    reward = given.reward - given.of(given.sums(given.reward) / count)
    squares = float(reward[kept] @ reward[kept])
    slope = float(reward[kept] @ value[kept]) / squares if squares > 0 else 0.0
    free = max(1.0, float(count.sum()) - len(count) - 1)
    noise = float(((value - slope * reward)[kept] ** 2).sum()) / free
    expected = slope**2 * given.sums(reward**2) / (count - 1) + noise
    if noise <= CONSTANT:
        return np.zeros_like(count)
    spread = np.log((given.sums(value**2) + expected) / (count * expected)) / 2
    error = 1 / (2 * count)  # the variance of the logarithm of a normal sample's standard deviation

    def pooled(variance: float) -> tuple[float, Vector]:
        weights = 1 / (variance + error)
        centre = float(weights @ spread / weights.sum())
        return centre, weights

    def loss(deviation: float) -> float:
        centre, weights = pooled(deviation**2)
        return float(weights @ (spread - centre) ** 2 - np.log(weights).sum()) / 2

    variance = _best(loss, MOST_STRETCH) ** 2
    centre, weights = pooled(variance)
    shrunk: Vector = (spread - centre) * variance * weights
    return shrunk


def rating_offsets(given: Given, value: Vector) -> Vector:
    """Offsets (annotators,) of ratings ``value``: random intercepts beside level and slope.

    At spread g in units of the noise, the sum of squared residuals plus o^2 / g^2 is least in level, slope and
    offsets together; its logarithm times n / 2 and half the sum of log(1 + g^2 n_a) are the marginal likelihood.
    """
    design, count = _design(given), given.sums(np.ones_like(value))

    def solved(spread: float) -> tuple[Vector, float]:
        penalty = np.concatenate([[_EXACT, _EXACT], np.full(len(count), spread**-2)])
        found: Vector = np.linalg.solve(design.T @ design + np.diag(penalty), design.T @ value).astype(
            np.float64, copy=False
        )
        rest = value - design @ found
        return found[2:], float(rest @ rest + penalty @ found**2)

    def loss(spread: float) -> float:
        if spread <= CONSTANT:
            plain = design[:, :2]
            rest = value - plain @ np.linalg.lstsq(plain, value)[0]
            return len(value) / 2 * float(np.log(rest @ rest))
        return (
            len(value) / 2 * float(np.log(solved(spread)[1])) + float(np.log1p(spread**2 * count).sum()) / 2
        )

    spread = _best(loss, MOST_SPREAD)
    return solved(spread)[0] if spread > 0 else np.zeros_like(count)


def verdict_offsets(given: Given) -> Vector:
    """Offsets (annotators,) of verdicts' logits, random intercepts beside level and slope."""
    design, people = _design(given), len(given.names)

    def solved(spread: float) -> tuple[Vector, float]:
        penalty = np.concatenate([[PRIOR, PRIOR], np.full(people, spread**-2)])
        found = logistic_weights(design, given.value, np.zeros(len(given.value)), penalty)
        chance = expit(design @ found)
        curve = given.sums(chance * (1 - chance))
        cost = logistic_loss(design @ found, given.value).sum() + penalty @ found**2 / 2
        return found[2:], float(cost) + float(np.log1p(spread**2 * curve).sum()) / 2

    def loss(spread: float) -> float:
        if spread > CONSTANT:
            return solved(spread)[1]
        penalty = np.array([PRIOR, PRIOR])
        found = logistic_weights(design[:, :2], given.value, np.zeros(len(given.value)), penalty)
        return float(logistic_loss(design[:, :2] @ found, given.value).sum() + penalty @ found**2 / 2)

    spread = _best(loss, MOST_SPREAD)
    return solved(spread)[0] if spread > 0 else np.zeros(people)


def _design(given: Given) -> NDArray[np.float64]:
    """Level, reward and annotators' indicators side by side, (judgments, 2 + annotators)."""
    own = (given.who[:, None] == np.arange(len(given.names))).astype(np.float64)
    return np.column_stack([np.ones(len(given.value)), given.reward, own])


def _best(loss: Callable[[float], float], most: float) -> float:
    """The spread from 0 to ``most`` of least loss; 0 where none is better."""
    found = minimize_scalar(loss, bounds=(1e-3, most), method="bounded", options={"xatol": 1e-5})
    return float(found.x) if found.fun < loss(0.0) else 0.0


def logistic_loss(logit: Vector, good: Vector) -> Vector:
    """log(1 + exp(logit)) - good * logit."""
    return np.logaddexp(0.0, logit) - good * logit


def logistic_weights(design: NDArray[np.float64], good: Vector, offset: Vector, penalty: Vector) -> Vector:
    """Weights of least logistic loss plus penalty w^2 / 2. Raises ConvergenceError."""

    def loss(point: Vector, _: Vector) -> tuple[float, Vector, Multiply]:
        logit = design @ point + offset
        chance = expit(logit)
        value = float(logistic_loss(logit, good).sum() + penalty @ point**2 / 2)
        curve = chance * expit(-logit)
        return (
            value,
            design.T @ (chance - good) + penalty * point,
            lambda direction, _: design.T @ (curve * (design @ direction)) + penalty * direction,
        )

    return minimise(loss, np.zeros(design.shape[1]), tolerance=_EXACT).point
