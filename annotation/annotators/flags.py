"""What stands out about an annotator, as codes; the words are the interface's.

A flag needs a whole 95 % interval beyond a margin, so that few labels never suffice.
"""

from __future__ import annotations

from annotation.annotators.base import Interval

LEAST = 20  # labels on shared units before anything is said about somebody
CARELESS_SHARE = 0.4  # of how far the median annotator is above a coin
CARELESS_ABOVE_CHANCE = 0.2
CARELESS_RELIABILITY = 0.3
HABIT = 0.5  # on the scale of logits: .5 turns an even pair into 62 to 38
TIES = 1.5
OFFSET_SHARE = 0.5  # of the spread of the values
NARROW, WIDE = 0.6, 1.6


def preference_flags(
    accuracy: Interval,
    usual: float,
    position: Interval | None,
    longer: Interval | None,
    tie: Interval | None,
    usual_tie: float,
) -> list[str]:
    """Return the flags of somebody who compares; `accuracy` is .5 for a coin, `usual` the median annotator's."""
    flags = []
    if accuracy[1] < 0.5:
        flags.append("reversed")
    elif accuracy[1] < 0.5 + CARELESS_SHARE * (usual - 0.5):
        flags.append("careless")
    for interval, more, less in (
        (position, "first_choosing", "last_choosing"),
        (longer, "longer_choosing", "shorter_choosing"),
    ):
        if interval is not None and interval[0] > HABIT:
            flags.append(more)
        if interval is not None and interval[1] < -HABIT:
            flags.append(less)
    if tie is not None and tie[0] > usual_tie + TIES:
        flags.append("undecided")
    return flags


def category_flags(accuracy: Interval, chance: float) -> list[str]:
    """Return the flags of somebody who chooses categories."""
    if accuracy[1] < chance:
        return ["reversed"]
    if chance < 1 and (accuracy[1] - chance) / (1 - chance) < CARELESS_ABOVE_CHANCE:
        return ["careless"]
    return []


def rating_flags(reliability: Interval, offset: Interval, scale: Interval, spread: float) -> list[str]:
    """Return the flags of somebody who gives scores."""
    if reliability[1] < 0:
        return ["reversed"]
    if reliability[1] < CARELESS_RELIABILITY:
        return ["careless"]
    flags = []
    if offset[0] > OFFSET_SHARE * spread:
        flags.append("lenient")
    if offset[1] < -OFFSET_SHARE * spread:
        flags.append("strict")
    if scale[1] < NARROW:
        flags.append("narrow_scale")
    if scale[0] > WIDE:
        flags.append("wide_scale")
    return flags
