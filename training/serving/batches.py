"""Scoring many callers' items together: requests that come within a few milliseconds share one batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, Final, TypeVar

WINDOW: Final = 0.003  # seconds that the first request of a batch waits for others
MOST: Final = 1024  # items of one batch, unless one request alone has more

Reward = dict[str, Any]
Waiting = tuple[Sequence[dict[str, Any]], asyncio.Future[list[Reward]]]
T = TypeVar("T")
Score = Callable[[Sequence[dict[str, Any]]], list[Reward]]


async def in_thread(executor: Executor, function: Callable[..., T], *arguments: Any) -> T:
    """What `function` returns or raises, computed in `executor`.

    StopIteration comes as RuntimeError: a future cannot hold it, and whoever awaits one would wait for ever.
    """
    return await asyncio.get_running_loop().run_in_executor(executor, partial(_call, function, arguments))


def _call(function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    try:
        return function(*arguments)
    except StopIteration as error:
        raise RuntimeError(f"{function} ran out of an iterator") from error


class Batcher:
    """Scores with one model. Batches run one at a time in `executor`, so what comes meanwhile gathers."""

    def __init__(self, score: Score, executor: Executor) -> None:
        """`score` takes items and gives as many rewards, in order."""
        self._score = score
        self._executor = executor
        self._waiting: list[Waiting] = []
        self._runner: asyncio.Task[None] | None = None
        self.batches = 0

    async def rewards(self, items: Sequence[dict[str, Any]]) -> list[Reward]:
        """The rewards of one request's items. Raises what `score` raises for them."""
        future: asyncio.Future[list[Reward]] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        """Score until nobody waits."""
        await asyncio.sleep(WINDOW)
        while batch := self._next():
            await self._score_batch(batch)

    async def _score_batch(self, batch: list[Waiting]) -> None:
        """Score some requests together; where that fails, one by one, so that each fails for itself alone."""
        items = [item for some, _ in batch for item in some]
        try:
            rewards = await in_thread(self._executor, self._score, items)
        except Exception as error:  # noqa: BLE001 - the edge of the batch: whoever waits must hear of it
            if len(batch) > 1:
                for waiting in batch:
                    await self._score_batch([waiting])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        self.batches += 1
        start = 0
        for some, future in batch:
            if not future.done():
                future.set_result(rewards[start : start + len(some)])
            start += len(some)

    def _next(self) -> list[Waiting]:
        """Take the requests of the next batch."""
        count = size = 0
        for items, _ in self._waiting:
            if count and size + len(items) > MOST:
                break
            count, size = count + 1, size + len(items)
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch
