"""发货预警: orders to ship, parcels that stand still, and how many there are of each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.selectors.shipping import (
    CHANNELS,
    DECISIONS,
    PARCELS,
    WARNINGS,
    hours_allowed,
    is_stuck,
    orders_reported,
    parcels,
    reports,
    urgency,
    urgency_of,
    warnings,
)
from shopguard.lib.api.filters import exact, one_of
from stores.api.base import RECORDS, ApiRequest, ShopRecordList, ShopView
from stores.api.orders import OrderSerializer
from stores.api.parcels import ParcelSerializer
from stores.models import Order, Parcel
from stores.selectors.records import order_lines
from stores.selectors.waiting import orders_to_ship


class OrderToShipSerializer(OrderSerializer):
    """An order that waits to be shipped."""

    urgency = serializers.SerializerMethodField(help_text=_("24 小时内到期、已超期或之后到期。"))
    is_reported = serializers.SerializerMethodField(help_text=_("是否报备过延迟。"))

    class Meta(OrderSerializer.Meta):
        fields = ("urgency", "is_reported", *OrderSerializer.Meta.fields)

    def get_urgency(self, order: Order) -> str:
        """How near its deadline is."""
        return urgency_of(order.ship_by, timezone.now()) if order.ship_by else ""

    def get_is_reported(self, order: Order) -> bool:
        """Whether a delay report names it."""
        return order.external_id in self.context["reported"]


class OrderToShipFilters(filters.FilterSet):
    """How orders to ship can be narrowed."""

    id = exact("external_id", _("编号。"))
    urgency = one_of(list(WARNINGS), _("多急：due、overdue 或 later。"), method="in_time")
    channel = one_of(list(CHANNELS), _("成交渠道。"))

    def in_time(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Those of an urgency."""
        return rows.filter(urgency(value, timezone.now()))


class OrdersToShip(ShopRecordList):
    """Orders that wait to be shipped, the nearest deadline first."""

    serializer_class = OrderToShipSerializer
    filterset_class = OrderToShipFilters
    orderings = ("ship_by", "placed_at")
    title = _("待发货的订单")
    about = _("已支付、还没发货也没取消的订单，先到期的在前；普通订单和直播订单可以分开看。")

    def rows(self) -> QuerySet[Order]:
        """All that wait."""
        return orders_to_ship(shop=self.request.shop)

    def beside(self, rows: Iterable[Order]) -> dict[str, Any]:
        """The lines of the orders, and which were reported."""
        refs, shop = [order.external_id for order in rows], self.request.shop
        return {
            "lines": order_lines(shop=shop, orders=refs),
            "reported": orders_reported(shop=shop, refs=refs),
        }


class StuckParcelFilters(filters.FilterSet):
    """How parcels that stand still can be narrowed."""

    id = exact("external_id", _("运单号。"))
    order_id = exact("order_ref", _("订单编号。"))
    status = one_of(list(PARCELS), _("停在哪一步。"))


class StuckParcels(ShopRecordList):
    """Parcels without an event for too long, the longest first."""

    serializer_class = ParcelSerializer
    filterset_class = StuckParcelFilters
    orderings = ("last_event_at", "shipped_at")
    title, about = _("异常的包裹"), _("太久没有物流动态的包裹；多久算太久见发货预警。")

    def rows(self) -> QuerySet[Parcel]:
        """Those of every status."""
        return super().rows().filter(is_stuck("", timezone.now()))


class ToShipCountSerializer(serializers.Serializer):
    """Orders to ship of one kind."""

    channel = serializers.ChoiceField(list(CHANNELS))
    urgency = serializers.ChoiceField(list(WARNINGS), help_text=_("多急。"))
    orders = serializers.IntegerField(help_text=_("订单数。"))


class StuckCountSerializer(serializers.Serializer):
    """Parcels that stand still in one status."""

    status = serializers.ChoiceField(list(PARCELS), help_text=_("停在哪一步。"))
    hours = serializers.IntegerField(help_text=_("超过多少小时没有动态算异常，按规则。"))
    parcels = serializers.IntegerField(help_text=_("包裹数。"))


class ReportCountSerializer(serializers.Serializer):
    """Delay reports of one decision."""

    decision = serializers.ChoiceField(list(DECISIONS))
    reports = serializers.IntegerField(help_text=_("报备数。"))


class ShippingWarningsSerializer(serializers.Serializer):
    """Everything that warns."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    orders = ToShipCountSerializer(many=True, help_text=_("待发货的订单，按渠道和多急。"))
    parcels = StuckCountSerializer(many=True, help_text=_("异常的包裹，按停在哪一步。"))
    delay_reports = ReportCountSerializer(many=True, help_text=_("超期报备，按决定。"))


class ShippingWarnings(ShopView):
    """How many orders, parcels and reports there are of each kind."""

    serializer_class = ShippingWarningsSerializer
    is_conditional = True
    title, tag = _("发货预警"), RECORDS
    about = _("待发货的订单、异常的包裹、超期报备各有多少。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it is now."""
        asked: dict[str, Any] = {
            "shop": request.shop, "asked": QueryDict(), "now": timezone.now()
        }  # fmt: skip
        hours = hours_allowed(asked["now"])
        told = {
            "shop_id": request.shop.external_id,
            "orders": [
                dict(zip(("channel", "urgency"), tab.key.split("-"), strict=True))
                | {"orders": tab.count}
                for tab in warnings(**asked).tabs
            ],
            "parcels": [
                {"status": tab.key, "hours": hours[tab.key], "parcels": tab.count}
                for tab in parcels(**asked).tabs
            ],
            "delay_reports": [
                {"decision": tab.key, "reports": tab.count} for tab in reports(**asked).tabs
            ],
        }
        return Response(ShippingWarningsSerializer(told).data)
