"""A kind of question is one file: found by its place, asked, answered, measured and exported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import annotation.questions as questions
from annotation.api.serializers_projects import option_fields
from tests.annotation.labelling import API, put, take
from tests.factories import make_project, make_prompt, make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rest_framework.test import APIClient

    from annotation.models import User

    Clients = Callable[[User | None], APIClient]

FAVOURITE = '''
"""Favourite: the one completion to keep."""

from annotation.orderings import Ordering
from annotation.questions.base import read_completion, read_flag, refuse_unknown

ORDER = 90
ITEM = "prompt"
FIGURES = "ranks"
OPTIONS = {"none": "flag"}


def options_clean(raw, problems):
    return {"none": read_flag(raw, "none", problems, default=False)}


def answer_empty(raw):
    return "keep" not in raw


def answer_clean(options, raw, completions, problems):
    refuse_unknown(raw, frozenset({"keep"}), problems)
    if raw.get("keep") is None and options["none"]:
        return {"keep": None}
    return {"keep": read_completion(raw.get("keep"), "keep", completions, problems)}


def answer_map(answer, rename):
    return {"keep": answer["keep"] and rename("keep", answer["keep"])}


def ordering(options, answer, completions):
    keep = answer["keep"]
    others = tuple(one for one in completions if one != keep)
    return Ordering(((keep,), others)) if keep else None
'''


@pytest.fixture
def favourite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more kind of question, from a file in a folder of its own."""
    (tmp_path / "favourite.py").write_text(FAVOURITE)
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path)])
    found = questions.kinds_find([str(tmp_path)])
    assert list(found) == ["favourite"]
    for name, kind in found.items():
        monkeypatch.setitem(questions.KINDS, name, kind)
    yield
    monkeypatch.delitem(sys.modules, "annotation.questions.favourite")


def test_the_kinds_of_the_package_are_found_in_their_order() -> None:
    assert list(questions.KINDS) == [
        "comparison",
        "ranking",
        "rating",
        "best_worst",
        "choice",
        "comment",
        "highlight",
        "rewrite",
    ]


def test_a_file_that_is_no_kind_is_refused_with_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half.py").write_text("ORDER = 1\nOPTIONS = {}\n")
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path)])
    with pytest.raises(
        TypeError, match=r"half is no kind of question: it lacks ITEM, FIGURES, options_clean"
    ):
        questions.kinds_find([str(tmp_path)])
    monkeypatch.delitem(sys.modules, "annotation.questions.half")


@pytest.mark.django_db
@pytest.mark.usefixtures("favourite")
def test_a_kind_from_one_file_works_from_the_project_to_the_export(client_of: Clients) -> None:
    owner = make_user()
    client = client_of(owner)
    asked = {"name": "best", "kind": "favourite", "title": "Which one do you keep?", "none": True}
    made = client.post(f"{API}/projects/", {"name": "p", "questions": [asked]}, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["questions"][0] == asked | {"description": "", "required": True}
    assert "none" in option_fields()
    project = make_project(owner).__class__.objects.get(id=made.json()["id"])
    prompt = make_prompt(project, ["one", "two", "three"])
    for user in (owner, make_user(superuser=True)):
        other = client_of(user)
        [item] = take(other, project)
        body = {"lease": item["lease"], "shown": item["shown"]}
        wrong: Any = put(other, body | {"answers": {"best": {"keep": "7"}}})
        assert wrong.status_code == 422
        assert list(wrong.json()["error"]["fields"]) == ["answers.best.keep"]
        first = str(prompt.completions.order_by("position")[0].id)
        assert put(other, body | {"answers": {"best": {"keep": first}}}).status_code == 201
    figures = client.get(f"{API}/projects/{project.id}/agreement/").json()["questions"][0]
    assert figures["units"] == 1
    assert figures["annotators"] == 2
    assert {measure["name"] for measure in figures["measures"]} >= {"krippendorff_alpha", "kendall_w"}
    line = b"".join(client.get(f"{API}/projects/{project.id}/export/?format=jsonl")).decode()
    assert '"answers":{"best":{"keep":' in line
