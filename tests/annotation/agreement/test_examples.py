"""The worked examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "annotation.orderings",
    "annotation.questions",
    "annotation.agreement.classification",
    "annotation.agreement.kappa",
    "annotation.agreement.krippendorff",
    "annotation.agreement.percent",
    "annotation.agreement.rank",
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
