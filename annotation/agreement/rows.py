"""From judgments to flat arrays of ratings, one pass over the rows for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np

from annotation.agreement.rank import ImpliedPairs, implied_pairs
from annotation.agreement.sample import Floats, Integers
from annotation.questions import KINDS, Question

COMPARISON_CATEGORIES = ("first", "tie", "second", "both_bad")
Key = TypeVar("Key", bound=tuple[Any, ...])


class JudgmentRow(NamedTuple):
    """One judgment as the figures need it.

    prompt: external id. completions: external ids of the item's completions in the order of import (two where
    the item is a pair), and `lengths`, their characters. answers: canonical, by question name, naming
    completions by those ids. shown: the order on the screen, empty if unknown. submitted: seconds since 1970.
    """

    prompt: str
    completions: tuple[str, ...]
    lengths: tuple[int, ...]
    annotator: str
    kind: str
    answers: Mapping[str, Mapping[str, Any]]
    shown: Sequence[str] = ()
    active_ms: int | None = None
    submitted: float | None = None


@dataclass(frozen=True, eq=False)
class Judgments:
    """Rows with their annotators numbered by name and their items numbered by external id.

    annotator, item: (rows,). first_shown: (rows,) position of the completion shown first, -1 if unknown.
    lengths: flat, `length_start` is where each row's begin. width: the most completions an item has.
    """

    rows: Sequence[JudgmentRow]
    annotators: list[tuple[str, str]]
    annotator: Integers
    item: Integers
    items: list[tuple[str, tuple[str, ...]]]
    first_shown: Integers
    lengths: Integers
    length_start: Integers
    width: int


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings of one question, (n,) each, sorted by unit and annotator; `row` is the judgment each is from.

    category is a nominal code; value is the number on the ordered scale, NaN for what is not on it, or None
    where the question has no scale. Where the answers order completions, `pairs` are the implied pairs, and
    `winner` is the position of the single best completion of each judgment in `winner_row`.
    """

    kind: str
    unit: Integers
    annotator: Integers
    category: Integers
    value: Floats | None
    row: Integers
    items: int
    annotators: int
    pairs: ImpliedPairs | None = None
    winner_row: Integers | None = None
    winner: Integers | None = None


def read_judgments(rows: Sequence[JudgmentRow]) -> Judgments:
    """Number annotators and items; of rows by one annotator on one item the first is kept."""
    item_codes: dict[tuple[str, tuple[str, ...]], int] = {}
    annotator_codes: dict[tuple[str, str], int] = {}
    item = np.array([item_codes.setdefault((r[0], r[1]), len(item_codes)) for r in rows], dtype=np.int64)
    annotator = np.array(
        [annotator_codes.setdefault((r[3], r[4]), len(annotator_codes)) for r in rows], dtype=np.int64
    )
    items, item = _in_order(item_codes, item)
    annotators, annotator = _in_order(annotator_codes, annotator)
    _, kept = np.unique(annotator * len(items) + item, return_index=True)
    if len(kept) < len(rows):
        kept.sort()
        rows, item, annotator = [rows[index] for index in kept], item[kept], annotator[kept]
    sizes = np.array([len(row[2]) for row in rows], dtype=np.int64)
    return Judgments(
        rows=rows,
        annotators=annotators,
        annotator=annotator,
        item=item,
        items=items,
        first_shown=np.array([_first_shown(row) for row in rows], dtype=np.int64),
        lengths=np.array([length for row in rows for length in row.lengths], dtype=np.int64),
        length_start=np.cumsum(sizes) - sizes,
        width=max((len(completions) for _, completions in items), default=1),
    )


def _in_order(codes: dict[Key, int], code: Integers) -> tuple[list[Key], Integers]:
    ordered = sorted(codes)
    new = np.zeros(len(ordered), dtype=np.int64)
    new[[codes[key] for key in ordered]] = np.arange(len(ordered))
    return ordered, new[code]


def _first_shown(row: JudgmentRow) -> int:
    for completion in row.shown:
        if completion in row.completions:
            return row.completions.index(completion)
    return -1


def read_ratings(judgments: Judgments, question: Question) -> Ratings | None:
    """Read the answers to one question; None for kinds that have no agreement.

    Answers of another shape, as an earlier revision of the question may have left, are passed over.
    """
    match KINDS[question.kind].FIGURES:
        case "comparison":
            return _comparison(judgments, question.name)
        case "ranks":
            return _ranking(judgments, question)
        case "scores":
            return _rating(judgments, question.name)
        case "names":
            return _choice(judgments, question.name)
    return None


def _answers(judgments: Judgments, name: str, field: str | None) -> list[tuple[int, tuple[str, ...], Any]]:
    found = []
    for index, row in enumerate(judgments.rows):
        answer = row.answers.get(name)
        if answer is not None and (field is None or field in answer):
            found.append((index, row.completions, answer))
    return found


def _arranged(
    kind: str,
    judgments: Judgments,
    row: Integers,
    unit: Integers,
    category: Integers,
    value: Floats | None,
    **more: Any,
) -> Ratings:
    annotator = judgments.annotator[row]
    order = np.lexsort((annotator, unit))
    return Ratings(
        kind=kind,
        unit=np.unique(unit[order], return_inverse=True)[1].astype(np.int64),
        annotator=annotator[order],
        category=category[order],
        value=None if value is None else value[order],
        row=row[order],
        items=len(np.unique(judgments.item[row])),
        annotators=len(np.unique(annotator)),
        **more,
    )


def _comparison(judgments: Judgments, name: str) -> Ratings:
    rows, categories, values = [], [], []
    for index, completions, answer in _answers(judgments, name, "choice"):
        choice = answer["choice"]
        if len(completions) != 2:
            continue
        if choice == completions[0]:
            category, value = 0, float(answer.get("strength", 1))
        elif choice == completions[1]:
            category, value = 2, -float(answer.get("strength", 1))
        elif choice == "tie":
            category, value = 1, 0.0
        elif choice == "both_bad":
            category, value = 3, np.nan
        else:
            continue
        rows.append(index)
        categories.append(category)
        values.append(value)
    row = np.array(rows, dtype=np.int64)
    category_codes = np.array(categories, dtype=np.int64)
    value_numbers = np.array(values, dtype=np.float64)
    unit = judgments.item[row]
    decided = (category_codes == 0) | (category_codes == 2)
    pairs = ImpliedPairs(
        unit, row, np.zeros_like(row), np.ones_like(row), np.where(decided, 1 - category_codes, 0)
    )
    return _arranged(
        "comparison",
        judgments,
        row,
        unit,
        category_codes,
        value_numbers,
        pairs=_select(pairs, category_codes < 3),
        winner_row=row[decided],
        winner=category_codes[decided] // 2,
    )


def _select(pairs: ImpliedPairs, kept: Any) -> ImpliedPairs:
    return ImpliedPairs(
        pairs.unit[kept], pairs.judgment[kept], pairs.first[kept], pairs.second[kept], pairs.sign[kept]
    )


def _tiers(question: Question, completions: Sequence[str], answer: Any) -> Sequence[Sequence[str]]:
    if question.kind == "ranking":
        tiers: Sequence[Sequence[str]] = answer["tiers"]
        return tiers
    if question.kind == "best_worst":
        best, worst = answer["best"], answer.get("worst")
        return [[best], [other for other in completions if other not in (best, worst)], [worst]]
    order = KINDS[question.kind].ordering(question.options, answer, completions)
    return order.tiers if order else []


def _ranking(judgments: Judgments, question: Question) -> Ratings:
    row: list[int] = []
    position: list[int] = []
    tier: list[int] = []
    winner_row, winner = [], []
    field = {"ranking": "tiers", "best_worst": "best"}.get(question.kind)
    for index, completions, answer in _answers(judgments, question.name, field):
        places: list[int] = []
        levels: list[int] = []
        try:
            tiers = _tiers(question, completions, answer)
            for level, members in enumerate(tiers):
                for completion in members:
                    places.append(completions.index(completion))
                    levels.append(level)
        except (KeyError, ValueError):  # of another shape, or about a completion that the item does not have
            continue
        row.extend([index] * len(places))
        position.extend(places)
        tier.extend(levels)
        if len(tiers) > 1 and len(tiers[0]) == 1:
            winner_row.append(index)
            winner.append(places[0])
    rows = np.array(row, dtype=np.int64)
    item = judgments.item[rows]
    pairs = implied_pairs(item, rows, np.array(position, dtype=np.int64), np.array(tier, dtype=np.int64))
    width = judgments.width
    within = np.unique(pairs.first * width + pairs.second, return_inverse=True)[1]
    unit = pairs.unit * (int(within.max()) + 1 if len(within) else 1) + within
    return _arranged(
        question.kind,
        judgments,
        pairs.judgment,
        unit,
        1 - pairs.sign,
        pairs.sign.astype(np.float64),
        pairs=pairs,
        winner_row=np.array(winner_row, dtype=np.int64),
        winner=np.array(winner, dtype=np.int64),
    )


def _rating(judgments: Judgments, name: str) -> Ratings:
    row, position, score = [], [], []
    for index, completions, answer in _answers(judgments, name, "scores"):
        for completion, value in answer["scores"].items():
            if completion in completions:
                row.append(index)
                position.append(completions.index(completion))
                score.append(value)
    rows = np.array(row, dtype=np.int64)
    values = np.array(score, dtype=np.float64)
    category = np.unique(values, return_inverse=True)[1].astype(np.int64)
    unit = judgments.item[rows] * judgments.width + np.array(position, dtype=np.int64)
    return _arranged("rating", judgments, rows, unit, category, values)


def _choice(judgments: Judgments, name: str) -> Ratings:
    row, position, chosen = [], [], []
    for index, completions, answer in _answers(judgments, name, "values"):
        values = answer["values"]
        if isinstance(values, Mapping):
            for completion, options in values.items():
                if completion in completions:
                    row.append(index)
                    position.append(completions.index(completion))
                    chosen.append(tuple(options))
        else:
            row.append(index)
            position.append(0)
            chosen.append(tuple(values))
    codes = {options: code for code, options in enumerate(sorted(set(chosen)))}
    rows = np.array(row, dtype=np.int64)
    category = np.array([codes[options] for options in chosen], dtype=np.int64)
    unit = judgments.item[rows] * judgments.width + np.array(position, dtype=np.int64)
    return _arranged("choice", judgments, rows, unit, category, None)
