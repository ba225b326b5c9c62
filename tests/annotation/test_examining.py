"""The search through imports: near-duplicates, equal outputs, outputs that name their model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotation.models import (
    Examination,
    ExaminationStatus,
    Import,
    Item,
    NearDuplicate,
    NearDuplicateKind,
    Project,
    Prompt,
    Revelation,
    Sketch,
)
from annotation.services import examining, likeness
from annotation.services.examining import examination_run, examinations_requeue_stale
from annotation.services.import_undo import import_undo
from annotation.services.likeness import outputs_alike
from annotation.services.similar import near_duplicates_resolve
from annotation.splits import group_side
from annotation.tasks import examine_import
from tests.annotation.importing import read_in
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db

RIVERS = "Please explain in two short paragraphs why rivers bend, and give one example from Europe"
TAXES = "Write a polite letter to the tax office that asks for four more weeks to answer"
CHINESE = "请用三句话向一个十岁的孩子解释为什么天空是蓝色的，并且举一个生活中容易看到的例子"


def given(name: str, prompt: str, *outputs: str, **fields: Any) -> dict[str, Any]:
    answers = outputs or (f"one answer to {name}", f"quite another reply for {name}")
    return {
        "id": name,
        "prompt": prompt,
        "completions": [
            {"id": f"c{place}", "text": text, "source": f"source-{place}"}
            for place, text in enumerate(answers)
        ],
        **fields,
    }


def examined(project: Project, *lines: dict[str, Any]) -> Examination:
    record = read_in(project, lines)
    assert record.errors == []
    examination_run(import_id=record.id)
    return Examination.objects.get(record=record)


def linked() -> set[tuple[str, str]]:
    rows = NearDuplicate.objects.filter(kind=NearDuplicateKind.PROMPTS)
    return {
        (row.prompt.external_id, row.other.external_id)
        for row in rows.select_related("prompt", "other")
        if row.other
    }


def test_near_duplicates_within_a_file_and_with_earlier_imports_are_linked() -> None:
    project = make_project()
    first = examined(project, given("a", f"{RIVERS}."), given("b", TAXES), given("c", f"{RIVERS}!! Asia."))
    assert linked() == {("c", "a")}
    assert first.near_duplicates == 1
    second = examined(project, given("d", f"{TAXES} it"), given("e", CHINESE), given("f", f"{CHINESE}吗"))
    assert linked() == {("c", "a"), ("d", "b"), ("f", "e")}
    assert second.near_duplicates == 2
    assert second.status == ExaminationStatus.SUCCEEDED
    assert all(row.similarity >= 0.8 for row in NearDuplicate.objects.all())


def test_prompts_of_one_split_group_are_no_finding() -> None:
    project = make_project()
    found = examined(project, given("a", RIVERS), given("b", RIVERS.upper()), given("c", TAXES, group="g"))
    found = examined(project, given("d", f"{TAXES} it", group="g"))
    assert linked() == set()
    assert found.near_duplicates == 0


def test_another_project_is_not_looked_at() -> None:
    examined(make_project(), given("a", RIVERS))
    assert examined(make_project(), given("a", f"{RIVERS} now")).near_duplicates == 0


def test_nearly_equal_outputs_are_found_per_prompt() -> None:
    project = make_project()
    text = "The river is slower on the inside of a bend, so it drops its sand there and digs outside."
    found = examined(
        project,
        given("a", RIVERS, text, text.replace("digs", "digs,"), "Because of the sand."),
        given("b", TAXES, "Yes.", "yes"),
        given("c", CHINESE, "No", "Never"),
    )
    assert found.equal_outputs == 2
    pairs = NearDuplicate.objects.filter(kind=NearDuplicateKind.OUTPUTS).order_by("prompt__number")
    assert [(row.first.external_id, row.second.external_id) for row in pairs if row.first and row.second] == [
        ("c0", "c1"),
        ("c0", "c1"),
    ]


def test_outputs_of_very_different_lengths_are_not_compared() -> None:
    assert outputs_alike(["abc " * 100, "abc " * 30]) == []
    assert outputs_alike(["", "", "x"]) == [(0, 1, 1.0)]
    assert len(outputs_alike(["same"] * 64)) == likeness.PAIRS_MOST


def test_outputs_that_name_their_model_are_found_with_the_names_of_the_sources() -> None:
    project = make_project()
    found = examined(
        project,
        given("a", RIVERS, "I am Claude, made by Anthropic.", "Claude was made by Anthropic."),
        given("b", TAXES, "My name is source-0.", "My name is Ann."),
    )
    assert found.revealing == 2
    assert sorted(Revelation.objects.values_list("spans", flat=True)) == [[[5, 11], [21, 30]], [[11, 19]]]


def test_a_project_that_masks_names_has_them_before_anybody_can_be_given_an_output() -> None:
    project = make_project(mask_names=True)
    record = read_in(project, [given("a", RIVERS, "I am Claude.", "I am Ann.")])
    assert Revelation.objects.count() == 1
    examination_run(import_id=record.id)
    assert Revelation.objects.count() == 1
    assert Examination.objects.get(record=record).revealing == 1


def test_searching_twice_does_no_harm() -> None:
    project = make_project()
    record = read_in(project, [given("a", RIVERS), given("b", f"{RIVERS} now", "same", "same")])
    examine_import(record.id)
    before = (linked(), NearDuplicate.objects.count(), Sketch.objects.count())
    examine_import(record.id)
    Examination.objects.filter(record=record).update(
        status=ExaminationStatus.QUEUED, prompts_upto=0, near_duplicates=0, equal_outputs=0
    )
    examine_import(record.id)
    assert (linked(), NearDuplicate.objects.count(), Sketch.objects.count()) == before
    assert Import.objects.count() == 1


def test_a_search_that_broke_off_goes_on_after_its_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "PART", 2)
    project = make_project()
    lines = [given(f"p{number}", f"{TAXES} {number}", "same", "same") for number in range(6)]
    record = read_in(project, lines)
    whole = examining._write
    calls = []

    def breaking(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the power went")
        whole(*given)

    monkeypatch.setattr(examining, "_write", breaking)
    examination_run(import_id=record.id)
    half = Examination.objects.get(record=record)
    assert (half.status, half.prompts_upto, half.equal_outputs) == (ExaminationStatus.RUNNING, 2, 2)
    Examination.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=6))
    assert examinations_requeue_stale() == 1
    examination_run(import_id=record.id)
    done = Examination.objects.get(record=record)
    assert (done.status, done.equal_outputs, done.attempt) == (ExaminationStatus.SUCCEEDED, 6, 2)
    assert Sketch.objects.count() == 6


def test_a_search_that_breaks_off_three_times_has_failed() -> None:
    record = read_in(make_project(), [given("a", RIVERS)])
    long_ago = timezone.now() - timedelta(minutes=6)
    Examination.objects.create(record=record, status=ExaminationStatus.RUNNING, attempt=3)
    Examination.objects.update(heartbeat_at=long_ago)
    assert examinations_requeue_stale() == 0
    assert Examination.objects.get().status == ExaminationStatus.FAILED


def test_imports_that_were_never_searched_are_taken_up_and_dry_runs_are_not() -> None:
    project = make_project()
    record = read_in(project, [given("a", RIVERS)])
    read_in(project, [given("b", TAXES)], dry_run=True)
    read_in(project, [{"id": "a", "completions": [], "judgments": []}])
    examinations_requeue_stale()
    assert list(Examination.objects.values_list("record", flat=True)) == [record.id]


def test_outputs_added_to_an_older_prompt_are_looked_at() -> None:
    project = make_project()
    examined(project, given("a", RIVERS, "one answer", "something else"))
    more = {
        "id": "a",
        "prompt": RIVERS,
        "completions": [{"id": "x", "text": "One answer!"}, {"id": "y", "text": "I am Qwen."}],
    }
    found = examined(project, more)
    assert (found.equal_outputs, found.revealing, found.near_duplicates) == (1, 1, 0)


def test_a_bucket_keeps_few_prompts_and_later_ones_still_find_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "BUCKET_MOST", 3)
    project = make_project()
    found = examined(project, *[given(f"p{number}", f"{RIVERS}, {number}") for number in range(12)])
    assert found.near_duplicates == 11
    for band in range(8):
        keys = Sketch.objects.exclude(**{f"band_{band}": None}).values_list(f"band_{band}", flat=True)
        assert all(list(keys).count(key) <= 3 for key in set(keys))


def test_an_undone_import_leaves_nothing_behind() -> None:
    project = make_project()
    examined(project, given("a", RIVERS))
    found = examined(project, given("b", f"{RIVERS} now", "I am Claude.", "I am Claude"))
    assert NearDuplicate.objects.count() == 2
    import_undo(record=found.record)
    assert (NearDuplicate.objects.count(), Revelation.objects.count(), Sketch.objects.count()) == (0, 0, 1)
    assert examined(project, given("c", f"{RIVERS} then")).near_duplicates == 1


def test_a_merged_group_is_on_one_side_and_nothing_moves_from_training_to_test() -> None:
    owner = make_user()
    for number in range(12):
        project = make_project(owner)
        text = f"{RIVERS} {number}"
        examined(project, given("a", text), given("b", f"{text} now"), given("same", text.upper()))
        sides = {group_side(project.salt, prompt.group) for prompt in Prompt.objects.filter(project=project)}
        pair = NearDuplicate.objects.get(project=project, prompt__external_id="b")
        near_duplicates_resolve(project=project, user=owner, ids=[pair.id], resolution="grouped")
        groups = set(Prompt.objects.filter(project=project).values_list("group", flat=True))
        assert len(groups) == 1
        after = group_side(project.salt, groups.pop())
        assert after == ("test" if sides == {"test"} else after)
        assert not (after == "test" and "train" in sides)
        assert not NearDuplicate.objects.filter(project=project, resolution="open", kind="prompts").exists()


def test_items_whose_outputs_are_equal_are_parked() -> None:
    owner = make_user()
    project = make_project(owner)
    examined(project, given("a", RIVERS, "same", "Same!", "other"))
    pair = NearDuplicate.objects.get()
    assert near_duplicates_resolve(project=project, user=owner, ids=[pair.id], resolution="parked") == 1
    parked = Item.objects.get(parked_at__isnull=False)
    assert {parked.first_id, parked.second_id} == {pair.first_id, pair.second_id}
    ranking = [{"name": "order", "kind": "ranking", "title": "Rank", "options": {"ties": True}}]
    whole = make_project(owner, questions=ranking)
    examined(whole, given("a", RIVERS, "same", "Same!"), given("b", TAXES, "same", "Same!", "other"))
    ids = list(NearDuplicate.objects.filter(project=whole).values_list("id", flat=True))
    assert near_duplicates_resolve(project=whole, user=owner, ids=ids, resolution="parked") == 1
    assert Item.objects.get(project=whole, parked_at__isnull=False).prompt.external_id == "a"
