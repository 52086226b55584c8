"""整改 over the API: those there are with their effects, and recording one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from aftersales.fix_words import ACTION_WORDS, fix_refusal
from aftersales.models import Fix, FixEffect
from aftersales.services.fixes import FixRefusedError, fix_record
from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, RowId
from shopguard.lib.api.filters import one_of
from stores.api.base import ApiRequest, ShopRecordList
from stores.api.once import once

ACTIONS = tuple(ACTION_WORDS)


class EffectSerializer(ReadSerializer):
    """What a fix did over one horizon."""

    class Meta:
        model = FixEffect
        fields = (
            "horizon", "date", "is_final", "n_before", "k_before", "n_after", "k_after",
            "others_n_before", "others_k_before", "others_n_after", "others_k_after", "verdict",
            "change", "low", "high",
        )  # fmt: skip
        extra_kwargs = {
            "horizon": {"help_text": _("整改前后各多少天。")},
            "date": {"help_text": _("量到哪一天。")},
            "is_final": {"help_text": _("是否不再变。")},
            "n_before": {"help_text": _("整改前支付的件数。")},
            "k_before": {"help_text": _("其中退货的件数。")},
            "n_after": {"help_text": _("整改后支付的件数。")},
            "k_after": {"help_text": _("其中退货的件数。")},
            "others_n_before": {"help_text": _("没整改的商品，之前的件数。")},
            "others_k_before": {"help_text": _("其中退货的件数。")},
            "others_n_after": {"help_text": _("没整改的商品，之后的件数。")},
            "others_k_after": {"help_text": _("其中退货的件数。")},
            "verdict": {"help_text": _("判断：变好、没变、变差或件数不足。")},
            "change": {"help_text": _("与对照的差，小数，负数是变好。")},
            "low": {"help_text": _("95% 区间下限。")},
            "high": {"help_text": _("95% 区间上限。")},
        }


class FixSerializer(ReadSerializer):
    """A fix with its effects."""

    id = RowId(source="pk", read_only=True, help_text=_("整改的编号。"))
    action = serializers.ChoiceField(ACTIONS, help_text=_("做了什么。"))
    effects = EffectSerializer(many=True, help_text=_("量到的效果。"))

    class Meta:
        model = Fix
        fields = (
            "id", "action", "products", "started_on", "cause", "note", "withdrawn_at", "version",
            "effects",
        )  # fmt: skip
        extra_kwargs = {
            "products": {"help_text": _("商品编号。")},
            "started_on": {"help_text": _("从哪天起。")},
            "cause": {"help_text": _("针对什么。")},
            "note": {"help_text": _("备注。")},
            "withdrawn_at": {"help_text": _("撤下的时间；还在量时为空。")},
        }


class NewFixSerializer(InputSerializer):
    """A fix to record."""

    action = serializers.ChoiceField(ACTIONS, help_text=_("做了什么。"))
    products = serializers.ListField(
        child=serializers.CharField(max_length=96), min_length=1, max_length=50,
        help_text=_("商品编号。"),
    )  # fmt: skip
    started_on = serializers.DateField(help_text=_("从哪天起。"))
    cause = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text=_("针对什么。")
    )
    note = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("备注。")
    )


class FixFilters(filters.FilterSet):
    """How fixes can be narrowed."""

    action = one_of(ACTIONS, _("做了什么。"))


class FixList(ShopRecordList):
    """Fixes, newest first."""

    serializer_class = FixSerializer
    filterset_class = FixFilters
    orderings = ("-started_on",)
    title, about = _("整改"), _("为退货做了什么，效果如何。")

    def rows(self) -> QuerySet[Fix]:
        """Those that were not withdrawn, with their effects."""
        return super().rows().filter(withdrawn_at__isnull=True).prefetch_related("effects")

    @extend_schema(request=NewFixSerializer, responses={201: FixSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Record a fix. Raises ValidationError saying what cannot be."""
        wanted = NewFixSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            fix = fix_record(actor=request.user, shop=request.shop, **wanted.validated_data)
        except FixRefusedError as error:
            field = {"future": "started_on", "action": "action"}.get(error.why, "products")
            raise serializers.ValidationError(
                {field: [fix_refusal(error.why, error.what)]}
            ) from error
        return Response(FixSerializer(fix).data, status=status.HTTP_201_CREATED)
