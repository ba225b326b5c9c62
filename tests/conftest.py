"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.test import APIClient

    from annotation.models import User

DATA_SETS = Path(os.environ.get("PLAUDIT_DATA_SETS") or Path(__file__).resolve().parents[2] / "shared" / "data")


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
