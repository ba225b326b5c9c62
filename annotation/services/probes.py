"""What is slipped into the queue: gold items, and own earlier items once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from annotation.models import Purpose
from annotation.selectors.standing import Rules, Standing, round_of, rules_of, standing_of
from annotation.sql import moment, rows

if TYPE_CHECKING:
    import random as random_module

    from annotation.selectors.desk import Desk

REPEAT_AFTER = 20  # own judgments in between
REPEAT_REST = timedelta(minutes=15)  # and at least this long, so that fast work is not remembered either
REPEAT_WITHIN = 200  # judgments around the drawn one among which one that can be asked again is looked for


@dataclass(frozen=True, slots=True)
class Probe:
    """An item to hand out for another purpose than work.

    `probability` is the share by which its kind was drawn; `swapped` asks for the reverse of the order
    in which this annotator has seen its outputs.
    """

    item: int
    purpose: Purpose
    probability: float
    swapped: bool = False


GOLDS = """
SELECT g.item_id FROM annotation_gold g JOIN annotation_item i ON i.id = g.item_id
WHERE g.project_id = %s AND g.retired_at IS NULL AND i.parked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM annotation_judgment j
    WHERE j.item_id = g.item_id AND j.annotator_id = %s AND NOT j.superseded)
  AND NOT EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.item_id = g.item_id AND l.annotator_id = %s AND l.status = 'open')
  AND (i.pool_id IS NULL
    OR EXISTS (SELECT 1 FROM annotation_pool_annotators pa WHERE pa.pool_id = i.pool_id AND pa.annotator_id = %s)
    OR EXISTS (SELECT 1 FROM annotation_pool_groups pg
      JOIN annotation_annotator_groups ag ON ag.annotatorgroup_id = pg.annotatorgroup_id
      WHERE pg.pool_id = i.pool_id AND ag.annotator_id = %s))
"""
OPEN_OF_ROUND = """
SELECT COUNT(*) FROM annotation_lease WHERE annotator_id = %s AND status = 'open' AND purpose = 'qualification'
"""
LAST_OLD_ENOUGH = """
SELECT id FROM annotation_judgment WHERE annotator_id = %s ORDER BY id DESC LIMIT 1 OFFSET %s
"""
FIRST = "SELECT id FROM annotation_judgment WHERE annotator_id = %s ORDER BY id LIMIT 1"
REPEATABLE = """
SELECT j.item_id FROM (
  SELECT * FROM annotation_judgment WHERE annotator_id = %s AND id {beyond} %s ORDER BY id {direction} LIMIT %s
) j JOIN annotation_item i ON i.id = j.item_id
WHERE j.id <= %s AND j.project_id = %s AND j.purpose = 'work' AND j.status = 'submitted' AND NOT j.superseded
  AND j.set_aside_at IS NULL AND j.submitted_at <= %s AND i.parked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM annotation_judgment r
    WHERE r.item_id = j.item_id AND r.annotator_id = j.annotator_id AND r.purpose = 'repeat')
  AND NOT EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.item_id = j.item_id AND l.annotator_id = j.annotator_id AND l.status = 'open')
ORDER BY j.id {direction} LIMIT 1
"""


def probes_due(
    *, desk: Desk, count: int, random: random_module.Random, standing: Standing | None = None
) -> list[Probe]:
    """Items to slip in among the next `count` ones of an annotator.

    In a round of qualification these are gold items only, up to `count`. Otherwise each of the next ones is a gold
    item that the annotator has not seen with the project's gold share, and an own earlier item with its repeat
    share; where there is none of the kind drawn it stays work.
    """
    assert desk.annotator is not None
    standing = standing or standing_of(desk.annotator)
    rules = rules_of(desk.project)
    if standing is Standing.QUALIFYING:
        unseen = _golds_unseen(desk)
        random.shuffle(unseen)
        return [
            Probe(item, Purpose.QUALIFICATION, 1.0)
            for item in unseen[: min(count, _still_asked(desk, rules))]
        ]
    if standing not in (Standing.WORKING, Standing.EXEMPT):
        return []
    return _drawn(desk, rules, count, random, gold=standing is Standing.WORKING)


def _drawn(desk: Desk, rules: Rules, count: int, random: random_module.Random, *, gold: bool) -> list[Probe]:
    golds = repeats = 0
    gold_share = rules.gold_share if gold and rules.golds else 0.0
    for _ in range(count):
        draw = random.random()
        golds += draw < gold_share
        repeats += gold_share <= draw < gold_share + rules.repeat_share
    probes: list[Probe] = []
    if golds:
        unseen = _golds_unseen(desk)
        chosen = random.sample(unseen, min(golds, len(unseen)))
        probes += [Probe(item, Purpose.GOLD, gold_share) for item in chosen]
    taken: set[int] = set()
    for _ in range(repeats):
        item = _repeatable(desk, random)
        if item is not None and item not in taken:
            taken.add(item)
            probes.append(Probe(item, Purpose.REPEAT, rules.repeat_share, swapped=True))
    return probes


def _still_asked(desk: Desk, rules: Rules) -> int:
    """How many items more a round of qualification needs than are answered or open."""
    assert desk.annotator is not None
    [(open_leases,)] = rows(OPEN_OF_ROUND, [desk.annotator])
    return max(0, rules.qualification_items - round_of(desk.annotator, rules).answered - int(open_leases))


def _golds_unseen(desk: Desk) -> list[int]:
    own = desk.annotator
    return [item for (item,) in rows(GOLDS, [desk.project, own, own, own, own])]


def _repeatable(desk: Desk, random: random_module.Random) -> int | None:
    """An own item that can be asked again: drawn by a random place among the judgments that are old enough."""
    newest = rows(LAST_OLD_ENOUGH, [desk.annotator, REPEAT_AFTER])
    if not newest:
        return None
    [(last,)] = newest
    [(first,)] = rows(FIRST, [desk.annotator])
    drawn = random.randint(first, last)
    rest = [last, desk.project, moment(timezone.now() - REPEAT_REST)]
    for beyond, direction in (("<=", "DESC"), (">", "ASC")):
        statement = REPEATABLE.format(beyond=beyond, direction=direction)
        if found := rows(statement, [desk.annotator, drawn, REPEAT_WITHIN, *rest]):
            return int(found[0][0])
    return None
