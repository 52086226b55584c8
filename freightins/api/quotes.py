"""运费险报价: what cover costs, night by night."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from freightins.models import QuoteRevision
from freightins.rules import fee_book
from freightins.selectors.quotes_listed import quotes_listed
from shopguard.lib.api.bodies import Fen, ReadSerializer
from shopguard.lib.api.filters import one_of
from stores.api.base import INSURANCE, ApiList, ShopView

RULE_SETS = [rules.id for rules in fee_book().sets]


class QuoteSerializer(ReadSerializer):
    """One quote: the newest revision of its date and rule set."""

    basis = serializers.ChoiceField(QuoteRevision.Basis.choices, help_text=_("按什么计费。"))
    binding = serializers.BooleanField(source="is_binding", help_text=_("这一晚的保费是否生效。"))
    fee_fen = Fen("fee")
    computed_fee_fen = Fen("computed_fee")

    class Meta:
        model = QuoteRevision
        fields = (
            "date", "rule_set", "revision", "basis", "category", "window_orders",
            "window_returns", "return_rate", "category_rate", "blended_rate", "total",
            "level_factor", "conduct_factor", "promotion_factor", "risk_rate", "pickup_share",
            "first_weight", "expected_payout", "computed_fee_fen", "fee_fen", "binding",
            "valid_from", "valid_to", "is_backfilled",
        )  # fmt: skip
        extra_kwargs = {
            "window_orders": {"help_text": _("定价窗口内的订单数。")},
            "window_returns": {"help_text": _("其中退货或换货的订单数。")},
            "return_rate": {"help_text": _("店铺自己的退货率，0 到 1；没有订单为空。")},
            "category_rate": {"help_text": _("类目的基础退货率，0 到 1。")},
            "blended_rate": {"help_text": _("按可信度混合后的退货率，0 到 1。")},
            "level_factor": {"help_text": _("服务分档位的系数。")},
            "conduct_factor": {"help_text": _("违规扣分的系数。")},
            "promotion_factor": {"help_text": _("大促订单占比的系数。")},
            "risk_rate": {"help_text": _("风险率，0 到 1。")},
            "pickup_share": {"help_text": _("上门取件的占比，0 到 1。")},
            "valid_from": {"help_text": _("生效的第一天；不生效的晚上为空。")},
            "valid_to": {"help_text": _("生效的最后一天；不生效的晚上为空。")},
            "first_weight": {"help_text": _("首重均价，单位分，可带小数。")},
            "expected_payout": {"help_text": _("预期赔付，单位分，可带小数。")},
            "is_backfilled": {"help_text": _("事后补算的报价，不计入模型检验。")},
        }


class QuoteFilters(filters.FilterSet):
    """How quotes can be narrowed."""

    rule_set = one_of(RULE_SETS, _("规则集。"))
    date = filters.DateFilter(help_text=_("报价日期。"))


class QuoteList(ApiList, ShopView):
    """Published quotes, newest first."""

    serializer_class = QuoteSerializer
    filterset_class = QuoteFilters
    orderings = ("-date",)
    title, about, tag = _("报价"), _("每晚的运费险报价和它的每个因素。"), INSURANCE

    def rows(self) -> QuerySet[Any]:
        """Those anybody of the shop may see."""
        return quotes_listed(shop=self.request.shop, now=timezone.now())
