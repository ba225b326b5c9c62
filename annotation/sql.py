"""Statements written out, for the few that every queue request and every judgment needs.

Composing a query costs Django several times what the database takes to answer it. The statements that use
this module say the same in SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement gives; JSON as text."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def changed(statement: str, parameters: Sequence[Any]) -> int:
    """Run a statement that writes; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        number: int = cursor.rowcount
        return number


def moment(time: datetime) -> Any:
    """A time as a parameter."""
    return connection.ops.adapt_datetimefield_value(time)


def identity(uuid: UUID) -> Any:
    """A UUID as a parameter."""
    return uuid if connection.features.has_native_uuid_field else uuid.hex
