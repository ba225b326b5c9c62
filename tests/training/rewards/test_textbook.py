"""Settings out of a textbook: mean squared error on ratings, Adam at .01, ten epochs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_experiment import run
from tests.training.rewards.test_linear import PLAIN
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt, Rating
from training.rewards.experiment import NotEnoughLabels
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, extract, items_of
from training.rewards.models.base import FitInput, FitOutput
from training.rewards.models.linear import LinearModel, fit
from training.rewards.recipe import RecipeError, recipe_clean, recipe_wire
from training.rewards.splits import Split

GIVEN = {**dict.fromkeys(GROUPS, False), "given": True}
ADAM = {"loss": "squared", "optimizer": "adam", "learning_rate": 0.01, "epochs": 10, "batch_size": 32}
SLOPES = np.array([2.0, -1.0, 0.5, 0.0, 1.5, 0.0, -0.5, 1.0, 0.0, 3.0])


def numbered(prompts: int = 60, *, seed: int = 3, scale: float = 1.0) -> Dataset:
    """Three outputs a prompt, ten given numbers each, rated by a line through the numbers."""
    rng = np.random.default_rng(seed)
    made, ratings = [], []
    for number in range(prompts):
        given = rng.normal(size=(3, 10)) * np.linspace(0.5, 40, 10) + 7
        completions = tuple(
            Completion(f"c{place}", f"output {number} {place}", "", tuple(values.tolist()))
            for place, values in enumerate(given)
        )
        made.append(Prompt(f"p{number}", (Message("user", f"q{number}"),), completions, f"g{number}"))
        scores = scale * (50 + ((given - 7) / np.linspace(0.5, 40, 10)) @ SLOPES + rng.normal(size=3))
        ratings += [
            Rating(
                f"r{number}-{place}", number, place, "ann", "human", "quality", float(score), 0, 100 * scale
            )
            for place, score in enumerate(scores)
        ]
    return Dataset(tuple(made), (), tuple(ratings))


def fitted(
    dataset: Dataset,
    split: Split | None = None,
    *,
    seed: int = 0,
    groups: dict[str, bool] = GIVEN,
    **options: Any,
) -> FitOutput:
    every, nothing = np.arange(len(dataset.prompts)), np.zeros(0, dtype=np.int64)
    raw = extract(items_of(dataset.rows), groups, Encoder(None))
    chosen = recipe_clean({"model": {"kind": "linear", "features": groups, **ADAM, **options}}).options
    parts = Split(every, nothing, nothing) if split is None else split
    return fit(FitInput(dataset, raw, parts, groups, chosen, seed, None, lambda *_: None, lambda: None))


def torch_loop(dataset: Dataset, *, seed: int, epochs: int = 10, batch: int = 32) -> tuple[Any, list[float]]:
    """The same by hand: predictions of every output, and the mean squared error before and after each epoch."""
    given = np.array([completion.features for _, completion in dataset.rows])
    target = np.array([rating.value for rating in dataset.ratings])
    x = torch.tensor((given - given.mean(axis=0)) / given.std(axis=0))
    y = torch.tensor((target - target.mean()) / target.std())
    model = torch.nn.Linear(10, 1).double()
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    loss = torch.nn.MSELoss()
    rng = np.random.default_rng(seed)
    losses = [float(loss(model(x)[:, 0], y).detach()) * target.var()]
    for _ in range(epochs):
        for places in torch.tensor(rng.permutation(len(y))).split(batch):
            optimiser.zero_grad()
            loss(model(x[places])[:, 0], y[places]).backward()
            optimiser.step()
        losses.append(float(loss(model(x)[:, 0], y).detach()) * target.var())
    return model(x)[:, 0].detach().numpy() * target.std() + target.mean(), losses


@pytest.mark.parametrize("seed", [0, 5])
def test_adam_on_ten_given_numbers_is_the_torch_loop_written_by_hand(seed: int) -> None:
    dataset = numbered()
    output = fitted(dataset, seed=seed)
    expected, losses = torch_loop(dataset, seed=seed)
    assert output.model.score(dataset.rows).reward == pytest.approx(expected, abs=1e-5)
    assert [point["train_loss"] for point in output.curve] == pytest.approx(losses, rel=1e-6)
    assert [point["step"] for point in output.curve] == list(range(11))


def test_many_epochs_end_at_the_least_squares_solution() -> None:
    dataset = numbered(100)
    given = np.array([completion.features for _, completion in dataset.rows])
    target = np.array([rating.value for rating in dataset.ratings])
    columns = np.hstack([given, np.ones((len(given), 1))])
    exact = columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
    output = fitted(dataset, epochs=300)
    assert output.model.score(dataset.rows).reward == pytest.approx(exact, abs=0.5)  # of 4.5 in all
    assert "still fell" not in "".join(output.notes)
    assert any("still fell" in note for note in fitted(dataset, epochs=2).notes)


def test_newton_on_squared_errors_is_ridge_regression() -> None:
    dataset = numbered(100)
    output = fitted(
        dataset, optimizer="newton", learning_rate=None, epochs=None, batch_size=None, l2=2.0, numbers=1.0
    )
    assert isinstance(output.model, LinearModel)
    given = np.array([completion.features for _, completion in dataset.rows])
    target = np.array([rating.value for rating in dataset.ratings])
    # Columns of the space: a block's mean squared distance is 1, so a number has variance 1 / 20.
    x = (given - given.mean(axis=0)) / given.std(axis=0) / np.sqrt(20)
    weights = np.linalg.solve(x.T @ x + 2.0 * np.eye(10), x.T @ (target - target.mean()))
    expected = x @ weights + target.mean()
    assert output.model.score(dataset.rows).reward == pytest.approx(expected, abs=1e-6)


def test_the_unit_of_the_ratings_changes_nothing_but_the_unit() -> None:
    small, large = numbered(), numbered(scale=20.0)
    one, other = (fitted(each).model.score(each.rows).reward for each in (small, large))
    assert other == pytest.approx(20 * one, rel=1e-9)


def test_ratings_on_unlike_scales_count_as_shares_of_their_own() -> None:
    dataset = numbered()
    second = tuple(
        replace(each, id=f"{each.id}b", question="other", value=10 * each.value, maximum=1000.0)
        for each in dataset.ratings
    )
    output = fitted(replace(dataset, ratings=dataset.ratings + second))
    alone = fitted(dataset).model.score(dataset.rows).reward
    assert output.model.score(dataset.rows).reward == pytest.approx(alone / 100)
    assert "share of its own" in output.notes[0]


def test_validation_prompts_are_scored_by_a_fit_without_them_and_drawn_on_the_curve() -> None:
    dataset = numbered(80)
    split = Split(np.arange(60), np.arange(60, 80), np.zeros(0, dtype=np.int64))
    output = fitted(dataset, split)
    first = fitted(dataset, Split(np.arange(60), split.test, split.test))
    alone = first.model.score(dataset.rows).reward
    assert output.validation_rewards[180:] == pytest.approx(alone[180:])
    assert np.isnan(output.validation_rewards[:180]).all()
    losses = [point["validation_loss"] for point in output.curve]
    truth = np.array([rating.value for rating in dataset.ratings])[180:]
    assert losses[-1] == pytest.approx(np.mean((alone[180:] - truth) ** 2))
    assert losses[-1] < losses[0]
    assert output.curve[-1]["validation_accuracy"] > 0.8


def test_comparisons_by_adam_find_the_slopes() -> None:
    dataset = numbered(150)
    compared = replace(
        dataset,
        ratings=(),
        preferences=tuple(
            Preference(
                f"{one.id}-{other.id}", one.prompt, "ann", "human", "overall", "comparison",
                ((one.completion,), (other.completion,)) if one.value > other.value
                else ((other.completion,), (one.completion,)),
            )
            for one, other in combinations(dataset.ratings, 2)
            if one.prompt == other.prompt
        ),
    )  # fmt: skip
    output = fitted(compared, loss="preference", epochs=20)
    assert output.model.score(dataset.rows).reward.mean() == pytest.approx(0.0, abs=1e-9)
    assert output.curve[0]["train_loss"] == pytest.approx(np.log(2))
    assert output.curve[-1]["train_loss"] < 0.35
    assert isinstance(output.model, LinearModel)
    assert np.corrcoef(output.model.weights.columns, SLOPES)[0, 1] > 0.98


@pytest.mark.parametrize("kind", ["comparison", "ranking", "verdict"])
@pytest.mark.parametrize("rankings", ["pairs", "plackett_luce"])
def test_adam_takes_every_kind_of_judgment(kind: str, rankings: str) -> None:
    dataset = politeness(40, kind=kind, noise=0.0)
    output = fitted(dataset, groups=PLAIN, loss="preference", rankings=rankings, epochs=60)
    rewards = output.model.score(dataset.rows).reward.reshape(-1, 3)
    assert (rewards.argmax(axis=1) == np.arange(40) % 3).all()
    assert output.curve[-1]["train_loss"] < output.curve[0]["train_loss"]


def test_the_same_settings_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        fitted(numbered()).model.save(tmp_path / name)
    for file in ("model.json", "model.safetensors"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    model = LinearModel.load(tmp_path / "one")
    assert (
        model.score(numbered().rows).reward == fitted(numbered()).model.score(numbered().rows).reward
    ).all()


@pytest.mark.parametrize("optimizer", ["adam", "newton"])
def test_a_whole_experiment_by_the_textbook(optimizer: str) -> None:
    result = run(
        numbered(200),
        {"model": {"kind": "linear", "features": GIVEN, "loss": "squared", "optimizer": optimizer}},
    )
    assert result.evaluation["split"]["scheme"] == "holdout"
    assert result.evaluation["pairs"]["accuracy"]["value"] > 0.85
    assert len(result.curve) == (11 if optimizer == "adam" else 0)
    assert result.evaluation["curve"][-1]["accuracy"] == result.evaluation["pairs"]["accuracy"]


def test_squared_errors_need_ratings() -> None:
    with pytest.raises(NotEnoughLabels, match="ratings"):
        run(politeness(60), {"model": {"kind": "linear", "features": GIVEN, "loss": "squared"}})


def test_adam_has_the_settings_of_the_textbook_by_default() -> None:
    recipe = recipe_clean({"model": {"kind": "linear", "optimizer": "adam"}})
    settings = {name: recipe.options[name] for name in ("learning_rate", "epochs", "batch_size")}
    assert settings == {"learning_rate": 0.01, "epochs": 10, "batch_size": 32}
    assert recipe_clean(recipe_wire(recipe)) == recipe
    plain = recipe_clean({"model": {"kind": "linear", "loss": "squared"}})
    assert recipe_clean(recipe_wire(plain)) == plain


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"learning_rate": 0.1}, "learning_rate"),
        ({"epochs": 3}, "epochs"),
        ({"batch_size": 8, "optimizer": "newton"}, "batch_size"),
        ({"optimizer": "adam", "l2": 1.0}, "l2"),
        ({"optimizer": "adam", "numbers": 1.0}, "numbers"),
        ({"optimizer": "adam", "learning_rate": 0}, "learning_rate"),
        ({"optimizer": "adam", "epochs": 1.5}, "epochs"),
        ({"optimizer": "sgd"}, "optimizer"),
        ({"loss": "hinge"}, "loss"),
        ({"loss": "squared", "ties": "half"}, "ties"),
        ({"loss": "squared", "rankings": "plackett_luce"}, "rankings"),
        ({"loss": "squared", "strengths": "ignore"}, "strengths"),
    ],
)
def test_a_senseless_combination_names_its_place(options: dict[str, Any], place: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_clean({"model": {"kind": "linear", **options}})
    assert list(caught.value.fields) == [f"model.{place}"]
