"""A whole Plaudit of the tests' own, and a program's way to talk to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from config.paths import BASE_DIR

START_SECONDS = 90
STOP_SECONDS = 60


class Server:
    """Everything that `manage.py demo` runs, on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "demo.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until the terminal would say that it runs."""
        own = {"PLAUDIT_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
        others = {"DATABASE_URL", "REDIS_URL", "PORT", "PLAUDIT_DEMO"}
        environment = {key: value for key, value in os.environ.items() if key not in others}
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--no-training", "--port", str(self.port)],
                cwd=BASE_DIR,
                env=environment | own,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while f"Plaudit runs at http://localhost:{self.port}".encode() not in self.log.read_bytes()[before:]:
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"the server does not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def family(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        try:
            supervisor = psutil.Process(self.process.pid)
            return [supervisor, *supervisor.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> list[psutil.Process]:
        """End it as Ctrl-C does; returns what is still alive after that."""
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        _gone, alive = psutil.wait_procs(family, timeout=2)
        return alive

    def kill(self) -> None:
        """End all of it at once, as a power cut does."""
        family = self.family()
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()
        psutil.wait_procs(family, timeout=10)


class Api:
    """A program that is signed in."""

    def __init__(self, server: Server, username: str = "demo", password: str = "demo") -> None:
        self.client = httpx.Client(base_url=f"{server.url}/api/v1", timeout=90)
        self.client.get("/session/")
        self.call("POST", "/session/", json={"username": username, "password": password})

    def call(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON; anything but success is an error with what the server said."""
        headers = {"X-CSRFToken": self.client.cookies.get("csrftoken", "")} | more.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **more)
        if not answer.is_success:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def get(self, path: str, **parameters: Any) -> Any:
        return self.call("GET", path, params=parameters)

    def post(self, path: str, data: Any) -> Any:
        return self.call("POST", path, json=data)

    def project_named(self, name: str) -> str:
        """The id of a project of this name."""
        projects = self.get("/projects/", limit=200)["results"]
        return next(str(one["id"]) for one in projects if one["name"] == name)

    def new_project(self, name: str, *, questions: list[dict[str, Any]], lines: list[dict[str, Any]]) -> str:
        """A project with prompts and outputs; returns its id."""
        data = {"name": name, "template": "custom", "questions": questions, "overlap": 1, "guidelines": ""}
        project: str = self.post("/projects/", data)["id"]
        if lines:
            report = self.call(
                "POST",
                f"/projects/{project}/imports/",
                params={"format": "native", "wait": 60},
                content=b"\n".join(orjson.dumps(line) for line in lines),
                headers={"Content-Type": "application/x-ndjson"},
            )
            assert report["prompts_created"] == len(lines), report
        return project

    def judgments(self, project: str, **filters: str) -> list[dict[str, Any]]:
        """Every judgment that the server has stored, oldest first."""
        found: list[dict[str, Any]] = self.get(f"/projects/{project}/judgments/", limit=1000, **filters)[
            "results"
        ]
        return sorted(found, key=lambda one: one["submitted_at"])

    def judgments_of(self, project: str, annotator: str) -> list[dict[str, Any]]:
        """What one annotator has said, oldest first."""
        return [one for one in self.judgments(project, annotator=annotator) if one["annotator"] == annotator]


COMPARISON = {
    "name": "overall",
    "kind": "comparison",
    "title": "Which is better?",
    "required": True,
    "strengths": 3,
    "ties": True,
    "both_bad": True,
}


def plain_lines(count: int) -> list[dict[str, Any]]:
    """Prompts with two outputs each, all of them different."""
    return [
        {
            "id": f"p{number}",
            "prompt": f"Question number {number}?",
            "completions": [
                {"id": "x", "text": f"The first answer to {number}."},
                {"id": "y", "text": f"The second answer to {number}."},
            ],
        }
        for number in range(count)
    ]
