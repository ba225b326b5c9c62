"""Chromium and a whole server for the tests in this folder; where there is no Chromium they are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import Api, Server

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
PASSWORD = "browser-tests-4711"

NewContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here carries the marker `browser`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


def find_chromium() -> str:
    """Where Chromium is; skips the test where there is none, and fails it on a build machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        advice = "no Chromium on this machine; the browser tests need one: apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)
    return found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = find_chromium()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo without models, on a free port; at the end nothing of it may be left."""
    for built in (settings.FRONTEND_DIST / "index.html", settings.STATIC_ROOT):
        if not Path(built).exists():
            pytest.fail(f"{built} is missing, the browser's program is not built: run make setup")
    server = Server(tmp_path_factory.mktemp("browser"))
    server.start()
    yield server
    left = server.stop()
    assert left == [], f"still running after the end: {left}"


@pytest.fixture(scope="package")
def api(server: Server) -> Iterator[Api]:
    """Signed in as the demo's owner, who may do everything."""
    api = Api(server)
    yield api
    api.client.close()


@pytest.fixture
def new_context(chromium: Browser, server: Server) -> Iterator[NewContext]:
    """Makes browser contexts, signed in as somebody; an error that no page has caught fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(username: str | None = "demo", password: str = "demo", **options: Any) -> BrowserContext:
        options = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-US",
            "base_url": server.url,
        } | options
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        if username is not None:
            sign_in(context, server, username, password)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == [], f"errors that no page has caught: {errors}"


def sign_in(context: BrowserContext, server: Server, username: str, password: str) -> None:
    """Sign a browser in without the page for it."""
    context.request.get("/api/v1/session/")
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    answer = context.request.post(
        "/api/v1/session/",
        data={"username": username, "password": password},
        headers={"X-CSRFToken": token, "Origin": server.url},
    )
    assert answer.ok, answer.text()


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


_numbers = count(1)


@pytest.fixture
def person(api: Api) -> Callable[..., str]:
    """Makes an account, in a project if one is given; its password is `PASSWORD`."""

    def make(*, project: str | None = None, role: str = "annotator", superuser: bool = False) -> str:
        name = f"person{next(_numbers)}"
        user = api.post("/users/", {"username": name, "password": PASSWORD, "email": ""})
        if superuser:
            api.call("PATCH", f"/users/{user['id']}/", json={"is_superuser": True})
        if project is not None:
            api.post(f"/projects/{project}/members/", {"username": name, "role": role})
        return name

    return make


@pytest.fixture(scope="package")
def demo(api: Api) -> str:
    """The id of the demo's project of comparisons."""
    return api.project_named("Demo: which answer is better?")
