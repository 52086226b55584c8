"""订单 with their lines. Who bought is nowhere in it: the product keeps no personal data."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopguard.lib.api.bodies import Fen, ReadSerializer, RecordSerializer, text
from shopguard.lib.api.filters import exact, flag, known, one_of, since, until
from stores.api.base import ShopRecordList
from stores.kinds import codes_of
from stores.kinds.orders import KIND
from stores.models import Order, OrderLine
from stores.selectors.records import order_lines

CHANNELS = codes_of(KIND, "channel")
LOGISTICS_MODES = codes_of(KIND, "logistics_mode")
PRESALE_MODES = codes_of(KIND, "presale_mode")
TRADE_MODES = codes_of(KIND, "trade_mode")


class OrderLineSerializer(ReadSerializer):
    """One line of an order."""

    product_id = text("product_ref", _("商品编号；未知时为空。"))
    line_paid_fen = Fen("line_paid")

    class Meta:
        model = OrderLine
        fields = ("line_no", "product_id", "sku", "spec", "quantity", "line_paid_fen")


class OrderSerializer(RecordSerializer):
    """One order with its lines."""

    order_paid_fen = Fen("order_paid")
    freight_fen = Fen("freight")
    trade_mode = serializers.ChoiceField(TRADE_MODES)
    channel = serializers.ChoiceField(CHANNELS)
    presale_mode = serializers.ChoiceField(PRESALE_MODES)
    logistics_mode = serializers.ChoiceField(LOGISTICS_MODES)
    lines = serializers.SerializerMethodField(help_text=_("订单行，按行号。"))

    class Meta:
        model = Order
        fields: tuple[str, ...] = (
            "id", "placed_at", "paid_at", "shipped_at", "collected_at", "signed_at", "finished_at",
            "cancelled_at", "ship_by", "promised_ship_at", "presale_mode", "presale_ship_by",
            "presale_days", "is_cod", "trade_mode", "channel", "logistics_mode", "is_promotion",
            "is_fraud_risk", "province", "order_paid_fen", "freight_fen", "lines", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "ship_by": {"help_text": _("最晚发货时间，按发货规则算出；算不出时为 null。")},
        }

    @extend_schema_field(OrderLineSerializer(many=True))
    def get_lines(self, order: Order) -> Any:
        """The lines, read once for the page."""
        return OrderLineSerializer(self.context["lines"].get(order.external_id, []), many=True).data


class OrderFilters(filters.FilterSet):
    """How orders can be narrowed."""

    id = exact("external_id", _("编号。"))
    trade_mode = one_of(TRADE_MODES, _("贸易方式。"))
    channel = one_of(CHANNELS, _("成交渠道。"))
    logistics_mode = one_of(LOGISTICS_MODES, _("是否走快递。"))
    is_cod = flag("is_cod", _("是否货到付款。"))
    is_shipped = known("shipped_at", _("是否已发货。"))
    is_signed = known("signed_at", _("是否已签收。"))
    is_cancelled = known("cancelled_at", _("是否已取消。"))
    placed_from = since("placed_at")
    placed_before = until("placed_at")
    signed_from = since("signed_at")
    signed_before = until("signed_at")
    ship_by_from = since("ship_by")
    ship_by_before = until("ship_by")


class OrderList(ShopRecordList):
    """Orders, newest first."""

    serializer_class = OrderSerializer
    filterset_class = OrderFilters
    orderings = ("-placed_at", "signed_at", "ship_by")
    title, about = _("订单"), _("店铺的订单和订单行。没有收件人、电话和地址：这些从不入库。")

    def beside(self, rows: Iterable[Order]) -> dict[str, Any]:
        """The lines of the orders on the page."""
        orders = [order.external_id for order in rows]
        return {"lines": order_lines(shop=self.request.shop, orders=orders)}
