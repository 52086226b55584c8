"""预防与挽回: whom to write to before a return and after one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.money import CameAgainSerializer
from aftersales.fix_words import OFFER_WORDS
from aftersales.selectors.prevention import (
    SHOWS,
    WriteTo,
    lines_of,
    orders_to_write,
    prevention_lists,
    shown_of,
)
from shopguard.lib.api.bodies import Fen, ReadSerializer
from shopguard.lib.api.queries import check_choice, choice_parameter
from stores.api.base import RECORDS, ApiRequest, ShopRecordList, ShopView
from stores.models import Order


class OfferedSerializer(serializers.Serializer):
    """What the buyer of an order was offered."""

    offer = serializers.ChoiceField(list(OFFER_WORDS), help_text=_("给了什么。"))
    worth_fen = Fen("worth")
    note = serializers.CharField(help_text=_("备注，已去掉个人信息。"))
    offered_on = serializers.DateField(help_text=_("哪天给的。"))
    version = serializers.IntegerField(help_text=_("现在的版本，改动时带上；还没有时用 0。"))


class WriteToSerializer(ReadSerializer):
    """An order to write about."""

    order_id = serializers.CharField(source="order.external_id", help_text=_("订单编号。"))
    since = serializers.DateTimeField(
        allow_null=True, help_text=_("从什么时候起：发出、签收或完结的时间。")
    )
    placed_at = serializers.DateTimeField(source="order.placed_at")
    province = serializers.CharField(source="order.province")
    offer = OfferedSerializer(
        allow_null=True, help_text=_("给过什么；还没有，或不是退货后挽回时为 null。")
    )

    class Meta:
        model = Order
        fields = ("order_id", "since", "placed_at", "province", "offer")


@extend_schema(
    parameters=[choice_parameter("show", _("哪一份名单，默认包裹晚到 late。"), list(SHOWS))]
)
class PreventionList(ShopRecordList):
    """The orders of one list."""

    serializer_class = WriteToSerializer
    parameters = frozenset({"show"})
    orderings = ("-placed_at", "signed_at")
    title = _("预防与挽回的名单")
    about = _(
        "给谁写一句：包裹晚到 late、到货提示 hint、确认前询问 ask、退货后挽回 back。"
        "没有姓名和电话，发送走店铺自己的渠道。"
    )

    def rows(self) -> QuerySet[Order]:
        """The list that is asked for."""
        check_choice(self.request, "show", SHOWS)
        show = shown_of(self.request.query_params)
        return orders_to_write(shop=self.request.shop, show=show, now=timezone.now())

    def told(self, rows: Sequence[Order]) -> list[WriteTo]:
        """The orders with what was offered."""
        return lines_of(self.request.shop, shown_of(self.request.query_params), rows)


class PreventionCountSerializer(serializers.Serializer):
    """One list."""

    show = serializers.ChoiceField(list(SHOWS), help_text=_("哪一份名单。"))
    title = serializers.CharField(help_text=_("名单，用你的语言。"))
    orders = serializers.IntegerField(help_text=_("名单上的订单数。"))
    reply_key = serializers.CharField(help_text=_("用哪条回复模板。"))


class PreventionListsSerializer(serializers.Serializer):
    """The lists, the hours behind them, and who bought again."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    lists = PreventionCountSerializer(many=True, help_text=_("每份名单一行。"))
    hours = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("名单所用的小时数，按规则。")
    )
    repeat_days = serializers.IntegerField(help_text=_("多少天内再买算复购。"))
    came_again = CameAgainSerializer(
        many=True, help_text=_("收到和没收到挽回的买家各有多少再买；还没算过时为空。")
    )


class PreventionLists(ShopView):
    """How many orders each list holds."""

    serializer_class = PreventionListsSerializer
    title, tag = _("预防与挽回的概况"), RECORDS
    about = _("每份名单有多少订单、用哪条模板、按什么小时数，以及挽回之后的复购。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it is now."""
        page = prevention_lists(shop=request.shop, now=timezone.now())
        told = {
            "shop_id": request.shop.external_id,
            "lists": page.lists,
            "hours": page.hours,
            "repeat_days": page.repeat_days,
            "came_again": [
                {"title": title, "orders": rate.n, "came_again": rate.k}
                for title, rate in page.groups
            ],
        }
        return Response(PreventionListsSerializer(told).data)
