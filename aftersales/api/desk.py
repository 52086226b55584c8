"""What a shop sets up for its cases: services that decide by themselves, and the guarantee."""

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from aftersales.calc.case_states import EVERY_KIND
from aftersales.calc.guarantee import EXEMPTIONS, SOURCES
from aftersales.forms import LONGEST_DAYS
from aftersales.selectors.guarantee import guarantee_page
from aftersales.selectors.services import services_page
from aftersales.services.auto import (
    assistant_rule_add,
    assistant_rule_drop,
    services_switch,
)
from aftersales.services.guarantee import (
    ChoiceConflictError,
    guarantee_switch,
    guarantee_term_set,
)
from shopguard.lib.api.bodies import InputSerializer, RowId
from shopguard.lib.api.problems import Conflict
from stores.access import OWNERS, shop_page
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.once import once

LARGEST, MOST_FEN = 2**31 - 1, 2**53
CHANGED = _("这个设置刚刚被别人改过。")
VERSION = _("看到的版本；被别人改过就不做。")


class SidesSerializer(serializers.Serializer):
    """Both sides of a service over the cases that ended in the last 90 days."""

    cases = serializers.IntegerField(help_text=_("看的售后件数。"))
    fits = serializers.IntegerField(help_text=_("其中它会决定的件数。"))
    hours_now = serializers.FloatField(allow_null=True, help_text=_("现在的平均小时数。"))
    hours_then = serializers.FloatField(
        allow_null=True, help_text=_("开通后的平均小时数；说不准时为 null。")
    )
    at_risk_fen = serializers.IntegerField(source="at_risk", help_text=_("有风险的金额，单位分。"))
    risky = serializers.IntegerField(help_text=_("其中后来被驳回、关闭或撤销的件数。"))


class AssistantRuleSerializer(serializers.Serializer):
    """A rule of the assistant."""

    id = RowId(source="pk", help_text=_("规则的编号。"))
    name = serializers.CharField(help_text=_("规则的名字。"))
    kinds = serializers.ListField(child=serializers.CharField(), help_text=_("哪些售后类型。"))
    most_fen = serializers.IntegerField(source="most", help_text=_("最多多少分。"))
    most_cases = serializers.IntegerField(help_text=_("买家 180 天内其他售后最多几件。"))


class CaseServicesSerializer(serializers.Serializer):
    """What is switched on, and what it would do."""

    version = serializers.IntegerField(help_text=_("设置的版本，改动时带上。"))
    fast_refund = serializers.BooleanField(help_text=_("极速退款是否开通。"))
    fast_most_fen = serializers.IntegerField(help_text=_("极速退款最多多少分。"))
    assistant = serializers.BooleanField(help_text=_("售后助手是否开通。"))
    rules = AssistantRuleSerializer(many=True, help_text=_("售后助手的规则。"))
    fast_sides = SidesSerializer(help_text=_("极速退款的两面。"))
    assistant_sides = SidesSerializer(help_text=_("售后助手的两面。"))


class SwitchServicesInput(InputSerializer):
    """What to switch on."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text=VERSION)
    fast_refund = serializers.BooleanField(help_text=_("极速退款是否开通。"))
    fast_most_fen = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, help_text=_("极速退款最多多少分。")
    )
    assistant = serializers.BooleanField(help_text=_("售后助手是否开通。"))


class NewAssistantRuleInput(InputSerializer):
    """A rule to add."""

    name = serializers.CharField(max_length=60, help_text=_("规则的名字。"))
    kinds = serializers.ListField(
        child=serializers.ChoiceField(sorted(EVERY_KIND)), min_length=1, max_length=len(EVERY_KIND),
        help_text=_("哪些售后类型。"),
    )  # fmt: skip
    most_fen = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, help_text=_("最多多少分。")
    )
    most_cases = serializers.IntegerField(
        min_value=0, max_value=100, help_text=_("买家 180 天内其他售后最多几件。")
    )


def _services(request: ApiRequest, code: int = status.HTTP_200_OK) -> Response:
    page = services_page(shop=request.shop, fast_most=None, now=timezone.now())
    told = {
        "version": page.version,
        "fast_refund": page.services.fast_refund,
        "fast_most_fen": page.services.fast_most,
        "assistant": page.services.assistant,
        "rules": [rule for rule, _kinds in page.rules],
        "fast_sides": page.fast,
        "assistant_sides": page.assistant,
    }
    return Response(CaseServicesSerializer(told).data, status=code)


class CaseServices(ShopView):
    """Fast refund and the assistant."""

    serializer_class = CaseServicesSerializer
    title, about, tag = _("售后服务"), _("极速退款和售后助手：开没开、规则、两面。"), RECORDS

    @extend_schema(responses=CaseServicesSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As they are now."""
        return _services(request)


class CaseServicesSwitch(ShopView):
    """Switching services."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = SwitchServicesInput
    title, about, tag = _("开关售后服务"), _("开通或关闭极速退款和售后助手。"), RECORDS

    @extend_schema(request=SwitchServicesInput, responses=CaseServicesSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The services afterwards. Raises Conflict at another version."""
        given = SwitchServicesInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            services_switch(
                actor=request.user, shop=request.shop, version=data["version"],
                fast_refund=data["fast_refund"], fast_most=data["fast_most_fen"],
                assistant=data["assistant"],
            )  # fmt: skip
        except ChoiceConflictError as error:
            raise Conflict(CHANGED) from error
        return _services(request)


class AssistantRules(ShopView):
    """Adding a rule of the assistant."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = NewAssistantRuleInput
    title, about, tag = _("添加助手规则"), _("给售后助手添加一条规则。"), RECORDS

    @extend_schema(request=NewAssistantRuleInput, responses={201: CaseServicesSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The services with the rule."""
        given = NewAssistantRuleInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        assistant_rule_add(
            actor=request.user, shop=request.shop, name=data["name"],
            kinds=sorted(set(data["kinds"])), most=data["most_fen"], most_cases=data["most_cases"],
        )  # fmt: skip
        return _services(request, status.HTTP_201_CREATED)


class AssistantRuleDetail(ShopView):
    """Taking a rule away."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    title, about, tag = (
        _("删除助手规则"),
        _("删除售后助手的一条规则；没有它时什么也不做。"),
        RECORDS,
    )

    @extend_schema(responses={204: None})
    @once
    def delete(self, request: ApiRequest, rule: int, **kwargs: Any) -> Response:
        """Nothing is left to tell."""
        assistant_rule_drop(actor=request.user, shop=request.shop, pk=rule)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CategoryTermsSerializer(serializers.Serializer):
    """The guarantee of a category."""

    category = serializers.CharField(help_text=_("类目。"))
    days = serializers.IntegerField(source="terms.days", help_text=_("保障天数。"))
    days_from = serializers.ChoiceField(
        SOURCES, source="terms.source", help_text=_("天数出自商品、类目、规则还是默认。")
    )
    exemption = serializers.ChoiceField(
        (*EXEMPTIONS, ""), source="terms.exemption", help_text=_("商品为什么不适用；适用时为空。")
    )
    unsealed_exempt = serializers.BooleanField(
        source="terms.unsealed_exempt", help_text=_("拆封后是否不再保障。")
    )
    is_own = serializers.SerializerMethodField(help_text=_("是否由本店设定。"))

    def get_is_own(self, row: Any) -> bool:
        """Whether the shop has a term of its own."""
        return row.own is not None


class GuaranteeSerializer(serializers.Serializer):
    """How the guarantee is counted."""

    version = serializers.IntegerField(help_text=_("设置的版本，改动时带上。"))
    working_days = serializers.BooleanField(help_text=_("是否只数工作日。"))
    default_days = serializers.IntegerField(help_text=_("没有另外规定时的天数。"))
    longest_days = serializers.IntegerField(source="longest", help_text=_("最多能定多少天。"))
    rule_set = serializers.CharField(source="title", help_text=_("所用的规则，用你的语言。"))
    categories = CategoryTermsSerializer(many=True, help_text=_("各类目的天数。"))


class GuaranteeSwitchInput(InputSerializer):
    """Whether to count working days."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text=VERSION)
    working_days = serializers.BooleanField(help_text=_("是否只数工作日。"))


class GuaranteeTermInput(InputSerializer):
    """The days of a category."""

    category = serializers.CharField(max_length=64, help_text=_("类目。"))
    days = serializers.IntegerField(
        min_value=0, max_value=LONGEST_DAYS, allow_null=True,
        help_text=_("保障天数；null 去掉本店的设定。"),
    )  # fmt: skip
    unsealed_exempt = serializers.BooleanField(default=False, help_text=_("拆封后是否不再保障。"))


def _guarantee(request: ApiRequest) -> Response:
    page = guarantee_page(shop=request.shop, now=timezone.now())
    return Response(GuaranteeSerializer(page).data)


class GuaranteeNow(ShopView):
    """The guarantee of the shop's goods, and its switch."""

    serializer_class = GuaranteeSerializer
    title, about, tag = _("售后保障期"), _("按什么日子数、各类目多少天。"), RECORDS

    @extend_schema(responses=GuaranteeSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As it is now."""
        return _guarantee(request)

    @extend_schema(request=GuaranteeSwitchInput, responses=GuaranteeSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Count working days only, or calendar days again. Raises Conflict at another version."""
        given = GuaranteeSwitchInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            guarantee_switch(actor=request.user, shop=request.shop, **given.validated_data)
        except ChoiceConflictError as error:
            raise Conflict(CHANGED) from error
        return _guarantee(request)


class GuaranteeTerms(ShopView):
    """Giving a category its days."""

    serializer_class = GuaranteeTermInput
    title, about, tag = _("类目的保障天数"), _("给一个类目定保障天数，或去掉。"), RECORDS

    @extend_schema(request=GuaranteeTermInput, responses=GuaranteeSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The guarantee afterwards."""
        given = GuaranteeTermInput(data=request.data)
        given.is_valid(raise_exception=True)
        guarantee_term_set(actor=request.user, shop=request.shop, **given.validated_data)
        return _guarantee(request)
