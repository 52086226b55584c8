"""Sums of returns: day by day, and cut by cut with first reasons by product.

Every answer says by which day it counts and what it divides by.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.calc.return_sums import BASES, PAID, SIGNED
from aftersales.selectors.cuts_page import SHOWN, CutsPage, cuts_page
from aftersales.selectors.daily_returns import LONG, SHORT, DailyPage, DayLine, daily_page
from aftersales.selectors.return_basis import FIRST, NEWEST
from shopguard.lib.api.queries import check_choice, choice_parameter
from shopguard.lib.days import shanghai_day
from stores.api.base import RECORDS, ApiRequest, ShopView

CHOICES: dict[str, tuple[Sequence[str], Any]] = {
    "basis": (BASES, _("按签收日、支付日还是申请日；默认签收日。")),
    "of": ((SIGNED, PAID), _("按申请日时除以签收件数还是支付件数；默认签收件数。")),
    "reason": ((FIRST, NEWEST), _("品质看首次原因还是最新原因；默认首次。")),
}
SPANS = (str(SHORT), str(LONG))
BASIS_PARAMETERS = [
    choice_parameter(name, about, codes) for name, (codes, about) in CHOICES.items()
]


class CountedSerializer(serializers.Serializer):
    """By which day, divided by what, and up to when."""

    basis = serializers.ChoiceField(BASES, source="basis.day", help_text=_("按什么日期计入。"))
    divided_by = serializers.ChoiceField(
        (SIGNED, PAID), source="basis.of", help_text=_("除以签收件数还是支付件数。")
    )
    quality_reason = serializers.ChoiceField(
        (FIRST, NEWEST), source="basis.reason", help_text=_("品质看首次原因还是最新原因。")
    )
    first_day = serializers.DateField(help_text=_("第一天。"))
    last_day = serializers.DateField(help_text=_("最后一天。"))


class ReasonCountSerializer(serializers.Serializer):
    """A first reason."""

    reason = serializers.CharField(help_text=_("买家最初的原因。"))
    returns = serializers.IntegerField(help_text=_("退货件数。"))


class ReturnDaySerializer(serializers.Serializer):
    """One day."""

    day = serializers.DateField(help_text=_("哪一天。"))
    lines = serializers.IntegerField(help_text=_("签收或支付的件数。"))
    returns = serializers.IntegerField(help_text=_("退货件数。"))
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    rate = serializers.FloatField(allow_null=True, help_text=_("总退货率；1 是全部。"))
    quality_rate = serializers.FloatField(allow_null=True, help_text=_("品质退货率；1 是全部。"))
    refunds_fen = serializers.IntegerField(source="fen", help_text=_("退款，单位分。"))
    low = serializers.FloatField(allow_null=True, help_text=_("品质退货率正常范围的下限。"))
    high = serializers.FloatField(allow_null=True, help_text=_("品质退货率正常范围的上限。"))
    outside = serializers.ChoiceField(
        ("low", "high", ""), help_text=_("品质退货率在正常范围之下或之上；之内为空。")
    )
    returns_outside = serializers.ChoiceField(
        ("low", "high", ""), help_text=_("总退货率在正常范围之下或之上；之内为空。")
    )
    is_complete = serializers.BooleanField(help_text=_("是否过了足够多的天，可以下结论。"))
    reasons = serializers.SerializerMethodField(help_text=_("当天最多的三个首次原因。"))

    @extend_schema_field(ReasonCountSerializer(many=True))
    def get_reasons(self, line: DayLine) -> list[dict[str, Any]]:
        """The first reasons of the day."""
        return [{"reason": reason, "returns": n} for reason, n in line.top]


class AroundDaySerializer(serializers.Serializer):
    """What goes with returns, each figure by a day of its own."""

    day = serializers.DateField(help_text=_("哪一天。"))
    consultations = serializers.IntegerField(help_text=_("开始的咨询。"))
    reply_seconds = serializers.IntegerField(allow_null=True, help_text=_("首次回复秒数的中位数。"))
    closed = serializers.IntegerField(help_text=_("完结的售后。"))
    closed_hours = serializers.FloatField(
        allow_null=True, help_text=_("其中本店用时的平均小时数。")
    )
    complaints = serializers.IntegerField(help_text=_("提起的投诉。"))


class ReturnedProductSerializer(serializers.Serializer):
    """A product that comes back."""

    product_id = serializers.CharField(source="ref", help_text=_("商品编号。"))
    title = serializers.CharField(help_text=_("商品的标题。"))
    lines = serializers.IntegerField(source="rate.n", help_text=_("签收或支付的件数。"))
    returns = serializers.IntegerField(source="rate.k", help_text=_("退货件数。"))
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    low_reviews = serializers.IntegerField(help_text=_("一到三星的评价。"))


class DailyReturnsSerializer(CountedSerializer):
    """The days, newest first."""

    mature_days = serializers.IntegerField(help_text=_("过了多少天才下结论，按规则。"))
    middle = serializers.FloatField(
        source="quality_control.middle", allow_null=True,
        help_text=_("品质退货率正常范围的中线；天数太少时为 null。"),
    )  # fmt: skip
    returns_middle = serializers.FloatField(
        source="returns_control.middle", allow_null=True,
        help_text=_("总退货率正常范围的中线；天数太少时为 null。"),
    )  # fmt: skip
    days = ReturnDaySerializer(many=True, help_text=_("每天一行，新的在前。"))
    reasons = ReasonCountSerializer(many=True, help_text=_("近 90 天最多的三个首次原因。"))
    products = ReturnedProductSerializer(many=True, help_text=_("近 90 天退得最多的商品。"))
    around = AroundDaySerializer(many=True, help_text=_("咨询、完结、投诉，每天一行。"))


def known_basis(request: ApiRequest) -> None:
    """Raise InvalidRequest for a basis that is none."""
    for name, (codes, _about) in CHOICES.items():
        check_choice(request, name, codes)


def counted(page: Any) -> dict[str, Any]:
    """What :class:`CountedSerializer` says of a page."""
    return {"basis": page.basis, "first_day": page.first_day, "last_day": page.last_day}


class SumsView(ShopView):
    """The newest sums by the basis that is asked for: what a page of diagnostics reads.

    ``page`` is the selector of that page, ``more`` the codes of parameters of its own; what the
    sums are told as says :meth:`told`. Before a night has counted there is nothing: 404.
    """

    page: ClassVar[Callable[..., Any]]
    more: ClassVar[Mapping[str, Sequence[str]]] = {}
    is_conditional = True
    parameters = frozenset(CHOICES)
    tag = RECORDS

    def told(self, page: Any) -> dict[str, Any]:
        """What the answer says beside the basis."""
        raise NotImplementedError

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The newest sums."""
        known_basis(request)
        for name, codes in self.more.items():
            check_choice(request, name, codes)
        today = shanghai_day(timezone.now())
        page = type(self).page(shop=request.shop, asked=request.query_params, today=today)
        if page is None:
            raise Http404
        return Response(self.get_serializer_class()(counted(page) | self.told(page)).data)


@extend_schema(
    parameters=[*BASIS_PARAMETERS, choice_parameter("days", _("看多少天，默认 30。"), SPANS)]
)
class DailyReturns(SumsView):
    """Rates day by day with their usual range."""

    serializer_class = DailyReturnsSerializer
    page = staticmethod(daily_page)
    more: ClassVar = {"days": SPANS}
    parameters = SumsView.parameters | {"days"}
    title = _("每日退货")
    about = _("每天的退货率和品质退货率及其正常范围、原因、商品；还没算过时没有。")

    def told(self, page: DailyPage) -> dict[str, Any]:
        """The days, and what goes with them."""
        return {
            "mature_days": page.mature_days,
            "quality_control": page.quality_control,
            "returns_control": page.returns_control,
            "days": page.days,
            "reasons": [{"reason": one[0], "returns": one[1]} for one in page.reasons],
            "products": page.products,
            "around": page.around,
        }


class CutValueSerializer(serializers.Serializer):
    """A value of a cut."""

    value = serializers.CharField(allow_blank=True, help_text=_("切面的取值；空的是其余合计。"))
    label = serializers.CharField(help_text=_("取值，用你的语言。"))  # type: ignore[assignment]
    lines = serializers.IntegerField(
        source="rate.n", help_text=_("签收或支付的件数；按下单后天数切时是退货总件数。")
    )
    returns = serializers.IntegerField(source="rate.k", help_text=_("退货件数。"))
    rate = serializers.FloatField(
        source="rate.value", allow_null=True, help_text=_("退货率，或占退货的比例；1 是全部。")
    )
    quality = serializers.IntegerField(help_text=_("其中品质退货的件数。"))
    refunds_fen = serializers.IntegerField(source="fen", help_text=_("退款，单位分。"))
    q = serializers.FloatField(allow_null=True, help_text=_("校正后的 q 值；没检验时为空。"))
    is_more = serializers.BooleanField(
        allow_null=True, help_text=_("是否多得不像偶然；没检验时为空。")
    )


class HeatCellSerializer(serializers.Serializer):
    """Returns of a product for a reason."""

    product_id = serializers.CharField(help_text=_("商品编号。"))
    returns = serializers.IntegerField(source="cell.count", help_text=_("退货件数。"))
    share = serializers.FloatField(
        source="cell.share", allow_null=True, help_text=_("占这件商品退货的比例，0 到 1。")
    )
    is_more = serializers.BooleanField(source="cell.is_more", help_text=_("是否多得不像偶然。"))


class HeatProductSerializer(serializers.Serializer):
    """A product of the heat map."""

    product_id = serializers.CharField(help_text=_("商品编号。"))
    title = serializers.CharField(help_text=_("商品的标题。"))
    returns = serializers.IntegerField(help_text=_("退货件数。"))


class HeatReasonSerializer(serializers.Serializer):
    """A first reason over the products."""

    reason = serializers.CharField(help_text=_("买家最初的原因。"))
    products = HeatCellSerializer(many=True, help_text=_("退得最多的商品，一件一项。"))


class CutSerializer(CountedSerializer):
    """One cut, and first reasons by product."""

    cut = serializers.ChoiceField(SHOWN, help_text=_("按什么切。"))
    values = CutValueSerializer(many=True, help_text=_("切面的取值，一个一行。"))
    products = HeatProductSerializer(many=True, help_text=_("热力图上的商品，按顺序。"))
    heat = HeatReasonSerializer(many=True, help_text=_("原因和商品的热力图。"))


@extend_schema(
    parameters=[*BASIS_PARAMETERS, choice_parameter("cut", _("按什么切，默认商品。"), SHOWN)]
)
class ReturnCuts(SumsView):
    """One cut through the returns."""

    serializer_class = CutSerializer
    page = staticmethod(cuts_page)
    more: ClassVar = {"cut": SHOWN}
    parameters = SumsView.parameters | {"cut"}
    title = _("退货切面")
    about = _("近 90 天的退货按一个维度切开，以及原因和商品的热力图；还没算过时没有。")

    def told(self, page: CutsPage) -> dict[str, Any]:
        """The values of the cut, and the heat map."""
        products = [
            {"product_id": ref, "title": title, "returns": n} for ref, title, n in page.products
        ]
        lists = {"values": page.lines, "products": products, "heat": _heat(page)}
        return {"cut": page.cut, **lists}


def _heat(page: CutsPage) -> list[dict[str, Any]]:
    refs = [ref for ref, _title, _total in page.products]
    return [
        {
            "reason": row.reason,
            "products": [
                {"product_id": ref, "cell": cell} for ref, cell in zip(refs, row.cells, strict=True)
            ],
        }
        for row in page.heat
    ]
