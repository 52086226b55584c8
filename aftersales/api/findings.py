"""发现."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from aftersales.models import FindingRow
from shopguard.lib.api.filters import on_day, one_of
from stores.api.base import ShopRecordList

OUTCOMES = ("return", "quality")


class FindingSerializer(serializers.ModelSerializer):
    """One finding of a date."""

    date = serializers.DateField(source="found.date", help_text=_("检验截至的日期。"))
    basis = serializers.CharField(source="found.basis", help_text=_("按什么日期计入。"))
    outcome = serializers.ChoiceField(OUTCOMES)
    cut = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("维度和取值，组合切面有两对。"),
    )

    class Meta:
        model = FindingRow
        fields = (
            "date", "basis", "rank", "outcome", "cut", "n_inside", "k_inside", "n_outside",
            "k_outside", "lift", "excess", "excess_fen", "p", "q",
        )  # fmt: skip
        extra_kwargs = {
            "rank": {"help_text": _("名次，1 多出的金额最大。")},
            "n_inside": {"help_text": _("组内件数；占退货比例的切面是退货件数。")},
            "k_inside": {"help_text": _("其中退货的件数。")},
            "n_outside": {"help_text": _("其他件数；原因切面为 0。")},
            "k_outside": {"help_text": _("其他里退货的件数。")},
            "lift": {"help_text": _("组内是其他的几倍；其他一件没退时为空。")},
            "excess": {"help_text": _("比其他多退的件数。")},
            "excess_fen": {"help_text": _("多退部分的金额，单位分，估计值。")},
            "p": {"help_text": _("mid-p 检验的 p 值。")},
            "q": {"help_text": _("校正后的 q 值。")},
        }


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
        return super().rows().select_related("found")
