"""Small datasets, written as short as they can be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import (
    AnnotatorKind,
    Completion,
    Dataset,
    Message,
    Preference,
    Prompt,
    Rating,
    Verdict,
)


def prompt(
    index: int, *texts: str, group: str = "", sources: Sequence[str] = (), language: str = ""
) -> Prompt:
    """A prompt of its own group (unless named) with these outputs."""
    completions = tuple(
        Completion(f"c{position}", text, sources[position] if sources else "")
        for position, text in enumerate(texts)
    )
    message = Message("user", f"Question number {index}: {'abcdefghij'[index % 10] * 40}")
    return Prompt(f"p{index}", (message,), completions, group or f"g{index}", language)


def vote(
    position: int,
    choice: int | str,
    *,
    by: str = "ann",
    kind: AnnotatorKind = "human",
    question: str = "overall",
    strength: int = 1,
) -> Preference:
    """A comparison of outputs 0 and 1: ``choice`` is the position that won, or "tie"."""
    tiers = ((0, 1),) if choice == "tie" else ((int(choice),), (1 - int(choice),))
    name = f"{position}-{by}-{question}"
    return Preference(name, position, by, kind, question, "comparison", tiers, strength, 3)


def rating(
    position: int, completion: int, value: float, *, by: str = "ann", question: str = "fluency"
) -> Rating:
    """A score on the scale 1 to 5."""
    return Rating(f"{position}-{completion}-{by}", position, completion, by, "human", question, value, 1, 5)


def verdict(position: int, completion: int, good: bool, *, by: str = "ann") -> Verdict:
    """A yes/no judgment called "acceptable"."""
    return Verdict(f"{position}-{completion}-{by}", position, completion, by, "human", "acceptable", good)


def two_output_dataset(choices: Sequence[int | str]) -> Dataset:
    """One prompt of its own group for each choice; output 0 is "longer text", output 1 is "short"."""
    return Dataset(
        tuple(prompt(index, "longer text", "short") for index in range(len(choices))),
        tuple(vote(index, choice) for index, choice in enumerate(choices)),
    )


def margins(*values: float) -> NDArray[np.float64]:
    """Rewards of two-output prompts with these differences between output 0 and output 1."""
    return np.array([side for value in values for side in (value / 2, -value / 2)])


def random_dataset(seed: int, prompts: int = 60, groups: int = 12, annotators: int = 3) -> Dataset:
    """Three outputs a prompt, rankings by several annotators with noise, from sources of unlike quality."""
    rng = np.random.default_rng(seed)
    sources = ("weak", "middling", "strong")
    items = tuple(
        prompt(
            index,
            *("word " * int(rng.integers(1, 40)) for _ in sources),
            group=f"g{index % groups}",
            sources=sources,
            language=("en", "zh")[index % 2],
        )
        for index in range(prompts)
    )
    preferences = []
    for index in range(prompts):
        quality = rng.normal(size=3) + np.array([0.0, 0.5, 1.0])
        for annotator in range(annotators):
            first, second = rng.choice(3, size=2, replace=False)
            seen = quality + rng.normal(scale=0.5, size=3)
            pair = sorted((int(first), int(second)), key=lambda position: -seen[position])
            tied = abs(seen[first] - seen[second]) < 0.3
            tiers = (tuple(pair),) if tied else tuple((position,) for position in pair)
            preferences.append(
                Preference(
                    f"{index}-{annotator}", index, f"a{annotator}", "human", "overall", "comparison", tiers
                )
            )
    return Dataset(items, tuple(preferences))
