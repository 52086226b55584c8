"""投诉工单."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import exact, known, one_of, since, until
from stores.api.base import ShopRecordList
from stores.kinds import codes_of
from stores.kinds.complaints import KIND
from stores.models import Complaint

OUTCOMES = codes_of(KIND, "outcome")
TOPICS = codes_of(KIND, "topic")


class ComplaintSerializer(RecordSerializer):
    """One complaint."""

    order_id = text("order_ref", _("订单编号。"))
    outcome = serializers.ChoiceField(OUTCOMES)
    topic = serializers.ChoiceField(TOPICS, allow_blank=True)

    class Meta:
        model = Complaint
        fields = (
            "id", "order_id", "opened_at", "answered_at", "outcome", "excluded_reason", "topic",
            "text", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "excluded_reason": {"help_text": _("不计入纠纷率的原因；计入时为空。")},
        }


class ComplaintFilters(filters.FilterSet):
    """How complaints can be narrowed."""

    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    outcome = one_of(OUTCOMES, _("处理结果。"))
    topic = one_of(TOPICS, _("投诉主题。"))
    is_answered = known("answered_at", _("是否已回复。"))
    opened_from = since("opened_at")
    opened_before = until("opened_at")


class ComplaintList(ShopRecordList):
    """Complaints, newest first."""

    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilters
    orderings = ("-opened_at", "answered_at")
    title, about = _("投诉"), _("买家的投诉工单，文字已去掉个人信息。")
