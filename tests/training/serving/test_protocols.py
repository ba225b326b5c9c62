"""What trainers send, read as conversations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.serving.protocols import (
    ProtocolError,
    completion,
    conversation,
    openrlhf_answer,
    openrlhf_items,
)

CHATML = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"
LLAMA = (
    "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n"
)
GEMMA = "<bos><start_of_turn>user\nWhy?<end_of_turn>\n<start_of_turn>model\n"


def test_plain_prompt_is_one_user_message() -> None:
    assert conversation("Why? ") == [{"role": "user", "content": "Why? "}]


@pytest.mark.parametrize("prompt", [LLAMA, GEMMA])
def test_rendered_turns_become_messages(prompt: str) -> None:
    assert conversation(prompt) == [{"role": "user", "content": "Why?"}]


def test_system_turn_is_kept() -> None:
    assert [turn["role"] for turn in conversation(CHATML)] == ["system", "user"]


def test_messages_are_taken_as_they_are() -> None:
    assert conversation([{"role": "user", "content": "Why?"}]) == [{"role": "user", "content": "Why?"}]


@given(st.text(), st.text().filter(lambda text: not text.rstrip().endswith((">",))))
def test_prompt_is_taken_off_and_nothing_else(prompt: str, answer: str) -> None:
    assert completion(prompt + answer, prompt) == answer


@pytest.mark.parametrize("end", ["</s>", "<|im_end|>", "<|eot_id|><|end_of_text|>", "<|im_end|>\n"])
def test_marks_that_end_a_turn_are_dropped(end: str) -> None:
    assert completion(CHATML + "Because." + end, CHATML) == "Because."


def test_beginning_mark_on_the_query_alone_does_not_hide_the_prompt() -> None:
    assert completion("<s>Why? Because.", "Why? ") == "Because."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": []},
        {"query": ["a"]},
        {"query": ["a"], "prompts": ["a", "b"]},
        {"query": [1], "prompts": ["a"]},
        {"query": ["a"], "prompts": [None]},
        {"query": ["a"], "prompts": [[{"role": "user"}]]},
        {"query": {"a": 1}, "prompts": ["a"]},
    ],
)
def test_request_that_says_too_little_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        openrlhf_items(body)


def test_answer_has_logistic_scores_without_overflow() -> None:
    rewards = [{"reward": value, "std": None} for value in (0.0, 800.0, -800.0, 1.0)]
    answer = openrlhf_answer(rewards)
    assert answer["rewards"] == [0.0, 800.0, -800.0, 1.0]
    assert answer["scores"] == pytest.approx([0.5, 1.0, 0.0, 1 / (1 + math.exp(-1))])
    assert answer["extra_logs"] == {}


def test_spread_of_an_ensemble_is_logged() -> None:
    assert openrlhf_answer([{"reward": 1.0, "std": 0.2}])["extra_logs"] == {"reward_std": [0.2]}
