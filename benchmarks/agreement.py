"""Agreement: alpha on 200,000 units x 5 raters, and all figures of 100,000 judgments.

The `krippendorff` package is measured beside ours where it is installed; it is no dependency.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import partial
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.agreement.krippendorff import Level, krippendorff_alpha
from annotation.agreement.report import agreement_report
from annotation.agreement.rows import JudgmentRow
from annotation.questions import Question, question_clean
from benchmarks.machine import describe_machine, output_argument, time_repeats, write_result

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
UNITS, RATERS, CATEGORIES = 200_000, 5, 5
PROMPTS, OVERLAP, ANNOTATORS = 33_334, 3, 50


def ratings_matrix() -> NDArray[np.float64]:
    """Return units x raters: 70 % of the ratings are the unit's own category, the rest are random."""
    generator = np.random.default_rng(3)
    true = generator.integers(0, CATEGORIES, (UNITS, 1))
    random = generator.integers(0, CATEGORIES, (UNITS, RATERS))
    return np.where(generator.random((UNITS, RATERS)) < 0.7, true, random).astype(np.float64)


def measure_alpha(repeats: int) -> list[dict[str, Any]]:
    """Time alpha on each level, and the package's beside it where there is one."""
    matrix = ratings_matrix()
    package = importlib.import_module("krippendorff") if importlib.util.find_spec("krippendorff") else None
    results = []
    for level in LEVELS:
        entry: dict[str, Any] = {
            "level": level,
            "units": UNITS,
            "raters": RATERS,
            "alpha": krippendorff_alpha(matrix, level),
            "ours": time_repeats(partial(krippendorff_alpha, matrix, level), repeats),
            "krippendorff_package": None,
        }
        if package is not None:
            peer = partial(package.alpha, reliability_data=matrix.T, level_of_measurement=level)
            entry["krippendorff_package"] = {"alpha": float(peer()), **time_repeats(peer, repeats)}
        results.append(entry)
    return results


def _answer(kind: str, completions: tuple[str, ...], random: Random) -> dict[str, Any]:
    if kind == "comparison":
        choice = random.choices([*completions[:2], "tie"], weights=[6, 3, 1])[0]
        return {"choice": choice} if choice == "tie" else {"choice": choice, "strength": random.randint(1, 3)}
    if kind == "rating":
        return {"scores": {name: random.randint(1, 5) for name in completions}}
    order = list(completions)
    if random.random() < 0.5:
        random.shuffle(order)
    return {"tiers": [[name] for name in order]}


def judgments(kind: str) -> list[JudgmentRow]:
    """Return about 100,000 judgments by 50 annotators, three on each item."""
    random = Random(1)
    completions = ("a", "b") if kind == "comparison" else ("a", "b", "c")
    rows = []
    for prompt in range(PROMPTS):
        lengths = tuple(random.randint(20, 900) for _ in completions)
        for annotator in random.sample(range(ANNOTATORS), OVERLAP):
            shown = random.sample(completions, len(completions))
            answers = {"overall": _answer(kind, completions, random)}
            active_ms = random.randint(1000, 60_000)
            name = f"annotator-{annotator:02d}"
            row = JudgmentRow(f"p{prompt}", completions, lengths, name, "human", answers, shown, active_ms)
            rows.append(row)
    return rows


def measure_report(repeats: int) -> list[dict[str, Any]]:
    """Time all figures with their bootstrap intervals, for each of the kinds that are asked most."""
    results = []
    for kind in ("comparison", "ranking", "rating"):
        options = {"strengths": 3} if kind == "comparison" else {}
        questions: list[Question] = [question_clean({"name": "overall", "kind": kind, **options})]
        rows = judgments(kind)
        timing = time_repeats(partial(agreement_report, rows, questions), repeats)
        results.append({"kind": kind, "judgments": len(rows), "annotators": ANNOTATORS, **timing})
    return results


def main() -> None:
    """Run both and write one document."""
    parser = output_argument(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    result = {
        "benchmark": "agreement",
        "machine": describe_machine(["numpy", "scipy", "krippendorff"]),
        "alpha": measure_alpha(arguments.repeats),
        "report": measure_report(arguments.repeats),
    }
    write_result(result, arguments.out)


if __name__ == "__main__":
    main()
