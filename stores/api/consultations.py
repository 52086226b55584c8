"""咨询."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import exact, known, one_of, since, until, whole
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

    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    product_id = exact("product_ref", _("商品编号。"))
    agent = exact("agent", _("客服代号。"))
    started_by = one_of(SIDES, _("由谁发起。"))
    is_replied = known("first_reply_seconds", _("是否有过人工回复。"))
    rating_at_most = whole("rating", _("评分不高于。"), "lte")
    started_from = since("started_at")
    started_before = until("started_at")


class ConsultationList(ShopRecordList):
    """Consultations, newest first."""

    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilters
    orderings = ("-started_at", "first_reply_seconds")
    title, about = _("咨询"), _("买家与客服的会话和响应时间。")
