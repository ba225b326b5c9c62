"""On which side a prompt's group is: to be trained on, to choose thresholds, or only ever to be tested on.

A pure hash of the project's salt and the group's name decides, so that a prompt is on the same side in
every export and every training run.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

TEST_FRACTION: Final = 0.2
VALIDATION_FRACTION: Final = 0.1

Side = Literal["train", "validation", "test"]


def group_position(salt: str, part: str, group: str) -> float:
    """Uniform place of a group in [0, 1), from SHA-256 of length-prefixed salt, part and group."""
    fields = (field.encode() for field in (salt, part, group))
    digest = hashlib.sha256(b"".join(len(field).to_bytes(8) + field for field in fields)).digest()
    return int.from_bytes(digest[:8]) / 2**64


def group_side(
    salt: str,
    group: str,
    *,
    test_fraction: float = TEST_FRACTION,
    validation_fraction: float = VALIDATION_FRACTION,
) -> Side:
    """The side of a group; the fractions are expected shares of all groups."""
    if group_position(salt, "test", group) < test_fraction:
        return "test"
    share = validation_fraction / (1 - test_fraction)
    return "validation" if group_position(salt, "validation", group) < share else "train"
