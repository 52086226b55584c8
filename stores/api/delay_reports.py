"""超期报备."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import exact, one_of, since, until
from stores.api.base import ShopRecordList
from stores.kinds import codes_of
from stores.kinds.delay_reports import KIND
from stores.models import DelayReport

DECISIONS = codes_of(KIND, "decision")


class DelayReportSerializer(RecordSerializer):
    """One delay report."""

    order_id = text("order_ref", _("订单编号。"))
    decision = serializers.ChoiceField(DECISIONS)

    class Meta:
        model = DelayReport
        fields = (
            "id", "order_id", "cause", "evidence", "filed_at", "decision", "decided_at", "as_of",
        )  # fmt: skip


class DelayReportFilters(filters.FilterSet):
    """How delay reports can be narrowed."""

    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    decision = one_of(DECISIONS, _("报备的决定。"))
    filed_from = since("filed_at")
    filed_before = until("filed_at")


class DelayReportList(ShopRecordList):
    """Delay reports, newest first."""

    serializer_class = DelayReportSerializer
    filterset_class = DelayReportFilters
    orderings = ("-filed_at", "decided_at")
    title, about = _("超期报备"), _("延迟发货的报备；获准的订单不计入两项物流指标。")
