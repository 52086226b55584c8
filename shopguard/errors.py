"""What people see when something goes wrong: a sentence, what to do, and the request's number."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shopguard.lib.api.problems import answers_problems, problem
from shopguard.lib.request_ids import current_request_id
from shopguard.preferences import THEME_COOKIE

RETRY_AFTER_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself is malformed, for instance its host."""
    return _detached(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person is known, the shop is theirs, the role is not enough."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was sent without its token, mostly because the page was left open too long."""
    if answers_problems(request.path_info):
        return problem(request, 403, detail=_("用浏览器登录写入时要带 X-CSRFToken 头。"))
    return _page(request, 403, is_csrf=True)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing at this address for this person."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After when the database could not be reached."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        response = _detached(request, 503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _detached(request, 500)


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """An error page inside the product's frame, with the way back."""
    if answers_problems(request.path_info):
        return problem(request, status)
    context = {"status": status, "request_id": current_request_id(), **context}
    return render(request, f"errors/{status}.html", context, status=status)


def _detached(request: HttpRequest, status: int) -> HttpResponse:
    """An error page that asks nothing of the session or the database."""
    if answers_problems(request.path_info):
        return problem(request, status)
    context = {
        "status": status,
        "request_id": current_request_id(),
        "shell": {
            "is_english": (get_language() or "").startswith("en"),
            "theme": request.COOKIES.get(THEME_COOKIE, ""),
        },
    }
    return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)
