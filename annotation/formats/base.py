"""What every reader gives and every writer takes: native lines, the rows of a file, limits and errors.

The words are those of the wire: a line is one prompt with its completions and judgments. Ids are the
files' own; a line that came without gets one from its content (see `native.line_from`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from annotation.errors import UnprocessableError

MAX_TEXT_BYTES = 1024 * 1024
"""The longest message or completion, in bytes of UTF-8."""
MAX_COMPLETIONS = 64
MAX_MESSAGES = 1_000
MAX_JUDGMENTS = 10_000
"""The most judgments on one line."""
MAX_FEATURES = 10_000
MAX_DEPTH = 64
"""The deepest nesting of metadata and answers."""
MAX_ROW_BYTES = 16 * 1024 * 1024
"""The longest line of JSON, record of a table, or object of a JSON list."""
MAX_ID_CHARS = 500
MAX_NAME_CHARS = 200
"""The longest name of an annotator or of a completion's source."""
MAX_ACTIVE_MS = 2**31 - 1
MAX_UNPACKED_BYTES = 8 * 1024**3
"""The most that a compressed text file may hold: it is read as a stream."""
MAX_ARCHIVE_BYTES = 256 * 1024**2
"""The most that the members of a zip, tar or xlsx archive may hold together."""
MAX_ARCHIVE_MEMBERS = 10_000
MAX_PARQUET_GROUP_BYTES = 1024**3
"""The largest row group of a parquet file, unpacked: one is decoded at a time."""

ANNOTATOR_KINDS = ("human", "model", "simulated", "adjudicated")
ADJUDICATED_NAME = " (adjudicated)"
"""Stands behind a reviewer's name where the reviewer decides."""
PURPOSES = ("work", "gold", "qualification", "repeat")
JUDGMENT_STATUSES = ("submitted", "skipped", "flagged")


class FormatError(UnprocessableError):
    """A file, or a way of reading it, that cannot be used at all."""

    code = "unreadable_file"


class DamagedFileError(FormatError):
    """The file broke off in the middle; what was read before is good."""

    code = "damaged_file"


class RowError(ValueError):
    """One row that cannot be used; the message names the field."""


@dataclass(frozen=True, slots=True)
class NativeMessage:
    """One turn of the conversation that the models answered."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class NativeCompletion:
    """One model output; `source` names the model."""

    id: str
    text: str
    source: str = ""
    features: tuple[float, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NativeJudgment:
    """One annotator's answers by question name; completions are named by their ids in the file.

    `id` and `supersedes` are uuids in their usual form. Times are aware and in UTC. `author` is the reviewer
    who decided, of a judgment of kind `adjudicated`. What was set aside at `set_aside_at` is surplus too, and so are
    a repeat of an own judgment and answers of a round of qualification (`purpose`).
    """

    annotator: str
    answers: dict[str, Any]
    id: str | None = None
    annotator_kind: str = "human"
    status: str = "submitted"
    shown: tuple[str, ...] = ()
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    active_ms: int | None = None
    supersedes: str | None = None
    reason: str = ""
    surplus: bool = False
    author: str = ""
    set_aside_at: datetime | None = None
    set_aside_reason: str = ""
    purpose: str = "work"


@dataclass(frozen=True, slots=True)
class NativeGold:
    """The known answer to an item, with a tolerance by question.

    `completions` names the two that are compared, where the item is a pair.
    """

    answers: dict[str, Any]
    tolerance: dict[str, Any] = field(default_factory=dict)
    explanation: str = ""
    completions: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class NativeLine:
    """One prompt. Without completions it adds its judgments to the prompt that has its id.

    `by_content` says that the file gave no id, so that `id` and the ids of the completions are made of
    the content and do not depend on the order of the completions.
    """

    id: str
    messages: tuple[NativeMessage, ...] = ()
    completions: tuple[NativeCompletion, ...] = ()
    group: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    judgments: tuple[NativeJudgment, ...] = ()
    pool: str | None = None
    gold: tuple[NativeGold, ...] = ()
    by_content: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A good row. `notes` say what was changed or left out while it was read."""

    row: int
    native: NativeLine
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be used, and why."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds nothing to import, such as a blank line of a sheet."""

    row: int
    message: str


Row: TypeAlias = Line | Bad | Skipped
"""Rows count as an editor or a spreadsheet shows them: lines of JSONL, and the records of a table with its
header as the first, from 1; objects of a JSON list and rows of parquet from 1."""
