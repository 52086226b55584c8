"""值不值: what cover cost and paid product by product, what lowers its fee, and a promotion."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.selectors.lever_page import lever_page
from freightins.selectors.plan_page import plan_page
from freightins.selectors.worth_page import orders_a_month, shown_days
from freightins.selectors.worth_products import worth_lines
from shopguard.lib.money import whole_fen
from stores.api.base import INSURANCE, ApiRequest, ShopView


class WorthRow(serializers.Serializer):
    """One product over the days shown."""

    product_id = serializers.CharField(help_text=_("商品编号。"))
    category = serializers.CharField(help_text=_("类目代码，可空。"))
    orders = serializers.IntegerField(help_text=_("满期的订单数。"))
    covered_orders = serializers.IntegerField(help_text=_("其中有保障的订单数。"))
    returns = serializers.IntegerField(help_text=_("其中退货或换货的订单数。"))
    disputes = serializers.IntegerField(help_text=_("有退货运费纠纷的订单数。"))
    fees_fen = serializers.IntegerField(help_text=_("保费，单位分；一单几件商品时平分。"))
    payouts_fen = serializers.IntegerField(help_text=_("赔付，单位分；一单几件商品时平分。"))
    break_even = serializers.FloatField(
        allow_null=True, help_text=_("订单要多几成才保本，0 到 1；没填毛利为空。")
    )


class WorthSerializer(serializers.Serializer):
    """Every product sold in the days shown."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    first_day = serializers.DateField(help_text=_("第一天。"))
    last_day = serializers.DateField(help_text=_("最后一天。"))
    products = WorthRow(many=True, help_text=_("店铺的商品，一件一项。"))


class LeverRow(serializers.Serializer):
    """One thing changed."""

    name = serializers.CharField(help_text=_("returns、promotion、band 或 conduct。"))
    reason = serializers.CharField(help_text=_("为什么不起作用；起作用为空。"))
    fee_fen = serializers.IntegerField(allow_null=True, help_text=_("改变之后的每单保费，单位分。"))
    saved_fen = serializers.IntegerField(help_text=_("每单少付，单位分。"))
    month_fen = serializers.IntegerField(help_text=_("每月少付，单位分。"))


class LeversSerializer(serializers.Serializer):
    """Every lever of the newest quote."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    fee_fen = serializers.IntegerField(help_text=_("现在按计算的每单保费，单位分。"))
    orders = serializers.FloatField(help_text=_("每月有保障的订单数。"))
    levers = LeverRow(many=True, help_text=_("单独改变一项。"))
    together_fen = serializers.IntegerField(help_text=_("能动的一起动，每单少付，单位分。"))


class PlanWeek(serializers.Serializer):
    """One week to come."""

    day = serializers.DateField(help_text=_("计费日。"))
    usual_fee_fen = serializers.IntegerField(help_text=_("不办时的每单保费，单位分。"))
    fee_fen = serializers.IntegerField(help_text=_("办时的每单保费，单位分。"))
    promotion_share = serializers.FloatField(help_text=_("窗口里促销单的占比，0 到 1。"))
    more_fen = serializers.IntegerField(help_text=_("这一周多付的保费，单位分。"))


class PlanSerializer(serializers.Serializer):
    """A promotion worked out."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    faults = serializers.DictField(
        child=serializers.CharField(), help_text=_("写错的参数和该怎么写；没有错为空。")
    )
    more_fen = serializers.IntegerField(
        allow_null=True, help_text=_("比不办多付的保费，单位分；算不出为空。")
    )
    weeks = PlanWeek(many=True, help_text=_("往后各周。"))


class WorthProducts(ShopView):
    """Products with what cover cost and paid."""

    serializer_class = WorthSerializer
    title, about, tag = (
        _("值不值"),
        _("近 60 天满期订单的保费、赔付、保本线，逐件商品。"),
        INSURANCE,
    )

    @extend_schema(responses=WorthSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Every product of the shop."""
        now = timezone.now()
        first, last = shown_days(now)
        rows = [
            {
                "product_id": line.key,
                "category": line.category,
                "orders": line.whole.orders,
                "covered_orders": line.on.orders,
                "returns": line.whole.returns,
                "disputes": line.whole.disputes,
                "fees_fen": line.on.fees,
                "payouts_fen": line.on.payouts,
                "break_even": line.need,
            }
            for line in worth_lines(shop=request.shop, now=now)
        ]
        told = {
            "shop_id": request.shop.external_id,
            "first_day": first,
            "last_day": last,
            "products": rows,
        }
        return Response(WorthSerializer(told).data)


class Levers(ShopView):
    """What lowers the fee."""

    serializer_class = LeversSerializer
    title, about, tag = (
        _("保费杠杆"),
        _("退货率、促销占比、服务分各动一步，保费变成多少。"),
        INSURANCE,
    )

    @extend_schema(responses=LeversSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The levers of the newest quote; empty without one."""
        now = timezone.now()
        orders = orders_a_month(shop=request.shop, now=now)
        page = lever_page(shop=request.shop, orders=orders, now=now)
        lines = page.lines if page else []
        told = {
            "shop_id": request.shop.external_id,
            "fee_fen": page.fee if page else 0,
            "orders": orders,
            "together_fen": page.together.saved if page else 0,
            "levers": [
                {
                    "name": line.lever.name,
                    "reason": line.lever.reason,
                    "fee_fen": line.lever.quote.computed_fee if line.lever.quote else None,
                    "saved_fen": line.lever.saved,
                    "month_fen": line.month,
                }
                for line in lines
            ],
        }
        return Response(LeversSerializer(told).data)


class Promotion(ShopView):
    """A planned promotion."""

    serializer_class = PlanSerializer
    title, about, tag = _("促销前估费"), _("参数与页面相同：first、last、orders、rate。"), INSURANCE
    parameters = frozenset({"first", "last", "orders", "rate"})

    @extend_schema(responses=PlanSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Fees of the weeks to come with the promotion and without."""
        page = plan_page(shop=request.shop, given=request.query_params, now=timezone.now())
        told = {
            "shop_id": request.shop.external_id,
            "faults": page.form.errors,
            "more_fen": whole_fen(page.cost.whole) if page.cost else None,
            "weeks": [
                {
                    "day": week.day,
                    "usual_fee_fen": week.usual_fee,
                    "fee_fen": week.fee,
                    "promotion_share": week.promotion_share,
                    "more_fen": week.more,
                }
                for week in page.weeks
            ],
        }
        return Response(PlanSerializer(told).data)
