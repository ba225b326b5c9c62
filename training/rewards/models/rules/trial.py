"""Rules tried on a sample before a model is made of them: what each finds, and whom their sum agrees with."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.intervals import ClusterBootstrap, Figure, undefined_figure
from training.rewards.metrics import credit, macro_weights
from training.rewards.models.rules import Rule
from training.rewards.models.rules.checks import Outcome
from training.rewards.targets import consensus, pair_votes

SECONDS: Final = 5.0  # of the whole trial
TIMEOUTS_MOST: Final = 3  # outputs on which an expression may be cut off before it is left alone
EXAMPLES_MOST: Final = 3  # of outputs that a rule holds for, and as many of others
PASSAGE_LONGEST: Final = 600  # code points
PASSAGE_BEFORE: Final = 150  # code points in front of the first hit
NOTHING_TOLD: Final = "no pair of the sample that people decided and that the rule tells apart"
NOTHING_DECIDED: Final = "no pair of the sample that people decided"
STOPPED: Final = "an expression took too long, so the sum is not known"


@dataclass(frozen=True, slots=True)
class Example:
    """A passage of an output from code point ``start`` on, and where in it a rule was found.

    ``rest`` code points follow the passage; hits count from its beginning.
    """

    row: int
    holds: bool
    text: str
    start: int
    rest: int
    hits: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What one rule did: of ``tried`` outputs it holds for ``held``, and on ``timeouts`` it was cut off.

    ``stopped`` says that it was left alone after that. ``preferred`` is how often, where it holds for one
    output of a decided pair alone, people preferred that one.
    """

    rule: Rule
    tried: int
    held: int
    timeouts: int
    stopped: bool
    preferred: Figure
    examples: tuple[Example, ...]

    @property
    def share(self) -> float | None:
        """Of the outputs tried, those it holds for."""
        return self.held / self.tried if self.tried else None

    @property
    def mean(self) -> float | None:
        """What it adds to a reward on average."""
        return None if self.share is None else self.share * self.rule.weight


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rules did on the first ``outputs`` of the sample, as far as the time went.

    ``agreement`` is the share of decided pairs that the sum of the rules puts in people's order, a sum that
    is equal on both sides counting half; ``equal`` is how many such pairs there are.
    """

    rules: tuple[RuleTrial, ...]
    outputs: int
    agreement: Figure
    equal: int


def rules_try(
    rules: Sequence[Rule],
    sample: Dataset,
    *,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Trial:
    """Applies rules to the outputs of a sample, in its order, until the time is over.

    An expression that is cut off on `TIMEOUTS_MOST` outputs is not tried on the others.
    """
    end = clock() + seconds
    texts = [completion.text for _, completion in sample.rows]
    found: list[list[Outcome | None]] = [[] for _ in rules]
    timeouts = [0] * len(rules)
    outputs = 0
    for text in texts:
        for place, rule in enumerate(rules):
            stopped = timeouts[place] >= TIMEOUTS_MOST
            outcome = None if stopped else rule.apply(text)
            found[place].append(outcome)
            timeouts[place] += outcome is not None and outcome.timed_out
        outputs += 1
        if clock() >= end:
            break
    held = np.full((len(rules), len(texts)), np.nan)
    for place, outcomes in enumerate(found):
        for row, outcome in enumerate(outcomes):
            if outcome is not None and not outcome.timed_out:
                held[place, row] = outcome.holds
    pairs = DecidedPairs(sample)
    sums = np.array([rule.weight for rule in rules]) @ held
    equal = pairs.told(sums)[0] == 0
    return Trial(
        tuple(
            RuleTrial(
                rule,
                tried=int(np.isfinite(held[place]).sum()),
                held=int(np.nansum(held[place])),
                timeouts=timeouts[place],
                stopped=timeouts[place] >= TIMEOUTS_MOST,
                preferred=pairs.agreement(held[place], apart=True, undefined=NOTHING_TOLD),
                examples=_examples(texts, found[place]),
            )
            for place, rule in enumerate(rules)
        ),
        outputs,
        undefined_figure(STOPPED) if any(timeouts) else pairs.agreement(sums, undefined=NOTHING_DECIDED),
        int(equal.sum()),
    )


class DecidedPairs:
    """The pairs of a sample that people decided, and the groups of prompts that figures resample."""

    def __init__(self, sample: Dataset) -> None:
        pairs = consensus(pair_votes(sample))
        decided = pairs.decided
        self.prompt, self.outcome = pairs.prompt[decided], pairs.outcome[decided]
        self.first, self.second = pairs.first[decided], pairs.second[decided]
        groups = [prompt.group for prompt in sample.prompts]
        self.bootstrap = ClusterBootstrap(groups, np.unique(self.prompt))

    def told(self, scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Margins of the pairs whose outputs both have a score in ``scores`` (rows,), and which these are."""
        margins = scores[self.first] - scores[self.second]
        known = np.isfinite(margins)
        return margins[known], known

    def agreement(self, scores: NDArray[np.float64], *, undefined: str, apart: bool = False) -> Figure:
        """Share of pairs in people's order, each prompt weighing 1; ``apart`` leaves equal scores out."""
        margins, known = self.told(scores)
        prompt, outcome = self.prompt[known], self.outcome[known]
        if apart:
            prompt, outcome, margins = prompt[margins != 0], outcome[margins != 0], margins[margins != 0]
        return self.bootstrap.mean(
            prompt, credit(margins, outcome), macro_weights(prompt), undefined=undefined
        )


def _examples(texts: Sequence[str], outcomes: Sequence[Outcome | None]) -> tuple[Example, ...]:
    """A few outputs that the rule holds for and a few others; those with something to show come first."""
    known = [(row, one) for row, one in enumerate(outcomes) if one is not None and not one.timed_out]
    chosen: list[Example] = []
    for holds in (True, False):
        of_kind = sorted(
            (pair for pair in known if pair[1].holds == holds), key=lambda pair: not pair[1].hits
        )
        chosen += [passage(row, texts[row], outcome) for row, outcome in of_kind[:EXAMPLES_MOST]]
    return tuple(chosen)


def passage(row: int, text: str, outcome: Outcome) -> Example:
    """The part of an output that shows its first hit, whole where the output is short."""
    start = 0
    if outcome.hits and outcome.hits[0][1] > PASSAGE_LONGEST:
        start = max(0, outcome.hits[0][0] - PASSAGE_BEFORE)
    end = min(len(text), start + PASSAGE_LONGEST)
    hits = tuple(
        (max(low, start) - start, min(high, end) - start)
        for low, high in outcome.hits
        if max(low, start) < min(high, end)
    )
    return Example(row, outcome.holds, text[start:end], start, len(text) - end, hits)
