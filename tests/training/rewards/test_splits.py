from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.rewards.factories import prompt
from training.rewards.data import Completion, Dataset, Message, Prompt
from training.rewards.duplicates import near_duplicates, normalise
from training.rewards.splits import Split, folds, needs_cross_fit, shared_groups, split_groups

GROUPS = [f"group {i % 300}" for i in range(900)]
names = st.lists(st.text(max_size=4), min_size=1, max_size=30)


def _sides(groups: list[str], split: Split) -> dict[str, str]:
    return {
        groups[position]: part
        for part in ("train", "validation", "test")
        for position in getattr(split, part)
    }


@given(names, st.text(max_size=3))
def test_parts_are_disjoint_complete_and_share_no_group(groups: list[str], salt: str) -> None:
    split = split_groups(groups, salt=salt, test_fraction=0.3, validation_fraction=0.2)
    together = np.concatenate([split.train, split.validation, split.test])
    assert sorted(together.tolist()) == list(range(len(groups)))
    assert shared_groups(groups, split) == 0


@given(names, st.lists(st.text(max_size=4), max_size=10))
def test_group_keeps_its_side_when_others_are_added(groups: list[str], added: list[str]) -> None:
    before = _sides(groups, split_groups(groups, salt="s", test_fraction=0.3))
    after = _sides(groups + added, split_groups(groups + added, salt="s", test_fraction=0.3))
    assert {group: after[group] for group in before} == before


def test_expected_shares_are_met_on_many_groups() -> None:
    groups = [str(i) for i in range(20_000)]
    split = split_groups(groups, salt="s", test_fraction=0.2, validation_fraction=0.1)
    assert len(split.test) / 20_000 == pytest.approx(0.2, abs=0.01)
    assert len(split.validation) / 20_000 == pytest.approx(0.1, abs=0.01)


def test_another_validation_fraction_leaves_the_test_part_alone() -> None:
    small = split_groups(GROUPS, salt="s", test_fraction=0.2, validation_fraction=0.0)
    large = split_groups(GROUPS, salt="s", test_fraction=0.2, validation_fraction=0.4)
    assert np.array_equal(small.test, large.test)
    assert len(small.validation) == 0 < len(large.validation)


def test_another_salt_gives_another_split() -> None:
    one = split_groups(GROUPS, salt="a", test_fraction=0.5)
    other = split_groups(GROUPS, salt="b", test_fraction=0.5)
    assert not np.array_equal(one.test, other.test)


def test_salt_and_group_cannot_be_mistaken_for_one_another() -> None:
    one = split_groups([f"b{i}" for i in range(200)], salt="a", test_fraction=0.5)
    other = split_groups([str(i) for i in range(200)], salt="ab", test_fraction=0.5)
    assert not np.array_equal(one.test, other.test)


@pytest.mark.parametrize(("test", "validation"), [(-0.1, 0.1), (0.5, -0.1), (0.9, 0.1), (1.0, 0.0)])
def test_impossible_fractions_are_refused(test: float, validation: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        split_groups(GROUPS, salt="s", test_fraction=test, validation_fraction=validation)


@given(names.filter(lambda groups: len(set(groups)) > 1), st.sampled_from([2, 3, 5, "groups"]))
def test_every_prompt_is_tested_once_and_every_fold_can_train(groups: list[str], count: object) -> None:
    splits = folds(groups, salt="s", folds=count)  # type: ignore[arg-type]
    tested = np.concatenate([split.test for split in splits])
    assert sorted(tested.tolist()) == list(range(len(groups)))
    for split in splits:
        assert len(split.train) and len(split.test)
        assert len(split.train) + len(split.validation) + len(split.test) == len(groups)
        assert shared_groups(groups, split) == 0


def test_folds_by_group_leave_one_group_out_and_keep_a_validation_part() -> None:
    groups = ["a", "a", "b", "c", "d"]
    splits = folds(groups, salt="s", folds="groups")
    assert sorted(sorted({groups[i] for i in split.test}) for split in splits) == [["a"], ["b"], ["c"], ["d"]]
    assert all(len(split.validation) for split in splits)


def test_folds_do_not_depend_on_the_order_of_prompts() -> None:
    forward = folds(GROUPS, salt="s", folds=5)
    backward = folds(GROUPS[::-1], salt="s", folds=5)
    for one, other in zip(forward, backward, strict=True):
        assert _sides(GROUPS, one) == _sides(GROUPS[::-1], other)


def test_fold_sizes_differ_by_at_most_one_group() -> None:
    sizes = [len({GROUPS[i] for i in split.test}) for split in folds(GROUPS, salt="s", folds=7)]
    assert len(sizes) == 7
    assert max(sizes) - min(sizes) <= 1


def test_one_group_or_one_fold_cannot_be_cross_validated() -> None:
    with pytest.raises(ValueError, match="two groups"):
        folds(["a", "a"], salt="s", folds=5)
    with pytest.raises(ValueError, match="two folds"):
        folds(["a", "b"], salt="s", folds=1)


def test_shared_groups_counts_groups_not_prompts() -> None:
    groups = ["a", "a", "a", "b", "c", "c"]
    split = Split(np.array([0, 1]), np.array([4]), np.array([2, 3, 5]))
    assert shared_groups(groups, split) == 2


def test_cross_fit_is_advised_below_thirty_test_groups() -> None:
    groups = [str(i) for i in range(30)]
    assert needs_cross_fit(groups, np.arange(29))
    assert not needs_cross_fit(groups, np.arange(30))
    assert needs_cross_fit(["a"] * 100, np.arange(100))


def _asking(text: str, *outputs: str) -> Prompt:
    completions = tuple(Completion(str(i), output) for i, output in enumerate(outputs))
    return Prompt(text, (Message("user", text),), completions, text)


LONG = "Explain in a few sentences why the sky looks blue during the day and red in the evening."


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (LONG.upper() + "!!", 1),
        (LONG.replace("blue during", "bluish during"), 1),
        ("Translate the following sentence into Finnish: the cat sleeps on the warm stove.", 0),
        ("", 0),
    ],
)
def test_reworded_prompt_is_a_near_duplicate_and_another_one_is_not(other: str, count: int) -> None:
    dataset = Dataset((_asking(LONG), _asking(other)))
    assert near_duplicates(dataset, np.array([0]), np.array([1])) == count


def test_same_output_under_another_prompt_is_a_near_duplicate_unless_it_is_short() -> None:
    output = "It is Rayleigh scattering, mostly."
    dataset = Dataset(
        (prompt(0, output), prompt(1, output.lower() + "  "), prompt(2, "Yes."), prompt(3, "Yes."))
    )
    assert near_duplicates(dataset, np.array([0]), np.array([1])) == 1
    assert near_duplicates(dataset, np.array([2]), np.array([3])) == 0


def test_near_duplicates_are_found_among_many_and_counted_by_test_prompt() -> None:
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcdefghij "), size=120)) for _ in range(300)]
    copies = [text[:60] + "x" + text[60:] for text in texts[:40]]
    dataset = Dataset(tuple(_asking(text) for text in texts + copies))
    assert near_duplicates(dataset, np.arange(300), np.arange(300, 340)) == 40
    assert near_duplicates(dataset, np.arange(100, 300), np.arange(300, 340)) == 0


def test_half_alike_is_not_near() -> None:
    """Five replaced characters leave 0.6 of the 5-grams in common, which the banding often lets through."""
    rng = np.random.default_rng(1)
    texts = ["".join(rng.choice(list("abcdefghij"), size=120)) for _ in range(100)]
    altered = ["".join("x" if i % 24 == 12 else letter for i, letter in enumerate(text)) for text in texts]
    dataset = Dataset(tuple(_asking(text) for text in texts + altered))
    assert near_duplicates(dataset, np.arange(100), np.arange(100, 200)) == 0


def test_normalising_folds_case_width_and_punctuation_and_keeps_chinese() -> None:
    assert normalise("Ｗhat's\n UP?!") == "what s up"
    assert normalise("你好，世界！") == "你好 世界"
