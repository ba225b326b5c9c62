from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.training.rewards.factories import (
    margins,
    prompt,
    random_dataset,
    rating,
    two_output_dataset,
    verdict,
    vote,
)
from training.rewards.baselines import Baseline, held_out_baselines
from training.rewards.data import Dataset, Preference
from training.rewards.evaluate import evaluate
from training.rewards.metrics import choose_tie_band
from training.rewards.splits import Split, folds
from training.rewards.targets import consensus, pair_votes


def _part(*positions: int) -> NDArray[np.int64]:
    return np.array(positions, dtype=np.int64)


def _holdout(dataset: Dataset, rewards: NDArray[np.float64], split: Split, **options: Any) -> dict[str, Any]:
    return evaluate(
        dataset,
        rewards=rewards,
        splits=[split],
        scheme="holdout",
        validation_rewards=[rewards],
        baselines=options.pop("baselines", {}),
        **options,
    )


def _thirds(n: int) -> Split:
    everything = np.arange(n)
    return Split(everything[: n // 3], everything[n // 3 : 2 * n // 3], everything[2 * n // 3 :])


def _figures(node: Any, path: str = "") -> dict[str, dict[str, Any]]:
    if isinstance(node, dict):
        if "value" in node:
            return {path: node}
        return {
            key: figure
            for name, part in node.items()
            for key, figure in _figures(part, f"{path}/{name}").items()
        }
    if isinstance(node, list):
        return {key: f for i, part in enumerate(node) for key, f in _figures(part, f"{path}/{i}").items()}
    return {}


def _assert_well_formed(result: dict[str, Any]) -> None:
    json.dumps(result, allow_nan=False)
    for path, figure in _figures(result).items():
        if figure["value"] is None:
            assert figure["reason"], path
        elif figure["interval"] is None:
            assert figure["reason"] and figure["n"] > 0, path
        else:
            low, high = figure["interval"]
            assert low <= high and figure["n"] > 0, path


def test_keys_are_those_of_the_wire() -> None:
    dataset = random_dataset(0)
    split = _thirds(60)
    result = _holdout(dataset, np.zeros(180), split, baselines=held_out_baselines(dataset, [split]))
    assert set(result) == {
        "split", "pairs", "outputs", "calibration", "longer_rate", "baselines", "human_reference", "slices",
        "curve", "reliability", "confusion", "outputs_confusion", "uncertainty", "best_of_n", "hackability",
    }  # fmt: skip
    assert set(result["pairs"]) == {
        "accuracy", "accuracy_by_judgment", "length_balanced_accuracy", "log_loss", "top_1", "three_way",
    }  # fmt: skip
    assert set(result["pairs"]["three_way"]) == {"accuracy", "macro_precision", "macro_recall", "macro_f1"}
    assert {"target", "precision", "recall", "f1", "auc", "mcc", "constant_f1"} <= set(result["outputs"])
    assert set(result["calibration"]) == {"slope", "brier", "ece"}
    assert {"model", "people"} <= set(result["longer_rate"])
    assert set(result["baselines"]) == {"length", "style", "source"}
    assert all("accuracy" in figures for figures in result["baselines"].values())
    assert "accuracy" in result["human_reference"]
    assert {"scheme", "unit", "train", "validation", "test", "shared_groups", "near_duplicates"} <= set(
        result["split"]
    )
    _assert_well_formed(result)


def test_informed_rewards_beat_the_baselines_and_the_source_beats_length() -> None:
    dataset = random_dataset(5, prompts=300, groups=60)
    pairs = consensus(pair_votes(dataset))
    rewards = np.bincount(pairs.first, weights=pairs.outcome, minlength=900)
    rewards -= np.bincount(pairs.second, weights=pairs.outcome, minlength=900)
    splits = folds([item.group for item in dataset.prompts], salt="s", folds=5)
    result = evaluate(
        dataset,
        rewards=rewards.astype(float),
        splits=splits,
        scheme="cross-validation",
        validation_rewards=[rewards.astype(float)] * 5,
        baselines=held_out_baselines(dataset, splits),
    )
    model = result["pairs"]["accuracy"]["value"]
    source = result["baselines"]["source"]["accuracy"]["value"]
    assert model > source > result["baselines"]["length"]["accuracy"]["value"]
    assert result["split"]["test"] == 300
    assert result["split"]["folds"] == 5
    _assert_well_formed(result)


def test_labels_and_rewards_outside_the_test_part_do_not_count() -> None:
    dataset = two_output_dataset([0, 1, 0, 1, 0, 1])
    split = Split(_part(0, 1), _part(), _part(2, 3, 4, 5))
    rewards = margins(-9, 9, 1, -1, 1, 1)
    rewards[:4] = np.nan
    result = _holdout(dataset, rewards, split)
    assert result["pairs"]["accuracy"]["value"] == pytest.approx(0.75)
    assert result["pairs"]["accuracy"]["n"] == 4


def test_threshold_comes_from_validation_and_not_from_the_test_part() -> None:
    verdicts = tuple(verdict(position, 0, position % 2 == 0) for position in range(8))
    dataset = Dataset(tuple(prompt(i, "text") for i in range(8)), verdicts=verdicts)
    rewards = np.array([0.0, 0, 5, 3, 3.5, 1, 3.5, 1])
    result = _holdout(dataset, rewards, Split(_part(0, 1), _part(2, 3), _part(4, 5, 6, 7)))
    assert result["outputs"]["thresholds"] == [4.0]
    assert result["outputs"]["recall"]["value"] == 0.0
    assert result["outputs"]["auc"]["value"] == 1.0
    assert result["outputs_confusion"]["matrix"] == [[0, 2], [0, 2]]


def test_every_fold_uses_the_threshold_of_its_own_validation_part() -> None:
    verdicts = tuple(verdict(position, 0, position % 2 == 0) for position in range(8))
    dataset = Dataset(tuple(prompt(i, "text") for i in range(8)), verdicts=verdicts)
    splits = [Split(_part(6, 7), _part(4, 5), _part(0, 1)), Split(_part(0, 1), _part(4, 5), _part(2, 3))]
    rewards = np.array([1.0, 0, 101, 100, 0, 0, 0, 0])
    first, second = np.zeros(8), np.zeros(8)
    first[4:6], second[4:6] = (1, 0), (101, 100)
    result = evaluate(
        dataset,
        rewards=rewards,
        splits=splits,
        scheme="cross-validation",
        validation_rewards=[first, second],
        baselines={},
    )
    assert result["outputs"]["thresholds"] == [0.5, 100.5]
    assert result["outputs"]["f1"]["value"] == 1.0
    assert result["outputs"]["auc"]["value"] == 1.0


def test_tie_band_comes_from_validation() -> None:
    choices: list[int | str] = [0, 1, 0, "tie", 1, "tie", 0, 1]
    dataset = two_output_dataset(choices)
    rewards = margins(1, 1, 4, 1, -4, 2, 3, -1)
    result = _holdout(dataset, rewards, Split(_part(0, 1), _part(2, 3, 4), _part(5, 6, 7)))
    assert choose_tie_band(np.array([4.0, 1, -4]), np.array([1, 0, -1])) == 2.5
    assert result["confusion"]["labels"] == ["first", "tie", "second"]
    assert result["confusion"]["matrix"] == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]
    without = _holdout(dataset, rewards, Split(_part(3), _part(0, 1), _part(5, 6, 7)))
    assert without["confusion"] is None
    assert "validation" in without["pairs"]["three_way"]["macro_f1"]["reason"]


def test_slices_cover_each_dimension_that_varies() -> None:
    votes = (
        *(vote(0, 0, by=name, strength=2) for name in ("x", "y")),
        *(vote(1, choice, by=name) for name, choice in (("x", 0), ("y", 1), ("z", 1))),
        vote(2, 0, question="facts"),
    )
    prompts = (
        prompt(0, "a" * 10, "b", sources=("m", "n"), language="en"),
        prompt(1, "a", "b", sources=("m", "o"), language="zh"),
        prompt(2, "a", "b", sources=("n", "o"), language="zh"),
    )
    rewards = margins(1, 1, 1)
    split = Split(_part(), _part(), _part(0, 1, 2))
    ratings = (rating(0, 0, 1, question="tone"), rating(0, 1, 5, question="tone"))
    slices = _holdout(Dataset(prompts, votes, ratings), rewards, split)["slices"]
    values = {(entry["by"], entry["name"]): (entry["value"], entry["n"]) for entry in slices}
    assert values == {
        ("source", "m"): (0.5, 2),
        ("source", "n"): (1.0, 2),
        ("source", "o"): (0.5, 2),
        ("criterion", "facts"): (1.0, 1),
        ("criterion", "overall"): (0.5, 2),
        ("criterion", "tone"): (0.0, 1),
        ("agreement", "majority"): (0.0, 1),
        ("agreement", "single vote"): (1.0, 1),
        ("agreement", "unanimous"): (1.0, 1),
        ("strength", "1"): (0.5, 2),
        ("strength", "2"): (1.0, 1),
        ("length_gap", "over 2 times"): (1.0, 1),
        ("length_gap", "up to 1.1 times"): (0.5, 2),
        ("language", "en"): (1.0, 1),
        ("language", "zh"): (0.5, 2),
    }


def test_reasons_count_where_a_vote_for_the_winner_gave_them_and_often_enough() -> None:
    def said(position: int, choice: int, reason: str, by: str = "x") -> Preference:
        return replace(vote(position, choice, by=by), reason=reason)

    votes = (
        *(said(place, 0, "clearer") for place in range(6)),
        *(said(place, 0, "true", by="y") for place in range(4, 10)),
        # Outvoted: the reason of the loser's vote says nothing of the pair.
        said(0, 1, "shorter", by="z"),
        *(said(place, 1, "shorter", by="z") for place in range(10, 14)),
        vote(0, 0, by="w"),
    )
    dataset = Dataset(tuple(prompt(index, "a", "b") for index in range(14)), votes)
    rewards = margins(*[1.0] * 5, *[-1.0] * 5, *[1.0] * 4)
    slices = _holdout(dataset, rewards, Split(_part(), _part(), np.arange(14)))["slices"]
    values = {entry["name"]: (entry["value"], entry["n"]) for entry in slices if entry["by"] == "reason"}
    # "clearer" on 0..5, right on 0..4; "true" on 4..9, right on 4; "shorter" won 4 pairs, which is too few.
    assert values == {"clearer": (pytest.approx(5 / 6), 6), "true": (pytest.approx(1 / 6), 6)}
    assert all(entry["interval"] for entry in slices if entry["by"] == "reason")


def test_dimension_with_a_single_slice_is_left_out() -> None:
    assert (
        _holdout(two_output_dataset([0, 0]), margins(1, 1), Split(_part(), _part(), _part(0, 1)))["slices"]
        == []
    )


def test_split_counts_groups_and_near_duplicates_on_both_sides() -> None:
    prompts = (
        prompt(0, "a", "b", group="same"),
        prompt(1, "a", "b", group="same"),
        prompt(2, "an output that was found twice", "b"),
        prompt(3, "An output that was found twice.", "b"),
    )
    dataset = Dataset(prompts, tuple(vote(i, 0) for i in range(4)))
    counts = _holdout(dataset, margins(1, 1, 1, 1), Split(_part(0, 2), _part(), _part(1, 3)))["split"]
    assert counts["shared_groups"] == 1
    assert counts["near_duplicates"] == 1
    assert (counts["train"], counts["validation"], counts["test"]) == (2, 0, 2)
    assert "cross-validation" in counts["note"]


def test_deviation_that_marks_the_errors_is_seen() -> None:
    dataset = two_output_dataset([0] * 40)
    wrong = np.arange(40) % 4 == 0
    rewards = margins(*np.where(wrong, -1, 1))
    everything = Split(_part(), _part(), np.arange(40))
    stds = np.repeat(np.where(wrong, 2.0, 1.0), 2)
    assert _holdout(dataset, rewards, everything, stds=stds)["uncertainty"]["error_auc"]["value"] == 1.0
    assert _holdout(dataset, rewards, everything)["uncertainty"]["error_auc"]["value"] is None


def test_baseline_without_rewards_passes_its_reason_on() -> None:
    result = _holdout(
        two_output_dataset([0, 1]),
        margins(1, -1),
        Split(_part(), _part(), _part(0, 1)),
        baselines={"source": Baseline(None, "no names")},
    )
    assert result["baselines"]["source"]["accuracy"] == {"value": None, "reason": "no names"}


def test_same_input_gives_the_same_json() -> None:
    dataset = random_dataset(7)
    rewards = np.random.default_rng(0).normal(size=180)
    one, other = (_holdout(dataset, rewards, _thirds(60)) for _ in range(2))
    assert json.dumps(one) == json.dumps(other)


def test_swapping_the_outputs_of_every_prompt_changes_no_pair_figure() -> None:
    dataset = random_dataset(8)
    swapped = Dataset(
        tuple(
            type(item)(item.id, item.messages, item.completions[::-1], item.group, item.language)
            for item in dataset.prompts
        ),
        tuple(
            Preference(
                p.id, p.prompt, p.annotator, p.annotator_kind, p.question, p.kind,
                tuple(tuple(2 - position for position in tier) for tier in p.tiers),
            )
            for p in dataset.preferences
        ),
    )  # fmt: skip
    rewards = np.random.default_rng(0).normal(size=180)
    back = rewards.reshape(-1, 3)[:, ::-1].ravel()
    one, other = _holdout(dataset, rewards, _thirds(60)), _holdout(swapped, back, _thirds(60))
    for section in ("pairs", "calibration", "human_reference", "outputs", "slices"):
        before, after = _figures(one[section]), _figures(other[section])
        assert before.keys() == after.keys()
        for path, figure in before.items():
            assert after[path]["value"] == pytest.approx(figure["value"]), (section, path)


@pytest.mark.parametrize(
    ("rewards", "splits", "message"),
    [
        (np.zeros(3), [Split(_part(), _part(), _part(0))], "one entry for each row"),
        (margins(1, np.nan), [Split(_part(), _part(), _part(1))], "test prompt"),
        (margins(1, np.inf), [Split(_part(), _part(), _part(1))], "test prompt"),
        (margins(np.nan, 1), [Split(_part(), _part(0), _part(1))], "validation prompt"),
        (margins(1, 1), [Split(_part(), _part(), _part(1))] * 2, "two splits"),
        (margins(1, 1), [], "at least one split"),
    ],
)
def test_wrong_input_is_refused(rewards: NDArray[np.float64], splits: list[Split], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate(
            two_output_dataset([0, 1]),
            rewards=rewards,
            splits=splits,
            scheme="holdout",
            validation_rewards=[rewards] * len(splits),
            baselines={},
        )


_labels = st.lists(st.sampled_from([0, 1, "tie", None]), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    choices=_labels,
    goods=st.lists(st.sampled_from([True, False, None]), min_size=8, max_size=8),
    reward_seed=st.integers(0, 5),
    group_count=st.integers(1, 4),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_degenerate_data_give_well_formed_json_without_nan(
    choices: list[int | str | None],
    goods: list[bool | None],
    reward_seed: int,
    group_count: int,
    cut: tuple[float, float],
) -> None:
    n = len(choices)
    dataset = Dataset(
        tuple(prompt(i, "one", "other text", group=f"g{i % group_count}") for i in range(n)),
        tuple(vote(i, choice) for i, choice in enumerate(choices) if choice is not None),
        verdicts=tuple(verdict(i, 0, good) for i, good in enumerate(goods[:n]) if good is not None),
    )
    rng = np.random.default_rng(reward_seed)
    rewards = rng.integers(-1, 2, size=2 * n).astype(float) if reward_seed else np.zeros(2 * n)
    low, high = sorted(round(share * n) for share in cut)
    everything = np.arange(n)
    split = Split(everything[:low], everything[low:high], everything[high:])
    result = _holdout(
        dataset, rewards, split, stds=np.abs(rewards), baselines=held_out_baselines(dataset, [split])
    )
    _assert_well_formed(result)
    decided = sum(choice in (0, 1) for choice in choices[high:])
    assert (result["pairs"]["accuracy"]["value"] is None) == (decided == 0)


def test_no_prompt_at_all_is_well_formed() -> None:
    nothing = Split(_part(), _part(), _part())
    baselines = held_out_baselines(Dataset(()), [nothing])
    result = _holdout(Dataset(()), np.zeros(0), nothing, baselines=baselines)
    _assert_well_formed(result)
    assert result["split"]["test"] == 0
