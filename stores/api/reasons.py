"""Why an admin writes in somebody's shop: asked for wherever a shop's people may write."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from shopguard.lib.api.bodies import InputSerializer
from shopguard.lib.api.problems import FieldError, InvalidRequest
from stores.access import MEMBERS
from stores.api.base import ApiRequest

REASON_CHARS = 500
ABOUT_REASON = _("管理员改别人的店铺要写理由。")
# Of a DELETE, which has no body.
REASON = OpenApiParameter(
    "reason", {"type": "string", "maxLength": REASON_CHARS}, description=ABOUT_REASON
)


class ReasonInput(InputSerializer):
    """A write in a shop: its own people need no reason."""

    reason = serializers.CharField(
        max_length=REASON_CHARS, required=False, default="", allow_blank=True,
        help_text=ABOUT_REASON,
    )  # fmt: skip


def reason_said(request: ApiRequest, said: dict[str, Any], place: str = "body") -> str:
    """Why it is changed. Raises InvalidRequest when an admin does not say."""
    reason: str = said["reason"].strip()
    if request.role not in MEMBERS and not reason:
        raise InvalidRequest([FieldError(place, "reason", _now("写明修改理由。"))])
    return reason


def reasoned(wanted: type[ReasonInput], request: ApiRequest) -> dict[str, Any]:
    """What was said, with the reason. Raises ValidationError and InvalidRequest."""
    given = wanted(data=request.data)
    given.is_valid(raise_exception=True)
    said: dict[str, Any] = dict(given.validated_data)
    return said | {"reason": reason_said(request, said)}


def reason_asked(request: ApiRequest) -> str:
    """The same of a request that says it in its address."""
    reason: str = request.query_params.get("reason", "")
    if len(reason) > REASON_CHARS:
        raise InvalidRequest([FieldError("query", "reason", _now("理由太长。"))])
    return reason_said(request, {"reason": reason}, place="query")
