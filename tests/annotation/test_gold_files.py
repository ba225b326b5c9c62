"""Known answers and purposes in native files: in, out, and in again."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from annotation.formats import RowError, line_from, line_to
from annotation.models import Gold, GoldResult, Item, Judgment, TrustPolicy
from annotation.services.items import items_recount
from tests.annotation.importing import export, read_in
from tests.factories import RANKING, make_project, make_user

pytestmark = pytest.mark.django_db

UUID = "00000000-0000-4000-8000-00000000000"


def judged(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{UUID}{number}",
        "annotator": "ann",
        "answers": {"overall": {"choice": "a", "strength": 1}},
        "shown": ["a", "b"],
        "submitted_at": f"2026-01-01T10:00:0{number}Z",
        **fields,
    }


LINE = {
    "id": "p1",
    "prompt": "Which?",
    "completions": [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}],
    "gold": {
        "answers": {"overall": {"choice": "b", "strength": 1}},
        "tolerance": {"overall": {"accept": ["tie"], "strength": 0}},
        "explanation": "It is.",
    },
    "judgments": [judged(1, purpose="gold"), judged(2, purpose="repeat", shown=["b", "a"])],
}


def exported(client, project) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in export(client, project, format="jsonl").splitlines()]


def import_lines(project, lines: list[dict[str, Any]]):
    return read_in(project, lines, format="native")


def test_known_answers_and_purposes_survive_a_round_trip(client_of):
    owner = make_user()
    project, copy = make_project(owner), make_project(owner)
    import_lines(project, [LINE])
    gold, item = Gold.objects.get(), Item.objects.get()
    assert gold.answers["overall"]["choice"] == str(item.second_id)
    assert gold.explanation == "It is."
    assert TrustPolicy.objects.filter(project=project).exists()
    assert GoldResult.objects.get().correct is False
    repeat = Judgment.objects.get(purpose="repeat")
    assert repeat.surplus
    assert Item.objects.get().filled == 1
    [line] = exported(client_of(owner), project)
    assert line["gold"] == {**LINE["gold"], "completions": ["a", "b"]}
    assert [one.get("purpose", "work") for one in line["judgments"]] == ["gold", "repeat"]
    import_lines(copy, [line])
    assert exported(client_of(owner), copy) == [line]
    import_lines(copy, [line])
    assert (Gold.objects.count(), Judgment.objects.count()) == (2, 4)


def test_a_prompt_that_is_here_gets_its_known_answer_later_and_keeps_the_first(client_of):
    project = make_project(make_user())
    import_lines(project, [{key: value for key, value in LINE.items() if key != "gold"}])
    assert not Gold.objects.exists()
    import_lines(project, [{"id": "p1", "gold": LINE["gold"]}])
    other = {"answers": {"overall": {"choice": "a"}}}
    record = import_lines(project, [{"id": "p1", "gold": other}])
    assert Gold.objects.get().answers["overall"]["choice"] == str(Item.objects.get().second_id)
    assert "another known answer" in record.notes[0]["message"]


def test_of_several_pairs_each_may_have_its_own():
    project = make_project(make_user())
    completions = [{"id": name, "text": name} for name in "abc"]
    golds = [
        {"answers": {"overall": {"choice": pair[0]}}, "completions": list(pair)} for pair in ("ab", "cb")
    ]
    record = import_lines(project, [{"id": "p", "prompt": "?", "completions": completions, "gold": golds}])
    assert record.errors == []
    assert Gold.objects.count() == 2
    unclear = {
        "id": "q",
        "prompt": "?",
        "completions": completions,
        "gold": {"answers": {"overall": {"choice": "a"}}},
    }
    record = import_lines(project, [unclear])
    assert "which two of the 3 completions" in record.errors[0]["message"]


def test_whole_prompts_need_no_pair():
    project = make_project(make_user(), questions=[RANKING])
    gold = {"answers": {"order": {"tiers": [["b"], ["a"]]}}, "tolerance": {"order": {"best": True}}}
    import_lines(project, [LINE | {"judgments": [], "gold": gold}])
    assert Gold.objects.get().tolerance == {"order": {"pairs": 0, "best": True}}


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ({"answers": {"overall": {"choice": "z"}}}, "gold.answers.overall.choice"),
        ({"answers": {"nothing": {"choice": "a"}}}, "gold.answers.nothing"),
        ({"answers": {"overall": {"choice": "a"}}, "tolerance": {"overall": {"strength": 9}}},
         "gold.tolerance.overall.strength"),
        ({"answers": {"overall": {"choice": "a"}}, "completions": ["a", "z"]}, "gold.completions"),
    ],
)  # fmt: skip
def test_a_known_answer_that_does_not_fit_refuses_its_row(gold, message):
    project = make_project(make_user())
    record = import_lines(project, [LINE | {"gold": gold, "judgments": []}])
    assert message in record.errors[0]["message"]
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    "gold", [5, "x", {}, {"answers": {}}, {"answers": {"q": 3}}, {"answers": {"q": {}}, "retired": 1},
             {"answers": {"q": {}}, "completions": ["a"]}, [[]], {"answers": {"q": {}}, "tolerance": []}]
)  # fmt: skip
def test_a_malformed_known_answer_is_one_bad_row(gold):
    with pytest.raises(RowError, match="gold"):
        line_from(LINE | {"gold": gold})


def test_places_in_a_file_without_ids_name_the_outputs_of_known_answers_too():
    raw = {
        "prompt": "Which?",
        "completions": [{"text": "one"}, {"text": "two"}],
        "gold": {"answers": {"overall": {"choice": "c2"}}, "completions": ["c1", "c2"]},
    }
    line, notes = line_from(raw)
    assert notes == ()
    assert line.gold[0].answers["overall"]["choice"] == line.completions[1].id
    assert line_from(line_to(line))[0].gold == line.gold


def test_a_skipped_repeat_skips_no_item(client_of):
    project = make_project(make_user())
    skipped = judged(2, purpose="repeat", status="skipped", answers={})
    import_lines(project, [{**LINE, "gold": [], "judgments": [judged(1), skipped]}])
    assert Judgment.objects.filter(purpose="repeat", status="skipped").count() == 1
    item = Item.objects.get()
    items_recount(item_ids=[item.id])
    again = Item.objects.get()
    assert (item.filled, item.skips) == (again.filled, again.skips) == (1, 0)
