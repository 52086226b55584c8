"""One click into the demo: only where the setting allows it, and only as one of its people."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from shopguard.demo.cast import DEMO_SIGN_INS, DemoSignIn
from shopguard.shell import ROLE_WORDS
from stores.access import SECOND_FACTOR, WRITE, public, safe_next
from stores.models import User
from stores.selectors.people import user_named
from stores.services.second_factor import Way
from stores.views.sign_in import session_open


@dataclass(frozen=True)
class DemoAccount:
    """A button of the sign-in page."""

    key: str
    role: str
    caption: str


@public("the demo's people sign in with one click where DEMO_SIGN_IN is on", methods=WRITE)
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session of a demo person; 404 where there is no demo or no such person in it."""
    user = _demo_user(request.POST.get("account", ""))
    if user is None:
        raise Http404
    session_open(request, user, stay=False)
    return redirect(safe_next(request, request.POST.get("next", "")))


@receiver(user_logged_in)
def waive_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    """The demo's admin needs no code, whichever way in: there is no phone in a demo.

    Only where DEMO_SIGN_IN is on, and only for the account as the demo made it.
    """
    if user.is_admin and _demo_user(user.get_username()) is not None:
        request.session[SECOND_FACTOR] = Way.WAIVED.value


def demo_accounts(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the buttons of the sign-in page, worked out only where they are drawn."""
    return {"demo_accounts": SimpleLazyObject(_buttons)}


def _buttons() -> list[DemoAccount]:
    is_english = (get_language() or "").startswith("en")
    return [
        DemoAccount(
            person.username,
            str(ROLE_WORDS[person.role]),
            person.caption_en if is_english else person.caption_zh,
        )
        for person in DEMO_SIGN_INS
        if _demo_user(person.username) is not None
    ]


def _demo_user(username: str) -> User | None:
    """The account of a demo person as the demo made it, never somebody else's of that name.

    The demo's password still opening it is what tells the two apart.
    """
    person = _person(username)
    if person is None:
        return None
    user = user_named(person.username)
    is_ours = user is not None and user.is_active and _opens(person.password, user.password)
    return user if is_ours else None


@lru_cache(maxsize=8)
def _opens(password: str, stored: str) -> bool:
    """Remembered, or every look at the sign-in page would cost three slow hashes."""
    return check_password(password, stored)


def _person(username: str) -> DemoSignIn | None:
    if not settings.DEMO_SIGN_IN:
        return None
    return next((person for person in DEMO_SIGN_INS if person.username == username), None)
