"""Hidden states of the packaged MiniLM, against the same network as transformers runs it."""

from __future__ import annotations

import numpy as np
import pytest

from training.rewards.data import Completion, Message, Preference, Prompt
from training.rewards.data import Dataset as Data
from training.rewards.features.encoder import MINILM, Encoder
from training.rewards.features.minilm import LAYERS, SIZE, WINDOW, minilm_states
from training.rewards.features.space import GROUPS, FeatureSpace, extract, items_of
from training.rewards.models.transformer.checkpoint import Backbone

TEXTS = ["Not bad.", "很好, thank you!", "A much longer sentence, with commas, so that lengths differ. " * 9]


def test_states_are_those_of_the_network_itself() -> None:
    backbone = Backbone.pretrained("minilm")
    backbone.model.train(False)
    for text, found in zip(TEXTS, minilm_states(TEXTS), strict=True):
        read = backbone.tokenizer(text, return_tensors="pt")
        states = backbone.model(**read, output_hidden_states=True).hidden_states
        expected = np.concatenate([states[layer].mean(dim=1)[0].detach().numpy() for layer in LAYERS])
        assert found == pytest.approx(expected, abs=1e-4)


def test_windows_of_a_long_text_count_by_their_tokens() -> None:
    whole, rest = "ship " * WINDOW, "sail " * 10
    window, other = minilm_states([whole, rest])
    expected = (window * (WINDOW + 2) + other * 12) / (WINDOW + 14)
    assert minilm_states([whole + rest])[0] == pytest.approx(expected, abs=1e-4)


def test_a_text_has_the_same_numbers_beside_any_others() -> None:
    alone = np.vstack([minilm_states([text]) for text in TEXTS])
    assert (minilm_states(TEXTS) == alone).all()
    assert minilm_states([]).shape == (0, SIZE)


def test_an_empty_text_has_none_and_a_cut_one_is_counted() -> None:
    vectors, truncated = Encoder(None, MINILM).encode(["", "word " * 2_000])
    assert not vectors[0].any()
    assert vectors[1].any()
    assert truncated == 1


def test_they_are_a_block_of_their_own() -> None:
    completions = tuple(Completion(str(place), text) for place, text in enumerate(TEXTS))
    prompt = Prompt("p", (Message("user", "How is it?"),), completions, "p")
    dataset = Data((prompt,), (Preference("j", 0, "g", "human", "overall", "ranking", ((0,), (1, 2))),))
    groups = {**dict.fromkeys(GROUPS, False), "minilm": True}
    raw = extract(items_of(dataset.rows), groups, Encoder(None))
    space = FeatureSpace.fit(raw, np.arange(3), groups)
    design = space.transform(raw)
    assert space.columns == {"minilm": (0, SIZE)}
    gaps = ((design.dense[:, None] - design.dense[None]) ** 2).sum(axis=2)
    assert gaps.sum() / 9 == pytest.approx(1.0)
