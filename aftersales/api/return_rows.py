"""The order lines behind a number: of the daily page, of a cut, of a finding."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from aftersales.api.sums import BASIS_PARAMETERS, CHOICES, known_basis
from aftersales.selectors.findings_page import ReturnRow, finding_lines, rows_of
from aftersales.selectors.return_rows import ASKED, QUALITY, lines_behind
from shopguard.lib.api.bodies import Fen, ReadSerializer, text
from shopguard.lib.api.queries import (
    check_choice,
    check_day,
    choice_parameter,
    day_parameter,
    number_parameter,
    whole_figure,
)
from stores.api.base import ShopRecordList
from stores.models import OrderLine

LAST_RANK = 2**31 - 1


class ReturnRowSerializer(ReadSerializer):
    """An order line with its order and its earliest case."""

    order_id = text("line.order_ref", _("订单编号。"))
    line_no = serializers.IntegerField(source="line.line_no")
    product_id = text("line.product_ref", _("商品编号；未知时为空。"))
    sku = text("line.sku")
    spec = text("line.spec")
    quantity = serializers.IntegerField(source="line.quantity", allow_null=True)
    line_paid_fen = Fen("line.line_paid")
    placed_at = serializers.DateTimeField(source="placed", allow_null=True)
    signed_at = serializers.DateTimeField(source="signed", allow_null=True)
    applied_at = serializers.DateTimeField(source="applied", allow_null=True)
    reason = serializers.CharField(
        source="case.reason", read_only=True, default="", help_text=_("买家最初的原因。")
    )
    case_id = serializers.CharField(
        source="case.external_id", read_only=True, default="",
        help_text=_("最早的售后的编号；不知道时为空。"),
    )  # fmt: skip

    class Meta:
        model = OrderLine
        fields = (
            "order_id", "line_no", "product_id", "sku", "spec", "quantity", "line_paid_fen",
            "placed_at", "signed_at", "applied_at", "reason", "case_id",
        )  # fmt: skip


class ReturnRowsOf(ShopRecordList):
    """Lines that came back, each with its order and its case. :meth:`found` says which."""

    serializer_class = ReturnRowSerializer
    orderings = ("-as_of", "order_ref")

    def rows(self) -> QuerySet[OrderLine]:
        """The lines. Raises Http404 where nothing of the kind was counted."""
        found = self.found()
        if found is None:
            raise Http404
        self.until, lines = found
        return lines

    def found(self) -> tuple[Any, QuerySet[OrderLine]] | None:
        """The day up to which was counted, and the lines."""
        raise NotImplementedError

    def told(self, rows: Sequence[OrderLine]) -> list[ReturnRow]:
        """The lines with what belongs to them."""
        return rows_of(self.request.shop, rows, self.until)


@extend_schema(
    parameters=[
        *BASIS_PARAMETERS,
        choice_parameter("by", _("按什么：切面、day、reason 或 all；默认 all。"), ASKED),
        OpenApiParameter(
            "value", OpenApiTypes.STR,
            description=_("切面的取值，或哪一天、哪个原因；按 reason 不写就是没写原因的。"),
        ),
        choice_parameter("only", _("只看品质退货。"), (QUALITY,)),
    ]
)  # fmt: skip
class ReturnRowList(ReturnRowsOf):
    """The lines behind a number of the sums."""

    parameters = frozenset({*CHOICES, "by", "value", "only"})
    title = _("数字背后的退货")
    about = _(
        "近 90 天退货里，一个切面取值、一天、一个原因或全部的订单行，日期口径与数字相同；"
        "还没算过，或没有这样的取值时没有。"
    )

    def found(self) -> tuple[Any, QuerySet[OrderLine]] | None:
        """Those of the number that is asked for."""
        known_basis(self.request)
        check_choice(self.request, "by", ASKED)
        check_choice(self.request, "only", (QUALITY,))
        asked = self.request.query_params.copy()
        if asked.get("by") == "reason":
            asked.setdefault("value", "")
        return lines_behind(shop=self.request.shop, asked=asked)


@extend_schema(
    parameters=[
        day_parameter("date", _("哪一天的检验；默认最近一次。")),
        number_parameter("rank", _("发现的名次，默认 1。"), 1, LAST_RANK, "integer"),
    ]
)
class FindingRowList(ReturnRowsOf):
    """The lines behind a finding."""

    parameters = frozenset({"date", "rank"})
    title, about = _("发现背后的退货"), _("一个发现里退货的订单行；没有这个发现时没有。")

    def found(self) -> tuple[Any, QuerySet[OrderLine]] | None:
        """Those of the finding that is asked for."""
        check_day(self.request, "date")
        asked = self.request.query_params
        rank = whole_figure(asked.get("rank", "1"), "rank", 1, LAST_RANK)
        return finding_lines(shop=self.request.shop, rank=rank, day=asked.get("date"))
