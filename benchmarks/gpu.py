"""How much of a GPU fine-tuning and scoring use: sequences and pairs a second beside what the machine bears.

``python -m benchmarks.gpu --out gpu.json [--tokens 256] [--sequences 4096] [--pairs 1024]``

Networks of the shapes of MiniLM-L6 and Qwen2.5-0.5B with drawn weights read drawn token ids through the
product's own scoring and tuning, so that batches, transfers, clipping and the optimiser count. The limit is
arithmetic alone: the rate of a large product of matrices in the same precision, measured in the same run,
over the operations of a sequence (Kaplan et al. 2020, arXiv 2001.08361, table 1, without the vocabulary),
three times that to learn, two sequences a pair. Without a GPU it says so; `--processor` runs it there, with
few sequences, to see that it works.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from benchmarks.machine import describe_machine, output_argument, write_result
from training.rewards.models.heads import Judged
from training.rewards.models.transformer.network import RewardNetwork, score
from training.rewards.models.transformer.resume import Saves
from training.rewards.models.transformer.tokens import Tokens
from training.rewards.models.transformer.tuning import Precision, Tuning, autocast, tune

SQUARE: Final = 8_192  # rows and columns of the product that tells the machine's rate
PRODUCTS: Final = 20


@dataclass(frozen=True)
class Shape:
    """A network's shape; `weights` are those of its layers, without the vocabulary's."""

    name: str
    config: dict[str, Any]
    width: int
    layers: int
    weights: int
    causal: bool
    batch: int  # texts of a step

    def operations(self, tokens: int) -> float:
        """Floating-point operations of one sequence's way forward."""
        attention = 4 * self.layers * self.width * tokens**2 * (0.5 if self.causal else 1.0)
        return 2.0 * self.weights * tokens + attention


MINILM: Final = {
    "model_type": "bert",
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1_536,
    "attention_probs_dropout_prob": 0.0,
}
QWEN: Final = {
    "model_type": "qwen2",
    "hidden_size": 896,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "intermediate_size": 4_864,
    "vocab_size": 151_936,
    "tie_word_embeddings": True,
}
SHAPES: Final = (
    Shape("MiniLM-L6", MINILM, 384, 6, 10_600_000, causal=False, batch=512),
    Shape("Qwen2.5-0.5B", QWEN, 896, 24, 358_000_000, causal=True, batch=64),
)


def backbone_drawn(shape: Shape, layers: int) -> nn.Module:
    """A network of the shape with drawn weights and this many layers."""
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.for_model(**shape.config | {"num_hidden_layers": layers})
    made: nn.Module = AutoModel.from_config(config)  # type: ignore[no-untyped-call]
    return made


def tokens_drawn(sequences: int, length: int, seed: int = 0) -> Tokens:
    """Drawn ids, every sequence of the same length."""
    ids = np.random.default_rng(seed).integers(1_000, 30_000, size=(sequences, length))
    return Tokens(tuple(ids), None, np.full(sequences, length), 0, 0)


def pairs_of_neighbours(pairs: int) -> Judged:
    """Items 0 and 1, 2 and 3, ... compared once each."""
    first = np.arange(0, 2 * pairs, 2)
    nothing, empty, once = np.zeros(0, dtype=np.int64), np.zeros(0), np.ones(pairs)
    return Judged(first, first + 1, once, once, first // 2, nothing, empty, empty, nothing, logistic=True)


@contextmanager
def timed(device: torch.device, seconds: list[float]) -> Iterator[None]:
    """Adds the seconds of a block, all that was asked of the device included."""
    _settle(device)
    start = time.perf_counter()
    yield
    _settle(device)
    seconds.append(time.perf_counter() - start)


def _settle(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def median_seconds(device: torch.device, work: Callable[[], object], repeats: int = 3) -> float:
    """Median over some repeats after one to warm up."""
    work()
    seconds: list[float] = []
    for _ in range(repeats):
        with timed(device, seconds):
            work()
    return float(np.median(seconds))


def machine_rate(device: torch.device, dtype: torch.dtype, size: int) -> float:
    """Floating-point operations a second of large products of matrices."""
    one = torch.randn(size, size, device=device, dtype=dtype)
    other = torch.randn(size, size, device=device, dtype=dtype)
    seconds = median_seconds(device, lambda: [one @ other for _ in range(PRODUCTS)])
    return PRODUCTS * 2.0 * size**3 / seconds


def measure_shape(
    shape: Shape, device: torch.device, rates: dict[Precision, float], arguments: Any
) -> dict[str, Any]:
    """Sequences scored and pairs learned a second, with their shares of the limits."""
    layers = 1 if device.type == "cpu" else shape.layers
    network = RewardNetwork(backbone_drawn(shape, layers), shape.width, causal=shape.causal)
    network.to(device)
    length = arguments.tokens
    operations = shape.operations(length) * layers / shape.layers
    scored = tokens_drawn(arguments.sequences, length)
    found: dict[str, Any] = {"shape": shape.name, "tokens": length, "layers": layers}
    for precision, rate in rates.items():

        def forward(precision: Precision = precision) -> None:
            with autocast(device, precision):
                score(network, scored)

        found[f"score_{precision}"] = beside(
            arguments.sequences / median_seconds(device, forward), rate / operations
        )
    learned = tokens_drawn(2 * arguments.pairs, length)
    judged = pairs_of_neighbours(arguments.pairs)
    nobody = pairs_of_neighbours(0)
    for precision, rate in rates.items():
        tuning = Tuning(epochs=1, batch_size=shape.batch, precision=precision)

        def learn(tuning: Tuning = tuning) -> None:
            network.train()
            tune(
                network,
                learned,
                judged,
                nobody,
                tuning,
                base=np.zeros(2 * arguments.pairs),
                saves=Saves(None, ""),
                report=lambda *_: None,
                check=lambda: None,
            )

        seconds = median_seconds(device, learn, repeats=2)
        found[f"learn_{precision}"] = beside(arguments.pairs / seconds, rate / operations / 6)
    found["batches_alone_seconds"] = median_seconds(
        device, lambda: scored.batch(np.arange(arguments.sequences), device)
    )
    if device.type == "cuda":
        found["peak_memory_gb"] = round(torch.cuda.max_memory_allocated() / 2**30, 1)
        torch.cuda.reset_peak_memory_stats()
    return found


def beside(rate: float, limit: float) -> dict[str, float]:
    """A rate a second, the limit of arithmetic, and the share of it."""
    return {"per_second": round(rate, 1), "limit": round(limit, 1), "share": round(rate / limit, 3)}


def main() -> None:
    """Measure and write one JSON file."""
    parser = output_argument(__doc__)
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--sequences", type=int, default=4_096)
    parser.add_argument("--pairs", type=int, default=1_024)
    parser.add_argument(
        "--processor", action="store_true", help="run on the processor, one layer of each shape"
    )
    arguments = parser.parse_args()
    result: dict[str, Any] = {"benchmark": "gpu", "machine": describe_machine(("torch", "transformers"))}
    if not torch.cuda.is_available() and not arguments.processor:
        result["left_out"] = "There is no GPU here."
        write_result(result, arguments.out)
        return
    device = torch.device("cpu" if arguments.processor else "cuda")
    size = SQUARE if device.type == "cuda" else 1_024
    rates: dict[Precision, float] = {
        "float32": machine_rate(device, torch.float32, size),
        "bfloat16": machine_rate(device, torch.bfloat16, size),
    }
    result["device"] = torch.cuda.get_device_name() if device.type == "cuda" else "processor"
    result["operations_per_second"] = {name: round(rate / 1e12, 3) for name, rate in rates.items()}
    result["unit"] = "10^12 floating-point operations a second; sequences and pairs a second"
    result["shapes"] = [measure_shape(shape, device, rates, arguments) for shape in SHAPES]
    write_result(result, arguments.out)


if __name__ == "__main__":
    main()
