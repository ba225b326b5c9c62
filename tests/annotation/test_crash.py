"""Fifty annotators while the web process is killed, on whichever database `DATABASE_URL` names."""

from __future__ import annotations

import pytest

from benchmarks.bulk_project import bulk_project
from benchmarks.crash import label_through, mortal, verdict
from benchmarks.labelling import tokens
from tests.annotation.test_concurrency import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("seconds", "prompts"), [(12, 300), pytest.param(60, 3000, marks=pytest.mark.slow)])
def test_nothing_is_lost_doubled_or_over_the_overlap_when_the_server_is_killed_twice(
    tmp_path, seconds, prompts
):
    bulk = bulk_project(prompts=prompts, outputs=2, annotators=50)
    with mortal({"DATABASE_URL": database_url()}, tmp_path / "web.log") as server:
        people = label_through(server, bulk, tokens(bulk.users), seconds=seconds, kills=2)
    outcome = verdict(bulk.project, people)
    assert [person.refused for person in people if person.refused] == []
    assert outcome["said_to_be_stored"] > 50
    assert {name: outcome[name] for name in ("lost", "unsaid", "doubled", "over_overlap")} == {
        "lost": 0, "unsaid": 0, "doubled": 0, "over_overlap": 0,
    }  # fmt: skip
    assert (outcome["counters_wrong"], outcome["surplus"]) == (0, 0)
