"""`manage.py createuser NAME --password P [--superuser]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotation.errors import DomainError
from annotation.services.accounts import user_create


class Command(BaseCommand):
    """Make an account."""

    help = "Make an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, password, rights."""
        parser.add_argument("username")
        parser.add_argument("--password", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--superuser", action="store_true", help="admin of every project")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why not."""
        try:
            user = user_create(
                username=options["username"],
                password=options["password"],
                email=options["email"],
                superuser=options["superuser"],
                any_password=True,
            )
        except DomainError as error:
            reasons = [message for messages in error.fields.values() for message in messages]
            raise CommandError(" ".join([error.message, *reasons])) from None
        self.stdout.write(f"{user.username} can sign in.")
