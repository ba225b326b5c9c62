"""What a project has already of the prompts that a batch of a file names: looked up once per batch."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from annotation.formats import NativeCompletion
from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Prompt,
    Purpose,
)
from annotation.services.bulk import chunks

Pair = tuple[int, int] | None
Place = tuple[int, str]
"""An item and an annotator's name: where one current judgment can stand. All decisions share one name, since an
item has one current decision, whoever made it."""
DECISION = "\0adjudicated"  # no annotator has this name
REPEAT = "\0repeat"


@dataclass(slots=True)
class KnownCompletion:
    """A stored completion, or one about to be; `content` covers text and source, `extras` the rest.

    `length` is that of the text, in code points.
    """

    id: int
    length: int
    content: bytes
    extras: bytes


@dataclass(slots=True)
class KnownPrompt:
    """A stored prompt, or one about to be, with its completions by external id in the order of import."""

    id: int
    number: int
    digest: str
    group: str
    metadata: bytes
    completions: dict[str, KnownCompletion] = field(default_factory=dict)
    items: dict[Pair, int] = field(default_factory=dict)
    positions: int = 0
    """The position of the next completion; one that was undone leaves a gap."""


@dataclass(slots=True)
class Current:
    """The judgment that stands at a place; `pk` is None until it is written."""

    uuid: UUID
    pk: int | None
    kind: str
    status: str
    surplus: bool
    set_aside: bool = False
    repeat: bool = False

    @property
    def fills(self) -> bool:
        """Whether it fills a place of its item."""
        return (
            self.kind == AnnotatorKind.HUMAN and self.status == JudgmentStatus.SUBMITTED and not self.surplus
        )

    @property
    def skips(self) -> bool:
        """Whether it counts as a person's skip of its item."""
        skipped = self.kind == AnnotatorKind.HUMAN and self.status == JudgmentStatus.SKIPPED
        return skipped and not self.set_aside and not self.repeat


@dataclass(slots=True)
class Known:
    """What is there of a batch: prompts by external id, judgments by place and by uuid, annotators' kinds."""

    prompts: dict[str, KnownPrompt] = field(default_factory=dict)
    current: dict[Place, Current] = field(default_factory=dict)
    places: dict[UUID, Place] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def add(self, other: Known) -> None:
        """Take over what is not here yet of the judgments that another one has."""
        for place, current in other.current.items():
            self.current.setdefault(place, current)
        for uuid, place in other.places.items():
            self.places.setdefault(uuid, place)


class Notebook:
    """What a check has seen of prompts, in a temporary file, so that memory does not grow with their number."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # without a name: on the disk, gone when it is closed
        self._file.execute("CREATE TABLE prompt (name TEXT PRIMARY KEY, known BLOB) WITHOUT ROWID")

    def close(self) -> None:
        """Forget it all."""
        self._file.close()

    def read(self, names: Iterable[str]) -> dict[str, KnownPrompt]:
        """Those of the named prompts that were seen."""
        found = (
            self._file.execute("SELECT name, known FROM prompt WHERE name = ?", (name,)).fetchone()
            for name in names
        )
        return {row[0]: _unpacked(row[1]) for row in found if row is not None}

    def write(self, prompts: Mapping[str, KnownPrompt]) -> None:
        """Remember prompts, in place of what was known of them."""
        rows = ((name, _packed(prompt)) for name, prompt in prompts.items())
        self._file.executemany("INSERT OR REPLACE INTO prompt VALUES (?, ?)", rows)
        self._file.commit()


def _packed(prompt: KnownPrompt) -> bytes:
    completions = [
        [name, known.id, known.length, known.content.hex(), known.extras.hex()]
        for name, known in prompt.completions.items()
    ]
    items = [[*(pair or ()), item] for pair, item in prompt.items.items()]
    head = [prompt.id, prompt.number, prompt.digest, prompt.group, prompt.metadata.hex()]
    return orjson.dumps([*head, completions, items, prompt.positions])


def _unpacked(packed: bytes) -> KnownPrompt:
    pk, number, digest, group, metadata, completions, items, positions = orjson.loads(packed)
    return KnownPrompt(
        pk,
        number,
        digest,
        group,
        bytes.fromhex(metadata),
        {
            name: KnownCompletion(known, length, bytes.fromhex(content), bytes.fromhex(extras))
            for name, known, length, content, extras in completions
        },
        {(entry[0], entry[1]) if len(entry) == 3 else None: entry[-1] for entry in items},
        positions,
    )


def json_text(value: object) -> str:
    """A value as the text of a JSON column."""
    return orjson.dumps(value).decode()


def fingerprint(value: object) -> bytes:
    """Sixteen bytes that tell values apart; nothing for an empty one, which is the most usual."""
    if not value:
        return b""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).digest()[:16]


def completion_known(completion_id: int, completion: NativeCompletion | Completion) -> KnownCompletion:
    """What is remembered of a completion."""
    content = hashlib.sha256(f"{completion.source}\0{completion.text}".encode()).digest()[:16]
    extras = b""
    if completion.features or completion.metadata:
        extras = fingerprint([list(completion.features), completion.metadata])
    return KnownCompletion(completion_id, len(completion.text), content, extras)


def known_prompts(project: Project, external_ids: Iterable[str]) -> dict[str, KnownPrompt]:
    """Those of the named prompts that are stored, with completions and items."""
    known: dict[str, KnownPrompt] = {}
    by_id: dict[int, KnownPrompt] = {}
    for chunk in chunks(external_ids):
        rows = Prompt.objects.filter(project=project, external_id__in=chunk)
        for pk, number, external_id, digest, group, metadata in rows.values_list(
            "id", "number", "external_id", "content_digest", "group", "metadata"
        ):
            known[external_id] = by_id[pk] = KnownPrompt(pk, number, digest, group, fingerprint(metadata))
    for ids in chunks(by_id):
        for completion in Completion.objects.filter(prompt_id__in=ids).order_by("prompt_id", "position"):
            prompt = by_id[completion.prompt_id]
            prompt.completions[completion.external_id] = completion_known(completion.id, completion)
            prompt.positions = completion.position + 1
        items = Item.objects.filter(prompt_id__in=ids)
        for pk, prompt_id, first, second in items.values_list("id", "prompt_id", "first_id", "second_id"):
            by_id[prompt_id].items[None if first is None else (first, second)] = pk
    return known


def place_of(item: int, name: str, kind: str, purpose: str) -> Place:
    """Where a judgment of an annotator of this name and kind stands; a repeat stands beside the first one."""
    if purpose == Purpose.REPEAT:
        return item, f"{name}{REPEAT}"
    return item, DECISION if kind == AnnotatorKind.ADJUDICATED else name


def known_judgments(project: Project, prompt_ids: Iterable[int], uuids: Iterable[UUID]) -> Known:
    """The current judgments of the prompts, and where the judgments with these uuids stand."""
    known = Known()
    judgments = Judgment.objects.filter(project=project)
    for ids in chunks(prompt_ids):
        for pk, uuid, item, name, kind, status, surplus, aside, purpose in judgments.filter(
            prompt_id__in=ids, superseded=False
        ).values_list(
            "id",
            "uuid",
            "item_id",
            "annotator__name",
            "annotator_kind",
            "status",
            "surplus",
            "set_aside_at",
            "purpose",
        ):
            place = place_of(item, name, kind, purpose)
            known.current[place] = Current(
                uuid, pk, kind, status, surplus, aside is not None, purpose == Purpose.REPEAT
            )
            known.places[uuid] = place
    for wanted in chunks(uuids):
        rows: Any = judgments.filter(uuid__in=wanted)
        rows = rows.values_list("uuid", "item_id", "annotator__name", "annotator_kind", "purpose")
        known.places |= {uuid: place_of(*where) for uuid, *where in rows}
    return known


def known_annotators(project: Project, names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Id and kind of those of the named annotators that the project has."""
    known: dict[str, tuple[int, str]] = {}
    for chunk in chunks(names):
        rows = Annotator.objects.filter(project=project, name__in=chunk)
        known |= {name: (pk, kind) for pk, name, kind in rows.values_list("id", "name", "kind")}
    return known
