"""Models of annotators: Dawid-Skene, worker-aware Bradley-Terry, pairs with their differences integrated out, ratings.

crowd-kit is measured beside ours where it is installed; it is no dependency (it asks for older packages: put it into
an environment of its own and run this module there with this repository on PYTHONPATH). Its models are run with the
iterations that its own documentation uses; how well each finds what was simulated stands beside the seconds.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from annotation.agreement.rows import JudgmentRow
from annotation.annotators.bias import bias_report
from annotation.annotators.bradley_terry import bradley_terry
from annotation.annotators.dawid_skene import dawid_skene
from annotation.annotators.pairwise import pairwise_fit
from annotation.annotators.ratings import rating_model
from annotation.annotators.report import annotator_models
from annotation.annotators.votes import Votes
from annotation.questions import question_clean
from benchmarks.machine import describe_machine, output_argument, time_repeats, write_result

UNITS, OVERLAP, POOL, CATEGORIES = 200_000, 5, 50, 5
OBJECTS, WORKERS = 50, 20
PEER_LIMIT = 60_000  # comparisons up to which the peer is waited for


def peer(name: str) -> Any:
    """A model of crowd-kit, None where it is not installed."""
    if importlib.util.find_spec("crowdkit") is None:
        return None
    return getattr(importlib.import_module("crowdkit.aggregation"), name)


def labels() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A million labels: 70 % are the unit's own category, the rest are random."""
    random = np.random.default_rng(3)
    true = random.integers(0, CATEGORIES, UNITS)
    guess = random.integers(0, CATEGORIES, (UNITS, OVERLAP))
    said = np.where(random.random((UNITS, OVERLAP)) < 0.7, true[:, None], guess)
    worker = random.integers(0, POOL, (UNITS, OVERLAP))
    return np.repeat(np.arange(UNITS), OVERLAP), worker.ravel(), said.ravel(), true


def measure_dawid_skene(repeats: int) -> dict[str, Any]:
    """A million labels by 50 annotators."""
    unit, worker, said, true = labels()
    fit = dawid_skene(unit, worker, said)
    entry: dict[str, Any] = {
        "labels": len(unit),
        "ours": time_repeats(partial(dawid_skene, unit, worker, said), repeats),
        "iterations": fit.iterations,
        "change": fit.change,
        "accuracy": float((fit.posterior.argmax(axis=1) == true).mean()),
        "crowd_kit": None,
    }
    model = peer("DawidSkene")
    if model is not None:
        table = importlib.import_module("pandas").DataFrame({"task": unit, "worker": worker, "label": said})
        found = model(n_iter=100).fit_predict(table).reindex(range(UNITS)).to_numpy()
        entry["crowd_kit"] = {
            "accuracy": float((found == true).mean()),
            **time_repeats(lambda: model(n_iter=100).fit_predict(table), repeats),
        }
    return entry


def comparisons(number: int) -> dict[str, np.ndarray]:
    """Comparisons of 50 objects by 20 people: one careless, one reversed, one who takes the first."""
    random = np.random.default_rng(3)
    ability = random.normal(size=OBJECTS)
    first = random.integers(0, OBJECTS, number)
    second = (first + random.integers(1, OBJECTS, number)) % OBJECTS
    worker, shown = random.integers(0, WORKERS, number), random.choice([-1, 1], number)
    beta, position = np.ones(WORKERS), np.zeros(WORKERS)
    beta[:2], position[2] = [0, -1], 2
    x = beta[worker] * (ability[first] - ability[second]) + position[worker] * shown
    won = random.random(number) < 1 / (1 + np.exp(-x))
    return {
        "ability": ability,
        "first": first,
        "second": second,
        "worker": worker,
        "shown": shown,
        "outcome": np.where(won, 1, -1),
    }


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's correlation."""
    return float(np.corrcoef(one, other)[0, 1])


def measure_bradley_terry(number: int, repeats: int) -> dict[str, Any]:
    """Abilities, and what is estimated of each worker, proven by the gradient."""
    data = comparisons(number)
    run: Callable[[], Any] = partial(
        bradley_terry, data["first"], data["second"], data["outcome"], data["worker"], shown=data["shown"]
    )
    fit = run()
    entry: dict[str, Any] = {
        "comparisons": number,
        "objects": OBJECTS,
        "workers": WORKERS,
        "ours": time_repeats(run, repeats),
        "gradient_norm": fit.gradient_norm,
        "correlation_with_truth": correlation(data["ability"], fit.ability),
        "crowd_kit": None,
    }
    model = peer("NoisyBradleyTerry")
    if model is not None and number <= PEER_LIMIT:
        winner = np.where(data["outcome"] > 0, data["first"], data["second"])
        table = importlib.import_module("pandas").DataFrame(
            {"worker": data["worker"], "left": data["first"], "right": data["second"], "label": winner}
        )
        found = model(n_iter=10, random_state=0).fit_predict(table).reindex(range(OBJECTS)).to_numpy()
        timing = time_repeats(lambda: model(n_iter=10, random_state=0).fit_predict(table), repeats)
        entry["crowd_kit"] = {"correlation_with_truth": correlation(data["ability"], found), **timing}
        entry["times_faster"] = round(timing["median_seconds"] / entry["ours"]["median_seconds"], 1)
    return entry


def votes(units: int) -> tuple[Votes, np.ndarray]:
    """Three votes on each of `units` pairs by 50 people, and which side is better."""
    random = np.random.default_rng(5)
    unit = np.repeat(np.arange(units), 3)
    worker, shown = random.integers(0, POOL, len(unit)), random.choice([-1, 1], len(unit))
    longer, difference = random.choice([-1, 1], units), random.normal(size=units)
    beta = np.where(np.arange(POOL) < 10, 0.0, 2.0)
    position = np.where(np.arange(POOL) < 5, 3.0, 0.0)
    x = beta[worker] * difference[unit] + position[worker] * shown
    outcome = np.where(random.random(len(unit)) < 1 / (1 + np.exp(-x)), 1, -1)
    weight = np.ones(len(unit))
    made = Votes(unit, worker, outcome, shown, longer[unit], weight, np.arange(len(unit)), units, POOL)
    return made, np.where(difference > 0, 1, -1)


def measure_pairwise(units: int, repeats: int) -> dict[str, Any]:
    """Pairs that three people saw each, a fifth of the people careless; beside the majority."""
    made, better = votes(units)
    fit = pairwise_fit(made)
    total = np.bincount(made.unit, made.outcome, minlength=units)
    return {
        "votes": len(made.unit),
        "annotators": POOL,
        "ours": time_repeats(partial(pairwise_fit, made), repeats),
        "gradient_norm": fit.gradient_norm,
        "iterations": fit.iterations,
        "accuracy": float(((fit.first_better > 0.5) == (better > 0)).mean()),
        "accuracy_of_majority": float(((total > 0) == (better > 0)).mean()),
    }


def measure_ratings(repeats: int) -> dict[str, Any]:
    """Three scores on each of 100,000 outputs by 50 people of their own means and scales."""
    random = np.random.default_rng(6)
    units = 100_000
    unit, worker = np.repeat(np.arange(units), 3), random.integers(0, POOL, 3 * units)
    value, offset, scale = (
        random.normal(size=units),
        random.normal(size=POOL) / 2,
        np.exp(random.normal(size=POOL) / 3),
    )
    score = offset[worker] + scale[worker] * value[unit] + 0.6 * random.normal(size=len(unit))
    fit = rating_model(unit, worker, score)
    return {
        "scores": len(unit),
        "ours": time_repeats(partial(rating_model, unit, worker, score), repeats),
        "iterations": fit.iterations,
        "correlation_with_truth": correlation(value, fit.value),
        "correlation_of_the_mean": correlation(value, np.bincount(unit, score)),
    }


def measure_report(repeats: int) -> dict[str, Any]:
    """What the page asks for: all models with held-out comparison, and habits, of 50,000 judgments."""
    made, _ = votes(16_667)
    rows = [
        JudgmentRow(
            f"p{unit:06d}",
            ("a", "b"),
            (20, 10) if longer > 0 else (10, 20),
            f"annotator-{worker:02d}",
            "human",
            {"overall": {"choice": "a" if outcome > 0 else "b"}},
            ["a", "b"] if shown > 0 else ["b", "a"],
            1000 + index % 9000,
            float(index),
        )
        for index, (unit, worker, outcome, shown, longer) in enumerate(
            zip(
                *(
                    part.tolist()
                    for part in (made.unit, made.annotator, made.outcome, made.shown, made.longer)
                ),
                strict=True,
            )
        )
    ]
    questions = [question_clean({"name": "overall", "kind": "comparison"})]
    return {
        "judgments": len(rows),
        "models": time_repeats(partial(annotator_models, rows, questions), repeats),
        "habits": time_repeats(partial(bias_report, rows, questions), repeats),
    }


def main() -> None:
    """Run all and write one document."""
    parser = output_argument(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    repeats = arguments.repeats
    result = {
        "benchmark": "trust",
        "machine": describe_machine(["numpy", "scipy", "crowd-kit"]),
        "dawid_skene": measure_dawid_skene(repeats),
        "bradley_terry": [measure_bradley_terry(number, repeats) for number in (10_000, 1_000_000)],
        "pairwise": [measure_pairwise(units, repeats) for units in (3_333, 16_667, 66_667)],
        "ratings": measure_ratings(repeats),
        "report": measure_report(repeats),
    }
    write_result(result, arguments.out)


if __name__ == "__main__":
    main()
