"""Errors of the API as problem details (RFC 9457), one shape for whatever went wrong.

    {"type": "/api/docs/#problem-invalid", "title": "…", "status": 400, "detail": "…",
     "instance": "/api/v1/shops/", "request_id": "…",
     "errors": [{"in": "query", "name": "page_size", "detail": "…"}]}

``type`` is the place in the documentation that explains the problem. ``errors`` names every field
at fault and is there only when fields are.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.encoding import escape_uri_path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from shopguard.lib.refusals import sentence_of
from shopguard.lib.request_ids import current_request_id

API_PREFIX = "/api/"
DOCS_PREFIX = "/api/docs/"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its name in ``type``, its title and what to do about it."""

    code: str
    title: Promise
    advice: Promise


PROBLEMS: dict[int, ProblemKind] = {
    400: ProblemKind("invalid", _("请求有误"), _("请按 errors 里的说明改正后再发。")),
    401: ProblemKind(
        "sign-in-required", _("请先登录"), _("请带上有效的令牌：Authorization: Bearer <令牌>。")
    ),
    403: ProblemKind(
        "not-allowed", _("没有这个权限"), _("你在这家店铺的角色或这个令牌不能做这件事。")
    ),
    404: ProblemKind("not-found", _("没有找到"), _("这个地址没有内容，或者不是你能看的。")),
    405: ProblemKind(
        "method-not-allowed", _("不支持这个方法"), _("Allow 头列出了这个地址支持的方法。")
    ),
    406: ProblemKind(
        "not-acceptable", _("没有这种格式"), _("这里只回答 application/json，请改 Accept 头。")
    ),
    409: ProblemKind(
        "conflict",
        _("现在不能这样做"),
        _("同样的请求正在处理就按 Retry-After 稍后用同一个键再试；否则先读一遍现在的状态。"),
    ),
    413: ProblemKind("too-large", _("内容太大"), _("请把内容分小后再发。")),
    415: ProblemKind(
        "unsupported-media-type", _("不支持这种内容类型"), _("请改 Content-Type 头。")
    ),
    422: ProblemKind(
        "key-reused",
        _("幂等键已用于别的请求"),
        _("同一个 Idempotency-Key 只能重发完全相同的请求，请换一个新键。"),
    ),
    429: ProblemKind("too-many-requests", _("请求太多"), _("请按 Retry-After 稍后再试。")),
    500: ProblemKind("internal", _("内部错误"), _("这不是你的问题。请把 request_id 告诉管理员。")),
    503: ProblemKind("unavailable", _("暂时不可用"), _("请按 Retry-After 稍后再试。")),
}


@dataclass(frozen=True)
class FieldError:
    """One field at fault: where it stands (``query``, ``body`` or ``header``) and why."""

    place: str
    name: str
    detail: str

    def as_json(self) -> dict[str, str]:
        """The entry of ``errors``."""
        return {"in": self.place, "name": self.name, "detail": self.detail}


class InvalidRequest(exceptions.APIException):
    """400 for fields that are not in the body."""

    status_code = 400

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = errors


class InProgress(exceptions.APIException):
    """409: the same request is being answered right now."""

    status_code = 409
    wait = 1


class Conflict(exceptions.APIException):
    """409: the thing no longer stands where this can be done; ``detail`` says where it stands."""

    status_code = 409


@contextmanager
def refused_as_conflict(*refusals: type[Exception]) -> Iterator[None]:
    """Answer 409 with the sentence of a service that refuses. Raises Conflict."""
    try:
        yield
    except refusals as refusal:
        raise Conflict(sentence_of(refusal)) from refusal


@contextmanager
def refused_as_invalid(name: str, *refusals: type[Exception]) -> Iterator[None]:
    """Answer 400 for a field of the body with the sentence of a service that refuses.

    Raises InvalidRequest.
    """
    try:
        yield
    except refusals as refusal:
        raise InvalidRequest([FieldError("body", name, sentence_of(refusal))]) from refusal


class TooLarge(exceptions.APIException):
    """413: more than the API reads."""

    status_code = 413


class KeyReused(exceptions.APIException):
    """422: the idempotency key belongs to another request."""

    status_code = 422


def answers_problems(path: str) -> bool:
    """Whether errors at this path are for programs; the documentation is a page for people."""
    return path.startswith(API_PREFIX) and not path.startswith(DOCS_PREFIX)


def problem(
    request: HttpRequest,
    status: int,
    *,
    detail: str = "",
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A problem as a response. Without ``detail`` it says what to do about this kind."""
    kind = PROBLEMS.get(status)
    body: dict[str, Any] = {
        "type": f"{DOCS_PREFIX}#problem-{kind.code}" if kind else "about:blank",
        "title": str(kind.title) if kind else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or (str(kind.advice) if kind else ""),
        "instance": escape_uri_path(request.path),
        "request_id": current_request_id(),
    }
    if errors:
        body["errors"] = [error.as_json() for error in errors]
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def handle_exception(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Turn what a view raised into a problem; None for what nobody foresaw (that becomes 500)."""
    request = context["request"]._request
    if isinstance(error, Http404):
        return problem(request, 404)
    if isinstance(error, PermissionDenied):
        return problem(request, 403)
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        return problem(request, 400, errors=list(_field_errors(error.detail)))
    errors = error.errors if isinstance(error, InvalidRequest) else ()
    return problem(
        request, error.status_code, detail=_detail_of(error), errors=errors, headers=_headers(error)
    )


def _detail_of(error: exceptions.APIException) -> str:
    """The error's own sentence where it says more than its kind does."""
    if isinstance(error, exceptions.ParseError | exceptions.PermissionDenied | Conflict):
        return str(error.detail)
    return ""


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(ceil(wait))
    return headers


def _field_errors(detail: Any, name: str = "") -> Iterator[FieldError]:
    """The errors of a serializer as a flat list; nested names are joined by dots."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            own = "" if key == "non_field_errors" else str(key)
            yield from _field_errors(inner, ".".join(part for part in (name, own) if part))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _field_errors(inner, f"{name}.{place}" if nested else name)
    else:
        yield FieldError("body", name, str(detail))
