"""What tests of the second factor share: the clock of day zero, the app, a browser half-way."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp

from stores.models import User
from stores.services.second_factor import second_factor_enrol
from stores.services.sign_in import Origin
from tests.factories import PASSWORD

PAGE = "/account/second-factor/"
SECRET = "3132333435363738393031323334353637383930"
NOW = datetime(2024, 3, 1, 4, tzinfo=UTC)
HERE = Origin("203.0.113.1")


def code_at(moment: datetime, secret: str = SECRET) -> str:
    """What the app shows at a moment."""
    passed = int((moment - datetime.now(UTC)).total_seconds())
    return f"{totp(bytes.fromhex(secret), drift=passed // 30):06}"


def enrolled(user: User) -> list[str]:
    codes = second_factor_enrol(user=user, secret=SECRET, code=code_at(NOW), origin=HERE)
    assert codes is not None
    return codes


def half_way(user: User) -> Client:
    """A browser after the password."""
    client = Client()
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return client


def typed(client: Client, code: str, **more: Any) -> HttpResponse:
    return client.post(PAGE, {"code": code, **more})  # type: ignore[return-value]


def now() -> datetime:
    return datetime.now(UTC)
