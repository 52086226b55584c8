"""对账: the platform's statement and how it compares with the ledger."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.models import Reconciled, StatementLine
from freightins.services.statements import Looked, differences_reopen, differences_see
from shopguard.lib.api.bodies import Fen, InputSerializer, ReadSerializer, RowId, text
from shopguard.lib.api.filters import exact, known, one_of, since, until
from stores.api.base import INSURANCE, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once

SIDES = list(StatementLine.Entry.values)
STATUSES = list(Reconciled.Status.values)
MOST_ROWS = 1000
LARGEST = 2**31 - 1


class StatementLineSerializer(ReadSerializer):
    """One line of a statement as it was imported."""

    line_id = text("line_ref", _("运费宝单号。"))
    order_id = text("order_ref", _("订单编号。"))
    entry = serializers.ChoiceField(
        SIDES, allow_blank=True, help_text=_("保费或赔付；文件没有说时为空。")
    )
    amount_fen = Fen("amount")

    class Meta:
        model = StatementLine
        fields = (
            "line_id", "order_id", "entry", "amount_fen", "settled_on", "settled_at",
            "effective_at", "placed_at", "shipped_at", "account", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "settled_on": {"help_text": _("结算日期。")},
            "settled_at": {"help_text": _("结算时间。")},
            "effective_at": {"help_text": _("保障生效的时间。")},
            "account": {"help_text": _("结算账户。")},
        }


class StatementLineFilters(filters.FilterSet):
    """How lines can be narrowed."""

    order_id = exact("order_ref", _("订单编号。"))
    entry = one_of(SIDES, _("保费或赔付。"))


class StatementLineList(ShopRecordList):
    """Lines of statements, newest first."""

    serializer_class = StatementLineSerializer
    filterset_class = StatementLineFilters
    orderings = ("-settled_on",)
    title, about, tag = _("对账单"), _("导入的运费宝结算明细，一行一项。"), INSURANCE


class ReconciledSerializer(ReadSerializer):
    """One side of one order: what was expected, what the statement says."""

    id = RowId(source="pk", read_only=True, help_text=_("编号，标记时带上。"))
    order_id = text("order_ref", _("订单编号。"))
    side = serializers.ChoiceField(SIDES, help_text=_("保费或赔付。"))
    status = serializers.ChoiceField(STATUSES, help_text=_("相符、金额不同、缺少、账上没有。"))
    note = serializers.ChoiceField(
        Reconciled.Note.choices, allow_blank=True, help_text=_("账上为什么没有。")
    )
    expected_fen = Fen("expected")
    stated_fen = Fen("stated")

    class Meta:
        model = Reconciled
        fields = (
            "id", "version", "order_id", "side", "status", "note", "expected_fen", "stated_fen",
            "lines", "at", "seen_at", "seen_by", "seen_reason",
        )  # fmt: skip
        extra_kwargs = {
            "version": {"help_text": _("比较结果的版本，标记时带上。")},
            "lines": {"help_text": _("对账单里的行数。")},
            "seen_at": {"help_text": _("什么时候标为已核对；没有时为空。")},
            "seen_by": {"help_text": _("谁标的。")},
            "seen_reason": {"help_text": _("为什么。")},
        }


class ReconciledFilters(filters.FilterSet):
    """How comparisons can be narrowed."""

    order_id = exact("order_ref", _("订单编号。"))
    side = one_of(SIDES, _("保费或赔付。"))
    status = one_of(STATUSES, _("比较的结果。"))
    is_seen = known("seen_at", _("是否已核对。"))
    at_from = since("at")
    at_before = until("at")


class ReconciledList(ShopRecordList):
    """Comparisons, newest first."""

    serializer_class = ReconciledSerializer
    filterset_class = ReconciledFilters
    orderings = ("-at",)
    title, about, tag = _("对账"), _("对账单和我们的账，一单一项款一行。"), INSURANCE


class LookedInput(InputSerializer):
    """A row as it was seen."""

    id = RowId(help_text=_("编号。"))
    version = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text=_("看到的版本。"))


class MarkInput(InputSerializer):
    """Rows to mark with one reason."""

    seen = serializers.BooleanField(help_text=_("true 标为已核对，false 重新打开。"))
    reason = serializers.CharField(max_length=200, help_text=_("为什么，记入审计。"))
    rows = LookedInput(many=True, help_text=_("要标的行，最多 1000 项。"))


class MarkOutcomeSerializer(serializers.Serializer):
    """What came of it."""

    marked = serializers.IntegerField(help_text=_("标了几行。"))
    stale = serializers.IntegerField(help_text=_("几行已经变化，没有改动。"))


class StatementMark(ShopView):
    """Mark differences as looked at."""

    serializer_class = MarkOutcomeSerializer
    title, about, tag = _("核对"), _("把对不上的行标为已核对，或重新打开。"), INSURANCE

    @extend_schema(request=MarkInput, responses=MarkOutcomeSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Mark rows whose version is still the one given."""
        given = MarkInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        mark = differences_see if wanted["seen"] else differences_reopen
        marked, stale = mark(
            actor=request.user,
            shop=request.shop,
            looked=[Looked(one["id"], one["version"]) for one in wanted["rows"][:MOST_ROWS]],
            reason=wanted["reason"],
        )
        return Response(MarkOutcomeSerializer({"marked": marked, "stale": stale}).data)
