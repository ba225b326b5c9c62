"""Names of models that annotators of a blind project do not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from annotation.models import Completion, Project
from tests.annotation.importing import read_in
from tests.annotation.labelling import API, choose, put, take
from tests.factories import make_project, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.test import APIClient

    from annotation.models import User

pytestmark = pytest.mark.django_db
REVEALING = "🙂 I am Claude. Ask Claude!"
HIDDEN = "🙂 I am ██████. Ask ██████!"


def project_with(owner: User, annotator: User, **fields: Any) -> Project:
    project = make_project(owner, annotators=[annotator], shuffle=False, **fields)
    completions = [{"id": "a", "text": REVEALING}, {"id": "b", "text": "Claude is a name."}]
    read_in(project, [{"id": "p", "prompt": "Who are you?", "completions": completions}])
    return project


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"mask_names": True}, HIDDEN),
        ({"mask_names": False}, REVEALING),
        ({"mask_names": True, "blind": False}, REVEALING),
    ],
)
def test_the_queue_masks_in_blind_projects_that_ask_for_it(
    client_of: Callable[[User], APIClient], fields: dict[str, bool], seen: str
) -> None:
    owner, annotator = make_user(), make_user()
    project = project_with(owner, annotator, **fields)
    [item] = take(client_of(annotator), project)
    assert sorted(one["text"] for one in item["completions"]) == sorted([seen, "Claude is a name."])
    assert Completion.objects.get(external_id="a").text == REVEALING


def test_an_own_judgment_stays_masked_and_reviewers_read_the_text(
    client_of: Callable[[User], APIClient],
) -> None:
    owner, annotator = make_user(), make_user()
    project = project_with(owner, annotator, mask_names=True)
    client = client_of(annotator)
    [item] = take(client, project)
    uuid = put(client, choose(item)).json()["uuid"]
    assert HIDDEN in [one["text"] for one in client.get(f"{API}/judgments/{uuid}/").json()["completions"]]
    texts = client_of(owner).get(f"{API}/judgments/{uuid}/").json()["completions"]
    assert REVEALING in [one["text"] for one in texts]


def test_the_setting_is_changed_by_administrators(client_of: Callable[[User], APIClient]) -> None:
    owner = make_user()
    project = make_project(owner)
    answer = client_of(owner).patch(
        f"{API}/projects/{project.id}/", {"mask_names": True, "own_figures": True}, format="json"
    )
    assert (answer.json()["mask_names"], answer.json()["own_figures"]) == (True, True)
