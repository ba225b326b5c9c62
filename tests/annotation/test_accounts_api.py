"""Signing in, one's own account, tokens, and what superusers do with accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from rest_framework.test import APIClient

from annotation.models import AccessToken
from tests.factories import make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotation.models import User

    Clients = Callable[[User | None], APIClient]

pytestmark = pytest.mark.django_db


def test_session_says_nobody_is_signed_in_and_sets_the_csrf_cookie(client_of: Clients) -> None:
    response = client_of(None).get("/api/v1/session/")
    assert response.status_code == 200
    assert response.json()["user"] is None
    assert "csrftoken" in response.cookies


def test_sign_in_and_out(client_of: Clients) -> None:
    make_user("ann", password="secret-word-9")
    client = client_of(None)
    signed_in = client.post(
        "/api/v1/session/", {"username": "ann", "password": "secret-word-9"}, format="json"
    )
    assert signed_in.json()["user"]["username"] == "ann"
    assert client.get("/api/v1/projects/").status_code == 200
    assert client.delete("/api/v1/session/").status_code == 204
    assert client.get("/api/v1/projects/").status_code == 401


def test_wrong_password_is_refused_without_saying_whether_the_name_exists(client_of: Clients) -> None:
    make_user("ann")
    known = client_of(None).post("/api/v1/session/", {"username": "ann", "password": "no"}, format="json")
    unknown = client_of(None).post("/api/v1/session/", {"username": "bob", "password": "no"}, format="json")
    assert known.status_code == unknown.status_code == 400
    assert known.json() == unknown.json()
    assert known.json()["error"]["code"] == "invalid_credentials"


def test_cookie_without_csrf_token_cannot_write() -> None:
    user = make_user()
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    response = client.post("/api/v1/projects/", {"name": "p"}, format="json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["error"]["message"]


def test_preferences_are_kept_with_the_account_and_shown_to_nobody_else(client_of: Clients) -> None:
    client = client_of(make_user("ann"))
    keys = {"keys": {"task.undo": {"keys": ["u"]}}}
    assert client.patch("/api/v1/account/", {"preferences": keys}, format="json").status_code == 200
    client.patch("/api/v1/account/", {"language": "en"}, format="json")
    assert client.get("/api/v1/session/").json()["user"]["preferences"] == keys
    boss = client_of(make_user(superuser=True))
    assert all("preferences" not in row for row in boss.get("/api/v1/users/").json()["results"])


def test_preferences_too_large_or_too_deep_are_refused_with_their_place(client_of: Clients) -> None:
    client = client_of(make_user("ann"))
    deep: list[object] = []
    for _ in range(600):
        deep = [deep]
    for wrong in ({"keys": "x" * 20_000}, {"keys": deep}, ["keys"], "keys"):
        answer = client.patch("/api/v1/account/", {"preferences": wrong}, format="json")
        assert answer.status_code == 400
        assert "preferences" in answer.json()["error"]["fields"]


def test_token_is_shown_once_stored_as_a_digest_and_opens_the_account(client_of: Clients) -> None:
    user = make_user("ann")
    client = client_of(user)
    made = client.post("/api/v1/account/tokens/", {"name": "script"}, format="json").json()
    assert not AccessToken.objects.filter(digest=made["token"]).exists()
    assert "token" not in client.get("/api/v1/account/tokens/").json()["results"][0]
    program = APIClient(headers={"Authorization": f"Bearer {made['token']}"})
    assert program.get("/api/v1/projects/").status_code == 200
    client.delete(f"/api/v1/account/tokens/{made['id']}/")
    refused = program.get("/api/v1/projects/")
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "authentication_failed"


def test_token_of_another_account_cannot_be_revoked(client_of: Clients) -> None:
    made = client_of(make_user()).post("/api/v1/account/tokens/", {"name": "mine"}, format="json").json()
    assert client_of(make_user()).delete(f"/api/v1/account/tokens/{made['id']}/").status_code == 404


def test_password_change_needs_the_old_one_and_keeps_this_session(client_of: Clients) -> None:
    user = make_user(password="secret-word-9")
    client = client_of(user)
    wrong = client.post(
        "/api/v1/account/password/", {"old_password": "x", "new_password": "another-9x"}, format="json"
    )
    assert wrong.json()["error"]["code"] == "wrong_password"
    weak = client.post(
        "/api/v1/account/password/",
        {"old_password": "secret-word-9", "new_password": "12345678"},
        format="json",
    )
    assert weak.status_code == 422
    assert weak.json()["error"]["fields"]["new_password"]
    right = {"old_password": "secret-word-9", "new_password": "another-word-9"}
    assert client.post("/api/v1/account/password/", right, format="json").status_code == 204
    assert client.get("/api/v1/projects/").status_code == 200


def test_reset_link_sets_a_password_once(client_of: Clients) -> None:
    user = make_user("ann")
    user.email = "ann@example.org"
    user.save()
    asked = client_of(None).post(
        "/api/v1/password-reset/", {"username_or_email": "ann@example.org"}, format="json"
    )
    nobody = client_of(None).post("/api/v1/password-reset/", {"username_or_email": "nobody"}, format="json")
    assert asked.status_code == nobody.status_code == 202
    found = re.search(r"/password-reset/([^/]+)/(\S+)", mail.outbox[0].body)
    assert found
    body = {"uid": found[1], "token": found[2], "new_password": "another-word-9"}
    assert client_of(None).post("/api/v1/password-reset/confirm/", body, format="json").status_code == 204
    again = client_of(None).post("/api/v1/password-reset/confirm/", body, format="json")
    assert again.json()["error"]["code"] == "invalid_link"
    user.refresh_from_db()
    assert user.check_password("another-word-9")


def test_superuser_deactivates_an_account_and_its_sessions_end(client_of: Clients) -> None:
    admin, user = make_user(superuser=True), make_user()
    theirs = client_of(user)
    assert theirs.get("/api/v1/projects/").status_code == 200
    changed = client_of(admin).patch(f"/api/v1/users/{user.pk}/", {"is_active": False}, format="json")
    assert changed.json()["is_active"] is False
    assert theirs.get("/api/v1/projects/").status_code == 401


def test_superuser_cannot_lock_himself_out(client_of: Clients) -> None:
    admin = make_user(superuser=True)
    assert (
        client_of(admin).patch(f"/api/v1/users/{admin.pk}/", {"is_active": False}, format="json").status_code
        == 403
    )


def test_accounts_are_for_superusers(client_of: Clients) -> None:
    assert client_of(make_user()).get("/api/v1/users/").status_code == 403


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b'{"username": {"a": 1}, "password": []}', b'{"username":"\\u0000"}']
)
def test_malformed_log_in_is_a_clear_400(client_of: Clients, body: bytes) -> None:
    response = client_of(None).post("/api/v1/session/", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["message"]
