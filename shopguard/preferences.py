"""Language and theme: chosen in the header, kept in a cookie and with the person.

The cookie serves the sign-in page; the person's record carries the choice to the next device.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.translation import gettext as _

from stores.access import WRITE, public, safe_next
from stores.models import User
from stores.services.people import preference_set

THEME_COOKIE = "theme"
SYSTEM = "system"
THEMES = ("light", "dark", SYSTEM)
COOKIE_SECONDS = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """``light`` or ``dark`` where the person or this browser chose one, otherwise empty."""
    chosen = getattr(getattr(request, "user", None), "theme", "")
    chosen = chosen or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in ("light", "dark") else ""


@public("the sign-in page has the switch too", methods=WRITE)
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back to the page the switch was on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("没有这种语言"))
    if isinstance(request.user, User):
        preference_set(user=request.user, language=chosen)
    return _remembered(request, settings.LANGUAGE_COOKIE_NAME, chosen)


@public("the sign-in page has the switch too", methods=WRITE)
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and what the device says."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest(_("没有这种外观"))
    if isinstance(request.user, User):
        preference_set(user=request.user, theme="" if chosen == SYSTEM else chosen)
    return _remembered(request, THEME_COOKIE, chosen)


def _remembered(request: HttpRequest, cookie: str, value: str) -> HttpResponseRedirect:
    """Back to the page the switch was on, with the choice in a cookie."""
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
    response.set_cookie(
        cookie,
        value,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
