from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import task
from training.rewards import models
from training.rewards.models.base import Cancelled, FitInput
from training.rewards.models.choice import choose_strictness
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.recipe import recipe_clean


def job(kind: str = "comparison", *, seed: int = 0, **changes: Any) -> FitInput:
    options = {**recipe_clean({"model": {"kind": "ensemble", "epochs": 3, "heads": 3, "hidden": 8}}).options}
    made = task(politeness(40, kind=kind), **options)
    return FitInput(**{**vars(made), "seed": seed, **changes})


@pytest.mark.parametrize("kind", ["comparison", "rating", "verdict"])
def test_what_people_like_is_still_learned(kind: str) -> None:
    work = job(kind)
    rewards = models.fit("ensemble", work).model.score(work.dataset.rows).reward.reshape(-1, 3)
    test = work.split.test
    assert np.mean(rewards[test].argmax(axis=1) == test % 3) == 1.0


def test_training_starts_at_the_linear_model_and_reports_each_epoch() -> None:
    told: list[dict[str, Any]] = []
    work = job(report=lambda _, __, point: told.append(point) if point else None)
    output = models.fit("ensemble", work)
    assert told == list(output.curve)
    assert [point["step"] for point in told] == [0, 1, 2, 3]
    held_out = choose_strictness(fitter_of(work)).held_out
    assert held_out is not None
    rewards = held_out.reshape(-1, 3)
    validation = set(work.split.validation.tolist())
    margins = [
        rewards[p.prompt, p.tiers[0][0]] - rewards[p.prompt, p.tiers[1][0]]
        for p in work.dataset.preferences
        if p.prompt in validation
    ]
    assert told[0]["validation_loss"] == pytest.approx(
        float(np.mean(np.logaddexp(0, -np.array(margins)))), rel=1e-4
    )


def fitter_of(work: FitInput) -> Fitter:
    learning = np.sort(np.concatenate([work.split.train, work.split.validation]))
    return Fitter(work.dataset, work.raw, learning, work.groups, LinearOptions())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        models.fit("ensemble", job(seed=seed)).model.save(tmp_path / name)
    one, two, three = (
        (tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two", "three")
    )
    assert one == two != three


def test_a_stored_ensemble_scores_and_explains_as_before(tmp_path: Path) -> None:
    work = job()
    model = models.fit("ensemble", work).model
    model.save(tmp_path)
    restored = models.load(tmp_path)
    before, after = model.score(work.dataset.rows), restored.score(work.dataset.rows)
    assert before.std is not None
    assert after.std is not None
    assert (before.reward == after.reward).all()
    assert (before.std == after.std).all()
    assert (before.std > 0).any()
    told = restored.explain(work.dataset.rows[0])
    assert told.residual is not None
    total = (
        told.intercept + told.other + told.residual + sum(part.contribution for part in told.contributions)
    )
    assert total == pytest.approx(float(after.reward[0]), abs=1e-6)


def test_rewards_are_centred_on_the_training_outputs() -> None:
    work = job()
    rewards = models.fit("ensemble", work).model.score(work.dataset.rows).reward.reshape(-1, 3)
    learning = np.concatenate([work.split.train, work.split.validation])
    assert rewards[learning].mean() == pytest.approx(0.0, abs=1e-9)


def test_a_cancelled_fit_stops() -> None:
    def stop() -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        models.fit("ensemble", job(check=stop))
