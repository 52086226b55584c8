"""发现."""

from collections.abc import Iterable
from math import floor
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.sums import ReasonCountSerializer
from aftersales.models import FindingRow
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.finding_words import advice, sentence
from aftersales.selectors.findings_page import search_newest
from aftersales.selectors.findings_together import together
from shopguard.lib.api.filters import on_day, one_of
from shopguard.lib.days import shanghai_day
from stores.api.base import RECORDS, ApiRequest, ShopRecordList, ShopView

OUTCOMES = ("return", "quality")


def whole_fen(estimate: float) -> int:
    """An estimate in whole fen, a half up."""
    return floor(estimate + 0.5)


class FindingBarSerializer(serializers.Serializer):
    """A value of the cut beside the others."""

    value = serializers.CharField(help_text=_("切面的取值。"))
    lines = serializers.IntegerField(help_text=_("件数；占退货比例的切面是退货件数。"))
    returns = serializers.IntegerField(help_text=_("其中退货的件数。"))


class FindingSerializer(serializers.ModelSerializer):
    """One finding of a date."""

    date = serializers.DateField(source="found.date", help_text=_("检验截至的日期。"))
    basis = serializers.CharField(source="found.basis", help_text=_("按什么日期计入。"))
    outcome = serializers.ChoiceField(OUTCOMES)
    cut = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("维度和取值，组合切面有两对。"),
    )

    excess_fen = serializers.SerializerMethodField(
        help_text=_("多退部分的金额，单位分，估计值；不知道时为 null。")
    )
    sentence = serializers.SerializerMethodField(help_text=_("发现，用你的语言写成一句话。"))
    advice = serializers.SerializerMethodField(help_text=_("怎么做，用你的语言。"))
    reasons = serializers.SerializerMethodField(help_text=_("组内退货的首次原因，多的在前。"))
    bars = serializers.SerializerMethodField(help_text=_("这个切面的各个取值，图上一根一项。"))

    class Meta:
        model = FindingRow
        fields = (
            "date", "basis", "rank", "outcome", "cut", "sentence", "n_inside", "k_inside",
            "n_outside", "k_outside", "lift", "excess", "excess_fen", "p", "q", "advice",
            "reasons", "bars",
        )  # fmt: skip
        extra_kwargs = {
            "rank": {"help_text": _("名次，1 多出的金额最大。")},
            "n_inside": {"help_text": _("组内件数；占退货比例的切面是退货件数。")},
            "k_inside": {"help_text": _("其中退货的件数。")},
            "n_outside": {"help_text": _("其他件数；原因切面为 0。")},
            "k_outside": {"help_text": _("其他里退货的件数。")},
            "lift": {"help_text": _("组内是其他的几倍；其他一件没退时为空。")},
            "excess": {"help_text": _("比其他多退的件数。")},
            "p": {"help_text": _("mid-p 检验的 p 值。")},
            "q": {"help_text": _("校正后的 q 值。")},
        }

    @extend_schema_field({"type": ["integer", "null"]})
    def get_excess_fen(self, row: FindingRow) -> int | None:
        """Whole fen, a half up."""
        return None if row.excess_fen is None else whole_fen(row.excess_fen)

    def get_sentence(self, row: FindingRow) -> str:
        """What it says."""
        return sentence(row, self.context["titles"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_advice(self, row: FindingRow) -> list[str]:
        """What to do."""
        return advice(row)

    @extend_schema_field(ReasonCountSerializer(many=True))
    def get_reasons(self, row: FindingRow) -> list[dict[str, Any]]:
        """First reasons inside."""
        return [{"reason": reason, "returns": n} for reason, n in row.reasons]

    @extend_schema_field(FindingBarSerializer(many=True))
    def get_bars(self, row: FindingRow) -> list[dict[str, Any]]:
        """The cut among its like."""
        return [{"value": value, "lines": n, "returns": k} for value, n, k in row.bars]


class FindingSearchSerializer(serializers.Serializer):
    """The newest search: what was looked at, and what all its findings come to."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    date = serializers.DateField(source="found.date", help_text=_("检验截至的日期。"))
    basis = serializers.CharField(source="found.basis", help_text=_("按什么日期计入。"))
    first_day = serializers.DateField(help_text=_("第一天。"))
    lines = serializers.IntegerField(source="found.rows", help_text=_("看的件数。"))
    returns = serializers.IntegerField(source="found.returns", help_text=_("退货件数。"))
    quality = serializers.IntegerField(source="found.quality", help_text=_("其中品质退货的件数。"))
    rate = serializers.FloatField(
        source="returns_rate", allow_null=True, help_text=_("总退货率；1 是全部。")
    )
    quality_rate = serializers.FloatField(allow_null=True, help_text=_("品质退货率；1 是全部。"))
    findings = serializers.IntegerField(help_text=_("发现的个数。"))
    excess = serializers.FloatField(
        help_text=_("各发现多退的件数相加；一件退货在几个发现里，就计几次。")
    )
    excess_fen = serializers.IntegerField(
        help_text=_("各发现多退部分的金额相加，单位分，估计值；同一件退货会计几次。")
    )
    excess_once = serializers.FloatField(
        source="together.excess", help_text=_("去重后多退的件数：一件退货只计一次。")
    )
    excess_once_fen = serializers.SerializerMethodField(
        help_text=_("去重后多退部分的金额，单位分，估计值；不知道时为 null。")
    )

    @extend_schema_field({"type": ["integer", "null"]})
    def get_excess_once_fen(self, told: dict[str, Any]) -> int | None:
        """Whole fen, a half up."""
        fen = told["together"].excess_fen
        return None if fen is None else whole_fen(fen)


class FindingSearch(ShopView):
    """The newest search."""

    serializer_class = FindingSearchSerializer
    is_conditional = True
    title, tag = _("最近一次检验"), RECORDS
    about = _("最近一次检验看了多少件、退货率多少、有几个发现；还没检验过时没有。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Its sums."""
        search = search_newest(shop=request.shop, today=shanghai_day(timezone.now()))
        if search is None:
            raise Http404
        told = {
            "shop_id": request.shop.external_id,
            "found": search.found,
            "first_day": search.first_day,
            "returns_rate": search.returns.value,
            "quality_rate": search.quality.value,
            "findings": len(search.findings),
            "excess": sum(one.row.excess for one in search.findings),
            "excess_fen": whole_fen(sum(one.row.excess_fen or 0 for one in search.findings)),
            "together": together(search.found),
        }
        return Response(FindingSearchSerializer(told).data)


class FindingFilters(filters.FilterSet):
    """How findings can be narrowed."""

    date = on_day("found__date", _("检验截至的日期。"))
    outcome = one_of(OUTCOMES, _("看的是退货还是品质退货。"))


class FindingList(ShopRecordList):
    """Findings of every date, by rank."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    orderings = ("rank",)
    title, about = _("发现"), _("退货率高得不像偶然的切面。")

    def rows(self) -> QuerySet[FindingRow]:
        """With the search each is of."""
        return super().rows().select_related("found").defer("lines")

    def beside(self, rows: Iterable[FindingRow]) -> dict[str, Any]:
        """What the products are called that are spoken of."""
        refs = {value for row in rows for name, value in row.cut if name == "product"}
        return {"titles": product_titles(shop=self.request.shop, refs=sorted(refs))}
