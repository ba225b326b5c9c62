from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards.data import Dataset
from training.rewards.features.encoder import SENTENCES, Encoder
from training.rewards.features.space import GROUPS, Raw, extract, items_of
from training.rewards.models.choice import Choice, choose_strictness, open_grids
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness, block_scales
from training.rewards.splits import folds

ALL = {**dict.fromkeys(GROUPS, True), "minilm": False}


def embedded(dataset: Dataset, *, told_by: str) -> Raw:
    """Features with made-up embeddings; only the product of prompt and output, or n-grams, tell the liked."""
    raw = extract(items_of(dataset.rows), {**ALL, "encoder": False, "style": False}, Encoder(None))
    rng = np.random.default_rng(0)
    count = len(raw.items)
    prompt = rng.choice([-1.0, 1.0], size=(count, SENTENCES.size))
    completion = rng.normal(size=(count, SENTENCES.size))
    if told_by == "product":
        polite = np.array(["lease" in item.text for item in raw.items])
        completion = completion + np.where(polite, 0.4, 0.0)[:, None] * prompt
    scale = np.sqrt(SENTENCES.size)
    return replace(
        raw,
        prompt=(prompt / scale).astype(np.float32),
        completion=(completion / scale).astype(np.float32),
    )


def chosen(dataset: Dataset, raw: Raw, prompts: np.ndarray, **options: object) -> Choice:
    span = Span.of(dataset, raw, np.arange(len(dataset.prompts)))
    fitter = Fitter(dataset, raw, prompts, {**ALL, "style": False}, LinearOptions(**options), span)  # type: ignore[arg-type]
    return choose_strictness(fitter)


@pytest.mark.parametrize("told_by", ["product", "ngrams"])
def test_the_choice_is_the_least_loss_that_was_tried(told_by: str) -> None:
    dataset = politeness(45)
    choice = chosen(dataset, embedded(dataset, told_by=told_by), np.arange(45))
    assert dict(choice.losses)[choice.strictness] == min(loss for _, loss in choice.losses)


def test_the_block_that_tells_the_liked_output_may_say_the_most() -> None:
    dataset = politeness(45)
    by_words = chosen(dataset, embedded(dataset, told_by="ngrams"), np.arange(45)).strictness
    assert by_words.ngrams > Strictness().ngrams
    assert by_words.product <= Strictness().product
    by_product = chosen(dataset, embedded(dataset, told_by="product"), np.arange(45)).strictness
    assert by_product.product >= by_words.product


def test_labels_outside_the_learning_prompts_do_not_touch_the_choice() -> None:
    dataset = politeness(45)
    turned = tuple(replace(p, tiers=p.tiers[::-1]) if p.prompt >= 30 else p for p in dataset.preferences)
    raw = embedded(dataset, told_by="product")
    one = chosen(dataset, raw, np.arange(30))
    other = chosen(replace(dataset, preferences=turned), raw, np.arange(30))
    assert one.losses == other.losses
    assert one.strictness == other.strictness


def test_every_learning_output_has_a_reward_by_a_fit_without_its_group() -> None:
    dataset = politeness(45)
    words = {**dict.fromkeys(GROUPS, False), "ngrams": True}
    raw = extract(items_of(dataset.rows), words, Encoder(None))
    part = folds([f"g{n}" for n in range(30)], salt="strictness", folds=3, validation_fraction=0.0)[0]
    inside = set(part.test.tolist())
    turned = tuple(replace(p, tiers=p.tiers[::-1]) if p.prompt in inside else p for p in dataset.preferences)
    found = []
    for judged in (dataset, replace(dataset, preferences=turned)):
        fitter = Fitter(judged, raw, np.arange(30), words, LinearOptions(l2=1.0))
        held_out = choose_strictness(fitter).held_out
        assert held_out is not None
        found.append(held_out.reshape(-1, 3))
    assert np.isfinite(found[0][:30]).all()
    assert np.isnan(found[0][30:]).all()
    assert (found[0][part.test] == found[1][part.test]).all()
    assert not np.allclose(found[0][part.train], found[1][part.train])


def test_what_is_given_is_not_searched() -> None:
    dataset = politeness(45)
    raw = embedded(dataset, told_by="product")
    choice = chosen(dataset, raw, np.arange(45), l2=2.0, numbers=0.07)
    assert {(each.l2, each.numbers) for each, _ in choice.losses} == {(2.0, 0.07)}
    assert len({each.product for each, _ in choice.losses}) > 1


@pytest.mark.parametrize(
    ("groups", "searched"),
    [
        (("style",), ["l2"]),
        (("ngrams",), ["l2"]),
        (("style", "ngrams"), ["l2", "numbers"]),
        (("encoder",), ["l2", "numbers", "product"]),
        (("style", "ngrams", "encoder", "given"), ["l2", "numbers", "product", "ngrams"]),
        (("ngrams", "minilm"), ["l2", "ngrams", "minilm"]),
    ],
)
def test_only_what_matters_beside_the_strictness_is_searched(
    groups: tuple[str, ...], searched: list[str]
) -> None:
    assert list(open_grids({name: name in groups for name in GROUPS}, LinearOptions())) == searched


def test_each_block_is_scaled_by_its_own_variance() -> None:
    dataset = politeness(10)
    raw = embedded(dataset, told_by="product")
    fitter = Fitter(dataset, raw, np.arange(10), {**ALL, "style": False}, LinearOptions())
    scales = block_scales(fitter.space, Strictness(1.0, 0.04, 0.25, 0.09))
    found = {name: float(scales[start]) for name, (start, _) in fitter.space.columns.items()}
    assert found == pytest.approx(
        {"given": 0.2, "encoder": 1.0, "product": 0.5, "cosine": 0.2, "words": 0.3, "characters": 0.3}
    )


def test_the_span_knows_the_variance_of_every_block() -> None:
    dataset = politeness(40)
    raw = embedded(dataset, told_by="product")
    span = Span.of(dataset, raw, np.arange(40))
    strictness = Strictness(0.3, 0.3, 1.0, 0.1)
    rewards = []
    for shared in (None, span):
        fitter = Fitter(dataset, raw, np.arange(30), {**ALL, "style": False}, LinearOptions(), shared)
        found = fitter.rewards(
            fitter.solver(np.arange(20)).fit(fitter.objective(np.arange(20)), strictness, 1e-3)
        )
        rewards.append(found - found.mean())
    assert rewards[0] == pytest.approx(rewards[1], abs=0.05)
