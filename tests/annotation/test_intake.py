"""What becomes of rows: each whole or not at all, once, resolved against what is stored."""

from __future__ import annotations

import pytest

from annotation.models import Annotator, Item, Judgment, Lease, Prompt
from annotation.services.items import items_recount
from tests.annotation.importing import counts, line, read_in, uuid, vote
from tests.annotation.labelling import choose, put, skip, take
from tests.factories import MARKS, RANKING, make_project, make_user

pytestmark = pytest.mark.django_db


def messages_of(record):
    return [entry["message"] for entry in record.errors]


def test_the_same_file_twice_adds_nothing():
    project = make_project()
    lines = [line("p1", 3, [vote(shown=["c1", "c2"])]), line("p2")]
    read_in(project, lines)
    before = counts(project)
    again = read_in(project, lines)
    assert counts(project) == before
    assert before == {"prompts": 2, "completions": 5, "items": 4, "judgments": 1, "annotators": 1}
    assert (again.prompts_created, again.judgments_created, again.duplicates) == (0, 0, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        vote("new", "c9"),
        vote("new", annotator_kind="model"),  # `new` is human in the first judgment of the row
        vote("new", shown=["c1", "c1"]),
        vote("new", status="submitted") | {"answers": {}},
        vote("other", id=uuid(1)),  # the id of the first judgment, by somebody else
        vote("new") | {"answers": {"unasked": {"choice": "c1"}}},
    ],
)
def test_a_refused_row_leaves_no_trace(wrong):
    project = make_project()
    record = read_in(project, [line("p1", 2, [vote("new", id=uuid(1)), wrong]), line("p2")])
    assert record.errors_total == 1
    assert record.errors[0]["row"] == 1
    assert counts(project) == {"prompts": 1, "completions": 2, "items": 1, "judgments": 0, "annotators": 0}
    assert Prompt.objects.get(project=project).number == 1
    assert record.prompts_created == 1


def test_a_row_that_marks_beyond_its_output_is_refused():
    span = {"completion": "c1", "start": 0, "end": 10_000, "label": "wrong"}
    judgment = vote() | {"answers": {"marks": {"spans": [span]}}}
    record = read_in(make_project(questions=[MARKS]), [line("p1", 1, [judgment])])
    assert "answers.marks.spans of “ann”: The passage 0–10000 ends after" in messages_of(record)[0]


def test_a_refused_row_does_not_hide_a_later_good_one_with_its_id():
    project = make_project()
    record = read_in(project, [line("p1", 2, [vote(choice="nobody")]), line("p1", 3, [])])
    assert record.errors_total == 1
    assert counts(project)["completions"] == 3


def test_the_same_id_with_other_content_is_that_rows_error():
    project = make_project()
    other_text = line("p1")
    other_text["completions"][0]["text"] = "changed"
    other_messages = line("p1", messages=[{"role": "user", "content": "another question"}])
    record = read_in(project, [line("p1"), other_text, other_messages, line("p2")])
    assert [entry["row"] for entry in record.errors] == [2, 3]
    assert "other content" in messages_of(record)[0]
    assert "other messages" in messages_of(record)[1]
    assert counts(project)["prompts"] == 2


def test_a_prompt_that_comes_again_with_more_completions_gets_their_pairs():
    project = make_project()
    read_in(project, [line("p1", 2)])
    old = set(Item.objects.values_list("id", flat=True))
    record = read_in(project, [line("p1", 4)])
    assert (record.prompts_created, record.completions_created) == (0, 2)
    assert Item.objects.count() == 6
    assert old < set(Item.objects.values_list("id", flat=True))
    assert list(Prompt.objects.get().completions.values_list("position", flat=True)) == [0, 1, 2, 3]


def test_other_metadata_of_a_known_prompt_is_noted_and_stays_as_it_was():
    project = make_project()
    read_in(project, [line(metadata={"topic": "a"}, group="g")])
    record = read_in(project, [line(metadata={"topic": "b"}, group="h")])
    assert [entry["message"].split(":")[0] for entry in record.notes] == ["group", "metadata"]
    assert Prompt.objects.get().metadata == {"topic": "a"}


def test_lines_without_completions_add_judgments_to_the_prompt_with_their_id():
    project = make_project()
    bare = {"id": "p1", "judgments": [vote("later", "c2")]}
    record = read_in(project, [line("p1"), bare, {"id": "p9", "judgments": [vote()]}])
    assert Judgment.objects.get().annotator.name == "later"
    assert record.errors[0]["row"] == 3
    assert "no prompt with the id" in messages_of(record)[0]
    read_in(project, [{"id": "p1", "judgments": [vote("much later")]}])
    assert Judgment.objects.count() == 2


def test_an_annotator_keeps_the_kind_it_has():
    project = make_project()
    read_in(project, [line("p1", 2, [vote("judge", annotator_kind="model")])])
    record = read_in(project, [line("p2", 2, [vote("judge")])])
    assert messages_of(record) == ["the annotator “judge” is model in this project, not human"]
    assert counts(project)["prompts"] == 1


def test_the_first_judgment_of_an_annotator_on_an_item_is_kept():
    project = make_project()
    record = read_in(
        project, [line("p1", 2, [vote("a", "c1"), vote("a", "c2")]), line("p1", 2, [vote("a", "c2")])]
    )
    assert (record.judgments_created, record.duplicates) == (1, 2)
    first = Judgment.objects.get()
    assert first.answers["overall"]["choice"] == str(Prompt.objects.get().completions.get(position=0).id)


def test_judgments_of_pairs_among_more_completions_name_their_two():
    project = make_project()
    read_in(project, [line("p1", 3, [vote("a", "c3", shown=["c3", "c1"])])])
    judgment = Judgment.objects.get()
    ids = dict(Prompt.objects.get().completions.values_list("external_id", "id"))
    assert (judgment.item.first_id, judgment.item.second_id) == (ids["c1"], ids["c3"])
    assert judgment.shown == [str(ids["c3"]), str(ids["c1"])]
    for shown in ([], ["c1", "c2", "c3"], ["c2"]):
        record = read_in(project, [line("p1", 3, [vote("b", shown=shown)])])
        assert "which two of the 3 completions" in messages_of(record)[0]
    record = read_in(project, [line("p1", 3, [vote("b", "c2", shown=["c1", "c3"])])])
    assert "not one of the completions" in messages_of(record)[0]


def test_a_prompt_with_one_completion_cannot_be_compared():
    record = read_in(make_project(), [line("p1", 1, [vote()])])
    assert "compared nothing" in messages_of(record)[0]


def test_superseding_chains_within_a_line_and_against_stored_rows():
    project = make_project()
    chain = [
        vote("a", "c2", id=uuid(3), supersedes=uuid(2)),
        vote("a", "c1", id=uuid(1)),
        vote("a", "tie", id=uuid(2), supersedes=uuid(1)),
    ]
    read_in(project, [line("p1", 2, chain)])
    rows = {row.uuid.int: row for row in Judgment.objects.all()}
    assert [rows[n].superseded for n in (1, 2, 3)] == [True, True, False]
    assert (rows[3].supersedes_id, rows[2].supersedes_id) == (rows[2].id, rows[1].id)
    later = vote("a", "tie", id=uuid(4), supersedes=uuid(3))
    read_in(project, [line("p1", 2, [later])])
    last = Judgment.objects.get(superseded=False)
    assert (last.uuid.int, last.supersedes_id) == (4, rows[3].id)
    assert Item.objects.get().filled == 1
    assert read_in(project, [line("p1", 2, [*chain, later])]).duplicates == 4


def test_judgments_that_supersede_each_other_in_a_circle_are_refused():
    circle = [vote(id=uuid(1), supersedes=uuid(2)), vote(id=uuid(2), supersedes=uuid(1))]
    assert "circle" in messages_of(read_in(make_project(), [line("p1", 2, circle)]))[0]


def test_a_long_chain_is_put_in_order_at_once():
    project = make_project()
    chain = [vote(id=uuid(n), supersedes=uuid(n - 1) if n > 1 else None) for n in range(2000, 0, -1)]
    assert read_in(project, [line("p1", 2, chain)]).judgments_created == 2000
    assert Judgment.objects.get(superseded=False).uuid.int == 2000


def test_a_uuid_that_stands_elsewhere_is_that_rows_error():
    project = make_project()
    read_in(project, [line("p1", 2, [vote("a", id=uuid(1))])])
    record = read_in(project, [line("p2", 2, [vote("a", id=uuid(1))])])
    assert "is already here" in messages_of(record)[0]
    assert counts(project)["prompts"] == 1


def test_the_counters_are_those_that_a_recount_gives():
    project = make_project(overlap=1)
    people = [vote(f"s{n}", status="skipped", reason="hard") | {"answers": {}} for n in range(3)]
    changed = [
        vote("e", id=uuid(1), status="skipped") | {"answers": {}},
        vote("e", id=uuid(2), supersedes=uuid(1)),
    ]
    lines = [
        line("p1", 2, [vote("a"), vote("b"), vote("c", surplus=True), vote("m", annotator_kind="model")]),
        line("p2", 2, people),
        line("p3", 2, [*changed, vote("f", status="flagged") | {"answers": {}}]),
    ]
    assert read_in(project, lines).errors == []
    found = list(Item.objects.order_by("prompt_number").values_list("filled", "skips"))
    assert found == [(2, 0), (0, 3), (1, 0)]
    assert [item.parked_at is not None for item in Item.objects.order_by("prompt_number")] == [
        False,
        True,
        False,
    ]
    items_recount(project=project)
    assert list(Item.objects.order_by("prompt_number").values_list("filled", "skips")) == found


def test_a_prompt_never_grows_beyond_64_completions():
    project = make_project(questions=[RANKING])
    read_in(project, [line("p1", 64)])
    more = line("p1", 1)
    more["completions"][0]["id"] = "one more"
    assert "more than 64 completions" in messages_of(read_in(project, [more]))[0]


def test_import_numbers_go_on_where_another_import_stopped():
    project = make_project()
    read_in(project, [line("p1"), line("p2")])
    read_in(project, [line("p3")])
    assert list(Prompt.objects.order_by("number").values_list("number", "external_id")) == [
        (1, "p1"), (2, "p2"), (3, "p3"),
    ]  # fmt: skip


def test_an_imported_judgment_of_a_member_counts_as_theirs(client_of):
    ann = make_user("ann")
    project = make_project(annotators=[ann])
    read_in(project, [line("p1"), line("p2")])
    [first] = take(client_of(ann), project)
    put(client_of(ann), skip(first))
    assert Annotator.objects.get(project=project).user == ann
    record = read_in(project, [line("p2", 2, [vote("ann")])])
    assert record.judgments_created == 1
    assert Annotator.objects.filter(project=project).count() == 1


def test_a_lease_survives_an_import_of_more_completions(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], questions=[RANKING])
    read_in(project, [line("p1", 2)])
    [item] = take(client_of(ann), project)
    read_in(project, [line("p1", 3)])
    tiers = [[completion] for completion in item["shown"]]
    assert put(client_of(ann), choose(item) | {"answers": {"order": {"tiers": tiers}}}).status_code == 201
    assert Lease.objects.get().status == "used"
