"""R(x) = f(x; theta): a pretrained transformer, fine-tuned whole or by low-rank adapters.

It reads the end of the prompt and the output. The head starts at zero; a regression start teaches it the
linear model's rewards, or the ratings, before the comparisons (Wang et al. 2024, arXiv 2410.01257, section 4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from training.rewards.data import Completion, Dataset, Prompt
from training.rewards.explain import Explanation
from training.rewards.features.space import GROUPS, Item, Raw, items_of, items_of_texts
from training.rewards.models.base import FitInput, FitOutput, Scores, TextItem
from training.rewards.models.heads import Judged
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.models.transformer.checkpoint import Backbone, CheckpointError
from training.rewards.models.transformer.network import RewardNetwork, device_best, network_of, score
from training.rewards.models.transformer.resume import Saves
from training.rewards.models.transformer.tokens import Tokens, tokenise
from training.rewards.models.transformer.tuning import Tuning, tune
from training.rewards.store import ArtifactError, model_read, model_write

__all__ = ["Backbone", "CheckpointError", "TransformerModel", "fit"]

NO_FEATURES: Final = dict.fromkeys(GROUPS, False)
START_EPOCHS: Final = 1
Start = Literal["none", "linear", "ratings"]


@dataclass
class TransformerModel:
    """A fine-tuned network; rewards have mean 0 over the training outputs, differences in log-odds."""

    backbone: Backbone
    network: RewardNetwork
    centre: float
    max_tokens: int
    training: Mapping[str, Any]
    kind: str = "transformer"

    @property
    def groups(self) -> Mapping[str, bool]:
        """It reads texts, no features."""
        return NO_FEATURES

    @property
    def top_features(self) -> list[dict[str, Any]]:
        """None: there are no features with names."""
        return []

    def tokens(self, items: Sequence[Item]) -> Tokens:
        """The items as the network reads them."""
        return tokenise(self.backbone.tokenizer, items, self.max_tokens, causal=self.backbone.causal)

    def score_raw(self, raw: Raw) -> Scores:
        """Scores of the distinct items of ``raw``."""
        return self.score_items(raw.items)

    def score_items(self, items: Sequence[Item]) -> Scores:
        """Scores of items, in their order; equal items are read once."""
        place: dict[Item, int] = {}
        index = np.array([place.setdefault(item, len(place)) for item in items], dtype=np.int64)
        if not len(index):
            return Scores(np.zeros(0))
        return Scores((score(self.network, self.tokens(list(place))) - self.centre)[index])

    def score(self, rows: Sequence[tuple[Prompt, Completion]]) -> Scores:
        """Scores of completions beside their prompts, in their order."""
        return self.score_items(items_of(rows))

    def score_texts(self, items: Sequence[TextItem]) -> Scores:
        """Scores of (messages, completion text, given numbers), in their order."""
        return self.score_items(items_of_texts(items))

    def explain(self, row: tuple[Prompt, Completion]) -> Explanation:
        """The reward as one figure: what moved it, sentences tell (``training.rewards.occlusion``)."""
        return self._explained(items_of([row]))[0]

    def explain_texts(self, items: Sequence[TextItem]) -> list[Explanation]:
        """The reward of each (messages, completion text, given numbers) as one figure."""
        return self._explained(items_of_texts(items))

    def _explained(self, items: Sequence[Item]) -> list[Explanation]:
        return [Explanation(0.0, (), 0.0, float(reward)) for reward in self.score_items(items).reward]

    def save(self, folder: Path) -> None:
        """Writes ``model.json`` and ``model.safetensors``: network, tokenizer and head."""
        description = {
            "kind": self.kind,
            "backbone": self.backbone.describe(),
            "centre": self.centre,
            "max_tokens": self.max_tokens,
            "training": dict(self.training),
        }
        arrays = {f"backbone.{name}": values for name, values in self.backbone.arrays().items()}
        for name, value in self.network.head.state_dict().items():
            arrays[f"head.{name}"] = value.detach().float().cpu().numpy()
        model_write(folder, description, arrays)

    @classmethod
    def restore(
        cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], cache_dir: Path | None
    ) -> TransformerModel:
        """The model that ``description`` and ``arrays`` came from, on the GPU where there is one."""
        del cache_dir  # rewards of texts are not kept
        parts: dict[str, dict[str, NDArray[Any]]] = {"backbone": {}, "head": {}}
        for name, values in arrays.items():
            part, _, rest = name.partition(".")
            parts[part][rest] = values
        try:
            backbone = Backbone.restore(description["backbone"], parts["backbone"])
            network = network_of(backbone)
            network.head.load_state_dict(
                {name: torch.from_numpy(np.array(values)) for name, values in parts["head"].items()}
            )
        except (CheckpointError, RuntimeError) as error:
            raise ArtifactError(str(error)) from error
        network.to(device_best()).eval()
        return cls(
            backbone, network, description["centre"], description["max_tokens"], description["training"]
        )

    @classmethod
    def load(cls, folder: Path, cache_dir: Path | None = None) -> TransformerModel:
        """Reads what ``save`` wrote. Raises ArtifactError."""
        description, arrays = model_read(folder)
        return cls.restore(description, arrays, cache_dir)


def fit(task: FitInput) -> FitOutput:
    """Fine-tunes on the training prompts and keeps the epoch that explains the validation prompts best.

    Raises CheckpointError where the pretrained model cannot be loaded, Cancelled.
    """
    options = dict(task.options)
    tuning = Tuning(
        **{each.name: options[each.name] for each in fields(Tuning) if each.name in options}, seed=task.seed
    )
    torch.manual_seed(task.seed)
    backbone = Backbone.pretrained(options["checkpoint"])
    network = network_of(backbone)
    if options["gradient_checkpointing"]:
        backbone.model.gradient_checkpointing_enable()  # type: ignore[no-untyped-call]
    if options["adaptation"] == "lora":
        _adapt(network, int(options["lora_rank"]))
    network.to(device_best()).train()
    index = task.raw.index
    tokens = tokenise(backbone.tokenizer, task.raw.items, options["max_tokens"], causal=backbone.causal)
    train = Judged.of(task.dataset, task.split.train, index, options["strengths"])
    validation = Judged.of(task.dataset, task.split.validation, index, options["strengths"])
    base = np.zeros(len(task.raw.items))
    start: Start = options["start"]
    share = 0.0 if start == "none" else 0.2
    if start != "none":
        _start(task, network, tokens, start, tuning, base)

    def report(progress: float, step: str, point: dict[str, Any] | None) -> None:
        task.report(share + (1 - share) * progress, step, point)

    tuned = tune(
        network,
        tokens,
        train,
        validation,
        tuning,
        base=base,
        saves=Saves(_folder(task, "tuning"), _fingerprint(task)),
        report=report,
        check=task.check,
    )
    if options["adaptation"] == "lora":
        backbone = replace(backbone, model=network.backbone.merge_and_unload())  # type: ignore[operator]  # peft adds it
        network.backbone = backbone.model
    network.eval()
    rewards = score(network, tokens, check=task.check)
    learned = rows_of_prompts(task.dataset, task.split.train)
    centre = float(rewards[index[learned]].mean()) if len(learned) else 0.0
    training = {"best_epoch": tuned.best_epoch, "precision": tuning.precision, "start": start}
    model = TransformerModel(backbone, network, centre, options["max_tokens"], training)
    held_out = np.full(task.dataset.row_count, np.nan)
    rows = rows_of_prompts(task.dataset, task.split.validation)
    held_out[rows] = rewards[index[rows]] - centre
    notes: tuple[str, ...] = (
        f"the epoch of least validation loss was {tuned.best_epoch} of {len(tuned.curve)}",
    )
    if tokens.truncated:
        notes += (f"{tokens.truncated} long texts were read by a part of them only",)
    return FitOutput(model, Scores(rewards - centre), held_out, tuple(tuned.curve), notes)


def _start(
    task: FitInput,
    network: RewardNetwork,
    tokens: Tokens,
    start: Start,
    tuning: Tuning,
    base: NDArray[np.float64],
) -> None:
    """One epoch of regression on the linear model's rewards of the training outputs, or on their ratings."""
    items = np.unique(task.raw.index[rows_of_prompts(task.dataset, task.split.train)])
    nothing, empty = np.zeros(0, dtype=np.int64), np.zeros(0)
    if start == "linear":
        from training.rewards.models import linear

        narrow = replace(task, options={}, named=False, report=lambda *_: None, parts=())
        values = linear.fit(narrow).scores.reward[items]
    else:
        rated = replace(task.dataset, preferences=(), verdicts=())
        judged = Judged.of(rated, task.split.train, task.raw.index, "ignore")
        items, values = judged.item, judged.value
        if not len(items):
            return
    targets = Judged(
        nothing, nothing, empty, empty, nothing, items, values, np.ones(len(items)), nothing, logistic=False
    )
    none = replace(targets, item=nothing, value=empty, point_weight=empty)

    def report(progress: float, step: str, _: dict[str, Any] | None) -> None:
        task.report(0.2 * progress, f"regression start, {step}", None)

    tune(
        network,
        tokens,
        targets,
        none,
        replace(tuning, epochs=START_EPOCHS),
        base=base,
        saves=Saves(_folder(task, "start"), _fingerprint(task)),
        report=report,
        check=task.check,
    )


def _adapt(network: RewardNetwork, rank: int) -> None:
    """Puts low-rank adapters beside every linear layer of the backbone (Hu et al. 2022)."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules="all-linear")
    network.backbone = get_peft_model(network.backbone, config)


def _folder(task: FitInput, name: str) -> Path | None:
    """Where this fit keeps its course; fits of other parts of the same run have folders of their own."""
    return None if task.work_dir is None else task.work_dir / f"{_fingerprint(task)[:16]}-{name}"


def _fingerprint(task: FitInput) -> str:
    """SHA-256 of what decides a fit: texts, judgments, split, options and seed."""
    digest = hashlib.sha256()
    for item in task.raw.items:
        digest.update(f"{len(item.prompt)} {len(item.text)} ".encode())
        digest.update(hashlib.sha256(f"{item.prompt}\0{item.text}".encode()).digest())
    for part in (task.split.train, task.split.validation):
        digest.update(np.ascontiguousarray(part).tobytes())
        digest.update(b"|")
    digest.update(_judgments(task.dataset))
    digest.update(json.dumps([dict(task.options), task.seed], sort_keys=True).encode())
    return digest.hexdigest()


def _judgments(dataset: Dataset) -> bytes:
    digest = hashlib.sha256()
    ids = [judged.id for judged in dataset.preferences]
    ids += [rating.id for rating in dataset.ratings] + [verdict.id for verdict in dataset.verdicts]
    for name in ids:
        digest.update(f"{name}\0".encode())
    return digest.digest()
