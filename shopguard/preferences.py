"""Language and theme: chosen in the header, kept in a cookie and with the person.

The cookie serves the sign-in page and saves a query; the person's record carries the choice to the
next device.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stores.models import User

THEME_COOKIE = "theme"
# "system" leaves the choice to the device and is what an empty choice means.
THEMES = ("light", "dark", "system")
COOKIE_SECONDS = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """``light`` or ``dark`` where one was chosen, otherwise empty."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
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


class PreferencesMiddleware:
    """Brings a person's stored choices to a browser that has no cookie of them yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the stored language and theme for this request and set their cookies."""
        wanted = self._stored(request)
        language, theme = wanted.get(settings.LANGUAGE_COOKIE_NAME), wanted.get(THEME_COOKIE)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        if theme:
            request.COOKIES[THEME_COOKIE] = theme
        response = self.get_response(request)
        for cookie, value in wanted.items():
            if cookie not in response.cookies:
                _set_cookie(response, cookie, value)
        return response

    def _stored(self, request: HttpRequest) -> dict[str, str]:
        missing = {
            cookie: attribute
            for cookie, attribute in (
                (settings.LANGUAGE_COOKIE_NAME, "language"),
                (THEME_COOKIE, "theme"),
            )
            if cookie not in request.COOKIES
        }
        if not missing or not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return {}
        if not isinstance(request.user, User):
            return {}
        stored = {cookie: getattr(request.user, attribute) for cookie, attribute in missing.items()}
        return {cookie: value for cookie, value in stored.items() if value}


def _remember(
    request: HttpRequest, response: HttpResponse, cookie: str, attribute: str, value: str
) -> None:
    _set_cookie(response, cookie, value)
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(**{attribute: value})


def _set_cookie(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=COOKIE_SECONDS, samesite="Lax", secure=not settings.IS_LOCAL
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else "/")
