from __future__ import annotations

from typing import Any

import pytest

from tests.training.rewards.cards import AGREEMENT, figure, sound, undefined
from training.rewards.card_markdown import sentence
from training.rewards.card_words import SENTENCES
from training.rewards.weaknesses import CODES, Part, Weakness, weaknesses

NOBODY_TWICE = [{"question": "overall", "percent": undefined(), "alpha": undefined()}]


def found(evaluation: dict[str, Any], **changed: Any) -> dict[str, Weakness]:
    known: dict[str, Any] = {
        "labels_by_kind": {"human": 2400},
        "labels_by_annotator": (800, 700, 900),
        "agreement": AGREEMENT,
    }
    return {one.code: one for one in weaknesses(evaluation, **(known | changed))}


def with_value(path: str, value: Any) -> dict[str, Any]:
    """The sound evaluation with one entry replaced; numbers in a path are places in a list."""
    evaluation = place = sound()
    *way, last = path.split("/")
    for key in way:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[int(last) if isinstance(place, list) else last] = value
    return evaluation


CHECK = {"measured": 0.1, "wanted": 0.3}
PART = {"by": "language", "name": "zh"}
PADDED = {"attack": "padded", "change": figure(0.2, 0.1, 0.3), "rises": figure(0.6, 0.4, 0.8)}
LONGER = {"model": 0.55, "people": 0.56, "n": 390}

EVALUATED = [
    # code, path, what shows it, what just does not, what the sentence must hold
    ("unmeasured", "pairs/accuracy", undefined("no pair was decided"), figure(0.8, 0.76, 0.84), "no pair was decided"),
    ("length_bound", "pairs/length_balanced_accuracy", figure(0.6, 0.5, 0.79), figure(0.6, 0.5, 0.8), "80.0 %"),
    ("prefers_longer", "longer_rate", {**LONGER, "intervals": {"model": [0.57, 0.7]}},
     {**LONGER, "intervals": {"model": [0.56, 0.7]}}, "longer output more often"),
    ("prefers_shorter", "longer_rate", {**LONGER, "intervals": {"model": [0.3, 0.55]}},
     {**LONGER, "intervals": {"model": [0.3, 0.56]}}, "shorter output more often"),
    ("below_people", "human_reference/model", figure(0.6, 0.5, 0.74), figure(0.6, 0.5, 0.75), "75.0 %"),
    ("weak_parts", "slices/1", {**PART, **figure(0.7, 0.6, 0.79)}, {**PART, **figure(0.7, 0.6, 0.8)}, "language: zh"),
    ("small_parts", "slices/1", {**PART, **figure(0.7, 0.5, 0.9, 29)}, {**PART, **figure(0.7, 0.5, 0.9, 30)},
     "Fewer than 30"),
    ("overconfident", "calibration/slope", figure(0.7, 0.5, 0.99), figure(0.7, 0.5, 1.0), "0.700 (0.500 to 0.990"),
    ("timid", "calibration/slope", figure(1.4, 1.01, 1.8), figure(1.4, 1.0, 1.8), "too timid"),
    ("constant", "outputs/f1", figure(0.65, 0.6, 0.7), figure(0.65, 0.61, 0.7), "60.0 %"),
    ("spread_blind", "uncertainty/error_auc", figure(0.55, 0.5, 0.6), figure(0.55, 0.51, 0.6), "50 % is chance"),
    ("exploitable", "hackability/0", {**PADDED, "exploitable": True}, {**PADDED, "exploitable": False}, "padded with"),
    ("attacks_untested", "hackability", [{**PADDED, "exploitable": None}], [{**PADDED, "exploitable": False}], "not been"),
    ("flat", "readiness/checks/1", {"code": "spread", "passed": False, **CHECK},
     {"code": "spread", "passed": None, **CHECK}, "spread 0.100, wanted 0.300"),
    ("best_of_n", "readiness/checks/2", {"code": "best_of_n", "passed": False, **CHECK},
     {"code": "best_of_n", "passed": None, **CHECK}, "10.0 %"),
    ("few_labels", "readiness/checks/0", {"code": "labels", "passed": False, "measured": 1999, "wanted": 2000},
     {"code": "labels", "passed": True, "measured": 2000, "wanted": 2000}, "1,999 of the 2,000"),
    ("few_groups", "split/test_groups", 29, 30, "Only 29 groups"),
    ("shared", "split/near_duplicates", 2, 0, "seen in training: 2 "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "path", "shown", "near", "words"), EVALUATED, ids=[row[0] for row in EVALUATED]
)
def test_weakness_shows_by_its_figure_and_not_just_before(
    code: str, path: str, shown: Any, near: Any, words: str
) -> None:
    told = found(with_value(path, shown))
    assert set(told) == {code}
    assert words in sentence(told[code])
    assert code not in found(with_value(path, near))


OTHER = [
    ("one_annotator", {"labels_by_annotator": (40,)}, {"labels_by_annotator": (20, 20)}, "one person's taste"),
    ("one_hand", {"labels_by_annotator": (201, 99)}, {"labels_by_annotator": (200, 100)}, "67.0 %"),
    ("not_people", {"labels_by_kind": {"human": 60, "simulated": 40}},
     {"labels_by_kind": {"human": 60, "adjudicated": 40}}, "40.0 % (n = 100) of the labels are not by people but simulated"),
    ("agreement_unknown", {"agreement": NOBODY_TWICE}, {"agreement": AGREEMENT}, "not known"),
    ("agreement_chance", {"agreement": [{**AGREEMENT[0], "alpha": figure(0.1, 0.0, 0.2)}]},
     {"agreement": [{**AGREEMENT[0], "alpha": figure(0.1, 0.01, 0.2)}]}, "chance on overall: alpha 0.100"),
    ("must_pass", {"must_pass": {"pinned": 9, "failed": 2}}, {"must_pass": {"pinned": 9, "failed": 0}}, "2 of 9 pinned"),
    ("drift", {"since_promotion": figure(0.7, 0.6, 0.79)}, {"since_promotion": figure(0.7, 0.6, 0.8)}, "80.0 %"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shown", "near", "words"), OTHER, ids=[row[0] for row in OTHER])
def test_weakness_of_the_labels_shows_and_does_not(
    code: str, shown: dict[str, Any], near: dict[str, Any], words: str
) -> None:
    told = found(sound(), **shown)
    assert set(told) == {code}
    assert words in sentence(told[code])
    assert found(sound(), **near) == {}


def test_simple_rule_counts_as_beaten_only_by_the_whole_interval() -> None:
    evaluation = with_value("pairs/accuracy", figure(0.8, 0.65, 0.84))
    told = weaknesses(
        evaluation, labels_by_kind={"human": 9}, labels_by_annotator=(4, 5), agreement=AGREEMENT
    )
    assert [(one.code, one.names, one.against) for one in told] == [("baseline", ("style",), 0.65)]
    assert sentence(told[0]) == (
        "It does not clearly beat style alone: accuracy 80.0 % (65.0 to 84.0, n = 400) against 65.0 %."
    )
    assert found(with_value("pairs/accuracy", figure(0.8, 0.651, 0.84))) == {}


def test_coin_is_not_beaten_at_exactly_a_half_nor_without_an_interval() -> None:
    assert "coin" in found(with_value("pairs/accuracy", figure(0.7, 0.5, 0.9)))
    assert "coin" in found(with_value("pairs/accuracy", figure(0.7)))
    assert "coin" not in found(with_value("pairs/accuracy", figure(0.7, 0.51, 0.9)))


def test_sound_model_has_none() -> None:
    assert found(sound()) == {}


def test_evaluation_that_knows_nothing_says_so() -> None:
    assert set(found({})) == {"unmeasured", "attacks_untested"}


def test_every_code_has_a_sentence_and_a_test() -> None:
    tested = {row[0] for row in (*EVALUATED, *OTHER)} | {"baseline", "coin"}
    assert set(CODES) == set(SENTENCES) == tested


def test_long_lists_of_parts_are_cut() -> None:
    parts = tuple(Part("source", f"model {number}") for number in range(14))
    assert "model 11, and 2 more" in sentence(Weakness("small_parts", against=30, parts=parts))
