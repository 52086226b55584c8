"""邀请码: the codes that open the fast lane of applications."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, RowId
from stores.api.base import ONBOARDING, AdminView, ApiList, ApiRequest
from stores.api.once import once
from stores.models import InvitationCode
from stores.selectors.onboarding import invitations_made
from stores.services.onboarding import MOST_USES, NOTE_CHARS, invitation_create


class InvitationSerializer(ReadSerializer):
    """A code."""

    id = RowId(source="pk", read_only=True, help_text=_("邀请码的编号。"))

    class Meta:
        model = InvitationCode
        fields = ("id", "code", "uses_left", "valid_until", "note", "created_by", "created_at")
        extra_kwargs = {
            "code": {"help_text": _("申请人填的码。")},
            "uses_left": {"help_text": _("还能用几次。")},
            "valid_until": {"help_text": _("有效到哪一天（上海）。")},
            "note": {"help_text": _("给谁的。")},
            "created_by": {"help_text": _("谁生成的。")},
        }


class InvitationInput(InputSerializer):
    """A code to make."""

    uses = serializers.IntegerField(min_value=1, max_value=MOST_USES, help_text=_("可用几次。"))
    valid_until = serializers.DateField(help_text=_("有效到哪一天（上海），不能已经过去。"))
    note = serializers.CharField(
        max_length=NOTE_CHARS, required=False, default="", allow_blank=True,
        help_text=_("给谁的，可以不写。"),
    )  # fmt: skip

    def validate_valid_until(self, day: date) -> date:
        """Not a day that is over. Raises ValidationError."""
        if day < timezone.localdate():
            raise serializers.ValidationError(_now("请选今天或以后的日期。"))
        return day


class InvitationList(ApiList, AdminView):
    """The codes, the newest first, and the way to make one."""

    serializer_class = InvitationSerializer
    orderings = ("-created_at",)
    title, about, tag = _("邀请码"), _("快速通道的邀请码。只有管理员能看。"), ONBOARDING

    def rows(self) -> QuerySet[InvitationCode]:
        """All there are."""
        return invitations_made()

    @extend_schema(
        request=InvitationInput, responses={201: InvitationSerializer},
        summary=_("生成邀请码"), description=_("生成一个猜不到的码，记入审计。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Make one."""
        given = InvitationInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = invitation_create(actor=request.user, **given.validated_data)
        return Response(InvitationSerializer(made).data, status=201)
