"""咨询."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import FlagFilter, WholeFilter, one_of, since, until
from stores.api.base import ShopRecordList
from stores.kinds import codes_of
from stores.kinds.consultations import KIND
from stores.models import Consultation

SIDES = codes_of(KIND, "started_by")


class ConsultationSerializer(RecordSerializer):
    """One conversation between a buyer and the shop."""

    order_id = text("order_ref", _("订单编号；未知时为空。"))
    product_id = text("product_ref", _("商品编号；未知时为空。"))
    started_by = serializers.ChoiceField(SIDES)

    class Meta:
        model = Consultation
        fields = (
            "id", "agent", "started_at", "started_by", "queue_seconds", "first_reply_seconds",
            "longest_gap_seconds", "rating", "ended_at", "order_id", "product_id", "topic", "text",
            "last_message_by", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "first_reply_seconds": {"help_text": _("首次人工回复用的秒数；从未回复时为 null。")},
        }


class ConsultationFilters(filters.FilterSet):
    """How consultations can be narrowed."""

    id = filters.CharFilter("external_id")
    order_id = filters.CharFilter("order_ref")
    product_id = filters.CharFilter("product_ref")
    agent = filters.CharFilter("agent")
    started_by = one_of(SIDES)
    is_replied = FlagFilter(field_name="first_reply_seconds", lookup_expr="isnull", exclude=True)
    rating_at_most = WholeFilter("rating", "lte")
    started_from = since("started_at")
    started_before = until("started_at")


class ConsultationList(ShopRecordList):
    """Consultations, newest first."""

    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilters
    orderings = ("-started_at", "first_reply_seconds")
    title, about = _("咨询"), _("买家与客服的会话和响应时间。")
