"""UKPConvArg1: pairs of arguments on one topic and side, and which one is more convincing.

One tab-separated file (with the ending .csv) for each side of each debate, alone or all in one archive.
A pair is known by the name of its file and its id; the file is its group, and its name the topic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import IO, Any

from annotation.formats.archives import archive_kind, members
from annotation.formats.base import Bad, FormatError, Line, NativeLine, Row, RowError, Skipped
from annotation.formats.native import line_from
from annotation.formats.recipes.base import Recipe
from annotation.formats.rows import row_from
from annotation.formats.tabular import read_csv
from annotation.formats.values import described

ANNOTATOR = "consensus"
COMPLETIONS = ("a1", "a2")
UNQUOTED = {"quoting": "none", "delimiter": "\t"}


def read(stream: IO[bytes], table: str, filename: str, options: Mapping[str, str]) -> Iterator[Row]:
    """Read one file, or a zip or tar archive of files; the rows of an archive are counted through."""
    if not stream.seekable():
        raise FormatError("The file must be on disk.")
    kind = archive_kind(stream.read(1024 * 64))
    stream.seek(0)
    if kind is None:
        if not filename:
            raise FormatError(
                "The name of the file is its topic: say it as filename.", code="filename_needed"
            )
        yield from _file(stream, PurePath(filename).name, options)
        return
    before = files = 0
    for name, member in members(stream, kind, ".csv"):
        files += 1
        last = 0
        for row in _file(member, name, options):
            last = row.row
            yield _counted(row, before, name)
        before += last
    if not files:
        raise FormatError("The archive holds no .csv file.")


def topic_of(filename: str) -> str:
    """Write the topic that a file's name holds as words, debate and side.

    >>> topic_of("tv-is-better-than-books_tv.csv")
    'Tv is better than books: tv'
    """
    debate, _, side = PurePath(filename).stem.partition("_")
    words = [" ".join(part.split("-")).strip() for part in (debate, side)]
    return ": ".join(word for word in (words[0][:1].upper() + words[0][1:], words[1]) if word)


def _file(stream: IO[bytes], name: str, options: Mapping[str, str]) -> Iterator[Row]:
    for number, value in read_csv(stream, {**options, **UNQUOTED}):
        yield row_from(number, value, lambda row: _line(row, name))


def _line(row: Mapping[str, Any], name: str) -> tuple[NativeLine, tuple[str, ...]]:
    identity, label = row.get("#id") or row.get("id"), row.get("label")
    if not identity:
        raise RowError("id is missing")
    if label not in COMPLETIONS:
        raise RowError(f"label must be a1 or a2, got {described(label)}")
    return line_from(
        {
            "id": f"{name}/{identity}",
            "prompt": topic_of(name),
            "group": name,
            "completions": [{"id": side, "text": row.get(side)} for side in COMPLETIONS],
            "judgments": [{"annotator": ANNOTATOR, "answers": {"overall": {"choice": label}}}],
        }
    )


def _counted(row: Row, before: int, name: str) -> Row:
    if isinstance(row, Line):
        return Line(before + row.row, row.native, row.notes)
    message = f"{name}, row {row.row}: {row.message}"
    return (Bad if isinstance(row, Bad) else Skipped)(before + row.row, message)


RECIPE = Recipe(
    name="ukp-convarg",
    title="UKPConvArg1: convincing arguments",
    description="Which of two arguments for the same side is more convincing: one .csv file, or the archive "
    "of all of them.",
    read=read,
    questions=(
        {
            "name": "overall",
            "kind": "comparison",
            "title": "Which argument is more convincing?",
            "required": True,
            "strengths": 1,
            "ties": False,
            "both_bad": False,
        },
    ),
    columns=(frozenset({"#id", "label", "a1", "a2"}),),
    needs_filename=True,
)
