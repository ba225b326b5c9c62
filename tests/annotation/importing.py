"""What the tests of imports and exports share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import orjson

from annotation.models import (
    Annotator,
    Completion,
    Import,
    Item,
    Judgment,
    Project,
    Prompt,
)
from annotation.services.imports import import_create, import_run

if TYPE_CHECKING:
    from rest_framework.response import Response
    from rest_framework.test import APIClient

API = "/api/v1"


def uuid(number: int) -> str:
    """A uuid that says which one it is."""
    return str(UUID(int=number))


def jsonl(lines: Iterable[dict[str, Any]]) -> bytes:
    """Lines as a file."""
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def line(
    name: str = "p1", completions: int = 2, judgments: Iterable[dict[str, Any]] = (), **fields: Any
) -> dict[str, Any]:
    """A native line with outputs c1, c2, ..."""
    return {
        "id": name,
        "messages": [{"role": "user", "content": f"question {name}?"}],
        "completions": [
            {"id": f"c{number}", "text": f"answer {number} to {name}", "source": f"model-{number}"}
            for number in range(1, completions + 1)
        ],
        "judgments": list(judgments),
        **fields,
    }


def vote(annotator: str = "ann", choice: str = "c1", **fields: Any) -> dict[str, Any]:
    """A judgment of a comparison."""
    return {"annotator": annotator, "answers": {"overall": {"choice": choice}}, **fields}


def send(client: APIClient, project: Project, body: bytes, **parameters: Any) -> Response:
    """Post a file as the body."""
    address = f"{API}/projects/{project.id}/imports/?{urlencode({'wait': 30, **parameters})}"
    return client.post(address, body, content_type="application/octet-stream")


def imported(
    client: APIClient, project: Project, body: bytes | Iterable[dict[str, Any]], **parameters: Any
) -> dict[str, Any]:
    """The report of an import that was taken."""
    data = body if isinstance(body, bytes) else jsonl(body)
    response = send(client, project, data, **parameters)
    assert response.status_code == 201, response.content
    report: dict[str, Any] = response.json()
    return report


def read_in(
    project: Project, body: bytes | Iterable[dict[str, Any]], *, run: bool = True, **options: Any
) -> Import:
    """An import through the service, as a worker does it."""
    path = Path(mkdtemp()) / "upload"
    path.write_bytes(body if isinstance(body, bytes) else jsonl(body))
    name, format_name = options.pop("filename", "lines.jsonl"), options.pop("format", "auto")
    record = import_create(
        project=project, user=None, path=path, filename=name, format_name=format_name, options=options
    )
    if run:
        import_run(import_id=record.id)
        record.refresh_from_db()
    return record


def counts(project: Project) -> dict[str, int]:
    """How many rows of each kind a project has."""
    return {
        "prompts": Prompt.objects.filter(project=project).count(),
        "completions": Completion.objects.filter(prompt__project=project).count(),
        "items": Item.objects.filter(project=project).count(),
        "judgments": Judgment.objects.filter(project=project).count(),
        "annotators": Annotator.objects.filter(project=project).count(),
    }


def export(client: APIClient, project: Project, **parameters: Any) -> bytes:
    """An export's body."""
    response = client.get(f"{API}/projects/{project.id}/export/?{urlencode(parameters)}")
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)
