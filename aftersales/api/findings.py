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
