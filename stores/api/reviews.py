"""评价: what buyers said about an order, as imported."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import exact, known, since, until, whole
from stores.api.base import ShopRecordList
from stores.models import Review


class ReviewSerializer(RecordSerializer):
    """One review."""

    order_id = text("order_ref", _("订单编号。"))
    product_id = text("product_ref", _("商品编号；未知时为空。"))

    class Meta:
        model = Review
        fields = (
            "id", "order_id", "product_id", "rating", "text", "created_at", "replied_at", "as_of",
        )  # fmt: skip


class ReviewFilters(filters.FilterSet):
    """How reviews can be narrowed."""

    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    product_id = exact("product_ref", _("商品编号。"))
    rating = whole("rating", _("星级，1 到 5。"))
    rating_at_most = whole("rating", _("星级不高于。"), "lte")
    is_replied = known("replied_at", _("是否已回复。"))
    created_from = since("created_at")
    created_before = until("created_at")


class ReviewList(ShopRecordList):
    """Reviews, newest first."""

    serializer_class = ReviewSerializer
    filterset_class = ReviewFilters
    orderings = ("-created_at", "rating")
    title, about = _("评价"), _("买家对订单的评价，文字已去掉个人信息。")
