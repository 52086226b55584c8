"""超期报备."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, RecordSerializer, text
from shopguard.lib.api.filters import exact, one_of, since, until
from shopguard.lib.api.problems import Conflict
from stores.api.base import RECORDS, AdminView, ApiRequest, ShopRecordList
from stores.api.once import once
from stores.kinds import codes_of
from stores.kinds.delay_reports import KIND
from stores.models import DelayReport
from stores.selectors.case_page import shop_named
from stores.selectors.records import record_key
from stores.services.delay_reports import (
    ACCEPTED,
    REFUSED,
    DelayReportOpenError,
    UnknownOrderError,
    delay_report_decide,
    delay_report_file,
)

REASON_CHARS = 200
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


class NewDelayReportInput(InputSerializer):
    """A report to file."""

    order_id = serializers.CharField(max_length=96, help_text=_("订单编号。"))
    cause = serializers.CharField(max_length=200, help_text=_("为什么会晚。"))
    evidence = serializers.CharField(
        max_length=2000, default="", allow_blank=True, help_text=_("证据说明。")
    )


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

    @extend_schema(request=NewDelayReportInput, responses={201: DelayReportSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """File a report. Raises Conflict for an order that is not there or has one waiting."""
        given = NewDelayReportInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            report = delay_report_file(
                actor=request.user, shop=request.shop, order_ref=data["order_id"],
                cause=data["cause"], evidence=data["evidence"],
            )  # fmt: skip
        except UnknownOrderError as error:
            raise Conflict(_("本店没有这个订单。")) from error
        except DelayReportOpenError as error:
            raise Conflict(_("这个订单已有一份报备在等审核。")) from error
        return Response(DelayReportSerializer(report).data, status=status.HTTP_201_CREATED)


class DecideReportInput(InputSerializer):
    """A word on a delay report."""

    shop = serializers.CharField(max_length=64, help_text=_("店铺编号。"))
    id = serializers.CharField(max_length=96, help_text=_("报备的编号。"))
    decision = serializers.ChoiceField(
        (ACCEPTED, REFUSED), help_text=_("accepted 同意，refused 不同意。")
    )
    reason = serializers.CharField(max_length=REASON_CHARS, help_text=_("理由，记入审计。"))


class DelayReportDecision(AdminView):
    """The way a delay report is decided."""

    serializer_class = DelayReportSerializer
    title, tag = _("决定超期报备"), RECORDS
    about = _("今晚起按它计算；同样的决定再发一次不变。没有这份报备时 404。")

    @extend_schema(request=DecideReportInput)
    @once
    def post(self, request: ApiRequest) -> Response:
        """Decide it."""
        given = DecideReportInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        shop = shop_named(said["shop"])
        key = record_key(DelayReport, shop=shop, ref=said["id"]) if shop else None
        if key is None:
            raise Http404
        report = delay_report_decide(
            actor=request.user, pk=key, decision=said["decision"], reason=said["reason"]
        )
        return Response(DelayReportSerializer(report).data)
