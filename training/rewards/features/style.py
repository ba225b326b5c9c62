"""Numeric features of how a completion is written, given its prompt.

No feature depends on the prompt alone: such a feature cancels in the difference of two completions.
Words are runs of letters or digits in scripts that put spaces between words; every Chinese, Japanese
or Thai character counts as a word of its own, so that lengths are comparable within a language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Completion, Message, Prompt

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*")
_CJK_CHARACTER: Final = re.compile(rf"[{_CJK}]")
_SENTENCE_END: Final = re.compile(r"[.!?]+(?=\s|$)|[\u3002\uff01\uff1f\u2026]+")
_LIST_ITEM: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)、])\s*\S", re.MULTILINE)
_HEADER: Final = re.compile(r"^#{1,6}\s+\S", re.MULTILINE)
_BOLD: Final = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__|</?(?:b|strong)>", re.IGNORECASE)
_CODE: Final = re.compile(r"```|`[^`\n]+`")
_LINK: Final = re.compile(r"https?://|www\.|\]\(")
_QUOTE: Final = re.compile(r"[\"“”«»「」『』]")
_PUNCTUATION: Final = re.compile(r"[^\w\s]")
_FINISHED: Final = re.compile(r"[.!?\u3002\uff01\uff1f\u2026)\]\"”」』`*:]\s*$")

STYLE_NAMES: Final[tuple[str, ...]] = (
    "log characters",
    "log words",
    "log sentences",
    "log distinct words",
    "mean word length",
    "log mean sentence length",
    "log longest word",
    "log line breaks",
    "log paragraphs",
    "log list items",
    "log headers",
    "log bold spans",
    "log code spans",
    "log links",
    "log quotation marks",
    "log question marks",
    "log exclamation marks",
    "log commas",
    "digit share",
    "punctuation share",
    "capital share",
    "words in capitals share",
    "distinct word share",
    "ends a sentence",
    "starts with a capital",
    "share of words from the prompt",
    "share of the prompt's words used",
    "length share beside the prompt",
)


def prompt_text(messages: Sequence[Message]) -> str:
    """The conversation as one text, turns separated by line breaks."""
    return "\n".join(message.content for message in messages)


def last_turn(messages: Sequence[Message]) -> str:
    """What an output answers: the last turn that is not the assistant's own, else all of the conversation."""
    asked = [message.content for message in messages if message.role not in ("assistant", "system")]
    return asked[-1] if asked and asked[-1].strip() else prompt_text(messages)


def words_of(text: str) -> list[str]:
    """Words in order; each character of a script without spaces is one.

    >>> words_of("Don't stop, 你好")
    ["Don't", 'stop', '你', '好']
    """
    return WORD.findall(text)


def style_vector(prompt: str, text: str, prompt_words: frozenset[str] | None = None) -> list[float]:
    """Values of ``STYLE_NAMES`` for one completion; ``prompt_words`` saves splitting the prompt again.

    An empty text gives zeros for every share, so that a missing answer is a point like any other.
    """
    characters = len(text)
    words = WORD.findall(text)
    lowered = [word.lower() for word in words]
    distinct = set(lowered)
    asked = frozenset(word.lower() for word in WORD.findall(prompt)) if prompt_words is None else prompt_words
    count = len(words)
    sentences = max(len(_SENTENCE_END.findall(text)), 1 if count else 0)
    cased = [word for word in words if not _CJK_CHARACTER.match(word)]
    letters = sum(map(len, words))
    visible = max(characters, 1)
    stripped = text.lstrip()
    return [
        math.log1p(characters),
        math.log1p(count),
        math.log1p(sentences),
        math.log1p(len(distinct)),
        letters / count if count else 0.0,
        math.log1p(count / sentences) if sentences else 0.0,
        math.log1p(max(map(len, words), default=0)),
        math.log1p(text.count("\n")),
        math.log1p(sum(1 for block in text.split("\n\n") if block.strip())),
        math.log1p(len(_LIST_ITEM.findall(text))),
        math.log1p(len(_HEADER.findall(text))),
        math.log1p(len(_BOLD.findall(text))),
        math.log1p(len(_CODE.findall(text))),
        math.log1p(len(_LINK.findall(text))),
        math.log1p(len(_QUOTE.findall(text))),
        math.log1p(text.count("?") + text.count("\uff1f")),
        math.log1p(text.count("!") + text.count("\uff01")),
        math.log1p(text.count(",") + text.count("\uff0c") + text.count("\u3001")),
        sum(map(str.isdigit, text)) / visible,
        len(_PUNCTUATION.findall(text)) / visible,
        sum(map(str.isupper, text)) / visible,
        sum(len(word) > 1 and word.isupper() for word in cased) / max(len(cased), 1),
        len(distinct) / count if count else 0.0,
        1.0 if _FINISHED.search(text) else 0.0,
        1.0 if stripped[:1].isupper() else 0.0,
        sum(word in asked for word in lowered) / count if count else 0.0,
        len(distinct & asked) / len(asked) if asked else 0.0,
        characters / (characters + len(prompt)) if characters else 0.0,
    ]


def style_vectors(texts: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """Style features of (prompt text, completion text), shape (texts, len(STYLE_NAMES)), unscaled.

    Equal pairs of texts are computed once.
    """
    asked: dict[str, frozenset[str]] = {}
    seen: dict[tuple[str, str], list[float]] = {}
    matrix = np.zeros((len(texts), len(STYLE_NAMES)))
    for index, (prompt, text) in enumerate(texts):
        vector = seen.get((prompt, text))
        if vector is None:
            if prompt not in asked:
                asked[prompt] = frozenset(word.lower() for word in WORD.findall(prompt))
            vector = seen[prompt, text] = style_vector(prompt, text, asked[prompt])
        matrix[index] = vector
    return matrix


def style_matrix(rows: Sequence[tuple[Prompt, Completion]]) -> NDArray[np.float64]:
    """Style features of completions beside their prompts, shape (rows, len(STYLE_NAMES)), unscaled."""
    texts: dict[int, str] = {}
    for prompt, _ in rows:
        if id(prompt) not in texts:
            texts[id(prompt)] = prompt_text(prompt.messages)
    return style_vectors([(texts[id(prompt)], completion.text) for prompt, completion in rows])
