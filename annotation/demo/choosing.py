"""Which items of a demo project a simulated doubt chooses, beside those that are kept apart from it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from annotation.allocation.policies import in_random_arm

SALT = "demo"
"""The salt of the project, by which prompts are kept apart."""
APART_JUDGED = 0.45
CHOSEN_JUDGED = 0.55
DOUBT = 0.15
"""Standard deviation by which the simulated doubt misses the true difference in quality."""


def lines_choose(
    lines: Mapping[str, dict[str, Any]],
    quality: Mapping[str, Mapping[str, float]],
    project: Mapping[str, Any],
) -> None:
    """Keep one judgment of an item, and of these what a policy would have asked for.

    Of prompts kept apart that is a random share; of the others it is the pairs that are closest in a noisy
    guess of the quality. Some of what is kept says why.
    """
    for line in lines.values():
        apart = in_random_arm(SALT, line["id"], project["random_share"])
        once = {frozenset(judgment["shown"]): judgment for judgment in reversed(line["judgments"])}
        judgments = sorted(once.values(), key=lambda judgment: str(judgment["id"]))
        scores = quality[line["id"]]
        if not apart:
            judgments.sort(key=lambda judgment: _distance(judgment, scores))
        count = round(len(judgments) * (APART_JUDGED if apart else CHOSEN_JUDGED))
        line["judgments"] = sorted(judgments[:count], key=lambda judgment: str(judgment["submitted_at"]))
        for judgment in line["judgments"]:
            rng = Random(f"why/{judgment['id']}")
            if rng.random() < 0.3:
                judgment["reason"] = rng.choice(project["reasons"])


def _distance(judgment: Mapping[str, Any], scores: Mapping[str, float]) -> float:
    first, second = judgment["shown"]
    return abs(scores[first] - scores[second] + Random(f"doubt/{judgment['id']}").gauss(0, DOUBT))
