from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import PLAIN, task
from tests.training.rewards.test_textbook import GIVEN, numbered
from training.rewards.data import Dataset
from training.rewards.models.base import FitInput, FitOutput
from training.rewards.models.linear import LinearModel, fit
from training.rewards.models.linear_fit import Fitter
from training.rewards.models.warm import STARTED, carried


def grown(dataset: Dataset, prompts: int) -> Dataset:
    """The judgments on the first prompts alone."""
    return replace(
        dataset,
        prompts=dataset.prompts[:prompts],
        preferences=tuple(each for each in dataset.preferences if each.prompt < prompts),
        ratings=tuple(each for each in dataset.ratings if each.prompt < prompts),
    )


def later(dataset: Dataset, old: FitOutput | None, groups: dict[str, bool], **options: object) -> FitOutput:
    job: FitInput = task(dataset, groups=groups, **options)
    return fit(replace(job, start=None if old is None else old.model))


def test_a_warm_start_ends_where_a_cold_one_does_and_says_that_it_was_one() -> None:
    dataset = politeness(90)
    old = later(grown(dataset, 80), None, PLAIN)
    cold, warm = (later(dataset, start, PLAIN) for start in (None, old))
    rewards = [output.model.score(dataset.rows).reward for output in (cold, warm)]
    assert rewards[1] == pytest.approx(rewards[0], abs=1e-4)
    assert np.abs(old.model.score(dataset.rows).reward - rewards[0]).max() > 1e-2
    assert STARTED in warm.notes
    assert STARTED not in cold.notes


def test_ratings_in_their_own_units_are_carried_over_too() -> None:
    dataset = numbered(60)
    options = {"loss": "squared", "l2": 1.0, "numbers": 1.0}
    old = later(grown(dataset, 50), None, GIVEN, **options)
    cold, warm = (later(dataset, start, GIVEN, **options) for start in (None, old))
    rewards = [output.model.score(dataset.rows).reward for output in (cold, warm)]
    assert rewards[1] == pytest.approx(rewards[0], abs=1e-4)


@pytest.mark.parametrize("options", [{}, {"loss": "squared"}])
def test_carried_weights_give_the_rewards_they_gave(options: dict[str, str]) -> None:
    dataset = numbered(60) if options else politeness(60)
    groups = GIVEN if options else PLAIN
    old = later(grown(dataset, 40), None, groups, **options).model
    assert isinstance(old, LinearModel)
    job = task(dataset, groups=groups)
    fitter = Fitter(dataset, job.raw, np.arange(60), groups, old.options)
    weights = carried(old.space, old.weights, fitter)
    assert weights is not None
    again = fitter.rewards(fitter.in_units(weights))[job.raw.index]
    shift = again - old.score(dataset.rows).reward
    assert shift == pytest.approx(np.full(len(shift), shift[0]), abs=1e-9)


def test_other_features_are_not_carried_over() -> None:
    dataset = politeness(60)
    old = later(dataset, None, PLAIN).model
    assert isinstance(old, LinearModel)
    fewer = {**PLAIN, "style": False}
    job = task(dataset, groups=fewer)
    assert (
        carried(old.space, old.weights, Fitter(dataset, job.raw, np.arange(60), fewer, old.options)) is None
    )
    assert STARTED not in fit(replace(job, start=old)).notes
