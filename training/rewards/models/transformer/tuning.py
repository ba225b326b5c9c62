"""Fine-tuning: AdamW with warm-up and linear decay, whole prompts in a step, the best epoch kept."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray

from training.rewards.models.base import Report
from training.rewards.models.heads import Judged, pair_loss, point_loss
from training.rewards.models.transformer.bundles import Bundles, Step
from training.rewards.models.transformer.network import RewardNetwork, score
from training.rewards.models.transformer.resume import Course, Saves, optimiser_restore
from training.rewards.models.transformer.tokens import Tokens

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Vector = NDArray[np.float64]
WARM_UP: Final = 0.1
LARGEST_GRADIENT: Final = 1.0
HEAD_RATE: Final = 20.0  # the fresh head learns that many times as fast
Precision = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True, slots=True)
class Tuning:
    """The course of a fine-tuning.

    `batch_size` counts texts of a step, `accumulate` steps of an update; `patience` epochs without a better
    validation loss end it. `centering` times the mean squared reward is added to the loss. `learn_words`
    False leaves the word embeddings as they came, which are most of a small encoder's weights.
    """

    epochs: int = 3
    learning_rate: float = 5e-5
    weight_decay: float = 0.01
    batch_size: int = 16
    accumulate: int = 1
    patience: int = 2
    centering: float = 0.01
    learn_words: bool = False
    precision: Precision = "auto"
    seed: int = 0


@dataclass(frozen=True)
class Tuned:
    """Validation loss and accuracy by epoch; the network holds the best epoch's weights."""

    curve: list[dict[str, Any]]
    best_epoch: int


def tune(
    network: RewardNetwork,
    tokens: Tokens,
    train: Judged,
    validation: Judged,
    tuning: Tuning,
    *,
    base: Vector,
    saves: Saves,
    report: Report,
    check: Callable[[], None],
) -> Tuned:
    """Teaches the network rewards that, added to `base` (items,), explain the judgments of `train`.

    Without validation judgments the last epoch is kept. Continues where `saves` left off.
    """
    torch.manual_seed(tuning.seed)
    optimiser = torch.optim.AdamW(_groups(network, tuning), fused=True)
    bundles = Bundles(train, tokens.lengths)
    course = Course(0, 0, None, [])
    best = _weights(network)
    if (saved := saves.read()) is not None:
        course, tensors = saved
        best = {name[5:]: value for name, value in tensors.items() if name.startswith("best.")}
        if course.finished:
            _restore(network, best)
            return Tuned(course.curve, _best_epoch(course.curve))
        _restore(network, {name[4:]: value for name, value in tensors.items() if name.startswith("now.")})
        optimiser_restore(optimiser, tensors)
        torch.set_rng_state(tensors["random"])
    while course.epoch < tuning.epochs and course.since_better < max(tuning.patience, 1):
        # Each epoch draws from its own stream, so that one taken up again meets the same steps.
        steps = bundles.epoch(tuning.batch_size, np.random.default_rng([tuning.seed, course.epoch]))
        total = 0.0
        for number, step in enumerate(steps):
            check()
            _rate(optimiser, (course.epoch + number / len(steps)) / tuning.epochs)
            loss = step_loss(network, tokens, train, step, base, tuning)
            (loss / tuning.accumulate).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            if (number + 1) % tuning.accumulate == 0 or number + 1 == len(steps):
                torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
            total += float(loss.detach())
            report(
                (course.epoch + (number + 1) / len(steps)) / tuning.epochs,
                f"epoch {course.epoch + 1} of {tuning.epochs}",
                None,
            )
        course.epoch += 1
        figures = judge(network, tokens, validation, base, check)
        course.curve.append({"step": course.epoch, "train_loss": total / max(len(steps), 1), **figures})
        report(course.epoch / tuning.epochs, f"epoch {course.epoch} of {tuning.epochs}", course.curve[-1])
        loss_now = figures["validation_loss"]
        if loss_now is None or course.best_loss is None or loss_now < course.best_loss:
            course.best_loss, course.since_better, best = loss_now, 0, _weights(network)
        else:
            course.since_better += 1
        saves.write(course, _weights(network), best, optimiser)
    _restore(network, best)
    course.finished = True
    saves.write(course, {}, best, None)
    return Tuned(course.curve, _best_epoch(course.curve))


def judge(
    network: RewardNetwork, tokens: Tokens, judged: Judged, base: Vector, check: Callable[[], None]
) -> dict[str, float | None]:
    """Mean loss and pair accuracy on judgments; None where there are none."""
    items = np.unique(np.concatenate([judged.first, judged.second, judged.item]))
    weight = judged.pair_weight.sum() + judged.point_weight.sum()
    if not len(items) or not weight:
        return {"validation_loss": None, "validation_accuracy": None}
    rewards = base.copy()
    rewards[items] += score(network, tokens, items, check)
    margin = rewards[judged.first] - rewards[judged.second]
    pair = judged.pair_weight @ (np.logaddexp(0.0, margin) - judged.target * margin)
    given = rewards[judged.item]
    if judged.logistic:
        point = judged.point_weight @ (np.logaddexp(0.0, given) - judged.value * given)
    else:
        point = judged.point_weight @ ((given - judged.value) ** 2 / 2)
    decided = judged.target == 1.0
    right = (margin[decided] > 0) + 0.5 * (margin[decided] == 0)
    share = judged.pair_weight[decided]
    accuracy = float(share @ right / share.sum()) if share.sum() else None
    return {"validation_loss": float((pair + point) / weight), "validation_accuracy": accuracy}


def step_loss(
    network: RewardNetwork,
    tokens: Tokens,
    judged: Judged,
    step: Step,
    base: Vector,
    tuning: Tuning,
) -> torch.Tensor:
    """Mean weighted loss of the judgments of a step, with the penalty on the rewards' size."""
    device = next(network.parameters()).device

    def numbers(values: Vector) -> torch.Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=device)

    with autocast(device, tuning.precision):
        learned = network(tokens.batch(step.items, device))
    rewards = learned + numbers(base[step.items])
    # Several prompts of a step may hold the same text, which then stands in it more than once: any one will do.
    order = np.argsort(step.items, kind="stable")

    def places(items: NDArray[np.int64]) -> torch.Tensor:
        return torch.as_tensor(order[np.searchsorted(step.items, items, sorter=order)], device=device)

    weight = judged.pair_weight[step.pairs].sum() + judged.point_weight[step.points].sum()
    loss = tuning.centering * (rewards**2).mean()
    if weight:
        margin = rewards[places(judged.first[step.pairs])] - rewards[places(judged.second[step.pairs])]
        pair = pair_loss(margin, numbers(judged.target[step.pairs]))
        point = point_loss(
            rewards[places(judged.item[step.points])], numbers(judged.value[step.points]), judged.logistic
        )
        summed = (numbers(judged.pair_weight[step.pairs]) * pair).sum()
        summed = summed + (numbers(judged.point_weight[step.points]) * point).sum()
        loss = loss + summed / float(weight)
    total: torch.Tensor = loss
    return total


@contextlib.contextmanager
def autocast(device: torch.device, precision: Precision) -> Iterator[None]:
    """bfloat16 where it is asked for, or is quicker: on GPUs, and processors with instructions for it."""
    wanted = precision == "bfloat16" or (
        precision == "auto"
        and (
            torch.cuda.is_bf16_supported() if device.type == "cuda" else torch.cpu._is_avx512_bf16_supported()
        )
    )
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=wanted):
        yield


def _groups(network: RewardNetwork, tuning: Tuning) -> list[dict[str, Any]]:
    """Parameters with their rates; nothing decays but weight matrices."""
    words = set() if tuning.learn_words else _words(network)
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if id(parameter) in words:
            parameter.requires_grad = False
        if parameter.requires_grad:
            groups.setdefault((name.startswith("head."), parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": 0.0,
            "peak": tuning.learning_rate * (HEAD_RATE if head else 1.0),
            "weight_decay": tuning.weight_decay if matrix else 0.0,
        }
        for (head, matrix), parameters in groups.items()
    ]


def _words(network: RewardNetwork) -> set[int]:
    embeddings = cast("PreTrainedModel", network.backbone).get_input_embeddings()
    return {id(parameter) for parameter in embeddings.parameters()}


def _rate(optimiser: torch.optim.Optimizer, done: float) -> None:
    """Learning rates after a share of the course."""
    factor = min((done + 1e-3) / WARM_UP, 1.0, (1.0 - done) / (1.0 - WARM_UP))
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * max(factor, 0.0)


def _weights(network: RewardNetwork) -> dict[str, torch.Tensor]:
    """Copies of what is learned; the rest never changes."""
    learned = {name for name, parameter in network.named_parameters() if parameter.requires_grad}
    state = network.state_dict()
    return {name: state[name].detach().cpu().clone() for name in sorted(learned)}


def _restore(network: RewardNetwork, weights: dict[str, torch.Tensor]) -> None:
    network.load_state_dict(weights, strict=False)


def _best_epoch(curve: list[dict[str, Any]]) -> int:
    losses = [point["validation_loss"] for point in curve]
    known = [(loss, point["step"]) for loss, point in zip(losses, curve, strict=True) if loss is not None]
    return int(min(known)[1]) if known else len(curve)
