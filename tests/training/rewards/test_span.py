from __future__ import annotations

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards.data import Dataset
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, extract, items_of
from training.rewards.models import span as span_module
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness

PLAIN = {**dict.fromkeys(GROUPS, True), "encoder": False, "minilm": False}


def fitters(dataset: Dataset, **options: object) -> tuple[Fitter, Fitter]:
    raw = extract(items_of(dataset.rows), PLAIN, Encoder(None))
    prompts = np.arange(len(dataset.prompts))
    chosen = LinearOptions(**options)  # type: ignore[arg-type]
    span = Span.of(dataset, raw, prompts)
    assert span is not None
    return (
        Fitter(dataset, raw, prompts[:30], PLAIN, chosen),
        Fitter(dataset, raw, prompts[:30], PLAIN, chosen, span),
    )


@pytest.mark.parametrize("kind", ["comparison", "ranking", "rating", "verdict"])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-7])
def test_a_fit_in_the_span_is_the_fit_in_the_columns(kind: str, tolerance: float) -> None:
    strictness = Strictness(0.3, 0.3)
    found = []
    for fitter in fitters(politeness(40, kind=kind)):
        part = fitter.learning[:20]
        weights = fitter.solver(part).fit(fitter.objective(part), strictness, tolerance)
        assert weights.gradient_norm < 100 * tolerance
        rewards = fitter.rewards(weights)
        found.append(rewards - rewards.mean())
    assert found[0] == pytest.approx(found[1], abs=50 * tolerance)


def test_comparisons_need_no_unknown_for_the_first_output_of_each_prompt() -> None:
    for kind, unknowns in (("comparison", 80), ("rating", 120)):
        dataset = politeness(40, kind=kind)
        raw = extract(items_of(dataset.rows), PLAIN, Encoder(None))
        span = Span.of(dataset, raw, np.arange(40))
        assert span is not None
        assert len(span.item) == unknowns


def test_a_span_too_large_to_be_quicker_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_module, "MOST_UNITS", 10)
    dataset = politeness(40)
    raw = extract(items_of(dataset.rows), PLAIN, Encoder(None))
    assert Span.of(dataset, raw, np.arange(40)) is None


def test_a_prompt_that_is_drawn_twice_weighs_twice() -> None:
    dataset = politeness(10)
    fitter = fitters(dataset)[0]
    counts = np.zeros(10)
    counts[3] = 2
    once, twice = fitter.objective(np.array([3])), fitter.objective(np.arange(10), counts)
    rewards = np.linspace(0, 1, len(fitter.raw.items))
    assert twice.terms[0].at(rewards, 0.0).loss == pytest.approx(2 * once.terms[0].at(rewards, 0.0).loss)
