"""Must-pass pairs: what can be pinned, what a challenger must get right, and what asks before it is promoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.models import Annotator, Completion, Item, Judgment, Project
from annotation.services.reviewing import judgment_restore, judgment_set_aside
from tests.factories import COMPARISON, RANKING, make_project, make_prompt, make_user
from tests.training.conftest import BAD, GOOD, Processes, make_learnable, make_model, train_now
from training.models import MustPass, MustPassResult, Promotion
from training.must_pass import decision_hold
from training.selectors.models import champion_of
from training.selectors.must_pass import (
    champions_untried,
    judgment_pairs,
    pins_enforced,
    pins_wire,
    standing_of,
)
from training.services.champions import model_promote
from training.services.must_pass import Row, champion_try, judgment_pin, judgment_unpin, pins_try

pytestmark = pytest.mark.django_db

BEST_WORST = {"name": "ends", "kind": "best_worst", "title": "Best and worst?", "options": {}}
RATING = {
    "name": "score",
    "kind": "rating",
    "title": "How fluent?",
    "options": {"min": 1, "max": 5, "step": 1, "labels": {}},
}
PROMOTED = {"promoted": True, "code": "not_worse", "message": "Not worse.", "n": 10}


def say(
    project: Project,
    texts: Sequence[str],
    answers: Any,
    *,
    annotator: str = "ann-1",
    item: Item | None = None,
) -> Judgment:
    """A judgment on new outputs (or on an item); `answers` makes the answers of the outputs' ids."""
    if item is None:
        item = make_prompt(project, texts).items.get()
    ids = [str(key) for key in item.prompt.completions.values_list("id", flat=True)]
    judge, _ = Annotator.objects.get_or_create(project=project, name=annotator, kind="human")
    Item.objects.filter(id=item.id).update(filled=item.filled + 1)
    return Judgment.objects.create(
        uuid=uuid4(),
        project=project,
        prompt=item.prompt,
        item=item,
        annotator=judge,
        annotator_kind="human",
        revision=project.revisions.get(),
        status="submitted",
        answers=answers(*ids),
        shown=ids,
        submitted_at=timezone.now(),
        digest="",
    )


def prefer(project: Project, better: str, worse: str, **fields: Any) -> Judgment:
    """A comparison won by its first output."""

    def first(a: str, _: str) -> dict[str, Any]:
        return {"overall": {"choice": a, "strength": 1}}

    return say(project, [better, worse], first, **fields)


def pin(judgment: Judgment, note: str = "") -> MustPass:
    return judgment_pin(project=judgment.project, user=judgment.project.owner, uuid=judgment.uuid, note=note)[
        0
    ]


def by_length(rows: Sequence[Row]) -> list[float]:
    """A model that likes long outputs."""
    return [float(len(completion.text)) for _, completion in rows]


def texts_of(judgment: Judgment) -> list[tuple[str, str]]:
    texts = {str(row.id): row.text for row in Completion.objects.filter(prompt=judgment.prompt)}
    return [(texts[preferred], texts[rejected]) for preferred, rejected in judgment_pairs(judgment)]


def test_comparison_is_one_pair() -> None:
    judgment = prefer(make_project(), "good", "bad")
    assert texts_of(judgment) == [("good", "bad")]


def test_ranking_is_all_its_strict_pairs() -> None:
    judgment = say(
        make_project(questions=(RANKING,)), "abc", lambda a, b, c: {"order": {"tiers": [[c], [a, b]]}}
    )
    assert texts_of(judgment) == [("c", "a"), ("c", "b")]


def test_best_worst_says_nothing_between_the_two() -> None:
    judgment = say(
        make_project(questions=(BEST_WORST,)), "abcd", lambda a, b, c, d: {"ends": {"best": d, "worst": a}}
    )
    assert sorted(texts_of(judgment)) == [("b", "a"), ("c", "a"), ("d", "a"), ("d", "b"), ("d", "c")]


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (RATING, lambda a, b: {"score": {"scores": {a: 5, b: 1}}}),
        (COMPARISON, lambda *_: {"overall": {"choice": "tie"}}),
        (RANKING, lambda a, b: {"order": {"tiers": [[a, b]]}}),
    ],
    ids=["rating", "tie", "one tier"],
)
def test_judgment_without_a_strict_pair_is_refused(question: dict[str, Any], answers: Any) -> None:
    judgment = say(make_project(questions=(question,)), "ab", answers)
    with pytest.raises(UnprocessableError, match="does not say that one output is better") as refused:
        pin(judgment)
    assert refused.value.code == "no_pairs"


def test_answers_that_contradict_each_other_are_refused() -> None:
    project = make_project(questions=(COMPARISON, {**COMPARISON, "name": "fluency"}))
    judgment = say(project, "ab", lambda a, b: {"overall": {"choice": a}, "fluency": {"choice": b}})
    with pytest.raises(UnprocessableError) as refused:
        pin(judgment)
    assert refused.value.code == "contradicts_itself"


def test_pin_that_contradicts_another_is_refused_until_that_one_is_gone() -> None:
    project = make_project()
    first = prefer(project, "one", "two")
    other = say(
        project,
        (),
        lambda _, b: {"overall": {"choice": b, "strength": 1}},
        annotator="ann-2",
        item=first.item,
    )
    pin(first)
    with pytest.raises(ConflictError, match="ann-1") as refused:
        pin(other)
    assert refused.value.code == "contradicts_pinned"
    judgment_unpin(project=project, uuid=first.uuid)
    assert pin(other).judgment == other


def test_pinning_twice_keeps_one_pin_with_the_newer_note() -> None:
    judgment = prefer(make_project(), "good", "bad")
    pin(judgment, "first")
    again, created = judgment_pin(
        project=judgment.project, user=make_user(), uuid=judgment.uuid, note="second"
    )
    assert (created, again.note, MustPass.objects.count()) == (False, "second", 1)
    assert again.by == judgment.project.owner


def test_judgment_of_another_project_or_that_does_not_stand_is_refused() -> None:
    judgment = prefer(make_project(), "good", "bad")
    with pytest.raises(NotFoundError):
        judgment_pin(project=make_project(), user=make_user(), uuid=judgment.uuid)
    judgment_set_aside(user=make_user(), judgment=judgment, reason="no")
    with pytest.raises(ConflictError) as refused:
        pin(judgment)
    assert refused.value.code == "not_current"
    with pytest.raises(NotFoundError):
        judgment_unpin(project=judgment.project, uuid=judgment.uuid)


def test_pin_of_a_judgment_that_is_set_aside_or_changed_is_not_enforced() -> None:
    project = make_project()
    aside, changed = prefer(project, "good", "bad"), prefer(project, "fine", "poor")
    pin(aside)
    pin(changed)
    judgment_set_aside(user=make_user(), judgment=aside, reason="no")
    Judgment.objects.filter(id=changed.id).update(superseded=True)
    assert list(pins_enforced(project.id)) == []
    told = pins_wire(list(MustPass.objects.order_by("id")), None)
    assert [each["status"] for each in told] == ["set_aside", "superseded"]
    aside.refresh_from_db()
    judgment_restore(judgment=aside)
    assert [each.judgment_id for each in pins_enforced(project.id)] == [aside.id]


def test_margins_are_differences_and_equal_rewards_do_not_pass() -> None:
    project = make_project()
    pins = [pin(prefer(project, *texts)) for texts in (("long one", "short"), ("same", "size"), ("a", "bb"))]
    tried = pins_try(pins=pins, score=by_length)
    assert [pair.margin for each in tried for pair in each.pairs] == [3.0, 0.0, -1.0]
    assert [each.passed for each in tried] == [True, False, False]


def test_ranking_fails_with_one_of_its_pairs() -> None:
    judgment = say(
        make_project(questions=(RANKING,)),
        ("aaa", "b", "cc"),
        lambda a, b, c: {"order": {"tiers": [[a], [b], [c]]}},
    )
    [tried] = pins_try(pins=[pin(judgment)], score=by_length)
    assert [pair.margin for pair in tried.pairs] == [2.0, 1.0, -1.0]
    assert not tried.passed


def test_what_the_model_cannot_score_has_no_margin_and_spoils_no_other_pin() -> None:
    project = make_project()
    pins = [pin(prefer(project, "good", "no")), pin(prefer(project, "broken text", "bad"))]

    def score(rows: Sequence[Row]) -> list[float]:
        if any("broken" in completion.text for _, completion in rows):
            raise ValueError("no numbers are given")
        return by_length(rows)

    tried = pins_try(pins=pins, score=score)
    assert [(each.pairs[0].margin, each.passed) for each in tried] == [(2.0, True), (None, False)]


def test_challenger_that_fails_is_held_back_and_the_message_says_which_pair() -> None:
    project = make_project()
    pins = [pin(prefer(project, "short", "a longer one")), pin(prefer(project, "good", "no"))]
    held = decision_hold(PROMOTED, pins_try(pins=pins, score=by_length))
    assert (held["promoted"], held["code"], held["n"]) == (False, "must_pass_failed", 10)
    assert held["message"] == (
        "Fails 1 of 2 pinned judgments (must-pass pairs). "
        "“short” should score above “a longer one” (margin -7). Not worse."
    )
    assert held["must_pass"] == {
        "pinned": 2,
        "failed": 1,
        "pairs": [
            {
                "judgment": str(pins[0].judgment.uuid),
                "prompt": pins[0].judgment.prompt.external_id,
                "preferred": "short",
                "rejected": "a longer one",
                "margin": -7.0,
            }
        ],
    }


def test_challenger_that_passes_is_decided_on_as_before() -> None:
    pins = [pin(prefer(make_project(), "good", "no"))]
    held = decision_hold(PROMOTED, pins_try(pins=pins, score=by_length))
    assert held == PROMOTED | {"must_pass": {"pinned": 1, "failed": 0, "pairs": []}}
    assert decision_hold(PROMOTED, ()) == PROMOTED


def test_long_texts_are_told_by_their_beginning() -> None:
    pins = [pin(prefer(make_project(), "word " * 100, "x" * 2000))]
    held = decision_hold(PROMOTED, pins_try(pins=pins, score=by_length))
    [pair] = held["must_pass"]["pairs"]
    assert (len(pair["preferred"]), pair["preferred"][-1], len(pair["rejected"])) == (280, "…", 280)
    assert len(held["message"]) < 300


def test_run_that_fails_a_pin_is_not_promoted_and_one_that_passes_is() -> None:
    project = make_learnable(80)
    assert train_now(project).reward_model.decision["code"] == "first"
    right = prefer(project, " ".join(GOOD), " ".join(BAD))
    pin(right)
    passing = train_now(project, seed=1).reward_model
    assert (passing.decision["code"], champion_of(project.id)) == ("not_worse", passing)
    assert (passing.decision["must_pass"]["pinned"], passing.decision["must_pass"]["failed"]) == (1, 0)
    wrong = prefer(project, " ".join(BAD), " ".join(reversed(GOOD)))
    pin(wrong)
    run = train_now(project, seed=2)
    failing = run.reward_model
    assert (failing.decision["promoted"], failing.decision["code"]) == (False, "must_pass_failed")
    assert failing.decision["difference"] is not None
    assert champion_of(project.id) == passing
    assert "should score above" in run.log
    [told] = pins_wire([MustPass.objects.get(judgment=wrong)], failing)
    assert told["passed"] is False
    assert told["pairs"][0]["margin"] == failing.decision["must_pass"]["pairs"][0]["margin"] < 0
    standing = standing_of(project.id, failing)
    assert (standing.passed, standing.failed, standing.untried) == (1, 1, 0)


def test_first_model_that_fails_a_pin_waits_too() -> None:
    project = make_learnable(80)
    pin(prefer(project, " ".join(BAD), " ".join(GOOD)))
    model = train_now(project).reward_model
    assert (model.decision["code"], champion_of(project.id)) == ("must_pass_failed", None)


def test_pin_that_is_not_enforced_holds_nothing_back() -> None:
    project = make_learnable(80)
    wrong = prefer(project, " ".join(BAD), " ".join(GOOD))
    pin(wrong)
    judgment_set_aside(user=make_user(), judgment=wrong, reason="no")
    model = train_now(project).reward_model
    assert (model.decision["code"], champion_of(project.id)) == ("first", model)


def stored(model: Any, pinned: MustPass, *, passed: bool) -> None:
    [(preferred, rejected)] = judgment_pairs(pinned.judgment)
    margin = 1.0 if passed else -1.0
    pairs = [{"preferred": preferred, "rejected": rejected, "margin": margin}]
    MustPassResult.objects.create(model=model, pin=pinned, passed=passed, pairs=pairs)


def test_hand_that_promotes_a_failing_model_is_asked_first() -> None:
    project = make_learnable(20)
    model = make_model(project)
    stored(model, pin(Judgment.objects.first()), passed=False)
    with pytest.raises(ConflictError, match="fails 1 of 1") as refused:
        model_promote(model=model, user=project.owner)
    assert refused.value.code == "must_pass_failed"
    assert Promotion.objects.count() == 0
    model_promote(model=model, user=project.owner, force=True, reason="I know")
    assert champion_of(project.id) == model
    model_promote(model=model, user=project.owner)  # it serves already: nothing is asked
    assert Promotion.objects.get().message == (
        "I know Promoted although it fails 1 of 1 pinned judgments (must-pass pairs)."
    )


def test_passing_model_is_promoted_by_hand_as_before() -> None:
    project = make_learnable(20)
    model = make_model(project)
    stored(model, pin(Judgment.objects.first()), passed=True)
    model_promote(model=model, user=project.owner, reason="better")
    assert Promotion.objects.get().message == "better"


def test_unknown_or_deleted_judgment_can_neither_be_pinned_nor_unpinned() -> None:
    project = make_learnable(20)
    judgment = Judgment.objects.filter(project=project)[0]
    pin(judgment)
    gone = judgment.uuid
    judgment.delete()
    for uuid in (gone, uuid4()):
        with pytest.raises(NotFoundError):
            judgment_pin(project=project, user=project.owner, uuid=uuid)
        with pytest.raises(NotFoundError):
            judgment_unpin(project=project, uuid=uuid)


def test_results_go_with_the_pin_and_the_pin_with_its_judgment() -> None:
    project = make_learnable(20)
    pinned = pin(Judgment.objects.first())
    stored(make_model(project), pinned, passed=True)
    judgment_unpin(project=project, uuid=pinned.judgment.uuid)
    assert MustPassResult.objects.count() == 0
    judgment = prefer(project, "good", "bad")
    pin(judgment)
    judgment.delete()
    assert MustPass.objects.count() == 0


@pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning")  # httpcore's
def test_champion_is_tried_on_a_later_pin_once_a_scorer_runs(processes: Processes) -> None:
    project = make_learnable(80)
    model = train_now(project).reward_model
    assert champions_untried() == []
    pinned = pin(prefer(project, " ".join(BAD), " ".join(GOOD)))
    assert champions_untried() == [model.id]
    champion_try(model=model)  # no scorer runs: it stays to be done
    assert champions_untried() == [model.id]
    processes.scorer()
    for _ in range(2):
        champion_try(model=model)
    [told] = pins_wire([pinned], model)
    assert (told["passed"], told["pairs"][0]["margin"] < 0) == (False, True)
    assert champions_untried() == []
