"""What a recipe is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from annotation.formats.base import Row

Read = Callable[[IO[bytes], str, str, Mapping[str, str]], Iterator[Row]]
"""Takes the file, its format, its name and the options."""


@dataclass(frozen=True, slots=True)
class RecipeOption:
    """Something that may be said when a file is read by the recipe."""

    name: str
    title: str


@dataclass(frozen=True)
class Recipe:
    """How one public set is read. `questions` are those that its judgments answer, in their wire form."""

    name: str
    title: str
    description: str
    read: Read
    questions: tuple[dict[str, Any], ...]
    columns: tuple[frozenset[str], ...]
    """The columns by which a file of the set is known, one set for each of its shapes."""
    needs_filename: bool = False
    options: tuple[RecipeOption, ...] = ()
