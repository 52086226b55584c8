"""客服模式: who answers the customers, and switches between the two."""

from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.calc.mode import CONDITIONS
from servicescore.models import CourseExam, ModeExam, ModeSwitch
from servicescore.selectors.mode_page import mode_page
from servicescore.selectors.modes import switch_of
from servicescore.services.mode import (
    AGENT_CHARS,
    ModeRefusedError,
    own_service_ask,
    own_service_exam,
    own_service_withdraw,
    platform_service_take,
)
from shopguard.lib.api.bodies import ReadSerializer, RowId
from shopguard.lib.api.problems import refused_as_conflict
from stores.access import OWNERS, shop_page
from stores.api.base import SERVICE, ApiRequest, ShopView
from stores.api.once import once
from stores.api.reasons import ReasonInput, reasoned
from stores.models import Shop

MOST_FEN = 2**31 - 1


class ModeConditionSerializer(serializers.Serializer):
    """One line of the checklist for own service."""

    name = serializers.ChoiceField(CONDITIONS, help_text=_("哪一项。"))
    is_met = serializers.BooleanField(
        allow_null=True, help_text=_("是否满足；要店主自己说的为 null。")
    )


class ModeExamSerializer(ReadSerializer):
    """One try at the exam."""

    outcome = serializers.ChoiceField(
        CourseExam.Outcome.values, help_text=_("passed 通过，failed 未通过，missed 缺考。")
    )

    class Meta:
        model = ModeExam
        fields = ("day", "agent", "outcome", "recorded_by")
        extra_kwargs = {
            "day": {"help_text": _("考试日期（上海）。")},
            "agent": {"help_text": _("谁考的；没写为空。")},
            "recorded_by": {"help_text": _("谁登记的。")},
        }


class ModeSwitchSerializer(ReadSerializer):
    """A switch somebody asked for."""

    id = RowId(source="pk", read_only=True, help_text=_("切换的编号。"))
    wanted = serializers.ChoiceField(Shop.ServiceMode.values, help_text=_("换成哪种模式。"))
    state = serializers.ChoiceField(
        ModeSwitch.State.values, help_text=_("open 等考试，done 已生效，withdrawn 已撤回。")
    )
    charge_fen = serializers.IntegerField(
        allow_null=True, help_text=_("换成平台代运营时告知的四周预计费用，单位分；否则为 null。")
    )
    exams = ModeExamSerializer(many=True, help_text=_("考过几次，结果如何。"))

    class Meta:
        model = ModeSwitch
        fields = (
            "id", "wanted", "state", "agents", "needed", "charge_fen", "asked_by", "asked_at",
            "ended_by", "ended_at", "from_day", "exams",
        )  # fmt: skip
        extra_kwargs = {
            "agents": {"help_text": _("当时班表上有几位客服。")},
            "needed": {"help_text": _("当时最忙的一小时要几位。")},
            "asked_by": {"help_text": _("谁提出的。")},
            "asked_at": {"help_text": _("什么时候提出的。")},
            "ended_by": {"help_text": _("谁结束的；还在等为空。")},
            "from_day": {"help_text": _("从哪天起生效；没有生效为 null。")},
        }


class ModeSerializer(serializers.Serializer):
    """Who answers now, and what a switch takes."""

    mode = serializers.ChoiceField(Shop.ServiceMode.values, help_text=_("现在谁来接待客户。"))
    since = serializers.DateField(
        allow_null=True, help_text=_("从哪天起；开店以来一直如此为 null。")
    )
    agents = serializers.IntegerField(help_text=_("班表上有几位客服。"))
    needed = serializers.IntegerField(help_text=_("最忙的一小时要几位。"))
    charge_fen = serializers.IntegerField(help_text=_("平台代运营四周的预计费用，单位分。"))
    conditions = ModeConditionSerializer(many=True, help_text=_("自主客服的条件。"))
    waiting = ModeSwitchSerializer(allow_null=True, help_text=_("在等考试的切换；没有为 null。"))
    switches = ModeSwitchSerializer(many=True, help_text=_("最近十次切换，最新的在前。"))


class OwnServiceInput(ReasonInput):
    """A wish to answer oneself."""

    signed = serializers.BooleanField(help_text=_("服务协议是否已经签好。"))


class ModeExamInput(ReasonInput):
    """A try at the exam, of today."""

    outcome = serializers.ChoiceField(
        CourseExam.Outcome.values, help_text=_("passed 通过，failed 未通过，missed 缺考。")
    )
    agent = serializers.CharField(
        max_length=AGENT_CHARS, required=False, default="", allow_blank=True,
        help_text=_("谁考的，可以不写。"),
    )  # fmt: skip


class PlatformServiceInput(ReasonInput):
    """Agreement to the charge that was shown."""

    charge_fen = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, help_text=_("看到的四周预计费用，单位分；不符时不切换。")
    )


class ModeNow(ShopView):
    """Who answers now."""

    serializer_class = ModeSerializer
    title, tag = _("客服模式"), SERVICE
    about = _("现在谁来接待客户，换成自主客服还差什么，换成平台代运营要多少钱。")

    @extend_schema(responses=ModeSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As of now."""
        return Response(shown_of(request))


class OwnersMode(ShopView):
    """A view that switches the mode, for owners and admins."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = ModeSerializer
    tag = SERVICE


class ModeOwn(OwnersMode):
    """The way to ask for own service."""

    title = _("申请自主客服")
    about = _("规则和学习资料会发到通知里，考试通过当天生效。条件没有满足时 409。")

    @extend_schema(request=OwnServiceInput)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Ask for it."""
        said = reasoned(OwnServiceInput, request)
        with refused_as_conflict(ModeRefusedError):
            own_service_ask(
                actor=request.user, shop=request.shop, is_signed=said["signed"],
                reason=said["reason"], now=timezone.now(),
            )  # fmt: skip
        return Response(shown_of(request))


class ModeOwnExam(OwnersMode):
    """The way to record the exam a switch waits for."""

    title, about = _("登记自主客服考试"), _("通过时自主客服今天生效；切换已经结束时 409。")

    @extend_schema(request=ModeExamInput)
    @once
    def post(self, request: ApiRequest, switch: int, **kwargs: Any) -> Response:
        """Record it."""
        found, said = switch_found(request, switch), reasoned(ModeExamInput, request)
        with refused_as_conflict(ModeRefusedError):
            own_service_exam(actor=request.user, switch=found, now=timezone.now(), **said)
        return Response(shown_of(request))


class ModeOwnWithdraw(OwnersMode):
    """The way to take a waiting switch back."""

    title, about = _("撤回切换"), _("仍由平台代运营；切换已经结束时 409。")

    @extend_schema(request=ReasonInput)
    @once
    def post(self, request: ApiRequest, switch: int, **kwargs: Any) -> Response:
        """Take it back."""
        found, said = switch_found(request, switch), reasoned(ReasonInput, request)
        with refused_as_conflict(ModeRefusedError):
            own_service_withdraw(actor=request.user, switch=found, now=timezone.now(), **said)
        return Response(shown_of(request))


class ModePlatform(OwnersMode):
    """The way to let the platform answer."""

    title = _("改由平台代运营")
    about = _("今天生效；带上看到的预计费用，费用变了或已经是平台代运营时 409。")

    @extend_schema(request=PlatformServiceInput)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Let it."""
        said = reasoned(PlatformServiceInput, request)
        with refused_as_conflict(ModeRefusedError):
            platform_service_take(actor=request.user, shop=request.shop, now=timezone.now(), **said)
        return Response(shown_of(request))


def switch_found(request: ApiRequest, key: int) -> ModeSwitch:
    """A switch of the shop. Raises Http404."""
    found = switch_of(shop=request.shop, key=key)
    if found is None:
        raise Http404
    return found


def shown_of(request: ApiRequest) -> Any:
    """The mode of the shop as it stands now."""
    shop = request.shop
    shop.refresh_from_db()
    page = mode_page(shop=shop, now=timezone.now())
    content = {
        "mode": page.mode,
        "since": page.since,
        "agents": len(page.ground.agents),
        "needed": page.ground.needed,
        "charge_fen": page.ground.charge_fen,
        "conditions": page.conditions,
        "waiting": page.waiting,
        "switches": page.switches,
    }
    return ModeSerializer(content).data
