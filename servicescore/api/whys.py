"""为什么变了、试算、差距: what moved a total, what would, and how far it is from a bound."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.calc.gaps import gaps_to
from servicescore.calc.what_if import Move, outcome_of
from servicescore.metrics import metrics
from servicescore.models import ScoreState
from servicescore.selectors.change_story import story, turn_days
from servicescore.selectors.changes import change_of, turns_of
from servicescore.selectors.gap_table import goals
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ScoreView, score_on
from servicescore.selectors.standpoint import standpoint_of
from shopguard.lib.api.queries import figure, number_parameter
from stores.api.base import SCORE, ApiRequest, ShopView

LOWEST_BOUND, HIGHEST_BOUND = 0, 5
HIGHEST_FIGURE = 100_000
POINTS = serializers.DictField(child=serializers.FloatField())


def score_asked_for(request: ApiRequest, day: date) -> ScoreView:
    """The score of a date the person may see. Raises Http404."""
    staff = request.role in STAFF_ROLES
    view = score_on(request.shop, day=day, now=timezone.now(), staff=staff)
    if view is None:
        raise Http404
    return view


class ChangeSerializer(serializers.Serializer):
    """The change of a total since the day before."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    previous_total = serializers.FloatField(allow_null=True, help_text=_("前一天的总分。"))
    total = serializers.FloatField(allow_null=True)
    parts = serializers.DictField(
        child=serializers.FloatField(),
        help_text=_("六部分的分，相加等于变化；有一天没有总分时为空。"),
    )
    by_metric = serializers.DictField(child=POINTS, help_text=_("中间四部分各落在哪些指标上。"))
    story = serializers.CharField(allow_blank=True, help_text=_("同样的内容用一句话说。"))


class ScoreChange(ShopView):
    """Why the score of a date moved."""

    serializer_class = ChangeSerializer
    is_conditional = True
    title, tag = _("分数为什么变了"), SCORE
    about = _("与前一天比：规则、更正、移出、新增、同行、够数六部分，相加正好等于变化。")

    @extend_schema(responses=ChangeSerializer)
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The parts."""
        view = score_asked_for(request, day)
        staff = request.role in STAFF_ROLES
        before = score_on(
            request.shop, day=day - timedelta(days=1), now=timezone.now(), staff=staff
        )
        turn = turns_of([request.shop.pk], view.date, view.rules)[request.shop.pk]
        change = change_of(view, before, turn)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "previous_total": change.previous_total if change else None,
            "total": view.total,
            "parts": change.parts if change else {},
            "by_metric": change.by_metric if change else {},
            "story": story(change, turn_days(turn, view)) if change else "",
        }
        return Response(ChangeSerializer(content).data)


class MetricOutcomeSerializer(serializers.Serializer):
    """A metric after the moves."""

    value = serializers.FloatField(allow_null=True, help_text=_("加权值，单位见指标定义。"))
    score = serializers.FloatField(allow_null=True)
    percentile = serializers.FloatField(allow_null=True)


class OutcomeSerializer(serializers.Serializer):
    """A score with some figures moved."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    moved = serializers.DictField(
        child=serializers.FloatField(), help_text=_("动了的指标和动到的值。")
    )
    total_before = serializers.FloatField(allow_null=True, help_text=_("现在的总分。"))
    total = serializers.FloatField(allow_null=True)
    stars = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(ScoreState.choices)
    percentile = serializers.FloatField(allow_null=True)
    dimensions = serializers.DictField(child=serializers.FloatField(allow_null=True))
    metrics = serializers.DictField(child=MetricOutcomeSerializer(), help_text=_("各指标。"))


class ScoreWhatIf(ShopView):
    """What the score of a date would be."""

    serializer_class = OutcomeSerializer
    is_conditional = True
    parameters = frozenset(metrics())
    title, tag = _("试算"), SCORE
    about = _(
        "把指标动到别的值，按夜间的算法再算一遍；同行不动，什么都不保存。"
        "比例写成小数，如 0.967；当天规则里没有的指标不起作用。"
    )

    @extend_schema(
        responses=OutcomeSerializer,
        parameters=[
            number_parameter(name, _("这个指标动到的值。"), 0, HIGHEST_FIGURE) for name in metrics()
        ],
    )
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The outcome."""
        view = score_asked_for(request, day)
        asked = {
            name: figure(request.query_params.get(name, ""), name, 0, HIGHEST_FIGURE)
            for name in request.query_params
        }
        moved = {name: value for name, value in asked.items() if name in view.rules.metrics}
        moves = [Move(name, value=value) for name, value in moved.items()]
        outcome = outcome_of(standpoint_of(view), moves)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "moved": moved,
            "total_before": view.total,
            **vars(outcome),
        }
        return Response(OutcomeSerializer(content).data)


class GapSerializer(serializers.Serializer):
    """What one metric alone can do."""

    metric = serializers.CharField(help_text=_("指标代码。"))
    current = serializers.FloatField(help_text=_("现在的加权值。"))
    value = serializers.FloatField(allow_null=True, help_text=_("最少要到的值；到不了时为 null。"))
    records = serializers.IntegerField(
        allow_null=True, help_text=_("也就是要少多少条不好的记录；不是比例的指标为 null。")
    )
    best_total = serializers.FloatField(help_text=_("这一项做满时的总分。"))
    way = serializers.FloatField(allow_null=True, help_text=_("要走完到做满的多少，0 到 1。"))


class GapsSerializer(serializers.Serializer):
    """The gaps of every metric to one total."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField()
    total = serializers.FloatField(allow_null=True)
    bound = serializers.FloatField(help_text=_("要到的总分。"))
    gaps = GapSerializer(many=True, help_text=_("最容易的在前；没有总分时为空。"))


class ScoreGaps(ShopView):
    """How far each metric alone is from a total."""

    serializer_class = GapsSerializer
    is_conditional = True
    parameters = frozenset({"bound"})
    title, tag = _("到某个分数的差距"), SCORE
    about = _(
        "只改一项，最少要改到多少才到这个总分；不写 bound 时是下一个星级或门槛，都已过时是 5。"
    )

    @extend_schema(
        responses=GapsSerializer,
        parameters=[number_parameter("bound", _("要到的总分。"), LOWEST_BOUND, HIGHEST_BOUND)],
    )
    def get(self, request: ApiRequest, day: date, **kwargs: Any) -> Response:
        """The gaps."""
        view = score_asked_for(request, day)
        text = request.query_params.get("bound", "")
        bound = figure(text, "bound", LOWEST_BOUND, HIGHEST_BOUND) if text else _next_bound(view)
        content = {
            "shop": request.shop.external_id,
            "date": view.date,
            "total": view.total,
            "bound": bound,
            "gaps": gaps_to(standpoint_of(view), bound),
        }
        return Response(GapsSerializer(content).data)


def _next_bound(view: ScoreView) -> float:
    """The lowest goal ahead of a score; the highest bound where none is."""
    ahead = [goal.bound for goal in goals(view) if not goal.is_reached]
    return ahead[0] if ahead else float(HIGHEST_BOUND)
