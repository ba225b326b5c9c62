from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.rewards.occlusion import SENTENCES_MOST, occlusion, sentences_of


def count_please(asked: object) -> np.ndarray:
    return np.array([float(text.count("please")) for _, text in asked])  # type: ignore[attr-defined]


def test_the_sentence_that_carries_the_reward_gets_it() -> None:
    (found,) = occlusion(["It rains. Come in, please! Thanks"], count_please)
    assert [(each.start, each.end, each.effect) for each in found] == [(0, 9, 0), (10, 26, 1), (27, 33, 0)]


def test_effects_belong_to_their_own_text() -> None:
    one, other = occlusion(["No. please.", "please. please. no."], count_please)
    assert [each.effect for each in one] == [0, 1]
    assert [each.effect for each in other] == [1, 1, 0]


def test_a_single_sentence_has_nothing_beside_it() -> None:
    assert occlusion(["please", ""], count_please) == [(), ()]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("你好。世界！", ["你好。", "世界！"]),
        ("Version 2.5 is out. Yes", ["Version 2.5 is out.", "Yes"]),
        ("- a\n- b", ["- a", "- b"]),
        ("He said “no.” Then left.", ["He said “no.”", "Then left."]),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in sentences_of(text)] == pieces


@given(st.text(max_size=200))
def test_sentences_cover_everything_but_space_in_order(text: str) -> None:
    ranges = sentences_of(text)
    assert all(a < b for a, b in ranges)
    assert all(one[1] <= two[0] for one, two in pairwise(ranges))
    outside = list(text)
    for start, end in ranges:
        outside[start:end] = " " * (end - start)
    assert not "".join(outside).strip()


def test_long_texts_take_out_neighbours_together() -> None:
    text = " ".join(f"Sentence {number}." for number in range(SENTENCES_MOST * 2 + 5))
    (found,) = occlusion([text], count_please)
    assert len(found) <= SENTENCES_MOST
    assert (found[0].start, found[-1].end) == (0, len(text))
