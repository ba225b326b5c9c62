"""`manage.py token NAME` prints a new access token, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotation.models import User
from annotation.services.accounts import token_create


class Command(BaseCommand):
    """Make an access token."""

    help = "Make an access token for an account and print it; it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose token."""
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(
                f"There is no account {options['username']}; make it with manage.py createuser."
            )
        _, secret = token_create(user=user, name=options["name"])
        self.stdout.write(secret)
