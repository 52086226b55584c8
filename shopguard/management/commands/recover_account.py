"""`python manage.py recover_account NAME [--keep-password] [--second-factor] [--no-input]`."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from stores.models import User
from stores.selectors.people import user_named
from stores.services.people import password_change
from stores.services.second_factor import second_factor_reset, sessions_end

ACTOR = "command:recover_account"
PASSWORD_VARIABLE = "NEW_PASSWORD"


class Command(BaseCommand):
    """Lets somebody in again who lost password, phone and backup codes. Ends every session."""

    help = (
        "Set a new password and, with --second-factor, forget the authenticator app. The password "
        f"is asked for, with --no-input it is taken from {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, what of it, and whether to ask."""
        parser.add_argument("username", help="name or e-mail address to sign in with")
        parser.add_argument("--keep-password", action="store_true", help="leave the password")
        parser.add_argument(
            "--second-factor", action="store_true", help="forget app and backup codes"
        )
        parser.add_argument("--no-input", action="store_true", help="never ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what was asked for, all of it or nothing; exit status 1 with the reason."""
        user = user_named(options["username"])
        if user is None:
            raise CommandError(f"There is nobody called {options['username']}.")
        if options["keep_password"] and not options["second_factor"]:
            raise CommandError("Nothing to do: --keep-password goes with --second-factor.")
        password = "" if options["keep_password"] else _password(ask=not options["no_input"])
        try:
            _recover(user, password, second_factor=options["second_factor"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{user.get_username()} can sign in again; every session has ended.")
        if options["second_factor"] and user.is_admin:
            self.stdout.write("A new authenticator app is set up at the next sign-in.")


def _password(*, ask: bool) -> str:
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if not password and ask:
        password = getpass("New password: ")
    if not password:
        raise CommandError(f"No password: set {PASSWORD_VARIABLE} or leave --no-input away.")
    return password


@transaction.atomic
def _recover(user: User, password: str, *, second_factor: bool) -> None:
    if password:
        password_change(actor=ACTOR, user=user, password=password)
        sessions_end(user=user)
    if second_factor:
        second_factor_reset(actor=ACTOR, user=user)
