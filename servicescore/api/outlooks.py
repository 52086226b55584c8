"""往后与规则: the totals to come, other rule sets, advice, and whether a receipt still holds."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.api.whys import score_asked_for
from servicescore.selectors.advice_rows import advice_rows
from servicescore.selectors.check_words import difference_lines
from servicescore.selectors.forecast import bad_days, forecast_of
from servicescore.selectors.kept import industry_kept
from servicescore.selectors.preview import preview_of
from servicescore.selectors.receipt_check import receipt_checked
from servicescore.selectors.rule_columns import rule_sets
from shopguard.lib.api.queries import number_parameter, whole_figure
from stores.api.base import SCORE, ApiRequest, ShopView

MOST_DAYS = 90
DAYS = 60


class OutlookSerializer(serializers.Serializer):
    """The total expected on a day."""

    target = serializers.DateField(help_text=_("预计的是哪一天的分数。"))
    expected = serializers.FloatField(help_text=_("预计的总分。"))
    low = serializers.FloatField(help_text=_("80% 区间的下限。"))
    high = serializers.FloatField(help_text=_("80% 区间的上限。"))


class BadDaySerializer(serializers.Serializer):
    """A day that holds the total down."""

    day = serializers.DateField(help_text=_("哪一天的记录。"))
    leaves_on = serializers.DateField(help_text=_("从这一天的分数起不再计入。"))
    effect = serializers.FloatField(help_text=_("去掉这一天，总分多多少。"))


class ForecastSerializer(serializers.Serializer):
    """The days to come."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    outlook = OutlookSerializer(many=True, help_text=_("往后每天一行；没有总分时为空。"))
    bad_days = BadDaySerializer(many=True, help_text=_("拖后腿的日子，最重的在前。"))


class ScoreForecast(ShopView):
    """The totals to come if the shop goes on as it does now."""

    serializer_class = ForecastSerializer
    is_conditional = True
    parameters = frozenset({"days"})
    title, tag = _("往后的分数"), SCORE
    about = _("接着按店铺近来的单量和水平往前模拟，用夜间的算法打分；以及哪天的坏记录何时不再算。")

    @extend_schema(
        responses=ForecastSerializer,
        parameters=[number_parameter("days", _("往后多少天，默认 60。"), 1, MOST_DAYS, "integer")],
    )
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The outlook."""
        view = score_asked_for(request, day)
        text = request.query_params.get("days", str(DAYS))
        days = whole_figure(text, "days", 1, MOST_DAYS)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "outlook": forecast_of(view, days),
            "bad_days": bad_days(view, days) if view.total is not None else [],
        }
        return Response(ForecastSerializer(content).data)


class RuleResultSerializer(serializers.Serializer):
    """A total under another rule set."""

    rule_set = serializers.CharField()
    total = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True, help_text=_("比这一天的总分多多少。"))
    why = serializers.DictField(
        child=serializers.FloatField(), help_text=_("每个指标带来的分，相加等于变化。")
    )


class RulePreviewSerializer(serializers.Serializer):
    """A score under every rule set."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    applied = serializers.CharField(help_text=_("这一天所用规则的版本。"))
    total = serializers.FloatField(allow_null=True)
    rules = RuleResultSerializer(many=True, help_text=_("其他规则每套一行。"))


class ScoreRules(ShopView):
    """The score of a date under every rule set."""

    serializer_class = RulePreviewSerializer
    is_conditional = True
    title, tag = _("换一套规则"), SCORE
    about = _("同样的记录按每套规则各算一遍；只是预览，存下的分数不变。")

    @extend_schema(responses=RulePreviewSerializer)
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The results."""
        view = score_asked_for(request, day)
        others = [one for one in rule_sets() if one != view.rule_set.id]
        found = [(rule_set, preview_of(view, rule_set)) for rule_set in others]
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "applied": view.rule_set.id,
            "total": view.total,
            "rules": [
                {"rule_set": name, "total": one.other, "change": one.change, "why": dict(one.why)}
                for name, one in found
            ],
        }
        return Response(RulePreviewSerializer(content).data)


class AdviceSerializer(serializers.Serializer):
    """What one metric is worth."""

    metric = serializers.CharField(help_text=_("指标代码。"))
    label = serializers.CharField()  # type: ignore[assignment]
    current = serializers.CharField(help_text=_("现在的值，带单位。"))
    target = serializers.CharField(help_text=_("先做到的值，带单位。"))
    gain = serializers.FloatField(help_text=_("做到以后总分多多少，其余不动。"))
    steps = serializers.ListField(child=serializers.CharField(), help_text=_("怎么做。"))


class AdvicesSerializer(serializers.Serializer):
    """Advice by its gain."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    advice = AdviceSerializer(many=True, help_text=_("多得最多的在前；没有总分时为空。"))


class ScoreAdvice(ShopView):
    """What to do first."""

    serializer_class = AdvicesSerializer
    is_conditional = True
    title, tag = _("先做哪一项"), SCORE
    about = _("每个指标都做到下一档，按总分多得多少排；附按平台建议写的做法。")

    @extend_schema(responses=AdvicesSerializer)
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The advice."""
        view = score_asked_for(request, day)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "advice": advice_rows(view, industry_kept(view).steps),
        }
        return Response(AdvicesSerializer(content).data)


class DifferenceSerializer(serializers.Serializer):
    """One figure that is not what was stored."""

    label = serializers.CharField(help_text=_("哪个数字。"))  # type: ignore[assignment]
    stored = serializers.CharField(help_text=_("凭证上的。"))
    found = serializers.CharField(help_text=_("现在数的。"))


class CheckSerializer(serializers.Serializer):
    """What checking a receipt found."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    revision = serializers.IntegerField()
    is_equal = serializers.BooleanField(help_text=_("每个数字都与重算相同。"))
    has_other_rules = serializers.BooleanField(help_text=_("规则的文字改过，没法核对。"))
    differences = DifferenceSerializer(many=True, help_text=_("不同的数字。"))
    days = serializers.IntegerField(help_text=_("这个分数看的天数。"))
    recounted_days = serializers.IntegerField(
        help_text=_("其中逐条重数的天数；订单多的店铺，其余按每晚数过的核对。")
    )
    waiting_days = serializers.IntegerField(
        help_text=_("没有重数的日子里，记录变过、要等今晚重数的天数。")
    )


class ScoreCheck(ShopView):
    """Whether the receipt of a date still holds."""

    serializer_class = CheckSerializer
    is_conditional = True
    title, tag = _("核对一张凭证"), SCORE
    about = _("按现在的记录重新数一遍，再用当时的同行打分，说一致或哪里不同。")

    @extend_schema(responses=CheckSerializer)
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The result."""
        view = score_asked_for(request, day)
        check = receipt_checked(view)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "revision": view.revision,
            "is_equal": check.is_equal,
            "has_other_rules": check.has_other_rules,
            "differences": difference_lines(check),
            "days": check.days,
            "recounted_days": check.recounted,
            "waiting_days": check.waiting,
        }
        return Response(CheckSerializer(content).data)
