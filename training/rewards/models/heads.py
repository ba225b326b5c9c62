"""Training the ensemble's heads with torch: all heads at once, each on its own bootstrap of groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.rewards.data import Dataset
from training.rewards.models.base import Report
from training.rewards.models.layers import Heads
from training.rewards.models.leniency import Leniency
from training.rewards.models.objective import Strengths, pair_table, rating_term, verdict_term
from training.rewards.models.skills import Skills

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """Shape and schedule of the heads; ``patience`` counts epochs without a better validation loss."""

    heads: int = 5
    hidden: int = 64
    layers: int = 2
    dropout: float = 0.3
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    epochs: int = 40
    patience: int = 3
    batch_size: int = 512
    seed: int = 0


@dataclass(frozen=True)
class Judged:
    """Judgments as arrays: pairs (first, second items; target of first) and points (item; value).

    ``logistic`` says that points are shares of "good" rather than scores. Prompts are for the bootstrap. A
    tie is half a win for each side. The margin of a pair is slope * difference + offset, by its annotator's
    skill and habit and the strength's margin.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    target: Matrix
    pair_weight: Matrix
    pair_prompt: NDArray[np.int64]
    item: NDArray[np.int64]
    value: Matrix
    point_weight: Matrix
    point_prompt: NDArray[np.int64]
    logistic: bool
    slope: Matrix | None = None
    offset: Matrix | None = None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        prompts: NDArray[np.int64],
        index: NDArray[np.int64],
        strengths: Strengths,
        skills: Skills | None = None,
        leniency: Leniency | None = None,
    ) -> Judged:
        """Judgments on ``prompts``; ``index`` (rows,) maps rows to items. Verdicts are read without ``leniency``."""
        inside = np.zeros(len(dataset.prompts), dtype=bool)
        inside[prompts] = True
        places = np.array([judged.prompt for judged in dataset.preferences], dtype=np.int64)
        pairs = pair_table(dataset, inside[places], index, strengths, skills)
        once = np.ones(len(dataset.prompts))
        points, _ = rating_term(dataset, inside, index, once, leniency)
        verdicts = None
        if points is None and not len(pairs.first):
            verdicts = verdict_term(dataset, inside, index, once)
        nothing, empty = np.zeros(0, dtype=np.int64), np.zeros(0)
        item, value, weight = nothing, empty, empty
        if points is not None:
            item, value, weight = points.row, points.value, points.weight
        elif verdicts is not None:
            item, value, weight = verdicts.row, verdicts.good, verdicts.weight
        prompt_of_row = np.repeat(np.arange(len(dataset.prompts)), np.diff(dataset.offsets))
        prompt_of_item = np.zeros(int(index.max()) + 1, dtype=np.int64)
        kept = inside[prompt_of_row]
        prompt_of_item[index[kept]] = prompt_of_row[kept]
        return cls(
            pairs.first,
            pairs.second,
            np.where(pairs.outcome == 1, 1.0, 0.5),
            pairs.weight,
            pairs.prompt,
            item,
            value,
            weight,
            prompt_of_item[item],
            verdicts is not None,
            pairs.slope,
            pairs.offset,
        )


class _Data:
    """``Judged`` as tensors on the device."""

    def __init__(self, judged: Judged, device: torch.device) -> None:
        def numbers(values: Matrix) -> torch.Tensor:
            return torch.as_tensor(values, dtype=torch.float32, device=device)

        def places(values: NDArray[np.int64]) -> torch.Tensor:
            return torch.as_tensor(values, dtype=torch.int64, device=device)

        self.first, self.second, self.target = (
            places(judged.first),
            places(judged.second),
            numbers(judged.target),
        )
        self.pair_weight, self.pair_prompt = numbers(judged.pair_weight), places(judged.pair_prompt)
        self.item, self.value = places(judged.item), numbers(judged.value)
        self.point_weight, self.point_prompt = numbers(judged.point_weight), places(judged.point_prompt)
        self.logistic = judged.logistic
        ones, zeros = np.ones_like(judged.pair_weight), np.zeros_like(judged.pair_weight)
        self.slope = numbers(ones if judged.slope is None else judged.slope)
        self.offset = numbers(zeros if judged.offset is None else judged.offset)
        self.total = float(judged.pair_weight.sum() + judged.point_weight.sum())


def train_heads(
    inputs: Matrix,
    base: Matrix,
    train: Judged,
    validation: Judged,
    counts: Matrix,
    settings: HeadSettings,
    *,
    report: Report,
    check: Callable[[], None],
) -> tuple[Heads, list[dict[str, Any]], str]:
    """Heads at their best validation loss, the live curve, and the device's name.

    ``inputs`` (items, d) and ``base`` (items,), the linear rewards, cover all items; ``counts`` (heads,
    prompts) say how often each head draws a prompt. The curve's point 0 is the linear model itself, and
    where that is best a head adds nothing. The same seed and device give the same heads.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        # Small products: threads would wait for each other, and one keeps the order of additions.
        torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    x = torch.as_tensor(inputs, dtype=torch.float32, device=device)
    linear = torch.as_tensor(base, dtype=torch.float32, device=device)
    learned, held_out = _Data(train, device), _Data(validation, device)
    drawn = torch.as_tensor(counts, dtype=torch.float32, device=device)
    weights, biases = _start(inputs.shape[1], settings, device)
    optimiser = torch.optim.AdamW(
        [*weights, *biases], lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    best_loss = torch.full((settings.heads,), torch.inf, device=device)
    best = [value.detach().clone() for value in (*weights, *biases)]
    curve: list[dict[str, Any]] = []
    since_better = 0
    for epoch in range(settings.epochs + 1):
        check()
        train_loss = (
            _epoch(x, linear, learned, drawn, weights, biases, optimiser, settings) if epoch else None
        )
        with torch.no_grad():
            residuals = _forward(x, weights, biases, 0.0)
            losses = _losses(linear + residuals, held_out)
            if train_loss is None:
                train_loss = float(_losses(linear + residuals, learned).mean())
            mean_loss, accuracy = _figures(linear + residuals.mean(dim=0), held_out)
        curve.append(
            {
                "step": epoch,
                "train_loss": train_loss,
                "validation_loss": mean_loss,
                "validation_accuracy": accuracy,
            }
        )
        report((epoch + 1) / (settings.epochs + 1), f"epoch {epoch} of {settings.epochs}", curve[-1])
        better = losses < best_loss
        best_loss = torch.where(better, losses, best_loss)
        for kept, value in zip(best, (*weights, *biases), strict=True):
            kept[better] = value.detach()[better]
        since_better = 0 if bool(better.any()) else since_better + 1
        if since_better >= settings.patience:
            break
    arrays = [value.double().cpu().numpy() for value in best]
    count = len(weights)
    heads = Heads(tuple(arrays[:count]), tuple(array[:, 0, :] for array in arrays[count:]))
    return heads, curve, "a GPU" if device.type == "cuda" else "the CPU"


def bootstrap_counts(dataset: Dataset, learning: NDArray[np.int64], settings: HeadSettings) -> Matrix:
    """How often each head draws each prompt, whole groups at a time, shape (heads, prompts of the dataset)."""
    rng = np.random.default_rng(settings.seed)
    names, group = np.unique([dataset.prompts[prompt].group for prompt in learning], return_inverse=True)
    counts = np.zeros((settings.heads, len(dataset.prompts)))
    for head in range(settings.heads):
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)))
        counts[head, learning] = drawn[group]
    return counts


def _start(
    width: int, settings: HeadSettings, device: torch.device
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """He-initialised hidden layers and a last layer of zeros."""
    generator = torch.Generator().manual_seed(settings.seed)
    sizes = [width, *[settings.hidden] * settings.layers, 1]
    weights, biases = [], []
    for layer, (size, following) in enumerate(pairwise(sizes)):
        weight = torch.zeros(settings.heads, size, following)
        if layer < settings.layers:
            weight.normal_(0.0, (2.0 / max(size, 1)) ** 0.5, generator=generator)
        weights.append(weight.to(device).requires_grad_())
        biases.append(torch.zeros(settings.heads, 1, following, device=device, requires_grad=True))
    return weights, biases


def _forward(
    x: torch.Tensor, weights: list[torch.Tensor], biases: list[torch.Tensor], dropout: float
) -> torch.Tensor:
    """Residuals of all heads, shape (heads, items)."""
    hidden = x.expand(weights[0].shape[0], -1, -1)
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        hidden = torch.baddbmm(bias, hidden, weight)
        if layer < len(weights) - 1:
            hidden = functional.dropout(functional.relu(hidden), dropout, training=dropout > 0)
    return hidden[:, :, 0]


def _epoch(
    x: torch.Tensor,
    linear: torch.Tensor,
    data: _Data,
    counts: torch.Tensor,
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    optimiser: torch.optim.Optimizer,
    settings: HeadSettings,
) -> float:
    """One pass over all judgments in random order; the mean training loss on the way, 0 without any."""
    if data.total == 0:
        return 0.0
    pairs, points = len(data.first), len(data.item)
    steps = max(1, -(-(pairs + points) // settings.batch_size))
    pair_order = torch.randperm(pairs).to(x.device).tensor_split(steps)
    point_order = torch.randperm(points).to(x.device).tensor_split(steps)
    total = 0.0
    for pair, point in zip(pair_order, point_order, strict=True):
        items = torch.cat([data.first[pair], data.second[pair], data.item[point]])
        rewards = linear[items] + _forward(x[items], weights, biases, settings.dropout)
        first, second = rewards[:, : len(pair)], rewards[:, len(pair) : 2 * len(pair)]
        item = rewards[:, 2 * len(pair) :]
        margin = data.slope[pair] * (first - second) + data.offset[pair]
        pair_weight = data.pair_weight[pair] * counts[:, data.pair_prompt[pair]]
        point_weight = data.point_weight[point] * counts[:, data.point_prompt[point]]
        summed = (pair_weight * pair_loss(margin, data.target[pair])).sum()
        summed = summed + (point_weight * point_loss(item, data.value[point], data.logistic)).sum()
        # The scale of one step does not depend on how the batch's weights fell.
        loss = summed * (steps / data.total)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
        total += float(loss.detach()) / (steps * settings.heads)
    return total


def pair_loss(margin: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Bradley-Terry loss of each pair; `target` is 1 where first won, .5 for a tie."""
    return functional.binary_cross_entropy_with_logits(margin, target.expand_as(margin), reduction="none")


def point_loss(reward: torch.Tensor, value: torch.Tensor, logistic: bool) -> torch.Tensor:
    """Loss of each single output: logistic against a share of "good", else half the squared error."""
    if logistic:
        return functional.binary_cross_entropy_with_logits(reward, value.expand_as(reward), reduction="none")
    return (reward - value) ** 2 / 2


def _losses(rewards: torch.Tensor, data: _Data) -> torch.Tensor:
    """Mean weighted loss of each head, shape (heads,), from rewards (heads, items)."""
    margin = data.slope * (rewards[:, data.first] - rewards[:, data.second]) + data.offset
    pair = pair_loss(margin, data.target) @ data.pair_weight
    point = point_loss(rewards[:, data.item], data.value, data.logistic) @ data.point_weight
    return (pair + point) / data.total if data.total else pair + point


def _figures(rewards: torch.Tensor, data: _Data) -> tuple[float | None, float | None]:
    """Loss and pair accuracy of one reward vector (items,); None where there is nothing to judge by."""
    if data.total == 0:
        return None, None
    loss = float(_losses(rewards[None], data)[0])
    decided = data.target == 1.0
    margin = (rewards[data.first] - rewards[data.second])[decided]
    if not len(margin):
        return loss, None
    weight = data.pair_weight[decided]
    right = (margin > 0).float() + 0.5 * (margin == 0).float()
    return loss, float((right * weight).sum() / weight.sum())
