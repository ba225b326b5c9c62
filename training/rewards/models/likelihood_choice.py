"""Which likelihood a linear fit reads its judgments by: how strengths enter, and whether annotators differ.

Everything is decided in inner folds of the learning prompts. Of comparisons by one measure that no candidate
weights to its liking: the log loss of who won, log(1 + exp(-(r_winner - r_loser))), every prompt counting once. It
is the log loss that is published of a model. Of ratings and verdicts, whether annotators' leniency is read, by the
likelihood of those on prompts that neither rewards nor annotators were fitted on.
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
from training.rewards.models.leniency import fit_leniency
from training.rewards.models.leniency_loss import held_out_loss
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
    "losses", "fitted"}, "ratings": {"used", "losses", "fitted"}}``; losses are by candidate and empty where there was
    nothing to choose. The mean squared error of ratings (loss "squared") reads them as they are.
    """

    fitter: Fitter
    choice: Choice
    report: dict[str, Any]
    notes: tuple[str, ...]


def choose_likelihood(fitter: Fitter, *, should_stop: Callable[[], None] = lambda: None) -> Likelihood:
    """Decides what the options leave open; each candidate is judged at its own best strictness.

    Of equal candidates the simplest is kept.
    """
    asked = fitter.options.strengths
    fitter = fitter.reading("ignore" if asked == "auto" else asked)
    choice = choose_strictness(fitter, should_stop=should_stop)
    votes = decided_votes(fitter.dataset, fitter.learning)
    report: dict[str, Any] = {
        "strengths": {"chosen": fitter.options.strengths, "losses": {}, "n": len(votes.weight)},
        "annotators": {"used": False, "losses": {}, "fitted": []},
        "ratings": {"used": False, "losses": {}, "fitted": []},
    }
    found = Likelihood(fitter, choice, report, ())
    if choice.held_out is None or fitter.targets is not None:
        return found
    if len(votes.weight):
        if asked == "auto" and strengths_vary(fitter.dataset, fitter.learning):
            found = _with_strengths(found, votes, should_stop)
        if fitter.options.annotators == "auto":
            found = _with_skills(found, votes, should_stop)
    if fitter.options.annotators == "auto":
        found = _with_leniency(found, should_stop)
    return found


def _with_strengths(found: Likelihood, votes: Pairs, should_stop: Callable[[], None]) -> Likelihood:
    """The same with strengths read the best way."""
    choice, told = found.choice, dict(found.report["strengths"])
    losses: dict[str, float] = {"ignore": _loss(votes, choice)}
    best = found.fitter, choice
    for name in CANDIDATES[1:]:
        other = found.fitter.reading(name)
        tried = choose_strictness(other, start=choice.strictness, should_stop=should_stop)
        losses[name] = _loss(votes, tried)
        if losses[name] < min(list(losses.values())[:-1]):
            told["chosen"], best = name, (other, tried)
    told["losses"] = {name: round(value, 5) for name, value in losses.items()}
    listed = ", ".join(f"{WORDS[name]} {value:.4f}" for name, value in losses.items())
    note = f"Strengths of preferences were {WORDS[told['chosen']]}: held-out log losses were {listed}."
    return Likelihood(*best, found.report | {"strengths": told}, (*found.notes, note))


def _with_skills(found: Likelihood, votes: Pairs, should_stop: Callable[[], None]) -> Likelihood:
    """The same with comparisons read through annotators' skills where that lowers the loss."""
    fitter, choice = found.fitter, found.choice
    if choice.held_out is None:
        return found
    skills = fit_skills(fitter.dataset, fitter.learning, choice.held_out)
    if skills is None:
        return found
    other = fitter.reading(fitter.options.strengths, choice.held_out)
    tried = choose_strictness(other, start=choice.strictness, should_stop=should_stop)
    alike, apart = _loss(votes, choice), _loss(votes, tried)
    used = apart < alike
    note = (
        f"Comparisons of {len(skills.skill)} annotators were "
        f"{'' if used else 'not '}read through each one's care and habit of place: "
        f"held-out log loss {apart:.4f}, all read alike {alike:.4f}."
    )
    read = {"used": used, "losses": _both(alike, apart), "fitted": skills.wire()}
    kept = (other, tried) if used else (fitter, choice)
    return Likelihood(*kept, found.report | {"annotators": read}, (*found.notes, note))


def _with_leniency(found: Likelihood, should_stop: Callable[[], None]) -> Likelihood:
    """The same with ratings and verdicts read through annotators' leniency where that lowers their loss."""
    fitter, choice = found.fitter, found.choice
    dataset, learning = fitter.dataset, fitter.learning
    if choice.held_out is None:
        return found
    leniency = fit_leniency(dataset, learning, choice.held_out)
    if leniency is None:
        return found
    other = fitter.lenient(choice.held_out)
    tried = choose_strictness(other, start=choice.strictness, should_stop=should_stop)
    alike = held_out_loss(dataset, learning, choice.held_out, apart=False)
    apart = None if tried.held_out is None else held_out_loss(dataset, learning, tried.held_out, apart=True)
    if alike is None or apart is None:
        return found
    used = apart < alike
    fitted = leniency.wire()
    note = (
        f"Ratings and verdicts of {len(fitted)} annotators were "
        f"{'' if used else 'not '}read through each one's leniency: "
        f"held-out loss {apart:.4f}, all read alike {alike:.4f}."
    )
    read = {"used": used, "losses": _both(alike, apart), "fitted": fitted}
    kept = (other, tried) if used else (fitter, choice)
    return Likelihood(*kept, found.report | {"ratings": read}, (*found.notes, note))


def _both(alike: float, apart: float) -> dict[str, float]:
    return {"alike": round(alike, 5), "by_annotator": round(apart, 5)}


def _loss(votes: Pairs, tried: Choice) -> float:
    return who_won(votes, cast("Vector", tried.held_out))


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
