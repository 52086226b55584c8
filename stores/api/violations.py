"""违规: what the platform holds against the shop."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer
from shopguard.lib.api.filters import exact, flag, one_of, since, until
from stores.api.base import ShopRecordList
from stores.models import Violation


class ViolationSerializer(RecordSerializer):
    """One violation."""

    state = serializers.ChoiceField(Violation.State.choices)
    kind = serializers.ChoiceField(Violation.Kind.choices, allow_blank=True)

    class Meta:
        model = Violation
        fields: tuple[str, ...] = (
            "id", "clause", "occurred_at", "notified_at", "executed_at", "state", "is_counterfeit",
            "kind", "points", "as_of",
        )  # fmt: skip


class ViolationFilters(filters.FilterSet):
    """How violations can be narrowed."""

    id = exact("external_id", _("编号。"))
    clause = exact("clause", _("条款代码。"))
    state = one_of(Violation.State.values, _("处理到哪一步。"))
    is_counterfeit = flag("is_counterfeit", _("是否涉及假货。"))
    occurred_from = since("occurred_at")
    occurred_before = until("occurred_at")


class ViolationList(ShopRecordList):
    """Violations, newest first."""

    serializer_class = ViolationSerializer
    filterset_class = ViolationFilters
    orderings = ("-occurred_at", "executed_at", "points")
    title, about = _("违规"), _("平台认定的违规、所依据的条款和处理进度。")
