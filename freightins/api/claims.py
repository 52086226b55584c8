"""理赔与信号: claims with their clocks, and what looks like fraud."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from freightins.models import Claim, FraudSignal
from freightins.selectors.claims_page import claim_is_overdue, is_overdue
from freightins.selectors.signal_words import evidence_words
from freightins.services.signals import signal_see
from shopguard.lib.api.bodies import Fen, InputSerializer, ReadSerializer, RowId, text
from shopguard.lib.api.filters import exact, flag, known, one_of, since, until
from stores.api.base import INSURANCE, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once

STATES = list(Claim.State.values)
LARGEST = 2**31 - 1


class ClaimSerializer(ReadSerializer):
    """One claim."""

    order_id = text("order_ref", _("订单编号。"))
    case_id = text("case_ref", _("售后编号。"))
    state = serializers.ChoiceField(STATES, help_text=_("理赔走到哪一步。"))
    amount_fen = Fen("amount")
    expected_fen = Fen("expected")
    is_overdue = serializers.SerializerMethodField(help_text=_("审理期限已过，还没有赔。"))

    class Meta:
        model = Claim
        fields = (
            "order_id", "case_id", "method", "state", "opened_at", "received_at",
            "review_due_at", "is_overdue", "paid_at", "amount_fen", "expected_fen",
            "is_estimated", "reason",
        )  # fmt: skip
        extra_kwargs = {
            "method": {"help_text": _("怎么寄回：上门取件、快递柜或自行寄回。")},
            "received_at": {"help_text": _("商家收到退货的时间。")},
            "review_due_at": {"help_text": _("审理期限。")},
            "is_estimated": {"help_text": _("时间和金额按规则估计，还没有对账单。")},
        }

    def get_is_overdue(self, claim: Claim) -> bool:
        """Whether its review should be over."""
        return claim_is_overdue(claim, timezone.now())


class ClaimFilters(filters.FilterSet):
    """How claims can be narrowed."""

    order_id = exact("order_ref", _("订单编号。"))
    case_id = exact("case_ref", _("售后编号。"))
    state = one_of(STATES, _("理赔走到哪一步。"))
    opened_from = since("opened_at")
    opened_before = until("opened_at")
    is_overdue = flag("state", _("审理期限已过，还没有赔。"))
    is_overdue.method = "overdue"

    def overdue(self, rows: QuerySet[Claim], name: str, value: bool) -> QuerySet[Claim]:
        """Those that are overdue, or all others."""
        late = is_overdue(timezone.now())
        return rows.filter(late) if value else rows.exclude(late)


class ClaimList(ShopRecordList):
    """Claims, newest first."""

    serializer_class = ClaimSerializer
    filterset_class = ClaimFilters
    orderings = ("-opened_at",)
    title, about, tag = _("理赔"), _("有保障的订单的理赔和它的时限。"), INSURANCE


class SignalSerializer(ReadSerializer):
    """One signal with its evidence."""

    id = RowId(source="pk", read_only=True, help_text=_("编号，标记时带上。"))
    kind = serializers.ChoiceField(FraudSignal.Kind.choices, help_text=_("看到了什么。"))
    evidence = serializers.SerializerMethodField(help_text=_("证据，用你的语言。"))
    orders = serializers.ListField(child=serializers.CharField(), help_text=_("有关的订单编号。"))

    class Meta:
        model = FraudSignal
        fields = (
            "id", "version", "kind", "key", "evidence", "orders", "found_at", "seen_at",
            "seen_by", "seen_reason",
        )  # fmt: skip
        extra_kwargs = {
            "version": {"help_text": _("证据的版本，标记时带上。")},
            "key": {"help_text": _("退货单号、买家的编号或订单编号。")},
            "found_at": {"help_text": _("发现时间。")},
            "seen_at": {"help_text": _("什么时候标为已核对；没有时为空。")},
            "seen_by": {"help_text": _("谁标的。")},
            "seen_reason": {"help_text": _("为什么。")},
        }

    def get_evidence(self, signal: FraudSignal) -> str:
        """The figures behind it."""
        return evidence_words(signal)


class SignalFilters(filters.FilterSet):
    """How signals can be narrowed."""

    kind = one_of(list(FraudSignal.Kind.values), _("看到了什么。"))
    is_seen = known("seen_at", _("是否已核对。"))


class SignalList(ShopRecordList):
    """Signals, newest first."""

    serializer_class = SignalSerializer
    filterset_class = SignalFilters
    orderings = ("-found_at",)
    title, about, tag = _("骗赔信号"), _("理赔里像骗赔的地方和证据，只提醒。"), INSURANCE


class SignalMarkInput(InputSerializer):
    """A signal to mark."""

    id = RowId(help_text=_("编号。"))
    version = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text=_("看到的版本。"))
    seen = serializers.BooleanField(help_text=_("true 标为已核对，false 重新打开。"))
    reason = serializers.CharField(max_length=200, help_text=_("为什么，记入审计。"))


class SignalMarkOutcome(serializers.Serializer):
    """What came of it."""

    is_marked = serializers.BooleanField(help_text=_("是否标了；已经变化的不标。"))


class SignalMark(ShopView):
    """Mark a signal as looked at."""

    serializer_class = SignalMarkOutcome
    title, about, tag = _("核对信号"), _("把信号标为已核对，或重新打开。"), INSURANCE

    @extend_schema(request=SignalMarkInput, responses=SignalMarkOutcome)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Mark it if its version is still the one given."""
        given = SignalMarkInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        is_marked = signal_see(
            actor=request.user, shop=request.shop, key=wanted["id"], version=wanted["version"],
            reason=wanted["reason"], is_seen=wanted["seen"],
        )  # fmt: skip
        return Response(SignalMarkOutcome({"is_marked": is_marked}).data)
