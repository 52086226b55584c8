"""商品: what the shop sells."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from shopguard.lib.api.bodies import Fen, RecordSerializer
from shopguard.lib.api.filters import exact, flag
from stores.api.base import ShopRecordList
from stores.models import Product


class ProductSerializer(RecordSerializer):
    """One product."""

    price_fen = Fen("price")

    class Meta:
        model = Product
        fields = (
            "id", "title", "category", "price_fen", "net_weight_grams", "is_virtual",
            "is_made_to_order", "on_shelf", "guarantee_days", "is_placeholder", "as_of",
        )  # fmt: skip


class ProductFilters(filters.FilterSet):
    """How products can be narrowed."""

    id = exact("external_id", _("编号。"))
    category = exact("category", _("类目代码。"))
    on_shelf = flag("on_shelf", _("是否在架。"))
    is_placeholder = flag("is_placeholder", _("是否占位商品。"))
    search = filters.CharFilter("title", "icontains", help_text=_("名称里包含的文字。"))


class ProductList(ShopRecordList):
    """Products, the most recently imported first."""

    serializer_class = ProductSerializer
    filterset_class = ProductFilters
    orderings = ("-as_of", "external_id", "price")
    title, about = _("商品"), _("店铺的商品；订单先提到、自己还没导入的商品标为占位。")
