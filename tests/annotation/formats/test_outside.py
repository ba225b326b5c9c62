"""Other programs' files: TRL, transcripts, OpenAssistant, Label Studio, Argilla."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest

from annotation.formats import Bad, Line, NativeLine, NativeMessage, Skipped, hh, openassistant, trl
from annotation.questions import answers_clean, questions_clean
from tests.annotation.formats.helpers import good, jsonl, only_bad, rows_of

USER = {"role": "user", "content": "Hi"}
GOOD, POOR = {"role": "assistant", "content": "Hello"}, {"role": "assistant", "content": "Go away"}


def listed(*entries: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(entries).encode())


def by_text(line: NativeLine, question: str, judgment: int = 0) -> Any:
    """Return an answer with the texts of the completions in place of their ids."""
    texts = {completion.id: completion.text for completion in line.completions}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {texts.get(key, key): named(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [named(inner) for inner in value]
        return texts.get(value, value) if isinstance(value, str) else value

    return named(line.judgments[judgment].answers[question])


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "Hi", "chosen": "Hello", "rejected": "Go away"},
        {"prompt": [USER], "chosen": [GOOD], "rejected": [POOR]},
        {"chosen": [USER, GOOD], "rejected": [USER, POOR]},
        {"prompt": "Hi", "chosen": [USER, GOOD], "rejected": [USER, POOR]},
        {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello", "rejected": "\n\nHuman: Hi\n\nAssistant: Go away"},
        {"chosen": "Hi Hello", "rejected": "Hi Go away"},
    ],
)
def test_trl_preference_is_read_in_all_its_forms(row: dict[str, Any]) -> None:
    (line,) = good(rows_of(jsonl(row), format="trl"))
    assert line.messages == (NativeMessage("user", "Hi"),)
    assert sorted(completion.text for completion in line.completions) == ["Go away", "Hello"]
    assert line.judgments[0].annotator == "dataset"
    assert by_text(line, "overall") == {"choice": "Hello"}


def test_trl_unpaired_label_is_whether_the_completion_is_acceptable() -> None:
    (line,) = good(
        rows_of(jsonl({"prompt": "Hi", "completion": [GOOD], "label": True}), options={"annotator": "Z"})
    )
    assert line.judgments[0].annotator == "Z"
    assert by_text(line, "acceptable") == {"values": {"Hello": ["yes"]}}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"prompt": "x", "completion": "y", "label": "no"}, 'label must be true or false, got "no"'),
        ({"prompt": "x"}, "the row needs chosen and rejected, or prompt, completion and label"),
        (
            {"chosen": "abc", "rejected": "xyz"},
            "chosen and rejected share no beginning that could be the prompt",
        ),
        (
            {"chosen": [GOOD], "rejected": [POOR]},
            "chosen and rejected share no message that could be the prompt",
        ),
        (
            {"chosen": [GOOD], "rejected": "x"},
            "chosen and rejected must both be texts or both be lists of messages",
        ),
        ({"prompt": [1], "chosen": "a", "rejected": "b"}, "prompt[0] must be a message, got 1"),
        (
            {"prompt": "x", "chosen": [GOOD, USER, GOOD], "rejected": [POOR]},
            "chosen must end the conversation with exactly one message of the assistant",
        ),
    ],
)
def test_trl_row_that_is_none_is_reported(row: dict[str, Any], message: str) -> None:
    assert only_bad(rows_of(jsonl(row), format="trl")) == message


def test_transcripts_share_their_conversation() -> None:
    start = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: More?"
    file = jsonl({"chosen": start + "\n\nAssistant: Yes.", "rejected": start + "\n\nAssistant:"})
    (line,) = good(rows_of(io.BytesIO(gzip.compress(file.getvalue()))))
    assert [(m.role, m.content) for m in line.messages] == [
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "More?"),
    ]
    assert by_text(line, "overall") == {"choice": "Yes."}
    assert {completion.text for completion in line.completions} == {"Yes.", ""}


def test_transcript_that_goes_on_longer_keeps_its_turns_with_a_note() -> None:
    chosen = "\n\nHuman: Hi\n\nAssistant: One\n\nHuman: Two\n\nAssistant: Three"
    (row,) = rows_of(jsonl({"chosen": chosen, "rejected": "\n\nHuman: Hi\n\nAssistant: Four"}), format="hh")
    assert isinstance(row, Line)
    assert by_text(row.native, "overall") == {"choice": "One\n\nHuman: Two\n\nAssistant: Three"}
    assert row.notes == ("chosen goes on over 3 turns; kept as one text",)


def test_transcripts_without_anything_in_common_are_reported() -> None:
    row = {"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: c\n\nAssistant: d"}
    assert (
        only_bad(rows_of(jsonl(row), format="hh"))
        == "chosen and rejected share no turn that could be the prompt"
    )
    assert (
        only_bad(rows_of(jsonl({"chosen": "x", "rejected": 1}), format="hh"))
        == "rejected must be text, got 1"
    )


def reply(name: str, rank: int | None, **more: Any) -> dict[str, Any]:
    return {
        "message_id": name,
        "text": name.upper(),
        "role": "assistant",
        "rank": rank,
        "replies": [],
        **more,
    }


def tree(*replies: dict[str, Any]) -> dict[str, Any]:
    root = {"message_id": "root", "text": "Why?", "role": "prompter", "lang": "en", "replies": list(replies)}
    return {"message_tree_id": "t", "prompt": root}


def test_ranked_replies_become_a_ranking_and_synthetic_ones_are_left_out() -> None:
    deeper = {
        "message_id": "ask",
        "text": "And?",
        "role": "prompter",
        "replies": [reply("x", 0), reply("y", 0)],
    }
    file = jsonl(tree(reply("b", 1), reply("a", 0, replies=[deeper]), reply("s", 2, synthetic=True)))
    first, second = good(rows_of(file))
    assert (first.id, first.group, first.metadata) == ("root", "t", {"language": "en"})
    assert first.judgments[0].answers == {"overall": {"tiers": [["a"], ["b"]]}}
    assert [message.content for message in second.messages] == ["Why?", "A", "And?"]
    assert second.judgments[0].answers == {"overall": {"tiers": [["x", "y"]]}}
    file.seek(0)
    everything = good(rows_of(file, options={"synthetic": "1"}))
    assert everything[0].judgments[0].answers == {"overall": {"tiers": [["a"], ["b"], ["s"]]}}


def test_tree_without_a_group_of_replies_is_skipped_and_a_wrong_one_reported() -> None:
    wrong = {"message_tree_id": "t", "prompt": {"message_id": "m", "role": "robot", "text": "x"}}
    rows = rows_of(jsonl(tree(reply("a", 0)), wrong), format="openassistant")
    assert isinstance(rows[0], Skipped)
    assert isinstance(rows[1], Bad)
    assert rows[1].message == 'role must be prompter or assistant, got "robot"'


def test_fixed_questions_can_be_asked_and_allow_the_answers() -> None:
    assert questions_clean(hh.QUESTIONS)
    ranking = questions_clean(openassistant.QUESTIONS)
    (line,) = good(rows_of(jsonl(tree(reply("a", 0), reply("b", 1)))))
    assert answers_clean(ranking, line.judgments[0].answers, ["a", "b"])
    both = questions_clean(trl.QUESTIONS)
    (line,) = good(rows_of(jsonl({"prompt": "x", "completion": "y", "label": True})))
    assert answers_clean(both, line.judgments[0].answers, [line.completions[0].id])


def result(name: str, kind: str, value: dict[str, Any], to_name: str = "text") -> dict[str, Any]:
    return {"from_name": name, "to_name": to_name, "type": kind, "value": value}


def test_label_studio_results_become_answers() -> None:
    task = {
        "id": 9,
        "data": {"prompt": "Q", "answer1": "A", "answer2": "B"},
        "annotations": [
            {
                "completed_by": {"email": "kim@example.org"},
                "created_at": "2026-01-31T10:00:00Z",
                "lead_time": 2.5,
                "result": [
                    result("better", "pairwise", {"selected": "right"}, "answer1,answer2"),
                    result("stars", "rating", {"rating": 4}, "answer1"),
                    result("stars", "rating", {"rating": 2}, "answer2"),
                    result("safe", "choices", {"choices": ["no"]}, "answer-2"),
                    result("topic", "choices", {"choices": ["law"]}, "prompt"),
                    result("why", "textarea", {"text": ["Because"]}),
                    result("box", "rectanglelabels", {}),
                ],
            },
            {"completed_by": 3, "was_cancelled": True, "result": []},
        ],
        "predictions": [
            {"model_version": "judge", "result": [result("better", "pairwise", {"selected": "left"})]}
        ],
    }
    (row,) = rows_of(listed(task))
    assert isinstance(row, Line)
    line = row.native
    assert line.id == "9"
    assert by_text(line, "better") == {"choice": "B"}
    assert by_text(line, "stars") == {"scores": {"A": 4, "B": 2}}
    assert by_text(line, "safe") == {"values": {"B": ["no"]}}
    assert by_text(line, "topic") == {"values": ["law"]}
    assert by_text(line, "why") == {"text": "Because"}
    first, skipped, model = line.judgments
    assert (first.annotator, first.active_ms) == ("kim@example.org", 2500)
    assert [c.text for name in first.shown for c in line.completions if c.id == name] == ["A", "B"]
    assert (skipped.annotator, skipped.status) == ("user-3", "skipped")
    assert (model.annotator, model.annotator_kind) == ("judge", "model")
    assert row.notes == ('annotations[0].result[6] is of type "rectanglelabels", left out',)


def test_label_studio_ranker_orders_the_items_of_the_task() -> None:
    items = [{"id": "x", "title": "X", "body": "one"}, {"id": "y", "title": "Y", "body": "two"}]
    ranked = result("rank", "ranker", {"ranker": ["y", "x"]})
    bucket = result("rank", "ranker", {"ranker": {"_": [], "best": ["x", "y"]}})
    task = {"id": 1, "data": {"prompt": "Q", "items": items}, "annotations": [
        {"completed_by": 1, "result": [ranked]}, {"completed_by": 2, "result": [bucket]}]}  # fmt: skip
    (line,) = good(rows_of(listed(task)))
    assert [judgment.answers for judgment in line.judgments] == [
        {"rank": {"tiers": [["y"], ["x"]]}},
        {"rank": {"tiers": [["x"], ["y"]]}},
    ]


def test_label_studio_data_is_read_through_a_map_where_its_names_are_unusual() -> None:
    task = {"id": 1, "data": {"frage": "Q", "eins": "A"}, "annotations": []}
    assert "no columns that look like a prompt" in only_bad(rows_of(listed(task)))
    (line,) = good(rows_of(listed(task), mapping={"prompt": "{frage}", "completions": [{"text": "{eins}"}]}))
    assert (line.id, line.completions[0].text) == ("1", "A")


def test_argilla_responses_of_both_versions_become_answers() -> None:
    fields = {"prompt": "Q", "response-1": "A", "response-2": "B"}
    ranks = [{"value": "response-2", "rank": 1}, {"value": "response-1", "rank": 2}]
    first = {
        "id": "r1",
        "fields": fields,
        "metadata": {"k": 1},
        "responses": [
            {
                "user_id": "u1",
                "status": "submitted",
                "values": {"order": {"value": ranks}, "topic": {"value": "law"}},
            },
            {"user_id": "u2", "status": "discarded", "values": {}},
            {"user_id": "u3", "status": "draft", "values": {"topic": {"value": "law"}}},
        ],
    }
    second = {
        "id": "r2",
        "fields": fields,
        "responses": {
            "better": [{"user_id": "u1", "value": "response-1"}, {"user_id": "u2", "value": "tie"}],
            "order": [{"user_id": "u1", "value": ["response-1", "response-2"]}],
            "labels": [{"user_id": "u1", "value": ["x", "y"]}],
            "score-response-2": [{"user_id": "u1", "value": 5}],
        },
    }
    row, other = rows_of(listed(first, second))
    assert isinstance(row, Line)
    assert row.native.metadata == {"k": 1}
    assert by_text(row.native, "order") == {"tiers": [["B"], ["A"]]}
    assert by_text(row.native, "topic") == {"values": ["law"]}
    assert row.native.judgments[1].status == "skipped"
    assert row.notes == ("a draft of u3 was left out",)
    assert isinstance(other, Line)
    line = other.native
    assert by_text(line, "better") == {"choice": "A"}
    assert by_text(line, "better", 1) == {"choice": "tie"}
    assert by_text(line, "order") == {"tiers": [["A"], ["B"]]}
    assert by_text(line, "labels") == {"values": ["x", "y"]}
    assert by_text(line, "score-response-2") == {"scores": {"B": 5}}


def test_argilla_rating_of_a_record_with_one_output_is_of_that_output() -> None:
    record = {
        "fields": {"prompt": "Q", "response": "A"},
        "responses": {"stars": [{"user_id": "u", "value": 3}]},
    }
    (line,) = good(rows_of(listed(record)))
    assert by_text(line, "stars") == {"scores": {"A": 3}}
    record["fields"] = {"prompt": "Q", "response1": "A", "response2": "B"}
    assert "a number for the record as a whole" in only_bad(rows_of(listed(record)))
