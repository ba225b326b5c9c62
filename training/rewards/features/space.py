"""From texts to numbers: raw features of distinct outputs, and the space they are scaled into.

``extract`` computes what depends on a text alone. ``FeatureSpace.fit`` learns means and scales from
training rows only. Each *block* is divided so that two random training outputs are at
mean squared distance 1 in it; how much each block may then say is the model's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.rewards.data import Completion, Message, Prompt
from training.rewards.features.encoder import LONGEST_TEXT, MINILM, Encoder
from training.rewards.features.given import given_matrix
from training.rewards.features.ngrams import BUCKETS, ngram_vectors
from training.rewards.features.style import STYLE_NAMES, last_turn, prompt_text, style_vectors

Matrix = NDArray[np.float64]
GROUPS: Final = ("style", "ngrams", "encoder", "minilm", "given")
DENSE_BLOCKS: Final = ("style", "given", "encoder", "product", "cosine", "minilm")
EMBEDDED: Final = ("encoder", "product", "minilm")
SPARSE_BLOCKS: Final = ("words", "characters")
GROUP_OF_BLOCK: Final[Mapping[str, str]] = {
    "style": "style",
    "given": "given",
    "encoder": "encoder",
    "product": "encoder",
    "cosine": "encoder",
    "minilm": "minilm",
    "words": "ngrams",
    "characters": "ngrams",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One output to be scored: its prompt as one text, its own text, and its given numbers.

    ``asked`` is what the output answers, the last turn of the conversation; "" means all of the prompt.
    """

    prompt: str
    text: str
    features: tuple[float, ...] = ()
    asked: str = ""


def items_of(rows: Sequence[tuple[Prompt, Completion]]) -> list[Item]:
    """Items of completions beside their prompts."""
    texts: dict[int, tuple[str, str]] = {}
    for prompt, _ in rows:
        if id(prompt) not in texts:
            texts[id(prompt)] = prompt_text(prompt.messages), last_turn(prompt.messages)
    return [
        Item(texts[id(prompt)][0], completion.text, completion.features, texts[id(prompt)][1])
        for prompt, completion in rows
    ]


def items_of_texts(
    texts: Sequence[tuple[Sequence[Message], str, tuple[float, ...]]],
) -> list[Item]:
    """Items of (messages, completion text, given numbers)."""
    return [
        Item(prompt_text(messages), text, features, last_turn(messages)) for messages, text, features in texts
    ]


@dataclass(frozen=True)
class Raw:
    """Unscaled features of distinct items; ``index`` (rows,) says which item each asked row is.

    A group that is switched off is None. ``truncated`` counts texts embedded by a part only.
    """

    items: tuple[Item, ...]
    index: NDArray[np.int64]
    style: Matrix | None = None
    given: Matrix | None = None
    words: sparse.csr_array | None = None
    characters: sparse.csr_array | None = None
    completion: NDArray[np.float32] | None = None
    prompt: NDArray[np.float32] | None = None
    minilm: NDArray[np.float32] | None = None
    truncated: int = 0

    @cached_property
    def blocks(self) -> dict[str, Matrix]:
        """Unscaled dense blocks that are there, in order."""
        blocks: dict[str, Matrix] = {}
        if self.style is not None:
            blocks["style"] = self.style
        if self.given is not None:
            blocks["given"] = self.given
        if self.completion is not None and self.prompt is not None:
            blocks["encoder"] = self.completion.astype(np.float64)
            blocks["product"] = blocks["encoder"] * self.prompt
            blocks["cosine"] = blocks["product"].sum(axis=1, keepdims=True)
        if self.minilm is not None:
            blocks["minilm"] = self.minilm.astype(np.float64)
        return blocks

    def of_rows(self, rows: NDArray[np.int64]) -> Raw:
        """The items of some asked rows, and which of them each of these rows is."""
        items, index = np.unique(self.index[rows], return_inverse=True)
        parts: dict[str, Any] = {
            name: None if values is None else values[items]
            for name in ("style", "given", "words", "characters", "completion", "prompt", "minilm")
            for values in [getattr(self, name)]
        }
        kept = tuple(self.items[item] for item in items)
        return replace(self, items=kept, index=index.astype(np.int64), **parts)


def extract(
    items: Sequence[Item],
    groups: Mapping[str, bool],
    encoder: Encoder,
    report: Callable[[int, int], None] | None = None,
) -> Raw:
    """Raw features of the items, equal items computed once.

    ``report(done, total)`` follows each encoder and may raise to stop. Raises ValueError for given
    numbers that differ in count.
    """
    place: dict[Item, int] = {}
    index = np.array([place.setdefault(item, len(place)) for item in items], dtype=np.int64)
    distinct = tuple(place)
    texts = [item.text for item in distinct]
    style = given = words = characters = completion = prompt = minilm = None
    truncated = 0
    if groups["style"]:
        style = style_vectors([(item.prompt, item.text) for item in distinct])
    if groups["given"]:
        given = given_matrix([item.features for item in distinct])
        given = given if given.shape[1] else None
    if groups["ngrams"]:
        words, characters = ngram_vectors(texts, "word"), ngram_vectors(texts, "character")
    if groups["encoder"]:
        prompts: dict[str, int] = {}
        asked = [(item.asked or item.prompt)[-LONGEST_TEXT:] for item in distinct]
        prompt_index = [prompts.setdefault(text, len(prompts)) for text in asked]
        vectors, truncated = encoder.encode([*prompts, *texts], report)
        prompt, completion = vectors[: len(prompts)][prompt_index], vectors[len(prompts) :]
        truncated += len({item.prompt for item in distinct if len(item.asked or item.prompt) > LONGEST_TEXT})
    if groups.get("minilm"):  # models saved before it was there do not name it
        minilm, cut = encoder.beside(MINILM).encode(texts, report)
        truncated = max(truncated, cut)
    return Raw(distinct, index, style, given, words, characters, completion, prompt, minilm, truncated)


@dataclass(frozen=True)
class Design:
    """Scaled features of items: ``dense`` (items, d) and ``thin`` (items, s), columns side by side."""

    dense: Matrix
    thin: sparse.csr_array

    @cached_property
    def thin_transposed(self) -> sparse.csr_array:
        """``thin`` by columns, for products from the left."""
        return sparse.csr_array(self.thin.T.tocsr())

    @property
    def width(self) -> int:
        """Number of columns of both parts."""
        return int(self.dense.shape[1] + self.thin.shape[1])

    def forward(self, weights: Matrix) -> Matrix:
        """Features times weights (width,), shape (items,)."""
        split = self.dense.shape[1]
        result: Matrix = self.dense @ weights[:split] + self.thin @ weights[split:]
        return result

    def backward(self, values: Matrix) -> Matrix:
        """Transposed features times values (items,), shape (width,)."""
        return np.concatenate([values @ self.dense, self.thin_transposed @ values])

    def take(self, rows: NDArray[np.int64]) -> Design:
        """The design of some items."""
        return Design(self.dense[rows], self.thin[rows])


@dataclass(frozen=True)
class FeatureSpace:
    """Where each raw feature is centred and scaled to; ``arrays`` hold everything that was learned.

    Dense columns come first, in the order of ``DENSE_BLOCKS``, then one column for each n-gram bucket
    that a training text has, words before characters.
    """

    groups: Mapping[str, bool]
    arrays: Mapping[str, Matrix | NDArray[np.int64]]
    columns: Mapping[str, tuple[int, int]]

    @classmethod
    def fit(cls, raw: Raw, train: NDArray[np.int64], groups: Mapping[str, bool]) -> FeatureSpace:
        """Learns the space from the distinct items ``train``."""
        arrays: dict[str, Matrix | NDArray[np.int64]] = {}
        columns: dict[str, tuple[int, int]] = {}
        start = 0
        for name, values in raw.blocks.items():
            part = values[train]
            mean = _mean(part)
            scale = np.where(np.isfinite(part), part - mean, 0.0).std(axis=0)
            # An embedding's columns share one scale: its directions are meaningful as they stand.
            inverse = np.ones_like(scale) if name in EMBEDDED else _inverse(scale)
            variance = float(((scale * inverse) ** 2).sum())
            arrays[f"{name}.mean"] = mean
            arrays[f"{name}.scale"] = (
                inverse / np.sqrt(2 * variance) if variance > 0 else np.zeros_like(scale)
            )
            columns[name] = (start, start + len(mean))
            start += len(mean)
        for name, counts in (("words", raw.words), ("characters", raw.characters)):
            if counts is None:
                continue
            known = counts[train]
            seen = np.bincount(known.indices, minlength=BUCKETS)
            buckets = np.flatnonzero(seen)
            sums = np.bincount(known.indices, weights=known.data, minlength=BUCKETS)
            variance = (float((known.data**2).sum()) - float((sums**2).sum()) / max(len(train), 1)) / max(
                len(train), 1
            )
            arrays[f"{name}.buckets"] = buckets.astype(np.int64)
            arrays[f"{name}.scale"] = np.array([1 / np.sqrt(2 * variance) if variance > 1e-12 else 0.0])
            columns[name] = (start, start + len(buckets))
            start += len(buckets)
        return cls(dict(groups), arrays, columns)

    def transform(self, raw: Raw) -> Design:
        """Scaled features of every distinct item of ``raw``.

        A completion without given numbers sits at their training mean. Raises ValueError when the count
        of given numbers is not the trained one.
        """
        count = len(raw.items)
        present = raw.blocks
        dense = [np.zeros((count, 0))]
        for name in DENSE_BLOCKS:
            if name not in self.columns:
                continue
            mean, scale = self.arrays[f"{name}.mean"], self.arrays[f"{name}.scale"]
            values = present.get(name)
            if values is None:
                values = np.full((count, len(mean)), np.nan)
            if values.shape[1] != len(mean):
                raise ValueError(f"{values.shape[1]} given features, but the model was fitted on {len(mean)}")
            scaled = (values - mean) * scale
            dense.append(np.where(np.isfinite(scaled), scaled, 0.0) if name == "given" else scaled)
        thin = [sparse.csr_array((count, 0))]
        for name, counts in (("words", raw.words), ("characters", raw.characters)):
            if name in self.columns and counts is not None:
                selected = counts[:, self.arrays[f"{name}.buckets"].astype(np.int64)]
                thin.append(sparse.csr_array(selected * float(self.arrays[f"{name}.scale"][0])))
        return Design(np.hstack(dense), sparse.csr_array(sparse.hstack(thin, format="csr")))

    def names(self, block: str) -> list[str]:
        """Readable names of a block's columns; n-gram buckets and embedding directions have numbers."""
        start, end = self.columns[block]
        if block == "style":
            return list(STYLE_NAMES)
        if block == "cosine":
            return ["likeness of prompt and output"]
        return [f"{block} {number}" for number in range(1, end - start + 1)]

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((end for _, end in self.columns.values()), default=0)

    def describe(self) -> dict[str, Any]:
        """What JSON can hold of the space; the arrays are stored beside it."""
        return {
            "groups": dict(self.groups),
            "columns": {name: list(ends) for name, ends in self.columns.items()},
        }

    @classmethod
    def restore(cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> FeatureSpace:
        """The space that ``describe`` and ``arrays`` came from."""
        ordered = sorted(description["columns"].items(), key=lambda column: column[1])
        columns = {name: (int(start), int(end)) for name, (start, end) in ordered}
        return cls(dict(description["groups"]), dict(arrays), columns)


def _mean(part: Matrix) -> Matrix:
    """Column means of what is there; 0 for a column without any number."""
    there = np.isfinite(part)
    counts = there.sum(axis=0)
    sums = np.where(there, part, 0.0).sum(axis=0)
    mean: Matrix = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    return mean


def _inverse(scale: Matrix) -> Matrix:
    """1 / scale, and 0 for a column that does not vary beyond rounding."""
    varies = scale > 1e-12
    return np.divide(1.0, scale, out=np.zeros_like(scale), where=varies)
