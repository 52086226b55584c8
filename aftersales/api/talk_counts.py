"""What stands above the pages of reviews and complaints, and whom to ask for a review."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.selectors.complaints import SHOWS, complaints_page
from aftersales.selectors.reviews import orders_to_invite, reviews_page
from shopguard.lib.api.bodies import ReadSerializer, text
from stores.api.base import RECORDS, ApiRequest, ShopRecordList, ShopView
from stores.models import Order


class ReviewCountsSerializer(serializers.Serializer):
    """Low reviews that wait, how many were answered, and how many buyers can be asked for one."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    waiting = serializers.IntegerField(help_text=_("待回复的一到三星评价。"))
    overdue = serializers.IntegerField(help_text=_("其中已超过回复期限的。"))
    deadline_hours = serializers.IntegerField(help_text=_("评价后多少小时内回复，按规则。"))
    rate = serializers.FloatField(
        allow_null=True, help_text=_("一到三星评价的回复率；1 是全部，没有评价时为 null。")
    )
    rate_of = serializers.IntegerField(help_text=_("回复率按多少条评价算。"))
    rate_days = serializers.IntegerField(help_text=_("回复率看近多少天，按规则。"))
    wanted_rate = serializers.FloatField(help_text=_("回复率的目标，按规则。"))
    may_invite = serializers.BooleanField(help_text=_("能不能由本店邀请评价；平台客服的店铺不能。"))
    to_invite = serializers.IntegerField(source="page.total", help_text=_("可邀请评价的订单数。"))
    held_back = serializers.IntegerField(help_text=_("因为有售后先不邀请的订单数。"))


class ReviewCounts(ShopView):
    """What waits among the reviews."""

    serializer_class = ReviewCountsSerializer
    is_conditional = True
    title, tag = _("评价的概况"), RECORDS
    about = _("多少条低分评价待回复、回复率、可邀请多少订单。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it is now."""
        asked = QueryDict("show=invite")
        page = reviews_page(shop=request.shop, asked=asked, now=timezone.now())
        told = vars(page) | {"shop_id": request.shop.external_id}
        return Response(ReviewCountsSerializer(told).data)


class ReviewInvitationSerializer(ReadSerializer):
    """An order whose buyer can be asked for a review."""

    order_id = text("external_id", _("订单编号。"))

    class Meta:
        model = Order
        fields = ("order_id", "placed_at", "signed_at")


class ReviewInvitations(ShopRecordList):
    """Orders whose buyers can be asked for a review, the last signed for first."""

    serializer_class = ReviewInvitationSerializer
    orderings = ("-signed_at", "placed_at")
    title = _("可邀请评价的订单")
    about = _("签收 2 到 15 天、还没有评价也没有售后的订单；平台客服的店铺没有。")

    def rows(self) -> QuerySet[Order]:
        """Those there are now."""
        return orders_to_invite(shop=self.request.shop, now=timezone.now())


class ComplaintCountSerializer(serializers.Serializer):
    """One list of complaints."""

    show = serializers.ChoiceField(list(SHOWS), help_text=_("待回复、处理中还是已结束。"))
    title = serializers.CharField(help_text=_("名单，用你的语言。"))
    complaints = serializers.IntegerField(help_text=_("投诉件数。"))


class ComplaintCountsSerializer(serializers.Serializer):
    """How many complaints there are of each kind."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    lists = ComplaintCountSerializer(many=True, help_text=_("每份名单一行。"))
    overdue = serializers.IntegerField(help_text=_("待回复里已超过期限的件数。"))
    hours = serializers.IntegerField(help_text=_("提起后多少小时内回复，按规则。"))


class ComplaintCounts(ShopView):
    """What waits among the complaints."""

    serializer_class = ComplaintCountsSerializer
    is_conditional = True
    title, tag = _("投诉的概况"), RECORDS
    about = _("待回复、处理中、已结束的投诉各多少，多少件已超过期限。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it is now."""
        page = complaints_page(shop=request.shop, asked=QueryDict(), now=timezone.now())
        told = {
            "shop_id": request.shop.external_id,
            "lists": [
                {"show": show, "title": title, "complaints": n}
                for show, title, n, _is_chosen in page.shows
            ],
            "overdue": page.overdue,
            "hours": page.hours,
        }
        return Response(ComplaintCountsSerializer(told).data)
