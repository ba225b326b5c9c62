from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
    roc_auc_score,
)

from tests.training.rewards.factories import margins, prompt, random_dataset, two_output_dataset, vote
from training.rewards import metrics
from training.rewards.data import Dataset, Preference
from training.rewards.intervals import MOST_CLUSTERS, ClusterBootstrap
from training.rewards.outputs import _Ranked, choose_threshold, output_metrics, output_scores
from training.rewards.targets import Outputs, Pairs, consensus, pair_votes


def _judged(dataset: Dataset) -> tuple[Pairs, ClusterBootstrap]:
    groups = [item.group for item in dataset.prompts]
    return consensus(pair_votes(dataset)), ClusterBootstrap(groups, np.arange(len(groups)))


def _lengths(dataset: Dataset) -> np.ndarray:
    return np.array([len(completion.text) for _, completion in dataset.rows])


# Pair accuracy


def test_pair_accuracy_counts_ties_of_the_model_as_half_and_leaves_out_ties_of_people() -> None:
    pairs, bootstrap = _judged(two_output_dataset([0, 1, 0, 1, "tie"]))
    figure = metrics.pair_accuracy(pairs, margins(2, -1, -3, 0, 5), bootstrap)
    assert figure["value"] == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert figure["n"] == 4
    assert figure["interval"][0] <= figure["value"] <= figure["interval"][1]


def test_pair_accuracy_weighs_every_prompt_the_same() -> None:
    ranked = Preference("r", 0, "ann", "human", "overall", "ranking", ((0,), (1,), (2,)))
    dataset = Dataset((prompt(0, "a", "b", "c"), prompt(1, "a", "b")), (ranked, vote(1, 0)))
    pairs, bootstrap = _judged(dataset)
    rewards = np.array([3.0, 2.0, 1.0, 0.0, 1.0])
    assert metrics.pair_accuracy(pairs, rewards, bootstrap)["value"] == pytest.approx(0.5)
    assert metrics.accuracy_by_judgment(pairs, rewards, bootstrap)["value"] == pytest.approx(3 / 4)


def test_accuracy_by_judgment_counts_single_votes_where_the_consensus_counts_once() -> None:
    dataset = Dataset(
        (prompt(0, "a", "b"), prompt(1, "a", "b")),
        (
            vote(0, 0, by="x"),
            vote(0, 0, by="y"),
            vote(0, 1, by="z"),
            vote(1, 1, by="x"),
            vote(1, "tie", by="y"),
        ),
    )
    pairs, bootstrap = _judged(dataset)
    rewards = margins(1, -1)
    assert metrics.accuracy_by_judgment(pairs, rewards, bootstrap)["value"] == pytest.approx(3 / 4)
    assert metrics.accuracy_by_judgment(pairs, rewards, bootstrap)["n"] == 4
    assert metrics.pair_accuracy(pairs, rewards, bootstrap) | {"interval": None} == {
        "value": 1.0,
        "n": 1,
        "interval": None,
        "reason": "one group only: no interval",
    }


def test_no_decided_pair_is_undefined_with_a_reason() -> None:
    pairs, bootstrap = _judged(two_output_dataset(["tie", "tie"]))
    rewards = margins(1, 1)
    for metric in (metrics.pair_accuracy, metrics.accuracy_by_judgment, metrics.log_loss, metrics.top_1):
        figure = metric(pairs, rewards, bootstrap)
        assert figure["value"] is None
        assert figure["reason"]


def test_all_right_keeps_an_honest_lower_end() -> None:
    pairs, bootstrap = _judged(two_output_dataset([0] * 10))
    figure = metrics.pair_accuracy(pairs, margins(*[1] * 10), bootstrap)
    assert figure["value"] == 1.0
    assert figure["interval"] == pytest.approx([0.025 ** (1 / 10), 1.0])
    wrong = metrics.pair_accuracy(pairs, margins(*[-1] * 10), bootstrap)
    assert wrong["interval"] == pytest.approx([0.0, 1 - 0.025 ** (1 / 10)])


def test_flipping_all_rewards_turns_accuracy_around() -> None:
    dataset = random_dataset(1)
    pairs, bootstrap = _judged(dataset)
    rewards = np.random.default_rng(0).normal(size=dataset.row_count)
    for metric in (metrics.pair_accuracy, metrics.accuracy_by_judgment):
        up, down = metric(pairs, rewards, bootstrap), metric(pairs, -rewards, bootstrap)
        assert up["value"] + down["value"] == pytest.approx(1)
        assert up["interval"][0] + down["interval"][1] == pytest.approx(1)


def test_figures_do_not_depend_on_the_order_of_prompts_or_on_the_rewards_scale() -> None:
    dataset = random_dataset(2)
    rewards = np.random.default_rng(0).normal(size=dataset.row_count)
    order = np.random.default_rng(1).permutation(len(dataset.prompts))
    place = np.argsort(order)
    shuffled = Dataset(
        tuple(dataset.prompts[i] for i in order),
        tuple(
            Preference(p.id, int(place[p.prompt]), p.annotator, p.annotator_kind, p.question, p.kind, p.tiers)
            for p in dataset.preferences
        ),
    )
    moved = rewards.reshape(-1, 3)[order].ravel()
    for metric in (metrics.pair_accuracy, metrics.top_1, metrics.accuracy_by_judgment):
        one = metric(*_with_rewards(dataset, rewards))
        other = metric(*_with_rewards(shuffled, 7 * moved + 3))
        assert one["value"] == pytest.approx(other["value"])
        assert one["interval"] == pytest.approx(other["interval"])
        assert one["n"] == other["n"]


def _with_rewards(dataset: Dataset, rewards: np.ndarray) -> tuple[Pairs, np.ndarray, ClusterBootstrap]:
    pairs, bootstrap = _judged(dataset)
    return pairs, rewards, bootstrap


# Consensus


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([0, 0, 1], 1),
        ([1, 1, "tie"], -1),
        ([0, 1, "tie"], 0),
        ([0, 1], 0),
        ([0, "tie"], 0),
        (["tie", "tie", 0], 0),
        ([1], -1),
    ],
)
def test_consensus_is_the_answer_with_most_votes(votes: list[int | str], outcome: int) -> None:
    dataset = Dataset(
        (prompt(0, "a", "b"),), tuple(vote(0, choice, by=str(i)) for i, choice in enumerate(votes))
    )
    assert consensus(pair_votes(dataset)).outcome.tolist() == [outcome]


def test_best_worst_says_nothing_about_the_outputs_between() -> None:
    answer = Preference("b", 0, "ann", "human", "overall", "best_worst", ((2,), (1, 3), (0,)))
    dataset = Dataset((prompt(0, "a", "b", "c", "d"),), (answer,))
    pairs = consensus(pair_votes(dataset))
    won = {(int(f), int(s)): int(o) for f, s, o in zip(pairs.first, pairs.second, pairs.outcome, strict=True)}
    assert won == {(0, 1): -1, (0, 2): -1, (0, 3): -1, (1, 2): -1, (2, 3): 1}


# Length


def test_length_balanced_accuracy_of_length_alone_is_one_half() -> None:
    dataset = two_output_dataset([0, 0, 0, 1])
    pairs, bootstrap = _judged(dataset)
    figure = metrics.length_balanced_accuracy(pairs, margins(1, 1, 1, 1), _lengths(dataset), bootstrap)
    assert figure["value"] == pytest.approx(0.5)
    figure = metrics.length_balanced_accuracy(pairs, margins(1, 1, -1, -1), _lengths(dataset), bootstrap)
    assert figure["value"] == pytest.approx((2 / 3 + 1) / 2)


def test_length_balanced_accuracy_needs_wins_of_both_kinds() -> None:
    dataset = two_output_dataset([0, 0])
    pairs, bootstrap = _judged(dataset)
    figure = metrics.length_balanced_accuracy(pairs, margins(1, 1), _lengths(dataset), bootstrap)
    assert figure["value"] is None


def test_longer_rate_compares_model_and_people_on_the_same_pairs() -> None:
    dataset = two_output_dataset([0, 0, 1, "tie"])
    pairs, bootstrap = _judged(dataset)
    rate = metrics.longer_rate(pairs, margins(1, -1, -1, 1), _lengths(dataset), bootstrap)
    assert rate["model"] == pytest.approx(1 / 3)
    assert rate["people"] == pytest.approx(2 / 3)
    assert rate["n"] == 3
    equal = Dataset((prompt(0, "aa", "bb"),), (vote(0, 0),))
    pairs, bootstrap = _judged(equal)
    assert metrics.longer_rate(pairs, margins(1), _lengths(equal), bootstrap)["model"] is None


# Log loss, top 1


def test_log_loss_of_equal_rewards_is_ln_2_and_stays_finite_at_huge_margins() -> None:
    pairs, bootstrap = _judged(two_output_dataset([0, 1]))
    assert metrics.log_loss(pairs, margins(0, 0), bootstrap)["value"] == pytest.approx(math.log(2))
    assert metrics.log_loss(pairs, margins(5000, 5000), bootstrap)["value"] == pytest.approx(2500)


def test_top_1_looks_at_the_best_output_only() -> None:
    rankings = (
        Preference("0", 0, "a", "human", "overall", "ranking", ((0,), (1,), (2,))),
        Preference("1", 1, "a", "human", "overall", "ranking", ((0, 1), (2,))),
        Preference("2", 2, "a", "human", "overall", "ranking", ((0, 1, 2),)),
    )
    dataset = Dataset(tuple(prompt(i, "a", "b", "c") for i in range(3)), rankings)
    pairs, bootstrap = _judged(dataset)
    best_right_rest_wrong = np.array([3.0, 1, 2, 0, 3, 2, 1, 2, 3])
    figure = metrics.top_1(pairs, best_right_rest_wrong, bootstrap)
    assert (figure["value"], figure["n"]) == (1.0, 2)
    shared_lead = np.array([2.0, 2, 0, 2, 0, 2, 1, 2, 3])
    assert metrics.top_1(pairs, shared_lead, bootstrap)["value"] == pytest.approx(0.5)


# Three-way


def test_three_way_matches_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    choices = [[0, 1, "tie"][i] for i in rng.integers(3, size=300)]
    pairs, bootstrap = _judged(two_output_dataset(choices))
    differences = rng.normal(size=300) + pairs.outcome
    figures, confusion = metrics.three_way(pairs, differences, np.full(300, 0.6), bootstrap)
    predicted = np.where(np.abs(differences) <= 0.6, 0, np.sign(differences))
    precision, recall, f1, _ = precision_recall_fscore_support(pairs.outcome, predicted, average="macro")
    assert figures["accuracy"]["value"] == pytest.approx(accuracy_score(pairs.outcome, predicted))
    assert figures["macro_precision"]["value"] == pytest.approx(precision)
    assert figures["macro_recall"]["value"] == pytest.approx(recall)
    assert figures["macro_f1"]["value"] == pytest.approx(f1)
    assert confusion is not None
    assert confusion["matrix"][0][1] == np.sum((pairs.outcome == 1) & (predicted == 0))


def test_three_way_without_ties_is_undefined() -> None:
    pairs, bootstrap = _judged(two_output_dataset([0, 1]))
    figures, confusion = metrics.three_way(pairs, np.array([1.0, -1.0]), np.zeros(2), bootstrap)
    assert confusion is None
    assert {figure["value"] for figure in figures.values()} == {None}
    assert figures["macro_f1"]["reason"] == "no ties among the held-out pairs"


def test_class_that_is_never_predicted_has_no_macro_precision_but_an_f1() -> None:
    pairs, bootstrap = _judged(two_output_dataset([0, 1, "tie"]))
    figures, _ = metrics.three_way(pairs, np.array([1.0, -1.0, 1.0]), np.zeros(3), bootstrap)
    assert figures["macro_precision"]["value"] is None
    assert figures["macro_f1"]["value"] == pytest.approx((2 / 3 + 0 + 1) / 3)


@given(st.lists(st.tuples(st.integers(-6, 6), st.sampled_from([-1, 0, 1])), min_size=1, max_size=25))
def test_tie_band_is_the_best_of_all_bands(cases: list[tuple[int, int]]) -> None:
    differences = np.array([case[0] for case in cases], dtype=float)
    outcome = np.array([case[1] for case in cases])
    band = metrics.choose_tie_band(differences, outcome)
    if not (outcome == 0).any() or (outcome == 0).all():
        assert band is None
        return

    def score(width: float) -> float:
        predicted = np.where(np.abs(differences) <= width, 0, np.sign(differences))
        classes = [-1, 0, 1]
        return float(f1_score(outcome, predicted, labels=classes, average="macro", zero_division=0))

    assert band is not None
    assert score(band) == pytest.approx(max(score(width) for width in np.arange(0, 7, 0.5)))


# Outputs


def _outputs(good: np.ndarray, scores: np.ndarray, threshold: float, fold: np.ndarray | None = None) -> dict:
    n = len(good)
    bootstrap = ClusterBootstrap([str(i % 20) for i in range(n)], np.arange(n))
    target = Outputs("acceptable", np.arange(n), np.arange(n), good)
    folds = np.zeros(n, dtype=int) if fold is None else fold
    figures, confusion = output_metrics(target, scores, np.full(n, threshold), folds, bootstrap)
    return {**figures, "confusion": confusion}


def test_output_metrics_match_scikit_learn() -> None:
    rng = np.random.default_rng(5)
    good = rng.random(400) < 0.4
    scores = np.round(rng.normal(size=400) + good, 1)
    figures = _outputs(good, scores, 0.5)
    called = scores >= 0.5
    assert figures["precision"]["value"] == pytest.approx(precision_score(good, called))
    assert figures["recall"]["value"] == pytest.approx(recall_score(good, called))
    assert figures["f1"]["value"] == pytest.approx(f1_score(good, called))
    assert figures["mcc"]["value"] == pytest.approx(matthews_corrcoef(good, called))
    assert figures["auc"]["value"] == pytest.approx(roc_auc_score(good, scores))
    assert figures["constant_f1"]["value"] == pytest.approx(f1_score(good, np.ones(400, dtype=bool)))
    assert figures["confusion"]["matrix"][0][0] == np.sum(good & called)
    low, high = figures["auc"]["interval"]
    assert low < figures["auc"]["value"] < high


def test_auc_compares_only_outputs_of_one_fold() -> None:
    good = np.array([True, False, True, False])
    scores = np.array([2.0, 1.0, -5.0, -6.0])
    apart = _outputs(good, scores, 0.0, fold=np.array([0, 0, 1, 1]))
    assert apart["auc"]["value"] == 1.0
    assert _outputs(good, scores, 0.0)["auc"]["value"] == pytest.approx(0.75)


def test_auc_weights_repeat_an_output_exactly() -> None:
    good = np.array([True, True, False, False, True])
    scores = np.array([0.3, 0.1, 0.3, 0.2, 0.9])
    repeated = np.repeat(np.arange(5), [2, 1, 3, 1, 2])
    order = np.argsort(scores, kind="stable")
    ranked = _Ranked(scores[order], np.zeros(5, dtype=int), good[order])
    weighted = ranked.auc(np.array([[2.0, 1.0, 3.0, 1.0, 2.0]])[:, order])[0]
    assert weighted == pytest.approx(roc_auc_score(good[repeated], scores[repeated]))


@pytest.mark.parametrize(
    ("good", "threshold", "undefined"),
    [
        ([True, True], 0.0, {"auc", "mcc"}),
        ([False, False], 0.0, {"recall", "auc", "mcc", "constant_f1"}),
        ([True, False], 9.0, {"precision", "mcc"}),
        ([False, False], 9.0, {"precision", "recall", "f1", "auc", "mcc", "constant_f1"}),
    ],
)
def test_undefined_output_figures_are_none_with_a_reason(
    good: list[bool], threshold: float, undefined: set[str]
) -> None:
    figures = _outputs(np.array(good), np.array([1.0, 2.0]), threshold)
    values = {name: figure for name, figure in figures.items() if name not in ("target", "confusion")}
    assert {name for name, figure in values.items() if figure["value"] is None} == undefined
    assert all(values[name]["reason"] for name in undefined)


def test_without_a_threshold_only_auc_is_left() -> None:
    figures = _outputs(np.array([True, False]), np.array([2.0, 1.0]), np.nan)
    assert figures["auc"]["value"] == 1.0
    assert figures["f1"]["value"] is None
    assert figures["confusion"] is None


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=25))
def test_threshold_is_the_best_of_all_thresholds(cases: list[tuple[int, bool]]) -> None:
    scores = np.array([case[0] for case in cases], dtype=float)
    good = np.array([case[1] for case in cases])
    threshold = choose_threshold(scores, good)
    if not good.any():
        assert threshold is None
        return
    assert threshold is not None
    best = max(f1_score(good, scores >= cut, zero_division=0) for cut in np.arange(-6, 7, 0.5))
    assert f1_score(good, scores >= threshold) == pytest.approx(best)


def test_scores_are_centred_per_prompt_for_won_more_only() -> None:
    rewards, offsets = np.array([1.0, 3.0, 10.0, 20.0, 30.0]), np.array([0, 2, 2, 5])
    assert output_scores(rewards, offsets, "won_more").tolist() == [-1, 1, -10, 0, 10]
    assert output_scores(rewards, offsets, "acceptable") is rewards


# Intervals


def test_interval_is_reproducible_and_widens_when_groups_are_alike_inside() -> None:
    outcomes = np.repeat(np.random.default_rng(0).integers(2, size=30), 10)
    dataset = two_output_dataset([int(1 - outcome) for outcome in outcomes])
    pairs = consensus(pair_votes(dataset))
    rewards = margins(*[1] * 300)
    everything = np.arange(300)
    by_prompt = ClusterBootstrap([str(i) for i in range(300)], everything)
    by_group = ClusterBootstrap([str(i // 10) for i in range(300)], everything)
    again = ClusterBootstrap([str(i // 10) for i in range(300)], everything)
    narrow, wide, same = (metrics.pair_accuracy(pairs, rewards, b) for b in (by_prompt, by_group, again))
    assert wide == same
    width = {name: f["interval"][1] - f["interval"][0] for name, f in (("narrow", narrow), ("wide", wide))}
    assert width["wide"] / width["narrow"] == pytest.approx(math.sqrt(10), rel=0.2)


def test_interval_has_the_width_of_the_binomial_for_independent_pairs() -> None:
    n = 4 * MOST_CLUSTERS
    rng = np.random.default_rng(1)
    values = (rng.random(n) < 0.7).astype(float)
    bootstrap = ClusterBootstrap([str(i) for i in range(n)], np.arange(n))
    figure = bootstrap.mean(np.arange(n), values, np.ones(n), undefined="")
    low, high = figure["interval"]
    assert bootstrap.clusters == MOST_CLUSTERS
    assert high - low == pytest.approx(2 * 1.96 * math.sqrt(0.21 / n), rel=0.1)


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    groups = [str(i // 5) for i in range(200)]
    covered = 0
    for _ in range(200):
        share = rng.beta(6, 3, size=40)
        values = (rng.random(200) < np.repeat(share, 5)).astype(float)
        figure = ClusterBootstrap(groups, np.arange(200), resamples=300).mean(
            np.arange(200), values, np.ones(200), undefined=""
        )
        covered += figure["interval"][0] <= 6 / 9 <= figure["interval"][1]
    assert 0.88 <= covered / 200 <= 0.99
