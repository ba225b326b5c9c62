from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import task
from training.rewards import models
from training.rewards.data import Dataset
from training.rewards.features.space import Item
from training.rewards.models.base import Cancelled, FitInput
from training.rewards.models.heads import Judged
from training.rewards.models.transformer import NO_FEATURES, TransformerModel, fit
from training.rewards.models.transformer.bundles import Bundles
from training.rewards.models.transformer.checkpoint import Backbone, CheckpointError
from training.rewards.models.transformer.network import score
from training.rewards.models.transformer.tokens import by_length, tokenise
from training.rewards.recipe import recipe_clean


def job(kind: str = "comparison", prompts: int = 24, **changes: Any) -> FitInput:
    wanted = {"epochs": 2, "learning_rate": 3e-4, "max_tokens": 48, **changes}
    options = recipe_clean({"model": {"kind": "transformer", **wanted}}).options
    return task(politeness(prompts, kind=kind), groups=NO_FEATURES, **options)


@pytest.fixture(scope="module")
def tuned() -> TransformerModel:
    model = fit(job()).model
    assert isinstance(model, TransformerModel)
    return model


@pytest.mark.parametrize("kind", ["comparison", "rating", "verdict"])
def test_what_people_like_is_learned_and_holds_on_new_prompts(kind: str) -> None:
    work = job(kind, epochs=3)
    output = fit(work)
    rewards = output.scores.reward[work.raw.index].reshape(-1, 3)
    assert np.mean(rewards[work.split.test].argmax(axis=1) == work.split.test % 3) == 1.0
    learned = rewards[work.split.train]
    assert learned.mean() == pytest.approx(0, abs=1e-5)
    scored = np.isfinite(output.validation_rewards).reshape(-1, 3).all(axis=1)
    assert np.flatnonzero(scored).tolist() == work.split.validation.tolist()


def test_adapters_learn_too_and_are_merged_into_the_weights(tmp_path: Path) -> None:
    work = job(adaptation="lora", lora_rank=4, learning_rate=2e-3, epochs=3)
    model = fit(work).model
    rewards = model.score(work.dataset.rows).reward
    grouped = rewards.reshape(-1, 3)
    assert np.mean(grouped[work.split.test].argmax(axis=1) == work.split.test % 3) == 1.0
    model.save(tmp_path)
    again = models.load(tmp_path).score(work.dataset.rows).reward
    np.testing.assert_allclose(again, rewards, atol=1e-5)


def test_a_saved_model_scores_as_before_in_two_safe_files(tuned: TransformerModel, tmp_path: Path) -> None:
    rows = politeness(6).rows
    tuned.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.safetensors"]
    np.testing.assert_allclose(models.load(tmp_path).score(rows).reward, tuned.score(rows).reward, atol=1e-6)


def test_rewards_do_not_change_with_company_or_padding(tuned: TransformerModel) -> None:
    items = [Item("a question", "word " * length) for length in (1, 3, 40, 7, 2)] + [Item("", "please, 好的")]
    together = tuned.score_items(items).reward
    alone = np.array([tuned.score_items([item]).reward[0] for item in items])
    backwards = tuned.score_items(items[::-1]).reward[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(together, backwards, atol=1e-5)


def test_a_killed_fit_goes_on_where_it_stood_and_ends_the_same(tmp_path: Path) -> None:
    work = replace(job(epochs=3, patience=5), work_dir=tmp_path / "whole")
    whole = fit(work)
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls > 8:
            raise Cancelled

    with pytest.raises(Cancelled):
        fit(replace(work, work_dir=tmp_path / "killed", check=stop))
    told: list[float] = []
    resumed = fit(replace(work, work_dir=tmp_path / "killed", report=lambda done, *_: told.append(done)))
    assert told[0] > 1 / 3  # the first epoch was not walked again
    assert [point["step"] for point in resumed.curve] == [1, 2, 3]
    np.testing.assert_allclose(resumed.scores.reward, whole.scores.reward, atol=1e-5)


def test_a_course_of_other_data_is_not_taken_up(tmp_path: Path) -> None:
    fit(replace(job(epochs=1), work_dir=tmp_path))
    other = fit(replace(job(prompts=30, epochs=1), work_dir=tmp_path))
    assert [point["step"] for point in other.curve] == [1]


@pytest.mark.parametrize("start", ["linear", "ratings"])
def test_a_regression_start_teaches_before_the_comparisons(start: str) -> None:
    rated = politeness(24, kind="rating")
    compared = politeness(24)
    both = Dataset(compared.prompts, compared.preferences, rated.ratings)
    options = recipe_clean(
        {
            "model": {
                "kind": "transformer",
                "start": start,
                "epochs": 1,
                "learning_rate": 3e-4,
                "max_tokens": 48,
            }
        }
    ).options
    work = task(both, **options)
    rewards = fit(work).scores.reward[work.raw.index].reshape(-1, 3)
    assert np.mean(rewards[work.split.test].argmax(axis=1) == work.split.test % 3) >= 0.75


def test_gradients_are_those_of_finite_differences(tuned: TransformerModel) -> None:
    """Of the whole loss in the head's weights, which enter it linearly through the rewards."""
    from training.rewards.models.transformer.bundles import Step
    from training.rewards.models.transformer.tuning import Tuning, step_loss

    work = job()
    tokens = tuned.tokens(work.raw.items)
    judged = Judged.of(work.dataset, work.split.train, work.raw.index, "scale")
    pairs = np.arange(4)
    items = np.unique(np.concatenate([judged.first[pairs], judged.second[pairs]]))
    step = Step(items, pairs, np.zeros(0, dtype=np.int64))
    network, base = tuned.network.eval(), np.zeros(len(work.raw.items))

    def loss() -> torch.Tensor:
        return step_loss(network, tokens, judged, step, base, Tuning(precision="float32"))

    value = loss()
    (gradient,) = torch.autograd.grad(value, [network.head.weight])
    for place in (0, 100, 383):
        ends = []
        for sign in (1, -1):
            with torch.no_grad():
                network.head.weight[0, place] += sign * 1e-2
                ends.append(float(loss()))
                network.head.weight[0, place] -= sign * 1e-2
        assert (ends[0] - ends[1]) / 2e-2 == pytest.approx(float(gradient[0, place]), abs=2e-4)


def test_steps_hold_whole_prompts_and_meet_every_judgment_once_an_epoch() -> None:
    work = job()
    judged = Judged.of(work.dataset, work.split.train, work.raw.index, "scale")
    lengths = np.arange(1, len(work.raw.items) + 1)
    steps = Bundles(judged, lengths).epoch(9, np.random.default_rng(0))
    met = np.concatenate([step.pairs for step in steps])
    assert sorted(met.tolist()) == list(range(len(judged.first)))
    for step in steps:
        inside = set(step.items.tolist())
        assert len(inside) <= 9
        assert {*judged.first[step.pairs].tolist(), *judged.second[step.pairs].tolist()} <= inside


def test_a_set_of_shared_texts_is_cut_anew_each_epoch() -> None:
    ends = np.array([(i, j) for i in range(12) for j in range(i)], dtype=np.int64).T
    ones = np.ones(ends.shape[1])
    nothing = np.zeros(0, dtype=np.int64)
    judged = Judged(
        ends[0], ends[1], ones, ones, nothing, nothing, np.zeros(0), np.zeros(0), nothing, logistic=False
    )
    bundles, random = Bundles(judged, np.ones(12, dtype=np.int64)), np.random.default_rng(0)
    met = [np.concatenate([step.pairs for step in bundles.epoch(4, random)]) for _ in range(30)]
    assert all(len(np.unique(epoch)) == len(epoch) == 18 for epoch in met)
    assert len(np.unique(np.concatenate(met))) == ends.shape[1]


def test_long_texts_keep_the_end_of_the_prompt_and_the_beginning_of_the_output() -> None:
    tokenizer = Backbone.pretrained("minilm").tokenizer
    prompt = " ".join(f"asked{number}" for number in range(500))
    text = " ".join(f"said{number}" for number in range(500))
    tokens = tokenise(tokenizer, [Item(prompt, text), Item("hi", "yes")], 64, causal=False)
    read = tokenizer.decode(tokens.ids[0])
    assert tokens.truncated == 1
    assert max(tokens.lengths) <= 64
    assert "asked499" in read and "asked0 " not in read
    assert "said0" in read and "said499" not in read


def test_batches_of_like_lengths_hold_every_item_once_within_the_budget() -> None:
    lengths = np.array([5, 100, 7, 3, 64, 64])
    batches = list(by_length(lengths, 128))
    assert sorted(np.concatenate(batches).tolist()) == list(range(6))
    assert all(lengths[batch].max() * len(batch) <= 128 for batch in batches)


def test_a_causal_model_is_read_at_its_last_token(tmp_path: Path) -> None:
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2Config, Qwen2Model, Qwen2Tokenizer

    vocabulary = {letter: place for place, letter in enumerate(sorted(ByteLevel.alphabet()))}
    Qwen2Tokenizer(vocab=vocabulary, merges=[]).save_pretrained(tmp_path)
    config = Qwen2Config(
        vocab_size=300, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1,
    )  # fmt: skip
    Qwen2Model(config).save_pretrained(tmp_path)
    work = job(checkpoint=str(tmp_path), epochs=1)
    model = fit(work).model
    assert isinstance(model, TransformerModel)
    assert model.backbone.causal
    rewards = model.score_items(
        [Item("question", "please"), Item("question", "river no river no please")]
    ).reward
    alone = model.score_items([Item("question", "please")]).reward
    assert rewards[0] == pytest.approx(alone[0], abs=1e-6)
    tokens = model.tokens([Item("question", "please")])
    assert score(model.network, tokens)[0] - model.centre == pytest.approx(alone[0], abs=1e-6)


def test_an_unknown_checkpoint_says_what_is_wrong() -> None:
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        fit(job(checkpoint="/nowhere/at-all"))
