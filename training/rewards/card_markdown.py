"""A model's card as Markdown (CommonMark with tables), in English.

Names come from people's data: whatever they hold, they stay words on the page.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from training.rewards.card import Card, Style
from training.rewards.card_words import (
    ATTACKS,
    BASELINES,
    COUNTS,
    DIMENSIONS,
    FINDINGS,
    KINDS,
    NAMES,
    NUMBERS,
    SCALE_NAMES,
    SENTENCES,
)
from training.rewards.findings import Finding
from training.rewards.intervals import Figure
from training.rewards.weaknesses import Part, Weakness

NAME_LIMIT: Final = 200
MOST_NAMES: Final = 12
SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~#&!$(){}:@]|(?<=[wW]{3})\.)")
INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def card_markdown(
    card: Card, *, version: int | None = None, served: Iterable[Mapping[str, Any]] | None = None
) -> str:
    """The card; `version` and `served` (rows of the project's history of champions) where they are known.

    A file beside the model has neither: both are given to a model once it is saved.
    """
    title = f"version {version}, {KINDS[card.kind]}" if version is not None else KINDS[card.kind]
    parts = [
        f"# Reward model card: {title}",
        f"Project: {plain(card.project)}",
        *_findings(card),
        *_weaknesses(card),
        *_data(card),
        *_figures(card),
        *_slices(card),
        *_attacks(card),
        *_configuration(card),
        *_served(served),
    ]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    r"""A text from outside as words within a line, whatever signs it holds.

    >>> plain("**a** <b>\n| c")
    '\\*\\*a\\*\\* \\<b\\> \\| c'
    """
    shown = INVISIBLE.sub("", text)
    shown = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in shown)
    shown = " ".join(shown.split())
    if len(shown) > NAME_LIMIT:
        shown = f"{shown[:NAME_LIMIT]}…"
    return SPECIAL.sub(r"\\\1", shown)


def figure_text(figure: Figure, style: Style = "share") -> str:
    """A figure with its interval and n.

    >>> figure_text({"value": 0.7124, "interval": [0.68, 0.744], "n": 1812})
    '71.2 % (68.0 to 74.4, n = 1,812)'
    """
    if figure.get("value") is None:
        return f"not defined: {plain(figure.get('reason') or 'no reason given')}"
    interval, n = figure.get("interval"), figure.get("n")
    ends = [] if interval is None else [f"{_bare(interval[0], style)} to {_bare(interval[1], style)}"]
    notes = ", ".join([*ends, *([] if n is None else [f"n = {n:,}"])])
    return f"{_value(figure['value'], style)} ({notes})" if notes else _value(figure["value"], style)


def sentence(told: Weakness | Finding) -> str:
    """A weakness or a finding in words, with its figures."""
    style: Style = "number" if told.code in NUMBERS else "share"
    counted = told.code in COUNTS
    sentences, gap = (FINDINGS, told.gap) if isinstance(told, Finding) else (SENTENCES, None)

    def written(value: float | None) -> str:
        return "" if value is None else f"{value:,.0f}" if counted else _value(value, style)

    figure = told.figure
    measured = "" if figure is None else written(figure["value"]) if counted else figure_text(figure, style)
    return sentences[told.code].format(
        figure=measured,
        against=written(told.against),
        gap="" if gap is None else f"{abs(gap) * 100:.1f}",
        reason="" if figure is None else plain(figure.get("reason") or ""),
        names=_listed([ATTACKS.get(name) or BASELINES.get(name) or plain(name) for name in told.names]),
        parts=_listed([_part(part) for part in told.parts]),
    )


def _findings(card: Card) -> list[str]:
    told = "\n".join(f"- {sentence(one)}" for one in card.findings)
    return ["## In short", told] if told else []


def _weaknesses(card: Card) -> list[str]:
    told = "\n".join(f"- {sentence(one)}" for one in card.weaknesses)
    none = "No figure speaks against it. What was not measured may still do so."
    return ["## Known weaknesses", told or none]


def _data(card: Card) -> list[str]:
    data = card.data
    people = _table(
        ("Labels by", "Annotators", "Labels"),
        [(row.kind, f"{row.annotators or 0:,}", f"{row.labels:,}") for row in data.by_annotator_kind],
    )
    kinds = _table(
        ("Kind of answer", "Answers"),
        [(plain(row.kind), f"{row.labels:,}") for row in data.by_question_kind],
    )
    agreement = _table(
        ("Question", "Annotators agree", "Krippendorff's alpha"),
        [
            (plain(row.question), figure_text(row.percent), figure_text(row.alpha, "number"))
            for row in card.agreement
        ],
    )
    asked = f" Questions: {', '.join(map(plain, data.questions))}." if data.questions else ""
    since = f" Labels since {plain(data.since)}." if data.since else ""
    return [
        "## Data",
        (
            f"{_counted(data.labels, 'label')} on {_counted(data.prompts, 'prompt')} by "
            f"{_counted(data.annotators, 'annotator')}, frozen at {data.frozen_at}.{asked}{since}"
        ),
        f"Fingerprint of labels and prompts (SHA-256): `{data.fingerprint}`",
        *([people] if data.by_annotator_kind else []),
        *([kinds] if data.by_question_kind else []),
        "## Agreement",
        agreement if card.agreement else "Not known.",
        (
            f"One annotator predicted by the others (no ceiling): {figure_text(card.reference.accuracy)}. "
            f"The model on the same votes: {figure_text(card.reference.model)}."
        ),
    ]


def _figures(card: Card) -> list[str]:
    split = card.split
    how = "How it was tested is not known."
    if split is not None:
        how = (
            f"Tested by {split['scheme']} on {split['test']:,} prompts that the tested model had not learned from; "
            f"{split['shared_groups']:,} groups shared, {split['near_duplicates']:,} near-duplicates."
        )
    rows = [(NAMES[named.name], figure_text(named.figure, named.style)) for named in card.figures]
    beside = [
        (
            BASELINES.get(row.name) or plain(row.name),
            figure_text(row.accuracy),
            figure_text(row.length_balanced_accuracy),
        )
        for row in card.baselines
    ]
    later = card.since_promotion
    return [
        "## Figures",
        f"{how} Intervals are 95 %, by resampling groups of prompts.",
        _table(("Figure", "Value"), rows),
        *([f"On labels that came after its promotion: {figure_text(later)}."] if later else []),
        "## Baselines",
        _table(("Simple rule", "Accuracy", "Length-balanced"), beside) if beside else "None were measured.",
    ]


def _slices(card: Card) -> list[str]:
    head = f"{card.slices_measured:,} parts of the held-out pairs were measured"
    if not card.slices:
        return ["## Parts worth knowing", f"{head}; none differs clearly from the whole."]
    rows = [(_part(Part(row.by, row.name)), row.verdict, figure_text(row.accuracy)) for row in card.slices]
    return [
        "## Parts worth knowing",
        f"{head}; these differ from the whole with their whole interval (by chance, one in twenty does).",
        _table(("Part", "Than on all pairs", "Accuracy"), rows),
    ]


def _attacks(card: Card) -> list[str]:
    if not card.attacks:
        return ["## Hackability", "Not measured."]
    told = {True: "yes", False: "no", None: "not known"}
    rows = [
        (
            ATTACKS.get(row.attack, plain(row.attack)),
            figure_text(row.change, "number"),
            figure_text(row.rises),
            told[row.exploitable],
        )
        for row in card.attacks
    ]
    return [
        "## Hackability",
        (
            "Held-out outputs that people preferred, made worse or merely longer. The change is in units of a "
            "typical difference between two outputs of a prompt."
        ),
        _table(("What was done", "Change of the reward", "Rose", "Exploitable"), rows),
    ]


def _configuration(card: Card) -> list[str]:
    packages = _table(
        ("Package", "Version"), [(plain(n), plain(v)) for n, v in (card.packages or {}).items()]
    )
    recipe = json.dumps(card.recipe, ensure_ascii=False, indent=2, sort_keys=True)
    recipe = INVISIBLE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", recipe)
    scale = "Its rewards are not held to an earlier version's."
    if card.scale:
        rows = [(SCALE_NAMES[name], _scale_text(value)) for name, value in card.scale.items()]
        scale = _table(("Scale of the rewards", "Value"), rows)
    return [
        "## Configuration",
        f"```json\n{recipe}\n```",
        packages if card.packages else "The versions of packages were not written down.",
        "## Scale",
        scale,
    ]


def _served(served: Iterable[Mapping[str, Any]] | None) -> list[str]:
    if served is None:
        return [
            "## Promotion",
            "This file was written when the model was saved; its page says when it served.",
        ]
    rows = [
        (
            str(row["at"]),
            plain(row["by"]) or "the rule",
            plain(row["code"]),
            plain(row["message"]),
        )
        for row in served
    ]
    table = _table(("When", "By", "Why", "Message"), rows)
    return ["## Promotion", table if rows else "It has never served."]


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join([*names[:MOST_NAMES], *([f"and {more} more"] if more > 0 else [])])


def _part(part: Part) -> str:
    return f"{DIMENSIONS.get(part.by, plain(part.by))}: {plain(part.name)}"


def _value(value: float, style: Style) -> str:
    return f"{_bare(value, style)} %" if style == "share" else _bare(value, style)


def _bare(value: float, style: Style) -> str:
    return f"{value * 100:.1f}" if style == "share" else f"{value:.3f}"


def _scale_text(value: object) -> str:
    if isinstance(value, float):
        return f"{round(value, 3) + 0:.3f}"  # + 0: what rounds to nothing has no sign
    return "–" if value is None else plain(str(value))
