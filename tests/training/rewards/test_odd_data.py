"""Whatever people labelled, a run ends with a model, figures or the reason why there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards.data import Dataset, Preference
from training.rewards.experiment import ExperimentResult, run_experiment
from training.rewards.recipe import recipe_clean

SMALL = {"heads": 2, "hidden": 4, "epochs": 2}
MODELS: dict[str, dict[str, Any]] = {
    "linear": {"kind": "linear", "features": {"encoder": False}},
    "ensemble": {"kind": "ensemble", "features": {"encoder": False}, **SMALL},
}


def tied_rankings() -> Dataset:
    dataset = politeness(40, kind="none")
    tiers = (((0, 1), (2,)), ((0,), (1, 2)), ((0, 1, 2),), ((1,), (0,)))
    judged = [
        Preference(str(n), n, "ann", "human", "overall", "ranking", tiers[n % 4])
        for n in range(len(dataset.prompts))
    ]
    return replace(dataset, preferences=tuple(judged))


def one_source() -> Dataset:
    return _texts(politeness(40), lambda text: text, source="only")


def all_ties() -> Dataset:
    dataset = politeness(40)
    return replace(dataset, preferences=tuple(replace(p, tiers=((0, 1),)) for p in dataset.preferences))


def equal_texts() -> Dataset:
    return _texts(politeness(40), lambda _: "The same.")


def empty_texts() -> Dataset:
    return _texts(politeness(40), lambda _: "")


def chinese() -> Dataset:
    dataset = politeness(40)
    words = str.maketrans({letter: chr(0x4E00 + ord(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"})
    return _texts(dataset, lambda text: text.lower().translate(words).replace(" ", ""))


def _texts(dataset: Dataset, change: Callable[[str], str], source: str | None = None) -> Dataset:
    prompts = tuple(
        replace(
            prompt,
            completions=tuple(
                replace(each, text=change(each.text), source=each.source if source is None else source)
                for each in prompt.completions
            ),
        )
        for prompt in dataset.prompts
    )
    return replace(dataset, prompts=prompts)


DATA: dict[str, Callable[[], Dataset]] = {
    "ratings only": lambda: politeness(40, kind="rating"),
    "equal ratings": lambda: _equal_ratings(politeness(40, kind="rating")),
    "verdicts only": lambda: politeness(40, kind="verdict"),
    "rankings with ties": tied_rankings,
    "one source": one_source,
    "25 labels": lambda: _first(politeness(40), 25),
    "all ties": all_ties,
    "equal texts": equal_texts,
    "empty texts": empty_texts,
    "Chinese only": chinese,
}


def _equal_ratings(dataset: Dataset) -> Dataset:
    return replace(dataset, ratings=tuple(replace(each, value=3.0) for each in dataset.ratings))


def _first(dataset: Dataset, labels: int) -> Dataset:
    return replace(dataset, preferences=dataset.preferences[:labels])


def run(dataset: Dataset, model: dict[str, Any]) -> ExperimentResult:
    return run_experiment(
        dataset,
        recipe_clean({"model": model}),
        salt="s",
        cache_dir=None,
        report=lambda *_: None,
        should_stop=lambda: False,
    )


def figures(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "value" in value:
            yield value
        for part in value.values():
            yield from figures(part)
    elif isinstance(value, list):
        for part in value:
            yield from figures(part)


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("data", DATA)
def test_odd_data_give_a_model_and_figures_or_reasons(data: str, kind: str) -> None:
    dataset = DATA[data]()
    result = run(dataset, MODELS[kind])
    json.dumps(result.evaluation, allow_nan=False)
    assert np.isfinite(result.model.score(dataset.rows).reward).all()
    for figure in figures(result.evaluation):
        if "n" not in figure:
            assert figure["value"] is None
            assert figure["reason"]


def test_given_numbers_alone_are_enough_to_learn_from() -> None:
    features = {"style": False, "ngrams": False, "encoder": False, "given": True}
    dataset = politeness(60)
    prompts = tuple(
        replace(
            prompt,
            completions=tuple(
                replace(each, features=(float("please" in each.text), 1.0)) for each in prompt.completions
            ),
        )
        for prompt in dataset.prompts
    )
    result = run(replace(dataset, prompts=prompts), {"kind": "linear", "features": features})
    assert result.evaluation["pairs"]["accuracy"]["value"] > 0.8
    without = run(replace(dataset, prompts=_bare(dataset)), {"kind": "linear", "features": features})
    assert without.evaluation["pairs"]["accuracy"]["value"] == 0.5


def _bare(dataset: Dataset) -> tuple[Any, ...]:
    return tuple(
        replace(prompt, completions=tuple(replace(each, features=()) for each in prompt.completions))
        for prompt in dataset.prompts
    )
