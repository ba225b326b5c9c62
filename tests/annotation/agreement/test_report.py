"""The figures of a project, from judgments to the wire."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from annotation.agreement.report import agreement_report
from annotation.agreement.rows import JudgmentRow
from annotation.questions import Question, question_clean
from tests.conftest import data_set


def ask(kind: str, **options: Any) -> Question:
    return question_clean({"name": "q", "kind": kind, **options})


def row(prompt: str, annotator: str, answer: dict[str, Any], **more: Any) -> JudgmentRow:
    completions = more.pop("completions", ("c1", "c2"))
    lengths = more.pop("lengths", tuple(10 * (place + 1) for place in range(len(completions))))
    kind = more.pop("kind", "human")
    return JudgmentRow(prompt, completions, lengths, annotator, kind, {"q": answer}, **more)


def compare(prompt: str, annotator: str, choice: str, strength: int = 1, **more: Any) -> JudgmentRow:
    answer: dict[str, Any] = {"choice": choice}
    if choice not in ("tie", "both_bad"):
        answer["strength"] = strength
    return row(prompt, annotator, answer, **more)


def measures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = report["questions"][0]["measures"]
    return {" ".join(filter(None, (measure["name"], measure.get("level")))): measure for measure in found}


def values(report: dict[str, Any]) -> dict[str, float | None]:
    return {name: measure["value"] for name, measure in measures(report).items()}


def comparisons(seed: int = 0) -> list[JudgmentRow]:
    random = Random(seed)
    return [
        compare(
            f"p{number}",
            annotator,
            random.choice(["c1", "c1", "c2", "tie", "both_bad"]),
            random.randint(1, 3),
            shown=random.choice([["c1", "c2"], ["c2", "c1"]]),
            active_ms=random.randint(100, 900),
        )
        for number in range(30)
        for annotator in random.sample(["ann", "bob", "cid", "dee"], random.randint(1, 3))
    ]


def test_the_report_has_the_shape_of_the_wire() -> None:
    report = agreement_report(comparisons(), [ask("comparison", strengths=3, both_bad=True)])
    assert set(report) == {"judgments", "questions", "annotators", "judges"}
    question = report["questions"][0]
    assert (question["name"], question["kind"], question["units"], question["annotators"]) == (
        "q",
        "comparison",
        30,
        4,
    )
    assert list(measures(report)) == [
        "krippendorff_alpha nominal",
        "krippendorff_alpha ordinal",
        "fleiss_kappa",
        "percent_agreement",
    ]
    assert len(question["pairs"]) == 6
    assert set(question["pairs"][0]) == {
        "annotators",
        "units",
        "cohen_kappa",
        "weighted_kappa",
        "percent_agreement",
    }
    assert [entry["name"] for entry in report["annotators"]] == ["ann", "bob", "cid", "dee"]
    json.dumps(report, allow_nan=False)


def test_every_measure_has_a_value_or_a_reason() -> None:
    for measure in measures(agreement_report(comparisons(), [ask("comparison")])).values():
        assert (measure["value"] is None) == ("reason" in measure)
    fleiss = measures(agreement_report(comparisons(), [ask("comparison")]))["fleiss_kappa"]
    assert fleiss["reason"] == "raters per unit differ"


def test_the_order_of_judgments_changes_nothing() -> None:
    rows, question = comparisons(), ask("comparison", strengths=3)
    mixed = list(rows)
    Random(5).shuffle(mixed)
    assert agreement_report(mixed, [question]) == agreement_report(rows, [question])


def test_swapping_the_completions_of_every_pair_changes_no_agreement() -> None:
    swapped = [
        row._replace(completions=row.completions[::-1], lengths=row.lengths[::-1]) for row in comparisons()
    ]
    question = ask("comparison", strengths=3)
    one, other = agreement_report(comparisons(), [question]), agreement_report(swapped, [question])
    assert values(one) == pytest.approx(values(other))
    assert one["annotators"] == other["annotators"]


def test_strengths_count_only_on_the_ordinal_scale() -> None:
    rows = [
        compare("p1", "a", "c1", 1),
        compare("p1", "b", "c1", 3),
        compare("p2", "a", "c2"),
        compare("p2", "b", "c2"),
    ]
    found = values(agreement_report(rows, [ask("comparison", strengths=3)]))
    assert found["krippendorff_alpha nominal"] == 1.0
    assert found["percent_agreement"] == 1.0
    ordinal = found["krippendorff_alpha ordinal"]
    assert ordinal is not None
    assert ordinal < 1


def test_both_bad_is_a_category_but_not_on_the_scale() -> None:
    rows = [
        compare("p1", "a", "c1"),
        compare("p1", "b", "both_bad"),
        compare("p2", "a", "c2"),
        compare("p2", "b", "c2"),
    ]
    found = measures(agreement_report(rows, [ask("comparison", both_bad=True)]))
    assert found["krippendorff_alpha nominal"]["units"] == 2
    assert found["krippendorff_alpha ordinal"]["units"] == 1
    assert found["percent_agreement"]["value"] == 0.5


def test_identical_annotators_agree_whatever_was_shown_first() -> None:
    rows = [
        compare(f"p{number}", annotator, f"c{1 + number % 2}", shown=shown)
        for number in range(10)
        for annotator, shown in (("a", ["c1", "c2"]), ("b", ["c2", "c1"]))
    ]
    report = agreement_report(rows, [ask("comparison")])
    assert set(values(report).values()) == {1.0}
    assert report["questions"][0]["pairs"] == [
        {
            "annotators": ["a", "b"],
            "units": 10,
            "cohen_kappa": 1.0,
            "weighted_kappa": 1.0,
            "percent_agreement": 1.0,
        }
    ]
    assert [entry["first_position_rate"] for entry in report["annotators"]] == [0.5, 0.5]


def test_annotators_habits_are_counted() -> None:
    rows = [
        compare("p1", "a", "c2", shown=["c2", "c1"], active_ms=100),
        compare("p2", "a", "c2", shown=["c2", "c1"], active_ms=300),
        compare("p3", "a", "c1", shown=["c1", "c2"], active_ms=None),
        compare("p4", "a", "tie", shown=["c1", "c2"], active_ms=1000),
        compare("p1", "b", "c2"),
        compare("p2", "b", "c1"),
    ]
    ann, bob = agreement_report(rows, [ask("comparison")])["annotators"]
    assert (ann["judgments"], ann["first_position_rate"], ann["first_position_n"]) == (4, 1.0, 3)
    assert (ann["longer_rate"], ann["tie_rate"]) == (2 / 3, 0.25)
    assert (ann["median_active_ms"], ann["agreement_with_others"]) == (300.0, 0.5)
    assert (bob["first_position_rate"], bob["median_active_ms"], bob["competence"]) == (None, None, None)


def test_rankings_agree_by_concordance_and_implied_pairs() -> None:
    three = {"completions": ("c1", "c2", "c3")}
    rows = [
        row("p1", "a", {"tiers": [["c1"], ["c2"], ["c3"]]}, shown=["c1"], **three),
        row("p1", "b", {"tiers": [["c1"], ["c2"], ["c3"]]}, **three),
        row("p2", "a", {"tiers": [["c3"], ["c1", "c2"]]}, **three),
        row("p2", "b", {"tiers": [["c1", "c2"], ["c3"]]}, **three),
        row("p3", "a", {"tiers": [["c3"], ["c1"]]}, **three),
        row("p3", "b", {"tiers": [["c2"], ["c1"]]}, **three),
    ]
    report = agreement_report(rows, [ask("ranking")])
    found = measures(report)
    assert (found["kendall_w"]["value"], found["kendall_w"]["units"]) == (0.5, 2)
    assert found["kendall_tau_b"]["value"] == 0.0
    assert found["krippendorff_alpha nominal"]["units"] == 6
    assert report["questions"][0]["units"] == 3
    assert report["annotators"][0]["first_position_rate"] == 1.0


def test_best_worst_is_an_ordering_without_called_ties() -> None:
    four = {"completions": ("c1", "c2", "c3", "c4")}
    rows = [row("p1", name, {"best": "c1", "worst": "c4"}, **four) for name in "ab"]
    report = agreement_report(rows, [ask("best_worst")])
    assert values(report)["kendall_w"] == 1.0
    assert report["annotators"][0]["tie_rate"] is None


def test_ratings_agree_per_completion() -> None:
    rows = [
        row("p1", "a", {"scores": {"c1": 1, "c2": 4}}),
        row("p1", "b", {"scores": {"c1": 2, "c2": 4}}),
        row("p2", "a", {"scores": {"c1": 5}}),
        row("p2", "b", {"scores": {"c1": 3}}),
    ]
    report = agreement_report(rows, [ask("rating")])
    found = measures(report)
    assert list(found) == [
        "krippendorff_alpha ordinal",
        "krippendorff_alpha interval",
        "percent_agreement",
        "within_one",
        "icc_1k",
        "icc_2k",
    ]
    assert found["percent_agreement"]["value"] == pytest.approx(1 / 3)
    assert found["within_one"]["value"] == pytest.approx(2 / 3)
    assert found["icc_2k"]["units"] == 3
    rows.append(row("p3", "c", {"scores": {"c1": 3}}))
    rows.append(row("p3", "a", {"scores": {"c1": 3}}))
    reason = measures(agreement_report(rows, [ask("rating")]))["icc_2k"]["reason"]
    assert reason.startswith("raters are not crossed")


def test_choices_agree_as_sets_per_completion() -> None:
    question = ask("choice", options=["x", "y", "z"], multiple=True, per_completion=True)
    rows = [
        row("p1", "a", {"values": {"c1": ["x", "y"], "c2": ["z"]}}),
        row("p1", "b", {"values": {"c1": ["x"], "c2": ["z"]}}),
    ]
    found = measures(agreement_report(rows, [question]))
    assert found["percent_agreement"]["value"] == 0.5
    assert found["percent_agreement"]["units"] == 2


def test_without_judgments_everything_is_undefined_with_a_reason() -> None:
    questions = [
        question_clean(
            {"name": kind, "kind": kind, "options": ["a", "b"]}
            if kind == "choice"
            else {"name": kind, "kind": kind}
        )
        for kind in ("comparison", "ranking", "best_worst", "rating", "choice", "comment")
    ]
    report = agreement_report([], questions)
    assert report["judgments"] == 0
    for question in report["questions"]:
        assert all(measure["value"] is None and measure["reason"] for measure in question["measures"])


def test_answers_of_an_earlier_kind_of_question_are_passed_over() -> None:
    rows = [row("p1", "a", {"scores": {"c1": 1}}), compare("p1", "b", "c1")]
    assert agreement_report(rows, [ask("comparison")])["questions"][0]["annotators"] == 1


def test_two_judgments_of_one_annotator_on_one_item_count_once() -> None:
    rows = [compare("p1", "a", "c1"), compare("p1", "a", "c2"), compare("p1", "b", "c1")]
    report = agreement_report(rows, [ask("comparison")])
    assert report["judgments"] == 2
    assert values(report)["percent_agreement"] == 1.0


def test_judges_are_compared_with_the_human_majority() -> None:
    rows = [compare("p1", name, "c1") for name in "abc"]
    rows += [compare("p2", "a", "c1"), compare("p2", "b", "c2")]
    rows += [compare("p3", "a", "c2")]
    judges = [compare(prompt, "judge", "c1", kind="model") for prompt in ("p1", "p2", "p3", "p4")]
    (judge,) = agreement_report(rows, [ask("comparison")], judges=judges)["judges"]
    assert (judge["name"], judge["kind"], judge["question"], judge["units"]) == ("judge", "model", "q", 2)
    assert (judge["accuracy"], judge["macro_recall"]) == (0.5, 0.5)
    (same,) = agreement_report(judges, [ask("comparison")], judges=judges, humans=rows)["judges"]
    assert same == judge


def pandalm() -> tuple[list[JudgmentRow], list[JudgmentRow]]:
    """Read the published verdicts: 1, 2, anything else a tie."""
    verdicts = {"1": "c1", "2": "c2"}
    items = json.loads(data_set("pandalm/testset-v1.json").read_text())
    humans = [
        compare(f"{item['idx']:04d}", name, verdicts.get(str(item[name]), "tie"))
        for item in items
        for name in ("annotator1", "annotator2", "annotator3")
    ]
    judges = [
        compare(f"{entry['idx']:04d}", judge, verdicts.get(str(entry[field]), "tie"), kind="model")
        for judge, file, field in (
            ("gpt-3.5", "gpt-3.5-turbo-testset-v1.json", "gpt_result"),
            ("pandalm-7b", "pandalm-7b-testset-v1.json", "pandalm_result"),
        )
        for entry in json.loads(data_set(f"pandalm/{file}").read_text())
    ]
    return humans, judges


def test_pandalm_figures() -> None:
    humans, judges = pandalm()
    report = agreement_report(humans, [ask("comparison")], judges=judges)
    found = values(report)
    assert found["krippendorff_alpha nominal"] == pytest.approx(0.8642, abs=5e-5)
    assert found["krippendorff_alpha ordinal"] == pytest.approx(0.8775, abs=5e-5)
    assert found["fleiss_kappa"] == pytest.approx(0.8642, abs=5e-5)
    kappas = [pair["cohen_kappa"] for pair in report["questions"][0]["pairs"]]
    assert kappas == pytest.approx([0.8520, 0.8789, 0.8617], abs=5e-5)
    figures = [
        [judge[name] for name in ("accuracy", "macro_precision", "macro_recall", "macro_f1")]
        for judge in report["judges"]
    ]
    assert figures[0] == pytest.approx([0.7107, 0.5879, 0.5736, 0.5755], abs=5e-5)
    assert figures[1] == pytest.approx([0.6677, 0.5738, 0.5750, 0.5743], abs=5e-5)
