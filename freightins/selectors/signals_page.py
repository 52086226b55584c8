"""The page of signals: what looks like fraud, each with the claims behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.models import AfterSaleCase
from freightins.models import Claim, FraudSignal
from freightins.selectors.signal_words import advice_words, evidence_words, kind_word
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Shop

SIZE = 20
SEEN = "seen"


@dataclass(frozen=True)
class Evidence:
    """One claim behind a signal, and its case where there is one."""

    claim: Claim
    case: AfterSaleCase | None


@dataclass(frozen=True)
class SignalLine:
    """A signal as it is shown."""

    signal: FraudSignal
    title: str
    sentence: str
    advice: str
    claims: Sequence[Evidence]


@dataclass(frozen=True)
class SignalsPage:
    """What the page shows: a page of signals, nobody looked at or looked at already."""

    lines: list[SignalLine]
    page: Page[FraudSignal]
    open: int
    seen: int
    is_seen: bool
    now: datetime


def signals_open(*, shop: Shop) -> QuerySet[FraudSignal]:
    """Signals nobody has looked at."""
    return FraudSignal.objects.for_shop(shop).filter(seen_at__isnull=True)


def signals_asked(*, shop: Shop, given: QueryDict) -> QuerySet[FraudSignal]:
    """The signals a query asks for, the newest first."""
    is_open = given.get("tab", "") != SEEN
    rows = FraudSignal.objects.for_shop(shop).filter(seen_at__isnull=is_open)
    return rows.order_by("-found_at", "kind", "pk")


def signals_page(*, shop: Shop, given: QueryDict, now: datetime) -> SignalsPage:
    """The page a query asks for."""
    page = page_of(signals_asked(shop=shop, given=given), given, size=SIZE)
    rows = FraudSignal.objects.for_shop(shop)
    total, waiting = rows.count(), signals_open(shop=shop).count()
    return SignalsPage(
        lines=_lines(shop, page.rows),
        page=page,
        open=waiting,
        seen=total - waiting,
        is_seen=given.get("tab", "") == SEEN,
        now=now,
    )


def _lines(shop: Shop, signals: Sequence[FraudSignal]) -> list[SignalLine]:
    refs = {order for signal in signals for order in signal.orders}
    claims = {
        claim.order_ref: claim
        for claim in Claim.objects.for_shop(shop).filter(order_ref__in=refs).order_by("opened_at")
    }
    cases = {
        case.external_id: case
        for case in AfterSaleCase.objects.for_shop(shop).filter(
            external_id__in=[claim.case_ref for claim in claims.values()]
        )
    }
    return [
        SignalLine(
            signal=signal,
            title=kind_word(signal.kind),
            sentence=evidence_words(signal),
            advice=advice_words(signal.kind),
            claims=[
                Evidence(claims[order], cases.get(claims[order].case_ref))
                for order in signal.orders
                if order in claims
            ],
        )
        for signal in signals
    ]


def signal_columns() -> list[Column[FraudSignal]]:
    """Signals as columns of a file."""
    return [
        Column(_("信号"), lambda row: kind_word(row.kind)),
        Column(_("证据"), evidence_words),
        Column(_("订单编号"), lambda row: " ".join(row.orders)),
        Column(_("发现时间"), lambda row: row.found_at),
        Column(_("核对人"), lambda row: row.seen_by),
        Column(_("核对原因"), lambda row: row.seen_reason),
    ]
