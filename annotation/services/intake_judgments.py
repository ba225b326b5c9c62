"""The judgments of a batch of rows: checked against the questions and the project, queued, written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from annotation.formats import NativeJudgment, NativeLine
from annotation.models import Annotator, Import, Item, Judgment, JudgmentStatus, Purpose
from annotation.models.projects import ItemKind
from annotation.questions import AnswerError, answers_clean, answers_map
from annotation.selectors.revisions import Asked
from annotation.services.answers import passages_beyond
from annotation.services.bulk import chunks, rows_insert
from annotation.services.contests import contests_follow
from annotation.services.items import PARK_AFTER, items_lock
from annotation.services.known import (
    Current,
    Known,
    KnownPrompt,
    Place,
    json_text,
    known_annotators,
    place_of,
)
from annotation.services.tally import RefusedError, Tally

COLUMNS = (
    "uuid", "project_id", "prompt_id", "item_id", "annotator_id", "annotator_kind", "revision_id", "imported_by_id",
    "status", "answers", "shown", "reason", "surplus", "superseded", "started_at", "submitted_at", "active_ms",
    "digest", "received_at", "set_aside_at", "set_aside_reason", "purpose",
)  # fmt: skip


@dataclass(slots=True)
class Judged:
    """A judgment with its answers and its place in the server's ids."""

    native: NativeJudgment
    uuid: UUID
    prompt: int
    place: Place
    answers: dict[str, Any]
    shown: list[str]
    superseded: bool = False


class JudgmentIntake:
    """The judgments of one batch, on prompts that are stored or about to be."""

    def __init__(self, record: Import, questions: Asked, known: Known, tally: Tally) -> None:
        self.record = record
        self.project = record.project
        self.pairs = record.project.item_kind == ItemKind.PAIR
        self.asked = questions
        self.known = known
        self.tally = tally
        self.now = timezone.now()
        self.queued: dict[UUID, Judged] = {}
        self.links: dict[UUID, UUID] = {}
        self.replaced: list[int] = []
        self.filled: Counter[int] = Counter()
        self.skips: Counter[int] = Counter()

    def checked(self, native: NativeLine, prompt: KnownPrompt) -> list[Judged]:
        """The judgments of a row, checked, each after the one that it supersedes."""
        kinds: dict[str, str] = {}
        places: dict[UUID, Place] = {}
        judged: list[Judged] = []
        for judgment in originals_first(native.judgments):
            name, kind = judgment.annotator, judgment.annotator_kind
            known = self.known.kinds.get(name) or kinds.setdefault(name, kind)
            if known != kind:
                raise RefusedError(f"the annotator “{name}” is {known} in this project, not {kind}")
            checked = self._judgment(judgment, prompt)
            place = self.known.places.get(checked.uuid) or places.setdefault(checked.uuid, checked.place)
            if place != checked.place:
                raise RefusedError(
                    f"the judgment {checked.uuid} is already here, by another annotator or on another item"
                )
            judged.append(checked)
        return judged

    def _judgment(self, judgment: NativeJudgment, prompt: KnownPrompt) -> Judged:
        names, item = self._item_of(judgment, prompt)
        ids = {name: str(prompt.completions[name].id) for name in names}
        questions = self.asked.optional
        try:
            answers = answers_clean(questions, judgment.answers, names)
            if not answers and judgment.status == JudgmentStatus.SUBMITTED:
                raise RefusedError(f"the judgment of “{judgment.annotator}” answers no question")
            lengths = {name: prompt.completions[name].length for name in names}
            if beyond := passages_beyond(questions, answers, lengths):
                raise AnswerError(beyond)
            answers = answers_map(questions, answers, ids)
        except AnswerError as error:
            path, messages = next(iter(error.fields.items()))
            raise RefusedError(f"{path} of “{judgment.annotator}”: {messages[0]}") from None
        return Judged(
            judgment,
            UUID(judgment.id) if judgment.id else uuid4(),
            prompt.id,
            place_of(item, judgment.annotator, judgment.annotator_kind, judgment.purpose),
            answers,
            [ids[name] for name in judgment.shown],
        )

    def _item_of(self, judgment: NativeJudgment, prompt: KnownPrompt) -> tuple[list[str], int]:
        """The external ids and the item that a judgment is about."""
        names = list(prompt.completions)
        for name in judgment.shown:
            if name not in prompt.completions:
                raise RefusedError(f"shown names “{name[:100]}”, which is no completion of this prompt")
        if len(set(judgment.shown)) != len(judgment.shown):
            raise RefusedError(f"shown of “{judgment.annotator}” names a completion twice")
        if not self.pairs:
            return names, prompt.items[None]
        if len(names) < 2:
            raise RefusedError(
                f"the prompt has {len(names)} completion, so “{judgment.annotator}” compared nothing"
            )
        if len(judgment.shown) != 2 and (judgment.shown or len(names) > 2):
            raise RefusedError(
                f"which two of the {len(names)} completions did “{judgment.annotator}” compare? Name them in `shown`"
            )
        if judgment.shown:
            names = [name for name in names if name in judgment.shown]
        first, second = (prompt.completions[name].id for name in names)
        return names, prompt.items[(first, second)]

    def keep(self, judged: Judged) -> None:
        """Queue a judgment for writing; one that is already here counts as a duplicate."""
        native, place = judged.native, judged.place
        current = self.known.current.get(place)
        replaces = current is not None and native.supersedes == str(current.uuid)
        if judged.uuid in self.known.places or (current is not None and not replaces):
            self.tally.duplicates += 1
            return
        if current is not None:
            self._count(current, place[0], -1)
            self.links[judged.uuid] = current.uuid
            if current.uuid in self.queued:
                self.queued[current.uuid].superseded = True
            elif current.pk is not None:
                self.replaced.append(current.pk)
        new = Current(
            judged.uuid,
            None,
            native.annotator_kind,
            native.status,
            native.surplus,
            set_aside=native.set_aside_at is not None,
            repeat=native.purpose == Purpose.REPEAT,
        )
        self._count(new, place[0], 1)
        self.known.kinds.setdefault(native.annotator, native.annotator_kind)
        self.known.places[judged.uuid] = place
        self.known.current[place] = new
        self.queued[judged.uuid] = judged
        self.tally.judgments_created += 1

    def _count(self, judgment: Current, item: int, sign: int) -> None:
        self.filled[item] += sign * judgment.fills
        self.skips[item] += sign * judgment.skips

    def write(self) -> None:
        """Write what was queued; the items must be there."""
        if not self.queued:
            return
        annotators = self._annotators()
        for ids in chunks(self.replaced):
            Judgment.objects.filter(id__in=ids).update(superseded=True)
        rows = [self._row(judged, annotators[judged.native.annotator]) for judged in self.queued.values()]
        rows_insert(Judgment, COLUMNS, rows)
        self._link()
        self._count_items()
        contests_follow(project=self.project, item_ids=[judged.place[0] for judged in self.queued.values()])
        for ids in chunks({judged.place[0] for judged in self.queued.values()}):
            Item.objects.filter(id__in=ids, reviewed_at__isnull=False).update(reviewed_at=None)

    def _annotators(self) -> dict[str, int]:
        """Ids by name; those who are new get a row."""
        names = {judged.native.annotator for judged in self.queued.values()}
        known = known_annotators(self.project, names)
        missing = sorted(names - known.keys())
        if missing:
            rows = [
                Annotator(project=self.project, name=name, kind=self.known.kinds[name]) for name in missing
            ]
            Annotator.objects.bulk_create(rows, ignore_conflicts=True)
            known |= known_annotators(self.project, missing)
        return {name: pk for name, (pk, _) in known.items()}

    def _row(self, judged: Judged, annotator: int) -> tuple[Any, ...]:
        native = judged.native
        return (
            judged.uuid,
            self.project.id,
            judged.prompt,
            judged.place[0],
            annotator,
            native.annotator_kind,
            self.asked.revision,
            self.record.id,
            native.status,
            json_text(judged.answers),
            json_text(judged.shown),
            native.reason,
            native.surplus,
            judged.superseded,
            native.started_at,
            native.submitted_at or self.now,
            native.active_ms,
            "",  # no request is a replay of an imported judgment
            self.now,
            native.set_aside_at,
            native.set_aside_reason,
            native.purpose,
        )

    def _link(self) -> None:
        """Let each judgment that supersedes another one point to it."""
        ids: dict[UUID, int] = {}
        for uuids in chunks({*self.links, *self.links.values()}):
            rows = Judgment.objects.filter(project=self.project, uuid__in=uuids)
            ids |= dict(rows.values_list("uuid", "id"))
        changed = [Judgment(id=ids[new], supersedes_id=ids[old]) for new, old in self.links.items()]
        Judgment.objects.bulk_update(changed, ["supersedes"], batch_size=200)

    def _count_items(self) -> None:
        """Bring the counters of the items up to date; three skips park an item."""
        for ids in chunks(sorted({judged.place[0] for judged in self.queued.values()})):
            items_lock(Item.objects.filter(id__in=ids))
        for column, counter in (("filled", self.filled), ("skips", self.skips)):
            by_count: dict[int, list[int]] = defaultdict(list)
            for item, count in counter.items():
                by_count[count].append(item)
            by_count.pop(0, None)
            for count, items in by_count.items():
                for ids in chunks(items):
                    Item.objects.filter(id__in=ids).update(**{column: F(column) + count})
        for ids in chunks(item for item, count in self.skips.items() if count > 0):
            full = Item.objects.filter(id__in=ids, skips__gte=PARK_AFTER, parked_at=None)
            full.update(parked_at=self.now)


def originals_first(judgments: Sequence[NativeJudgment]) -> list[NativeJudgment]:
    """The judgments of a line with each one after the one that it supersedes, otherwise in their order.

    Raises:
        RefusedError: they supersede each other in a circle.
    """
    if not any(judgment.supersedes for judgment in judgments):
        return list(judgments)
    ids = {judgment.id for judgment in judgments if judgment.id}
    ordered = [judgment for judgment in judgments if judgment.supersedes not in ids]
    waiting: dict[str, list[NativeJudgment]] = defaultdict(list)
    for judgment in judgments:
        if judgment.supersedes in ids:
            waiting[judgment.supersedes].append(judgment)
    for judgment in ordered:  # grows while it is walked through
        ordered += waiting.pop(judgment.id or "", [])
    if waiting:
        raise RefusedError("the judgments supersede each other in a circle")
    return ordered
