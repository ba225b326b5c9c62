"""Which features moved a linear reward, as contributions that add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.rewards.features.ngrams import buckets_of, character_ngrams, word_ngrams
from training.rewards.features.space import GROUP_OF_BLOCK, Design, FeatureSpace
from training.rewards.occlusion import Sentence

MOST: Final = 20
_WHOLE_BLOCKS: Final = {
    "encoder": "meaning of the output",
    "product": "meaning beside the prompt",
    "minilm": "phrasing of the output",
    "cosine": "likeness of prompt and output",
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """``contribution`` = value * weight; both are None for a block shown as one figure.

    ``hits`` are the ranges of the output, in code points, that a rule was found by.
    """

    feature: str
    group: str
    value: float | None
    weight: float | None
    contribution: float
    hits: tuple[tuple[int, int], ...] = ()

    def wire(self) -> dict[str, Any]:
        """As JSON; ``hits`` where there are any."""
        answer: dict[str, Any] = {
            "feature": self.feature,
            "group": self.group,
            "value": self.value,
            "weight": self.weight,
            "contribution": self.contribution,
        }
        if self.hits:
            answer["hits"] = [{"start": start, "end": end} for start, end in self.hits]
        return answer


@dataclass(frozen=True, slots=True)
class CriterionShare:
    """What a rated criterion adds to a reward."""

    criterion: str
    contribution: float

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        return {"criterion": self.criterion, "contribution": self.contribution}


@dataclass(frozen=True, slots=True)
class Explanation:
    """``intercept`` + contributions + ``other`` (+ ``residual`` of a network) is the reward.

    The intercept is the reward of an output at the training mean of every number. Where a model has a head
    for each criterion, ``criteria`` say the same another way: they add up to the reward less its mean.
    """

    intercept: float
    contributions: tuple[Contribution, ...]
    other: float
    residual: float | None = None
    sentences: tuple[Sentence, ...] = ()
    criteria: tuple[CriterionShare, ...] = ()

    def wire(self) -> dict[str, Any]:
        """The object ``explanation`` of the reward API; ``residual`` and ``sentences`` where there are any."""
        answer: dict[str, Any] = {
            "intercept": self.intercept,
            "contributions": [contribution.wire() for contribution in self.contributions],
            "other": self.other,
        }
        if self.residual is not None:
            answer["residual"] = self.residual
        if self.sentences:
            answer["sentences"] = [sentence.wire() for sentence in self.sentences]
        if self.criteria:
            answer["criteria"] = [share.wire() for share in self.criteria]
        return answer


def explain_linear(
    space: FeatureSpace, design: Design, item: int, text: str, weights: NDArray[np.float64], intercept: float
) -> Explanation:
    """Explains ``weights`` (width,) on one item of ``design``, whose text is ``text``.

    Numbers are shown standardised (0 is the training mean, 1 a standard deviation). An n-gram is shown
    by its own text; n-grams of the text that share a bucket are shown together.
    """
    found: list[Contribution] = []
    for name, (start, end) in space.columns.items():
        if name in _WHOLE_BLOCKS:
            total = float(design.dense[item, start:end] @ weights[start:end])
            found.append(Contribution(_WHOLE_BLOCKS[name], GROUP_OF_BLOCK[name], None, None, total))
        elif name in ("style", "given"):
            found += _numbers(space, name, design.dense[item, start:end], weights[start:end])
        else:
            found += _ngrams(space, name, design, item, text, weights)
    found = [part for part in found if part.contribution]
    found.sort(key=lambda part: (-abs(part.contribution), part.feature))
    other = float(sum(part.contribution for part in found[MOST:]))
    return Explanation(intercept, tuple(found[:MOST]), other)


def _numbers(
    space: FeatureSpace, name: str, scaled: NDArray[np.float64], weights: NDArray[np.float64]
) -> list[Contribution]:
    unit = number_unit(space, name)
    return [
        Contribution(feature, name, float(value * unit), float(weight / unit), float(value * weight))
        for feature, value, weight in zip(space.names(name), scaled, weights, strict=True)
    ]


def number_unit(space: FeatureSpace, name: str) -> float:
    """How many scaled units make a standard deviation's reciprocal: the block's common divisor."""
    return float(np.sqrt(2 * max(1, int(np.count_nonzero(space.arrays[f"{name}.scale"])))))


def _ngrams(
    space: FeatureSpace, name: str, design: Design, item: int, text: str, weights: NDArray[np.float64]
) -> list[Contribution]:
    row = design.thin[[item]]
    offset = design.dense.shape[1]
    ngrams = list(dict.fromkeys(word_ngrams(text) if name == "words" else character_ngrams(text)))
    names = ngram_names(space, name, ngrams)
    start, end = space.columns[name]
    parts = []
    for column, value in zip(row.indices + offset, row.data, strict=True):
        if start <= column < end:
            shown = " / ".join(f"“{ngram}”" for ngram in names.get(int(column), ["?"])[:3])
            weight = float(weights[column])
            parts.append(Contribution(shown, "ngrams", float(value), weight, float(value) * weight))
    return parts


def ngram_names(space: FeatureSpace, name: str, ngrams: list[str]) -> dict[int, list[str]]:
    """Column to those of the n-grams that fall into it."""
    buckets = np.asarray(space.arrays[f"{name}.buckets"])
    start, _ = space.columns[name]
    names: dict[int, list[str]] = {}
    for ngram, bucket in zip(ngrams, buckets_of(ngrams), strict=True):
        place = int(np.searchsorted(buckets, bucket))
        if place < len(buckets) and buckets[place] == bucket:
            names.setdefault(start + place, []).append(ngram)
    return names


def top_features(
    space: FeatureSpace, design: Design, texts: list[str], weights: NDArray[np.float64], *, most: int = MOST
) -> list[dict[str, Any]]:
    """Numbers and n-grams of most effect over the training items of ``design``, largest first.

    Effect is |weight| times the column's standard deviation, so that a feature hardly ever present does
    not lead. ``weight`` is in reward per standard deviation, so numbers and n-grams compare.
    """
    ranked: list[tuple[float, str, str]] = []
    for name in ("style", "given"):
        if name in space.columns:
            start, end = space.columns[name]
            unit = number_unit(space, name)
            ranked += [
                (float(weight / unit), name, feature)
                for feature, weight in zip(space.names(name), weights[start:end], strict=True)
            ]
    offset = design.dense.shape[1]
    by_column = sparse.csr_array(design.thin_transposed)
    for name in ("words", "characters"):
        if name not in space.columns:
            continue
        start, end = space.columns[name]
        spread = _column_spread(by_column[start - offset : end - offset], design.thin.shape[0])
        effect = weights[start:end] * spread
        for place in np.argsort(-np.abs(effect), kind="stable")[:most]:
            column = start + int(place)
            items = by_column[[column - offset]].indices[:3]
            ngrams = [
                ngram
                for index in items
                for ngram in (
                    word_ngrams(texts[index]) if name == "words" else character_ngrams(texts[index])
                )
            ]
            known = ngram_names(space, name, list(dict.fromkeys(ngrams))).get(column)
            if known:
                ranked.append((float(effect[place]), "ngrams", f"“{known[0]}”"))
    ranked.sort(key=lambda entry: (-abs(entry[0]), entry[2]))
    return [
        {"name": name, "group": group, "weight": weight} for weight, group, name in ranked[:most] if weight
    ]


def _column_spread(by_column: sparse.csr_array, items: int) -> NDArray[np.float64]:
    """Standard deviation over items of each row of the transposed design."""
    mean = np.asarray(by_column.sum(axis=1)).ravel() / items
    square = np.asarray(by_column.multiply(by_column).sum(axis=1)).ravel() / items
    return np.sqrt(np.maximum(square - mean**2, 0.0))
