"""客服考核: how the shop's own service stands, what was judged, punishments, and the agents."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.calc.assessment import FAILURES, INDICATORS, LEVELS, STATES
from servicescore.models import AssessmentDay, AssessmentPenalty
from servicescore.selectors.modes import blacklisting_of
from servicescore.selectors.service_page import agents_of, standing_of_service
from shopguard.lib.api.bodies import ReadSerializer, text
from shopguard.lib.api.filters import on_day, one_of
from shopguard.lib.days import shanghai_day
from stores.api.base import SERVICE, ApiRequest, ShopRecordList, ShopView
from stores.models import Shop


class JudgementSerializer(serializers.Serializer):
    """What was said of one indicator on the last judged day."""

    indicator = serializers.ChoiceField(INDICATORS, help_text=_("指标：回复率或不满意率。"))
    value = serializers.FloatField(allow_null=True, help_text=_("比例，0 到 1；没有样本为 null。"))
    n = serializers.IntegerField(help_text=_("样本数。"))
    level = serializers.CharField(
        allow_blank=True, help_text=_("pass、reminder、course、limit；没有评为空。")
    )
    state = serializers.ChoiceField(STATES, help_text=_("评了，还是为什么没有评。"))
    window_from = serializers.DateField(help_text=_("考核窗口第一天。"))
    window_to = serializers.DateField(help_text=_("考核窗口最后一天。"))


class BudgetSerializer(serializers.Serializer):
    """Late replies that still fit."""

    level = serializers.CharField(help_text=_("全部及时时的等级。"))
    next_level = serializers.CharField(help_text=_("再多就降到的等级。"))
    allowed = serializers.IntegerField(help_text=_("还能晚回多少条。"))
    expected = serializers.IntegerField(help_text=_("预计还来多少条咨询。"))
    likely = serializers.FloatField(help_text=_("其中预计晚回多少条。"))


class RunningSerializer(serializers.Serializer):
    """A punishment that runs."""

    first = serializers.DateField(help_text=_("第一天（上海）。"))
    last = serializers.DateField(help_text=_("最后一天（上海）。"))
    limited_from = serializers.DateField(
        allow_null=True, help_text=_("从这天起限流；只有课程时为 null。")
    )


class BlacklistSerializer(serializers.Serializer):
    """Complaints about blacklisting."""

    count = serializers.IntegerField(help_text=_("成立的拉黑投诉数。"))
    limit = serializers.IntegerField(help_text=_("满多少次暂停黑名单功能。"))
    is_suspended = serializers.BooleanField(help_text=_("是否暂停。"))


class AssessmentSerializer(serializers.Serializer):
    """How the service stands now."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    service_mode = serializers.ChoiceField(Shop.ServiceMode.values, help_text=_("谁来接待客户。"))
    judged_on = serializers.DateField(allow_null=True, help_text=_("最近考核的那天。"))
    indicators = JudgementSerializer(many=True, help_text=_("最近一次考核。"))
    running = RunningSerializer(allow_null=True, help_text=_("进行中的处罚；没有为 null。"))
    budget_today = BudgetSerializer(
        allow_null=True, help_text=_("到今晚为止；样本太少不考核为 null。")
    )
    budget_week = BudgetSerializer(allow_null=True, help_text=_("今后 7 天。"))
    failing_months = serializers.ListField(
        child=serializers.DateField(), help_text=_("近半年不达标的月份，写每月 1 日。")
    )
    blacklist = BlacklistSerializer(help_text=_("黑名单功能。"))


class AssessmentNow(ShopView):
    """The newest judgement and what still fits."""

    serializer_class = AssessmentSerializer
    title, tag = _("客服考核"), SERVICE
    about = _("最近一次考核、进行中的处罚、今天和今后 7 天还能晚回多少条。")

    @extend_schema(responses=AssessmentSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As of now."""
        now = timezone.now()
        standing = standing_of_service(shop=request.shop, now=now)
        content = {
            "shop": request.shop.external_id,
            "service_mode": request.shop.service_mode,
            "judged_on": standing.day,
            "indicators": [row for row in (standing.reply, standing.low) if row],
            "running": standing.running,
            "budget_today": standing.budget_today,
            "budget_week": standing.budget_week,
            "failing_months": standing.failing,
            "blacklist": blacklisting_of(request.shop, day=shanghai_day(now)),
        }
        return Response(AssessmentSerializer(content).data)


class AssessmentDaySerializer(ReadSerializer):
    """One indicator on one judged day."""

    indicator = serializers.ChoiceField(INDICATORS, help_text=_("指标：回复率或不满意率。"))
    state = serializers.ChoiceField(STATES, help_text=_("评了，还是为什么没有评。"))

    class Meta:
        model = AssessmentDay
        fields = (
            "day", "indicator", "num", "n", "level", "state", "window_from", "window_to",
        )  # fmt: skip
        extra_kwargs = {
            "day": {"help_text": _("考核日（上海）。")},
            "num": {"help_text": _("回复率里是及时的条数，不满意率里是低分条数。")},
            "n": {"help_text": _("样本数。")},
            "level": {"help_text": _("pass、reminder、course、limit；没有评为空。")},
            "window_from": {"help_text": _("考核窗口第一天。")},
            "window_to": {"help_text": _("考核窗口最后一天。")},
        }


class AssessmentDayFilters(filters.FilterSet):
    """How judged days can be narrowed."""

    indicator = one_of(INDICATORS, _("指标。"))
    state = one_of(STATES, _("状态。"))
    level = one_of(LEVELS, _("等级。"))
    day_from = on_day("day", _("这天或之后。"), "gte")
    day_until = on_day("day", _("这天或之前。"), "lte")


class AssessmentDays(ShopRecordList):
    """Judged days, newest first."""

    serializer_class = AssessmentDaySerializer
    filterset_class = AssessmentDayFilters
    orderings = ("-day",)
    title, tag = _("考核日"), SERVICE
    about = _("每天每项指标的考核结论；没有任何咨询的日子没有记录。")


class AssessmentPenaltySerializer(ReadSerializer):
    """One punishment."""

    shop = text("shop.external_id", _("店铺编号。"))
    indicator = serializers.ChoiceField(INDICATORS, help_text=_("指标：回复率或不满意率。"))
    level = serializers.ChoiceField(FAILURES, help_text=_("课程与考试，或限流。"))

    class Meta:
        model = AssessmentPenalty
        fields = ("shop", "indicator", "level", "found_on", "month")
        extra_kwargs = {
            "found_on": {"help_text": _("第一天（上海）。")},
            "month": {"help_text": _("算哪个自然月，写当月 1 日。")},
        }


class AssessmentPenaltyFilters(filters.FilterSet):
    """How punishments can be narrowed."""

    indicator = one_of(INDICATORS, _("指标。"))
    level = one_of(FAILURES, _("等级。"))


class AssessmentPenalties(ShopRecordList):
    """Punishments, newest first."""

    serializer_class = AssessmentPenaltySerializer
    filterset_class = AssessmentPenaltyFilters
    orderings = ("-found_on",)
    title, about, tag = _("考核处罚"), _("历次考核处罚，每项每月最多一次。"), SERVICE

    def rows(self) -> QuerySet[Any]:
        """Those of the shop."""
        return super().rows().select_related("shop")


class AgentSerializer(serializers.Serializer):
    """What one agent did."""

    agent = serializers.CharField(source="name", allow_blank=True, help_text=_("客服代号。"))
    asked = serializers.IntegerField(help_text=_("买家发起的咨询。"))
    late = serializers.IntegerField(help_text=_("其中晚回的。"))
    rate = serializers.FloatField(allow_null=True, help_text=_("3 分钟回复率，0 到 1。"))
    due_rate = serializers.FloatField(allow_null=True, help_text=_("同样时段全店的 3 分钟回复率。"))
    longest_gap_seconds = serializers.IntegerField(source="gap", help_text=_("最长间隔，秒。"))
    rated = serializers.IntegerField(help_text=_("有评分的会话。"))
    low = serializers.IntegerField(help_text=_("其中低分的。"))
    last_word = serializers.IntegerField(help_text=_("最后一句是买家的会话。"))
    unended = serializers.IntegerField(help_text=_("没有结束的会话。"))


class AgentsSerializer(serializers.Serializer):
    """All agents of a shop."""

    shop = serializers.CharField(help_text=_("店铺编号。"))
    agents = AgentSerializer(many=True, help_text=_("咨询多的在前。"))


class AssessmentAgents(ShopView):
    """The agents of the last seven days."""

    serializer_class = AgentsSerializer
    title, about, tag = _("每位客服"), _("近 7 天每位客服的回复、评分和会话。"), SERVICE

    @extend_schema(responses=AgentsSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """By consultations."""
        agents = agents_of(shop=request.shop, now=timezone.now())
        content = {"shop": request.shop.external_id, "agents": agents}
        return Response(AgentsSerializer(content).data)
