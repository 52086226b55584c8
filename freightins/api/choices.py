"""商品保障: which products are covered, with the label buyers see, and changing it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.calc.choices import Wanted
from freightins.models import Choice, ChoiceSet, EnrolmentEvent
from freightins.selectors.choice_words import outcome_words
from freightins.selectors.enrolments import cover_at
from freightins.selectors.product_page import rows_of
from freightins.selectors.products import is_covered
from freightins.services.choices import choices_change
from shopguard.lib.api.bodies import InputSerializer, RowId
from stores.api.base import INSURANCE, ApiRequest, ShopView
from stores.api.once import once

MOST_CHANGES = 1000


class CoverSerializer(serializers.Serializer):
    """One product with its choice."""

    product_id = serializers.CharField(help_text=_("商品编号。"))
    label = serializers.BooleanField(help_text=_("买家现在是否看到「运费险」标识。"))  # type: ignore[assignment]
    is_chosen = serializers.BooleanField(help_text=_("选择为在保（店铺保障中才有标识）。"))
    level = serializers.CharField(help_text=_("由哪一级决定：product、category、shop 或空。"))
    version = serializers.IntegerField(help_text=_("商品自己选择的版本，修改时带上。"))
    advice = serializers.CharField(help_text=_("建议：on、off、either、impossible。"))
    orders_60_days = serializers.IntegerField(help_text=_("最近 60 天的订单数。"))
    return_rate = serializers.FloatField(
        allow_null=True, help_text=_("这些订单的退货率，0 到 1；没有订单为空。")
    )


class CoverListSerializer(serializers.Serializer):
    """Every product of a shop."""

    products = CoverSerializer(many=True, help_text=_("店铺的商品，一件一项。"))


class ChangeInput(InputSerializer):
    """One wanted choice."""

    level = serializers.ChoiceField(
        Choice.Level.choices, help_text=_("选择的级别：product、category 或 shop。")
    )
    key = serializers.CharField(
        max_length=96, allow_blank=True, help_text=_("商品编号或类目代码；全店为空。")
    )
    is_covered = serializers.BooleanField(allow_null=True, help_text=_("null 表示随上级。"))
    version = serializers.IntegerField(min_value=0, help_text=_("看到的版本；没有选择过为 0。"))


class ChangesInput(InputSerializer):
    """Wanted choices with one reason."""

    reason = serializers.CharField(max_length=200, help_text=_("为什么改，记入审计。"))
    choices = ChangeInput(many=True, help_text=_("要改的选择，最多 1000 项。"))


class ChoiceOutcomeSerializer(serializers.Serializer):
    """What came of it."""

    changed = serializers.IntegerField(help_text=_("改了几项。"))
    choice_set = RowId(allow_null=True, help_text=_("这次改动的编号。"))
    refused = serializers.ListField(
        child=serializers.CharField(), help_text=_("没有改的和为什么：别人先改了、虚拟商品。")
    )


class CoverChoices(ShopView):
    """Products and what is chosen for them."""

    serializer_class = CoverListSerializer
    title, about, tag = _("商品保障"), _("每件商品的选择、标识、建议。"), INSURANCE

    @extend_schema(responses=CoverListSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Every product of the shop."""
        now = timezone.now()
        is_active = cover_at(shop=request.shop, now=now).state == EnrolmentEvent.State.ACTIVE
        rows = [
            {
                "product_id": row.key,
                "label": is_active and is_covered(row),
                "is_chosen": row.decision.is_covered,
                "level": row.decision.level,
                "version": row.version,
                "advice": row.advice.verdict,
                "orders_60_days": row.facts.orders,
                "return_rate": row.rate,
            }
            for row in rows_of(shop=request.shop, now=now)
        ]
        return Response(CoverListSerializer({"products": rows}).data)

    @extend_schema(
        request=ChangesInput, responses=ChoiceOutcomeSerializer,
        summary=_("改选择"), description=_("版本不符的不改，并说明是谁改了。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Change choices whose version is still the one given."""
        given = ChangesInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = [Wanted(**one) for one in given.validated_data["choices"][:MOST_CHANGES]]
        outcome = choices_change(
            actor=request.user,
            shop=request.shop,
            wanted=wanted,
            source=ChoiceSet.Source.BULK,
            reason=given.validated_data["reason"],
        )
        told = {
            "changed": len(outcome.changed),
            "choice_set": outcome.choice_set.pk if outcome.choice_set else None,
            "refused": outcome_words(shop=request.shop, outcome=outcome).refused,
        }
        return Response(ChoiceOutcomeSerializer(told).data)
