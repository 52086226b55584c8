"""模型检验: every estimate scored by what came back."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from freightins.api.quotes import RULE_SETS
from freightins.models import QuoteCheck
from freightins.selectors.check_page import checks_listed
from shopguard.lib.api.bodies import Fen, ReadSerializer
from shopguard.lib.api.filters import one_of
from stores.api.base import INSURANCE, ApiList, ShopView


class QuoteCheckSerializer(ReadSerializer):
    """One ripe week: what was expected of its orders, and what came back."""

    fee_fen = Fen("fee")
    fees_fen = Fen("fees")
    payouts_fen = Fen("payouts")

    class Meta:
        model = QuoteCheck
        fields = (
            "date", "rule_set", "first_day", "last_day", "basis", "category", "window_orders",
            "expected_share", "own_share", "category_share", "orders", "returns", "fee_fen",
            "fees_fen", "payouts_fen", "is_final",
        )  # fmt: skip
        extra_kwargs = {
            "date": {"help_text": _("报价日期。")},
            "first_day": {"help_text": _("这一周的第一天。")},
            "last_day": {"help_text": _("这一周的最后一天。")},
            "basis": {"help_text": _("按什么计费。")},
            "window_orders": {"help_text": _("定价窗口内的订单数。")},
            "expected_share": {"help_text": _("预期退货率 R，0 到 1，加价之前。")},
            "own_share": {"help_text": _("只用本店原始率的预期；窗口没有订单为空。")},
            "category_share": {"help_text": _("只用类目率的预期，0 到 1。")},
            "orders": {"help_text": _("这一周购买、未在发货前取消的订单数。")},
            "returns": {"help_text": _("其中退货或换货的订单数。")},
            "is_final": {"help_text": _("保障已满，数字不再变。")},
        }


class CheckFilters(filters.FilterSet):
    """How scored weeks can be narrowed."""

    rule_set = one_of(RULE_SETS, _("规则集。"))
    date = filters.DateFilter(help_text=_("报价日期。"))


class CheckList(ApiList, ShopView):
    """Scored weeks, newest first."""

    serializer_class = QuoteCheckSerializer
    filterset_class = CheckFilters
    orderings = ("-date",)
    title, about, tag = _("模型检验"), _("每个满期的周：预期退货率和真正退回来的单数。"), INSURANCE

    def rows(self) -> QuerySet[Any]:
        """Those of the shop."""
        return checks_listed(shop=self.request.shop)
