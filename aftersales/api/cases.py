"""售后."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from aftersales.calc.case_states import STATES
from aftersales.kinds.aftersales import KINDS, OUTCOMES
from aftersales.models import AfterSaleCase
from shopguard.lib.api.bodies import Fen, RecordSerializer, text
from shopguard.lib.api.filters import exact, known, one_of, since, until
from stores.api.base import ShopRecordList


class CaseSerializer(RecordSerializer):
    """One after-sales case."""

    order_id = text("order_ref", _("订单编号。"))
    kind = serializers.ChoiceField(KINDS)
    outcome = serializers.ChoiceField(OUTCOMES)
    state = serializers.ChoiceField(STATES, help_text=_("现在在哪一步。"))
    requested_fen = Fen("requested")
    refunded_fen = Fen("refunded")
    carrier_cost_fen = Fen("carrier_cost")

    class Meta:
        model = AfterSaleCase
        fields = (
            "id", "order_id", "line_no", "kind", "reason", "reason_code", "latest_reason",
            "applied_at", "closed_at", "outcome", "waiting_buyer_seconds", "requested_fen",
            "refunded_fen", "return_method", "return_weight_grams", "return_tracking_no",
            "carrier_cost_fen", "merchant_received_at", "deadline_at", "state", "state_since",
            "due_at", "due_is_estimated", "chases", "first_reply_at", "contacted_at", "condition",
            "version", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "reason": {"help_text": _("买家最初的原因，与导入时一字不差（已去掉个人信息）。")},
            "waiting_buyer_seconds": {"help_text": _("其中等待买家的秒数。")},
        }


class CaseFilters(filters.FilterSet):
    """How cases can be narrowed."""

    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    kind = one_of(KINDS, _("售后类型。"))
    outcome = one_of(OUTCOMES, _("处理结果。"))
    state = one_of(STATES, _("现在在哪一步。"))
    due_from = since("due_at")
    due_before = until("due_at")
    is_closed = known("closed_at", _("是否已结束。"))
    applied_from = since("applied_at")
    applied_before = until("applied_at")
    closed_from = since("closed_at")
    closed_before = until("closed_at")


class CaseList(ShopRecordList):
    """Cases, newest first."""

    serializer_class = CaseSerializer
    filterset_class = CaseFilters
    orderings = ("-applied_at", "closed_at", "due_at", "deadline_at")
    title, about = _("售后"), _("退款、退货、换货等售后单。")
