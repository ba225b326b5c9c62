"""Annotators' leniency with single outputs: known values, gradients, and what reading it is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from training.rewards.data import Completion, Dataset, Message, Prompt, Rating, Verdict
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, extract, items_of
from training.rewards.likelihoods import YesNo
from training.rewards.models.base import FitInput
from training.rewards.models.leniency import (
    Given,
    Leniency,
    fit_leniency,
    rating_offsets,
    rating_stretches,
    verdict_offsets,
)
from training.rewards.models.leniency_loss import held_out_loss
from training.rewards.models.linear import fit
from training.rewards.models.objective import rating_term, verdict_term
from training.rewards.models.profiled import Acceptable
from training.rewards.splits import Split

GIVEN = {**dict.fromkeys(GROUPS, False), "given": True}
TASTE = np.array([1.0, -0.8, 0.6, 0.4, -0.4, 0.3])
# Added to a rating or to the logit of a verdict, and what the rating is multiplied by.
PANEL = {"kind": (1.5, 1.0), "strict": (-1.5, 1.0), "wide": (0.0, 2.0), "narrow": (0.0, 0.5)}
ALIKE = dict.fromkeys(PANEL, (0.0, 1.0))


def panel(
    prompts: int, seed: int, *, verdicts: bool = False, people: Any = PANEL
) -> tuple[Dataset, np.ndarray]:
    """Two outputs of six numbers each by one of four people, who differ and get prompts that differ.

    A person's prompts are those in a quarter of the range of the first number: the kind one's are worst.
    """
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(prompts, 2, len(TASTE)))
    shift = np.linspace(-0.75, 0.75, len(people))
    names = list(people)
    made, ratings, said = [], [], []
    for place in range(prompts):
        who = place % len(names)
        numbers[place, :, 0] += shift[who]
        worth = numbers[place] @ TASTE
        texts = [
            Completion(f"c{side}", f"output {place} {side}", features=tuple(numbers[place, side].tolist()))
            for side in (0, 1)
        ]
        made.append(Prompt(f"p{place}", (Message("user", f"task {place}"),), tuple(texts), f"g{place}"))
        offset, scale = people[names[who]]
        for side in (0, 1):
            by = (f"{place}-{side}", place, side, names[who], "human", "good")
            score = offset + scale * (worth[side] + 0.5 * rng.normal())
            ratings.append(Rating(*by, float(score), -10, 10))  # type: ignore[arg-type]
            said.append(Verdict(*by, bool(rng.random() < expit(2 * worth[side] + 2 * offset))))  # type: ignore[arg-type]
    worth = numbers @ TASTE
    dataset = Dataset(tuple(made), (), () if verdicts else tuple(ratings), tuple(said) if verdicts else ())
    return dataset, worth


def learned(dataset: Dataset, worth: np.ndarray, **options: Any) -> tuple[float, dict[str, Any]]:
    """Correlation of rewards with what outputs of the last half are worth, and how judgments were read."""
    raw = extract(items_of(dataset.rows), GIVEN, Encoder(None))
    half = len(dataset.prompts) // 2
    split = Split(np.arange(half), np.zeros(0, dtype=int), np.arange(half, 2 * half))
    output = fit(FitInput(dataset, raw, split, GIVEN, options, 0, None, lambda *_: None, lambda: None))
    reward = output.scores.reward[raw.index].reshape(-1, 2)[half:]
    return float(np.corrcoef(reward.ravel(), worth[half:].ravel())[0, 1]), output.likelihood["ratings"]


@pytest.mark.parametrize("verdicts", [False, True])
def test_lenient_annotators_on_other_prompts_are_seen_through_and_more_is_learned(verdicts: bool) -> None:
    missed = []
    for seed in range(4):
        dataset, worth = panel(160, seed, verdicts=verdicts)
        apart, read = learned(dataset, worth, annotators="auto")
        alike, off = learned(dataset, worth, annotators="off")
        missed.append((1 - apart, 1 - alike))
        assert read["used"]
        assert read["losses"]["by_annotator"] < read["losses"]["alike"]
        found = {row["annotator"]: row for row in read["fitted"]}
        name = "logit" if verdicts else "offset"
        assert found["kind"][name] > 0.3 > -0.3 > found["strict"][name]
        if not verdicts:
            assert found["wide"]["scale"] > 1.3 > 0.8 > found["narrow"]["scale"]
        assert off == {"used": False, "losses": {}, "fitted": []}
    by_annotator, all_alike = np.mean(missed, axis=0)
    assert by_annotator < 0.8 * all_alike


def test_where_all_are_alike_nothing_much_is_read_into_them() -> None:
    dataset, worth = panel(480, 0, people=ALIKE)
    raw_worth = worth.ravel()
    found = fit_leniency(dataset, np.arange(480), raw_worth)
    if found is not None:
        assert max(map(abs, found.offset.values())) < 0.1
        assert max(map(abs, found.stretch.values())) < 0.1


def test_the_mean_squared_error_takes_ratings_as_they_are() -> None:
    dataset, worth = panel(200, 0)
    assert not learned(dataset, worth, loss="squared")[1]["used"]


def test_few_ratings_or_one_person_tell_nothing() -> None:
    dataset, worth = panel(36, 0)  # 18 ratings each
    assert fit_leniency(dataset, np.arange(36), worth.ravel()) is None
    alone = replace(dataset, ratings=tuple(replace(each, annotator="ann") for each in dataset.ratings))
    assert fit_leniency(alone, np.arange(36), worth.ravel()) is None


def two(value: np.ndarray) -> Given:
    """Two people's judgments, half each, of outputs that rewards say nothing about."""
    count = len(value) // 2
    return Given(value, np.zeros(2 * count), np.repeat([0, 1], count), np.arange(2 * count), ("ann", "ben"))


def test_offsets_are_the_means_drawn_together() -> None:
    """Means +-1 of 20 each, noise variance 1: in a balanced design the greatest marginal likelihood has
    noise S / (A (n - 1)) = 40 / 38 and tau^2 + noise / n = 1, which draws the means by 1 - (40 / 38) / 20 = 18 / 19."""
    noise = np.tile([1.0, -1.0], 20)
    given = two(np.repeat([1.0, -1.0], 20) + noise)
    assert rating_offsets(given, given.value) == pytest.approx([18 / 19, -18 / 19], abs=1e-4)
    assert rating_offsets(given, noise) == pytest.approx([0.0, 0.0])


def test_offsets_of_verdicts_are_log_odds_drawn_together() -> None:
    """Ann says "good" 30 times of 40 and Ben 10: log-odds of +-log 3, drawn in by the variance that fits best."""
    good = np.concatenate([np.arange(40) < 30, np.arange(40) < 10]).astype(float)
    ann, ben = verdict_offsets(two(good))
    assert ann == pytest.approx(-ben, abs=1e-4)
    assert 0.6 * np.log(3) < ann < np.log(3)
    assert verdict_offsets(two(np.tile([1.0, 0.0], 40))) == pytest.approx([0.0, 0.0])


def test_stretches_are_logarithms_of_spread_drawn_together() -> None:
    spread = np.repeat([2.0, 0.5], 200) * np.tile([1.0, -1.0], 200)
    wide, narrow = rating_stretches(two(spread))
    assert wide == pytest.approx(-narrow)
    assert 0.95 * np.log(2) < wide < np.log(2)
    assert rating_stretches(two(np.tile([1.0, -1.0], 200))) == pytest.approx([0.0, 0.0])


def test_somebody_who_always_says_the_same_stays_finite() -> None:
    value = np.concatenate([np.tile([1.0, -1.0], 20), np.full(40, 3.0)])
    assert np.isfinite(rating_stretches(two(value))).all()


def test_a_rating_is_read_as_somebody_average_would_have_given_it() -> None:
    """Ann's 1.6 at twice the spread and .3 too high is .5; a stranger's stays."""
    leniency = Leniency({"ann": 0.3}, {"ann": float(np.log(2))}, {"ann": 1.0}, {"ann": 20}, {"ann": 20})
    assert leniency.rating("ann", 1.6) == pytest.approx(0.5)
    assert leniency.rating("ben", 1.6) == 1.6


def terms(dataset: Dataset, leniency: Leniency | None) -> tuple[Any, Any]:
    inside, index, counts = np.ones(1, dtype=bool), np.arange(2), np.ones(1)
    return rating_term(dataset, inside, index, counts, leniency)[0], verdict_term(
        dataset, inside, index, counts, leniency
    )


def test_terms_read_leniency_and_keep_their_weight() -> None:
    texts = (Completion("a", "a"), Completion("b", "b"))
    said = [(0, "ann", 5.0, True), (0, "ben", 3.0, False), (1, "ben", 1.0, False), (1, "cat", 3.0, True)]
    dataset = Dataset(
        (Prompt("p", (Message("user", "q"),), texts, "g"),),
        (),
        tuple(Rating(f"{n}", 0, p, who, "human", "q", v, 1, 5) for n, (p, who, v, _) in enumerate(said)),
        tuple(Verdict(f"{n}", 0, p, who, "human", "ok", good) for n, (p, who, _, good) in enumerate(said)),
    )
    leniency = Leniency({"ann": 0.5}, {"ann": 0.0}, {"ann": 1.0, "ben": -1.0})
    scores, plain = terms(dataset, leniency)[0], terms(dataset, None)[0]
    assert plain.value == pytest.approx(
        [np.sqrt(2) / 2, -np.sqrt(2) / 2]
    )  # 5, 3, 1, 3 have mean 3 and variance 2
    assert scores.value == pytest.approx([np.sqrt(2) / 2 - 0.25, -np.sqrt(2) / 2])
    verdicts, plain = terms(dataset, leniency)[1], terms(dataset, None)[1]
    assert verdicts.row.tolist() == [0, 0, 1, 1]
    assert verdicts.offset.tolist() == [-1.0, 1.0, -1.0, 0.0]
    assert verdicts.good.tolist() == [0.0, 1.0, 0.0, 1.0]
    assert verdicts.weight == pytest.approx([0.25] * 4)
    assert (plain.offset, plain.weight.sum()) == (None, pytest.approx(1.0))


def test_a_generous_yes_weighs_less() -> None:
    """log(1 + exp(r + 1)) - (r + 1) at r = 0 is log(1 + 1 / e) = 0.3133, and at offset 0 log 2."""
    one = (np.array([0]), np.ones(1), np.ones(1))
    assert YesNo(*one, np.ones(1)).at(np.zeros(1), 0.0).loss == pytest.approx(0.313262)
    assert YesNo(*one).at(np.zeros(1), 0.0).loss == pytest.approx(np.log(2))


@pytest.mark.parametrize("profiled", [False, True])
def test_gradients_with_offsets_are_those_of_finite_differences(profiled: bool) -> None:
    rng = np.random.default_rng(0)
    row, good = rng.integers(0, 6, size=30), rng.random(30)
    weight, offset = rng.random(30), rng.normal(size=30)
    term = (
        Acceptable(row, row, good, weight, np.ones(30), offset)
        if profiled
        else YesNo(row, good, weight, offset)
    )
    rewards, step = rng.normal(size=6), 1e-6
    found = term.at(rewards, 0.0)
    for place in range(6):
        move = step * np.eye(6)[place]
        up, down = term.at(rewards + move, 0.0), term.at(rewards - move, 0.0)
        assert found.gradient[place] == pytest.approx((up.loss - down.loss) / (2 * step), abs=1e-7)
        curved = found.hessian(np.eye(6)[place], 0.0)[0]
        assert curved == pytest.approx((up.gradient - down.gradient) / (2 * step), abs=1e-6)


def test_held_out_loss_is_the_normal_density_of_ratings() -> None:
    """Ratings that are the rewards plus noise of variance v standardised: log(2 pi e v) / 2 each, nearly."""
    rng = np.random.default_rng(0)
    dataset, _ = panel(400, 0, people=ALIKE)
    noise = rng.normal(size=800)
    rewards = rng.normal(size=800)
    values = rewards + 0.5 * noise
    ratings = tuple(replace(each, value=float(v)) for each, v in zip(dataset.ratings, values, strict=True))
    found = held_out_loss(replace(dataset, ratings=ratings), np.arange(400), rewards, apart=False)
    assert found == pytest.approx(np.log(2 * np.pi * np.e * 0.25 / values.var()) / 2, abs=0.03)
