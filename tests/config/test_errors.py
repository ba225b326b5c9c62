"""The shape of errors outside the views, and bodies that nobody read."""

from __future__ import annotations

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config import middleware


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/", "/api/v1/nothing/", "/api/v1/projects", "/api/v2/projects/"])
def test_unknown_addresses_of_the_api_are_404_for_every_method(address: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "address", ["/api/v1/projects/1/judgments/?annotator=a%00", "/admin/login/?next=%00"]
)
def test_a_nul_character_in_the_query_is_refused(address: str) -> None:
    response = Client().get(address)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")


def unread(body: bytes) -> tuple[WSGIRequest, io.BytesIO]:
    """A request and the stream that its body comes from."""
    stream = io.BytesIO(body)
    environ = RequestFactory().generic("POST", "/", b"").environ
    return WSGIRequest(environ | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": stream}), stream


def refuse(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


def test_the_body_of_a_refused_request_is_read_so_that_the_connection_can_be_used_again() -> None:
    request, stream = unread(b"x" * 100_000)
    assert middleware.body_drain(refuse)(request).status_code == 404
    assert stream.tell() == 100_000


def test_no_more_of_a_refused_body_is_read_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "DRAIN_MOST", 2 * middleware.DRAIN_BLOCK)
    request, stream = unread(b"x" * 4 * middleware.DRAIN_BLOCK)
    middleware.body_drain(refuse)(request)
    assert stream.tell() == 2 * middleware.DRAIN_BLOCK
