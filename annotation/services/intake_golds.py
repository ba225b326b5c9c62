"""The known answers of a batch of rows: checked against the questions, written where an item has none yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from annotation.formats import NativeGold, NativeLine
from annotation.gold_answers import gold_clean
from annotation.models import Gold, Import, TrustPolicy
from annotation.models.projects import ItemKind
from annotation.questions import AnswerError, answers_map
from annotation.selectors.revisions import Asked
from annotation.selectors.standing import rules_forget
from annotation.services.bulk import chunks
from annotation.services.gold import gold_rescore
from annotation.services.known import KnownPrompt
from annotation.services.tally import RefusedError, Tally


@dataclass(frozen=True, slots=True)
class Known:
    """A known answer with its place in the server's ids, and the row that it came on."""

    item: int
    answers: dict[str, Any]
    tolerance: dict[str, Any]
    native: NativeGold
    row: int


class GoldIntake:
    """The known answers of one batch, on prompts that are stored or about to be."""

    def __init__(self, record: Import, questions: Asked, tally: Tally) -> None:
        self.record = record
        self.project = record.project
        self.pairs = record.project.item_kind == ItemKind.PAIR
        self.asked = questions
        self.tally = tally
        self.queued: dict[int, Known] = {}

    def checked(self, native: NativeLine, prompt: KnownPrompt, row: int) -> list[Known]:
        """The known answers of a row.

        Raises:
            RefusedError: one of them does not fit the questions or the prompt.
        """
        return [self._checked(gold, prompt, row) for gold in native.gold]

    def _checked(self, gold: NativeGold, prompt: KnownPrompt, row: int) -> Known:
        names, item = self._item_of(gold, prompt)
        ids = {name: str(prompt.completions[name].id) for name in names}
        questions = self.asked.optional
        try:
            answers, tolerance = gold_clean(questions, gold.answers, gold.tolerance, names)
        except AnswerError as error:
            path, messages = next(iter(error.fields.items()))
            raise RefusedError(f"gold.{path}: {messages[0]}") from None
        return Known(item, answers_map(questions, answers, ids), tolerance, gold, row)

    def _item_of(self, gold: NativeGold, prompt: KnownPrompt) -> tuple[list[str], int]:
        names = list(prompt.completions)
        for name in gold.completions:
            if name not in prompt.completions:
                raise RefusedError(
                    f"gold.completions names “{name[:100]}”, which is no completion of this prompt"
                )
        if not self.pairs:
            return names, prompt.items[None]
        if gold.completions:
            names = [name for name in names if name in gold.completions]
        if len(names) != 2:
            raise RefusedError(
                f"which two of the {len(prompt.completions)} completions is the known answer about? "
                "Name them in gold.completions"
            )
        first, second = (prompt.completions[name].id for name in names)
        return names, prompt.items[(first, second)]

    def keep(self, golds: list[Known]) -> None:
        """Queue known answers for writing; the first one of an item stands."""
        for gold in golds:
            self.queued.setdefault(gold.item, gold)

    def write(self) -> None:
        """Write what was queued; items and judgments must be there. An item that has a known answer keeps it."""
        if not self.queued:
            return
        for items in chunks(self.queued):
            for old in Gold.objects.filter(item_id__in=items):
                given = self.queued.pop(old.item_id)
                if (old.answers, old.tolerance) != (given.answers, given.tolerance):
                    self.tally.note(given.row, ["gold: the item has another known answer, which stays"])
        now = timezone.now()
        made = Gold.objects.bulk_create(
            Gold(
                item_id=gold.item,
                project=self.project,
                answers=gold.answers,
                tolerance=gold.tolerance,
                explanation=gold.native.explanation,
                author=self.record.created_by,
                retired_at=now if gold.native.retired else None,
            )
            for gold in self.queued.values()
        )
        for gold in made:
            gold_rescore(gold)
        if made:
            TrustPolicy.objects.get_or_create(project=self.project)
            rules_forget(self.project.id)
