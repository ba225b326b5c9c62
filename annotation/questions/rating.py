"""Rating: a number for each completion on one criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering, ordering_from_scores
from annotation.questions.base import (
    Answer,
    Figures,
    ItemKind,
    Options,
    Problems,
    Rename,
    WireOptions,
    read_completion,
    read_integer,
    read_number,
    read_text,
    refuse_unknown,
)

ORDER = 30
ITEM: ItemKind = "prompt"
FIGURES: Figures = "scores"
OPTIONS: WireOptions = {"min": "integer", "max": "integer", "labels": "json"}
BOUND = 1_000_000


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `min`, `max` (default 1 to 5) and `labels`, texts by score: `{"1": "poor", "5": "excellent"}`.

    A list of labels names the scores from `min` on.
    """
    low = read_integer(raw, "min", problems, default=1, low=-BOUND, high=BOUND)
    high = read_integer(raw, "max", problems, default=5, low=-BOUND, high=BOUND)
    if low >= high:
        problems.add("max", "The highest score must be above the lowest one.")
    return {"min": low, "max": high, "labels": _labels_clean(raw.get("labels"), low, high, problems)}


def _labels_clean(raw: object, low: int, high: int, problems: Problems) -> dict[str, str]:
    if raw is None:
        return {}
    if isinstance(raw, list):
        raw = {str(low + index): label for index, label in enumerate(raw)}
    if not isinstance(raw, Mapping):
        problems.add("labels", "This must give texts by score.")
        return {}
    labels: dict[int, str] = {}
    for key, label in raw.items():
        path = f"labels.{str(key)[:20]}"
        if not _is_score(key, low, high):
            problems.add(path, f"Labels belong to whole scores from {low:,} to {high:,}.")
            continue
        text = read_text(label, path, problems, limit=200).strip()
        if text:
            labels[int(key)] = text
    return {str(score): labels[score] for score in sorted(labels)}


def _is_score(key: object, low: int, high: int) -> bool:
    """Tell whether a JSON key is a whole number within the scale."""
    if not isinstance(key, str) or len(key) > 8 or not key.isascii() or not key.removeprefix("-").isdigit():
        return False
    return low <= int(key) <= high


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether no completion was given a score."""
    scores = raw.get("scores")
    return scores is None or (isinstance(scores, Mapping) and all(value is None for value in scores.values()))


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"scores": {id: number}}`, in the order of `completions`; null means left out."""
    refuse_unknown(raw, frozenset({"scores"}), problems)
    raw_scores = raw.get("scores")
    if not isinstance(raw_scores, Mapping):
        problems.add("scores", "This must give a number for each completion.")
        return {"scores": {}}
    scores: dict[str, int | float] = {}
    for completion, score in raw_scores.items():
        path = f"scores.{str(completion)[:100]}"
        read_completion(completion, path, completions, problems)
        if score is not None:
            scores[completion] = read_number(score, path, problems, low=options["min"], high=options["max"])
    if answer_empty(raw):
        problems.add("scores", "Rate at least one completion.")
    return {"scores": {completion: scores[completion] for completion in completions if completion in scores}}


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the rated completions."""
    return {
        "scores": {
            rename(f"scores.{completion}", completion): score
            for completion, score in answer["scores"].items()
        }
    }


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Order by score; equal scores are ties."""
    return ordering_from_scores(answer["scores"])


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `within`, how far each score may be off; a quarter of the scale, in whole steps, unless said."""
    refuse_unknown(raw, frozenset({"within"}), problems)
    span = options["max"] - options["min"]
    within = raw.get("within")
    if within is None:
        return {"within": span // 4}
    return {"within": read_number(within, "within", problems, low=0, high=span)}


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether every completion with a known score has one within the tolerance."""
    given = answer["scores"]
    return all(
        completion in given and abs(given[completion] - score) <= tolerance["within"]
        for completion, score in gold["scores"].items()
    )
