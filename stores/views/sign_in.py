"""The way in and out."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from stores.access import FORM, SESSION_ENDS_AT, WRITE, public, safe_next, signed_in
from stores.forms import SignInForm
from stores.models import User
from stores.services.sign_in import (
    DEVICE_AGE,
    DEVICE_COOKIE,
    TooManyAttemptsError,
    device_token,
    origin_of,
    sign_in_check,
)

BACKEND = "stores.services.sign_in.ThrottledBackend"
STAY = timedelta(seconds=settings.SESSION_COOKIE_AGE)
# Without the wish to stay a session ends with the browser, and at the latest after a working day.
WORKING_DAY = timedelta(hours=12)


@public("nobody is signed in before signing in", methods=FORM)
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; with the right name and password open a session and go where one wanted."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if request.user.is_authenticated:
        return redirect(safe_next(request, wanted))
    form = SignInForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            user = _person(request, form)
        except TooManyAttemptsError as refusal:
            form.add_error(None, refusal.sentence())
            status = 429
        else:
            if user is not None:
                session_open(request, user, stay=form.cleaned_data["remember"])
                return device_remember(redirect(safe_next(request, wanted)), user)
            form.add_error(None, _("账号或密码不正确。请检查大小写后再试。"))
    return render(request, "registration/login.html", {"form": form, "next": wanted}, status=status)


def _person(request: HttpRequest, form: SignInForm) -> User | None:
    return sign_in_check(
        name=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        origin=origin_of(request),
    )


def session_open(request: HttpRequest, user: User, *, stay: bool) -> None:
    """Open a session under a new key; it ends with the browser unless the person wants to stay."""
    login(request, user, backend=BACKEND)
    lasts = STAY if stay else WORKING_DAY
    request.session.set_expiry(int(STAY.total_seconds()) if stay else 0)
    request.session[SESSION_ENDS_AT] = int((timezone.now() + lasts).timestamp())


def device_remember(response: HttpResponse, user: User) -> HttpResponse:
    """Mark the browser as one this person has signed in with, for the throttle."""
    response.set_cookie(
        DEVICE_COOKIE,
        device_token(user),
        max_age=DEVICE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@signed_in(methods=WRITE, before_second_factor=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and on the server."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
