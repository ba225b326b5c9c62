"""The worked examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ["adaptive", "ballots", "cost", "graph", "policies", "priorities"]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"annotation.allocation.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
