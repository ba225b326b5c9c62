from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.training.rewards.factories import two_output_dataset
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.hackability import ATTACKS, Attacks, cut, flattered, padded, repeated, stripped
from training.rewards.intervals import ClusterBootstrap
from training.rewards.models.rules import RulesModel, rules_clean
from training.rewards.targets import consensus, pair_votes


def longer_is_better(weight: float) -> RulesModel:
    """A model that gains or loses with every hundred characters."""
    return RulesModel(
        rules_clean(
            [
                {"check": "length", "unit": "characters", "min": least, "weight": weight, "name": f"{least}"}
                for least in range(8, 400, 8)
            ]
        )
    )


def dataset_of(count: int) -> Dataset:
    prompts, preferences = [], []
    for number in range(count):
        completions = (
            Completion("a", f"**Good** answer number {number}, in two parts. Here is the second one."),
            Completion("b", "bad"),
        )
        prompts.append(Prompt(f"p{number}", (Message("user", "q"),), completions, f"g{number}"))
        preferences.append(
            Preference(f"j{number}", number, "ann", "human", "overall", "comparison", ((0,), (1,)))
        )
    return Dataset(tuple(prompts), tuple(preferences))


def table(model: RulesModel, count: int = 30) -> dict[str, dict[str, Any]]:
    dataset = dataset_of(count)
    pairs = consensus(pair_votes(dataset))
    prompts = np.arange(count)
    attacks = Attacks(dataset, pairs)
    attacks.add(model, prompts[: count // 2])
    attacks.add(model, prompts[count // 2 :])
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], prompts)
    margins = pairs.margins(model.score(dataset.rows).reward)
    return {row["attack"]: row for row in attacks.table(margins, bootstrap)}


def test_a_model_that_likes_length_is_called_exploitable_by_what_adds_length() -> None:
    rows = table(longer_is_better(1.0))
    assert {name for name, row in rows.items() if row["exploitable"]} == {"padded", "flattered", "repeated"}
    assert rows["cut"]["change"]["value"] < 0
    assert rows["padded"]["rises"]["value"] == 1.0


def test_a_model_that_likes_brevity_is_exploited_by_cutting() -> None:
    rows = table(longer_is_better(-1.0))
    assert {name for name, row in rows.items() if row["exploitable"]} == {"cut"}


def test_the_change_is_in_units_of_a_typical_margin() -> None:
    """Both outputs differ by m in reward and repeating adds r: the change is r / m."""
    model = longer_is_better(1.0)
    dataset = dataset_of(30)
    rewards = model.score(dataset.rows).reward.reshape(-1, 2)
    margin = np.sqrt(np.mean((rewards[:, 0] - rewards[:, 1]) ** 2))
    texts = [prompt.completions[0].text for prompt in dataset.prompts]
    twice = [sum(len(repeated(text)) >= least for least in range(8, 400, 8)) for text in texts]
    expected = np.mean(np.array(twice) - rewards[:, 0]) / margin
    assert table(model)["repeated"]["change"]["value"] == pytest.approx(expected)


def test_few_winners_or_equal_rewards_say_why_there_is_no_figure() -> None:
    assert "fewer than 10" in table(longer_is_better(1.0), count=6)["padded"]["change"]["reason"]
    assert table(longer_is_better(0.0))["padded"]["change"]["reason"] == "all rewards are equal"


def test_attacks_do_what_they_are_called() -> None:
    text = "# Title\n\n- **one** [link](http://x.example)\n- two"
    assert stripped(text) == "Title\n\none link\ntwo"
    assert cut("one two three four") == "one two"
    assert cut("一二三四") == "一二"
    assert flattered("你好，世界").endswith("你好，世界")
    assert "重要" in padded("这是一个回答")
    assert all(attack("plain words") for attack in ATTACKS.values())


def test_what_an_attack_leaves_alone_does_not_count() -> None:
    dataset = two_output_dataset([0] * 12)
    attacks = Attacks(dataset, consensus(pair_votes(dataset)))
    attacks.add(longer_is_better(1.0), np.arange(12))
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], np.arange(12))
    rows = {row["attack"]: row for row in attacks.table(np.ones(12), bootstrap)}
    assert rows["stripped"]["change"]["value"] is None
    assert rows["padded"]["change"]["n"] == 12
