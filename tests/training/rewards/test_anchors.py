"""One scale of rewards for all versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.factories import prompt
from training.rewards import models
from training.rewards.anchors import MOST, Moments, Scale, anchors_draw, anchors_read, anchors_wire
from training.rewards.experiment import run_experiment
from training.rewards.models.anchored import AnchoredModel
from training.rewards.models.base import Fitted
from training.rewards.models.composite import CompositeModel
from training.rewards.models.rules import RulesModel, rules_clean
from training.rewards.recipe import recipe_clean
from training.rewards.store import ArtifactError


def fitted(kind: str) -> Fitted:
    recipe = recipe_clean({"model": {"kind": kind, "features": {"encoder": False}}})
    result = run_experiment(
        politeness(),
        recipe,
        salt="s",
        cache_dir=None,
        report=lambda *_: None,
        should_stop=lambda: False,
    )
    return result.model


def test_rewards_get_the_wanted_mean_and_spread_by_hand() -> None:
    rewards = np.array([1.0, 3.0, 5.0])  # mean 3, population variance 8/3
    own = Moments.of(rewards)
    assert (own.mean, own.spread) == (3.0, pytest.approx((8 / 3) ** 0.5))
    scale, note = Scale.between(own, Moments(-1.0, 2 * own.spread))
    assert (scale, note) == (Scale(2.0, -7.0), "")
    assert (scale.factor * rewards + scale.shift).tolist() == [-5.0, -1.0, 3.0]


def test_a_scale_to_its_own_moments_changes_nothing() -> None:
    own = Moments.of(np.random.default_rng(0).normal(0.1, 3.7, 500))
    assert Scale.between(own, own)[0].identity


@pytest.mark.parametrize(
    ("own", "wanted", "note"),
    [
        (Moments(2.0, 0.0), Moments(0.5, 1.5), "constant"),
        (Moments(2.0, 1.5), Moments(0.5, 0.0), "reference_constant"),
    ],
)
def test_without_a_spread_only_the_mean_is_moved(own: Moments, wanted: Moments, note: str) -> None:
    assert Scale.between(own, wanted) == (Scale(1.0, -1.5), note)


def test_rounding_is_no_spread() -> None:
    assert Moments.of(np.full(100, 0.1) + np.linspace(0, 1e-7, 100)).spread == 0
    assert Moments.of(np.linspace(0, 1e-4, 100)).spread > 0


def test_anchors_are_distinct_at_most_so_many_and_the_same_in_any_order() -> None:
    rows = [
        (one, completion)
        for number in range(400)
        for one in [prompt(number, f"output {number}", f"other {number}", f"output {number}")]
        for completion in one.completions
    ]
    drawn = anchors_draw(rows, salt="s")
    assert len(drawn) == len(set(drawn)) == MOST
    assert anchors_draw(rows[::-1], salt="s") == drawn
    assert anchors_draw(rows, salt="t") != drawn
    assert anchors_read(anchors_wire(drawn)) == drawn
    assert len(anchors_draw(rows[:3], salt="s")) == 2


@pytest.mark.parametrize("kind", ["linear", "ensemble", "rules", "composite"])
def test_a_model_of_any_kind_is_stored_on_its_scale(kind: str, tmp_path: Path) -> None:
    rules = RulesModel(rules_clean([{"check": "terms", "terms": ["please"], "weight": 2}]))
    if kind == "rules":
        own: Fitted = rules
    elif kind == "composite":
        own = CompositeModel((fitted("linear"), rules), np.array([0.5, 1.5]))
    else:
        own = fitted(kind)
    scale = Scale(0.25, -3.0, "f" * 64)
    AnchoredModel(own, scale).save(tmp_path)
    again = models.load(tmp_path)
    assert again.kind == kind
    rows = politeness().rows[:30]
    before, after = own.score(rows), again.score(rows)
    np.testing.assert_allclose(after.reward, 0.25 * before.reward - 3.0, atol=1e-9)
    np.testing.assert_array_equal(np.argsort(after.reward), np.argsort(0.25 * before.reward - 3.0))
    if kind == "ensemble":
        assert before.std is not None
        assert after.std is not None
        np.testing.assert_allclose(after.std, 0.25 * before.std, atol=1e-9)
    texts = [(one.messages, completion.text, completion.features) for one, completion in rows]
    for place, told in enumerate(again.explain_texts(texts)):
        parts = sum(part.contribution for part in told.contributions)
        total = told.intercept + parts + told.other + (told.residual or 0.0)
        assert total == pytest.approx(after.reward[place])
        for part in told.contributions:
            if part.value is not None and part.weight is not None:
                assert part.contribution == pytest.approx(part.value * part.weight)
    weights = [feature["weight"] for feature in own.top_features]
    assert [feature["weight"] for feature in again.top_features] == pytest.approx(
        [0.25 * weight for weight in weights]
    )


def test_files_without_a_scale_are_the_model_itself(tmp_path: Path) -> None:
    own = fitted("linear")
    own.save(tmp_path)
    rows = politeness().rows[:9]
    plain = models.load(tmp_path)
    assert type(plain) is type(own)
    np.testing.assert_array_equal(plain.score(rows).reward, own.score(rows).reward)
    Scale(anchors="f" * 64).save(tmp_path)
    assert type(models.load(tmp_path)) is type(own)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"factor": 0, "shift": 0, "anchors": ""}',
        '{"factor": 1, "shift": NaN, "anchors": ""}',
    ],
)
def test_a_damaged_scale_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "scale.json").write_text(text)
    with pytest.raises(ArtifactError):
        Scale.load(tmp_path)


def test_thresholds_move_with_the_scale_and_those_of_centred_rewards_by_the_factor() -> None:
    outputs = {"target": "rating", "thresholds": [1.0, None]}
    scale = Scale(2.0, 0.5)
    assert scale.evaluation({"outputs": outputs, "pairs": 1}) == {
        "outputs": {"target": "rating", "thresholds": [2.5, None]},
        "pairs": 1,
    }
    centred = scale.evaluation({"outputs": outputs | {"target": "won_more"}})
    assert centred["outputs"]["thresholds"] == [2.0, None]


def test_only_the_prompt_text_and_numbers_make_an_anchor() -> None:
    one = prompt(0, "a")
    other = replace(one, id="p1", group="g1")
    rows = [(one, one.completions[0]), (other, other.completions[0])]
    assert len(anchors_draw(rows, salt="s")) == 1
