"""How often each annotator gave the answer that a reviewer decided on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from annotation.agreement.wilson import wilson_interval
from annotation.questions import Answer, Question, ordering

Answers = Mapping[str, Answer]


class Given(NamedTuple):
    """What an annotator said about an item that a reviewer has decided."""

    annotator: str
    completions: Sequence[str]
    answers: Answers
    decision: Answers


def agreement_with_decisions(
    given: Iterable[Given], questions: Sequence[Question]
) -> dict[str, dict[str, Any]]:
    """By annotator: `value`, `interval` and `n` of the agreement with the decisions.

    On an item, an annotator scores the share of the answers (one a question, or one for each completion or pair
    that the question asks about) that equal the decision's; strengths do not matter. The figure is the mean over
    the `n` items that both answered, so that a long questionnaire weighs no more than a short one. The interval
    is Wilson's for n items; scores between 0 and 1 vary less than the all-or-nothing that it supposes, so it is
    then rather too wide.

    >>> question = Question("q", "comparison", "", True, {"strengths": 1})
    >>> a, b = {"q": {"choice": "a"}}, {"q": {"choice": "b"}}
    >>> said = [Given("ann", ["a", "b"], answers, a) for answers in (a, a, b)]
    >>> agreement_with_decisions(said, [question])["ann"]["value"]
    0.6666666666666666
    """
    scores: dict[str, list[float]] = defaultdict(list)
    for row in given:
        score = _score(row, questions)
        if score is not None:
            scores[row.annotator].append(score)
    return {
        name: {
            "value": sum(found) / len(found),
            "interval": list(wilson_interval(sum(found), len(found))),
            "n": len(found),
        }
        for name, found in scores.items()
    }


def _score(row: Given, questions: Sequence[Question]) -> float | None:
    """The share of the common parts of the answers that are equal; None where there are none."""
    equal = compared = 0
    for question in questions:
        own, decided = row.answers.get(question.name), row.decision.get(question.name)
        if not own or not decided:
            continue
        said = answer_parts(question, own, row.completions)
        right = answer_parts(question, decided, row.completions)
        for part in said.keys() & right.keys():
            compared += 1
            equal += said[part] == right[part]
    return equal / compared if compared else None


def answer_parts(question: Question, answer: Answer, completions: Sequence[str]) -> dict[Any, Any]:
    """What an answer says, part by part, so that two can be compared; nothing for kinds that are free text.

    An answer of another shape, as an earlier wording of the question may have left, says nothing.

    >>> answer_parts(Question("q", "ranking", "", True, {"ties": True}), {"tiers": [["b"], ["a"]]}, ["a", "b"])
    {('a', 'b'): -1}
    """
    match question.kind, answer:
        case "comparison", {"choice": choice}:
            return {"": choice}
        case "rating", {"scores": dict(scores)}:
            return dict(scores)
        case "choice", {"values": dict(values)}:
            return {completion: sorted(chosen) for completion, chosen in values.items()}
        case "choice", {"values": list(values)}:
            return {"": sorted(values)}
        case ("ranking", {"tiers": _}) | ("best_worst", {"best": _}):
            order = ordering(question, answer, completions)
            if order is None:
                return {}
            outcomes = {pair: order.pair_outcome(*pair) for pair in combinations(completions, 2)}
            return {pair: (out > 0) - (out < 0) for pair, out in outcomes.items() if out is not None}
    return {}
