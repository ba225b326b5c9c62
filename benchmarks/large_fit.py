"""How long a linear fit of 100,000 comparisons takes, from nothing and after new labels.

``python -m benchmarks.large_fit --out large_fit.json [--comparisons 100000] [--columns 384] [--repeats 5]``

Every comparison has two outputs of its own, features are drawn and at hand, labels are drawn by
Bradley-Terry from known weights. Seconds hold everything from features of outputs to weights with a proven
gradient, in double precision. Beside it, in the same process: scikit-learn's L-BFGS on the differences of
the features in single precision, made beforehand, with the gradient that it ends at in the same objective.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from benchmarks.machine import describe_machine, write_result
from training.rewards.features.space import Design
from training.rewards.likelihoods import Pairs
from training.rewards.models.differences import Differences
from training.rewards.models.objective import Objective
from training.rewards.models.weights import Weights, fit_weights

Vector = NDArray[np.float64]
L2 = 1.0


def drawn(comparisons: int, columns: int, seed: int = 0) -> tuple[Design, Vector]:
    """Features like an encoder's, directions of falling variance, and which first output won."""
    rng = np.random.default_rng(seed)
    dense = rng.standard_normal((2 * comparisons, columns), dtype=np.float32)
    dense *= np.linspace(1.5, 0.2, columns, dtype=np.float32)
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    values = dense.astype(np.float64) - dense.mean(axis=0, dtype=np.float64)
    values /= np.sqrt(2 * values.var(axis=0).sum())  # two outputs at mean squared distance 1, as in a space
    margin = (values[::2] - values[1::2]) @ (3 * rng.standard_normal(columns))
    won = (rng.random(comparisons) < 1 / (1 + np.exp(-margin))).astype(np.float64)
    return Design(values, sparse.csr_array((2 * comparisons, 0))), won


def objective_of(won: Vector) -> Objective:
    """Comparisons of outputs 0 and 1, 2 and 3, and so on."""
    first = np.arange(0, 2 * len(won), 2)
    term = Pairs(first, first + 1, won, np.ones(len(won)))
    return Objective((term,), fits_ties=False, fits_level=False, labels=len(won))


def fitted(design: Design, won: Vector, start: Weights | None = None) -> Weights:
    """A fit as a training run makes it, the matrix products in one thread each."""
    objective = objective_of(won)
    with threadpool_limits(limits=1, user_api="blas"):
        differences = Differences.of(design, objective)
        return fit_weights(design, objective, np.ones(design.width), L2, start=start, differences=differences)


def gradient_norm(design: Design, won: Vector, columns: Vector) -> float:
    """Norm of the objective's gradient at these weights, in double precision."""
    slope = objective_of(won).terms[0].at(design.forward(columns), 0.0).gradient
    return float(np.linalg.norm(design.backward(slope) + L2 * columns))


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, dict[str, Any]]:
    """The last result, and the seconds and processor seconds of each repeat."""
    result, seconds, processor = None, [], []
    for _ in range(repeats):
        start, worked = time.perf_counter(), time.process_time()
        result = work()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - worked)
    return result, {
        "median_seconds": round(statistics.median(seconds), 3),
        "seconds": [round(each, 3) for each in seconds],
        "processor_seconds": [round(each, 3) for each in processor],
    }


def measure_large_fit(comparisons: int = 100_000, columns: int = 384, repeats: int = 5) -> dict[str, Any]:
    """A cold fit, a refit after 1 % of the labels changed, and scikit-learn's."""
    from sklearn.linear_model import LogisticRegression

    design, won = drawn(comparisons, columns)
    fitted(design, won)
    cold, cold_seconds = timed(lambda: fitted(design, won), repeats)
    rng = np.random.default_rng(1)
    changed = won.copy()
    places = rng.choice(comparisons, comparisons // 100, replace=False)
    changed[places] = 1 - changed[places]
    warm, warm_seconds = timed(lambda: fitted(design, changed, cold), repeats)
    again, again_seconds = timed(lambda: fitted(design, changed), repeats)
    differences = (design.dense[::2] - design.dense[1::2]).astype(np.float32)
    peer = LogisticRegression(C=1 / L2, fit_intercept=False, solver="lbfgs", max_iter=1000)
    found, peer_seconds = timed(lambda: peer.fit(differences, won), repeats)
    zero = gradient_norm(design, won, np.zeros(columns))
    return {
        "comparisons": comparisons,
        "columns": columns,
        "gradient_norm_at_zero": zero,
        "cold": cold_seconds | {"gradient_norm": gradient_norm(design, won, cold.columns)},
        "warm_after_1_percent": warm_seconds
        | {
            "gradient_norm": gradient_norm(design, changed, warm.columns),
            "largest_difference_from_a_cold_fit": float(np.abs(warm.columns - again.columns).max()),
            "cold_median_seconds": again_seconds["median_seconds"],
        },
        "scikit_learn_lbfgs_float32": peer_seconds
        | {
            "iterations": int(found.n_iter_[0]),
            "gradient_norm": gradient_norm(design, won, found.coef_[0].astype(np.float64)),
        },
    }


def main() -> None:
    """Measure and write one JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="where to write the JSON (default: standard output)")
    parser.add_argument("--comparisons", type=int, default=100_000)
    parser.add_argument("--columns", type=int, default=384)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    result = {
        "benchmark": "large_fit",
        "machine": describe_machine(("numpy", "scipy", "scikit-learn")),
        **measure_large_fit(arguments.comparisons, arguments.columns, arguments.repeats),
    }
    write_result(result, arguments.out)


if __name__ == "__main__":
    main()
