"""保障: whether a shop has cover or may have it, what it costs next week; opening and closing."""

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.models import Consent, Enrolment, FeeOutlook
from freightins.selectors.enrolments import conditions_now, cover_at
from freightins.selectors.fees import fees_at
from freightins.selectors.home_page import refusal_words
from freightins.selectors.outlooks import outlook_at
from freightins.services.enrolments import (
    OpeningRefusedError,
    agreement_version,
    enrolment_close,
    enrolment_open,
)
from shopguard.lib.api.bodies import InputSerializer
from stores.access import OWNERS, shop_page
from stores.api.base import INSURANCE, ApiRequest, ShopView
from stores.api.once import once

MOST_PRODUCTS = 1000


class ConditionSerializer(serializers.Serializer):
    """One condition of cover."""

    name = serializers.CharField(help_text=_("条件。"))
    value = serializers.FloatField(allow_null=True, help_text=_("现在的值；没有数据为空。"))
    needed = serializers.FloatField(help_text=_("需要的值。"))
    is_met = serializers.BooleanField(help_text=_("是否满足。"))
    blocks = serializers.BooleanField(help_text=_("不满足时是否不能开通；否则只是提醒。"))


class OutlookFeeSerializer(serializers.Serializer):
    """The fee expected on the next billing day."""

    day = serializers.DateField(help_text=_("下一个计费日。"))
    low_fen = serializers.IntegerField(help_text=_("区间下端，单位分。"))
    likely_fen = serializers.IntegerField(help_text=_("最可能，单位分。"))
    high_fen = serializers.IntegerField(help_text=_("区间上端，单位分。"))
    window_orders = serializers.IntegerField(help_text=_("决定它的订单数。"))
    window_returns = serializers.IntegerField(help_text=_("其中已经退货或换货的。"))
    waiting = serializers.IntegerField(help_text=_("其中还没有退的。"))


class EnrolmentSerializer(serializers.Serializer):
    """Cover of a shop."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    state = serializers.CharField(help_text=_("active 保障中、suspended 已暂停、closed 没有开通。"))
    product = serializers.CharField(help_text=_("service 运费宝或 insurance 运费险。"))
    opened_at = serializers.DateTimeField(allow_null=True, help_text=_("开通时间；没有为空。"))
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text=_("暂停时没有满足的条件。")
    )
    conditions = ConditionSerializer(many=True, help_text=_("资格条件。"))
    agreement_version = serializers.CharField(help_text=_("现行两份协议的版本，开通时带上。"))
    fee_fen = serializers.IntegerField(
        allow_null=True, help_text=_("现在每单的保费，单位分；没有报价为空。")
    )
    next_fee = OutlookFeeSerializer(allow_null=True, help_text=_("下期预计；还没有算为空。"))


class OpeningInput(InputSerializer):
    """What cover is opened with."""

    product = serializers.ChoiceField(Enrolment.Product.choices, help_text=_("开通哪一种。"))
    service_version = serializers.CharField(
        max_length=64, help_text=_("读过的服务协议的版本，表示我已知晓。")
    )
    terms_version = serializers.CharField(
        max_length=64, help_text=_("读过的保险条款的版本，表示我已知晓。")
    )
    products = serializers.ListField(
        child=serializers.CharField(max_length=96), required=False, allow_null=True, default=None,
        max_length=MOST_PRODUCTS, help_text=_("只保这些商品；全店为空。"),
    )  # fmt: skip


class ClosingInput(InputSerializer):
    """Why cover is closed."""

    reason = serializers.CharField(max_length=200, help_text=_("为什么关，记入审计。"))


class CoverOutcome(serializers.Serializer):
    """What came of it."""

    is_done = serializers.BooleanField(help_text=_("是否做了。"))
    refused = serializers.CharField(allow_blank=True, help_text=_("为什么没有做；做了为空。"))


class EnrolmentState(ShopView):
    """Cover of a shop."""

    serializer_class = EnrolmentSerializer
    title, about, tag = _("保障"), _("开通状态、资格条件、现在和下期的保费。"), INSURANCE

    @extend_schema(responses=EnrolmentSerializer)
    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The state now."""
        shop, now = request.shop, timezone.now()
        cover = cover_at(shop=shop, now=now)
        enrolment = cover.enrolment
        product = enrolment.product if enrolment else Enrolment.Product.SERVICE.value
        current = fees_at(shop=shop, now=now).current
        outlook = outlook_at(shop=shop, now=now)
        told = {
            "shop_id": shop.external_id,
            "state": cover.state,
            "product": product,
            "opened_at": enrolment.opened_at if enrolment else None,
            "reasons": cover.event.reasons if cover.event else [],
            "conditions": conditions_now(shop=shop, product=product, now=now),
            "agreement_version": agreement_version(now),
            "fee_fen": current.fee if current else None,
            "next_fee": _next_fee(outlook) if outlook else None,
        }
        return Response(EnrolmentSerializer(told).data)


def _next_fee(outlook: FeeOutlook) -> dict[str, Any]:
    return {
        "day": outlook.day,
        "low_fen": outlook.low,
        "likely_fen": outlook.likely,
        "high_fen": outlook.high,
        "window_orders": outlook.orders,
        "window_returns": outlook.returns,
        "waiting": outlook.waiting,
    }


class EnrolmentOpen(ShopView):
    """Open cover."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = CoverOutcome
    title, about, tag = _("开通保障"), _("店主读过两份协议后开通；最后检查资格。"), INSURANCE

    @extend_schema(request=OpeningInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Open it where nothing stands against it."""
        given = OpeningInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        refused = ""
        try:
            enrolment_open(
                actor=request.user,
                shop=request.shop,
                product=wanted["product"],
                accepted={name: wanted[f"{name}_version"] for name in Consent.AGREEMENTS},
                products=wanted["products"],
            )
        except OpeningRefusedError as refusal:
            refused = refusal_words(refusal.reason, refusal.failed)
        return Response(CoverOutcome({"is_done": not refused, "refused": refused}).data)


class EnrolmentClose(ShopView):
    """Close cover."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = CoverOutcome
    title, about, tag = _("关闭保障"), _("店主关闭保障；已经生效的继续到期满。"), INSURANCE

    @extend_schema(request=ClosingInput, responses=CoverOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Close it where it is open."""
        given = ClosingInput(data=request.data)
        given.is_valid(raise_exception=True)
        is_done = enrolment_close(
            actor=request.user, shop=request.shop, reason=given.validated_data["reason"]
        )
        refused = "" if is_done else str(_("现在没有开通的保障。"))
        return Response(CoverOutcome({"is_done": is_done, "refused": refused}).data)
