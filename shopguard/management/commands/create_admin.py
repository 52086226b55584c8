"""The first admin of an installation, or one more."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from stores.models import User
from stores.selectors.people import user_named
from stores.services.people import admin_grant, user_create

ACTOR = "command:create_admin"
PASSWORD_VARIABLE = "ADMIN_PASSWORD"


class Command(BaseCommand):
    """``create_admin NAME [--email ADDRESS] [--no-input]``.

    Unlike ``createsuperuser`` it checks the password everywhere and leaves an audit row.
    """

    help = (
        "Create an admin, or make an existing person one. The password is asked for, "
        f"with --no-input it is taken from {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, address, and whether to ask."""
        parser.add_argument("username", help="name to sign in with")
        parser.add_argument("--email", default="", help="also good for signing in")
        parser.add_argument("--no-input", action="store_true", help="never ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create or promote; exit status 1 with the reasons when the account is refused."""
        username: str = options["username"]
        existing = user_named(username)
        try:
            if existing is not None:
                admin_grant(actor=ACTOR, user=existing)
            else:
                self._create(username, options["email"], ask=not options["no_input"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{username} is an admin now.")

    def _create(self, username: str, email: str, *, ask: bool) -> User:
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if not password and ask:
            password = getpass("Password: ")
        if not password:
            raise CommandError(f"No password: set {PASSWORD_VARIABLE} or leave --no-input away.")
        return user_create(
            actor=ACTOR, username=username, password=password, email=email, is_admin=True
        )
