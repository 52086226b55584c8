"""Everything the quotes of a night are computed from, read for many shops at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from freightins.calc.fee_rules import FeeRules
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import ClaimCounts, Conduct, Quote, WindowCounts, quote_of
from freightins.models import Claim, EnteredFee, PricingWindow
from freightins.selectors.conduct import conduct_of
from servicescore.models import ScoreRevision
from shopguard.lib.days import day_start
from stores.models import Shop

FETCHED = (Claim.Method.PICKUP, Claim.Method.LOCKER)


@dataclass(frozen=True)
class Quoted:
    """A quote with what it was computed from."""

    shop: Shop
    category: str
    window: WindowCounts
    total: float | None
    conduct: Conduct
    quote: Quote


def quotes_of(
    shops: Sequence[Shop], rules: FeeRules, day: date, score_rule_set: str
) -> list[Quoted]:
    """The quotes of ``day`` of those shops that have a score row of that date.

    A shop whose score could not be computed gets none: its old fee stays.
    """
    keys = [shop.pk for shop in shops]
    totals = totals_of(keys, day, score_rule_set)
    windows = windows_of(keys, rules, day)
    believed = portfolios(rules, category_counts(rules, day))
    first, last = day - timedelta(days=rules.conduct_days), day - timedelta(days=1)
    conduct = conduct_of(keys, first, last)
    claims = claims_paid(keys, day - timedelta(days=rules.claim_days), last)
    entered = entered_fees(keys, day)
    nothing, blameless, unpaid = WindowCounts(), Conduct(), ClaimCounts()
    quoted = []
    for shop in shops:
        if shop.pk not in totals:
            continue
        category = rules.category_of(shop.main_category, shop.industry)
        window, points = windows.get(shop.pk, nothing), conduct.get(shop.pk, blameless)
        quote = quote_of(
            rules,
            window,
            portfolio=believed[category],
            total=totals[shop.pk],
            conduct=points,
            claims=claims.get(shop.pk, unpaid),
            entered=entered.get(shop.pk),
        )
        quoted.append(Quoted(shop, category, window, totals[shop.pk], points, quote))
    return quoted


def totals_of(shop_ids: Sequence[int], day: date, rule_set: str) -> dict[int, float | None]:
    """The totals of a date, those of runs under way included; None where a shop has no total."""
    rows = ScoreRevision.objects.filter(shop__in=shop_ids, date=day, rule_set=rule_set)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return dict(newest.values_list("shop_id", "total"))


def windows_of(shop_ids: Sequence[int], rules: FeeRules, day: date) -> dict[int, WindowCounts]:
    """The counted windows of a quote of ``day``, by shop."""
    first, last = rules.window_days(day)
    rows = PricingWindow.objects.filter(shop__in=shop_ids, day=day, first_day=first, last_day=last)
    return {row.shop_id: counts_of(row) for row in rows}


def counts_of(row: PricingWindow) -> WindowCounts:
    """The counts of a stored window."""
    return WindowCounts(
        orders=row.orders,
        returns=row.returns,
        promotions=row.promotions,
        home=row.home,
        remote=row.remote,
        elsewhere=row.elsewhere,
    )


def category_counts(rules: FeeRules, day: date) -> dict[str, list[tuple[int, int]]]:
    """Returns and orders of every shop of the installation, by category.

    Only rule sets that estimate ask for them; for others it is empty.
    """
    if not rules.is_estimated:
        return {}
    first, last = rules.window_days(day)
    rows = PricingWindow.objects.filter(day=day, first_day=first, last_day=last, orders__gt=0)
    found: dict[str, list[tuple[int, int]]] = {}
    for main, industry, returns, orders in rows.order_by("shop_id").values_list(
        "shop__main_category", "shop__industry", "returns", "orders"
    ):
        found.setdefault(rules.category_of(main, industry), []).append((returns, orders))
    return found


def claims_paid(shop_ids: Sequence[int], first: date, last: date) -> dict[int, ClaimCounts]:
    """Claims a statement says were paid from ``first`` to ``last``, by shop."""
    rows = Claim.objects.filter(
        shop__in=shop_ids,
        state=Claim.State.PAID,
        is_estimated=False,
        paid_at__gte=day_start(first),
        paid_at__lt=day_start(last + timedelta(days=1)),
    ).order_by()
    fetched = Q(method__in=FETCHED)
    sums = rows.values("shop").annotate(
        paid=Count("pk"), fetched=Count("pk", filter=fetched), fen=Sum("amount", filter=fetched)
    )
    return {row["shop"]: ClaimCounts(row["paid"], row["fetched"], row["fen"] or 0) for row in sums}


def entered_fees(shop_ids: Sequence[int], day: date) -> dict[int, int]:
    """Fees in fen that merchants entered and that count on ``day``, by shop."""
    rows = EnteredFee.objects.filter(shop__in=shop_ids, seen_on__lte=day)
    newest = rows.order_by("shop_id", "-seen_on", "-pk").distinct("shop_id")
    return {shop: fee for shop, fee in newest.values_list("shop_id", "fee") if fee is not None}
