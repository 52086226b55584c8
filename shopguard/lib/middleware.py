"""Middleware that knows no app: request numbers, security headers, the language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from shopguard.lib.request_ids import bind_request_id, release_request_id, request_id_from

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# The hash is that of the empty text: plotly adds an empty style element and fills it through the
# object model, which the policy then allows. No inline text of any kind gets past it.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {EMPTY_STYLE}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip
DEFAULT_CACHE_CONTROL = "private, no-store"


class RequestIdMiddleware:
    """Numbers every request and tells the number in ``X-Request-ID``.

    A number sent by the client is taken over only when it is a short plain identifier, so that
    nothing a stranger writes can break a log line, a header or the column of the audit log.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with its number bound."""
        request_id = request_id_from(request.headers.get("X-Request-ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        token = bind_request_id(request_id)
        try:
            response = self.get_response(request)
        finally:
            release_request_id(token)
        response["X-Request-ID"] = request_id
        return response


class ContentSecurityPolicyMiddleware:
    """The strict policy on every response, and no copies of pages in caches.

    A response that says itself how it may be cached keeps its word; everything else is for one
    person and for now.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to whatever the rest answers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", DEFAULT_CACHE_CONTROL)
        return response


def chosen_language(request: HttpRequest) -> str:
    """The language of the person, else of the browser's cookie, else Chinese.

    What the browser announces as its own language does not count: the product is Chinese until
    somebody switches.
    """
    known = dict(settings.LANGUAGES)
    for choice in (
        getattr(request.user, "language", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
    ):
        if choice in known:
            return choice
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Answers every request in the language somebody chose. Stands behind authentication."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the language active; it is put back afterwards."""
        language = chosen_language(request)
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response
