"""Good rows of a file become prompts, completions, items and judgments; batch by batch, each one a transaction.

What the database already has is looked up once per batch (`known`), so that the cost of a row does not grow
with the project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery

from annotation.allocation.policies import in_random_arm
from annotation.formats import Line, NativeLine
from annotation.formats.base import MAX_COMPLETIONS
from annotation.models import Completion, Import, Item, Pool, Project, Prompt, Revelation
from annotation.models.ids import opaque_id
from annotation.models.projects import ItemKind
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import asked
from annotation.services.bulk import chunks, rows_insert
from annotation.services.contests import priority_of_new
from annotation.services.intake_golds import GoldIntake
from annotation.services.intake_judgments import JudgmentIntake
from annotation.services.known import (
    Known,
    KnownPrompt,
    Notebook,
    completion_known,
    fingerprint,
    json_text,
    known_annotators,
    known_judgments,
    known_prompts,
)
from annotation.services.pools import POOLS_MOST
from annotation.services.revelations import REVELATION_COLUMNS, revelation_rows
from annotation.services.tally import RefusedError, Tally

PROMPT_COLUMNS = (
    "id", "project_id", "number", "external_id", "messages", "group", "language", "metadata", "content_digest",
    "imported_by_id", "pool_id",
)  # fmt: skip
COMPLETION_COLUMNS = (
    "id", "prompt_id", "position", "external_id", "text", "source", "features", "metadata", "imported_by_id",
)  # fmt: skip
ITEM_COLUMNS = (
    "id", "project_id", "prompt_id", "first_id", "second_id", "prompt_number", "random_arm", "priority",
    "pool_id",
)  # fmt: skip


class Intake:
    """Takes the good rows of one import into its project.

    With `check` nothing is written: what the file would have brought is remembered instead, so that its later
    rows are judged as they would be.
    """

    def __init__(self, record: Import, *, check: bool = False) -> None:
        self.record = record
        self.project: Project = record.project
        self.pairs = self.project.item_kind == ItemKind.PAIR
        self.asked = asked(self.project.id, revision_current(self.project).id)
        self.notebook = Notebook() if check else None
        self.remembered = Known()
        self.priority = priority_of_new(self.project)
        self.pools = dict(Pool.objects.filter(project=self.project).values_list("name", "id"))

    def close(self) -> None:
        """Forget what a check has seen."""
        if self.notebook is not None:
            self.notebook.close()

    def store(self, lines: Sequence[Line], tally: Tally) -> None:
        """Take a batch inside the caller's transaction; each row whole or not at all."""
        batch = _Batch(self, lines, tally)
        for line in lines:
            try:
                batch.add(line)
            except RefusedError as error:
                tally.refuse(line.row, str(error))
        if self.notebook is None:
            batch.write()
        else:
            self.notebook.write(batch.known.prompts)


class _Batch:
    """The rows of one transaction, resolved against what is stored."""

    def __init__(self, intake: Intake, lines: Sequence[Line], tally: Tally) -> None:
        self.intake = intake
        self.project = intake.project
        self.tally = tally
        self.number = Prompt.objects.filter(project=self.project).aggregate(n=Max("number"))["n"] or 0
        self.known = Known()
        names = {line.native.id for line in lines}
        if intake.notebook is not None:
            seen = intake.remembered
            self.known = Known(intake.notebook.read(names), seen.current, seen.places, seen.kinds)
        self._look_up(names, lines)
        self.judgments = JudgmentIntake(intake.record, intake.asked, self.known, tally)
        self.golds = GoldIntake(intake.record, intake.asked, tally)
        self.prompts: list[tuple[Any, ...]] = []
        self.completions: list[tuple[Any, ...]] = []
        self.items: list[tuple[Any, ...]] = []
        self.late: list[int] = []

    def _look_up(self, names: set[str], lines: Sequence[Line]) -> None:
        self.known.prompts |= known_prompts(self.project, names - self.known.prompts.keys())
        judged = [line.native for line in lines if line.native.judgments]
        if not judged:
            return
        given = [judgment for native in judged for judgment in native.judgments]
        stored = {self.known.prompts[native.id].id for native in judged if native.id in self.known.prompts}
        uuids = {UUID(judgment.id) for judgment in given if judgment.id}
        self.known.add(known_judgments(self.project, stored, uuids))
        named = {judgment.annotator for judgment in given} - self.known.kinds.keys()
        annotators = known_annotators(self.project, named)
        self.known.kinds.update({name: kind for name, (_, kind) in annotators.items()})

    def add(self, line: Line) -> None:
        """Take one row.

        Raises:
            RefusedError: it contradicts what is stored, or a judgment on it cannot be understood. Nothing of it
                is kept then.
        """
        native = line.native
        stored = self.known.prompts.get(native.id)
        if stored is None and not native.completions:
            raise RefusedError(f"there is no prompt with the id “{native.id[:100]}” for these judgments")
        if native.pool and native.pool not in self.intake.pools and len(self.intake.pools) >= POOLS_MOST:
            raise RefusedError(f"pool: a project has at most {POOLS_MOST} pools")
        messages = json_text(
            [{"role": message.role, "content": message.content} for message in native.messages]
        )
        prompt, differences = self._merged(native, stored, messages)
        judged = self.judgments.checked(native, prompt) if native.judgments else []
        golds = self.golds.checked(native, prompt, line.row) if native.gold else []
        # From here on nothing is refused.
        fresh = self._keep(native, prompt, stored, messages)
        for judgment in judged:
            self.judgments.keep(judgment)
        self.golds.keep(golds)
        if not fresh and not judged:
            self.tally.duplicates += 1
        if line.notes or differences:
            self.tally.note(line.row, [*line.notes, *differences])

    def _merged(
        self, native: NativeLine, stored: KnownPrompt | None, messages: str
    ) -> tuple[KnownPrompt, list[str]]:
        """The prompt as it will be, and which of the row's lesser fields differ from what is stored."""
        digest = hashlib.sha256(messages.encode()).hexdigest()
        differences: list[str] = []
        if stored is None:
            metadata = fingerprint(native.metadata)
            prompt = KnownPrompt(opaque_id(), 0, digest, native.group or _group(native), metadata)
        else:
            if native.messages and stored.digest != digest:
                raise RefusedError(f"the prompt “{native.id[:100]}” is already here with other messages")
            if native.group and native.group != stored.group:
                differences.append("group: the prompt is already here with another one, which stays")
            if native.metadata and not native.by_content and fingerprint(native.metadata) != stored.metadata:
                differences.append("metadata: the prompt is already here with other metadata, which stays")
            prompt = KnownPrompt(
                stored.id,
                stored.number,
                stored.digest,
                stored.group,
                stored.metadata,
                dict(stored.completions),
                dict(stored.items),
                stored.positions,
            )
        for completion in native.completions:
            given = completion_known(0, completion)
            present = prompt.completions.get(completion.id)
            if present is None:
                given.id = opaque_id()
                prompt.completions[completion.id] = given
            elif present.content != given.content:
                raise RefusedError(
                    f"the completion “{completion.id[:100]}” of “{native.id[:100]}” is already here with other content"
                )
            elif given.extras and given.extras != present.extras and not native.by_content:
                differences.append(
                    f"completion “{completion.id[:100]}”: features and metadata stay as they are stored"
                )
        if len(prompt.completions) > MAX_COMPLETIONS:
            raise RefusedError(
                f"the prompt “{native.id[:100]}” would have more than {MAX_COMPLETIONS} completions"
            )
        self._items(prompt)
        return prompt, differences

    def _items(self, prompt: KnownPrompt) -> None:
        """Give ids to the items that the prompt will have."""
        if not self.intake.pairs:
            prompt.items.setdefault(None, opaque_id())
            return
        for pair in combinations([completion.id for completion in prompt.completions.values()], 2):
            if pair not in prompt.items:
                prompt.items[pair] = opaque_id()

    def _keep(
        self, native: NativeLine, prompt: KnownPrompt, stored: KnownPrompt | None, messages: str
    ) -> bool:
        """Queue what is new about a prompt for writing; False when nothing is."""
        record = self.intake.record.id
        pool = self._pool(native.pool) if stored is None else None
        if stored is None:
            self.number += 1
            prompt.number = self.number
            language = native.metadata.get("language")
            self.prompts.append(
                (
                    prompt.id,
                    self.project.id,
                    prompt.number,
                    native.id,
                    messages,
                    prompt.group,
                    language[:35] if isinstance(language, str) else "",
                    json_text(native.metadata),
                    prompt.digest,
                    record,
                    pool,
                )
            )
        before = {} if stored is None else stored.completions
        added = 0
        for completion in native.completions:
            if completion.id not in before:
                self.completions.append(
                    (
                        prompt.completions[completion.id].id,
                        prompt.id,
                        prompt.positions,
                        completion.id,
                        completion.text,
                        completion.source,
                        json_text(completion.features),
                        json_text(completion.metadata),
                        record,
                    )
                )
                prompt.positions += 1
                added += 1
        kept_apart = in_random_arm(self.project.salt, prompt.group, self.project.random_share)
        settings = (kept_apart, self.intake.priority, pool)
        for pair, item in prompt.items.items():
            if stored is None or pair not in stored.items:
                first, second = pair or (None, None)
                self.items.append((item, self.project.id, prompt.id, first, second, prompt.number, *settings))
                if stored is not None:
                    self.late.append(item)
        self.tally.prompts_created += stored is None
        self.tally.completions_created += added
        self.known.prompts[native.id] = prompt
        return stored is None or added > 0

    def _pool(self, name: str | None) -> int | None:
        """The pool of this name, made where there is none; a check only remembers it."""
        if name and name not in self.intake.pools:
            made = None
            if self.intake.notebook is None:
                made, _ = Pool.objects.get_or_create(project=self.project, name=name)
            self.intake.pools[name] = made.id if made else 0
        return self.intake.pools[name] if name else None

    def write(self) -> None:
        """Write everything that was queued."""
        rows_insert(Prompt, PROMPT_COLUMNS, self.prompts)
        rows_insert(Completion, COMPLETION_COLUMNS, self.completions)
        rows_insert(Item, ITEM_COLUMNS, self.items)
        for ids in chunks(self.late):  # new pairs of prompts that are in a pool already
            pool = Prompt.objects.filter(id=OuterRef("prompt_id")).values("pool")
            Item.objects.filter(id__in=ids, prompt__pool__isnull=False).update(pool=Subquery(pool))
        if self.project.blind and self.project.mask_names:
            # Somebody may be given an output before the search through the import has come to it.
            answers = [(row[0], row[1], row[4], row[5]) for row in self.completions]
            rows_insert(Revelation, REVELATION_COLUMNS, list(revelation_rows(self.project.id, answers)))
        self.judgments.write()
        self.golds.write()


def _group(native: NativeLine) -> str:
    """The split group of a prompt that names none: its own text, folded so that near copies stay together."""
    text = " ".join(" ".join(message.content for message in native.messages).casefold().split())
    return text if len(text) <= 200 else f"{text[:120]} #{hashlib.sha256(text.encode()).hexdigest()[:32]}"
