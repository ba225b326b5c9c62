"""Which judgments a run trains on, frozen, and what they say as the reward library's data.

Trained on are the answers to comparisons, rankings and best-worst choices (as preferences), to ratings, and
to yes/no choices asked for each completion: a choice whose options hold exactly one of the words in
`GOOD_WORDS` says of a completion that it is good where that option was chosen.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import orjson
from django.db.models import Max

from annotation.allocation.policies import ACTIVE_ARM, RANDOM_ARM
from annotation.errors import UnprocessableError
from annotation.models import Annotator, AnnotatorKind, Judgment, JudgmentStatus, Prompt, Revision
from annotation.models import Completion as CompletionRow
from annotation.models import Question as QuestionRow
from annotation.questions import Question, ordering
from training.models import Snapshot
from training.rewards.data import Completion, Dataset, Message, Preference, Rating, Verdict
from training.rewards.data import Prompt as PromptData

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from numpy.typing import NDArray

    from annotation.models import Project

OrderedKind = Literal["comparison", "ranking", "best_worst"]
ORDERED: Final = frozenset({"comparison", "ranking", "best_worst"})
GOOD_WORDS: Final = frozenset({"yes", "acceptable", "good"})
FEWEST_JUDGMENTS: Final = 20
CHUNK: Final = 5_000  # ids in one query; SQLite takes 32,766


def good_option(question: Question) -> str | None:
    """The option of a choice that calls a completion good, None where the question says no such thing."""
    if question.kind != "choice" or not question.options.get("per_completion"):
        return None
    good = [option for option in question.options["options"] if option.strip().casefold() in GOOD_WORDS]
    return good[0] if len(good) == 1 else None


def trainable(question: Question) -> bool:
    """Whether a model can learn from the answers to this question."""
    return question.kind in ORDERED or question.kind == "rating" or good_option(question) is not None


def ratings_asked(project: Project, names: Sequence[str]) -> bool:
    """Whether any question of these names (none: any question) asks for ratings."""
    found = _questions(project, names).values()
    return any(question.kind == "rating" for questions in found for question in questions.values())


def selection_clean(project: Project, raw: object) -> dict[str, Any]:
    """Read which judgments to take: `{"questions": [...], "annotator_kinds": ["human"], "since": null}`.

    Without `questions`, all that a model can learn from. Raises UnprocessableError with the paths of what
    is wrong.
    """
    if not isinstance(raw, dict):
        raise UnprocessableError("“data” must be an object.", fields={"data": ["This must be an object."]})
    problems: dict[str, list[str]] = {
        f"data.{key}": ["This is not a known field here."]
        for key in raw.keys() - {"questions", "annotator_kinds", "since"}
    }
    names = {question.name for found in _questions(project).values() for question in found.values()}
    questions = raw.get("questions") or []
    if not isinstance(questions, list) or not all(isinstance(name, str) for name in questions):
        problems["data.questions"] = ["This must be a list of names of questions."]
    elif unknown := [name for name in questions if name not in names]:
        problems["data.questions"] = [
            f"No model can learn from a question “{name[:100]}”." for name in unknown
        ]
    kinds = raw.get("annotator_kinds") or [AnnotatorKind.HUMAN.value]
    if not isinstance(kinds, list) or not all(kind in AnnotatorKind.values for kind in kinds):
        problems["data.annotator_kinds"] = [f"This must be a list of {', '.join(AnnotatorKind.values)}."]
    since = raw.get("since") or None
    if since is not None and _moment(since) is None:
        problems["data.since"] = ["This must be a time like 2026-01-31T10:00:00Z."]
    if problems:
        path, messages = next(iter(problems.items()))
        raise UnprocessableError(f"{path}: {messages[0]}", fields=problems)
    return {"questions": sorted(set(questions)), "annotator_kinds": sorted(set(kinds)), "since": since}


def judgments_selected(project: Project, selection: dict[str, Any]) -> QuerySet[Judgment]:
    """The current, submitted judgments of the selected kinds that are not surplus, in order of arrival.

    Where people and reviewers are both selected, what a reviewer decided about an item stands in place of what
    people said about it.
    """
    rows = Judgment.objects.filter(
        project=project,
        annotator_kind__in=selection["annotator_kinds"],
        status=JudgmentStatus.SUBMITTED,
        superseded=False,
        surplus=False,
    )
    if selection["since"]:
        rows = rows.filter(submitted_at__gte=_moment(selection["since"]))
    if {AnnotatorKind.HUMAN, AnnotatorKind.ADJUDICATED} <= set(selection["annotator_kinds"]):
        decided = rows.filter(annotator_kind=AnnotatorKind.ADJUDICATED).order_by().values("item_id")
        rows = rows.exclude(annotator_kind=AnnotatorKind.HUMAN, item_id__in=decided)
    return rows.order_by("id")


def snapshot_create(*, project: Project, selection: dict[str, Any]) -> Snapshot:
    """Freeze the judgments that answer a selected question; an equal snapshot that is there is used again.

    Raises UnprocessableError (`not_enough_labels`) for fewer than `FEWEST_JUDGMENTS` of them.
    """
    selection = selection_clean(project, selection)
    last = Judgment.objects.filter(project=project).aggregate(last=Max("id"))["last"] or 0
    questions = _questions(project, selection["questions"])
    names = {revision: found.keys() for revision, found in questions.items()}
    ids: list[int] = []
    prompts: set[int] = set()
    annotators: Counter[int] = Counter()
    digest = hashlib.sha256()
    rows = judgments_selected(project, selection).filter(id__lte=last)
    for judgment, uuid, revision, prompt, annotator, answers in rows.values_list(
        "id", "uuid", "revision_id", "prompt_id", "annotator_id", "answers"
    ).iterator(CHUNK):
        if answers.keys().isdisjoint(names.get(revision, ())):
            continue
        ids.append(judgment)
        prompts.add(prompt)
        annotators[annotator] += 1
        digest.update(uuid.bytes + orjson.dumps(answers, option=orjson.OPT_SORT_KEYS))
    if len(ids) < FEWEST_JUDGMENTS:
        missing = FEWEST_JUDGMENTS - len(ids)
        raise UnprocessableError(
            f"A model needs at least {FEWEST_JUDGMENTS} labels of the chosen kind; there are {len(ids)}, "
            f"{missing} {'is' if missing == 1 else 'are'} missing.",
            code="not_enough_labels",
            fields={"data": [f"{missing} missing"]},
        )
    for chunk in _chunks(sorted(prompts)):
        for prompt, content in (
            Prompt.objects.filter(id__in=chunk).order_by("id").values_list("id", "content_digest")
        ):
            digest.update(f"{prompt} {content}\n".encode())
    fingerprint = digest.hexdigest()
    same = Snapshot.objects.filter(project=project, fingerprint=fingerprint, selection=selection).first()
    return same or Snapshot.objects.create(
        project=project,
        fingerprint=fingerprint,
        selection=selection,
        judgment_ids=zlib.compress(np.array(ids, dtype="<i8").tobytes()),
        last_judgment_id=last,
        judgments=len(ids),
        prompts=len(prompts),
        annotators=[
            {"name": name, "kind": kind, "judgments": annotators[annotator]}
            for annotator, name, kind in Annotator.objects.filter(project=project)
            .order_by("name")
            .values_list("id", "name", "kind")
            if annotator in annotators
        ],
    )


def snapshot_ids(snapshot: Snapshot) -> NDArray[np.int64]:
    """The ids of the frozen judgments, ascending."""
    return np.frombuffer(zlib.decompress(bytes(snapshot.judgment_ids)), dtype="<i8").astype(np.int64)


def snapshot_dataset(snapshot: Snapshot) -> Dataset:
    """The frozen judgments with the prompts and completions they name, prompts in order of import.

    A completion that no frozen judgment was about is left out, so that a later import changes nothing.
    """
    return judgments_dataset(
        project=snapshot.project,
        ids=snapshot_ids(snapshot).tolist(),
        questions=snapshot.selection["questions"],
        metadata={"project": str(snapshot.project_id), "snapshot": snapshot.fingerprint},
    )


def judgments_dataset(
    *, project: Project, ids: Sequence[int], questions: Sequence[str], metadata: dict[str, str] | None = None
) -> Dataset:
    """The judgments with these ids as data to learn from; see `snapshot_dataset`."""
    rows: list[tuple[Any, ...]] = []
    for chunk in _chunks(ids):
        rows += (
            Judgment.objects.filter(id__in=chunk)
            .order_by("id")
            .values_list(
                "uuid", "prompt_id", "annotator__name", "annotator_kind", "revision_id", "answers", "shown",
                "item__first_id", "item__second_id", "arm", "reason",
            )
        )  # fmt: skip
    asked = _questions(project, questions)
    judged: dict[int, set[str]] = {}
    for _, prompt, _, _, revision, answers, shown, first, second, _, _ in rows:
        seen = judged.setdefault(prompt, set())
        seen.update(shown)
        if first is not None:
            seen.update((str(first), str(second)))
        elif not shown:
            seen.update(_named(asked.get(revision, {}), answers))
    prompts, places = _prompts(judged)
    collected = _Collected(prompts, places)
    for row in rows:
        collected.add(row, asked)
    return Dataset(
        prompts=tuple(prompts),
        preferences=tuple(collected.preferences),
        ratings=tuple(collected.ratings),
        verdicts=tuple(collected.verdicts),
        good_at=project.good_at,
        metadata=metadata or {},
        arms={str(uuid): arm for uuid, *_, arm, _ in rows if arm in (ACTIVE_ARM, RANDOM_ARM)},
    )


class _Collected:
    """Preferences, ratings and verdicts as they are read, one judgment after the other."""

    def __init__(self, prompts: list[PromptData], places: dict[int, tuple[int, dict[str, int]]]) -> None:
        self.prompts = prompts
        self.places = places
        self.preferences: list[Preference] = []
        self.ratings: list[Rating] = []
        self.verdicts: list[Verdict] = []

    def add(self, row: tuple[Any, ...], asked: dict[int, dict[str, Question]]) -> None:
        """Read one judgment's answers to the questions asked."""
        uuid, prompt_id, name, kind, revision, answers, shown, first, second, _, reason = row
        prompt, positions = self.places[prompt_id]
        completions = [str(first), str(second)] if first is not None else shown or list(positions)
        for question_name, question in asked.get(revision, {}).items():
            answer = answers.get(question_name)
            if not answer:
                continue
            common = (str(uuid), prompt)
            by = (name, kind, question_name)
            if question.kind in ORDERED:
                order = ordering(question, answer, completions)
                if order is not None:
                    tiers = tuple(tuple(sorted(positions[entry] for entry in tier)) for tier in order.tiers)
                    self.preferences.append(
                        Preference(
                            *common,
                            *by,
                            cast("OrderedKind", question.kind),
                            tiers,
                            order.strength,
                            order.strengths,
                            order.both_bad,
                            reason.strip(),
                            tuple(positions[entry] for entry in shown if entry in positions),
                        )
                    )
            elif question.kind == "rating":
                low, high = float(question.options["min"]), float(question.options["max"])
                self.ratings += [
                    Rating(*common, place, *by, float(score), low, high)
                    for place, score in _by_place(answer["scores"], positions)
                ]
            else:
                good = good_option(question)
                self.verdicts += [
                    Verdict(*common, place, *by, good in chosen)
                    for place, chosen in _by_place(answer["values"], positions)
                ]


def _by_place(answers: dict[str, Any], positions: dict[str, int]) -> list[tuple[int, Any]]:
    """Answers about completions in the order of import: PostgreSQL keeps the keys of an object in its own."""
    return sorted(
        ((positions[completion], value) for completion, value in answers.items()), key=itemgetter(0)
    )


def _prompts(judged: dict[int, set[str]]) -> tuple[list[PromptData], dict[int, tuple[int, dict[str, int]]]]:
    """The prompts in order of import, and by prompt id its place and the places of its completions' ids."""
    texts: dict[int, list[tuple[str, Completion]]] = {}
    heads: list[tuple[int, int, str, list[dict[str, str]], str, str]] = []
    for chunk in _chunks(sorted(judged)):
        heads += Prompt.objects.filter(id__in=chunk).values_list(
            "number", "id", "external_id", "messages", "group", "language"
        )
        for key, prompt, external_id, text, source, features in (
            CompletionRow.objects.filter(prompt_id__in=chunk)
            .order_by("prompt_id", "position")
            .values_list("id", "prompt_id", "external_id", "text", "source", "features")
        ):
            if str(key) in judged[prompt]:
                completion = Completion(external_id, text, source, tuple(map(float, features)))
                texts.setdefault(prompt, []).append((str(key), completion))
    heads.sort()
    prompts: list[PromptData] = []
    places: dict[int, tuple[int, dict[str, int]]] = {}
    for place, (_, prompt, external_id, messages, group, language) in enumerate(heads):
        found = texts.get(prompt, [])
        prompts.append(
            PromptData(
                id=external_id,
                messages=tuple(Message(message["role"], message["content"]) for message in messages),
                completions=tuple(completion for _, completion in found),
                group=group,
                language=language,
            )
        )
        places[prompt] = (place, {key: position for position, (key, _) in enumerate(found)})
    return prompts, places


def _questions(project: Project, names: Sequence[str] = ()) -> dict[int, dict[str, Question]]:
    """By revision id and name, the questions a model can learn from; `names` narrows them down."""
    found: dict[int, dict[str, Question]] = {
        revision: {} for revision in Revision.objects.filter(project=project).values_list("id", flat=True)
    }
    for row in QuestionRow.objects.filter(revision__project=project).order_by("revision_id", "position"):
        question = Question(row.name, row.kind, row.title, row.required, row.options)
        if trainable(question) and (not names or row.name in names):
            found[row.revision_id][row.name] = question
    return found


def _named(questions: dict[str, Question], answers: dict[str, Any]) -> Iterator[str]:
    """The completions that answers on a whole prompt name."""
    for name, question in questions.items():
        answer = answers.get(name)
        if not answer:
            continue
        if question.kind == "ranking":
            yield from (completion for tier in answer["tiers"] for completion in tier)
        elif question.kind == "best_worst":
            yield from (answer["best"], answer["worst"])
        else:
            yield from answer["scores" if question.kind == "rating" else "values"]


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _moment(text: object) -> datetime | None:
    """A date or time from the wire, UTC unless it says so; None for what is none."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
