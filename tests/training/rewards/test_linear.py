from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards import models
from training.rewards.data import Dataset, Message, Preference
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, extract, items_of
from training.rewards.models.base import FitInput
from training.rewards.models.linear import LinearModel, fit
from training.rewards.models.linear_fit import LinearOptions, objective_of
from training.rewards.models.objective import pair_table
from training.rewards.splits import split_groups
from training.rewards.store import ArtifactError

ALL_OF_TWO = np.ones(2, dtype=bool)
PLAIN = {**dict.fromkeys(GROUPS, True), "encoder": False, "minilm": False}


def task(dataset: Dataset, *, groups: dict[str, bool] = PLAIN, **options: object) -> FitInput:
    raw = extract(items_of(dataset.rows), groups, Encoder(None))
    split = split_groups([prompt.group for prompt in dataset.prompts], salt="s", test_fraction=0.25)
    return FitInput(dataset, raw, split, groups, options, 0, None, lambda *_: None, lambda: None)


def liked_first(dataset: Dataset, model: LinearModel, prompts: np.ndarray) -> float:
    rewards = model.score(dataset.rows).reward.reshape(-1, 3)
    return float(np.mean(rewards[prompts].argmax(axis=1) == prompts % 3))


@pytest.mark.parametrize("kind", ["comparison", "ranking", "rating", "verdict"])
def test_what_people_like_is_learned_from_every_kind_of_judgment(kind: str) -> None:
    dataset = politeness(kind=kind)
    job = task(dataset)
    model = fit(job).model
    assert liked_first(dataset, model, job.split.test) == 1.0


def test_rankings_can_be_fitted_as_plackett_luce() -> None:
    dataset = politeness(kind="ranking")
    job = task(dataset, rankings="plackett_luce")
    assert liked_first(dataset, fit(job).model, job.split.test) == 1.0


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fit(task(politeness())).model.save(tmp_path / name)
    for file in ("model.json", "model.safetensors"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_stored_model_scores_as_before(tmp_path: Path) -> None:
    dataset = politeness()
    model = fit(task(dataset)).model
    model.save(tmp_path)
    restored = models.load(tmp_path)
    assert restored.kind == "linear"
    assert (restored.score(dataset.rows).reward == model.score(dataset.rows).reward).all()
    assert restored.top_features == model.top_features


def test_rewards_are_centred_on_the_learning_outputs_and_end_at_a_small_gradient() -> None:
    dataset = politeness()
    job = task(dataset)
    model = fit(job).model
    learning = np.concatenate([job.split.train, job.split.validation])
    rewards = model.score(dataset.rows).reward.reshape(-1, 3)[learning]
    assert rewards.mean() == pytest.approx(0.0, abs=1e-9)
    assert isinstance(model, LinearModel)
    assert model.weights.gradient_norm < 1e-4


def test_every_validation_row_has_a_reward_from_a_fit_without_it() -> None:
    job = task(politeness())
    output = fit(job)
    rows = np.concatenate([np.arange(3 * p, 3 * p + 3) for p in job.split.validation])
    test_rows = np.concatenate([np.arange(3 * p, 3 * p + 3) for p in job.split.test])
    assert np.isfinite(output.validation_rewards[rows]).all()
    assert np.isnan(output.validation_rewards[test_rows]).all()


def test_test_labels_do_not_touch_the_model() -> None:
    dataset = politeness()
    job = task(dataset)
    inside = set(job.split.test.tolist())
    turned = tuple(replace(p, tiers=p.tiers[::-1]) if p.prompt in inside else p for p in dataset.preferences)
    other = task(replace(dataset, preferences=turned))
    assert (fit(job).model.score(dataset.rows).reward == fit(other).model.score(dataset.rows).reward).all()


def test_texts_can_be_scored_without_their_given_numbers() -> None:
    model = fit(task(politeness())).model
    message = (Message("user", "Write about winter"),)
    polite, plain = model.score_texts(
        [(message, "River stone please.", ()), (message, "River stone.", ())]
    ).reward
    assert polite > plain


def preference(prompt: int, tiers: tuple[tuple[int, ...], ...], **more: object) -> Preference:
    return Preference("x", prompt, "ann", "human", "overall", more.pop("kind", "comparison"), tiers, **more)  # type: ignore[arg-type]


def test_each_prompt_weighs_one_however_many_pairs_its_ranking_implies() -> None:
    dataset = politeness(2, kind="none")
    judged = [preference(0, ((0,), (1,), (2,)), kind="ranking"), preference(1, ((0,), (1,)))]
    table = pair_table(replace(dataset, preferences=tuple(judged)), ALL_OF_TWO, np.arange(6))
    assert np.bincount(table.prompt, weights=table.weight) == pytest.approx([1.0, 1.0])


def test_strength_moves_weight_to_the_surer_pair_and_adds_none() -> None:
    dataset = politeness(2, kind="none")
    judged = [preference(0, ((0,), (1,)), strength=3, strengths=3), preference(1, ((0,), (1,)), strengths=3)]
    judged_dataset = replace(dataset, preferences=tuple(judged))
    assert pair_table(judged_dataset, ALL_OF_TWO, np.arange(6)).weight.tolist() == [1.5, 0.5]
    assert pair_table(judged_dataset, ALL_OF_TWO, np.arange(6), "ignore").weight.tolist() == [1.0, 1.0]


def test_best_worst_does_not_tie_the_outputs_between() -> None:
    dataset = politeness(1, kind="none")
    judged = replace(dataset, preferences=(preference(0, ((0,), (1, 2)), kind="best_worst"),))
    table = pair_table(judged, np.ones(1, dtype=bool), np.arange(3))
    assert table.outcome.tolist() == [1, 1]


def test_criteria_are_standardised_and_a_constant_one_is_left_out_with_a_note() -> None:
    dataset = politeness(30, kind="rating")
    constant = tuple(replace(r, id=f"{r.id}-b", question="grammar", value=3.0) for r in dataset.ratings)
    both = replace(dataset, ratings=dataset.ratings + constant)
    objective = objective_of(both, np.arange(30), np.arange(90), LinearOptions())
    alone = objective_of(dataset, np.arange(30), np.arange(90), LinearOptions())
    assert objective.notes == ("every rating of 'grammar' is the same: left out",)
    assert objective.terms[0].at(np.ones(90), 0.0).loss == alone.terms[0].at(np.ones(90), 0.0).loss


def test_a_folder_that_holds_no_model_is_an_artifact_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError):
        models.load(tmp_path)
