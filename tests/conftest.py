"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rest_framework.test import APIClient

    from annotation.models import User

# Nothing asserts on the clock: a busy machine must not fail a test.
hypothesis_settings.register_profile("plaudit", deadline=None, print_blob=True)
hypothesis_settings.load_profile("plaudit")

DATA_SETS = Path(
    os.environ.get("PLAUDIT_DATA_SETS") or Path(__file__).resolve().parents[2] / "shared" / "data"
)


ROW_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that it can be run on another one alone."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & ROW_FIXTURES:
            item.add_marker("rows")


@pytest.fixture(scope="session")
def data_sets() -> Path:
    """The folder with published data sets; `data_set` skips by name where it is absent."""
    return DATA_SETS


def data_set(name: str) -> Path:
    """A published file below the data folder, or skip the test and say which one is missing."""
    path = DATA_SETS / name
    if not path.exists():
        pytest.skip(f"the data set {name} is not here (set PLAUDIT_DATA_SETS to its folder)")
    return path


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[None]:
    """The embedded broker for the whole run, unless `REDIS_URL` names a server; it holds the cache too."""
    from django.conf import settings

    if settings.REDIS_URL:
        yield
        return
    from config.management.commands.up import broker as broker_child

    child = broker_child(settings.DATA / "logs")
    child.start()
    if not child.wait_ready(20):
        pytest.exit(
            f"the embedded broker does not start: {(settings.DATA / 'logs' / 'broker.log').read_text()}"
        )
    yield
    child.stop()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees what another one cached or how often it signed in."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def client_of() -> Callable[[User | None], APIClient]:
    """A client of the API signed in as a user."""
    from rest_framework.test import APIClient

    def make(user: User | None = None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_login(user)
        return client

    return make
