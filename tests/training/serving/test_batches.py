"""Requests that come together are scored together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from training.serving.batches import MOST, Batcher

Items = Sequence[dict[str, Any]]


def by_number(items: Items) -> list[dict[str, Any]]:
    if any(item["number"] < 0 for item in items):
        raise ValueError("negative")
    return [{"reward": float(item["number"])} for item in items]


def numbered(*numbers: int) -> list[dict[str, Any]]:
    return [{"number": number} for number in numbers]


def gather(*requests: Items) -> tuple[list[Any], int]:
    """The answers to requests that come at once, and in how many batches they were scored."""

    async def run() -> tuple[list[Any], int]:
        with ThreadPoolExecutor(1) as executor:
            batcher = Batcher(by_number, executor)
            answers = await asyncio.gather(
                *(batcher.rewards(request) for request in requests), return_exceptions=True
            )
            return answers, batcher.batches

    return asyncio.run(run())


def test_requests_at_once_share_a_batch_and_get_their_own_rewards_in_order() -> None:
    answers, batches = gather(*(numbered(start, start + 1) for start in range(32)))
    assert batches == 1
    assert [[reward["reward"] for reward in answer] for answer in answers] == [
        [float(start), float(start + 1)] for start in range(32)
    ]


def test_more_than_a_batch_holds_goes_into_the_next() -> None:
    answers, batches = gather(*(numbered(*range(MOST // 2)) for _ in range(5)))
    assert batches == 3
    assert all(len(answer) == MOST // 2 for answer in answers)


def test_request_that_cannot_be_scored_fails_alone() -> None:
    (good, bad, other), _ = gather(numbered(1), numbered(-1), numbered(2))
    assert (good, other) == ([{"reward": 1.0}], [{"reward": 2.0}])
    assert isinstance(bad, ValueError)


def test_requests_after_a_pause_are_scored_too() -> None:
    async def run() -> list[float]:
        with ThreadPoolExecutor(1) as executor:
            batcher = Batcher(by_number, executor)
            found = []
            for number in range(3):
                found += [reward["reward"] for reward in await batcher.rewards(numbered(number))]
                await asyncio.sleep(0.01)
            return found

    assert asyncio.run(run()) == pytest.approx([0.0, 1.0, 2.0])


def test_an_iterator_that_ran_out_is_an_error_and_keeps_nobody_waiting() -> None:
    def exhausted(items: Items) -> list[dict[str, Any]]:
        return [next(iter(()))]

    async def run() -> None:
        with ThreadPoolExecutor(1) as executor:
            async with asyncio.timeout(60):
                await Batcher(exhausted, executor).rewards(numbered(1))

    with pytest.raises(RuntimeError, match="ran out"):
        asyncio.run(run())
