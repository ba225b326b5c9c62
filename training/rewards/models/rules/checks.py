"""What a rule may check of an output: each check reads its options, and finds where in a text it applies.

A check *holds* or not. Its hits are ranges of code points in the output that show why: what was found, or
nothing where something is missing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import regex

from training.rewards.features.style import words_of

PATTERN_SECONDS: Final = 0.05  # of one search in one text
PATTERN_LONGEST: Final = 1_000
TERMS_MOST: Final = 500
HITS_MOST: Final = 50
JSON_FENCE: Final = regex.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", regex.DOTALL)
# How models turn a request down, at the beginning of an output.
REFUSAL: Final = regex.compile(
    r"\b(?:i(?:['’]m| am)(?: very| really| so)? sorry|i apologi[sz]e|unfortunately)\b[^.!?\n]{0,80}?"
    r"\b(?:can(?:no|['’])t|can not|unable|won['’]t|not able)\b"
    r"|\bi(?:['’]m| am)? ?(?:can(?:no|['’])t|can not|won['’]t|not able to|unable to)\b[^.!?\n]{0,40}?"
    r"\b(?:help|assist|comply|do that|provide|fulfil|create|write|answer|discuss|support)"
    r"|\bas an? (?:ai|artificial intelligence|language model)\b[^.!?\n]{0,80}?\b(?:can(?:no|['’])t|can not|unable|not able)"
    r"|(?:很?抱歉|对不起)[^。！？\n]{0,30}?(?:不能|无法|不可以)"
    r"|我(?:不能|无法|没办法)(?:帮|协助|提供|回答|完成|满足)",
    regex.IGNORECASE,
)
REFUSAL_WITHIN: Final = 300  # characters from the beginning


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a check holds, and the ranges (start, end) in code points that show it.

    ``timed_out`` says that an expression was cut off before it had an answer.
    """

    holds: bool
    hits: tuple[tuple[int, int], ...] = ()
    timed_out: bool = False


class OptionError(ValueError):
    """An option of a check that cannot be used; `name` is its key."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Check:
    """The names of its options, how they are read, and what it finds."""

    options: tuple[str, ...]
    clean: Callable[[Mapping[str, Any]], dict[str, Any]]
    apply: Callable[[Mapping[str, Any], str], Outcome]


def _number(
    raw: Mapping[str, Any], name: str, default: float | None, low: float, high: float
) -> float | None:
    value = raw.get(name, default)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise OptionError(name, f"must be a number from {low:g} to {high:g}")
    return float(value)


def _choice(raw: Mapping[str, Any], name: str, words: Sequence[str]) -> str:
    value = raw.get(name, words[0])
    if value not in words:
        raise OptionError(name, f"must be one of: {', '.join(words)}")
    return str(value)


def _flag(raw: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = raw.get(name, default)
    if not isinstance(value, bool):
        raise OptionError(name, "must be true or false")
    return value


def _length_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    low, high = _number(raw, "min", None, 0, 1e6), _number(raw, "max", None, 0, 1e6)
    if low is None and high is None:
        raise OptionError("min", "give min, max or both")
    if low is not None and high is not None and low > high:
        raise OptionError("max", "must not be below min")
    return {"min": low, "max": high, "unit": _choice(raw, "unit", ("words", "characters"))}


def _length(options: Mapping[str, Any], text: str) -> Outcome:
    length = len(words_of(text)) if options["unit"] == "words" else len(text)
    low, high = options["min"], options["max"]
    return Outcome((low is None or length >= low) and (high is None or length <= high))


def _pattern_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    pattern = raw.get("pattern")
    if not isinstance(pattern, str) or not 0 < len(pattern) <= PATTERN_LONGEST:
        raise OptionError("pattern", f"must be a regular expression of 1 to {PATTERN_LONGEST:,} characters")
    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise OptionError("pattern", f"is no regular expression: {error}") from None
    return {
        "pattern": pattern,
        "ignore_case": _flag(raw, "ignore_case", default=False),
        "expect": _choice(raw, "expect", ("present", "absent")),
    }


def _pattern(options: Mapping[str, Any], text: str) -> Outcome:
    flags = regex.IGNORECASE if options["ignore_case"] else 0
    hits: list[tuple[int, int]] = []
    try:
        for match in regex.compile(options["pattern"], flags).finditer(text, timeout=PATTERN_SECONDS):
            hits.append(match.span())
            if len(hits) == HITS_MOST:
                break
    except TimeoutError:
        return Outcome(holds=False, timed_out=True)  # what cannot be told in time is not taken to hold
    return Outcome(bool(hits) == (options["expect"] == "present"), tuple(hits))


def _terms_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    terms = raw.get("terms")
    if (
        not isinstance(terms, list)
        or not 0 < len(terms) <= TERMS_MOST
        or not all(isinstance(term, str) and term.strip() and len(term) <= 200 for term in terms)
    ):
        raise OptionError("terms", f"must be a list of 1 to {TERMS_MOST} words or phrases")
    return {
        "terms": list(dict.fromkeys(term.strip() for term in terms)),
        "expect": _choice(raw, "expect", ("any", "all", "none")),
    }


def _terms(options: Mapping[str, Any], text: str) -> Outcome:
    hits: list[tuple[int, int]] = []
    found = 0
    for term in options["terms"]:
        # A term in letters stands as a word of its own; scripts without spaces have no such borders.
        border = r"(?<![\p{L}\p{N}])", r"(?![\p{L}\p{N}])"
        spaced = regex.search(r"\p{Han}|\p{Hiragana}|\p{Katakana}|\p{Thai}", term) is None
        escaped = regex.escape(term)
        pattern = f"{border[0]}{escaped}{border[1]}" if spaced else escaped
        places = [match.span() for match in regex.finditer(pattern, text, regex.IGNORECASE)]
        found += bool(places)
        hits += places
    expected = {"any": found > 0, "all": found == len(options["terms"]), "none": found == 0}
    return Outcome(expected[options["expect"]], tuple(sorted(hits)[:HITS_MOST]))


def _json_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    keys = raw.get("keys", [])
    if not isinstance(keys, list) or len(keys) > 100 or not all(isinstance(key, str) for key in keys):
        raise OptionError("keys", "must be a list of at most 100 names")
    return {"keys": keys}


def _json(options: Mapping[str, Any], text: str) -> Outcome:
    fenced = JSON_FENCE.match(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text)
    except (ValueError, RecursionError):
        return Outcome(holds=False)
    keys = options["keys"]
    return Outcome(not keys or (isinstance(value, dict) and all(key in value for key in keys)))


def _repetition_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    size = _number(raw, "size", 4, 2, 20)
    assert size is not None
    return {"most": _number(raw, "most", 0.2, 0, 1), "size": int(size)}


def _repetition(options: Mapping[str, Any], text: str) -> Outcome:
    """The share of word n-grams that stood in the text before (Welleck et al. 2020's rep-n)."""
    words = [word.casefold() for word in words_of(text)]
    size = options["size"]
    ngrams = [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]
    repeated = len(ngrams) - len(Counter(ngrams))
    return Outcome(not ngrams or repeated / len(ngrams) <= options["most"])


def _refusal_clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"expect": _choice(raw, "expect", ("absent", "present"))}


def _refusal(options: Mapping[str, Any], text: str) -> Outcome:
    match = REFUSAL.search(text[:REFUSAL_WITHIN])
    hits = () if match is None else (match.span(),)
    return Outcome((match is None) == (options["expect"] == "absent"), hits)


CHECKS: Final[Mapping[str, Check]] = {
    "length": Check(("min", "max", "unit"), _length_clean, _length),
    "pattern": Check(("pattern", "ignore_case", "expect"), _pattern_clean, _pattern),
    "terms": Check(("terms", "expect"), _terms_clean, _terms),
    "json": Check(("keys",), _json_clean, _json),
    "repetition": Check(("most", "size"), _repetition_clean, _repetition),
    "refusal": Check(("expect",), _refusal_clean, _refusal),
}
