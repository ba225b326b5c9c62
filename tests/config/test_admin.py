"""Every page of the admin opens, and history cannot be changed there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from annotation.models import Judgment
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db
MODELS = sorted((model._meta.app_label, model._meta.model_name) for model in admin.site._registry)


@pytest.fixture
def superuser_client(client_of):
    return client_of(make_user(superuser=True))


@pytest.mark.parametrize(("app", "model"), MODELS)
def test_list_opens_and_can_be_searched(superuser_client, app: str, model: str) -> None:
    make_prompt(make_project())
    address = reverse(f"admin:{app}_{model}_changelist")
    assert superuser_client.get(address).status_code == 200
    assert superuser_client.get(address, {"q": "x"}).status_code in {200, 302}


@pytest.mark.parametrize(
    "model", ["judgment", "lease", "prompt", "completion", "item", "revision", "import", "annotator"]
)
def test_history_is_read_only(superuser_client, model: str) -> None:
    assert superuser_client.get(reverse(f"admin:annotation_{model}_add")).status_code == 403


def test_project_and_prompt_pages_open(superuser_client) -> None:
    project = make_project()
    prompt = make_prompt(project)
    for name, pk in (("project", project.pk), ("prompt", prompt.pk)):
        assert superuser_client.get(reverse(f"admin:annotation_{name}_change", args=[pk])).status_code == 200
    assert not Judgment.objects.exists()
