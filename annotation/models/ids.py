"""Opaque ids: random 63-bit integers, minted before the row is stored.

They go over the wire as decimal strings and say nothing about order, so that the completions of a
prompt cannot be told apart by the order in which their models were imported.
"""

import secrets

from django.db import models


def opaque_id() -> int:
    """A random id between 1 and 2**63 - 1."""
    return secrets.randbits(63) or 1


class OpaqueModel(models.Model):
    """A row whose id may be seen from outside."""

    id = models.BigIntegerField(primary_key=True, default=opaque_id, editable=False)

    class Meta:
        abstract = True
