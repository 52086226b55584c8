"""What was done about complaints: the checklist, a withdrawal agreed on, compensation."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.models import ComplaintWork
from aftersales.services.talk import AnsweredError, Work, complaint_work_save
from shopguard.lib.api.bodies import Fen, InputSerializer, ReadSerializer, text
from shopguard.lib.api.filters import exact, known
from shopguard.lib.api.problems import Conflict
from stores.api.base import ApiRequest, ShopRecordList
from stores.api.once import once
from stores.models import Complaint
from stores.selectors.records import record_key

LARGEST, MOST_FEN = 2**31 - 1, 2**53
WORDS = {
    "plan_clear": _("方案是否说清楚。"),
    "contact_right": _("电话和退货地址是否正确。"),
    "promise_kept": _("答应的是否跟进。"),
    "alternative_offered": _("是否给了别的方案。"),
    "withdrawal_agreed_at": _("买家同意撤诉的时间；没有时为 null。"),
    "note": _("备注，已去掉个人信息。"),
}


class ComplaintWorkSerializer(ReadSerializer):
    """What was done about one complaint."""

    complaint_id = text("complaint_ref", _("投诉编号。"))
    compensation_fen = Fen("compensation")

    class Meta:
        model = ComplaintWork
        fields = (
            "complaint_id", "plan_clear", "contact_right", "promise_kept", "alternative_offered",
            "withdrawal_agreed_at", "compensation_fen", "note", "version",
        )  # fmt: skip
        extra_kwargs = {name: {"help_text": words} for name, words in WORDS.items()}


class ComplaintWorkInput(InputSerializer):
    """What was done; everything at once, what is not given counts as not done."""

    complaint_id = serializers.CharField(max_length=96, help_text=_("投诉编号。"))
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, help_text=_("看到的版本，还没有时是 0。")
    )
    plan_clear = serializers.BooleanField(default=False, help_text=WORDS["plan_clear"])
    contact_right = serializers.BooleanField(default=False, help_text=WORDS["contact_right"])
    promise_kept = serializers.BooleanField(default=False, help_text=WORDS["promise_kept"])
    alternative_offered = serializers.BooleanField(
        default=False, help_text=WORDS["alternative_offered"]
    )
    withdrawal_agreed_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text=WORDS["withdrawal_agreed_at"]
    )
    compensation_fen = serializers.IntegerField(
        source="compensation", default=None, allow_null=True, min_value=0, max_value=MOST_FEN,
        help_text=_("赔了多少分；没有时为 null。"),
    )  # fmt: skip
    note = serializers.CharField(
        max_length=1000, default="", allow_blank=True, help_text=WORDS["note"]
    )


class ComplaintWorkFilters(filters.FilterSet):
    """How it can be narrowed."""

    complaint_id = exact("complaint_ref", _("投诉编号。"))
    is_withdrawn = known("withdrawal_agreed_at", _("买家是否同意撤诉。"))


class ComplaintWorkList(ShopRecordList):
    """What was done about every complaint that was worked on."""

    serializer_class = ComplaintWorkSerializer
    filterset_class = ComplaintWorkFilters
    orderings = ("complaint_ref",)
    title, about = _("投诉的处理"), _("每件投诉的核对清单、协商撤诉和赔付。")

    @extend_schema(request=ComplaintWorkInput, responses=ComplaintWorkSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """What is written down now. Raises Conflict at another version."""
        given = ComplaintWorkInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        key = record_key(Complaint, shop=request.shop, ref=data.pop("complaint_id"))
        if key is None:
            raise Http404
        version = data.pop("version")
        try:
            row = complaint_work_save(
                actor=request.user, shop=request.shop, pk=key, version=version, work=Work(**data)
            )
        except AnsweredError as error:
            raise Conflict(_("这件投诉刚刚被别人改过。")) from error
        return Response(ComplaintWorkSerializer(row).data)
