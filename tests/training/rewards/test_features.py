from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.rewards.data import Message
from training.rewards.features.cache import EmbeddingCache, text_key
from training.rewards.features.encoder import LONGEST_TEXT, Encoder
from training.rewards.features.given import given_matrix
from training.rewards.features.ngrams import buckets_of, character_ngrams, ngram_vectors, word_ngrams
from training.rewards.features.space import GROUPS, FeatureSpace, Item, extract
from training.rewards.features.style import STYLE_NAMES, last_turn, style_vector, words_of

ALL = dict.fromkeys(GROUPS, True)
PLAIN = {**ALL, "encoder": False, "minilm": False}


def style(text: str, prompt: str = "") -> dict[str, float]:
    return dict(zip(STYLE_NAMES, style_vector(prompt, text), strict=True))


@given(st.text(), st.text())
def test_style_of_any_text_is_finite(prompt: str, text: str) -> None:
    assert np.isfinite(style_vector(prompt, text)).all()


def test_style_by_hand() -> None:
    found = style("# Title\n\n- One, two!\n- **Three**?", "one more")
    assert found["log headers"] == math.log1p(1)
    assert found["log list items"] == math.log1p(2)
    assert found["log bold spans"] == math.log1p(1)
    assert found["log question marks"] == found["log exclamation marks"] == math.log1p(1)
    assert found["log words"] == math.log1p(4)
    assert found["share of words from the prompt"] == 0.25
    assert found["share of the prompt's words used"] == 0.5


def test_chinese_characters_count_as_words_and_full_width_marks_end_sentences() -> None:
    assert words_of("你好，world") == ["你", "好", "world"]
    found = style("今天很好。你呢？")
    assert found["log words"] == math.log1p(6)
    assert found["log sentences"] == math.log1p(2)
    assert found["ends a sentence"] == 1.0


def test_ngrams_of_words_and_characters() -> None:
    assert word_ngrams("Not bad") == ["not", "bad", "not bad"]
    assert word_ngrams("很好") == ["很", "好", "很 好"]
    assert character_ngrams("a") == [" a", "a ", " a "]
    counts = ngram_vectors(["good good", ""], "word")
    length = math.hypot(1 + math.log(2), 1)
    assert sorted(counts[[0], :].data) == pytest.approx([1 / length, (1 + math.log(2)) / length])
    assert set(counts[[0], :].indices) == set(buckets_of(["good", "good good"]))
    assert counts[[1], :].nnz == 0


@given(st.lists(st.text(), max_size=4))
def test_each_ngram_of_a_text_is_in_its_bucket_and_in_no_other_text(texts: list[str]) -> None:
    for kind, ngrams in (("word", word_ngrams), ("character", character_ngrams)):
        vectors = ngram_vectors(texts, kind)
        for place, text in enumerate(texts):
            assert set(vectors[[place], :].indices) == set(buckets_of(ngrams(text)))


def test_the_output_is_held_against_the_last_turn_that_was_not_the_assistants() -> None:
    turns = [Message("user", "Hi"), Message("assistant", "Hello"), Message("user", "Why?")]
    assert last_turn(turns) == "Why?"
    assert last_turn(turns[1:2]) == "Hello"


def test_given_numbers_must_agree_in_count_and_be_finite() -> None:
    assert np.isnan(given_matrix([(1.0, 2.0), ()])[1]).all()
    with pytest.raises(ValueError, match="different numbers"):
        given_matrix([(1.0,), (1.0, 2.0)])
    with pytest.raises(ValueError, match="not finite"):
        given_matrix([(math.inf,)])


def test_equal_texts_are_encoded_once_and_found_again_byte_for_byte(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    texts = ["Hello there", "你好", "Hello there", "", "x" * (LONGEST_TEXT + 1)]
    fresh, truncated = Encoder(tmp_path).encode(texts, lambda done, total: calls.append((done, total)))
    again, _ = Encoder(tmp_path).encode(texts, lambda done, total: calls.append((done, total)))
    assert calls == [(3, 3)]
    assert truncated == 1
    assert fresh.tobytes() == again.tobytes()
    assert np.linalg.norm(fresh, axis=1) == pytest.approx([1, 1, 1, 0, 1], abs=1e-5)


def _write_some(folder: Path, start: int) -> None:
    cache = EmbeddingCache(folder, "encoder", 4)
    for number in range(start, start + 40):
        cache.write({text_key(str(number)): np.full(4, number, dtype=np.float32)})


def test_several_processes_fill_one_cache(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3) as pool:
        for done in [pool.submit(_write_some, tmp_path, start) for start in (0, 20, 40)]:
            done.result()
    found = EmbeddingCache(tmp_path, "encoder", 4).read([text_key(str(n)) for n in range(100)])
    assert len(found) == 80
    assert found[text_key("79")].tolist() == [79.0] * 4


def test_vectors_of_another_size_are_not_taken_from_the_cache(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, "encoder", 4)
    cache.write({text_key("a"): np.zeros(3, dtype=np.float32)})
    assert cache.read([text_key("a")]) == {}


def test_space_is_learned_from_training_items_and_survives_storage() -> None:
    items = [
        Item("ask", text, (float(n),)) for n, text in enumerate(("One.", "Two, three!", "四五六。", "Seven"))
    ]
    raw = extract(items, PLAIN, Encoder(None))
    train = np.arange(3)
    space = FeatureSpace.fit(raw, train, PLAIN)
    design = space.transform(raw)
    assert design.dense[train].mean(axis=0) == pytest.approx(np.zeros(design.dense.shape[1]), abs=1e-12)
    start, end = space.columns["style"]
    differences = [
        ((design.dense[i, start:end] - design.dense[j, start:end]) ** 2).sum() for i in train for j in train
    ]
    assert np.mean(differences) == pytest.approx(1.0)
    restored = FeatureSpace.restore(space.describe(), space.arrays).transform(raw)
    assert (restored.dense == design.dense).all()
    assert (restored.thin != design.thin).nnz == 0


def test_a_completion_without_given_numbers_sits_at_their_mean() -> None:
    groups = {**dict.fromkeys(GROUPS, False), "given": True}
    raw = extract([Item("p", "a", (1.0,)), Item("p", "b", (3.0,))], groups, Encoder(None))
    space = FeatureSpace.fit(raw, np.arange(2), groups)
    bare = extract([Item("p", "a")], groups, Encoder(None))
    assert space.transform(bare).dense.tolist() == [[0.0]]
    with pytest.raises(ValueError, match="fitted on 1"):
        space.transform(extract([Item("p", "a", (1.0, 2.0))], groups, Encoder(None)))


def test_no_column_depends_on_the_prompt_alone(tmp_path: Path) -> None:
    items = [Item(prompt, "The same text.") for prompt in ("Why?", "How do ships float?")]
    raw = extract(items, ALL, Encoder(tmp_path))
    assert raw.words is not None
    assert (raw.words[[0], :] != raw.words[[1], :]).nnz == 0
    assert raw.completion is not None
    assert (raw.completion[0] == raw.completion[1]).all()
