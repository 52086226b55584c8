"""待办: what a shop has to do, in the order of the overview."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from stores.api.base import SHOPS, ApiRequest, ShopView
from stores.duties import lines_of
from stores.selectors.visit import Visit


class TodoLineSerializer(serializers.Serializer):
    """One line."""

    id = serializers.CharField(source="name", help_text=_("待办的代码。"))
    title = serializers.CharField(help_text=_("要做什么。"))
    why = serializers.CharField(help_text=_("为什么要做。"))
    count = serializers.IntegerField(help_text=_("涉及多少条记录。"))
    due_at = serializers.DateTimeField(
        allow_null=True, help_text=_("最早一条的期限；没有固定期限时为 null。")
    )
    is_urgent = serializers.SerializerMethodField(help_text=_("是否已超时或 6 小时内到期。"))
    effect = serializers.FloatField(
        allow_null=True, help_text=_("做与不做相差的总分（排名不变）；无法估计时为 null。")
    )

    def get_is_urgent(self, line: Any) -> bool:
        """Whether it is red on the page."""
        return bool(line.tone == "urgent")


class TodoSerializer(serializers.Serializer):
    """The whole list."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    at = serializers.DateTimeField(help_text=_("按哪个时刻算。"))
    lines = TodoLineSerializer(many=True, help_text=_("要做的事，一行一件。"))


class TodoList(ShopView):
    """The to-do list of the overview."""

    serializer_class = TodoSerializer
    title, tag = _("今天要做"), SHOPS
    about = _("总览上的待办，先到期的在前，没有期限的在后，同时到期的按对总分的影响。")

    @extend_schema(responses=TodoSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The lines."""
        now = timezone.now()
        lines = lines_of(Visit(request.shop, request.role, now))
        content = {"shop": request.shop.external_id, "at": now, "lines": lines}
        return Response(TodoSerializer(content).data)
