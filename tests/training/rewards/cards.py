"""Evaluations and facts for cards, written by hand."""

from __future__ import annotations

from typing import Any

from training.rewards.card import Facts


def figure(value: float, low: float | None = None, high: float | None = None, n: int = 400) -> dict[str, Any]:
    """A figure as it is published; without ends, of one group."""
    return {"value": value, "interval": None if low is None else [low, high], "n": n}


def undefined(reason: str = "there is none") -> dict[str, Any]:
    return {"value": None, "reason": reason}


def sound() -> dict[str, Any]:
    """An evaluation with nothing to say against the model."""
    return {
        "split": {
            "scheme": "holdout", "unit": "group", "train": 900, "validation": 100, "test": 300,
            "shared_groups": 0, "near_duplicates": 0, "folds": 1, "test_groups": 300, "note": None,
        },
        "pairs": {
            "accuracy": figure(0.8, 0.76, 0.84),
            "accuracy_by_judgment": figure(0.75, 0.72, 0.78),
            "length_balanced_accuracy": figure(0.78, 0.73, 0.82),
            "log_loss": figure(0.45, 0.4, 0.5),
            "top_1": figure(0.7, 0.65, 0.75),
        },
        "outputs": {"target": "won_more", "f1": figure(0.8, 0.75, 0.85), "constant_f1": figure(0.6, 0.55, 0.65)},
        "calibration": {"slope": figure(1.02, 0.9, 1.15), "brier": figure(0.15, 0.1, 0.2), "ece": undefined()},
        "longer_rate": {
            "model": 0.55, "people": 0.56, "n": 390,
            "intervals": {"model": [0.5, 0.6], "people": [0.51, 0.61]},
        },
        "baselines": {
            "length": {"accuracy": figure(0.6, 0.55, 0.65), "length_balanced_accuracy": figure(0.5, 0.5, 0.5)},
            "style": {"accuracy": figure(0.65, 0.6, 0.7), "length_balanced_accuracy": figure(0.6, 0.55, 0.65)},
            "source": {"accuracy": undefined("fewer than two named sources in the training part")},
        },
        "human_reference": {"accuracy": figure(0.75, 0.7, 0.8), "model": figure(0.74, 0.69, 0.79)},
        "slices": [
            {"by": "language", "name": "en", **figure(0.82, 0.77, 0.87, 200)},
            {"by": "language", "name": "zh", **figure(0.78, 0.72, 0.84, 200)},
        ],
        "hackability": [
            {"attack": "padded", "change": figure(-0.2, -0.3, -0.1), "rises": figure(0.2, 0.1, 0.3), "exploitable": False},
            {"attack": "cut", "change": undefined(), "rises": undefined(), "exploitable": None},
        ],
        "readiness": {
            "ready": True,
            "checks": [
                {"code": "labels", "passed": True, "measured": 2400, "wanted": 2000},
                {"code": "spread", "passed": True, "measured": 0.8, "wanted": 0.3},
                {"code": "best_of_n", "passed": True, "measured": 0.6, "wanted": 0.5},
            ],
        },
        "uncertainty": {"error_auc": figure(0.65, 0.6, 0.7)},
    }  # fmt: skip


AGREEMENT = [
    {"question": "overall", "percent": figure(0.7, 0.66, 0.74, 210), "alpha": figure(0.4, 0.3, 0.5, 210)}
]


def facts(evaluation: dict[str, Any] | None = None, **changed: Any) -> Facts:
    """The facts of a sound model, with some of them changed."""
    made: dict[str, Any] = {
        "project": "Which answer is better?",
        "kind": "linear",
        "fingerprint": "ab" * 32,
        "frozen_at": "2026-01-31T10:00:00+00:00",
        "judgments": 2400,
        "prompts": 1300,
        "annotators": (("human", 800), ("human", 700), ("human", 900)),
        "selection": {"questions": [], "annotator_kinds": ["human"], "since": None},
        "recipe": {"model": {"kind": "linear"}, "evaluation": {"scheme": "holdout"}, "seed": 7},
        "evaluation": sound() if evaluation is None else evaluation,
        "provenance": {"labels": {"comparison": 2400}, "agreement": AGREEMENT},
        "packages": {"python": "3.11.9", "numpy": "2.3.0"},
    }
    return Facts(**(made | changed))
