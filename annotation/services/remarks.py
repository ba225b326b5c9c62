"""Writing and reading remarks."""

from __future__ import annotations

from django.utils import timezone

from annotation.errors import UnprocessableError
from annotation.models import Annotator, AnnotatorKind, Item, Remark, User
from annotation.selectors.remarks import remarks_of, unread_by

LONGEST = 4000  # characters
THREAD_MOST = 500  # remarks


def remark_write(*, user: User, item: Item, annotator: Annotator, text: str) -> Remark:
    """Add a remark to a thread.

    Raises:
        UnprocessableError: the annotator has no account to read it with, or the thread is full.
    """
    if annotator.user_id is None or annotator.kind == AnnotatorKind.ADJUDICATED:
        message = f"“{annotator.name}” has no account here, so nobody would read this."
        raise UnprocessableError(message, code="no_reader", fields={"annotator": [message]})
    if remarks_of(item, annotator).count() >= THREAD_MOST:
        message = f"A thread has at most {THREAD_MOST} remarks."
        raise UnprocessableError(message, code="thread_full", fields={"text": [message]})
    return Remark.objects.create(item=item, annotator=annotator, author=user, text=text)


def remarks_read(*, user: User, item: Item, annotator: Annotator) -> int:
    """Mark what the other side wrote in a thread as read; returns how many remarks."""
    return unread_by(user, remarks_of(item, annotator)).update(read_at=timezone.now())
