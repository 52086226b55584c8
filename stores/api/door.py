"""How a program comes to the door: with a token in a header, or with the session of a browser."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from shopguard.lib.api.problems import answers_problems, problem
from stores.models import ApiToken, User
from stores.services.tokens import token_use

SCHEME = "bearer"


class TokenMiddleware:
    """Reads the token of a request before the door asks who it is.

    Stands behind authentication. A token that is no good is refused at once, whatever session the
    request carries besides, so that nobody acts as somebody they did not mean to be.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Make the token's person the one who asks."""
        request.api_token = None
        header = request.headers.get("Authorization", "")
        if not header or not answers_problems(request.path_info):
            return self.get_response(request)
        scheme, _space, secret = header.partition(" ")
        token = token_use(secret=secret.strip()) if scheme.lower() == SCHEME else None
        if token is None:
            detail = _("这个令牌无效、已过期或已停用。请在“API 令牌”页面新建一个。")
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return problem(request, 401, detail=detail, headers=challenge)
        request.api_token, request.user = token, token.user
        # No browser sends a token by itself, so no other site can make one write with it.
        request._dont_enforce_csrf_checks = True
        return self.get_response(request)


class DoorAuthentication(BaseAuthentication):
    """Takes over who passed the door, where a session had to bring its CSRF token for a write."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken | None]:
        """The person, and the token they used if any."""
        asked: Any = request._request
        return asked.user, asked.api_token


class TokenMayWrite(BasePermission):
    """A token that only reads writes nothing."""

    message = gettext_lazy("这个令牌只能读取。请换一个可写的令牌。")

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the method is one the token is for."""
        token: Any = request.auth
        return token is None or token.can_write or request.method in SAFE_METHODS


class DoorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes both ways in."""

    target_class = DoorAuthentication
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """The two schemes."""
        about_token = _("在“API 令牌”页面新建；以新建它的人的身份行事。")
        about_session = _("浏览器登录；写入时还要带 X-CSRFToken 头。")
        return [
            {"type": "http", "scheme": SCHEME, "description": about_token},
            {
                "type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME,
                "description": about_session,
            },
        ]  # fmt: skip

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Either of them."""
        return [{"token": []}, {"session": []}]
