"""Signing in, throttled so that guessing does not pay and nobody can lock somebody else out.

Failed tries are counted in sliding windows, in the database, so that several web processes and a
burst of parallel requests share one count. A try is counted *before* its password is looked at and
forgiven when the password was right. Refused tries are not counted: whoever waits gets in again.

Three windows, the narrow ones low and the wide one high:

* account and address together stop somebody who guesses one password after the other,
* the address alone stops somebody who tries one password on many accounts,
* the account alone stops many addresses guessing at one account. It is high and short, because
  strangers could otherwise keep the owner out. A browser that the owner has signed in with before
  carries a signed token and is counted on its own, whatever strangers do elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from secrets import token_urlsafe
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from stores.models import SignInAttempt, User
from stores.selectors.people import user_named

SALT = "stores.sign_in"
DEVICE_COOKIE = "sg_device" if settings.IS_LOCAL else "__Host-sg_device"
DEVICE_AGE = timedelta(days=180)
UNKNOWN_ADDRESS = "unknown"


@dataclass(frozen=True)
class Window:
    """At most ``limit`` failed tries within ``length``, counted over the named columns."""

    columns: tuple[str, ...]
    limit: int
    length: timedelta


PAIR_WINDOW = Window(("account", "address"), 5, timedelta(minutes=15))
ADDRESS_WINDOW = Window(("address",), 20, timedelta(minutes=15))
ACCOUNT_WINDOW = Window(("account",), 60, timedelta(minutes=5))
STRANGER_WINDOWS = (PAIR_WINDOW, ADDRESS_WINDOW, ACCOUNT_WINDOW)
KNOWN_DEVICE_WINDOWS = (PAIR_WINDOW,)
# Codes of six digits: over all addresses no more than this, as there are only a million of them.
CODE_WINDOWS = (PAIR_WINDOW, Window(("account",), 10, timedelta(minutes=15)))
KEPT_FOR = timedelta(days=1)


class TooManyAttemptsError(Exception):
    """The throttle refused to look at the password; try again after ``wait``."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"try again in {ceil(wait.total_seconds())} seconds")
        self.wait = wait

    def sentence(self) -> str:
        """What the person is told: how long to wait, in whole minutes."""
        minutes = max(1, ceil(self.wait.total_seconds() / 60))
        text = ngettext(
            "尝试次数过多。请在 %(minutes)d 分钟后再试。",
            "尝试次数过多。请在 %(minutes)d 分钟后再试。",
            minutes,
        )
        return text % {"minutes": minutes}


@dataclass(frozen=True)
class Origin:
    """Where a try comes from: the client's address and the browser's device token, if any."""

    address: str
    device: str = ""


def origin_of(request: HttpRequest | None) -> Origin:
    """The origin of a request; a missing request counts as one unknown address."""
    if request is None:
        return Origin(UNKNOWN_ADDRESS)
    return Origin(client_address(request), request.COOKIES.get(DEVICE_COOKIE, ""))


def client_address(request: HttpRequest) -> str:
    """The client's address, read from X-Forwarded-For only as far as our own proxies wrote it.

    Each of the ``settings.TRUSTED_PROXIES`` proxies appends the address it saw, so that many
    entries from the right are ours and whatever stands before them is the client's own invention.
    IPv6 is cut to the /64 that one customer gets.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    chain = [
        *(hop.strip() for hop in forwarded if hop.strip()),
        request.META.get("REMOTE_ADDR", ""),
    ]
    trusted = chain[-(settings.TRUSTED_PROXIES + 1) :]
    for hop in trusted:
        try:
            address = ip_address(hop)
        except ValueError:
            continue
        if isinstance(address, IPv6Address):
            return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
        return str(address)
    return UNKNOWN_ADDRESS


def sign_in_check(*, name: str, password: str, origin: Origin) -> User | None:
    """The active person of that user name or e-mail address and password; None otherwise.

    Takes the same time for an unknown name and a wrong password. Raises TooManyAttemptsError when a
    window is full, without looking at the password.
    """
    person = user_named(name)
    attempt = _attempt_open(_account_key(person, name), *_place(person, origin))
    if person is None:
        User().set_password(password)  # costs what checking a password costs
        return None
    if not person.check_password(password) or not person.is_active:
        return None
    attempts_forgive(attempt)
    return person


def password_confirm(*, user: User, password: str, origin: Origin) -> bool:
    """Whether a signed-in person typed their own password, under the same throttle."""
    return sign_in_check(name=user.get_username(), password=password, origin=origin) == user


def code_attempt_open(*, user: User, origin: Origin) -> SignInAttempt:
    """Count a try at the second factor. Raises TooManyAttemptsError when a window is full."""
    return _attempt_open(_key(f"code:{user.pk}"), _key(f"address:{origin.address}"), CODE_WINDOWS)


def device_token(user: User) -> str:
    """A signed token that tells this person's browser from strangers at the throttle."""
    return signing.dumps([user.pk, token_urlsafe(12)], salt=SALT)


def _device_of(person: User | None, token: str) -> str:
    """The device's random part when the token was given to ``person``; empty otherwise."""
    if person is None or not token:
        return ""
    try:
        owner, device = signing.loads(token, salt=SALT, max_age=DEVICE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(device) if owner == person.pk else ""


def _place(person: User | None, origin: Origin) -> tuple[str, tuple[Window, ...]]:
    """The hashed place a try is counted at and the windows that apply there."""
    device = _device_of(person, origin.device)
    if device:
        return _key(f"device:{device}"), KNOWN_DEVICE_WINDOWS
    return _key(f"address:{origin.address}"), STRANGER_WINDOWS


def _account_key(person: User | None, name: str) -> str:
    """One key per account, however it is named; unknown names are counted as well."""
    return _key(f"user:{person.pk}" if person else f"name:{normalize('NFKC', name).casefold()}")


def _key(value: str) -> str:
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()


@transaction.atomic
def _attempt_open(account: str, address: str, windows: tuple[Window, ...]) -> SignInAttempt:
    """Count a try, or raise TooManyAttemptsError. The locks make parallel tries see one another."""
    at = timezone.now()
    with connection.cursor() as cursor:
        for key in sorted({account, address}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    attempt = SignInAttempt(account=account, address=address, at=at)
    waits = [_wait(attempt, window) for window in windows]
    if max(waits) > timedelta(0):
        raise TooManyAttemptsError(max(waits))
    attempt.save()
    return attempt


def _wait(attempt: SignInAttempt, window: Window) -> timedelta:
    """How long until the window has room again; zero when it has."""
    same = {column: getattr(attempt, column) for column in window.columns}
    times: list[datetime] = list(
        SignInAttempt.objects.filter(**same, at__gt=attempt.at - window.length)
        .order_by("-at")
        .values_list("at", flat=True)[: window.limit]
    )
    if len(times) < window.limit:
        return timedelta(0)
    return times[-1] + window.length - attempt.at


@transaction.atomic
def attempts_forgive(attempt: SignInAttempt) -> None:
    """Forget the failed tries of an account at one place, and what is too old to count anyway."""
    SignInAttempt.objects.filter(account=attempt.account, address=attempt.address).delete()
    SignInAttempt.objects.filter(at__lt=attempt.at - KEPT_FOR).delete()


class ThrottledBackend(ModelBackend):
    """Django's way in, through the same throttle as the sign-in page."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The person, or None. Raises PermissionDenied when the throttle refuses."""
        if username is None or password is None:
            return None
        try:
            return sign_in_check(name=username, password=password, origin=origin_of(request))
        except TooManyAttemptsError as refusal:
            raise PermissionDenied(str(refusal)) from refusal
