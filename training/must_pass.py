"""What comes of holding a model against the must-pass pairs: the margins, and a decision that may be held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from annotation.models import Completion
    from training.models import MustPass

MOST_TOLD: Final = 20  # failed pairs in a decision
MOST_IN_WORDS: Final = 3  # of them in its message
EXCERPT: Final = 280  # code points of an output in a decision
EXCERPT_IN_WORDS: Final = 80


@dataclass(frozen=True, slots=True)
class TriedPair:
    """One pair and how far the preferred output's reward lies above the rejected one's; None: not scored."""

    preferred: Completion
    rejected: Completion
    margin: float | None

    @property
    def passed(self) -> bool:
        """Whether the preferred output scores above the other; equal rewards do not do."""
        return self.margin is not None and self.margin > 0


@dataclass(frozen=True, slots=True)
class Tried:
    """A pin that a model was held against."""

    pin: MustPass
    pairs: tuple[TriedPair, ...]

    @property
    def passed(self) -> bool:
        """Whether every pair is right."""
        return all(pair.passed for pair in self.pairs)


def decision_hold(decision: dict[str, Any], tried: Sequence[Tried]) -> dict[str, Any]:
    """The decision on a challenger, which is not promoted where it fails a pinned judgment."""
    if not tried:
        return decision
    failed = [each for each in tried if not each.passed]
    wrong = [(each, pair) for each in failed for pair in each.pairs if not pair.passed]
    told = {
        "pinned": len(tried),
        "failed": len(failed),
        "pairs": [
            {
                "judgment": str(each.pin.judgment.uuid),
                "prompt": each.pin.judgment.prompt.external_id,
                "preferred": cut(pair.preferred.text, EXCERPT),
                "rejected": cut(pair.rejected.text, EXCERPT),
                "margin": pair.margin,
            }
            for each, pair in wrong[:MOST_TOLD]
        ],
    }
    held = decision | {"must_pass": told}
    if failed:
        message = f"{_failure(failed, len(tried))} {decision['message']}"
        held |= {"promoted": False, "code": "must_pass_failed", "message": message}
    return held


def _failure(failed: Sequence[Tried], pinned: int) -> str:
    """Which pairs fail, in words; the first three with their texts."""
    wrong = [pair for each in failed for pair in each.pairs if not pair.passed]
    sentences = [f"Fails {len(failed)} of {pinned} pinned judgments (must-pass pairs)."]
    for pair in wrong[:MOST_IN_WORDS]:
        preferred, rejected = (cut(row.text, EXCERPT_IN_WORDS) for row in (pair.preferred, pair.rejected))
        margin = "cannot be scored" if pair.margin is None else f"margin {pair.margin:+.3g}"
        sentences.append(f"“{preferred}” should score above “{rejected}” ({margin}).")
    if len(wrong) > MOST_IN_WORDS:
        sentences.append(f"And {len(wrong) - MOST_IN_WORDS} more.")
    return " ".join(sentences)


def cut(text: str, length: int) -> str:
    """The beginning of a text on one line."""
    flat = " ".join(text[: 4 * length].split())
    return flat if len(flat) <= length and len(text) <= 4 * length else f"{flat[: length - 1]}…"
