"""积分与处罚: where the shop stands."""

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.days import shanghai_day
from stores.access import OWNERS, shop_page
from stores.api.base import CONDUCT, ApiRequest, ApiView
from stores.calc.standing import GENERAL, SEVERE, Standing
from stores.selectors.conduct import standing_of
from stores.selectors.penalty_lines import morning_after


class PenaltySerializer(serializers.Serializer):
    """A penalty that runs."""

    node = serializers.CharField(source="node.id", help_text=_("节点，例如 severe_25。"))
    sanctions = serializers.ListField(
        source="node.sanctions", child=serializers.CharField(), help_text=_("处罚内容的代码。")
    )
    violation_id = serializers.CharField(source="case_id", help_text=_("由哪件违规触发。"))
    first = serializers.DateField(help_text=_("第一天（上海）。"))
    last = serializers.DateField(
        allow_null=True, help_text=_("最后一天；撤销之前一直有效为 null。")
    )


class StandingSerializer(serializers.Serializer):
    """Points and penalties."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    at = serializers.DateTimeField(help_text=_("按哪个时刻算。"))
    general_points = serializers.IntegerField(help_text=_("今年的一般违规积分。"))
    severe_points = serializers.IntegerField(help_text=_("今年的严重违规积分。"))
    next_general_node = serializers.IntegerField(
        allow_null=True, help_text=_("下一个一般节点的分数；已过最高节点为 null。")
    )
    next_severe_node = serializers.IntegerField(
        allow_null=True, help_text=_("下一个严重节点的分数；已过最高节点为 null。")
    )
    penalties = PenaltySerializer(many=True, help_text=_("生效中的处罚。"))


class StandingNow(ApiView):
    """Where the shop stands."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = StandingSerializer
    title, tag = _("积分与处罚"), CONDUCT
    about = _("两类积分、生效中的处罚和下一个节点，包括今天执行的违规。")

    @extend_schema(responses=StandingSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As of now."""
        now = timezone.now()
        standing = standing_of(request.shop, day=morning_after(now))
        content = {
            "shop": request.shop.external_id,
            "at": now,
            "general_points": standing.points[GENERAL],
            "severe_points": standing.points[SEVERE],
            "next_general_node": _points(standing, GENERAL),
            "next_severe_node": _points(standing, SEVERE),
            "penalties": [p for p in standing.penalties if p.runs_on(shanghai_day(now))],
        }
        return Response(StandingSerializer(content).data)


def _points(standing: Standing, kind: str) -> int | None:
    node = standing.next_nodes[kind]
    return node.points if node else None
