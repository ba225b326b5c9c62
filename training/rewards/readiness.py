"""Is a reward model fit to train a policy on? What speaks for it and what against, from its evaluation.

Below about 2,000 comparisons a reward model is hardly better than chance as a target (Gao et al. 2022,
arXiv 2210.10760, figure 3); one that gives all outputs of a prompt nearly the same reward teaches nothing
(Razin et al. 2025, arXiv 2503.15477).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset

LABELS_ENOUGH: Final = 2_000
SPREAD_ENOUGH: Final = 0.3  # log-odds: a typical pair is then decided 57 to 43 at least


def readiness(evaluation: Mapping[str, Any], *, labels: int, spread: float | None) -> dict[str, Any]:
    """``{"ready", "checks": [{"code", "passed", "measured", "wanted"}]}``; `passed` None where it cannot be told.

    `spread` is that of `spread_within`.
    """
    accuracy = evaluation["pairs"]["accuracy"]
    baselines = [each["accuracy"].get("value") for each in evaluation["baselines"].values()]
    best_baseline = max((value for value in baselines if value is not None), default=None)
    checks = [
        _check("labels", labels, LABELS_ENOUGH),
        _check("baselines", _low(accuracy), best_baseline),
        _check("best_of_n", *_best_of_n(evaluation.get("best_of_n", ()))),
        _check("spread", spread, SPREAD_ENOUGH),
        _check_not_exploitable(evaluation.get("hackability", ())),
    ]
    told = [check["passed"] for check in checks]
    return {"ready": all(passed is True for passed in told), "checks": checks}


def spread_within(dataset: Dataset, rewards: NDArray[np.float64], prompts: NDArray[np.int64]) -> float | None:
    """Root mean square over prompts of the deviation of their outputs' rewards (rows,); None without outputs."""
    variances = [
        float(np.var(rewards[dataset.offsets[prompt] : dataset.offsets[prompt + 1]], ddof=1))
        for prompt in prompts.tolist()
        if dataset.offsets[prompt + 1] - dataset.offsets[prompt] > 1
    ]
    return float(np.sqrt(np.mean(variances))) if variances else None


def _low(figure: Mapping[str, Any]) -> float | None:
    interval = figure.get("interval")
    return None if interval is None else float(interval[0])


def _best_of_n(points: Any) -> tuple[float | None, float | None]:
    """The lower end of the largest n's human score, and the score of choosing blindly."""
    if len(points) < 2:
        return None, None
    return _low(points[-1]["reward"]), points[0]["reward"].get("value")


def _check(code: str, value: float | None, wanted: float | None) -> dict[str, Any]:
    passed = (
        None if value is None or wanted is None else value > wanted or (code == "labels" and value == wanted)
    )
    return {"code": code, "passed": passed, "measured": value, "wanted": wanted}


def _check_not_exploitable(attacks: Any) -> dict[str, Any]:
    told = [row["exploitable"] for row in attacks if row["exploitable"] is not None]
    weak = sum(told)
    return {"code": "exploitable", "passed": weak == 0 if told else None, "measured": weak, "wanted": 0}
