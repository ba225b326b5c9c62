"""Annotators at full speed: each a process of its own with one kept connection, so that they cost the server nothing."""

from __future__ import annotations

import random
import secrets
import socket
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import orjson


@dataclass
class Tally:
    """What one annotator did: uuids that the server said it has stored, and seconds by kind of request."""

    stored: list[str] = field(default_factory=list)
    surplus: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    next_seconds: list[float] = field(default_factory=list)
    put_seconds: list[float] = field(default_factory=list)


def bearer(token: str) -> dict[str, str]:
    """The headers of a program."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def browser(session: str) -> dict[str, str]:
    """The headers of a browser that is signed in: the session's cookie, and the CSRF token twice."""
    token = secrets.token_hex(16)
    return {
        "Cookie": f"csrftoken={token}; sessionid={session}",
        "X-CSRFToken": token,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


class Connection:
    """One kept connection that sends small requests at once."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        """Connect when first used."""
        self.http = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = headers

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and parsed body."""
        if self.http.sock is None:
            self.http.connect()
            assert self.http.sock is not None
            self.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.http.request(
            method, f"/api/v1{path}", None if body is None else orjson.dumps(body), self.headers
        )
        response = self.http.getresponse()
        answer = response.read()
        return response.status, orjson.loads(answer) if answer else None


def label(port: int, headers: dict[str, str], project: int, until: float, seed: int) -> Tally:
    """Rank whatever the queue gives until the wall clock says `until` or the queue is empty."""
    chance, tally, connection = random.Random(seed), Tally(), Connection(port, headers)
    while time.time() < until:
        begin = time.perf_counter()
        status, queue = connection.ask("GET", f"/projects/{project}/queue/?count=1")
        tally.next_seconds.append(time.perf_counter() - begin)
        if status != 200:
            tally.refused[status] = tally.refused.get(status, 0) + 1
            continue
        if not queue["items"]:
            break
        item = queue["items"][0]
        ranking = [[completion] for completion in chance.sample(item["shown"], len(item["shown"]))]
        body = {
            "lease": item["lease"],
            "answers": {"order": {"tiers": ranking}},
            "shown": item["shown"],
            "active_ms": 1000,
        }
        name = str(uuid.uuid4())
        begin = time.perf_counter()
        status, answer = connection.ask("PUT", f"/judgments/{name}/", body)
        tally.put_seconds.append(time.perf_counter() - begin)
        if status in (200, 201):
            tally.stored.append(name)
            tally.surplus += answer["surplus"]
        else:
            tally.refused[status] = tally.refused.get(status, 0) + 1
    return tally
