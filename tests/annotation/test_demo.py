"""The demo's prompts, outputs and simulated judgments."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest

from annotation.allocation.policies import in_random_arm
from annotation.demo.annotators import ANNOTATORS, SimulatedAnnotator
from annotation.demo.choosing import SALT
from annotation.demo.projects import CHOOSING_PROJECT, MARKING_PROJECT
from annotation.demo.simulate import (
    DEMO_PROJECT,
    DEMO_PROJECTS,
    demo_lines,
    demo_prompts,
    demo_quality,
    reading_length,
)
from annotation.formats.native import line_from
from annotation.questions import answers_clean, questions_clean

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PROMPTS = demo_prompts()
QUALITY = demo_quality()
LINES = {project["name"]: list(demo_lines(NOW, project=project)) for project in DEMO_PROJECTS}
PROJECT_NAMES = [project["name"] for project in DEMO_PROJECTS]
MAIN = LINES[DEMO_PROJECT["name"]]


def judgments_of(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(line, judgment) for line in LINES[name] for judgment in line["judgments"]]


def labels_of(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The first answers of the simulated annotators."""
    return [
        (line, judgment)
        for line, judgment in judgments_of(name)
        if judgment["annotator_kind"] == "simulated"
        and judgment["status"] == "submitted"
        and judgment.get("purpose") != "repeat"
    ]


def text_of(prompt: dict[str, Any], completion: str) -> str:
    return next(entry["text"] for entry in prompt["completions"] if entry["id"] == completion)


def agreement_with_others(name: str) -> float:
    agreed: list[bool] = []
    for line in MAIN:
        by_item: dict[frozenset[str], dict[str, str]] = defaultdict(dict)
        for judgment in line["judgments"]:
            if "annotator" in judgment and judgment["answers"] and judgment.get("purpose") != "repeat":
                choice = judgment["answers"]["overall"]["choice"]
                by_item[frozenset(judgment["shown"])][judgment["annotator"]] = choice
        for choices in by_item.values():
            if name in choices:
                agreed += [choice == choices[name] for other, choice in choices.items() if other != name]
    return sum(agreed) / len(agreed)


def test_at_least_120_prompts_have_three_or_four_outputs() -> None:
    assert len(PROMPTS) >= 120
    assert {len(prompt["completions"]) for prompt in PROMPTS} == {3, 4}


def test_each_task_has_about_a_third_of_the_prompts_and_both_languages() -> None:
    counts = Counter((prompt["metadata"]["task"], prompt["metadata"]["language"]) for prompt in PROMPTS)
    assert set(counts) == {
        (task, language) for task in ("generation", "dialogue", "translation") for language in ("en", "zh")
    }
    assert min(counts.values()) >= 15
    assert sum(n for (_, language), n in counts.items() if language == "zh") >= len(PROMPTS) / 3


def test_conversations_have_several_turns_and_end_with_the_user() -> None:
    for prompt in PROMPTS:
        assert prompt["messages"][-1]["role"] == "user"
        assert {message["role"] for message in prompt["messages"]} <= {"system", "user", "assistant"}
        if prompt["metadata"]["task"] == "dialogue":
            assert sum(message["role"] == "user" for message in prompt["messages"]) >= 2
            assert any(message["role"] == "assistant" for message in prompt["messages"])


def test_prompt_ids_are_unique_and_completion_ids_unique_per_prompt() -> None:
    assert len({prompt["id"] for prompt in PROMPTS}) == len(PROMPTS)
    for prompt in PROMPTS:
        ids = [completion["id"] for completion in prompt["completions"]]
        assert len(set(ids)) == len(ids)


def test_no_prompt_and_no_output_is_there_twice() -> None:
    conversations = [str(prompt["messages"]) for prompt in PROMPTS]
    assert len(set(conversations)) == len(conversations)
    texts = [completion["text"].strip() for prompt in PROMPTS for completion in prompt["completions"]]
    assert all(texts)
    assert len(set(texts)) == len(texts)


def test_quality_is_known_for_every_output_and_kept_out_of_the_lines() -> None:
    assert {prompt["id"] for prompt in PROMPTS} == set(QUALITY)
    for prompt in PROMPTS:
        scores = QUALITY[prompt["id"]]
        assert set(scores) == {completion["id"] for completion in prompt["completions"]}
        assert all(0 <= score <= 1 for score in scores.values())
        assert max(scores.values()) - min(scores.values()) >= 0.3
        assert "quality" not in str(prompt["metadata"])
        assert all("metadata" not in completion for completion in prompt["completions"])


def test_length_says_little_about_quality() -> None:
    quality, lengths, centred = [], [], []
    for prompt in PROMPTS:
        logs = [math.log(reading_length(completion["text"])) for completion in prompt["completions"]]
        lengths += logs
        centred += [value - sum(logs) / len(logs) for value in logs]
        quality += [QUALITY[prompt["id"]][completion["id"]] for completion in prompt["completions"]]
    assert abs(np.corrcoef(quality, lengths)[0, 1]) < 0.35
    assert abs(np.corrcoef(quality, centred)[0, 1]) < 0.35


def test_the_longer_output_is_better_about_as_often_as_not() -> None:
    wins = [
        (QUALITY[prompt["id"]][first["id"]] > QUALITY[prompt["id"]][second["id"]])
        == (reading_length(first["text"]) > reading_length(second["text"]))
        for prompt in PROMPTS
        for first, second in combinations(prompt["completions"], 2)
    ]
    assert 0.4 < sum(wins) / len(wins) < 0.62


def test_no_source_and_no_position_is_always_best() -> None:
    sources: Counter[str] = Counter()
    positions: Counter[int] = Counter()
    for prompt in PROMPTS:
        scores = [QUALITY[prompt["id"]][completion["id"]] for completion in prompt["completions"]]
        best = scores.index(max(scores))
        sources[prompt["completions"][best]["source"]] += 1
        positions[best] += 1
    assert len(sources) == 4
    assert max(sources.values()) < 0.45 * len(PROMPTS)
    assert min(sources.values()) > 0.1 * len(PROMPTS)
    assert max(positions.values()) < 0.4 * len(PROMPTS)


@pytest.mark.parametrize("name", PROJECT_NAMES)
def test_every_answer_is_what_its_questions_accept(name: str) -> None:
    project = next(project for project in DEMO_PROJECTS if project["name"] == name)
    questions = questions_clean(project["questions"])
    pairs = any(question.kind == "comparison" for question in questions)
    required = {question.name for question in questions if question.required}
    for line, judgment in judgments_of(name):
        ids = [completion["id"] for completion in line["completions"]]
        assert set(judgment["shown"]) <= set(ids)
        assert len(set(judgment["shown"])) == (2 if pairs else len(ids))
        if judgment["status"] == "submitted":
            assert set(answers_clean(questions, judgment["answers"], judgment["shown"])) >= required


@pytest.mark.parametrize("name", PROJECT_NAMES)
def test_every_line_is_read_as_a_native_line_with_nothing_left_out(name: str) -> None:
    for line in LINES[name]:
        read, notes = line_from(line)
        assert notes == ()
        assert len(read.judgments) == len(line["judgments"])


@pytest.mark.parametrize("name", PROJECT_NAMES)
def test_nobody_judges_an_item_twice_and_overlap_stays_within_four(name: str) -> None:
    overlap: Counter[tuple[str, frozenset[str]]] = Counter()
    seen: set[tuple[str, frozenset[str], str]] = set()
    for line, judgment in judgments_of(name):
        item = (line["id"], frozenset(judgment["shown"]))
        if judgment["annotator_kind"] == "adjudicated" or judgment.get("purpose") == "repeat":
            continue
        assert (*item, judgment["annotator"]) not in seen
        seen.add((*item, judgment["annotator"]))
        overlap[item] += 1
    assert set(overlap.values()) <= {1, 2, 3, 4}
    once = name in {CHOOSING_PROJECT["name"], MARKING_PROJECT["name"]}
    assert set(overlap.values()) == {1} if once else len(set(overlap.values())) >= 3


def test_judgment_ids_are_unique_over_all_demo_projects() -> None:
    ids = [judgment["id"] for name in PROJECT_NAMES for _, judgment in judgments_of(name)]
    assert len(set(ids)) == len(ids)
    assert 1_800 <= len(ids) <= 2_500


def test_about_a_third_of_the_pairs_is_left_to_people() -> None:
    judged = {(line["id"], frozenset(judgment["shown"])) for line, judgment in judgments_of(PROJECT_NAMES[0])}
    pairs = sum(math.comb(len(line["completions"]), 2) for line in MAIN)
    assert 0.25 < 1 - len(judged) / pairs < 0.4


@pytest.mark.parametrize("name", PROJECT_NAMES)
def test_all_judgments_are_marked_simulated_and_lie_in_the_days_before_now(name: str) -> None:
    ends: dict[str, datetime] = {}
    for _, judgment in judgments_of(name):
        decided = judgment["annotator_kind"] == "adjudicated" and judgment["author"] == "sim-reviewer"
        assert judgment["annotator_kind"] == "simulated" or decided
        assert datetime.fromisoformat(judgment["submitted_at"]) < NOW
        if judgment["status"] != "submitted" or decided:
            assert judgment["reason"].startswith("Simulated for the demo: ")
    worked = [
        judgment
        for _, judgment in judgments_of(name)
        if judgment["status"] == "submitted" and judgment["annotator_kind"] == "simulated"
    ]
    for judgment in sorted(worked, key=lambda entry: entry["submitted_at"]):
        started = datetime.fromisoformat(judgment["started_at"])
        submitted = datetime.fromisoformat(judgment["submitted_at"])
        assert NOW - timedelta(days=7) < started < submitted < NOW
        assert started >= ends.get(judgment["annotator"], started)
        ends[judgment["annotator"]] = submitted
        assert judgment["active_ms"] >= 400


def test_the_descriptions_say_that_the_labels_are_simulated() -> None:
    assert all("simulated" in project["description"] for project in DEMO_PROJECTS)


def test_sim_first_always_takes_the_first_shown_and_nobody_else_does() -> None:
    first: dict[str, list[bool]] = defaultdict(list)
    for _, judgment in labels_of(DEMO_PROJECT["name"]):
        choice = judgment["answers"]["overall"]["choice"]
        first[judgment["annotator"]].append(choice == judgment["shown"][0])
    assert all(first.pop("sim-first"))
    assert set(first) == {annotator.name for annotator in ANNOTATORS} - {"sim-first"}
    assert all(0.35 < sum(taken) / len(taken) < 0.65 for taken in first.values())


def test_sim_reversed_agrees_least_and_sim_first_far_less_than_those_who_read() -> None:
    rates = {annotator.name: agreement_with_others(annotator.name) for annotator in ANNOTATORS}
    assert rates.pop("sim-reversed") < min(rates.values())
    assert rates.pop("sim-careless") < min(rates[name] for name in rates if name != "sim-first")
    assert rates.pop("sim-first") < min(rates.values()) - 0.1


def test_sim_longwinded_takes_the_longer_output_most_often() -> None:
    longer: dict[str, list[bool]] = defaultdict(list)
    for line, judgment in labels_of(DEMO_PROJECT["name"]):
        choice = judgment["answers"]["overall"]["choice"]
        if choice in judgment["shown"]:
            (other,) = set(judgment["shown"]) - {choice}
            longer[judgment["annotator"]].append(
                reading_length(text_of(line, choice)) > reading_length(text_of(line, other))
            )
    rates = {name: sum(taken) / len(taken) for name, taken in longer.items()}
    assert max(rates, key=rates.__getitem__) == "sim-longwinded"


def test_each_annotator_is_asked_twelve_items_again_in_the_other_order() -> None:
    shown = {
        (line["id"], frozenset(judgment["shown"]), judgment["annotator"]): judgment["shown"]
        for line, judgment in labels_of(DEMO_PROJECT["name"])
    }
    repeats = [each for each in judgments_of(DEMO_PROJECT["name"]) if each[1].get("purpose") == "repeat"]
    for line, judgment in repeats:
        key = (line["id"], frozenset(judgment["shown"]), judgment["annotator"])
        assert judgment["shown"] == shown[key][::-1]
    assert Counter(judgment["annotator"] for _, judgment in repeats) == {each.name: 12 for each in ANNOTATORS}


def test_known_answers_name_the_clearly_better_output() -> None:
    golds = [(line["id"], line["gold"]) for line in MAIN if "gold" in line]
    assert len(golds) == 5
    for prompt, gold in golds:
        best = gold["answers"]["overall"]["choice"]
        (worst,) = set(gold["completions"]) - {best}
        assert QUALITY[prompt][best] >= QUALITY[prompt][worst] + 0.5


def test_both_arms_of_the_chosen_project_have_enough_for_curves() -> None:
    lines = LINES[CHOOSING_PROJECT["name"]]
    share = CHOOSING_PROJECT["random_share"]
    labels: Counter[bool] = Counter()
    for line in lines:
        labels[in_random_arm(SALT, line["id"], share)] += len(line["judgments"])
    assert sum(in_random_arm(SALT, line["id"], share) for line in lines) >= 20
    assert min(labels.values()) >= 50
    reasons = {judgment.get("reason") for _, judgment in judgments_of(CHOOSING_PROJECT["name"])} - {None}
    assert reasons == set(CHOOSING_PROJECT["reasons"])


def test_marks_lie_on_the_passages_they_are_about() -> None:
    ((line, judgment), _) = judgments_of(MARKING_PROJECT["name"])
    texts = {entry["id"]: entry["text"] for entry in line["completions"]}
    spans = judgment["answers"]["marks"]["spans"]
    assert [texts[span["completion"]][span["start"] : span["end"]] for span in spans] == [
        "closed on Tuesday",
        "We hope this message finds you in the best of spirits.",
    ]


def test_the_same_seed_and_time_give_the_same_lines_and_another_seed_others() -> None:
    assert list(demo_lines(NOW)) == MAIN
    assert list(demo_lines(NOW, seed=1)) != MAIN


def test_another_time_moves_the_judgments_and_changes_nothing_else() -> None:
    def without_times(lines: list[dict[str, Any]]) -> list[Any]:
        return [
            {key: value for key, value in judgment.items() if not key.endswith("_at") and key != "set_aside"}
            for line in lines
            for judgment in line["judgments"]
        ]

    assert without_times(list(demo_lines(NOW + timedelta(days=40)))) == without_times(MAIN)


def test_a_skilled_annotator_without_bias_finds_the_better_output() -> None:
    annotator = SimulatedAnnotator("expert", skill=100)
    question = {"kind": "comparison", "strengths": 3, "ties": True}
    answer = annotator.answer(question, ["a", "b"], {"a": 0.2, "b": 0.9}, {"a": 50, "b": 50}, Random(0))
    assert answer == {"choice": "b", "strength": 3}


def test_skill_is_the_log_odds_of_a_unit_of_quality() -> None:
    annotator = SimulatedAnnotator("unit", skill=2.0, tie_band=0.0)
    rng = Random(7)
    question = {"kind": "comparison", "strengths": 1}
    taken = [
        annotator.answer(question, ["a", "b"], {"a": 1.0, "b": 0.5}, {"a": 9, "b": 9}, rng)["choice"] == "a"
        for _ in range(4_000)
    ]
    # sigmoid(2 x 0.5) = 0.7311; four standard errors are 0.028
    assert sum(taken) / len(taken) == pytest.approx(1 / (1 + math.exp(-1)), abs=0.028)


def test_a_kind_that_is_not_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="highlight"):
        ANNOTATORS[0].answer({"kind": "highlight"}, ["a"], {"a": 0.5}, {"a": 9}, Random(0))
