"""What cover costs a shop: the fee in effect, the one before, and where next week's is heading."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection

from freightins.calc.fee_rules import FeeRules
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import SHOP, ClaimCounts, Conduct, Quote, WindowCounts, quote_of
from freightins.calc.steps import Chain, Part, differences, parts, poisson_point
from freightins.models import QuoteRevision
from freightins.rules import compiled_fee_rules
from freightins.selectors.enrolments import charged_sets, quote_newest
from freightins.selectors.quoting import category_counts, claims_paid, entered_fees
from freightins.selectors.windows import BOUGHT, COUNTED, RETURNED, windows_counted
from shopguard.lib.days import day_start, shanghai_day
from shopguard.lib.rulesets import RuleError
from stores.models import Shop

LOW, HIGH = 0.1, 0.9
WEEKS_SHOWN = 12
# How late returns come, told from the shop's own of the last half year.
LAGS = f"""
    SELECT extract(epoch FROM c.applied_at - {BOUGHT}) / 86400
    FROM aftersales_aftersalecase c
    JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
    WHERE c.shop_id = %s AND c.kind IN ('return_refund', 'exchange')
      AND c.applied_at >= %s AND c.applied_at < %s AND {BOUGHT} IS NOT NULL"""
UNRETURNED = f"""
    SELECT extract(epoch FROM %s - {BOUGHT}) / 86400
    FROM stores_order o
    LEFT JOIN ({RETURNED}) r ON r.shop_id = o.shop_id AND r.order_ref = o.external_id
    WHERE o.shop_id = %s AND {BOUGHT} >= %s AND {BOUGHT} < %s AND r.order_ref IS NULL
      AND NOT (o.cancelled_at IS NOT NULL
               AND (o.shipped_at IS NULL OR o.shipped_at > o.cancelled_at))"""
LAG_DAYS = 180


@dataclass(frozen=True)
class Outlook:
    """The fee expected next week: from ``low`` to ``high`` fen, most likely ``likely``, binding on
    ``day``. ``window`` is what will set it, ``waiting`` how many of its orders may still come back.
    """

    day: date
    likely: int
    low: int
    high: int
    window: WindowCounts
    waiting: int
    basis: str


@dataclass(frozen=True)
class Step:
    """One line of the comparison of two fees: a factor then and now, and what it did in fen."""

    name: str
    fen: float


def charged_now(*, shop: Shop, now: datetime) -> QuoteRevision | None:
    """The quote whose fee is charged: the newest published one that binds, as it was first."""
    return next(iter(charged(shop=shop, now=now, count=1)), None)


def charged(*, shop: Shop, now: datetime, count: int) -> list[QuoteRevision]:
    """The last fees that were charged, the newest first, each as it was first published."""
    quotes = QuoteRevision.objects.for_shop(shop).published(now)
    firsts = (
        quotes.filter(rule_set__in=charged_sets(), valid_from__isnull=False, revision=1)
        .order_by("-date", "run_id")
        .distinct("date")
    )
    return list(firsts[:count])


def chain_of(quote: QuoteRevision, rules: FeeRules) -> Chain:
    """The factors of a stored quote."""
    weight = 0.0
    if quote.basis == SHOP or rules.is_estimated or quote.blended_rate != quote.category_rate:
        weight = quote.window_orders / (quote.window_orders + quote.credibility)
    return Chain(
        own=quote.return_rate or 0.0,
        category=quote.category_rate,
        weight=weight,
        reputation=quote.reputation_factor,
        promotion=quote.promotion_factor,
        risk_loading=float(rules.risk_loading),
        payout=quote.expected_payout,
        fee_loading=float(rules.fee_loading),
    )


def parts_of(quote: QuoteRevision) -> list[Part]:
    """What a stored fee is made of."""
    return parts(chain_of(quote, compiled_fee_rules(quote.rule_set)))


def steps_between(before: QuoteRevision, after: QuoteRevision) -> list[Step]:
    """What each factor did between two quotes."""
    then = chain_of(before, compiled_fee_rules(before.rule_set))
    now = chain_of(after, compiled_fee_rules(after.rule_set))
    return [Step(name, fen) for name, fen in differences(then, now).items()]


def outlook_of(*, shop: Shop, now: datetime) -> Outlook | None:
    """The fee expected on the next billing day; None without a billing weekday or a quote."""
    newest = quote_newest(shop=shop, now=now)
    if newest is None or shop.opened_on is None:
        return None
    today = shanghai_day(now)
    ahead = (shop.opened_on.weekday() - today.weekday()) % 7 or 7
    day = today + timedelta(days=ahead)
    try:
        rules = compiled_fee_rules(newest.rule_set)
    except RuleError:
        return None
    first, last = rules.window_days(day)
    (counts,) = windows_counted([shop], rules, first, last)[list(COUNTED)].to_numpy().tolist()
    window = WindowCounts(**dict(zip(COUNTED, counts, strict=True)))
    ages = _ages(shop, now, first, last)
    more = _expected_more(ages, _lags(shop, now), ahead)
    found = {
        point: _quoted(shop, rules, newest, day, replace(window, returns=window.returns + extra))
        for point, extra in (
            ("low", poisson_point(more, LOW)),
            ("likely", round(more)),
            ("high", poisson_point(more, HIGH)),
        )
    }
    return Outlook(
        day=day,
        likely=found["likely"].fee,
        low=found["low"].fee,
        high=found["high"].fee,
        window=window,
        waiting=len(ages),
        basis=found["likely"].basis,
    )


def _quoted(
    shop: Shop, rules: FeeRules, newest: QuoteRevision, day: date, window: WindowCounts
) -> Quote:
    """A quote of a coming day, with score and conduct as they are now."""
    category = rules.category_of(shop.main_category, shop.industry)
    since = day - timedelta(days=rules.claim_days)
    claims = claims_paid([shop.pk], since, day - timedelta(days=1))
    returns = min(window.returns, window.orders)
    return quote_of(
        rules,
        replace(window, returns=returns),
        portfolio=portfolios(rules, category_counts(rules, newest.date))[category],
        total=newest.total,
        conduct=Conduct(newest.severe_points, newest.general_points),
        claims=claims.get(shop.pk, ClaimCounts()),
        entered=entered_fees([shop.pk], day).get(shop.pk),
    )


def _lags(shop: Shop, now: datetime) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(LAGS, [shop.pk, now - timedelta(days=LAG_DAYS), now])
        return [float(days) for (days,) in cursor.fetchall()]


def _ages(shop: Shop, now: datetime, first: date, last: date) -> list[float]:
    """Days since purchase of the window's orders that have not come back."""
    since, until = day_start(first), day_start(last + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(UNRETURNED, [now, [shop.pk], shop.pk, since, until])
        return [float(days) for (days,) in cursor.fetchall()]


def _expected_more(ages: Sequence[float], lags: Sequence[float], ahead: int) -> float:
    """Returns still expected within ``ahead`` days, from how late the shop's returns usually come.

    An order of age a comes back with the share of lags in (a, a + ahead], at the rate at which
    orders come back at all: one return per lag seen, by the orders that were there to return.
    """
    if not ages or not lags:
        return 0.0
    per_day = len(lags) / LAG_DAYS
    orders_per_day = len(ages) / max(1.0, max(ages) - min(ages) + 1)
    chance = min(1.0, per_day / orders_per_day)
    ordered = sorted(lags)
    coming = sum(bisect_right(ordered, age + ahead) - bisect_right(ordered, age) for age in ages)
    return chance * coming / len(ordered)
