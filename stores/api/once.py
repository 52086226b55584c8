"""``@once``: a write under an ``Idempotency-Key`` happens once, however often it is sent.

The same key with the same content gets the same answer again (marked ``Idempotency-Replayed``);
with other content it is 422; while the first is being answered it is 409. Only what succeeded is
kept, so a refused request can be mended and sent under its key. A POST must carry a key. Secrets
that are told once (:func:`told_once`) are not kept.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from shopguard.lib.api.problems import FieldError, InProgress, InvalidRequest, KeyReused
from shopguard.lib.api.schema import KEY_HEADER, MOST_KEY_CHARS
from stores.models import KeptAnswer
from stores.services.once import (
    KeyTakenError,
    SameRequestRunningError,
    answer_keep,
    answer_recall,
)

Handler = Callable[..., HttpResponseBase]
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(rf"[!-~]{{1,{MOST_KEY_CHARS}}}")


def once(handler: Handler) -> Handler:
    """Decorate a handler that writes; it runs in one transaction with its kept answer."""

    @wraps(handler)
    def run(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = _key_of(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        same: dict[str, Any] = {
            "user": request.user, "key": key, "fingerprint": fingerprint_of(request),
        }  # fmt: skip
        with transaction.atomic():
            kept = _recalled(same)
            if kept is not None:
                return _again(kept)
            response: Any = handler(view, request, *args, **kwargs)
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                return response  # type: ignore[no-any-return]
            data = getattr(response, "kept", response.data)
            body = "" if data is None else JSONRenderer().render(data).decode()
            answer_keep(
                **same, status=response.status_code, body=body,
                location=response.headers.get("Location", ""),
            )  # fmt: skip
        return response  # type: ignore[no-any-return]

    run.is_once = True  # type: ignore[attr-defined]
    return run


def told_once(body: dict[str, Any], *secrets: str, status: int = 200) -> Response:
    """An answer with ``secrets`` that are kept nowhere: to a repeat they are null."""
    response = Response(body, status=status)
    response.kept = body | dict.fromkeys(secrets)  # type: ignore[attr-defined]
    return response


def is_once(handler: Handler) -> bool:
    """Whether a handler is decorated."""
    return getattr(handler, "is_once", False)


def fingerprint_of(request: Request) -> str:
    """A hash of method, path and content; files count by what is in them."""
    data = request.data
    if hasattr(data, "lists"):
        data = [[name, [_content(value) for value in values]] for name, values in data.lists()]
    text = json.dumps([request.method, request.path, data], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _key_of(request: Request) -> str | None:
    """The key; None when there is none and none is needed. Raises InvalidRequest."""
    key: str | None = request.headers.get(KEY_HEADER)
    if key is None and request.method == "POST":
        detail = _("新建时请带上你自选的唯一键，例如一个 UUID。")
        raise InvalidRequest([FieldError("header", KEY_HEADER, detail)])
    if key is not None and not KEY.fullmatch(key):
        detail = _("请用 1 到 %(most)d 个不含空格的 ASCII 字符。") % {"most": MOST_KEY_CHARS}
        raise InvalidRequest([FieldError("header", KEY_HEADER, detail)])
    return key


def _recalled(same: dict[str, Any]) -> KeptAnswer | None:
    try:
        return answer_recall(**same)
    except SameRequestRunningError as error:
        raise InProgress from error
    except KeyTakenError as error:
        raise KeyReused from error


def _again(kept: KeptAnswer) -> HttpResponse:
    headers = {REPLAYED: "true"}
    if kept.location:
        headers["Location"] = kept.location
    return HttpResponse(
        kept.body, status=kept.status, content_type="application/json", headers=headers
    )
