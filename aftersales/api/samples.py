"""A fix withdrawn, and its sampling: which orders to open today, and what was found in them."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from aftersales.api.fixes import FixSerializer
from aftersales.fix_words import fix_refusal
from aftersales.models import Fix
from aftersales.selectors.fixes import fix_page
from aftersales.services.fixes import (
    FixConflictError,
    FixRefusedError,
    fix_withdraw,
    sample_note,
)
from shopguard.lib.api.bodies import InputSerializer
from shopguard.lib.api.problems import Conflict
from shopguard.lib.days import shanghai_day
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.once import once

LARGEST = 2**31 - 1


class WithdrawFixInput(InputSerializer):
    """A fix as it was seen."""

    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, help_text=_("看到的版本；被别人改过就不做。")
    )


class FixWithdraw(ShopView):
    """Measuring a fix no longer."""

    serializer_class = WithdrawFixInput
    title, about, tag = _("撤下整改"), _("不再量这项整改的效果。"), RECORDS

    @extend_schema(request=WithdrawFixInput, responses=FixSerializer)
    @once
    def post(self, request: ApiRequest, fix: int, **kwargs: Any) -> Response:
        """The fix. Raises Conflict at another version."""
        given = WithdrawFixInput(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data["version"]
        try:
            row = fix_withdraw(actor=request.user, shop=request.shop, pk=fix, version=version)
        except Fix.DoesNotExist as error:
            raise Http404 from error
        except FixConflictError as error:
            raise Conflict(_("这项整改已经撤下，或者刚刚被别人改过。")) from error
        return Response(FixSerializer(row).data)


class SampleCheckSerializer(serializers.Serializer):
    """What somebody found in an order."""

    sampled_on = serializers.DateField(help_text=_("哪天抽检。"))
    order_id = serializers.CharField(source="order_ref", help_text=_("订单编号。"))
    is_good = serializers.BooleanField(help_text=_("是否没有问题。"))
    note = serializers.CharField(help_text=_("备注，已去掉个人信息。"))


class SamplingSerializer(serializers.Serializer):
    """Today's sample of a fix, and the newest results."""

    to_open = serializers.ListField(
        child=serializers.CharField(), help_text=_("今天还要打开的订单的编号；不是抽检时为空。")
    )
    waiting = serializers.IntegerField(help_text=_("从多少个待发货的订单里抽。"))
    checks = SampleCheckSerializer(many=True, help_text=_("最近 200 个结果，新的在前。"))


class SampleCheckInput(InputSerializer):
    """What was found in an order opened today."""

    order_id = serializers.CharField(max_length=96, help_text=_("订单编号。"))
    is_good = serializers.BooleanField(help_text=_("是否没有问题。"))
    note = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("备注。")
    )


class FixSamples(ShopView):
    """The sampling of a fix."""

    serializer_class = SamplingSerializer
    title, tag = _("整改的抽检"), RECORDS
    about = _("今天要打开哪些订单、查到了什么；登记时同一天同一个订单只留最后一次。")

    @extend_schema(responses=SamplingSerializer)
    def get(self, request: ApiRequest, fix: int, **kwargs: Any) -> Response:
        """Today's list and the results."""
        page = fix_page(shop=request.shop, pk=fix, today=shanghai_day(timezone.now()))
        if page is None:
            raise Http404
        told = {
            "to_open": [order.external_id for order in page.sample],
            "waiting": page.due,
            "checks": page.checks,
        }
        return Response(SamplingSerializer(told).data)

    @extend_schema(request=SampleCheckInput, responses={201: SampleCheckSerializer})
    @once
    def post(self, request: ApiRequest, fix: int, **kwargs: Any) -> Response:
        """What is noted. Raises Conflict for an order of other goods."""
        given = SampleCheckInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            row = sample_note(
                actor=request.user, shop=request.shop, pk=fix, order_ref=data["order_id"],
                is_good=data["is_good"], note=data["note"],
            )  # fmt: skip
        except Fix.DoesNotExist as error:
            raise Http404 from error
        except FixRefusedError as error:
            raise Conflict(fix_refusal(error.why, error.what)) from error
        return Response(SampleCheckSerializer(row).data, status=status.HTTP_201_CREATED)
