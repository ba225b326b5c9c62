"""The scorer: the one process that holds the served models.

`POST /score {"model": id, "items": [...], "explain": false}` answers `{"rewards": [...]}`, `POST /nearest
{"model", "items", "count"}` the labelled outputs most like each item, and `GET /health` says which models are
in memory. It listens on a unix socket, or on an address where the web runs elsewhere; either way it trusts
whoever can reach it, so it belongs on a private network.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings
from django.db import close_old_connections

from annotation.errors import DomainError, NotFoundError
from training.artifacts import artifact_folder
from training.models import RewardModel
from training.selectors.models import champions_newest
from training.serving.batches import Batcher, in_thread
from training.serving.http import Answer, Connection
from training.serving.scoring import Served

log = logging.getLogger(__name__)
FIRST: Final = {"messages": [{"role": "user", "content": "?"}], "completion": "."}  # loads the encoder too


class Scorer:
    """Models by id, the most recently used ones kept, each with its batches."""

    def __init__(self, capacity: int) -> None:
        """Keep up to `capacity` models in memory."""
        self.capacity = capacity
        self.models: OrderedDict[int, asyncio.Future[tuple[Served, Batcher]]] = OrderedDict()
        self.compute = ThreadPoolExecutor(1, thread_name_prefix="score")
        self.loading = ThreadPoolExecutor(1, thread_name_prefix="load")

    async def model(self, model_id: int) -> tuple[Served, Batcher]:
        """A model, loaded on first use; who asks meanwhile waits for the same loading."""
        found = self.models.get(model_id)
        if found is None:
            found = self.models[model_id] = asyncio.ensure_future(self._load(model_id))
            while len(self.models) > self.capacity:
                self.models.popitem(last=False)
        self.models.move_to_end(model_id)
        try:
            return await asyncio.shield(found)
        except BaseException:
            if self.models.get(model_id) is found and found.done():
                del self.models[model_id]
            raise

    async def _load(self, model_id: int) -> tuple[Served, Batcher]:
        served = await in_thread(self.loading, model_load, model_id)
        log.info("model %s is loaded", model_id)
        return served, Batcher(served.score, self.compute)

    async def warm(self) -> None:
        """Load the projects' champions, the newest first, so that the first request need not wait."""
        for model_id in await in_thread(self.loading, champions_newest, self.capacity):
            try:
                await self.rewards({"model": model_id, "items": [FIRST]})
            except DomainError as error:
                log.warning("model %s is not warm: %s", model_id, error.message)

    async def handle(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one request."""
        if (method, path) == ("GET", "/health"):
            return 200, {"status": "ok", "models": [str(key) for key in self.models]}
        if method != "POST" or path not in ("/score", "/nearest"):
            return 404, _error("not_found", "There is nothing at this address.")
        try:
            request = orjson.loads(body)
            if path == "/nearest":
                return 200, await self.nearest(request)
            return 200, {"rewards": await self.rewards(request)}
        except DomainError as error:
            return error.status, _error(error.code, error.message)
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            return 400, _error("invalid", f"The request cannot be read: {error}")
        except Exception as error:  # the edge of the process: the caller hears of it, the log has the rest
            log.exception("scoring failed")
            return 500, _error("scoring_failed", f"Scoring failed: {type(error).__name__}: {error}")

    async def rewards(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The rewards of one request, explained where it asks for that."""
        served, batcher = await self.model(int(request["model"]))
        items = request["items"]
        rewards = await batcher.rewards(items)
        if not request.get("explain"):
            return rewards
        explanations = await in_thread(self.compute, served.explain, items)
        return [
            reward | {"explanation": explanation}
            for reward, explanation in zip(rewards, explanations, strict=True)
        ]

    async def nearest(self, request: dict[str, Any]) -> dict[str, Any]:
        """The labelled outputs most like each item of one request."""
        served, _ = await self.model(int(request["model"]))
        return await in_thread(self.compute, served.nearest, request["items"], int(request["count"]))


def model_load(model_id: int) -> Served:
    """Read a model's row and its artifact. Raises NotFoundError, and ArtifactError for a damaged one."""
    close_old_connections()
    model = RewardModel.objects.filter(id=model_id).first()
    if model is None:
        raise NotFoundError("There is no reward model with this id.")
    return Served.load(artifact_folder(model))


def socket_bound(path: Path) -> socket.socket:
    """A unix socket that only this account may use, in place of what an earlier scorer left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    bound.bind(str(path))
    path.chmod(0o600)
    return bound


async def serve(*, path: Path | None = None, host: str = "", port: int = 0) -> None:
    """Serve until SIGTERM or SIGINT, on a unix socket or on host and port."""
    scorer = Scorer(settings.SCORER_MODELS)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Connection(scorer.handle, reader, writer).serve()

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if path is None:
        server = await asyncio.start_server(connected, host, port, backlog=512)
    else:
        server = await asyncio.start_unix_server(connected, sock=socket_bound(path), backlog=512)
    log.info("scoring on %s", path or f"{host}:{port}")
    warming = asyncio.create_task(scorer.warm())
    await stop.wait()
    warming.cancel()
    server.close()
    logging.shutdown()
    os._exit(0)  # a batch that is being computed cannot be interrupted, and nobody waits for it any more


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
