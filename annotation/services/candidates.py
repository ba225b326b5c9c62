"""Which items an annotator may be given, found by index: a few of each arm, never a scan.

An item is free for someone when it has a place left (`load` below the overlap), is not parked, belongs to a pool of
theirs or to none, and was never judged, skipped or leased by them. The active policies look for the items of the
highest priority at each load apart, since a load and a priority together are one stretch of an index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import SystemRandom
from time import monotonic
from typing import Any, Final

from django.db import connection

from annotation.allocation.policies import ACTIVE_POLICIES, Candidate, Choice, items_choose
from annotation.selectors.desk import Desk
from annotation.sql import rows

SPARE: Final = 8  # candidates beyond those asked for: others may be taking the first ones at this moment
ROUNDS_MOST: Final = 3
LONG_WALK: Final = 2000  # own judgments from which on it pays to remember how far they have been passed over
HINT_SECONDS: Final = 30.0
HINTS_KEPT: Final = 20_000

CHANCE: Final = SystemRandom()

COLUMNS: Final = (
    "i.id, i.prompt_id, i.prompt_number, i.load, i.priority, i.random_arm, i.first_id, i.second_id"
)
NEVER_HAD: Final = """
  NOT EXISTS (SELECT 1 FROM annotation_judgment j WHERE j.item_id = i.id AND j.annotator_id = %s AND NOT j.superseded)
  AND NOT EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.item_id = i.id AND l.annotator_id = %s AND l.status = 'open')
"""
FREE: Final = f"""
SELECT {COLUMNS} FROM annotation_item i
WHERE {{scope}} AND i.parked_at IS NULL AND {NEVER_HAD}
"""
OF_PROMPTS: Final = f"""
SELECT {COLUMNS}, i.pool_id, CASE WHEN i.parked_at IS NULL AND i.load < %s AND {NEVER_HAD} THEN 1 ELSE 0 END
FROM annotation_item i WHERE i.prompt_id IN ({{marks}})
"""
CLAIMED: Final = """
SELECT i.id, i.prompt_id, i.first_id, i.second_id, i.prompt_number, p.messages, p.language
FROM annotation_item i JOIN annotation_prompt p ON p.id = i.prompt_id
WHERE i.id IN ({items}) AND i.parked_at IS NULL AND i.load < %s AND (i.id, i.load) IN ({marks})
"""
PROMPT_LAST: Final = """
(SELECT prompt_id FROM annotation_judgment WHERE annotator_id = %s AND purpose = 'work' ORDER BY id DESC LIMIT 1)
"""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item with its prompt; `messages` is JSON as the database keeps it."""

    id: int
    prompt: int
    first: int | None
    second: int | None
    number: int
    messages: str
    language: str


@dataclass(frozen=True, slots=True)
class Walk:
    """One stretch of an index: `key` names its columns after the condition, the first ones first."""

    scope: str
    condition: str
    key: tuple[str, ...]
    descending: bool = False


_hints: dict[tuple[int, int | None, str], tuple[float, Key]] = {}


def items_claim(desk: Desk, count: int, current: int | None) -> list[tuple[OfferedItem, Choice]]:
    """Up to `count` items by the project's policy, locked where the database has row locks.

    Own pools come first, then what is in no pool. `current` is the prompt of the annotator's last open lease,
    whose other pairs come next.
    """
    claimed: list[tuple[OfferedItem, Choice]] = []
    if desk.paired:  # the prompt begun, or else that of the newest judgment
        free, others = (
            _of_prompts(desk, [current]) if current else _of_prompts(desk, [desk.annotator], PROMPT_LAST)
        )
        if free:
            claimed = _claimed(desk, free, others, count, free[0].prompt)
    for pool in [*desk.pools, None]:
        for _ in range(ROUNDS_MOST):
            missing = count - len(claimed)
            if not missing:
                return claimed
            taken = {item.id for item, _ in claimed}
            found = [each for each in _free(desk, pool, missing + SPARE) if each.item not in taken]
            if not found:
                break
            others = []
            if desk.paired:
                found, others = _of_prompts(desk, sorted({each.prompt for each in found}))
            fresh = _claimed(desk, [each for each in found if each.item not in taken], others, missing, None)
            claimed += fresh
            if len(fresh) == missing or len(found) <= len(fresh):
                break
    return claimed


def _claimed(
    desk: Desk,
    candidates: Sequence[Candidate],
    others: Sequence[Candidate],
    count: int,
    current: int | None,
) -> list[tuple[OfferedItem, Choice]]:
    """The first `count` of the policy's order that nobody else is taking at this moment."""
    by_item = {candidate.item: candidate for candidate in candidates}
    ranked = items_choose(
        desk.policy,
        candidates,
        min(len(candidates), count + SPARE),
        random_share=desk.random_share,
        random=CHANCE,
        seed=desk.annotator or 0,
        current_prompt=current,
        others=others,
    )
    claimed: list[tuple[OfferedItem, Choice]] = []
    while ranked and len(claimed) < count:
        wanted, ranked = ranked[: count - len(claimed)], ranked[count - len(claimed) :]
        found = _locked(desk, [by_item[choice.item] for choice in wanted])
        claimed += [(found[choice.item], choice) for choice in wanted if choice.item in found]
    return claimed


def _locked(desk: Desk, wanted: Sequence[Candidate]) -> dict[int, OfferedItem]:
    """Those that are as they were seen and that no other transaction holds."""
    lock = " FOR UPDATE OF i SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    marks = ", ".join(["(%s, %s)"] * len(wanted))
    if connection.vendor == "sqlite":
        marks = f"VALUES {marks}"
    statement = CLAIMED.format(items=", ".join(["%s"] * len(wanted)), marks=marks)
    seen = [value for each in wanted for value in (each.item, each.load)]
    found = rows(statement + lock, [*(each.item for each in wanted), desk.overlap, *seen])
    return {row[0]: OfferedItem(*row) for row in found}


def _of_prompts(
    desk: Desk, prompts: Sequence[int | None], marks: str = ""
) -> tuple[list[Candidate], list[Candidate]]:
    """The pairs of prompts: those this annotator may have, and the others."""
    statement = OF_PROMPTS.format(marks=marks or ", ".join(["%s"] * len(prompts)))
    free: list[Candidate] = []
    others: list[Candidate] = []
    own = {*desk.pools, None}
    for *columns, pool, may in rows(statement, [desk.overlap, desk.annotator, desk.annotator, *prompts]):
        (free if may and pool in own else others).append(_candidate(columns))
    return free, others


def _candidate(columns: Sequence[Any]) -> Candidate:
    item, prompt, number, load, priority, random_arm, first, second = columns
    return Candidate(item, prompt, number, load, priority, bool(random_arm), first, second)


def _free(desk: Desk, pool: int | None, count: int) -> list[Candidate]:
    """The first `count` free items of each arm in a pool, or of those in none."""
    found = _walked(desk, pool, count, hints=desk.done > LONG_WALK)
    if not found and desk.done > LONG_WALK:
        found = _walked(desk, pool, count, hints=False)
    return found


def _walked(desk: Desk, pool: int | None, count: int, *, hints: bool) -> list[Candidate]:
    parts: list[str] = []
    parameters: list[Any] = []
    walks = list(_walks(desk, pool))
    for number, walk in enumerate(walks):
        statement = FREE.format(scope=walk.scope)
        parameters += [desk.project if pool is None else pool, desk.annotator, desk.annotator]
        hint = _hint(desk, pool, walk) if hints else None
        if hint:
            compare = "<=" if walk.descending else ">="
            marks = ", ".join(["%s"] * len(hint))
            statement += f" AND ({', '.join(walk.key)}) {compare} ({marks})"
            parameters += hint
        direction = " DESC" if walk.descending else ""
        order = ", ".join(f"{column}{direction}" for column in walk.key)
        parts.append(f"{statement} AND {walk.condition} ORDER BY {order} LIMIT {count}")
        parts[-1] = f"SELECT * FROM ({parts[-1]}) w{number}" if len(walks) > 1 else parts[-1]
    candidates = [_candidate(row) for row in rows(" UNION ALL ".join(parts), parameters)]
    if hints:
        _hints_keep(desk, pool, walks, candidates)
    return candidates


def _walks(desk: Desk, pool: int | None) -> Iterator[Walk]:
    """The stretches of the queue's indexes in which a policy's best items stand first."""
    scope = "i.project_id = %s AND i.pool_id IS NULL" if pool is None else "i.pool_id = %s"
    if desk.policy not in ACTIVE_POLICIES:
        yield Walk(scope, f"i.load < {desk.overlap:d}", ("i.load", "i.prompt_number", "i.id"))
        return
    yield Walk(scope, f"i.random_arm AND i.load < {desk.overlap:d}", ("i.load", "i.prompt_id", "i.id"))
    for load in range(desk.overlap):
        yield Walk(scope, f"NOT i.random_arm AND i.load = {load:d}", ("i.priority", "i.id"), descending=True)


def _hint(desk: Desk, pool: int | None, walk: Walk) -> Key | None:
    """Where this annotator's walk found its first item a moment ago: all before it is their own."""
    kept = _hints.get((desk.annotator or 0, pool, walk.condition))
    return kept[1] if kept and monotonic() < kept[0] else None


def _hints_keep(desk: Desk, pool: int | None, walks: Sequence[Walk], found: Sequence[Candidate]) -> None:
    until = monotonic() + HINT_SECONDS
    while len(_hints) > HINTS_KEPT:
        _hints.pop(next(iter(_hints)), None)
    for walk in walks:
        name = (desk.annotator or 0, pool, walk.condition)
        if _hint(desk, pool, walk) is None and (first := _first_of(walk, found)):
            _hints[name] = (until, first)


def _first_of(walk: Walk, found: Sequence[Candidate]) -> Key | None:
    """The key of the first item of one walk among the items of all."""
    if walk.descending:
        keys = [
            (each.priority, each.item)
            for each in found
            if not each.random_arm and walk.condition.endswith(f"= {each.load}")
        ]
        return max(keys, default=None)
    if "prompt_id" in walk.key[1]:
        return min(((each.load, each.prompt, each.item) for each in found if each.random_arm), default=None)
    return min(((each.load, each.number, each.item) for each in found), default=None)
