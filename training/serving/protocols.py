"""What policy trainers send, read as conversations. Pure functions.

A trainer sends the prompt and the whole text, prompt and completion, as its chat template rendered them. The
prompt's part is taken off, turns that a known template marks become messages again, and the marks that end a
turn are dropped, so that the score equals the one of the same completion asked for by `rewards/`.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

ENDS: Final = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "</s>",
    "<eos>",
)
TURNS: Final = (
    re.compile(r"<\|im_start\|>(?P<role>\w+)\n(?P<content>.*?)<\|im_end\|>\n?", re.DOTALL),
    re.compile(
        r"<\|start_header_id\|>(?P<role>\w+)<\|end_header_id\|>\n\n(?P<content>.*?)<\|eot_id\|>", re.DOTALL
    ),
    re.compile(r"<start_of_turn>(?P<role>\w+)\n(?P<content>.*?)<end_of_turn>\n?", re.DOTALL),
)
OPENINGS: Final = re.compile(
    r"(<\|im_start\|>assistant\n|<\|start_header_id\|>assistant<\|end_header_id\|>\n\n|<start_of_turn>model\n)$"
)
BEGINNINGS: Final = ("<|begin_of_text|>", "<bos>", "<s>")
ROLES: Final = {"model": "assistant"}


class ProtocolError(ValueError):
    """A request that says too little to be scored."""


def conversation(prompt: object) -> list[dict[str, str]]:
    r"""A prompt as messages: a list of messages as it is, rendered turns one by one, plain text as one user turn.

    >>> conversation("Why?")
    [{'role': 'user', 'content': 'Why?'}]
    >>> conversation("<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n")
    [{'role': 'user', 'content': 'Why?'}]
    """
    if isinstance(prompt, list):
        try:
            return [{"role": str(turn["role"]), "content": str(turn["content"])} for turn in prompt]
        except (TypeError, KeyError):
            raise ProtocolError("A prompt is a text or a list of messages with role and content.") from None
    if not isinstance(prompt, str):
        raise ProtocolError("A prompt is a text or a list of messages with role and content.")
    text = prompt
    for beginning in BEGINNINGS:
        text = text.removeprefix(beginning)
    text = OPENINGS.sub("", text)
    for pattern in TURNS:
        turns = list(pattern.finditer(text))
        if turns and "".join(turn.group(0) for turn in turns).strip() == text.strip():
            return [
                {"role": ROLES.get(turn["role"], turn["role"]), "content": turn["content"]} for turn in turns
            ]
    return [{"role": "user", "content": prompt}]


def completion(query: object, prompt: object) -> str:
    """The completion in a whole text: the prompt's part taken off in front, the ends of turns behind.

    >>> completion("Why? Because.</s>", "Why? ")
    'Because.'
    """
    if not isinstance(query, str):
        raise ProtocolError("Each query is a text.")
    text = query
    if isinstance(prompt, str):
        text = text.removeprefix(prompt)
        if text == query and prompt:  # a tokenizer may have added its beginning mark to one of the two
            for beginning in BEGINNINGS:
                text = text.removeprefix(beginning)
            text = text.removeprefix(prompt)
    while end := next((end for end in ENDS if text.rstrip().endswith(end)), None):
        text = text.rstrip().removesuffix(end)
    return text


def openrlhf_items(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of `{"query": [...], "prompts": [...]}`. Raises ProtocolError."""
    queries, prompts = body.get("query"), body.get("prompts")
    if isinstance(queries, str):
        queries, prompts = [queries], [prompts] if isinstance(prompts, str) else prompts
    if not isinstance(queries, list) or not queries:
        raise ProtocolError("“query” must be a list of texts.")
    if not isinstance(prompts, list) or len(prompts) != len(queries):
        raise ProtocolError("“prompts” must have one entry for each query.")
    return [
        {"messages": conversation(prompt), "completion": completion(query, prompt)}
        for query, prompt in zip(queries, prompts, strict=True)
    ]


def openrlhf_answer(rewards: list[dict[str, Any]]) -> dict[str, Any]:
    """Rewards as the trainer reads them; `scores` are their logistic values, between 0 and 1."""
    values = [float(reward["reward"]) for reward in rewards]
    stds = [reward["std"] for reward in rewards]
    logs = {"reward_std": stds} if all(std is not None for std in stds) else {}
    return {"rewards": values, "scores": [_logistic(value) for value in values], "extra_logs": logs}


def _logistic(value: float) -> float:
    """1 / (1 + exp(-value)) without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
