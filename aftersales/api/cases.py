"""售后."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.calc.case_states import STATES, STEP_NAMES
from aftersales.kinds.aftersales import KINDS, OUTCOMES
from aftersales.models import AfterSaleCase
from aftersales.selectors.case_filters import QUEUES, in_queue, is_urgent
from aftersales.selectors.earlier_cases import cases_of_buyer
from aftersales.selectors.root_cause import is_about, is_return
from aftersales.selectors.workbench import open_steps, shop_hours
from shopguard.lib.api.bodies import Fen, RecordSerializer, text
from shopguard.lib.api.filters import exact, flag, known, one_of, since, until, whole
from stores.api.base import ApiRequest, ShopRecordList

Cases = QuerySet[AfterSaleCase]


class CaseSerializer(RecordSerializer):
    """One after-sales case."""

    order_id = text("order_ref", _("订单编号。"))
    kind = serializers.ChoiceField(KINDS)
    outcome = serializers.ChoiceField(OUTCOMES)
    state = serializers.ChoiceField(STATES, help_text=_("现在在哪一步。"))
    requested_fen = Fen("requested")
    refunded_fen = Fen("refunded")
    carrier_cost_fen = Fen("carrier_cost")
    open_steps = serializers.SerializerMethodField(help_text=_("现在能走的步骤。"))
    shop_hours = serializers.SerializerMethodField(
        help_text=_("到结束或现在为止，本店自己用的小时数。")
    )

    class Meta:
        model = AfterSaleCase
        fields = (
            "id", "order_id", "line_no", "kind", "reason", "reason_code", "latest_reason",
            "applied_at", "closed_at", "outcome", "waiting_buyer_seconds", "requested_fen",
            "refunded_fen", "return_method", "return_weight_grams", "return_tracking_no",
            "carrier_cost_fen", "merchant_received_at", "deadline_at", "state", "state_since",
            "due_at", "due_is_estimated", "chases", "first_reply_at", "contacted_at", "condition",
            "version", "open_steps", "shop_hours", "as_of",
        )  # fmt: skip
        extra_kwargs = {
            "reason": {"help_text": _("买家最初的原因，与导入时一字不差（已去掉个人信息）。")},
            "waiting_buyer_seconds": {"help_text": _("其中等待买家的秒数。")},
        }

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(STEP_NAMES)))
    def get_open_steps(self, case: AfterSaleCase) -> list[str]:
        """The steps that can follow."""
        return [step.key for step in open_steps(case)]

    def get_shop_hours(self, case: AfterSaleCase) -> float:
        """What the buyer's waiting leaves."""
        return shop_hours(case, timezone.now())


class CaseFilters(filters.FilterSet):
    """How cases can be narrowed: what the workbench and the page of a product narrow by."""

    request: ApiRequest
    id = exact("external_id", _("编号。"))
    order_id = exact("order_ref", _("订单编号。"))
    kind = one_of(KINDS, _("售后类型。"))
    outcome = one_of(OUTCOMES, _("处理结果。"))
    state = one_of(STATES, _("现在在哪一步。"))
    due_from = since("due_at")
    due_before = until("due_at")
    is_closed = known("closed_at", _("是否已结束。"))
    applied_from = since("applied_at")
    applied_before = until("applied_at")
    closed_from = since("closed_at")
    closed_before = until("closed_at")
    queue = one_of(list(QUEUES), _("工作台的哪个队列。"), method="in_queue")
    is_urgent = flag("state", _("是否急：快到期、已过期或买家催促。"))
    is_urgent.method = "urgent"
    reason = exact("reason", _("买家最初的原因，一字不差。"))
    reason_has = filters.CharFilter("reason", "icontains", help_text=_("最初的原因里有这几个字。"))
    has_reason = flag("reason", _("买家有没有写最初的原因。"))
    has_reason.method = "reasoned"
    requested_fen_at_most = whole("requested", _("申请的金额不高于，单位分。"), "lte")
    product_id = filters.CharFilter(method="about", help_text=_("关于这个商品的售后。"))
    sku = filters.CharFilter(method="about", help_text=_("关于这个规格的售后。"))
    is_return = flag("kind", _("是否算退货：不是仅退运费，买家也没撤销。"))
    is_return.method = "returned"
    same_buyer_as = filters.CharFilter(
        method="of_buyer", help_text=_("与这件售后同一个买家的售后，写它的编号。")
    )

    def in_queue(self, rows: Cases, name: str, value: str) -> Cases:
        """Those of a queue."""
        return rows.filter(in_queue(value, timezone.now()))

    def urgent(self, rows: Cases, name: str, value: bool) -> Cases:
        """Those the workbench puts first, or all others."""
        first = rows.filter(is_urgent(timezone.now()))
        return first if value else rows.exclude(pk__in=first.values("pk"))

    def reasoned(self, rows: Cases, name: str, value: bool) -> Cases:
        """Those with a first reason, or those without."""
        return rows.exclude(reason="") if value else rows.filter(reason="")

    def about(self, rows: Cases, name: str, value: str) -> Cases:
        """Those about some goods."""
        by = "sku" if name == "sku" else "product"
        return rows.filter(is_about(shop=self.request.shop, by=by, ref=value))

    def returned(self, rows: Cases, name: str, value: bool) -> Cases:
        """Those that count as returns, or all others."""
        return rows.filter(is_return() if value else ~is_return())

    def of_buyer(self, rows: Cases, name: str, value: str) -> Cases:
        """Those of the buyer of a case."""
        return rows.filter(pk__in=cases_of_buyer(shop=self.request.shop, case_ref=value))


class CaseList(ShopRecordList):
    """Cases, newest first."""

    serializer_class = CaseSerializer
    filterset_class = CaseFilters
    orderings = ("-applied_at", "closed_at", "due_at", "deadline_at")
    title, about = _("售后"), _("退款、退货、换货等售后单。")
