"""`manage.py demo`: a demo project with simulated judgments and first models, then everything as `up` does."""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from annotation.demo.projects import DEMO_PROJECT
from annotation.models import Project, User
from annotation.models.projects import Allocation
from annotation.services.accounts import user_create
from annotation.services.demo import demo_load
from config.management.commands.up import check_port
from training.models import TrainingRun, Trigger
from training.services.policies import policy_set
from training.services.runs import run_create
from training.tasks import train

DEMO_NAME = DEMO_PASSWORD = "demo"  # noqa: S105 - printed at the start, for a machine of one's own
DATA = {"questions": [], "annotator_kinds": ["human", "simulated"], "since": None}
EVALUATION = {"scheme": "cross-validation", "folds": 5}
POLICY = {
    "enabled": True,
    "every_labels": None,
    "quiet_seconds": 30,
    "every_minutes": None,
    "models": [{"kind": "linear"}],
    "data": DATA,
    "promotion": "if-better",
}
FIRST_MODELS = ({"kind": "linear"}, {"kind": "ensemble"})


class Command(BaseCommand):
    """Load the demo once, then run."""

    help = "Load the demo (once), train its first models, and run everything until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--prepare-only", action="store_true", help="load and train, do not serve")
        parser.add_argument("--no-training", action="store_true", help="leave the first models to be trained")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare what is missing; a second call finds everything there."""
        if not options["prepare_only"]:
            check_port(options["host"], options["port"])
        call_command("migrate", verbosity=0, interactive=False)
        user = User.objects.filter(username=DEMO_NAME).first() or user_create(
            username=DEMO_NAME, password=DEMO_PASSWORD, superuser=True, any_password=True
        )
        for project, created in demo_load(owner=user, now=timezone.now()):
            if created:
                self.say(f"  loaded “{project.name}”")
        if not options["no_training"]:
            self.train_first(user)
        if not options["prepare_only"]:
            os.environ["PLAUDIT_DEMO"] = "1"
            settings.DEMO = True
            call_command("up", host=options["host"], port=options["port"], open=can_show_a_page())

    def train_first(self, user: User) -> None:
        """Fit the demo's first models, where it has none yet."""
        project = Project.objects.filter(
            owner=user, is_demo=True, name=DEMO_PROJECT["name"], deleted_at=None
        ).first()
        if project is None or TrainingRun.objects.filter(project=project).exists():
            return
        # No broker runs yet, so that a run's message is not sent; it is trained here instead.
        logging.getLogger("training.services.runs").setLevel(logging.ERROR)
        for model in FIRST_MODELS:
            self.say(f"  training the first {model['kind']} model ...")
            request = {"model": model, "data": DATA, "evaluation": EVALUATION}
            run = run_create(project=project, request=request, user=user, trigger=Trigger.DEMO)
            train(run.id)
            run.refresh_from_db()
            if run.error:
                self.say(f"  it failed: {run.error['message']} (see its page)")
        policy_set(project=project, data=POLICY)
        self.leave_to_worker(user)

    def leave_to_worker(self, user: User) -> None:
        """Queue the model that tells whether choosing items pays; it is trained while people look around."""
        project = Project.objects.filter(
            owner=user, is_demo=True, allocation=Allocation.UNCERTAIN_FIRST, deleted_at=None
        ).first()
        if project is None or TrainingRun.objects.filter(project=project).exists():
            return
        request = {"model": FIRST_MODELS[0], "data": DATA, "evaluation": EVALUATION}
        run = run_create(project=project, request=request, user=user, trigger=Trigger.DEMO)
        # No message was sent, as no broker runs yet; without a sign of life the coordinator sends one at once.
        TrainingRun.objects.filter(id=run.id).update(heartbeat_at=None)

    def say(self, text: str) -> None:
        """Tell the person at the terminal, at once."""
        self.stdout.write(text)
        self.stdout.flush()


def can_show_a_page() -> bool:
    """Whether somebody sits in front of this machine with a browser."""
    shown = sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return shown and sys.stdout.isatty() and "SSH_CONNECTION" not in os.environ
