"""保障期的判断: what the guarantee says about each case, and what it goes by."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.api.cases import CaseFilters
from aftersales.calc.guarantee import CONDITIONS, EXEMPTIONS, SOURCES
from aftersales.case_words import STANDING_WORDS, VERDICT_WORDS
from aftersales.models import AfterSaleCase
from aftersales.selectors.case_goods import About, cases_about
from shopguard.lib.api.bodies import ReadSerializer
from stores.api.base import ShopRecordList


class VerdictSerializer(ReadSerializer):
    """The verdict on one case."""

    case_id = serializers.CharField(source="case.external_id", help_text=_("售后编号。"))
    order_id = serializers.CharField(source="case.order_ref", help_text=_("订单编号。"))
    product_id = serializers.CharField(
        source="line.product_ref", read_only=True, default="",
        help_text=_("商品编号；不知道时为空。"),
    )  # fmt: skip
    sku = serializers.CharField(source="line.sku", read_only=True, default="")
    standing = serializers.ChoiceField(
        list(STANDING_WORDS), source="verdict.standing", help_text=_("期内、超期或不适用。")
    )
    qualifies = serializers.BooleanField(
        source="verdict.qualifies", allow_null=True,
        help_text=_("是否符合；要由本店核对时为 null。"),
    )  # fmt: skip
    reasons = serializers.ListField(
        child=serializers.ChoiceField(list(VERDICT_WORDS)), source="verdict.reasons",
        help_text=_("为什么，决定性的在前。"),
    )  # fmt: skip
    explained = serializers.SerializerMethodField(help_text=_("同样的理由，用你的语言。"))
    first_day = serializers.DateField(
        source="verdict.period.first", allow_null=True,
        help_text=_("保障期的第一天，签收的次日；没签收时为 null。"),
    )  # fmt: skip
    last_day = serializers.DateField(
        source="verdict.period.last", allow_null=True,
        help_text=_("保障期的最后一天；没签收时为 null。"),
    )  # fmt: skip
    ends_at = serializers.DateTimeField(
        source="verdict.period.ends_at", allow_null=True,
        help_text=_("保障期的最后一秒；没签收时为 null。"),
    )  # fmt: skip
    is_estimated = serializers.BooleanField(
        source="verdict.period.is_estimated", allow_null=True,
        help_text=_("是否因为没有那一年的节假日安排而按自然日估算；没签收时为 null。"),
    )  # fmt: skip
    days = serializers.IntegerField(source="terms.days", help_text=_("保障天数。"))
    days_from = serializers.ChoiceField(
        SOURCES, source="terms.source", help_text=_("天数出自商品、类目、规则还是默认。")
    )
    exemption = serializers.ChoiceField(
        (*EXEMPTIONS, ""), source="terms.exemption", help_text=_("商品为什么不适用；适用时为空。")
    )
    unsealed_exempt = serializers.BooleanField(
        source="terms.unsealed_exempt", help_text=_("拆封后是否不再保障。")
    )
    applied_at = serializers.DateTimeField(source="case.applied_at")
    signed_at = serializers.DateTimeField(source="order.signed_at", allow_null=True)
    is_quality = serializers.BooleanField(help_text=_("首次原因是否属品质问题。"))
    condition = serializers.ChoiceField((*CONDITIONS, ""), source="case.condition")

    class Meta:
        model = AfterSaleCase
        fields = (
            "case_id", "order_id", "product_id", "sku", "standing", "qualifies", "reasons",
            "explained", "first_day", "last_day", "ends_at", "is_estimated", "days", "days_from",
            "exemption", "unsealed_exempt", "applied_at", "signed_at", "is_quality", "condition",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_explained(self, about: About) -> list[str]:
        """The reasons in words."""
        return [str(VERDICT_WORDS[code]) for code in about.verdict.reasons]


class VerdictList(ShopRecordList):
    """The verdict on every case."""

    serializer_class = VerdictSerializer
    filterset_class = CaseFilters
    orderings = ("-applied_at", "closed_at", "due_at", "deadline_at")
    title = _("保障期的判断")
    about = _(
        "每件售后在不在保障期、算不算数、为什么，以及所依据的天数、签收时间、原因和商品状况；"
        "筛选与售后列表相同。"
    )

    def told(self, rows: Sequence[AfterSaleCase]) -> list[About]:
        """The cases with their goods and verdicts."""
        return cases_about(shop=self.request.shop, cases=rows)
