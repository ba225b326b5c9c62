"""How far each annotator's comparisons go by what the outputs are worth, and by where these stood.

A vote of annotator a is read as P(first wins) = sigma(skill_a (r_first - r_second) + position_a shown), with
shown 1 where first stood before second, -1 after it, 0 where that is not known: the house's parametrisation
(``annotation.annotators.pairwise``) with the reward model's difference in place of the unknown one, so that
nobody needs to have judged the same pair twice. Skill 0 is careless; 1 is what people have in common. The
rewards come from fits that did not see the prompt, so that no vote helps to decide what it is measured by.

Pooling: skill_a ~ N(1, (2/3)^2), position_a ~ N(what all have in common, 1). Somebody with fewer than 20 votes has
what all have in common. A skill below 0 is taken as 0: nobody's words are turned into their opposite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training.rewards.data import Dataset, Preference
from training.rewards.models.solver import Multiply, minimise

Vector = NDArray[np.float64]
FEWEST_VOTES: Final = 20
SKILL_SPREAD, POSITION_SPREAD = 2 / 3, 1.0  # the house's, in units of the skill it expects
SUREST: Final = 2.0  # standard errors that the rewards must explain the votes by
_EXACT: Final = 1e-8


@dataclass(frozen=True)
class Skills:
    """Skill, position and number of comparisons of each annotator by name; ``common`` is everybody else's position."""

    skill: Mapping[str, float]
    position: Mapping[str, float]
    votes: Mapping[str, int]
    common: float

    def of(self, preferences: tuple[Preference, ...]) -> tuple[Vector, Vector]:
        """Skill and position of each preference's annotator, (preferences,) each."""
        skill = [self.skill.get(each.annotator, 1.0) for each in preferences]
        position = [self.position.get(each.annotator, self.common) for each in preferences]
        return np.array(skill, dtype=np.float64), np.array(position, dtype=np.float64)

    def wire(self) -> list[dict[str, float | int | str]]:
        """The fitted annotators, by name."""
        return [
            {
                "annotator": name,
                "comparisons": self.votes[name],
                "skill": round(self.skill[name], 3),
                "position": round(self.position[name], 3),
            }
            for name in sorted(self.skill)
        ]


@dataclass(frozen=True)
class _Votes:
    """Decided votes, winner's margin, where it stood, weight and annotator, (votes,) each."""

    margin: Vector
    shown: Vector
    weight: Vector
    annotator: NDArray[np.int64]


def fit_skills(dataset: Dataset, prompts: NDArray[np.int64], rewards: Vector) -> Skills | None:
    """Skills from the preferences on ``prompts`` at ``rewards`` (rows,), which are NaN where not known.

    None where nobody has 20 comparisons, where a single annotator's place on the screen is not known either,
    or where the rewards do not explain the votes beyond doubt: then nothing tells who is careful.
    """
    inside = np.zeros(len(dataset.prompts), dtype=bool)
    inside[prompts] = True
    implied = dataset.implied
    margin = rewards[implied.first] - rewards[implied.second]
    kept = inside[implied.prompt] & (implied.outcome == 1) & np.isfinite(margin)
    judgment = implied.judgment[kept]
    names = np.array([each.annotator for each in dataset.preferences], dtype=object)
    found, code = np.unique(names[np.unique(judgment)].astype(str), return_inverse=True)
    count = np.bincount(code, minlength=len(found))
    enough = [str(name) for name, votes in zip(found, count, strict=True) if votes >= FEWEST_VOTES]
    shown = implied.shown[kept].astype(np.float64)
    if not enough or (len(found) == 1 and not shown.any()):
        return None
    tiers = np.array([len(each.tiers) for each in dataset.preferences])
    pairs = np.bincount(judgment, minlength=len(tiers))
    place = {name: number for number, name in enumerate(enough)}
    annotator = np.array([place.get(name, -1) for name in names[judgment]], dtype=np.int64)
    # A ranking of k outputs implies k (k - 1) / 2 votes and takes k - 1 choices.
    votes = _Votes(margin[kept], shown, ((tiers - 1) / np.maximum(pairs, 1))[judgment], annotator)
    pool, common, error = _pool(votes)
    if pool <= SUREST * error:
        return None
    skill, position = _each(votes, len(enough), pool, common)
    if (skill < 0).any():
        careless = (skill < 0)[votes.annotator] & (votes.annotator >= 0)
        blind = _Votes(np.where(careless, 0.0, votes.margin), votes.shown, votes.weight, votes.annotator)
        position = _each(blind, len(enough), pool, common)[1]
    return Skills(
        dict(zip(enough, np.maximum(skill, 0.0).tolist(), strict=True)),
        dict(zip(enough, position.tolist(), strict=True)),
        {str(name): int(votes) for name, votes in zip(found, count, strict=True)},
        common,
    )


def _pool(votes: _Votes) -> tuple[float, float, float]:
    """Slope and position that all have in common, and the slope's standard error."""
    design = np.stack([votes.margin, votes.shown], axis=1)
    # One vote's worth each way keeps votes that the rewards explain without exception finite.
    prior = np.array([1e-2, POSITION_SPREAD**-2])

    def loss(point: Vector, _: Vector) -> tuple[float, Vector, Multiply]:
        x = design @ point
        chance = expit(-x)
        value = float(votes.weight @ np.logaddexp(0.0, -x) + prior @ point**2 / 2)
        curve = (design.T * (votes.weight * chance * (1 - chance))) @ design + np.diag(prior)
        gradient = prior * point - design.T @ (votes.weight * chance)
        return value, gradient, lambda direction, _: curve @ direction

    found = minimise(loss, np.zeros(2), tolerance=_EXACT).point
    chance = expit(-(design @ found))
    curve = (design.T * (votes.weight * chance * (1 - chance))) @ design + np.diag(prior)
    return float(found[0]), float(found[1]), float(np.sqrt(np.linalg.inv(curve)[0, 0]))


def _each(votes: _Votes, annotators: int, pool: float, common: float) -> tuple[Vector, Vector]:
    """Skill, in units of the pool's slope, and position of each annotator at their most likely values."""
    own = votes.annotator >= 0
    margin, shown, weight = pool * votes.margin[own], votes.shown[own], votes.weight[own]
    who = votes.annotator[own]
    centre = np.repeat([1.0, common], annotators)
    precision = np.repeat([SKILL_SPREAD**-2, POSITION_SPREAD**-2], annotators)

    def sums(skill: Vector, position: Vector) -> Vector:
        return np.concatenate(
            [
                np.bincount(who, skill, minlength=annotators),
                np.bincount(who, position, minlength=annotators),
            ]
        )

    def seen(point: Vector) -> Vector:
        return point[:annotators][who] * margin + point[annotators:][who] * shown

    def loss(point: Vector, _: Vector) -> tuple[float, Vector, Multiply]:
        x = seen(point)
        chance = expit(-x)
        away = point - centre
        value = float(weight @ np.logaddexp(0.0, -x) + precision @ away**2 / 2)
        pull, curve = weight * chance, weight * chance * (1 - chance)

        def multiply(direction: Vector, _: Vector) -> Vector:
            along = curve * seen(direction)
            return sums(along * margin, along * shown) + precision * direction

        return value, precision * away - sums(pull * margin, pull * shown), multiply

    point = minimise(loss, centre, tolerance=_EXACT).point
    return point[:annotators], point[annotators:]
