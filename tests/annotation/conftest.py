"""What the tests of labelling stand on."""

from __future__ import annotations

from random import Random

import pytest

from annotation.selectors import standing
from annotation.services import candidates, leases


@pytest.fixture(autouse=True)
def _repeatable_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue draws the same in every run, from rules that no earlier test has left in the process."""
    chance = Random(20)
    for module in (candidates, leases):
        monkeypatch.setattr(module, "CHANCE", chance)
    standing._rules.clear()
