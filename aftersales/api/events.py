"""What happened to cases, and the steps a program may take."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.cases import CaseSerializer
from aftersales.calc.case_states import STEP_NAMES, IllegalStepError
from aftersales.case_words import refusal
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.services.cases import CaseConflictError, Given, case_step
from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, text
from shopguard.lib.api.filters import exact, since, until
from shopguard.lib.api.problems import Conflict
from stores.api.base import RECORDS, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once

MOST_FEN = 2**53


class CaseEventSerializer(ReadSerializer):
    """One event of a case."""

    case_id = text("case_ref", _("售后编号。"))

    class Meta:
        model = CaseEvent
        fields = (
            "case_id", "sequence", "name", "at", "actor", "state_from", "state_to", "note",
            "waiting_seconds",
        )  # fmt: skip
        extra_kwargs = {
            "sequence": {"help_text": _("在这件售后里的次序。")},
            "name": {"help_text": _("哪一步，或登记了什么。")},
            "state_from": {"help_text": _("之前在哪一步。")},
            "state_to": {"help_text": _("之后在哪一步。")},
            "note": {"help_text": _("理由或内容。")},
            "waiting_seconds": {"help_text": _("到这时为止等待买家的秒数。")},
        }


class CaseEventFilters(filters.FilterSet):
    """How events can be narrowed."""

    case_id = exact("case_ref", _("售后编号。"))
    at_from = since("at")
    at_before = until("at")


class CaseEventList(ShopRecordList):
    """Events, newest first."""

    serializer_class = CaseEventSerializer
    filterset_class = CaseEventFilters
    orderings = ("-at",)
    title, about = _("售后的事件"), _("每件售后的每一步：时间、谁、从哪一步到哪一步。")


class StepSerializer(InputSerializer):
    """A step to take."""

    case_id = serializers.CharField(max_length=96, help_text=_("售后编号。"))
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("看到的版本；被别人改过就不做。")
    )
    step = serializers.ChoiceField(STEP_NAMES, help_text=_("要走的一步。"))
    note = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("理由；驳回时必填。")
    )
    contact_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text=_("联系买家的时间；驳回前要有。")
    )
    refunded_fen = serializers.IntegerField(
        default=None, allow_null=True, min_value=0, max_value=MOST_FEN,
        help_text=_("退了多少分；不写就是申请的金额。"),
    )  # fmt: skip
    tracking_no = serializers.CharField(
        max_length=96, default="", allow_blank=True, help_text=_("退货单号。")
    )


class CaseSteps(ShopView):
    """Taking a step."""

    serializer_class = StepSerializer
    title, about, tag = _("处理售后"), _("让一件售后走一步；不能走时说明原因。"), RECORDS

    @extend_schema(responses=CaseSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The case after the step. Raises Conflict saying why it was not taken."""
        wanted = StepSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        given = Given(data["note"], data["contact_at"], data["refunded_fen"], data["tracking_no"])
        try:
            case = case_step(
                actor=request.user, shop=request.shop, case_ref=data["case_id"],
                version=data["version"], name=data["step"], given=given,
            )  # fmt: skip
        except IllegalStepError as error:
            raise Conflict(refusal(error)) from error
        except CaseConflictError as error:
            told = gettext("这件售后已被改过，现在的版本是 %(n)s。") % {"n": error.case.version}
            raise Conflict(told) from error
        except AfterSaleCase.DoesNotExist as error:
            raise Http404 from error
        return Response(CaseSerializer(case).data)
