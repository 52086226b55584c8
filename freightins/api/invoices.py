"""发票: asking for the invoice of a month, and what came of it."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from freightins.calc.invoices import STEPS
from freightins.models import InvoiceRequest
from freightins.services.invoices import InvoiceRefusedError, invoice_request, invoice_step
from shopguard.lib.api.bodies import Fen, InputSerializer, ReadSerializer, RowId
from shopguard.lib.api.filters import one_of
from stores.access import OWNERS, shop_page
from stores.api.base import INSURANCE, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once

LARGEST = 2**31 - 1


class InvoiceSerializer(ReadSerializer):
    """One request."""

    id = RowId(source="pk", read_only=True, help_text=_("编号，更新时带上。"))
    state = serializers.ChoiceField(InvoiceRequest.State.choices, help_text=_("开到哪一步。"))
    amount_fen = Fen("amount")

    class Meta:
        model = InvoiceRequest
        fields = (
            "id", "version", "month", "title", "tax_number", "amount_fen", "is_estimated",
            "state", "number", "note", "requested_by", "requested_at", "changed_at",
        )  # fmt: skip
        extra_kwargs = {
            "version": {"help_text": _("申请的版本，更新时带上。")},
            "month": {"help_text": _("月份的第一天。")},
            "title": {"help_text": _("发票抬头。")},
            "tax_number": {"help_text": _("税号。")},
            "is_estimated": {"help_text": _("金额按规则估计，还没有对账单。")},
            "number": {"help_text": _("发票号码；没有时为空。")},
            "note": {"help_text": _("说明。")},
            "requested_by": {"help_text": _("谁申请的。")},
            "requested_at": {"help_text": _("申请时间。")},
            "changed_at": {"help_text": _("最近一次变化的时间。")},
        }


class InvoiceFilters(filters.FilterSet):
    """How requests can be narrowed."""

    state = one_of(list(InvoiceRequest.State.values), _("开到哪一步。"))


class InvoiceList(ShopRecordList):
    """Requests, newest first."""

    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilters
    orderings = ("-requested_at",)
    title, about, tag = _("发票申请"), _("按月申请保费的发票，和它开到哪一步。"), INSURANCE


class InvoiceAskInput(InputSerializer):
    """A month to ask for."""

    month = serializers.DateField(help_text=_("月份的第一天。"))
    title = serializers.CharField(max_length=120, help_text=_("发票抬头。"))
    tax_number = serializers.CharField(max_length=24, help_text=_("税号。"))


class InvoiceAsk(ShopView):
    """Ask for the invoice of a month; a month that has a request keeps it."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = InvoiceSerializer
    title, about, tag = _("申请发票"), _("店主申请一个整月的发票；已有的申请原样返回。"), INSURANCE

    @extend_schema(request=InvoiceAskInput, responses=InvoiceSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Ask."""
        given = InvoiceAskInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            row, _is_new = invoice_request(
                actor=request.user, shop=request.shop, **given.validated_data
            )
        except InvoiceRefusedError as refusal:
            raise ValidationError({"month": [refusal.reason]}) from refusal
        return Response(InvoiceSerializer(row).data)


class InvoiceStepInput(InputSerializer):
    """A step of a request."""

    id = RowId(help_text=_("编号。"))
    version = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text=_("看到的版本。"))
    to = serializers.ChoiceField(list(STEPS), help_text=_("到哪一步。"))
    number = serializers.CharField(
        max_length=40, required=False, default="", allow_blank=True, help_text=_("发票号码。")
    )
    note = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text=_("说明。")
    )


class InvoiceStepOutcome(serializers.Serializer):
    """What came of it."""

    is_done = serializers.BooleanField(help_text=_("是否更新了；已经变化的不更新。"))


class InvoiceStep(ShopView):
    """Take a request one step on."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = InvoiceStepOutcome
    title, about, tag = _("更新发票申请"), _("店主记下申请走到了哪一步。"), INSURANCE

    @extend_schema(request=InvoiceStepInput, responses=InvoiceStepOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Take it there if its version is still the one given."""
        given = InvoiceStepInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        try:
            is_done = invoice_step(
                actor=request.user, shop=request.shop, key=wanted.pop("id"), **wanted
            )
        except InvoiceRefusedError as refusal:
            raise ValidationError({"to": [refusal.reason]}) from refusal
        return Response(InvoiceStepOutcome({"is_done": is_done}).data)
