"""What people voted on one item, question by question, as counts over categories.

A ballot is one thing that was decided: which of two outputs is better (a comparison, or each pair that a
ranking or best-worst choice implies), which options fit an output, or which score it gets. Comments, marked
passages and rewrites are no votes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from annotation.questions import Question, ordering

FIRST, TIE, SECOND, BOTH_BAD = "first", "tie", "second", "both_bad"
SCORES_MOST: Final = 11
"""A scale with more whole scores is read as this many steps."""

About = tuple[str, ...]
Vote = tuple[About, Hashable]


@dataclass(frozen=True, slots=True)
class Ballot:
    """The votes on one thing: how many people chose each of the `categories`.

    `about` names the output it is about, the two of a pair, or nothing for the whole item, and then the option
    where several may be chosen. On a `scale` the categories are in order and equally far apart.
    """

    question: str
    about: About
    categories: tuple[Hashable, ...]
    votes: tuple[int, ...]
    scale: bool = False

    @property
    def cast(self) -> int:
        """How many people voted."""
        return sum(self.votes)


def ballots_of(
    questions: Iterable[Question], answers: Sequence[Mapping[str, Any]], completions: Sequence[str]
) -> list[Ballot]:
    """The ballots of an item: by question, then by output or pair in the order of `completions`, then by option.

    `answers` are the canonical answers of its judgments by question name, `completions` the ids they use, in
    the order of import. Something nobody voted on has no ballot, and answers of another shape, as an earlier
    revision of a question may have left, are passed over.

    >>> question = Question("better", "comparison", "", options={"ties": True, "both_bad": False, "strengths": 1})
    >>> ballots_of([question], [{"better": {"choice": "b"}}, {"better": {"choice": "tie"}}], ["a", "b"])[0].votes
    (0, 1, 1)
    """
    ballots: list[Ballot] = []
    places = {completion: place for place, completion in enumerate(completions)}
    for question in questions:
        scale = question.kind == "rating"
        categories = _categories(question)
        found: dict[About, Counter[Hashable]] = {}
        for judged in answers:
            for about, category in _votes(question, judged.get(question.name), places):
                found.setdefault(about, Counter())[category] += 1
        ballots += [
            Ballot(question.name, about, categories, tuple(found[about][each] for each in categories), scale)
            for about in sorted(found, key=lambda about: [(places.get(name, -1), name) for name in about])
        ]
    return ballots


def unvoted(questions: Iterable[Question]) -> list[Ballot]:
    """One ballot for each question that can be voted on, with no votes: an item nobody has judged."""
    found = [(question, _categories(question)) for question in questions]
    return [
        Ballot(question.name, (), categories, (0,) * len(categories), question.kind == "rating")
        for question, categories in found
        if categories
    ]


def _categories(question: Question) -> tuple[Hashable, ...]:
    """What can be voted on one thing; each of several options is a thing of its own, chosen or not."""
    options = question.options
    if question.kind == "comparison":
        ties = (TIE,) if options["ties"] else ()
        return (FIRST, *ties, SECOND, *((BOTH_BAD,) if options["both_bad"] else ()))
    if question.kind == "ranking":
        return (FIRST, TIE, SECOND) if options["ties"] else (FIRST, SECOND)
    if question.kind == "best_worst":
        return (FIRST, SECOND)
    if question.kind == "rating":
        return tuple(range(_steps(options) + 1))
    if question.kind == "choice":
        return (False, True) if options["multiple"] else tuple(options["options"])
    return ()


def _votes(question: Question, answer: Any, places: Mapping[str, int]) -> Iterator[Vote]:
    """What one answer says, only about outputs that the item has."""
    if not answer:
        return
    if question.kind in ("comparison", "ranking", "best_worst"):
        yield from _order_votes(question, answer, places)
    elif question.kind == "rating" and "scores" in answer:
        for completion, score in answer["scores"].items():
            if completion in places:
                yield (completion,), _step(question.options, score)
    elif question.kind == "choice" and "values" in answer:
        values = answer["values"]
        given = values if isinstance(values, Mapping) else {"": values}
        for completion, chosen in given.items():
            if completion == "" or completion in places:
                yield from _choice_votes(question, (completion,) if completion else (), chosen)


def _choice_votes(question: Question, about: About, chosen: Sequence[str]) -> Iterator[Vote]:
    if question.options["multiple"]:
        yield from (((*about, option), option in chosen) for option in question.options["options"])
    elif chosen:
        yield about, chosen[0]


def _order_votes(question: Question, answer: Any, places: Mapping[str, int]) -> Iterator[Vote]:
    try:
        order = ordering(question, answer, list(places))
    except (KeyError, ValueError):
        return
    if order is None or not set(order.completions) <= places.keys():
        return
    for one, other in combinations(sorted(order.completions, key=places.__getitem__), 2):
        sign = order.pair_outcome(one, other)
        assert sign is not None
        if sign == 0 and question.kind == "best_worst":  # neither the best nor the worst: not compared
            continue
        category = BOTH_BAD if order.both_bad else TIE if sign == 0 else FIRST if sign > 0 else SECOND
        yield (one, other), category


def _steps(options: Mapping[str, Any]) -> int:
    return min(int(options["max"] - options["min"]), SCORES_MOST - 1)


def _step(options: Mapping[str, Any], score: float) -> int:
    """The nearest of the scale's steps, counted from 0."""
    low, high, steps = options["min"], options["max"], _steps(options)
    return int(min(max(round((score - low) / (high - low) * steps), 0), steps))
