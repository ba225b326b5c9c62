"""The few facts on top of a card: which, in which order, and what they say."""

from __future__ import annotations

from typing import Any

from tests.training.rewards.cards import figure, sound
from training.rewards.card_markdown import sentence
from training.rewards.card_words import FINDINGS
from training.rewards.findings import CODES, MOST, Finding, findings
from training.rewards.weaknesses import Part, Weakness

LENGTH_WINS = {"baselines": {"length": {"accuracy": figure(0.9)}}}
EVEN = {"baselines": {"length": {"accuracy": figure(0.78)}}}


def codes(evaluation: dict[str, Any], *weaknesses: Weakness) -> list[str]:
    return [one.code for one in findings(evaluation, weaknesses)]


def test_sound_model_is_told_beside_length_people_attacks_and_parts() -> None:
    told = findings(sound(), ())
    assert [one.code for one in told] == ["beats_length", "like_people", "withstands", "even_parts"]
    assert all(one.good for one in told)
    assert sentence(told[0]) == (
        "It clearly beats length alone, by 20.0 points: accuracy 80.0 % (76.0 to 84.0, n = 400) against 60.0 %."
    )
    assert sentence(told[2]).startswith("None of 1 ways of tampering")


def test_interval_and_not_value_decides_what_is_said_of_length() -> None:
    assert codes(sound() | EVEN)[0] == "hardly_beats_length"
    assert codes(sound() | LENGTH_WINS)[0] == "below_length"
    assert findings(sound() | EVEN, ())[0].good is False


def test_people_are_above_alike_or_below() -> None:
    def beside(model: dict[str, Any]) -> list[str]:
        return codes(sound() | {"human_reference": {"accuracy": figure(0.75), "model": model}})

    assert "above_people" in beside(figure(0.9, 0.85, 0.95))
    assert "like_people" in beside(figure(0.7, 0.6, 0.8))
    assert "below_people" in beside(figure(0.6, 0.5, 0.7))
    assert not {"above_people", "like_people", "below_people"} & set(beside(figure(0.6)))


def test_weakest_parts_lead_with_the_lowest_and_are_three_at_most() -> None:
    slices = [
        {"by": "language", "name": name, **figure(value, value - 0.05, value + 0.05, 50)}
        for name, value in (("a", 0.7), ("b", 0.5), ("c", 0.6), ("d", 0.4), ("e", 0.81))
    ]
    told = next(one for one in findings(sound() | {"slices": slices}, ()) if one.code == "weak_parts")
    assert told.parts == (Part("language", "d"), Part("language", "b"), Part("language", "c"))
    assert told.figure == figure(0.4, 0.4 - 0.05, 0.4 + 0.05, 50)
    assert "40.0 %" in sentence(told)


def test_what_is_urgent_leads_and_there_are_five_at_most() -> None:
    slices = [{"by": "language", "name": "zh", **figure(0.5, 0.4, 0.6, 50)}]
    urgent = (
        Weakness("drift", figure(0.6, 0.55, 0.65), 0.8),
        Weakness("must_pass", {"value": 2}, 5),
    )
    told = findings(sound() | {"slices": slices}, urgent)
    assert [one.code for one in told][:2] == ["must_pass", "drift"]
    assert len(told) == MOST
    assert sentence(told[0]).startswith("2 of 5 pinned judgments fail")


def test_reward_that_rises_under_attack_is_told_by_the_attacks() -> None:
    attacks = [{"attack": "padded", "change": figure(1), "rises": figure(0.8, 0.7, 0.9), "exploitable": True}]
    told = next(one for one in findings(sound() | {"hackability": attacks}, ()) if one.code == "exploitable")
    assert "padded with empty sentences" in sentence(told)


def test_nothing_measured_is_no_finding() -> None:
    assert findings({}, ()) == ()


def test_every_code_has_a_sentence() -> None:
    assert set(CODES) == set(FINDINGS)
    for code in CODES:
        assert sentence(Finding(code, None, figure(0.5), 0.4, 0.1, ("padded",)))
