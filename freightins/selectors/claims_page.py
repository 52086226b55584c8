"""The ledger of a year: orders covered, what that cost, claims and what they paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.models import AfterSaleCase
from freightins.models import Claim, Cover
from freightins.selectors.claim_words import method_word, reason_word, state_word
from freightins.selectors.signals_page import signals_open
from shopguard.lib.days import SHANGHAI
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Shop

OVERDUE = "overdue"
YEAR = timedelta(days=365)
SIZE = 50
FEN = 100


@dataclass(frozen=True)
class Tab:
    """A state to look at, with how many claims stand there."""

    key: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Month:
    """What a month cost and paid, in fen."""

    month: date
    covers: int
    fees: int
    claims: int
    payouts: int


@dataclass(frozen=True)
class ClaimsPage:
    """What the page shows. Sums are of the last 365 days, in fen."""

    covers: int
    fees: int
    claims: int
    payouts: int
    estimated: int
    waiting: int
    overdue: int
    signals: int
    uncovered: Sequence[tuple[str, int]]
    months: list[Month]
    tabs: list[Tab]
    page: Page[Claim]
    state: str
    now: datetime

    @property
    def loss_ratio(self) -> float | None:
        """Payouts by fees."""
        return self.payouts / self.fees if self.fees else None


def is_overdue(now: datetime) -> Q:
    """Claims whose review should have ended before an instant and has not."""
    return Q(state=Claim.State.IN_REVIEW, review_due_at__lt=now)


def claims_overdue(*, shop: Shop, now: datetime) -> QuerySet[Claim]:
    """The claims of a shop that are overdue."""
    return Claim.objects.for_shop(shop).filter(is_overdue(now))


def claims_of(*, shop: Shop, state: str, now: datetime) -> QuerySet[Claim]:
    """Claims of the last year, the newest first, perhaps of one state."""
    rows = Claim.objects.for_shop(shop).filter(opened_at__gte=now - YEAR)
    if state == OVERDUE:
        rows = rows.filter(is_overdue(now))
    elif state:
        rows = rows.filter(state=state)
    return rows.order_by("-opened_at", "-pk")


def state_asked(given: QueryDict) -> str:
    """The state a query asks for, empty for all."""
    state = given.get("state", "")
    return state if state in (*Claim.State.values, OVERDUE) else ""


def claims_page(*, shop: Shop, given: QueryDict, now: datetime) -> ClaimsPage:
    """The page a query asks for."""
    state = state_asked(given)
    covers = Cover.objects.for_shop(shop).filter(placed_at__gte=now - YEAR).order_by()
    begun = _begun(covers)
    claims = claims_of(shop=shop, state="", now=now).order_by()
    paid = Q(state=Claim.State.PAID)
    sums = claims.aggregate(
        n=Count("pk"),
        paid=Sum("amount", filter=paid),
        estimated=Sum("amount", filter=paid & Q(is_estimated=True)),
        waiting=Count("pk", filter=Q(state=Claim.State.WAITING_RECEIPT)),
        overdue=Count("pk", filter=is_overdue(now)),
    )
    reasons = covers.exclude(reason="").values_list("reason").annotate(n=Count("pk"))
    return ClaimsPage(
        covers=sum(n for n, _fen in begun.values()),
        fees=sum(fen for _n, fen in begun.values()),
        claims=sums["n"],
        payouts=sums["paid"] or 0,
        estimated=sums["estimated"] or 0,
        waiting=sums["waiting"],
        overdue=sums["overdue"],
        signals=signals_open(shop=shop).count(),
        uncovered=[(reason_word(reason), n) for reason, n in reasons.order_by("-n", "reason")],
        months=_months(begun, claims),
        tabs=_tabs(claims, state, sums["overdue"]),
        page=page_of(_with_cases(claims_of(shop=shop, state=state, now=now)), given, size=SIZE),
        state=state,
        now=now,
    )


def _with_cases(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The claims with the keys of their cases, for links."""
    cases = AfterSaleCase.objects.filter(
        shop_id=OuterRef("shop_id"), external_id=OuterRef("case_ref")
    )
    return claims.annotate(case_pk=Subquery(cases.values("pk")[:1]))


def _begun(covers: QuerySet[Cover]) -> dict[datetime, tuple[int, int]]:
    """Covers and their fees by month of shipment."""
    months = (
        covers.filter(reason="")
        .annotate(month=TruncMonth("from_at", tzinfo=SHANGHAI))
        .values_list("month")
        .annotate(n=Count("pk"), fen=Sum("fee"))
    )
    return {month: (n, fen or 0) for month, n, fen in months}


def _months(fees: Mapping[datetime, tuple[int, int]], claims: QuerySet[Claim]) -> list[Month]:
    """The year month by month: covers by shipment, claims by application."""
    opened = (
        claims.annotate(month=TruncMonth("opened_at", tzinfo=SHANGHAI))
        .values_list("month")
        .annotate(n=Count("pk"), fen=Sum("amount", filter=Q(state=Claim.State.PAID)))
    )
    payouts = {month: (n, fen or 0) for month, n, fen in opened}
    nothing = (0, 0)
    return [
        Month(month.date(), *fees.get(month, nothing), *payouts.get(month, nothing))
        for month in sorted(fees.keys() | payouts.keys(), reverse=True)
    ]


def _tabs(claims: QuerySet[Claim], chosen: str, overdue: int) -> list[Tab]:
    counts = dict(claims.values_list("state").annotate(n=Count("pk")))
    found = [Tab("", pgettext("claims", "全部"), sum(counts.values()), not chosen)]
    if overdue or chosen == OVERDUE:
        found.append(Tab(OVERDUE, pgettext("claims", "逾期"), overdue, chosen == OVERDUE))
    for state in Claim.State.values:
        if state in counts or state == chosen:
            found.append(Tab(state, state_word(state), counts.get(state, 0), state == chosen))
    return found


def claim_columns(now: datetime) -> list[Column[Claim]]:
    """Claims as columns of a file; money is yuan."""
    return [
        Column(_("订单编号"), lambda claim: claim.order_ref),
        Column(_("售后编号"), lambda claim: claim.case_ref),
        Column(_("寄回方式"), lambda claim: method_word(claim.method)),
        Column(_("状态"), lambda claim: state_word(claim.state)),
        Column(_("申请时间"), lambda claim: claim.opened_at),
        Column(_("商家收货"), lambda claim: claim.received_at),
        Column(_("审理期限"), lambda claim: claim.review_due_at),
        Column(_("逾期"), lambda claim: claim_is_overdue(claim, now)),
        Column(_("赔付时间"), lambda claim: claim.paid_at),
        Column(_("赔付，元"), lambda claim: None if claim.amount is None else claim.amount / FEN),
        Column(_("按规则估计"), lambda claim: claim.is_estimated),
    ]


def claim_is_overdue(claim: Claim, now: datetime) -> bool:
    """Whether the review of one claim should have ended before an instant."""
    due = claim.review_due_at
    return claim.state == Claim.State.IN_REVIEW and due is not None and due < now
