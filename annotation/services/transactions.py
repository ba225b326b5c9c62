"""Write transactions that stand in a queue instead of polling."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SQLITE_WRITER = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """An atomic block for writes.

    SQLite has one writer at a time and lets the others sleep and try again, up to 100 ms a time. Threads
    of this process therefore wait for each other at a lock, which wakes the next one at once; other processes
    still meet SQLite's own lock. Inside an open transaction the lock is not taken: its holder may be waiting
    for that very transaction.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with SQLITE_WRITER, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield
