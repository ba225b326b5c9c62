"""Annotators that are simulated: each sees a hidden quality through skill, bias and noise.

Only the demo uses them. What they answer is marked `simulated` wherever it is stored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

EULER_GAMMA = 0.5772156649015329
CRITERION_SPREAD = 0.12
"""How far one criterion's quality lies from the overall quality, at most."""
POOR_QUALITY = 0.35
"""Where both outputs look worse than this and nearly alike, the answer is "both bad"."""
RATING_TEMPERATURE = 1.6
"""Logits of perceived quality that make one unit of the logistic curve behind a rating."""


@dataclass(frozen=True)
class SimulatedAnnotator:
    """One simulated person.

    All biases are in logits, so `skill` 10 with a difference in quality of 0.2 chooses the better output with
    odds e^2, and `position_bias` 2 gives the same odds to whichever stands first.
    """

    name: str
    skill: float
    """Logits per unit of quality (inverse temperature); 0 does not read at all."""
    position_bias: float = 0.0
    """Logits in favour of the first output shown over the last one."""
    length_bias: float = 0.0
    """Logits per doubling of the length."""
    tie_band: float = 0.5
    """Perceived differences under this many logits are called a tie."""
    strength_step: float = 2.0
    """Logits of perceived difference to each further step of strength."""
    leniency: float = 0.0
    """Added to the logit of every rating."""
    share: float = 1.0
    """How much this annotator works, relative to the others."""
    base_seconds: float = 4.0
    seconds_per_100_units: float = 2.0

    def perceive(
        self, shown: Sequence[str], quality: Mapping[str, float], lengths: Mapping[str, float], rng: Random
    ) -> dict[str, float]:
        """Return the utility of each output in logits, noise included.

        The noise is a centred standard Gumbel variable, so that choices follow Bradley-Terry and rankings
        Plackett-Luce (Yellott 1977).
        """
        middle = (len(shown) - 1) / 2
        mean_log_length = sum(math.log2(lengths[key]) for key in shown) / len(shown)
        utilities: dict[str, float] = {}
        for place, key in enumerate(shown):
            noise = -math.log(rng.expovariate(1.0)) - EULER_GAMMA
            position = (middle - place) / (2 * middle) if middle else 0.0
            utilities[key] = (
                self.skill * (quality[key] - 0.5)
                + self.position_bias * position
                + self.length_bias * (math.log2(lengths[key]) - mean_log_length)
                + noise
            )
        return utilities

    def answer(
        self,
        question: Mapping[str, Any],
        shown: Sequence[str],
        quality: Mapping[str, float],
        lengths: Mapping[str, float],
        rng: Random,
    ) -> dict[str, Any]:
        """Answer one question on the outputs in the order shown.

        Raises ValueError for a kind of question that is not simulated.
        """
        utilities = self.perceive(shown, quality, lengths, rng)
        match question["kind"]:
            case "comparison":
                return self._compare(question, shown, utilities)
            case "ranking":
                return {"tiers": self._rank(question, utilities)}
            case "rating":
                return {"scores": {key: self._rate(question, utilities[key]) for key in shown}}
            case "choice" if question.get("per_completion"):
                first, last = question["options"][0], question["options"][-1]
                return {
                    "values": {key: [first if utilities[key] + self.leniency > 0 else last] for key in shown}
                }
            case kind:
                raise ValueError(f"No simulated annotator answers a question of the kind {kind!r}.")

    def active_ms(self, lengths: Mapping[str, float], rng: Random) -> int:
        """Draw the time at work in milliseconds: log-normal around what reading these outputs takes."""
        median = self.base_seconds + self.seconds_per_100_units * sum(lengths.values()) / 100
        return max(400, round(1000 * rng.lognormvariate(math.log(median), 0.45)))

    def _compare(
        self, question: Mapping[str, Any], shown: Sequence[str], utilities: Mapping[str, float]
    ) -> dict[str, Any]:
        first, second = shown
        difference = utilities[first] - utilities[second]
        poor = self.skill > 0 and max(utilities.values()) < self.skill * (POOR_QUALITY - 0.5)
        if question.get("both_bad") and poor and abs(difference) < 3 * self.tie_band:
            return {"choice": "both_bad"}
        if question.get("ties") and abs(difference) < self.tie_band:
            return {"choice": "tie"}
        strength = min(question.get("strengths", 1), 1 + int(abs(difference) / self.strength_step))
        return {"choice": first if difference > 0 else second, "strength": strength}

    def _rank(self, question: Mapping[str, Any], utilities: Mapping[str, float]) -> list[list[str]]:
        order = sorted(utilities, key=lambda key: (-utilities[key], key))
        tiers = [[order[0]]]
        for above, below in pairwise(order):
            if question.get("ties") and utilities[above] - utilities[below] < self.tie_band:
                tiers[-1].append(below)
            else:
                tiers.append([below])
        return tiers

    def _rate(self, question: Mapping[str, Any], utility: float) -> int:
        low: int = question.get("min", 1)
        high: int = question.get("max", 5)
        share = 1 / (1 + math.exp(-(utility / RATING_TEMPERATURE + self.leniency)))
        return round(low + (high - low) * share)


def criterion_quality(quality: Mapping[str, float], *, key: str) -> dict[str, float]:
    """Return the quality on one criterion: near the overall one, and the same for every annotator.

    `key` names prompt and criterion.
    """
    shifted: dict[str, float] = {}
    for completion, value in quality.items():
        shift = Random(f"{key}/{completion}").uniform(-CRITERION_SPREAD, CRITERION_SPREAD)
        shifted[completion] = min(1.0, max(0.0, value + shift))
    return shifted


ANNOTATORS = (
    SimulatedAnnotator("sim-careful", skill=13, tie_band=0.7, strength_step=2.6, base_seconds=7),
    SimulatedAnnotator("sim-steady", skill=9, tie_band=0.5, strength_step=2.4, share=1.2, base_seconds=5),
    SimulatedAnnotator(
        "sim-hasty",
        skill=4,
        position_bias=0.5,
        tie_band=0.2,
        strength_step=1.5,
        leniency=0.3,
        share=1.3,
        base_seconds=2,
        seconds_per_100_units=0.8,
    ),
    SimulatedAnnotator("sim-longwinded", skill=6, length_bias=1.6, tie_band=0.5, leniency=0.2),
    SimulatedAnnotator(
        "sim-first",
        skill=0,
        position_bias=60,
        strength_step=100,
        share=0.9,
        base_seconds=1.2,
        seconds_per_100_units=0.1,
    ),
    SimulatedAnnotator("sim-reversed", skill=-9, tie_band=0.4, share=0.35, base_seconds=4),
    SimulatedAnnotator(
        "sim-careless", skill=0.5, tie_band=0.1, share=0.35, base_seconds=1.5, seconds_per_100_units=0.3
    ),
)
"""Those who judge the demo: some who read, one who likes what is long, one who always takes what stands first, one
who has the scale the wrong way round, and one who hardly looks, so that the figures can show it."""
