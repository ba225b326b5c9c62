"""A project of a million prompts, made by the database itself: rows by the statement, not by the object."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

WORDS = "The river rises in the hills and reaches the sea after three hundred kilometres. "
OPAQUE = {"postgresql": "1 + (random() * 9.2e18)::bigint", "sqlite": "abs(random()) | 1"}
SHARE = {"postgresql": "random()", "sqlite": "(abs(random()) % 1000000) / 1000000.0"}
LARGE = 10_000  # prompts from which on it pays to build the indexes last
TABLES = ("annotation_prompt", "annotation_completion", "annotation_item", "annotation_judgment")

PROMPTS = """
INSERT INTO annotation_prompt (id, project_id, number, external_id, messages, "group", language, metadata,
  content_digest)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {prompts})
SELECT {opaque}, {project}, n, 'p' || n, ('[{{"role": "user", "content": "Tell me about river number ' || n || '."}}]'){json},
  'p' || n, '', '{{}}', '' || n FROM numbers
"""
COMPLETIONS = """
INSERT INTO annotation_completion (id, prompt_id, position, external_id, text, source, features, metadata)
SELECT {opaque}, p.id, c.n, 'c' || c.n, c.n || ': {words}', 'model-' || c.n, '[]', '{{}}'
FROM annotation_prompt p CROSS JOIN ({places}) c WHERE p.project_id = {project}
"""
ITEMS = """
INSERT INTO annotation_item (id, project_id, prompt_id, first_id, second_id, prompt_number, filled, reserved, extra,
  skips, priority, random_arm)
SELECT {opaque}, {project}, p.id, a.id, b.id, p.number, 0, 0, 0, 0, {share}, {share} < {random_share}
FROM annotation_prompt p
JOIN annotation_completion a ON a.prompt_id = p.id
JOIN annotation_completion b ON b.prompt_id = p.id AND b.position > a.position
WHERE p.project_id = {project}
"""
RANDOM_ARM = """
UPDATE annotation_item SET random_arm = (prompt_number % 10 = 0) WHERE project_id = {project}
"""
JUDGMENTS = """
INSERT INTO annotation_judgment (uuid, project_id, prompt_id, item_id, annotator_id, annotator_kind, revision_id,
  status, answers, shown, reason, purpose, surplus, set_aside_reason, superseded, policy, arm, submitted_at,
  received_at, digest)
SELECT {uuid}, {project}, i.prompt_id, i.id, {first} + (i.prompt_number * 7 + k.n * 13) % {annotators}, 'human',
  {revision}, 'submitted', ('{{"overall": {{"choice": "' || i.first_id || '"}}}}'){json},
  ('["' || i.first_id || '", "' || i.second_id || '"]'){json}, '', 'work', {false}, '', {false}, '', '', '{now}', '{now}', ''
FROM annotation_item i JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) k ON k.n < i.filled
WHERE i.project_id = {project} AND NOT EXISTS (SELECT 1 FROM annotation_judgment j WHERE j.item_id = i.id)
"""


@dataclass(frozen=True)
class Bulk:
    """A project and those who label it."""

    project: int
    users: list[Any]
    annotators: list[Any]


def bulk_project(*, prompts: int, outputs: int, annotators: int, overlap: int = 3) -> Bulk:
    """A comparison project with `prompts` of `outputs` completions; random priorities, a tenth kept apart."""
    from django.db import connection

    from annotation.models import Annotator, Member, Project, Role, User
    from annotation.services.contests import settings_key
    from annotation.services.projects import project_create

    stamp = time.time_ns()
    users = User.objects.bulk_create(User(username=f"bench-{stamp}-{n}") for n in range(annotators))
    questions = [{"name": "overall", "kind": "comparison", "title": "Which is better?", "ties": True}]
    data = {
        "name": f"benchmark {stamp}",
        "template": "custom",
        "questions": questions,
        "overlap": overlap,
    }
    project: Project = project_create(owner=users[0], data=data)
    Project.objects.filter(id=project.id).update(prepared_for=settings_key(project))
    Member.objects.bulk_create(Member(project=project, user=user, role=Role.ANNOTATOR) for user in users[1:])
    people = Annotator.objects.bulk_create(
        Annotator(project=project, user=user, name=user.username) for user in users
    )
    vendor = connection.vendor
    words = {
        "project": project.id,
        "prompts": prompts,
        "opaque": OPAQUE[vendor],
        "share": SHARE[vendor],
        "random_share": 0.1,
        "words": WORDS * 2,
        "json": "::jsonb" if vendor == "postgresql" else "",
        "places": " UNION ALL ".join(f"SELECT {place} AS n" for place in range(outputs)),
    }
    large = prompts >= LARGE
    with indexes_later() if large else nullcontext(), connection.cursor() as cursor:
        for statement in (PROMPTS, COMPLETIONS, ITEMS, RANDOM_ARM if outputs > 2 else ""):
            if statement:
                cursor.execute(statement.format(**words))
    if large:
        analyze()
    return Bulk(project.id, users, people)


def bulk_judge(bulk: Bulk, *, filled: str) -> int:
    """Give every untouched item as many judgments as the SQL expression `filled` says, by one annotator after another."""
    from django.db import connection
    from django.utils import timezone

    from annotation.models import Judgment, Revision

    pg = connection.vendor == "postgresql"
    words = {
        "project": bulk.project,
        "first": bulk.annotators[0].id,
        "annotators": len(bulk.annotators),
        "revision": Revision.objects.get(project=bulk.project).id,
        "uuid": "gen_random_uuid()" if pg else "lower(hex(randomblob(16)))",
        "json": "::jsonb" if pg else "",
        "false": "false" if pg else "0",
        "now": timezone.now().strftime("%Y-%m-%d %H:%M:%S"),
    }
    with indexes_later(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE annotation_item SET filled = {filled} "
            f"WHERE project_id = {bulk.project} AND filled = 0 AND reserved = 0"
        )
        cursor.execute(JUDGMENTS.format(**words))
    analyze()
    return Judgment.objects.filter(project=bulk.project).count()


@contextmanager
def indexes_later() -> Iterator[None]:
    """On PostgreSQL: without foreign keys being looked up row by row, and with the indexes built at the end."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
            [list(TABLES)],
        )
        found = cursor.fetchall()
        later = [(name, text) for name, text in found if "UNIQUE" not in text]
        for name, _ in later:
            cursor.execute(f'DROP INDEX "{name}"')
        try:
            yield
        finally:
            for _, text in later:
                cursor.execute(text)
            cursor.execute("SET session_replication_role = origin")


def analyze() -> None:
    """Let the database know its tables, as its own housekeeping would."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"VACUUM ANALYZE {table}" if connection.vendor == "postgresql" else f"ANALYZE {table}"
            )
