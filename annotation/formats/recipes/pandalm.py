"""PandaLM's test set: 999 pairs with three human verdicts each, and the verdicts of machine judges on them.

The test set has a row per pair, known by `idx`; the models stand in `cmp_key` as `first_second`. A judge's
file has one verdict per `idx`; whatever is neither 1 nor 2 counts as a tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import IO, Any

from annotation.formats.base import FormatError, NativeLine, Row, RowError
from annotation.formats.native import line_from
from annotation.formats.recipes.base import Recipe, RecipeOption
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.values import described, kept_text

COMPLETIONS = ("response1", "response2")
ANNOTATORS = ("annotator1", "annotator2", "annotator3")
HUMAN_VERDICTS = {"1": COMPLETIONS[0], "2": COMPLETIONS[1], "0": "tie"}
FILE_SUFFIX = "-testset-v1"


def read(stream: IO[bytes], table: str, filename: str, options: Mapping[str, str]) -> Iterator[Row]:
    """Read the test set or a judge's file, whichever each row belongs to."""
    if table not in ("json", "jsonl", "csv", "parquet"):
        raise FormatError("PandaLM's files are JSON lists.")
    stem = PurePath(filename).name.split(".json")[0]
    named = options.get("annotator") or (stem.removesuffix(FILE_SUFFIX) if stem.endswith(FILE_SUFFIX) else "")
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, lambda row: _line(row, named))


def _line(row: Mapping[str, Any], judge: str) -> tuple[NativeLine, tuple[str, ...]]:
    identity = row.get("idx")
    if identity is None:
        raise RowError("idx is missing")
    if "response1" in row and "response2" in row:
        return _pair(row, str(identity))
    verdicts = [name for name in row if name.endswith("_result")]
    if len(verdicts) != 1:
        raise RowError("the row is neither a pair of responses nor one judge's verdict")
    prefix = verdicts[0].removesuffix("_result")
    choice = {"1": COMPLETIONS[0], "2": COMPLETIONS[1]}.get(str(row[verdicts[0]]).strip(), "tie")
    reason = row.get(f"{prefix}_reason")
    judgment = {
        "annotator": judge or prefix,
        "annotator_kind": "model",
        "answers": {"overall": {"choice": choice}},
        "reason": reason if isinstance(reason, str) else "",
    }
    return line_from({"id": str(identity), "judgments": [judgment]})


def _pair(row: Mapping[str, Any], identity: str) -> tuple[NativeLine, tuple[str, ...]]:
    notes: list[str] = []
    sources = str(row.get("cmp_key") or "").split("_")
    if len(sources) != 2:
        sources = ["", ""]
    prompt = kept_text(row.get("instruction"), "instruction", notes)
    context = row.get("input")
    if context:
        prompt = f"{prompt}\n\n{kept_text(context, 'input', notes)}"
    judgments = []
    for name in ANNOTATORS:
        verdict = row.get(name)
        if verdict is None or verdict == "":
            continue
        if str(verdict) not in HUMAN_VERDICTS:
            raise RowError(f"{name} must be 0, 1 or 2, got {described(verdict)}")
        judgments.append(
            {"annotator": name, "answers": {"overall": {"choice": HUMAN_VERDICTS[str(verdict)]}}}
        )
    application = row.get("motivation_app")
    line, more = line_from(
        {
            "id": identity,
            "prompt": prompt,
            "completions": [
                {"id": name, "text": kept_text(row[name], name, notes), "source": source}
                for name, source in zip(COMPLETIONS, sources, strict=True)
            ],
            "metadata": {"motivation_app": application} if application else {},
            "judgments": judgments,
        }
    )
    return line, (*notes, *more)


RECIPE = Recipe(
    name="pandalm",
    title="PandaLM test set",
    description="Pairs of answers to 170 instructions, three human verdicts each (testset-v1.json). Import a "
    "machine judge's file afterwards: its verdicts join the same pairs.",
    read=read,
    questions=(
        {
            "name": "overall",
            "kind": "comparison",
            "title": "Which answer is better?",
            "required": True,
            "strengths": 1,
            "ties": True,
            "both_bad": False,
        },
    ),
    columns=(
        frozenset({"idx", "cmp_key", "response1", "response2", "annotator1"}),
        frozenset({"idx", "gpt_result"}),
        frozenset({"idx", "pandalm_result"}),
    ),
    options=(RecipeOption("annotator", "Name of the judge, for a judge's file"),),
)
