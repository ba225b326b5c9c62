"""Shingles, signatures and bands, against sets built by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.similarity import BANDS, ROWS, band_keys, normalise, shingles, signatures, similarity
from annotation.similarity.shingles import shingles_flat


def by_hand(text: str) -> set[str]:
    """The shingles of a text as strings."""

    def width(character: str) -> int:
        return 2 if "\u2e80" <= character <= "\u9fff" else 5

    runs = {text[at : at + width(one)] for at, one in enumerate(text) if at + width(one) <= len(text)}
    return runs | {text[: width(text[0])]} if text else {""}


def jaccard(one: str, other: str) -> float:
    left, right = by_hand(one), by_hand(other)
    return len(left & right) / len(left | right)


def test_one_more_character_adds_one_shingle() -> None:
    # abcde bcdef against abcde bcdef cdefg
    assert similarity(shingles("abcdef"), shingles("abcdefg")) == 2 / 3


def test_a_chinese_character_weighs_as_much_as_part_of_a_word() -> None:
    one = "请用一句话介绍一下北京的历史和文化"
    other = one.replace("北京", "上海")
    # 16 runs of two characters, of which three change
    assert similarity(shingles(one), shingles(other)) == 13 / 19
    longer = one + "并且说明当地的特色美食与著名的旅游景点有哪些值得推荐"
    assert similarity(shingles(longer), shingles(longer.replace("北京", "上海"))) > 0.8


@given(st.text("ab 中文あ한", max_size=40), st.text("ab 中文あ한", max_size=40))
def test_the_similarity_is_that_of_the_sets(one: str, other: str) -> None:
    if "한" not in one + other:
        assert similarity(shingles(one), shingles(other)) == pytest.approx(jaccard(one, other), abs=1e-12)
    assert similarity(shingles(one), shingles(one)) == 1


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_a_text_has_the_same_shingles_alone_and_among_others(texts: list[str]) -> None:
    flat, begins = shingles_flat(texts)
    ends = [*begins[1:], len(flat)]
    for text, start, end in zip(texts, begins, ends, strict=True):
        assert np.array_equal(np.unique(flat[start:end]), shingles(text))


def test_equal_entries_of_signatures_estimate_the_similarity() -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 8))) for _ in range(2000)]
    true, estimated, met = [], [], []
    for _ in range(300):
        text = chance.choices(words, k=40)
        other = list(text)
        for _ in range(3):
            other[chance.randrange(len(other))] = chance.choice(words)
        pair = [" ".join(text), " ".join(other)]
        rows, keys = signatures(pair), band_keys(pair)
        true.append(jaccard(*pair))
        estimated.append(float((rows[0] == rows[1]).mean()))
        met.append(bool((keys[0] == keys[1]).any()))
    # 300 estimates with a standard error of at most .08 each: their mean is within .02 (4 standard errors)
    assert np.mean(estimated) == pytest.approx(np.mean(true), abs=0.02)
    expected = np.mean([1 - (1 - s**ROWS) ** BANDS for s in true])
    assert np.mean(met) == pytest.approx(expected, abs=0.08)


def test_unrelated_texts_meet_in_no_band() -> None:
    chance = random.Random(2)
    texts = [" ".join("".join(chance.choices("abcdefghij", k=6)) for _ in range(20)) for _ in range(200)]
    keys = band_keys(texts)
    assert all(len(set(keys[:, band].tolist())) == len(texts) for band in range(BANDS))


def test_nothing_and_signs_alone_are_equal_texts() -> None:
    assert normalise("?!") == normalise("") == ""
    assert (band_keys(["", ""])[0] == band_keys(["", ""])[1]).all()
    assert band_keys([]).shape == (0, BANDS)
