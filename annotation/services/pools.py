"""Pools: prompts that only some annotators are given."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from celery import current_app
from celery.exceptions import OperationalError
from django.db import IntegrityError
from django.db.models import JSONField, QuerySet, Value
from django.db.models.fields.json import KeyTransform

from annotation.errors import ConflictError, DomainError, NotFoundError, UnprocessableError
from annotation.models import Annotator, AnnotatorGroup, AnnotatorKind, Item, Pool, Project, Prompt, User
from annotation.selectors.access import opaque
from annotation.selectors.prompts import prompts_search
from annotation.services.items import items_lock
from annotation.services.leases import annotator_ensure
from annotation.services.transactions import writing

POOLS_MOST: Final = 1000
NAMED_MOST: Final = 1000  # annotators or groups of one pool
PART: Final = 500  # prompts of one transaction, between which others may write
AT_ONCE_MOST: Final = 5000  # prompts that are moved while the caller waits

log = logging.getLogger(__name__)


def pool_get(*, project: Project, pool_id: object) -> Pool:
    """A pool of the project.

    Raises:
        NotFoundError: it has none of this id.
    """
    pool = Pool.objects.filter(project=project, id=opaque(pool_id)).first()
    if pool is None:
        raise NotFoundError("This project has no pool with this id.")
    return pool


def pool_save(*, project: Project, pool: Pool | None, data: Mapping[str, Any]) -> Pool:
    """Make a pool, or change its name and who is given its prompts; people and groups by their names.

    Groups are made where there is none of the name; of people, an annotator of this name or a member.

    Raises:
        ConflictError: another pool has the name, or there are too many.
        UnprocessableError: nobody has one of the names.
    """
    if pool is None and Pool.objects.filter(project=project)[POOLS_MOST - 1 :].exists():
        raise ConflictError(f"A project has at most {POOLS_MOST} pools.", code="too_many_pools")
    try:
        with writing():
            if pool is None:
                pool = Pool.objects.create(project=project, name=data["name"])
            elif "name" in data:
                Pool.objects.filter(id=pool.id).update(name=data["name"])
                pool.name = data["name"]
            if "annotators" in data:
                pool.annotators.set(annotators_named(project, data["annotators"]))
            if "groups" in data:
                pool.groups.set(groups_named(project, data["groups"]))
    except IntegrityError:
        raise ConflictError(
            f"This project has a pool named “{data['name']}” already.",
            code="name_taken",
            fields={"name": ["Choose another name."]},
        ) from None
    return pool


def annotators_named(project: Project, names: Sequence[str]) -> list[Annotator]:
    """The people of these names: annotators of the project, or members who have not begun."""
    wanted = set(names)
    people = Annotator.objects.filter(project=project).exclude(kind=AnnotatorKind.ADJUDICATED)
    found = {annotator.name: annotator for annotator in people.filter(name__in=wanted)}
    missing = wanted - found.keys()
    members = User.objects.filter(username__in=missing)
    for user in members.filter(memberships__project=project) | members.filter(owned_projects=project):
        found[user.username] = annotator_ensure(user=user, project_id=project.id)
    if unknown := sorted(wanted - found.keys()):
        message = f"Nobody in this project is named “{unknown[0]}”. Invite them first."
        raise UnprocessableError(message, code="unknown_annotator", fields={"annotators": [message]})
    return list(found.values())


def groups_named(project: Project, names: Sequence[str]) -> list[AnnotatorGroup]:
    """The groups of these names; those that are missing are made."""
    wanted = sorted({name.strip() for name in names if name.strip()})
    AnnotatorGroup.objects.bulk_create(
        [AnnotatorGroup(project=project, name=name) for name in wanted], ignore_conflicts=True
    )
    return list(AnnotatorGroup.objects.filter(project=project, name__in=wanted))


def pool_delete(*, pool: Pool) -> None:
    """Remove a pool; its prompts are in none afterwards, and so everybody's."""
    pool_fill(pool=pool, prompts=Prompt.objects.filter(pool=pool), remove=True)
    with writing():
        pool.delete()


def prompts_wanted(*, project: Project, criterion: Mapping[str, Any]) -> QuerySet[Prompt]:
    """The prompts that a filter names: `ids`, text `q`, equal `metadata`, one `import`, or those `unpooled`.

    Several of them narrow each other down.

    Raises:
        DomainError: none is given.
    """
    prompts = prompts_search(project=project, text=str(criterion.get("q") or "").strip())
    if not any(criterion.get(name) for name in ("ids", "q", "metadata", "import", "unpooled")):
        raise DomainError("Say which prompts: by ids, q, metadata, import or unpooled.", code="no_filter")
    if criterion.get("ids"):
        prompts = prompts.filter(id__in=[opaque(name) for name in criterion["ids"]])
    if criterion.get("import"):
        prompts = prompts.filter(imported_by_id=opaque(criterion["import"]))
    if criterion.get("unpooled"):
        prompts = prompts.filter(pool=None)
    for number, (key, value) in enumerate((criterion.get("metadata") or {}).items()):
        name = f"metadata_{number}"
        prompts = prompts.annotate(**{name: KeyTransform(str(key), "metadata")})
        prompts = prompts.filter(**{name: Value(value, JSONField())})
    return prompts


def pool_assign(*, pool: Pool, criterion: Mapping[str, Any], remove: bool) -> int | None:
    """Put the prompts that a filter names into a pool, or take them out; how many, None where a worker does it."""
    prompts = prompts_wanted(project=pool.project, criterion=criterion)
    if not prompts[AT_ONCE_MOST:].exists():
        return pool_fill(pool=pool, prompts=prompts, remove=remove)
    arguments = [pool.project_id, pool.id, dict(criterion), remove]
    try:
        current_app.send_task("annotation.tasks.fill_pool", args=arguments, retry=False)
    except OperationalError as error:
        log.warning("the prompts of pool %s wait: the broker cannot be reached (%s)", pool.id, error)
        raise DomainError(
            "These are too many prompts to move at once, and no worker can be reached. Try again later.",
            code="no_worker",
            status=503,
        ) from None
    return None


def pool_fill(*, pool: Pool, prompts: QuerySet[Prompt], remove: bool) -> int:
    """Put prompts with their items into a pool, or take those in it out; how many. Twice changes nothing."""
    prompts = prompts.filter(pool=pool) if remove else prompts.exclude(pool=pool)
    target = None if remove else pool.id
    number, last = 0, 0
    while True:
        ids = list(prompts.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:PART])
        if not ids:
            return number
        with writing():
            Prompt.objects.filter(id__in=ids).update(pool=target)
            items_lock(Item.objects.filter(prompt_id__in=ids))
            Item.objects.filter(prompt_id__in=ids).update(pool=target)
        last, number = ids[-1], number + len(ids)
