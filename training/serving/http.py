"""A small HTTP server for JSON on a socket: one handler, connections kept open, nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import h11
import orjson

Answer = tuple[int, dict[str, Any]]
Handler = Callable[[str, str, bytes], Awaitable[Answer]]
"""Takes method, path and body; gives status and JSON."""

BODY_LIMIT: Final = 64 * 2**20  # bytes
READ: Final = 64 * 1024
log = logging.getLogger(__name__)


class Connection:
    """One client's connection: requests are answered one after the other until either side closes."""

    def __init__(self, handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve `handler` on a pair of streams."""
        self.handler = handler
        self.reader = reader
        self.writer = writer
        self.http = h11.Connection(h11.SERVER)

    async def serve(self) -> None:
        """Answer until the connection ends; a client that breaks off is no error of ours."""
        try:
            while await self._exchange():
                self.http.start_next_cycle()
        except (ConnectionError, h11.RemoteProtocolError) as error:
            log.debug("connection ended: %s", error)
        finally:
            self.writer.close()
            with contextlib.suppress(ConnectionError):
                await self.writer.wait_closed()

    async def _exchange(self) -> bool:
        """One request and its answer; False when the connection is to be closed."""
        request = await self._event()
        if not isinstance(request, h11.Request):
            return False
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > BODY_LIMIT:
                await self._send(
                    413, {"error": {"code": "too_large", "message": "The request is too large."}}
                )
                return False
        status, answer = await self.handler(request.method.decode(), request.target.decode(), bytes(body))
        await self._send(status, answer)
        return self.http.our_state is h11.DONE and self.http.their_state is h11.DONE

    async def _event(self) -> Any:
        """The next event of the request, read from the socket as needed."""
        while (event := self.http.next_event()) is h11.NEED_DATA:
            self.http.receive_data(await self.reader.read(READ))
        return event

    async def _send(self, status: int, answer: dict[str, Any]) -> None:
        body = orjson.dumps(answer)
        headers = [("content-type", "application/json"), ("content-length", str(len(body)))]
        parts = [
            self.http.send(h11.Response(status_code=status, headers=headers)),
            self.http.send(h11.Data(data=body)),
            self.http.send(h11.EndOfMessage()),
        ]
        self.writer.write(b"".join(part for part in parts if part))
        await self.writer.drain()
