"""Token ids of outputs beside their prompts, cut to length once, and batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from numpy.typing import NDArray

from training.rewards.features.space import Item

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PROMPT_SHARE: Final = 0.25  # of the tokens are the prompt's, and more where the output leaves them


@dataclass(frozen=True)
class Tokens:
    """Ids of each item, their lengths (items,), and how many texts lost a part to the limit."""

    ids: tuple[NDArray[np.int64], ...]
    kinds: tuple[NDArray[np.int64], ...] | None
    lengths: NDArray[np.int64]
    truncated: int
    padding: int

    def batch(
        self, items: Sequence[int] | NDArray[np.int64], device: torch.device
    ) -> dict[str, torch.Tensor]:
        """Inputs of some items, padded on the right to the longest of them."""
        lengths = self.lengths[np.asarray(items)]
        shape = (len(lengths), int(lengths.max()))
        mask = np.arange(shape[1])[None, :] < lengths[:, None]
        ids = np.full(shape, self.padding, dtype=np.int64)
        ids[mask] = np.concatenate([self.ids[item] for item in items])
        inputs = {"input_ids": ids, "attention_mask": mask.astype(np.int64)}
        if self.kinds is not None:
            kinds = np.zeros(shape, dtype=np.int64)
            kinds[mask] = np.concatenate([self.kinds[item] for item in items])
            inputs["token_type_ids"] = kinds
        return {name: torch.from_numpy(values).to(device) for name, values in inputs.items()}


def tokenise(
    tokenizer: PreTrainedTokenizerFast, items: Sequence[Item], limit: int, *, causal: bool
) -> Tokens:
    """Ids of every item with at most `limit` tokens: the end of its prompt and the beginning of its text."""
    parts = [_cut(tokenizer, item, limit) for item in items]
    prompts, texts = [part[0] for part in parts], [part[1] for part in parts]
    if causal:
        joined = [_dialogue(tokenizer, prompt, text) for prompt, text in zip(prompts, texts, strict=True)]
        bare = tokenizer.chat_template is None
        encoded = tokenizer(joined, truncation=True, max_length=limit, add_special_tokens=bare)
    else:
        encoded = tokenizer(prompts, texts, truncation=True, max_length=limit)
    assert tokenizer.pad_token_id is not None
    # Where a text says nothing and the tokenizer adds nothing, there is still one token to read.
    ids = tuple(np.array(each or [tokenizer.pad_token_id], dtype=np.int64) for each in encoded["input_ids"])
    kinds = None
    if "token_type_ids" in encoded and "token_type_ids" in tokenizer.model_input_names:
        kinds = tuple(np.array(each, dtype=np.int64) for each in encoded["token_type_ids"])
    lengths = np.array([len(each) for each in ids], dtype=np.int64)
    return Tokens(ids, kinds, lengths, sum(part[2] for part in parts), int(tokenizer.pad_token_id))


def _dialogue(tokenizer: PreTrainedTokenizerFast, prompt: str, text: str) -> str:
    if tokenizer.chat_template is None:
        return f"{prompt}\n\n{text}"
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": text}]
    return str(tokenizer.apply_chat_template(turns, tokenize=False))


def _cut(tokenizer: PreTrainedTokenizerFast, item: Item, limit: int) -> tuple[str, str, bool]:
    """The end of the prompt, the beginning of the text, and whether either lost something."""
    room = max(limit - 8, 2)  # what a template or special tokens need
    # No token is longer than some characters: what lies far beyond the limit need not be read at all.
    most = room * 32
    prompt, text = item.prompt[-most:], item.text[:most]
    asked = tokenizer(prompt, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    said = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    wanted, given = len(asked["input_ids"]), len(said["input_ids"])
    for_text = min(given, room - min(wanted, int(room * PROMPT_SHARE)))
    for_prompt = min(wanted, room - for_text)
    cut = for_text < given or for_prompt < wanted or len(item.prompt) > most or len(item.text) > most
    if for_text < given:
        text = text[: said["offset_mapping"][for_text][0]]
    if for_prompt < wanted:
        prompt = prompt[asked["offset_mapping"][wanted - for_prompt][0] :] if for_prompt else ""
    return prompt, text, cut


def by_length(lengths: NDArray[np.int64], tokens: int) -> Iterator[NDArray[np.int64]]:
    """Batches of items of like lengths, the longest first, each of about `tokens` tokens with its padding."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        count = max(1, tokens // max(int(lengths[order[start]]), 1))
        yield order[start : start + count]
        start += count
