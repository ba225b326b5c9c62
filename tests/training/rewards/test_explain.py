from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import task
from training.rewards.data import Message
from training.rewards.explain import MOST
from training.rewards.features.space import GROUPS
from training.rewards.models.linear import fit


@pytest.mark.parametrize("encoder", [False, True])
def test_contributions_add_up_to_the_reward(encoder: bool) -> None:
    dataset = politeness(20)
    groups = {**dict.fromkeys(GROUPS, True), "encoder": encoder}
    model = fit(task(dataset, groups=groups)).model
    for row in dataset.rows[:6]:
        told = model.explain(row)
        total = told.intercept + told.other + sum(part.contribution for part in told.contributions)
        assert total == pytest.approx(float(model.score([row]).reward[0]), abs=1e-6)
        assert len(told.contributions) <= MOST
        for part in told.contributions:
            if part.value is not None and part.weight is not None:
                assert part.value * part.weight == pytest.approx(part.contribution)


def test_the_word_that_matters_is_named(tmp_path: Path) -> None:
    dataset = politeness()
    model = fit(task(dataset)).model
    polite = dataset.rows[0]
    assert "please" in polite[1].text
    shown = [part.feature for part in model.explain(polite).contributions if part.group == "ngrams"]
    assert any("please" in feature for feature in shown)
    assert any("please" in feature["name"] for feature in model.top_features)
    assert model.explain(polite).wire()["contributions"][0].keys() == {
        "feature",
        "group",
        "value",
        "weight",
        "contribution",
    }


@pytest.mark.parametrize("text", ["", " ", "\n\n", "。"])
def test_a_text_without_words_is_explained_too(text: str) -> None:
    model = fit(task(politeness(20))).model
    item = ([Message("user", "Why?")], text, ())
    [told] = model.explain_texts([item])
    total = told.intercept + told.other + sum(part.contribution for part in told.contributions)
    assert total == pytest.approx(float(model.score_texts([item]).reward[0]), abs=1e-6)
