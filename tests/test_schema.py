"""What the OpenAPI schema allows, and what it does not, never makes the server fail.

For each operation a fixed set of requests is made from the schema, half of them against it: bad input gives
4xx, never 5xx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode

from annotation.services.accounts import token_create
from tests.annotation.importing import line, read_in, uuid, vote
from tests.factories import make_project, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

pytestmark = pytest.mark.django_db
EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 8}  # requests for each operation

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
schema.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests leave the test's connection open, as they do with Django's own test client."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def account(_one_connection) -> dict[str, Any]:
    """An owner with a project that has something of everything, and the ids that addresses need."""
    owner = make_user(superuser=True)
    project = make_project(owner)
    record = read_in(project, [line("p1", 3, [vote(id=uuid(1), shown=["c1", "c2"])]), line("p2")])
    _, secret = token_create(user=owner, name="schema")
    ids = {
        "project_id": str(project.id),
        "uuid": uuid(1),
        "prompt_id": str(project.prompts.first().id),
        "import_id": str(record.id),
        "item_id": str(project.items.first().id),
        "annotator_id": str(project.annotators.first().id),
    }
    return {"headers": {"Authorization": f"Bearer {secret}"}, "ids": ids}


@pytest.mark.parametrize("mode", list(EXAMPLES), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_makes_the_server_fail(
    operation: Any, mode: GenerationMode, account: dict[str, Any]
) -> None:
    if mode == GenerationMode.NEGATIVE and not (
        operation.query or operation.body or operation.path_parameters
    ):
        pytest.skip("nothing can be wrong about it")

    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        for name in account["ids"].keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = account["ids"][name]
        response = case.call(headers=account["headers"])
        case.validate_response(response, checks=[not_a_server_error])

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("nothing can be wrong about it")
