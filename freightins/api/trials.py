"""对照: trials of cover with what they say, and beginning one."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.models import Trial
from freightins.rules import worth_rules_on
from freightins.selectors.trial_page import Told, refusal_words, told_trials
from freightins.selectors.trials import trials_of
from freightins.services.trials import TrialRefusedError, trial_begin
from shopguard.lib.api.bodies import InputSerializer, RowId
from shopguard.lib.days import shanghai_day
from stores.api.base import INSURANCE, ApiRequest, ShopView
from stores.api.once import once


class TrialRow(serializers.Serializer):
    """One trial with its effect on orders."""

    id = RowId(help_text=_("对照的编号。"))
    name = serializers.CharField(help_text=_("对照的名字。"))
    kind = serializers.ChoiceField(Trial.Kind.choices, help_text=_("drawn 随机，looked 前后对照。"))
    started_on = serializers.DateField(help_text=_("开始的第一天。"))
    weeks = serializers.IntegerField(help_text=_("周数。"))
    seed = serializers.CharField(help_text=_("随机种子；前后对照为空。"))
    is_running = serializers.BooleanField(help_text=_("还在进行。"))
    products_on = serializers.IntegerField(help_text=_("开的一边有几件商品。"))
    products_off = serializers.IntegerField(help_text=_("关的一边有几件商品。"))
    uplift = serializers.FloatField(allow_null=True, help_text=_("订单变化，0.068 是多 6.8%。"))
    uplift_low = serializers.FloatField(allow_null=True, help_text=_("95% 区间的下端。"))
    uplift_high = serializers.FloatField(allow_null=True, help_text=_("95% 区间的上端。"))
    thin = serializers.CharField(help_text=_("为什么不判断：too_few、no_orders 或空。"))


class TrialsSerializer(serializers.Serializer):
    """Every trial of a shop."""

    trials = TrialRow(many=True, help_text=_("最新的在前。"))


class TrialInput(InputSerializer):
    """A trial wanted."""

    name = serializers.CharField(max_length=60, help_text=_("对照的名字。"))
    weeks = serializers.IntegerField(help_text=_("周数。"))
    products = serializers.ListField(
        child=serializers.CharField(max_length=96), max_length=1000, help_text=_("商品编号。")
    )


class TrialOutcome(serializers.Serializer):
    """What came of it."""

    id = serializers.CharField(help_text=_("对照的编号；没有开始为空。"))
    refused = serializers.CharField(help_text=_("为什么没有开始；开始了为空。"))


class TrialList(ShopView):
    """Trials of cover."""

    serializer_class = TrialsSerializer
    title, about, tag = _("对照"), _("保障的随机对照和前后对照，以及订单的变化。"), INSURANCE

    @extend_schema(responses=TrialsSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Every trial, the newest first."""
        trials = trials_of(shop=request.shop)
        rows = [
            _row(told) for told in told_trials(shop=request.shop, trials=trials, now=timezone.now())
        ]
        return Response(TrialsSerializer({"trials": rows}).data)

    @extend_schema(
        request=TrialInput, responses=TrialOutcome,
        summary=_("新建随机对照"), description=_("把商品随机分成两半并切换，明天起算。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Draw the halves and switch them."""
        given = TrialInput(data=request.data)
        given.is_valid(raise_exception=True)
        told: dict[str, Any] = {"id": "", "refused": ""}
        try:
            trial = trial_begin(actor=request.user, shop=request.shop, **given.validated_data)
            told["id"] = str(trial.pk)
        except TrialRefusedError as refusal:
            rules = worth_rules_on(shanghai_day(timezone.now()))
            told["refused"] = refusal_words(refusal.reason, rules)
        return Response(TrialOutcome(told).data)


def _row(told: Told) -> dict[str, Any]:
    trial, uplift = told.trial, told.effect.uplift
    return {
        "id": trial.pk,
        "name": trial.name,
        "kind": trial.kind,
        "started_on": trial.started_on,
        "weeks": trial.weeks,
        "seed": trial.seed,
        "is_running": told.is_running,
        "products_on": told.effect.on,
        "products_off": told.effect.off,
        "uplift": uplift.value if uplift else None,
        "uplift_low": uplift.low if uplift else None,
        "uplift_high": uplift.high if uplift else None,
        "thin": told.effect.thin,
    }
