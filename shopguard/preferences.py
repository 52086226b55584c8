"""Language and theme: chosen in the header, kept in a cookie and with the person.

The cookie serves the sign-in page; the person's record carries the choice to the next device.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stores.models import User
from stores.services.people import preference_set

THEME_COOKIE = "theme"
# "system" leaves the choice to the device and is what an empty choice means.
THEMES = ("light", "dark", "system")
COOKIE_SECONDS = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """``light`` or ``dark`` where the person or this browser chose one, otherwise empty."""
    chosen = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get(
        THEME_COOKIE, ""
    )
    return chosen if chosen in ("light", "dark") else ""


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back to the page the switch was on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("没有这种语言"))
    response = _back(request)
    _remember(request, response, settings.LANGUAGE_COOKIE_NAME, "language", chosen)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and what the device says."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest(_("没有这种外观"))
    response = _back(request)
    _remember(request, response, THEME_COOKIE, "theme", chosen)
    return response


def _remember(
    request: HttpRequest, response: HttpResponse, cookie: str, attribute: str, value: str
) -> None:
    response.set_cookie(
        cookie, value, max_age=COOKIE_SECONDS, samesite="Lax", secure=not settings.IS_LOCAL
    )
    if isinstance(request.user, User):
        preference_set(user=request.user, **{attribute: value})


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else "/")
