"""Good rows of a file become prompts, completions, items and judgments; batch by batch, each one a transaction.

What the database already has is looked up once per batch, so that the cost of a row does not grow with
the project.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db.models import F, Max
from django.utils import timezone

from annotation.formats import Line, NativeJudgment, NativeLine
from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Import,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Prompt,
)
from annotation.models.ids import opaque_id
from annotation.models.projects import ItemKind
from annotation.questions import AnswerError, answers_clean, answers_map
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import asked
from annotation.services.bulk import rows_insert

CHUNK = 900  # ids in one lookup; SQLite takes 999 parameters in older builds


@dataclass(slots=True)
class KnownCompletion:
    """A stored completion, or one about to be."""

    id: int
    text_digest: bytes
    source: str


@dataclass(slots=True)
class KnownPrompt:
    """A stored prompt, or one about to be, with its completions by external id in import order."""

    id: int
    number: int
    digest: str
    completions: dict[str, KnownCompletion] = field(default_factory=dict)
    items: dict[tuple[int, int] | None, int] = field(default_factory=dict)
    new: bool = True


class Refused(ValueError):
    """Why a row cannot be used."""


@dataclass
class Tally:
    """What became of the rows of a file."""

    rows_read: int = 0
    prompts_created: int = 0
    completions_created: int = 0
    judgments_created: int = 0
    duplicates: int = 0
    skipped: int = 0
    errors_total: int = 0
    notes_total: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


class Intake:
    """Takes the good rows of one import into its project."""

    def __init__(self, record: Import, tally: Tally) -> None:
        self.record = record
        self.project: Project = record.project
        self.tally = tally
        self.pairs = self.project.item_kind == ItemKind.PAIR
        self.asked = asked(self.project.id, revision_current(self.project).id)
        self.annotators = {row.name: row for row in Annotator.objects.filter(project=self.project)}
        self.number = Prompt.objects.filter(project=self.project).aggregate(n=Max("number"))["n"] or 0

    def forget(self) -> None:
        """Forget what a rolled back batch had made."""
        self.annotators = {row.name: row for row in Annotator.objects.filter(project=self.project)}

    def store(self, lines: Sequence[Line], refuse: Any) -> None:
        """Store a batch; `refuse(row, message)` is told of each row that cannot be used.

        Runs inside the caller's transaction. A row is taken whole or not at all.
        """
        batch = _Batch(self, lines)
        for line in lines:
            try:
                batch.add(line)
            except Refused as error:
                refuse(line.row, str(error))
        batch.write()


class _Batch:
    """The rows of one transaction, resolved against what is stored."""

    def __init__(self, intake: Intake, lines: Sequence[Line]) -> None:
        self.intake = intake
        self.project = intake.project
        self.known = _prompts_known(self.project, [line.native.id for line in lines])
        judged = [line for line in lines if line.native.judgments]
        self.taken, self.stored = _judgments_known(self.project, self.known, judged)
        self.fresh: dict[UUID, Judgment] = {}
        self.prompts: list[tuple[Any, ...]] = []
        self.completions: list[tuple[Any, ...]] = []
        self.items: list[tuple[Any, ...]] = []
        self.waves: list[list[tuple[Judgment, Judgment | None]]] = []
        self.filled: dict[int, int] = defaultdict(int)

    def add(self, line: Line) -> None:
        """Take one row.

        Raises:
            Refused: it contradicts what is stored, or a judgment on it cannot be understood.
        """
        native = line.native
        prompt = self.known.get(native.id)
        if prompt is None and not native.completions:
            raise Refused(f"there is no prompt with the id “{native.id[:100]}” for these judgments")
        merged = self._merged(native, prompt)
        judgments = [self._judgment(judgment, merged) for judgment in _originals_first(native.judgments)]
        fresh = self._keep(native, merged)
        for index, note in enumerate(line.notes):
            self._note(line.row, note, index)
        for judgment in judgments:
            self._judgment_add(*judgment, merged)
        if not fresh and not judgments:
            self.intake.tally.duplicates += 1

    def _note(self, row: int, message: str, index: int) -> None:
        tally = self.intake.tally
        tally.notes_total += 1
        if index < 20 and len(tally.notes) < 1000:
            tally.notes.append({"row": row, "message": message})

    def _merged(self, native: NativeLine, stored: KnownPrompt | None) -> KnownPrompt:
        """The prompt as it will be, without changing anything yet."""
        digest = _digest([[message.role, message.content] for message in native.messages])
        if stored is None:
            prompt = KnownPrompt(id=opaque_id(), number=0, digest=digest)
        else:
            if native.messages and stored.digest != digest:
                raise Refused(f"the prompt “{native.id[:100]}” is already here with other messages")
            prompt = KnownPrompt(
                stored.id,
                stored.number,
                stored.digest,
                dict(stored.completions),
                dict(stored.items),
                new=False,
            )
        for completion in native.completions:
            text_digest = hashlib.sha256(completion.text.encode()).digest()
            present = prompt.completions.get(completion.id)
            if present is None:
                prompt.completions[completion.id] = KnownCompletion(
                    opaque_id(), text_digest, completion.source
                )
            elif present.text_digest != text_digest or present.source != completion.source:
                raise Refused(
                    f"the completion “{completion.id[:100]}” of “{native.id[:100]}” is already here with other content"
                )
        self._items(prompt)
        return prompt

    def _items(self, prompt: KnownPrompt) -> None:
        """Give ids to the items that the prompt will have."""
        if not self.intake.pairs:
            prompt.items.setdefault(None, opaque_id())
            return
        ids = [completion.id for completion in prompt.completions.values()]
        for pair in combinations(ids, 2):
            prompt.items.setdefault(pair, opaque_id())

    def _keep(self, native: NativeLine, prompt: KnownPrompt) -> bool:
        """Queue what is new about a prompt for writing; False when nothing is."""
        before = self.known.get(native.id)
        had_completions = len(before.completions) if before else 0
        had_items = set(before.items) if before else set()
        if prompt.new and before is None:
            self.intake.number += 1
            prompt.number = self.intake.number
            language = native.metadata.get("language")
            self.prompts.append(
                (
                    prompt.id,
                    self.project.id,
                    prompt.number,
                    native.id,
                    [{"role": message.role, "content": message.content} for message in native.messages],
                    native.group or _group(native),
                    language[:35] if isinstance(language, str) else "",
                    native.metadata,
                    prompt.digest,
                    self.intake.record.id,
                )
            )
        given = {completion.id: completion for completion in native.completions}
        for position, (external_id, known) in enumerate(prompt.completions.items()):
            if position >= had_completions:
                completion = given[external_id]
                self.completions.append(
                    (
                        known.id,
                        prompt.id,
                        position,
                        external_id,
                        completion.text,
                        completion.source,
                        list(completion.features),
                        completion.metadata,
                        self.intake.record.id,
                    )
                )
        for pair, item_id in prompt.items.items():
            if pair not in had_items:
                first, second = pair or (None, None)
                self.items.append((item_id, self.project.id, prompt.id, first, second, prompt.number))
        self.known[native.id] = prompt
        prompt.new = False
        return before is None or len(prompt.completions) > had_completions

    def _judgment(
        self, judgment: NativeJudgment, prompt: KnownPrompt
    ) -> tuple[NativeJudgment, dict[str, Any], list[str], int]:
        """A judgment with its answers and its item in the server's ids."""
        annotator = self.intake.annotators.get(judgment.annotator)
        if annotator is not None and annotator.kind != judgment.annotator_kind:
            raise Refused(
                f"the annotator “{judgment.annotator}” is {annotator.kind} in this project, not {judgment.annotator_kind}"
            )
        names, item = self._item_of(judgment, prompt)
        ids = {name: str(prompt.completions[name].id) for name in names}
        questions = self.intake.asked.optional
        try:
            answers = answers_clean(questions, judgment.answers, names)
            if not answers and judgment.status == JudgmentStatus.SUBMITTED:
                raise Refused(f"the judgment of “{judgment.annotator}” answers no question")
            answers = answers_map(questions, answers, ids)
        except AnswerError as error:
            path, messages = next(iter(error.fields.items()))
            raise Refused(f"{path} of “{judgment.annotator}”: {messages[0]}") from None
        return judgment, answers, [ids[name] for name in judgment.shown if name in ids], item

    def _item_of(self, judgment: NativeJudgment, prompt: KnownPrompt) -> tuple[list[str], int]:
        """The external ids and the item that a judgment is about."""
        names = list(prompt.completions)
        for name in judgment.shown:
            if name not in prompt.completions:
                raise Refused(f"shown names “{name[:100]}”, which is no completion of this prompt")
        if not self.intake.pairs:
            return names, prompt.items[None]
        if len(names) != 2:
            if len(set(judgment.shown)) != 2:
                raise Refused(
                    f"which two of the {len(names)} completions did “{judgment.annotator}” compare? Name them in `shown`"
                )
            names = [name for name in names if name in judgment.shown]
        first, second = (prompt.completions[name].id for name in names)
        return names, prompt.items[(first, second)]

    def _judgment_add(
        self,
        judgment: NativeJudgment,
        answers: dict[str, Any],
        shown: list[str],
        item: int,
        prompt: KnownPrompt,
    ) -> None:
        """Queue a judgment for writing; one that is already here counts as a duplicate."""
        annotator = self._annotator(judgment)
        uuid = UUID(judgment.id) if judgment.id else uuid4()
        place = (item, annotator.pk)
        current = self.taken.get(place)
        replaces = judgment.supersedes and current == UUID(judgment.supersedes)
        if uuid in self.stored or uuid in self.fresh or (current is not None and not replaces):
            self.intake.tally.duplicates += 1
            return
        row = self._row(judgment, answers, shown, item, prompt, uuid, annotator)
        depth, old = 0, None
        if current is not None:
            depth, old = self._supersede(current, row)
        self.filled[item] += counts(row)
        while len(self.waves) <= depth:
            self.waves.append([])
        self.waves[depth].append((row, old))
        self.taken[place] = uuid
        self.fresh[uuid] = row
        self.intake.tally.judgments_created += 1

    def _supersede(self, current: UUID, row: Judgment) -> tuple[int, Judgment | None]:
        """Let `row` take the place of the current judgment; its depth in the chain, and the old row if unwritten."""
        old = self.fresh.get(current)
        if old is None:
            old = Judgment.objects.get(id=self.stored[current])
            Judgment.objects.filter(id=old.id).update(superseded=True)
            row.supersedes_id = old.id
            self.filled[row.item_id] -= counts(old)
            return 0, None
        self.filled[row.item_id] -= counts(old)
        old.superseded = True
        depth = next(depth for depth, wave in enumerate(self.waves) if any(entry[0] is old for entry in wave))
        return depth + 1, old

    def _row(
        self,
        judgment: NativeJudgment,
        answers: dict[str, Any],
        shown: list[str],
        item: int,
        prompt: KnownPrompt,
        uuid: UUID,
        annotator: Annotator,
    ) -> Judgment:
        return Judgment(
            uuid=uuid,
            project_id=self.project.id,
            prompt_id=prompt.id,
            item_id=item,
            annotator=annotator,
            annotator_kind=annotator.kind,
            revision_id=self.intake.asked.revision,
            imported_by_id=self.intake.record.id,
            status=judgment.status,
            answers=answers,
            shown=shown,
            reason=judgment.reason,
            surplus=judgment.surplus,
            started_at=judgment.started_at,
            submitted_at=judgment.submitted_at or timezone.now(),
            active_ms=judgment.active_ms,
            digest=_digest([str(uuid), answers, shown]),
        )

    def _annotator(self, judgment: NativeJudgment) -> Annotator:
        annotator = self.intake.annotators.get(judgment.annotator)
        if annotator is None:
            annotator = Annotator.objects.create(
                project=self.project, name=judgment.annotator, kind=judgment.annotator_kind
            )
            self.intake.annotators[annotator.name] = annotator
        return annotator

    def _write_parents(self) -> None:
        tally = self.intake.tally
        rows_insert(
            Prompt,
            ("id", "project_id", "number", "external_id", "messages", "group", "language", "metadata",
             "content_digest", "imported_by_id"),
            self.prompts,
        )  # fmt: skip
        rows_insert(
            Completion,
            (
                "id",
                "prompt_id",
                "position",
                "external_id",
                "text",
                "source",
                "features",
                "metadata",
                "imported_by_id",
            ),
            self.completions,
        )
        rows_insert(
            Item, ("id", "project_id", "prompt_id", "first_id", "second_id", "prompt_number"), self.items
        )
        tally.prompts_created += len(self.prompts)
        tally.completions_created += len(self.completions)
        self.prompts, self.completions, self.items = [], [], []

    def write(self) -> None:
        """Write everything that was queued."""
        self._write_parents()
        for wave in self.waves:
            for row, old in wave:
                if old is not None:
                    row.supersedes_id = old.id
            Judgment.objects.bulk_create([row for row, _ in wave], batch_size=500)
        by_count: dict[int, list[int]] = defaultdict(list)
        for item, count in self.filled.items():
            if count:
                by_count[count].append(item)
        for count, items in by_count.items():
            for chunk in _chunks(items):
                Item.objects.filter(id__in=chunk).update(filled=F("filled") + count)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _group(native: NativeLine) -> str:
    """The split group of a prompt that names none: its own text, folded so that near copies stay together."""
    text = " ".join(" ".join(message.content for message in native.messages).casefold().split())
    return text if len(text) <= 200 else f"{text[:120]} #{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _prompts_known(project: Project, external_ids: Sequence[str]) -> dict[str, KnownPrompt]:
    """Those of the named prompts that are stored, with completions and items."""
    known: dict[str, KnownPrompt] = {}
    by_id: dict[int, KnownPrompt] = {}
    for chunk in _chunks(external_ids):
        rows = Prompt.objects.filter(project=project, external_id__in=chunk)
        for pk, number, external_id, digest in rows.values_list(
            "id", "number", "external_id", "content_digest"
        ):
            known[external_id] = by_id[pk] = KnownPrompt(pk, number, digest, new=False)
    for chunk in _chunks(list(by_id)):
        completions = Completion.objects.filter(prompt_id__in=chunk).order_by("prompt_id", "position")
        for pk, prompt_id, external_id, text, source in completions.values_list(
            "id", "prompt_id", "external_id", "text", "source"
        ):
            digest = hashlib.sha256(text.encode()).digest()
            by_id[prompt_id].completions[external_id] = KnownCompletion(pk, digest, source)
        items = Item.objects.filter(prompt_id__in=chunk)
        for pk, prompt_id, first, second in items.values_list("id", "prompt_id", "first_id", "second_id"):
            by_id[prompt_id].items[None if first is None else (first, second)] = pk
    return known


def _judgments_known(
    project: Project, known: dict[str, KnownPrompt], judged: Sequence[Line]
) -> tuple[dict[tuple[int, int], UUID], dict[UUID, int]]:
    """What is stored already: the current judgment of each (item, annotator), and the ids of judgments by uuid."""
    taken: dict[tuple[int, int], UUID] = {}
    stored: dict[UUID, int] = {}
    prompts = {known[line.native.id].id for line in judged if line.native.id in known}
    for chunk in _chunks(list(prompts)):
        current = Judgment.objects.filter(prompt_id__in=chunk, superseded=False)
        for pk, uuid, item, annotator in current.values_list("id", "uuid", "item_id", "annotator_id"):
            taken[(item, annotator)] = uuid
            stored[uuid] = pk
    wanted = {UUID(judgment.id) for line in judged for judgment in line.native.judgments if judgment.id}
    for chunk in _chunks(list(wanted)):
        stored |= dict(Judgment.objects.filter(project=project, uuid__in=chunk).values_list("uuid", "id"))
    return taken, stored


def _originals_first(judgments: Sequence[NativeJudgment]) -> list[NativeJudgment]:
    """The judgments of a line with each one after the one it supersedes."""
    waiting = {judgment.id for judgment in judgments if judgment.id}
    ordered: list[NativeJudgment] = []
    rest = list(judgments)
    while rest:
        ready = [judgment for judgment in rest if judgment.supersedes not in waiting]
        if not ready:
            raise Refused("the judgments supersede each other in a circle")
        ordered += ready
        done = {id(judgment) for judgment in ready}
        waiting -= {judgment.id for judgment in ready}
        rest = [judgment for judgment in rest if id(judgment) not in done]
    return ordered


def counts(judgment: Judgment) -> int:
    """1 for a judgment that fills a place of its item, else 0."""
    return int(
        judgment.annotator_kind == AnnotatorKind.HUMAN
        and judgment.status == JudgmentStatus.SUBMITTED
        and not judgment.surplus
    )
