"""Published data sets, imported as anybody would, give the figures that are known of them."""

from __future__ import annotations

from typing import Any

import pytest

from annotation.formats import RECIPES
from annotation.models import Annotator, Judgment, Prompt
from tests.annotation.importing import API, counts, export, imported
from tests.conftest import data_set
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def project_of(client, recipe: str | None = None) -> Any:
    """A project made over the wire with the questions of a recipe."""
    from annotation.models import Project

    questions = (
        list(RECIPES[recipe].questions)
        if recipe
        else [{"name": "overall", "kind": "comparison", "title": "Which one?"}]
    )
    response = client.post(
        f"{API}/projects/",
        {"name": recipe or "preferences", "template": "custom", "questions": questions},
        format="json",
    )
    assert response.status_code == 201, response.content
    return Project.objects.get(id=response.json()["id"])


def agreement(client, project, kinds: str = "human") -> dict[str, Any]:
    response = client.get(f"{API}/projects/{project.id}/agreement/?annotator_kind={kinds}")
    assert response.status_code == 200, response.content
    return dict(response.json())


def measure(report: dict[str, Any], question: str, name: str, **fields: str) -> dict[str, Any]:
    [found] = [entry for entry in report["questions"] if entry["name"] == question]
    return next(
        entry
        for entry in found["measures"]
        if entry["name"] == name and all(entry.get(key) == value for key, value in fields.items())
    )


@pytest.fixture
def client(client_of):
    return client_of(make_user())


def test_pandalm_gives_its_published_agreement_and_judges(client):
    project = project_of(client, "pandalm")
    report = imported(client, project, data_set("pandalm/testset-v1.json").read_bytes(), map="pandalm")
    assert (report["errors"], report["prompts_created"], report["judgments_created"]) == ([], 999, 2997)
    assert report["conversions"] == 6  # responses that are the JSON value true
    figures = agreement(client, project)
    assert measure(figures, "overall", "fleiss_kappa")["value"] == pytest.approx(0.8642, abs=5e-5)
    assert measure(figures, "overall", "krippendorff_alpha", level="nominal")["value"] == pytest.approx(
        0.8642, abs=5e-5
    )
    assert measure(figures, "overall", "krippendorff_alpha", level="ordinal")["value"] == pytest.approx(
        0.8775, abs=5e-5
    )
    kappas = [round(pair["cohen_kappa"], 4) for pair in figures["questions"][0]["pairs"]]
    assert sorted(kappas) == [0.8520, 0.8617, 0.8789]
    for name in ("gpt-3.5-turbo", "pandalm-7b"):
        body = data_set(f"pandalm/{name}-testset-v1.json").read_bytes()
        judge = imported(client, project, body, map="pandalm", annotator=name)
        assert (judge["errors"], judge["prompts_created"], judge["judgments_created"]) == ([], 0, 999)
    figures = agreement(client, project)
    judges = {judge["name"]: judge for judge in figures["judges"]}
    found = {
        name: [round(judge[key], 4) for key in ("accuracy", "macro_precision", "macro_recall", "macro_f1")]
        for name, judge in judges.items()
    }
    assert found == {
        "gpt-3.5-turbo": [0.7107, 0.5879, 0.5736, 0.5755],
        "pandalm-7b": [0.6677, 0.5738, 0.5750, 0.5743],
    }
    assert {judge["units"] for judge in judges.values()} == {999}
    assert set(Judgment.objects.values_list("annotator__name", "annotator_kind").distinct()) >= {
        ("gpt-3.5-turbo", "model"),
        ("pandalm-7b", "model"),
    }
    copy = project_of_copy(client, project)
    assert agreement(client, copy) == figures


def project_of_copy(client, project) -> Any:
    """A second project with the same data, by way of an export."""
    response = client.post(
        f"{API}/projects/",
        {"name": "copy", "template": "custom", "questions": list(RECIPES["pandalm"].questions)},
        format="json",
    )
    from annotation.models import Project
    from annotation.services.imports import import_run

    copy = Project.objects.get(id=response.json()["id"])
    body = export(client, project)
    report = client.post(
        f"{API}/projects/{copy.id}/imports/?format=native", body, content_type="text/plain"
    ).json()
    import_run(import_id=int(report["id"]))  # a worker's part where the file is large
    assert export(client, copy) == body
    return copy


def test_tulu_gives_its_judgments_once_and_its_agreement(client):
    project = project_of(client, "tulu-human-eval")
    body = data_set("tulu1-human-eval/eval_annotations_tulu_1.xlsx").read_bytes()
    report = imported(client, project, body, map="tulu-human-eval", filename="eval_annotations_tulu_1.xlsx")
    assert (report["errors"], report["rows_read"]) == ([], 1302)
    assert (report["judgments_created"], report["duplicates"], report["skipped"]) == (1141, 9, 152)
    assert counts(project) == {
        "prompts": 996, "completions": 1992, "items": 996, "judgments": 1141, "annotators": 16,
    }  # fmt: skip
    figures = agreement(client, project)
    acceptable = measure(figures, "acceptable", "percent_agreement")
    overall = measure(figures, "overall", "percent_agreement")
    assert (round(acceptable["value"], 4), acceptable["units"]) == (0.8416, 242)
    assert (round(overall["value"], 4), overall["units"]) == (0.5702, 121)


def test_ukp_gives_all_its_comparisons(client):
    project = project_of(client, "ukp-convarg")
    name = "UKPConvArg1Strict-CSV.tar.xz"
    body = data_set(f"ukpconvarg1-strict/{name}").read_bytes()
    report = imported(client, project, body, map="ukp-convarg", filename=name)
    assert (report["errors"], report["prompts_created"], report["judgments_created"]) == ([], 11650, 11650)
    assert Prompt.objects.filter(project=project).values("group").distinct().count() == 32
    assert imported(client, project, body, map="ukp-convarg", filename=name)["duplicates"] == 11650


def test_hh_gives_a_preference_for_each_pair(client):
    project = project_of(client)
    body = data_set("hh-rlhf/harmless-base-test.jsonl.gz").read_bytes()
    report = imported(client, project, body, format="hh", filename="harmless-base-test.jsonl.gz")
    assert report["rows_read"] == 2312
    assert report["judgments_created"] + report["duplicates"] + report["errors_total"] == 2312
    assert report["errors_total"] == 0
    assert Annotator.objects.filter(project=project).count() == 1
