"""What people tell of cover: the platform's fee, what an order leaves, undo, trials."""

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.api.enrolment import CoverOutcome
from freightins.models import Costs
from freightins.rules import worth_rules_on
from freightins.selectors.choice_words import outcome_words
from freightins.selectors.trial_page import refusal_words
from freightins.services.choices import choices_undo
from freightins.services.costs import MOST_FEN, costs_enter
from freightins.services.fees import MOST_FEN as MOST_FEE
from freightins.services.fees import fee_enter
from freightins.services.trials import TrialRefusedError, trial_end, trial_look
from shopguard.lib.api.bodies import InputSerializer, RowId
from shopguard.lib.days import shanghai_day
from stores.access import OWNERS, shop_page
from stores.api.base import INSURANCE, ApiRequest, ShopView
from stores.api.once import once

MOST_WEEKS = 52


def outcome(*, is_done: bool, refused: str = "") -> Response:
    """What came of a wish."""
    return Response(CoverOutcome({"is_done": is_done, "refused": refused}).data)


class FeeInput(InputSerializer):
    """A fee seen on the platform's own page."""

    fee_fen = serializers.IntegerField(
        min_value=1, max_value=MOST_FEE, allow_null=True,
        help_text=_("平台显示的每单保费，单位分；空表示改回计算值。"),
    )  # fmt: skip
    seen_on = serializers.DateField(help_text=_("看到的日期，不晚于今天。"))


class FeeEntry(ShopView):
    """Enter the fee the platform shows."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = CoverOutcome
    title, about, tag = _("录入平台报价"), _("店主录入平台显示的保费，代替计算值。"), INSURANCE

    @extend_schema(request=FeeInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Keep it with its day."""
        given = FeeInput(data=request.data)
        given.is_valid(raise_exception=True)
        fee, seen_on = given.validated_data["fee_fen"], given.validated_data["seen_on"]
        if seen_on > shanghai_day(timezone.now()):
            return outcome(is_done=False, refused=str(_("这一天还没有到。")))
        fee_enter(actor=request.user, shop=request.shop, fee=fee, seen_on=seen_on)
        return outcome(is_done=True)


class CostsInput(InputSerializer):
    """What an order leaves and what trouble costs."""

    margin = serializers.IntegerField(
        min_value=1, max_value=Costs.WHOLE, help_text=_("毛利占销售额的千分数。")
    )
    return_cost_fen = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, help_text=_("处理一件退货的成本，单位分。")
    )
    dispute_cost_fen = serializers.IntegerField(
        min_value=0, max_value=MOST_FEN, help_text=_("处理一起运费纠纷的成本，单位分。")
    )


class CostsEntry(ShopView):
    """Enter margin and costs."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = CoverOutcome
    title, about, tag = _("录入毛利与成本"), _("店主录入毛利和处理成本，用来算保本。"), INSURANCE

    @extend_schema(request=CostsInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Keep them; the newest count."""
        given = CostsInput(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        costs_enter(
            actor=request.user,
            shop=request.shop,
            margin=told["margin"],
            return_cost=told["return_cost_fen"],
            dispute_cost=told["dispute_cost_fen"],
        )
        return outcome(is_done=True)


class ChoicesUndoInput(InputSerializer):
    """A set of changes to take back."""

    choice_set = RowId(help_text=_("那次改动的编号。"))


class ChoicesUndo(ShopView):
    """Take back a set of changed choices."""

    serializer_class = CoverOutcome
    title, about, tag = _("撤销选择的改动"), _("撤销一次改动；之后又被改过的不动。"), INSURANCE

    @extend_schema(request=ChoicesUndoInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Take it back once."""
        given = ChoicesUndoInput(data=request.data)
        given.is_valid(raise_exception=True)
        key = given.validated_data["choice_set"]
        found = choices_undo(actor=request.user, shop=request.shop, key=key)
        if found is None:
            return outcome(is_done=False, refused=str(_("没有这次改动，或已经撤销过。")))
        words = outcome_words(shop=request.shop, outcome=found)
        return outcome(is_done=bool(found.changed), refused="；".join(words.refused))


class LookInput(InputSerializer):
    """A day of switches to look back at."""

    name = serializers.CharField(max_length=60, help_text=_("名字。"))
    day = serializers.DateField(help_text=_("改动的那天。"))
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS, help_text=_("前后各几周。"))


class TrialLook(ShopView):
    """Look back at a day of switches."""

    serializer_class = CoverOutcome
    title, about, tag = _("前后对照"), _("拿改过的商品和没改的比；开关是挑的。"), INSURANCE

    @extend_schema(request=LookInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Keep both sides."""
        given = LookInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            trial_look(actor=request.user, shop=request.shop, **given.validated_data)
        except TrialRefusedError as refusal:
            rules = worth_rules_on(shanghai_day(timezone.now()))
            return outcome(is_done=False, refused=refusal_words(refusal.reason, rules))
        return outcome(is_done=True)


class TrialEndInput(InputSerializer):
    """A trial to end."""

    id = RowId(help_text=_("对照的编号。"))


class TrialEnd(ShopView):
    """End a trial."""

    serializer_class = CoverOutcome
    title, about, tag = _("结束对照"), _("提前结束；选择保持现在的样子。"), INSURANCE

    @extend_schema(request=TrialEndInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """End it where it runs."""
        given = TrialEndInput(data=request.data)
        given.is_valid(raise_exception=True)
        trial = trial_end(actor=request.user, shop=request.shop, key=given.validated_data["id"])
        refused = "" if trial else str(_("没有这个对照，或已经结束。"))
        return outcome(is_done=trial is not None, refused=refused)
