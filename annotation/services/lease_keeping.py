"""What becomes of leases: kept while somebody works, let go when a page closes, ended when their time is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import Item, Lease, LeaseStatus, Project, Purpose, User
from annotation.services.contests import contests_follow
from annotation.services.transactions import writing

KEPT_MOST = 200  # leases of one request
RETURN_AFTER_MOST = 60  # seconds
LAPSED_BATCH = 500


def leases_renew(*, user: User, project: Project, leases: Sequence[int]) -> dict[int, datetime]:
    """Let the caller's open leases run their full time again.

    Returns the new end of each; a lease that is absent has ended or is somebody else's, and the queue has to
    be asked again.
    """
    now = timezone.now()
    expires_at = now + timedelta(seconds=project.lease_seconds)
    with writing():
        found = _locked(_held(user, project, leases).filter(expires_at__gt=now))
        Lease.objects.filter(id__in=found).update(expires_at=expires_at)
    return dict.fromkeys(found, expires_at)


def leases_return(*, user: User, project: Project, leases: Sequence[int], after_seconds: int) -> int:
    """Let the caller's open leases run out in `after_seconds`, at once with 0; returns how many.

    A page cannot tell whether it is closed or only loaded again. Within the delay the queue gives a page that
    comes back the same leases for their full time; after it they are everybody's.
    """
    end = timezone.now() + timedelta(seconds=after_seconds)
    with writing():
        going = _locked(_held(user, project, leases).filter(expires_at__gt=end))
        number = Lease.objects.filter(id__in=going).update(expires_at=end)
    if after_seconds == 0:
        leases_expire(project_id=project.id)
    return number


def _held(user: User, project: Project, leases: Sequence[int]) -> QuerySet[Lease]:
    return Lease.objects.filter(id__in=leases, annotator__user=user, project=project, status=LeaseStatus.OPEN)


def _locked(leases: QuerySet[Lease]) -> list[int]:
    """The ids of leases, held in one order, so that two pages of one person never wait for each other."""
    return list(leases.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))


def leases_expire(*, project_id: int | None = None) -> int:
    """End open leases whose time is over and free their places; returns how many.

    Work on such a lease is still taken when it comes (see `judgment_record`).
    """
    lapsed = Lease.objects.filter(status=LeaseStatus.OPEN, expires_at__lte=timezone.now())
    if project_id is not None:
        lapsed = lapsed.filter(project_id=project_id)
    return _close(lapsed, LeaseStatus.EXPIRED) if lapsed.exists() else 0


def _close(leases: QuerySet[Lease], status: LeaseStatus) -> int:
    with writing():
        ending = leases.select_for_update(skip_locked=True)
        found = list(ending.values_list("id", "item_id", "purpose")[:LAPSED_BATCH])
        Lease.objects.filter(id__in=[lease_id for lease_id, _, _ in found]).update(status=status)
        freed = Counter(item_id for _, item_id, purpose in found if purpose == Purpose.WORK)
        for item_id, number in sorted(freed.items()):
            Item.objects.filter(id=item_id).update(reserved=F("reserved") - number)
        _settle(sorted(freed))
    return len(found)


def _settle(item_ids: Sequence[int]) -> None:
    """Let the places that nobody came to fill close again on items whose answer is sure without them."""
    items = Item.objects.filter(id__in=item_ids, filled__gt=0, project__confidence__isnull=False)
    by_project: dict[int, list[int]] = defaultdict(list)
    for project_id, item_id in items.values_list("project_id", "id"):
        by_project[project_id].append(item_id)
    for project in Project.objects.filter(id__in=by_project).order_by("id"):
        contests_follow(project=project, item_ids=by_project[project.id])


def lease_return(*, user: User, lease_id: int) -> None:
    """Give an open lease back; one that has ended already stays as it is.

    Raises:
        NotFoundError: the caller has no lease of this id.
    """
    own = Lease.objects.filter(id=lease_id, annotator__user=user, project__deleted_at=None)
    if not own.exists():
        raise NotFoundError("You have no lease with this id.", code="lease_lost")
    _close(Lease.objects.filter(id=lease_id, status=LeaseStatus.OPEN), LeaseStatus.RETURNED)
