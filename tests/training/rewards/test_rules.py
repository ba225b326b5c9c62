from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import task
from training.rewards import models
from training.rewards.models.rules import NO_FEATURES, RuleError, RulesModel, fit, rules_clean
from training.rewards.recipe import RecipeError, recipe_clean, recipe_wire

POLITE = {"check": "terms", "terms": ["please"], "weight": 2.0, "name": "says please"}


def outcome(text: str, **rule: Any) -> tuple[bool, list[str]]:
    found = rules_clean([rule])[0].apply(text)
    return found.holds, [text[start:end] for start, end in found.hits]


@pytest.mark.parametrize(
    ("rule", "text", "holds", "hits"),
    [
        ({"check": "length", "min": 2, "max": 3}, "one two three", True, []),
        ({"check": "length", "max": 2}, "one two three", False, []),
        ({"check": "length", "min": 3, "max": 3}, "你好吗", True, []),
        ({"check": "length", "max": 3, "unit": "characters"}, "four", False, []),
        ({"check": "pattern", "pattern": r"\d+"}, "10 and 20", True, ["10", "20"]),
        ({"check": "pattern", "pattern": "TODO", "expect": "absent"}, "todo", True, []),
        (
            {"check": "pattern", "pattern": "TODO", "ignore_case": True, "expect": "absent"},
            "todo",
            False,
            ["todo"],
        ),
        ({"check": "terms", "terms": ["art"], "expect": "none"}, "a party", True, []),
        ({"check": "terms", "terms": ["Art"], "expect": "none"}, "the art of", False, ["art"]),
        ({"check": "terms", "terms": ["a", "b"], "expect": "all"}, "a c", False, ["a"]),
        ({"check": "terms", "terms": ["退款"]}, "请退款给我", True, ["退款"]),
        ({"check": "terms", "terms": ["C++"]}, "I like C++!", True, ["C++"]),
        ({"check": "json"}, '```json\n{"a": 1}\n```', True, []),
        ({"check": "json", "keys": ["b"]}, '{"a": 1}', False, []),
        ({"check": "json"}, "{a: 1}", False, []),
        ({"check": "repetition", "size": 2, "most": 0.4}, "no no no no", False, []),
        ({"check": "repetition"}, "every word is new here today", True, []),
        ({"check": "refusal"}, "I'm sorry, but I can't help with that.", False, ["I'm sorry, but I can't"]),
        ({"check": "refusal"}, "很抱歉，我无法回答。", False, ["很抱歉，我无法"]),
        ({"check": "refusal"}, "You can't divide by zero.", True, []),
        (
            {"check": "refusal", "expect": "present"},
            "I cannot assist with weapons.",
            True,
            ["I cannot assist"],
        ),
    ],
)
def test_a_check_holds_and_shows_where(rule: dict[str, Any], text: str, holds: bool, hits: list[str]) -> None:
    assert outcome(text, **rule) == (holds, hits)


def test_a_pattern_that_takes_for_ever_is_cut_off_and_does_not_hold() -> None:
    assert outcome("a" * 60 + "!", check="pattern", pattern=r"(a|aa)+$") == (False, [])


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([], "rules"),
        ([{"check": "magic"}], "rules.0.check"),
        ([POLITE, {"check": "length"}], "rules.1.min"),
        ([{"check": "length", "min": 5, "max": 2}], "rules.0.max"),
        ([{"check": "pattern", "pattern": "("}], "rules.0.pattern"),
        ([{"check": "terms", "terms": []}], "rules.0.terms"),
        ([{**POLITE, "weight": 1e9}], "rules.0.weight"),
        ([{**POLITE, "wait": 1}], "rules.0.wait"),
        ([{"check": "json", "keys": "a"}], "rules.0.keys"),
        ([{"check": "repetition", "most": 2}], "rules.0.most"),
    ],
)
def test_rules_that_cannot_be_used_are_named_by_their_place(rules: Any, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules_clean(rules)
    assert path in caught.value.fields


def job(**options: Any) -> Any:
    made = recipe_clean({"model": {"kind": "rules", "rules": [POLITE], **options}})
    return task(politeness(40), groups=NO_FEATURES, **made.options)


def test_the_reward_is_the_weight_of_what_holds_and_its_explanation_adds_up() -> None:
    model = fit(job()).model
    dataset = politeness(4)
    rewards = model.score(dataset.rows).reward
    texts = [completion.text for _, completion in dataset.rows]
    assert rewards.tolist() == [2.0 if "please" in text else 0.0 for text in texts]
    for row, reward in zip(dataset.rows, rewards, strict=True):
        explanation = model.explain(row)
        assert sum(part.contribution for part in explanation.contributions) == reward


def test_fitted_weights_say_what_each_rule_is_worth() -> None:
    useless = {"check": "length", "min": 1, "weight": 3.0}
    harmful = {**POLITE, "weight": -5.0}
    work = job(rules=[harmful, useless], weights="fitted")
    output = fit(work)
    assert isinstance(output.model, RulesModel)
    please, length = (rule.weight for rule in output.model.rules)
    assert please > 0.5
    assert length == pytest.approx(0, abs=1e-6)
    assert np.isfinite(output.validation_rewards.reshape(-1, 3)[work.split.validation]).all()


def test_a_saved_model_scores_as_before(tmp_path: Path) -> None:
    model = fit(job()).model
    model.save(tmp_path)
    rows = politeness(5).rows
    assert models.load(tmp_path).score(rows).reward.tolist() == model.score(rows).reward.tolist()


def test_a_recipe_names_the_place_of_a_wrong_rule_and_writes_every_default() -> None:
    with pytest.raises(RecipeError, match=r"rules\.0\.pattern"):
        recipe_clean({"model": {"kind": "rules", "rules": [{"check": "pattern", "pattern": "["}]}})
    recipe = recipe_clean({"model": {"kind": "rules", "rules": [{"check": "refusal"}]}})
    assert recipe_clean(recipe_wire(recipe)) == recipe
