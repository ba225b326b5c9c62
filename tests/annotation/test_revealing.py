"""Outputs that say which model wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.revealing import MASK, masked, revealing_spans

REVEALING = [
    ("As ChatGPT, I cannot browse the web.", ["ChatGPT"]),
    ("I am Claude, made by Anthropic.", ["Claude", "Anthropic"]),
    ("I'm Claude 3.5 Sonnet. How can I help?", ["Claude 3.5 Sonnet"]),
    ("Hello! I’m GPT-4o and happy to help.", ["GPT-4o"]),
    ("My name is Bard, and I like puzzles.", ["Bard"]),
    ("You are talking to Gemini.", ["Gemini"]),
    ("As a large language model trained by OpenAI, I don't have feelings.", ["OpenAI"]),
    ("As an AI language model developed by OpenAI, my knowledge ends in 2021.", ["OpenAI"]),
    ("I am a large language model, trained by Google.", ["Google"]),
    ("I'm an AI assistant created by Anthropic to be helpful.", ["Anthropic"]),
    ("I am an AI assistant named Qwen.", ["Qwen"]),
    ("I was created by Meta AI.", ["Meta AI"]),
    ("Hi, I'm Open Assistant!", ["Open Assistant"]),
    ("I am a GPT-4 based assistant.", ["GPT-4"]),
    ("My creators at Anthropic would object.", ["Anthropic"]),
    ("OpenAI trained me on text from the web.", ["OpenAI"]),
    ("I am based on the GPT-3.5 architecture.", ["GPT-3.5"]),
    ("我是通义千问，由阿里云研发的大语言模型。", ["通义千问", "阿里云"]),
    ("你好，我叫文心一言。", ["文心一言"]),
    ("我是一个名为ChatGLM的人工智能助手。", ["ChatGLM"]),
    ("作为文心一言，我无法提供实时信息。", ["文心一言"]),
    ("我是由OpenAI开发的人工智能语言模型。", ["OpenAI"]),
    ("我是百度研发的知识增强大语言模型。", ["百度"]),
    ("作为一个由OpenAI训练的语言模型，我没有感情。", ["OpenAI"]),
    ("我是 DeepSeek，很高兴为您服务。", ["DeepSeek"]),
    ("我是ChatGPT。ChatGPT 可以写诗。", ["ChatGPT", "ChatGPT"]),
]
MENTIONING = [
    "Claude was made by Anthropic.",
    "ChatGPT and GPT-4 are models by OpenAI.",
    "I like models such as ChatGPT.",
    "I am sure that ChatGPT was trained by OpenAI.",
    "I am a fan of Claude Monet, and I am Claude Monet's neighbour.",
    "I'm aware that a language model trained by Google exists.",
    "As good as ChatGPT, I think, is Claude.",
    "What I am asking Gemini is a riddle.",
    "As GPT-4 shows, scale helps.",
    "I was told that Meta made it.",
    "I am an AI language model and have no feelings.",
    "It was described as a language model trained by OpenAI.",
    "My name is Bardolph.",
    "The alpaca is an animal. I am a llama farmer.",
    "文心一言是百度研发的模型。",
    "我是ChatGPT的用户。",
    "我用通义千问写作业。",
    "我喜欢百度，百度开发了很多产品。",
    "作为一个人工智能语言模型，我没有感情。",
    "我是阿里云的客户。",
]


@pytest.mark.parametrize(("text", "names"), REVEALING)
def test_self_identification_is_found_with_its_names(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in revealing_spans(text)] == names


@pytest.mark.parametrize("text", MENTIONING)
def test_a_mere_mention_is_left_alone(text: str) -> None:
    assert revealing_spans(text) == []


def test_the_sources_of_a_project_are_names_too() -> None:
    sources = ["lab/model-a", "Robin 2", "human"]
    assert (
        masked("I am Model A. Yes.", revealing_spans("I am Model A. Yes.", sources=sources))
        == "I am ███████. Yes."
    )
    assert revealing_spans("As robin-2, I sing.", sources=sources) == [(3, 10)]
    assert revealing_spans("我是Robin 2。", sources=sources) == [(2, 9)]
    assert (
        revealing_spans("I am human, and Robin 2 sings; as Robin 2 sings, so do we.", sources=sources) == []
    )


def test_masking_keeps_every_offset_in_code_points() -> None:
    text = "🙂 I am Claude, 你好. Claude!"
    hidden = masked(text, revealing_spans(text))
    assert hidden == f"🙂 I am {MASK * 6}, 你好. {MASK * 6}!"
    assert len(hidden) == len(text)
    assert hidden.index("你好") == text.index("你好")


@given(st.text(), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_has_spans_in_order_within_it(text: str, sources: list[str]) -> None:
    spans = revealing_spans(f"I am {text}", sources=sources)
    flat = [edge for span in spans for edge in span]
    assert flat == sorted(flat)
    assert len(masked(f"I am {text}", spans)) == len(text) + 5


@pytest.mark.parametrize(
    "piece", ["I am ", "as a ", "I am a large ", "我是", "my name is ", "I'm an AI ", "as\t \t", "由OpenAI"]
)
def test_hostile_texts_take_time_in_proportion_to_their_length(piece: str) -> None:
    """They end at all: a pattern that tries every way of cutting them would not."""
    assert revealing_spans(piece * (200_000 // len(piece)) + "OpenAI") is not None
