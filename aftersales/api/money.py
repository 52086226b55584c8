"""What returns cost, and the week on one sheet."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.sums import BASIS_PARAMETERS, CountedSerializer, SumsView
from aftersales.selectors.money_page import PARTS, MoneyPage, money_page
from aftersales.selectors.week_report import week_report
from shopguard.lib.api.bodies import Fen, RowId
from shopguard.lib.api.queries import check_day, day_parameter
from shopguard.lib.days import shanghai_day
from stores.api.base import RECORDS, ApiRequest, ShopView

SAME = (
    "first", "last", "now", "before", "low", "high", "is_outside", "days", "products", "rule_set",
    "bars", "target_minutes", "data_day",
)  # fmt: skip


class CostPartSerializer(serializers.Serializer):
    """A part of what returns cost."""

    part = serializers.ChoiceField(PARTS, help_text=_("哪一项。"))
    title = serializers.CharField(help_text=_("项目，用你的语言。"))
    amount_fen = Fen("fen")
    counted_by = serializers.CharField(source="basis", help_text=_("按什么日期计，用你的语言。"))
    note = serializers.CharField(allow_blank=True, help_text=_("说明，用你的语言。"))
    is_estimate = serializers.BooleanField(help_text=_("是否估计。"))
    is_ours = serializers.BooleanField(help_text=_("是否计入合计。"))


class GoodsCostSerializer(serializers.Serializer):
    """What returns of a product cost."""

    product_id = serializers.CharField(source="value", help_text=_("商品编号。"))
    title = serializers.CharField(help_text=_("商品的标题。"))
    refunds_fen = serializers.IntegerField(source="refunded", help_text=_("退款，单位分。"))
    carrier_fen = serializers.IntegerField(source="carrier", help_text=_("退回运费，单位分。"))
    lost_fen = serializers.IntegerField(source="lost", help_text=_("不能再卖的货，单位分。"))


class CameAgainSerializer(serializers.Serializer):
    """Buyers followed, and how many bought again."""

    title = serializers.CharField(help_text=_("哪些买家，用你的语言。"))
    orders = serializers.IntegerField(help_text=_("看的订单数。"))
    came_again = serializers.IntegerField(help_text=_("其中再买的。"))


class ReturnCostSerializer(CountedSerializer):
    """The parts, the products that cost most, and who came again."""

    parts = CostPartSerializer(many=True, help_text=_("花在退货上的钱，一项一行。"))
    products = GoodsCostSerializer(many=True, help_text=_("花得最多的商品。"))
    came_again = CameAgainSerializer(many=True, help_text=_("退货和没退货的买家各有多少再买。"))


@extend_schema(parameters=BASIS_PARAMETERS)
class ReturnCosts(SumsView):
    """What returns of the window cost."""

    serializer_class = ReturnCostSerializer
    page = staticmethod(money_page)
    title = _("退货的钱")
    about = _("近 90 天退货的退款、运费、保费和赔付、不能再卖的货、少掉的复购；还没算过时没有。")

    def told(self, page: MoneyPage) -> dict[str, Any]:
        """The parts, the goods, and who came again."""
        return {
            "parts": page.lines,
            "products": page.goods,
            "came_again": [
                {"title": title, "orders": rate.n, "came_again": rate.k}
                for title, rate in page.groups
            ],
        }


class WeekTotalsSerializer(serializers.Serializer):
    """A week in sums."""

    returns = serializers.IntegerField(help_text=_("申请退货的件数。"))
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    signed_lines = serializers.IntegerField(source="lines", help_text=_("签收的件数。"))
    rate = serializers.FloatField(
        source="rate.value", allow_null=True, help_text=_("退货率；1 是全部。")
    )
    refunds_fen = serializers.IntegerField(source="fen", help_text=_("退款，单位分。"))
    closed = serializers.IntegerField(help_text=_("完结的售后。"))
    hours = serializers.FloatField(allow_null=True, help_text=_("完结的售后本店用时的平均小时数。"))


class WeekDaySerializer(serializers.Serializer):
    """A day of the week."""

    day = serializers.DateField(help_text=_("哪一天。"))
    returns = serializers.IntegerField(help_text=_("申请退货的件数。"))
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    refunds_fen = serializers.IntegerField(source="fen", help_text=_("退款，单位分。"))
    closed = serializers.IntegerField(help_text=_("完结的售后。"))
    hours = serializers.FloatField(allow_null=True, help_text=_("完结的售后本店用时的平均小时数。"))
    asked = serializers.IntegerField(help_text=_("申请的售后。"))
    answered = serializers.IntegerField(help_text=_("其中按目标时间首次回复的。"))


class WeekReasonSerializer(serializers.Serializer):
    """A first reason of the week."""

    reason = serializers.CharField(help_text=_("买家最初的原因。"))
    returns = serializers.IntegerField(help_text=_("件数。"))
    is_quality = serializers.BooleanField(help_text=_("是否算品质。"))


class WeekProductSerializer(serializers.Serializer):
    """A product of the week."""

    product_id = serializers.CharField(source="ref", help_text=_("商品编号。"))
    title = serializers.CharField(help_text=_("商品的标题。"))
    returns = serializers.IntegerField(help_text=_("退货件数。"))
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    refunds_fen = serializers.IntegerField(source="fen", help_text=_("退款，单位分。"))
    low_reviews = serializers.IntegerField(help_text=_("一到三星的评价。"))


class WeekEffectSerializer(serializers.Serializer):
    """What a fix did."""

    fix_id = RowId(help_text=_("整改的编号。"))
    action = serializers.CharField(help_text=_("做了什么，用你的语言。"))
    verdict = serializers.CharField(help_text=_("判断：变好、没变或变差。"))


class WeekHoursSerializer(serializers.Serializer):
    """A week of the chart of refund hours."""

    last_day = serializers.DateField(source="last", help_text=_("这一周的最后一天。"))
    hours = serializers.FloatField(allow_null=True, help_text=_("完结的售后本店用时的平均小时数。"))


class WeekReportSerializer(serializers.Serializer):
    """The week, beside the one before."""

    first_day = serializers.DateField(source="first", help_text=_("第一天。"))
    last_day = serializers.DateField(source="last", help_text=_("最后一天。"))
    week = WeekTotalsSerializer(source="now", help_text=_("这一周。"))
    week_before = WeekTotalsSerializer(source="before", help_text=_("前一周。"))
    low = serializers.FloatField(allow_null=True, help_text=_("退货率正常范围的下限。"))
    high = serializers.FloatField(allow_null=True, help_text=_("退货率正常范围的上限。"))
    is_outside = serializers.BooleanField(help_text=_("这一周是否超出正常范围。"))
    days = WeekDaySerializer(many=True, help_text=_("每天一行。"))
    weeks = WeekHoursSerializer(
        source="bars", many=True, help_text=_("近几周的退款用时，旧的在前。")
    )
    target_minutes = serializers.IntegerField(help_text=_("首次回复的目标时间，分钟，按规则。"))
    data_day = serializers.DateField(help_text=_("数据算到哪一天。"))
    reasons = WeekReasonSerializer(many=True, help_text=_("首次原因，多的在前。"))
    products = WeekProductSerializer(many=True, help_text=_("退得最多的商品。"))
    finding_ranks = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("周报写到的发现的名次。")
    )
    advice = serializers.ListField(
        child=serializers.CharField(), help_text=_("对这些发现的建议，用你的语言。")
    )
    effects = WeekEffectSerializer(many=True, help_text=_("整改的效果。"))
    rule_set = serializers.CharField(help_text=_("所用的规则，用你的语言。"))


class WeekReturns(ShopView):
    """The weekly report."""

    serializer_class = WeekReportSerializer
    is_conditional = True
    parameters = frozenset({"last"})
    title, tag = _("退货周报"), RECORDS
    about = _("一周的退货，按申请日，分母是当日签收件数，与前一周比；还没算过时没有。")

    @extend_schema(
        responses=WeekReportSerializer,
        parameters=[day_parameter("last", _("这一周的最后一天；不写是最近完整的一周。"))],
    )
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The week that ends on the day, else the newest."""
        check_day(request, "last")
        today = shanghai_day(timezone.now())
        page = week_report(shop=request.shop, asked=request.query_params, today=today)
        if page is None:
            raise Http404
        told = {name: getattr(page, name) for name in SAME} | {
            "reasons": [
                {"reason": text, "returns": n, "is_quality": is_quality}
                for text, n, _width, is_quality in page.reasons
            ],
            "finding_ranks": [one.row.rank for one in page.findings],
            "advice": page.steps,
            "effects": [
                {"fix_id": line.fix.pk, "action": line.action, "verdict": effect.row.verdict}
                for line, effect in page.effects
            ],
        }
        return Response(WeekReportSerializer(told).data)
