"""What a run trains on."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from annotation.errors import UnprocessableError
from annotation.models import Annotator, Judgment, Project, Prompt
from annotation.questions import Question
from tests.factories import COMPARISON, RANKING, make_project, make_prompt
from tests.training.conftest import make_comparisons, make_learnable
from training.snapshot import good_option, judgments_dataset, snapshot_create, snapshot_dataset, snapshot_ids

pytestmark = pytest.mark.django_db

RATING = {
    "name": "fluency",
    "kind": "rating",
    "title": "Fluent?",
    "options": {"min": 1, "max": 5, "labels": {}},
}
ACCEPTABLE = {
    "name": "acceptable",
    "kind": "choice",
    "title": "Acceptable?",
    "options": {"options": ["Yes", "No"], "multiple": False, "per_completion": True},
}
BEST_WORST = {"name": "extremes", "kind": "best_worst", "title": "Best and worst", "options": {}}


def judge(prompt: Prompt, answers: dict[str, Any], *, annotator: str = "ann-1", **fields: Any) -> Judgment:
    """A judgment on the first item of a prompt; answers name completions by position."""
    project = prompt.project
    kind = fields.pop("annotator_kind", "human")
    ids = [str(completion.id) for completion in prompt.completions.all()]
    return Judgment.objects.create(
        uuid=uuid.uuid4(),
        project=project,
        prompt=prompt,
        item=prompt.items.first(),
        annotator=Annotator.objects.get_or_create(project=project, name=annotator, kind=kind)[0],
        annotator_kind=kind,
        revision=project.revisions.get(),
        status=fields.pop("status", "submitted"),
        answers=answers,
        shown=fields.pop("shown", ids),
        submitted_at=timezone.now(),
        digest="",
        **fields,
    )


def dataset_of(project: Project) -> Any:
    ids = list(Judgment.objects.filter(project=project).order_by("id").values_list("id", flat=True))
    return judgments_dataset(project=project, ids=ids, questions=[])


def test_comparison_becomes_a_preference_by_position() -> None:
    project = make_project()
    prompt = make_prompt(project, external_id="p1", group="g")
    first, second = prompt.completions.all()
    judge(
        prompt, {"overall": {"choice": str(second.id), "strength": 1}}, shown=[str(second.id), str(first.id)]
    )
    data = dataset_of(project)
    assert [preference.tiers for preference in data.preferences] == [((1,), (0,))]
    assert [completion.id for completion in data.prompts[0].completions] == ["c1", "c2"]
    assert (data.prompts[0].id, data.prompts[0].group) == ("p1", "g")
    assert data.preferences[0].annotator == "ann-1"


def test_tie_is_one_tier_of_the_two() -> None:
    project = make_project()
    judge(make_prompt(project), {"overall": {"choice": "tie"}})
    assert [set(tier) for tier in dataset_of(project).preferences[0].tiers] == [{0, 1}]


def test_ranking_rating_verdict_and_best_worst_are_read() -> None:
    project = make_project(questions=(RANKING, RATING, ACCEPTABLE, BEST_WORST), good_at=4.0)
    prompt = make_prompt(project, ("one", "two", "three"))
    a, b, c = (str(completion.id) for completion in prompt.completions.all())
    answers = {
        "order": {"tiers": [[c], [a, b]]},
        "fluency": {"scores": {a: 4, c: 2}},
        "acceptable": {"values": {a: ["Yes"], b: ["No"]}},
        "extremes": {"best": b, "worst": c},
    }
    judge(prompt, answers)
    data = dataset_of(project)
    assert [(entry.kind, entry.tiers) for entry in data.preferences] == [
        ("ranking", ((2,), (0, 1))),
        ("best_worst", ((1,), (0,), (2,))),
    ]
    assert [(entry.completion, entry.value, entry.minimum, entry.maximum) for entry in data.ratings] == [
        (0, 4.0, 1.0, 5.0),
        (2, 2.0, 1.0, 5.0),
    ]
    assert [(entry.completion, entry.good) for entry in data.verdicts] == [(0, True), (1, False)]
    assert data.good_at == 4.0


def test_only_a_choice_per_completion_with_one_good_word_says_good() -> None:
    def option(*options: str, per_completion: bool = True) -> str | None:
        fields = {"options": list(options), "multiple": False, "per_completion": per_completion}
        return good_option(Question("q", "choice", "q", True, fields))

    assert option("Acceptable", "not acceptable") == "Acceptable"
    assert option("red", "blue") is None
    assert option("yes", "good") is None
    assert option("yes", "no", per_completion=False) is None


def test_skipped_superseded_surplus_and_other_kinds_are_left_out() -> None:
    project = make_learnable(20)
    chosen = Judgment.objects.filter(project=project).order_by("id")
    expected = list(chosen.values_list("id", flat=True))
    for fields in (
        {"status": "skipped"},
        {"surplus": True},
        {"superseded": True},
        {"annotator_kind": "simulated", "annotator": "bot"},
    ):
        prompt = make_prompt(project)
        judge(prompt, {"overall": {"choice": "tie"}}, **fields)
    snapshot = snapshot_create(project=project, selection={})
    np.testing.assert_array_equal(snapshot_ids(snapshot), expected)
    assert snapshot.annotators == [{"name": "ann-1", "kind": "human", "judgments": 20}]


def test_equal_judgments_give_the_same_snapshot_and_new_ones_another() -> None:
    project = make_learnable(20)
    first = snapshot_create(project=project, selection={})
    assert snapshot_create(project=project, selection={}).id == first.id
    make_comparisons(project, 1)
    second = snapshot_create(project=project, selection={})
    assert second.fingerprint != first.fingerprint
    assert len(snapshot_dataset(first).preferences) == 20


def test_too_few_labels_are_refused_with_how_many_are_missing() -> None:
    project = make_learnable(13)
    with pytest.raises(UnprocessableError) as caught:
        snapshot_create(project=project, selection={})
    assert caught.value.code == "not_enough_labels"
    assert caught.value.status == 422
    assert "7 are missing" in caught.value.message


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ({"questions": ["nope"]}, "data.questions"),
        ({"questions": "overall"}, "data.questions"),
        ({"annotator_kinds": ["robot"]}, "data.annotator_kinds"),
        ({"annotator_kinds": [{}]}, "data.annotator_kinds"),
        ({"since": "yesterday"}, "data.since"),
        ({"sinc": None}, "data.sinc"),
        ([], "data"),
    ],
)
def test_selection_names_what_is_wrong(selection: Any, path: str) -> None:
    with pytest.raises(UnprocessableError) as caught:
        snapshot_create(project=make_project(), selection=selection)
    assert path in caught.value.fields


def test_since_leaves_older_judgments_out() -> None:
    project = make_learnable(20)
    Judgment.objects.filter(project=project).update(submitted_at="2020-01-01T00:00:00Z")
    make_comparisons(project, 25)
    assert snapshot_create(project=project, selection={"since": "2021-01-01"}).judgments == 25


def test_completion_that_nobody_judged_is_left_out() -> None:
    project = make_project(questions=(COMPARISON,))
    prompt = make_prompt(project, ("one", "two", "three"))
    item = prompt.items.order_by("id").first()
    assert item is not None
    judge(prompt, {"overall": {"choice": "tie"}}, shown=[str(item.first_id), str(item.second_id)])
    assert len(dataset_of(project).prompts[0].completions) == 2


def test_the_arm_that_gave_an_item_out_is_told_where_a_policy_was_at_work() -> None:
    project = make_project()
    judged = [
        judge(make_prompt(project), {"overall": {"choice": "tie"}}, arm=arm)
        for arm in ("active", "random", "main", "")
    ]
    dataset = dataset_of(project)
    assert dict(dataset.arms) == {str(judged[0].uuid): "active", str(judged[1].uuid): "random"}
    assert {preference.id for preference in dataset.preferences} >= dataset.arms.keys()


def test_the_reason_of_a_choice_goes_with_its_preference_and_stays_out_of_ratings() -> None:
    project = make_project(questions=[COMPARISON, RATING])
    answers = {"overall": {"choice": "tie"}}
    judge(make_prompt(project), answers, reason=" clearer ")
    judge(make_prompt(project), answers)
    assert [preference.reason for preference in dataset_of(project).preferences] == ["clearer", ""]


def test_the_order_on_the_screen_is_kept_by_position() -> None:
    project = make_project(questions=[COMPARISON])
    prompt = make_prompt(project)
    first, second = prompt.completions.order_by("position")[:2]
    judge(
        prompt, {"overall": {"choice": str(first.id), "strength": 1}}, shown=[str(second.id), str(first.id)]
    )
    dataset = dataset_of(project)
    assert dataset.preferences[0].shown == (1, 0)
    assert dataset.implied.shown.tolist() == [-1]
