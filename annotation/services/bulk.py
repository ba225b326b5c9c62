"""Many rows at once, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

ROWS_PER_CALL = 2000


def rows_insert(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows given as tuples in the order of `columns` (attribute names, `_id` for keys).

    Columns left out take the field's default. Several times as fast as `bulk_create`, which builds
    and inspects an object for each row.
    """
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    chosen = [fields[name] for name in columns]
    rest = [
        field
        for name, field in fields.items()
        if name not in columns and not field.generated and (field.has_default() or not field.null)
    ]
    extra = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    names = ", ".join(connection.ops.quote_name(field.column) for field in [*chosen, *rest])
    marks = ", ".join(["%s"] * (len(chosen) + len(rest)))
    table = connection.ops.quote_name(model._meta.db_table)
    converters = [(index, field) for index, field in enumerate(chosen) if isinstance(field, JSONField)]
    prepared = []
    for row in rows:
        values = list(row)
        for index, field in converters:
            values[index] = field.get_db_prep_save(values[index], connection)
        prepared.append((*values, *extra))
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), ROWS_PER_CALL):
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names are the model's own
                prepared[start : start + ROWS_PER_CALL],
            )
