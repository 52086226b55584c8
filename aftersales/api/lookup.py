"""搜索: what goes by a number, a tracking number or words of a title."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.cases import CaseSerializer
from aftersales.selectors.asked import MOST_CHARS, TOO_LONG, asked_from
from aftersales.selectors.lookup import KINDS, Lookup, lookup
from shopguard.lib.api.problems import FieldError, InvalidRequest
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.complaints import ComplaintSerializer
from stores.api.orders import OrderSerializer
from stores.api.parcels import ParcelSerializer
from stores.api.products import ProductSerializer

TEXT = {"type": "string", "minLength": 1, "maxLength": MOST_CHARS}


class SkuFoundSerializer(serializers.Serializer):
    """A SKU of the newest orders."""

    sku = serializers.CharField()
    spec = serializers.CharField()
    product_id = serializers.CharField(
        source="product_ref", help_text=gettext_lazy("商品编号；未知时为空。")
    )
    title = serializers.CharField(help_text=gettext_lazy("商品的名称；未知时为空。"))


class SearchSerializer(serializers.Serializer):
    """What was found, kind by kind."""

    shop_id = serializers.CharField(help_text=gettext_lazy("店铺编号。"))
    query = serializers.CharField(help_text=gettext_lazy("找的编号：去掉两端空格，全角变半角。"))
    orders = OrderSerializer(many=True, help_text=gettext_lazy("订单，最多 20 单。"))
    cases = CaseSerializer(
        many=True,
        help_text=gettext_lazy("售后：按售后单号、退货单号或订单号，也有找到的订单的售后。"),
    )
    parcels = ParcelSerializer(
        many=True, help_text=gettext_lazy("包裹：按快递单号，也有找到的订单的包裹。")
    )
    products = ProductSerializer(many=True, help_text=gettext_lazy("商品：按编号或名称。"))
    complaints = ComplaintSerializer(
        many=True, help_text=gettext_lazy("投诉：按投诉单号或订单号。")
    )
    sku = SkuFoundSerializer(
        allow_null=True,
        help_text=gettext_lazy("最近 2,000 单里的这个规格编号；没有，或找到了单据时为 null。"),
    )
    cut = serializers.ListField(
        child=serializers.ChoiceField(KINDS), help_text=gettext_lazy("还有更多、没有列全的种类。")
    )


@extend_schema(
    parameters=[
        OpenApiParameter(
            "q", TEXT, description=gettext_lazy("编号、运单号或商品名称里的字；不写时什么也不找。")
        )
    ]
)
class Search(ShopView):
    """Looks a record of the shop up."""

    serializer_class = SearchSerializer
    parameters = frozenset({"q"})
    title, tag = gettext_lazy("搜索"), RECORDS
    about = gettext_lazy(
        "按编号找订单、售后、包裹、投诉和商品，按名称找商品，只找这家店的。编号一字不差，"
        "4 个字以上也找以它开头的；每种最多 20 条。买家从不入库，也找不到。"
    )

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Everything found, nothing unasked. Raises InvalidRequest for what cannot be asked."""
        asked = asked_from(request.query_params.get("q", ""))
        if asked.trouble:
            too_long, unseen = _("最多 64 个字。"), _("里面有看不见的字符。")
            why = too_long if asked.trouble == TOO_LONG else unseen
            raise InvalidRequest([FieldError("query", "q", why)])
        found = lookup(shop=request.shop, asked=asked, now=timezone.now())
        told = {"shop_id": request.shop.external_id} | _told(found)
        return Response(SearchSerializer(told, context={"lines": _lines(found)}).data)


def _lines(found: Lookup) -> dict[str, list[Any]]:
    return {one.order.external_id: [line.line for line in one.lines] for one in found.orders.rows}


def _told(found: Lookup) -> dict[str, Any]:
    return {
        "query": found.asked.number,
        "orders": [one.order for one in found.orders.rows],
        "cases": found.every_case,
        "parcels": found.every_parcel,
        "products": found.products.rows,
        "complaints": found.every_complaint,
        "sku": found.sku,
        "cut": found.cut,
    }
