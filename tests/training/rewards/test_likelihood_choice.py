from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from tests.training.rewards.test_skills import GIVEN, crowd
from training.rewards.data import Dataset, Preference, Verdict
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import extract, items_of
from training.rewards.likelihoods import DavidsonPairs, Pairs, YesNo
from training.rewards.models.likelihood_choice import choose_likelihood, decided_votes, who_won
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.objective import build_objective, pair_table
from training.rewards.models.profiled import Acceptable, OrdinalPairs
from training.rewards.models.span import Span
from training.rewards.recipe import RecipeError, recipe_clean

EVERY = np.arange(8)


def strong_votes(prompts: int, seed: int, cut: float = 2.0, taste: float = 0.3) -> tuple[Dataset, np.ndarray]:
    """One person's votes, "much better" where a logistic preference is beyond the cut-point; and the worth."""
    dataset, worth = crowd(prompts, seed)
    worth = taste * worth
    rng = np.random.default_rng(seed)
    felt = worth[:, 0] - worth[:, 1] + rng.logistic(size=prompts)
    votes = tuple(
        replace(
            vote,
            annotator="ann",
            tiers=((0,), (1,)) if felt[place] > 0 else ((1,), (0,)),
            strength=1 + int(abs(felt[place]) > cut),
            strengths=2,
        )
        for place, vote in enumerate(dataset.preferences)
    )
    return replace(dataset, preferences=votes), worth


def fitter_of(dataset: Dataset, **options: object) -> Fitter:
    raw = extract(items_of(dataset.rows), GIVEN, Encoder(None))
    return Fitter(dataset, raw, np.arange(len(dataset.prompts)), GIVEN, LinearOptions(**options))  # type: ignore[arg-type]


def test_the_strength_model_of_least_held_out_loss_is_chosen_and_told() -> None:
    losses = []
    for seed in range(3):
        dataset, _ = strong_votes(600, seed)
        found = choose_likelihood(fitter_of(dataset, annotators="off"))
        told = found.report["strengths"]
        assert list(told["losses"]) == ["ignore", "scale", "margin", "ordinal"]
        assert told["chosen"] == min(told["losses"], key=told["losses"].get)
        assert told["chosen"] == found.fitter.options.strengths
        assert told["n"] == 600
        assert f"{told['losses']['ordinal']:.4f}" in found.notes[0]
        losses.append(list(told["losses"].values()))
    ignored, *_, ordinal = np.mean(losses, axis=0)
    assert ordinal < ignored  # the votes were drawn by cut-points, so these tell more than who won alone


def test_one_strength_leaves_nothing_to_choose() -> None:
    dataset, _ = crowd(60, 0)
    found = choose_likelihood(fitter_of(dataset, annotators="off"))
    assert found.report["strengths"] == {"chosen": "ignore", "losses": {}, "n": 60}
    assert found.report["annotators"] == {"used": False, "losses": {}, "fitted": []}
    assert found.notes == ()


def test_a_given_strength_model_is_kept() -> None:
    dataset, _ = strong_votes(60, 0)
    found = choose_likelihood(fitter_of(dataset, strengths="margin", annotators="off"))
    assert found.fitter.options.strengths == "margin"
    assert found.report["strengths"]["losses"] == {}


def test_strengths_are_judged_by_who_won_by_hand() -> None:
    dataset, _ = strong_votes(2, 0, cut=0.0)
    winners = [vote.tiers[0][0] for vote in dataset.preferences]
    rewards = np.zeros(4)
    rewards[winners[0]] = 2.0  # right by 2 in the first prompt; the second is not told apart
    expected = (np.log1p(np.exp(-2.0)) + np.log(2.0)) / 2
    assert who_won(decided_votes(dataset, np.arange(2)), rewards) == pytest.approx(expected)


def judged(*votes: Preference, verdicts: tuple[Verdict, ...] = ()) -> Dataset:
    dataset, _ = crowd(8, 0)
    return replace(dataset, preferences=votes, verdicts=verdicts)


def vote(prompt: int, winner: int | None, **more: object) -> Preference:
    tiers = ((0, 1),) if winner is None else ((winner,), (1 - winner,))
    return Preference(f"{prompt}", prompt, "ann", "human", "overall", "comparison", tiers, **more)  # type: ignore[arg-type]


def test_both_bad_is_no_tie_but_lowers_both_outputs() -> None:
    dataset = judged(vote(0, 0), vote(1, 1), vote(2, None), vote(3, None, both_bad=True))
    objective = build_objective(dataset, EVERY, np.arange(16))
    threshold, compared = objective.terms
    assert isinstance(threshold, Acceptable)
    assert isinstance(compared, DavidsonPairs)
    assert compared.outcome.tolist() == [1, 1, 0]
    gradient = sum(term.at(np.zeros(16), 0.0).gradient for term in objective.terms)
    assert gradient[6] == gradient[7] > 0
    assert objective.fits_ties


def test_nothing_but_both_bad_says_nothing() -> None:
    dataset = judged(vote(0, None, both_bad=True), vote(1, None, both_bad=True))
    objective = build_objective(dataset, EVERY, np.arange(16))
    assert sum(np.abs(term.at(np.ones(16), 0.0).gradient).sum() for term in objective.terms) == 0


def test_acceptable_is_fitted_beside_comparisons_and_alone() -> None:
    verdicts = tuple(
        Verdict(f"v{side}", 0, side, "ann", "human", "acceptable", good=side == 0) for side in (0, 1)
    )
    beside = build_objective(judged(vote(1, 0), verdicts=verdicts), EVERY, np.arange(16))
    assert [type(term) for term in beside.terms] == [Pairs, Acceptable]
    assert not beside.fits_level  # the threshold is the term's own
    pull = beside.terms[1].at(np.zeros(16), 0.0).gradient[:2]
    assert pull == pytest.approx([-0.25, 0.25])  # half a weight each, sigma(0) - 1 and sigma(0)
    alone = build_objective(judged(verdicts=verdicts), EVERY, np.arange(16))
    assert [type(term) for term in alone.terms] == [YesNo]


def test_verdicts_and_both_bad_put_prompts_on_one_scale() -> None:
    dataset, _ = crowd(8, 0)
    raw = extract(items_of(dataset.rows), GIVEN, Encoder(None))
    bad = replace(dataset, preferences=(*dataset.preferences, vote(0, None, both_bad=True)))
    relative, absolute = (Span.of(each, raw, EVERY) for each in (dataset, bad))
    assert relative is not None
    assert absolute is not None
    assert (relative.reference >= 0).all()
    assert (absolute.reference < 0).all()


def test_each_question_has_cut_points_of_its_own() -> None:
    fluency = {"question": "fluency"}
    dataset = judged(
        vote(0, 0, strength=1, strengths=3),
        vote(1, 1, strength=3, strengths=3),
        replace(vote(2, 1, strength=1, strengths=2), **fluency),
        replace(vote(3, 1, strength=2, strengths=2), **fluency),
        replace(vote(4, 1), question="plain"),
    )
    terms = build_objective(dataset, EVERY, np.arange(16), strengths="ordinal").terms
    assert [type(term) for term in terms] == [OrdinalPairs, OrdinalPairs, Pairs]


def test_margins_are_those_of_llama_2() -> None:
    # Touvron et al. 2023, table 27, small margins for four strengths: 0, 1/3, 2/3, 1.
    dataset = judged(*(vote(place, 0, strength=place + 1, strengths=4) for place in range(4)), vote(4, None))
    table = pair_table(dataset, np.ones(5, dtype=bool), np.arange(16), "margin")
    assert table.offset is not None
    assert table.offset == pytest.approx([0, -1 / 3, -2 / 3, -1, 0])
    assert table.weight == pytest.approx(np.ones(5))


def test_where_an_output_stood_is_known_for_each_pair_of_a_ranking() -> None:
    dataset, _ = crowd(1, 0)
    ranking = Preference("r", 0, "ann", "human", "q", "ranking", ((1,), (0,)), shown=(0, 1))
    assert replace(dataset, preferences=(ranking,)).implied.shown.tolist() == [-1]
    assert replace(dataset, preferences=(replace(ranking, shown=()),)).implied.shown.tolist() == [0]


def test_the_recipe_names_the_strength_models() -> None:
    assert recipe_clean({"model": {"kind": "linear"}}).options["strengths"] == "auto"
    assert recipe_clean({"model": {"kind": "linear", "annotators": "off"}}).options["annotators"] == "off"
    with pytest.raises(RecipeError, match="must be one of: auto, ignore, scale, margin, ordinal"):
        recipe_clean({"model": {"kind": "linear", "strengths": "loud"}})


def test_votes_drawn_by_cut_points_have_the_chances_that_the_model_says() -> None:
    """The share of "much better" among the winner's votes at a margin of about 1, against the formula."""
    dataset, worth = strong_votes(20_000, 3, taste=1.0)
    margin = worth @ [1.0, -1.0]
    near = np.abs(margin - 1.0) < 0.1
    strong = np.array([vote.strength == 2 and vote.tiers[0] == (0,) for vote in dataset.preferences])
    assert strong[near].mean() == pytest.approx(expit(1.0 - 2.0), abs=0.04)
