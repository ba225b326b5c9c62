"""Which likelihood a linear fit reads its comparisons by: how strengths enter, and whether annotators differ.

Everything is decided in inner folds of the learning prompts, by one measure that no candidate weights to
its liking: the log loss of who won, log(1 + exp(-(r_winner - r_loser))), every prompt counting once. It is
the log loss that is published of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.likelihoods import Pairs
from training.rewards.models.choice import Choice, choose_strictness
from training.rewards.models.linear_fit import Fitter
from training.rewards.models.objective import Strengths, pair_table
from training.rewards.models.skills import fit_skills

Vector = NDArray[np.float64]
CANDIDATES: Final[tuple[Strengths, ...]] = ("ignore", "scale", "margin", "ordinal")  # from the simplest on
WORDS: Final[Mapping[str, str]] = {
    "ignore": "not read",
    "scale": "read as weights",
    "margin": "read as margins",
    "ordinal": "read by cut-points",
}


@dataclass(frozen=True)
class Likelihood:
    """A fitter that reads judgments the chosen way, its strictness, and what was tried.

    ``report`` goes into the evaluation: ``{"strengths": {"chosen", "losses", "n"}, "annotators": {"used",
    "losses", "fitted"}}``; losses are by candidate and empty where there was nothing to choose.
    """

    fitter: Fitter
    choice: Choice
    report: dict[str, Any]
    notes: tuple[str, ...]


def choose_likelihood(fitter: Fitter, *, should_stop: Callable[[], None] = lambda: None) -> Likelihood:
    """Decides what the options leave open; each candidate is judged at its own best strictness.

    Of equal candidates the simplest is kept.
    """
    options, dataset, learning = fitter.options, fitter.dataset, fitter.learning
    asked, votes = options.strengths, decided_votes(dataset, learning)
    fitter = fitter.reading("ignore" if asked == "auto" else asked)
    choice = choose_strictness(fitter, should_stop=should_stop)
    told: dict[str, Any] = {"chosen": fitter.options.strengths, "losses": {}, "n": len(votes.weight)}
    read: dict[str, Any] = {"used": False, "losses": {}, "fitted": []}
    report, notes = {"strengths": told, "annotators": read}, []
    if choice.held_out is None or not len(votes.weight) or fitter.targets is not None:
        return Likelihood(fitter, choice, report, ())

    def loss(tried: Choice) -> float:
        return who_won(votes, cast("Vector", tried.held_out))

    if asked == "auto" and strengths_vary(dataset, learning):
        losses: dict[str, float] = {"ignore": loss(choice)}
        for name in CANDIDATES[1:]:
            other = fitter.reading(name)
            tried = choose_strictness(other, start=choice.strictness, should_stop=should_stop)
            losses[name] = loss(tried)
            if losses[name] < min(list(losses.values())[:-1]):
                told["chosen"], best = name, (other, tried)
        told["losses"] = {name: round(value, 5) for name, value in losses.items()}
        if told["chosen"] != "ignore":
            fitter, choice = best
        listed = ", ".join(f"{WORDS[name]} {value:.4f}" for name, value in losses.items())
        notes.append(
            f"Strengths of preferences were {WORDS[told['chosen']]}: held-out log losses were {listed}."
        )
    skills = None
    if options.annotators == "auto" and choice.held_out is not None:
        skills = fit_skills(dataset, learning, choice.held_out)
    if skills is not None:
        other = fitter.reading(fitter.options.strengths, choice.held_out)
        tried = choose_strictness(other, start=choice.strictness, should_stop=should_stop)
        alike, apart = loss(choice), loss(tried)
        read["losses"] = {"alike": round(alike, 5), "by_annotator": round(apart, 5)}
        read["fitted"] = skills.wire()
        if apart < alike:
            read["used"], fitter, choice = True, other, tried
        notes.append(
            f"Comparisons of {len(skills.skill)} annotators were "
            f"{'' if read['used'] else 'not '}read through each one's care and habit of place: "
            f"held-out log loss {apart:.4f}, all read alike {alike:.4f}."
        )
    return Likelihood(fitter, choice, report, tuple(notes))


def decided_votes(dataset: Dataset, prompts: NDArray[np.int64]) -> Pairs:
    """Every vote on ``prompts`` that one side won, over rows, every prompt counting once."""
    inside = np.zeros(len(dataset.prompts), dtype=bool)
    inside[prompts] = True
    places = np.array([judged.prompt for judged in dataset.preferences], dtype=np.int64)
    table = pair_table(dataset, inside[places], np.arange(dataset.row_count), "ignore")
    table = table.take(table.outcome == 1)
    weight = 1.0 / np.bincount(table.prompt)[table.prompt] if len(table.prompt) else table.weight
    return Pairs(table.first, table.second, np.ones_like(weight), weight)


def who_won(votes: Pairs, rewards: Vector) -> float:
    """Mean log loss of votes at held-out ``rewards`` (rows,), which are NaN where no vote is."""
    judged = np.where(np.isfinite(rewards), rewards, 0.0)
    return votes.at(judged, 0.0).loss / float(votes.weight.sum())


def strengths_vary(dataset: Dataset, prompts: NDArray[np.int64]) -> bool:
    """Whether some question's decided answers on ``prompts`` came in more than one strength."""
    inside = set(prompts.tolist())
    told = {
        (each.question, each.strength)
        for each in dataset.preferences
        if len(each.tiers) > 1 and each.prompt in inside
    }
    return len(told) > len({question for question, _ in told})
