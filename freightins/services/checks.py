"""Scores the quotes of weeks that are ripe by what came back of their orders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from freightins.models import QuoteCheck, QuoteRevision, SaleDay
from freightins.rules import cover_rules_on
from shopguard.lib.days import days_between, shanghai_day
from stores.models import Run

IDENTITY = ("shop", "rule_set", "date")
COUNTED = ("orders", "returns", "fees", "payouts", "is_final")
SUMS = ("orders", "returns", "fees", "payouts")


@dataclass(frozen=True)
class DayCounts:
    """What was bought on a day and what came of it; money is fen."""

    orders: int = 0
    returns: int = 0
    fees: int = 0
    payouts: int = 0


def checks_score(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> int:
    """Score every quote that bound a week now ripe, until its cover has run out; returns how many.

    Backfilled quotes are left out: they knew what came. Only the night of the present day scores,
    from the days ``sale_days_count`` has just counted. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    day = Run.objects.get(pk=run_id).day
    if day != shanghai_day(now):
        return 0
    rules = cover_rules_on(day)
    ripe = day - timedelta(days=rules.mature_days + 1)
    ended = ripe - timedelta(days=rules.cover_days)
    quotes = list(_quotes(shop_ids, ended, ripe))
    days = _days(quotes)
    rows = [_check(quote, days[quote.shop_id], ended) for quote in quotes]
    QuoteCheck.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=COUNTED
    )
    return len(rows)


def _quotes(shop_ids: list[int], ended: date, ripe: date) -> Iterable[QuoteRevision]:
    """What was published first for each week that ended lately enough to be still counted."""
    rows = QuoteRevision.objects.finished().filter(
        shop__in=shop_ids, valid_to__gte=ended, valid_to__lte=ripe, revision=1, is_backfilled=False,
    )  # fmt: skip
    return rows.order_by("shop_id", "rule_set", "date", "-run_id").distinct(
        "shop_id", "rule_set", "date"
    )


def _days(quotes: Sequence[QuoteRevision]) -> Mapping[int, Mapping[date, DayCounts]]:
    """The days of every week quoted, by shop."""
    found: defaultdict[int, dict[date, DayCounts]] = defaultdict(dict)
    if not quotes:
        return found
    first = min(quote.valid_from or quote.date for quote in quotes)
    last = max(quote.valid_to or quote.date for quote in quotes)
    rows = SaleDay.objects.filter(
        shop__in={quote.shop_id for quote in quotes}, product_ref="", day__range=(first, last)
    ).order_by()
    for shop, day, *sums in rows.values_list("shop", "day").annotate(*map(Sum, SUMS)):
        found[shop][day] = DayCounts(*sums)
    return found


def _check(quote: QuoteRevision, days: Mapping[date, DayCounts], ended: date) -> QuoteCheck:
    first, last = quote.valid_from or quote.date, quote.valid_to or quote.date
    week = [days.get(day, DayCounts()) for day in days_between(first, last)]
    return QuoteCheck(
        shop_id=quote.shop_id,
        date=quote.date,
        rule_set=quote.rule_set,
        first_day=first,
        last_day=last,
        basis=quote.basis,
        category=quote.category,
        expected_share=quote.blended_rate,
        own_share=quote.return_rate,
        category_share=quote.category_rate,
        window_orders=quote.window_orders,
        fee=quote.fee,
        orders=sum(one.orders for one in week),
        returns=sum(one.returns for one in week),
        fees=sum(one.fees for one in week),
        payouts=sum(one.payouts for one in week),
        is_final=last == ended,
    )
