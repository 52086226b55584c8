"""Tells each night what fee the next billing day is expected to bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from freightins.calc.fee_rules import FeeRules
from freightins.calc.outlook import expected_more, reached
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import (
    ClaimCounts,
    Conduct,
    Portfolio,
    Quote,
    WindowCounts,
    quote_of,
)
from freightins.calc.steps import poisson_point
from freightins.models import FeeOutlook
from freightins.rules import compiled_fee_rules, worth_rules_on
from freightins.selectors.conduct import conduct_of
from freightins.selectors.enrolments import fee_rule_set
from freightins.selectors.outlooks import Returning, returning, totals_of_late, waiting_of
from freightins.selectors.quoting import category_counts, claims_paid, entered_fees, totals_of
from freightins.selectors.windows import COUNTED, windows_counted
from shopguard.lib.days import shanghai_day
from stores.models import Run, Shop

LOW, HIGH = 0.1, 0.9
LEAST_MOVES = 20
IDENTITY = ("shop", "date")
TOLD = ("day", "basis", "low", "likely", "high", "orders", "returns", "promotions", "waiting")


@dataclass(frozen=True)
class _Night:
    """What is known in the night of ``day`` of the shops it tells of, by shop."""

    day: date
    rules: FeeRules
    totals: Mapping[int, float | None]
    moved: Mapping[int, Mapping[date, float]]
    believed: Mapping[str, Portfolio]
    returning: Mapping[int, Returning]


@dataclass(frozen=True)
class _Coming:
    """What the quote of a shop's next billing day will be computed from, as far as it is known."""

    window: WindowCounts
    portfolio: Portfolio
    conduct: Conduct
    claims: ClaimCounts
    entered: int | None

    def quoted(self, rules: FeeRules, more: int, total: float | None) -> Quote:
        """The quote with so many more returns, no more than were bought, and that total."""
        returns = min(self.window.returns + more, self.window.orders)
        return quote_of(
            rules,
            replace(self.window, returns=returns),
            portfolio=self.portfolio,
            total=total,
            conduct=self.conduct,
            claims=self.claims,
            entered=self.entered,
        )


def outlooks_tell(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> int:
    """Tell the fee of every shop's next billing day from its quote of the run's date; returns how
    many were told.

    Only the night of the present day does, from the days ``sale_days_count`` has just counted.
    Needs the quotes of the run. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    run = Run.objects.get(pk=run_id)
    if run.day != shanghai_day(now):
        return 0
    night = _night(run, shop_ids)
    shops = Shop.objects.filter(pk__in=night.totals.keys(), opened_on__isnull=False)
    by_day = sorted(shops, key=lambda shop: (_ahead(shop, run.day), shop.pk))
    rows = [
        row
        for ahead, alike in groupby(by_day, key=lambda shop: _ahead(shop, run.day))
        for row in _told(night, list(alike), ahead)
    ]
    FeeOutlook.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=TOLD
    )
    return len(rows)


def _night(run: Run, shop_ids: list[int]) -> _Night:
    rules = compiled_fee_rules(fee_rule_set(run.day))
    return _Night(
        day=run.day,
        rules=rules,
        totals=totals_of(shop_ids, run.day, run.rule_set),
        moved=totals_of_late(shop_ids, run.day, run.rule_set),
        believed=portfolios(rules, category_counts(rules, run.day)),
        returning=returning(shop_ids, run.day, worth_rules_on(run.day).shown(run.day)),
    )


def _ahead(shop: Shop, day: date) -> int:
    """Days until the next billing day of a shop, which comes after ``day``."""
    weekday = shop.opened_on.weekday() if shop.opened_on else day.weekday()
    return (weekday - day.weekday()) % 7 or 7


def _told(night: _Night, shops: Sequence[Shop], ahead: int) -> list[FeeOutlook]:
    """The outlooks of shops with the same billing day."""
    day, rules = night.day + timedelta(days=ahead), night.rules
    window = rules.window_days(day)
    counted = windows_counted(shops, rules, *window)[list(COUNTED)].to_numpy().tolist()
    keys, before = [shop.pk for shop in shops], day - timedelta(days=1)
    waiting = waiting_of(keys, night.day, window)
    conduct = conduct_of(keys, day - timedelta(days=rules.conduct_days), before)
    claims = claims_paid(keys, day - timedelta(days=rules.claim_days), before)
    entered = entered_fees(keys, day)
    found = []
    for shop, counts in zip(shops, counted, strict=True):
        coming = _Coming(
            window=WindowCounts(**dict(zip(COUNTED, counts, strict=True))),
            portfolio=night.believed[rules.category_of(shop.main_category, shop.industry)],
            conduct=conduct.get(shop.pk, Conduct()),
            claims=claims.get(shop.pk, ClaimCounts()),
            entered=entered.get(shop.pk),
        )
        found.append(_outlook(night, shop, ahead, coming, waiting.get(shop.pk, {})))
    return found


def _outlook(
    night: _Night, shop: Shop, ahead: int, coming: _Coming, waiting: Mapping[int, int]
) -> FeeOutlook:
    """The range of one shop: few more returns and a better total at one end, the other way round
    at the other.
    """
    habit, total = night.returning.get(shop.pk, Returning()), night.totals[shop.pk]
    more = expected_more(waiting, habit.lags, share=habit.share, ahead=ahead)
    worse, better = total, total
    moved = reached(night.moved.get(shop.pk, {}), ahead=ahead, share=LOW, least=LEAST_MOVES)
    if moved is not None and total is not None:
        worse, better = moved
    likely = coming.quoted(night.rules, round(more), total)
    return FeeOutlook(
        shop=shop,
        date=night.day,
        day=night.day + timedelta(days=ahead),
        basis=likely.basis,
        low=min(coming.quoted(night.rules, poisson_point(more, LOW), better).fee, likely.fee),
        likely=likely.fee,
        high=max(coming.quoted(night.rules, poisson_point(more, HIGH), worse).fee, likely.fee),
        orders=coming.window.orders,
        returns=int(coming.window.returns),
        promotions=int(coming.window.promotions),
        waiting=sum(waiting.values()),
    )
