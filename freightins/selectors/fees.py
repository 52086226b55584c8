"""What cover costs a shop: the fee in effect, the one before, and where next week's is heading."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet, Value

from freightins.calc.fee_rules import FeeRules
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import (
    SHOP,
    ClaimCounts,
    Conduct,
    Portfolio,
    Quote,
    WindowCounts,
    quote_of,
)
from freightins.calc.steps import Chain, Part, differences, parts, poisson_point
from freightins.models import QuoteRevision
from freightins.rules import compiled_fee_rules
from freightins.selectors.enrolments import charged_sets, quotes_newest
from freightins.selectors.quoting import category_counts, claims_paid, entered_fees
from freightins.selectors.windows import BOUGHT, COUNTED, RETURNED, windows_counted
from shopguard.lib.days import day_start, shanghai_day
from shopguard.lib.rulesets import RuleError
from stores.models import Shop

LOW, HIGH = 0.1, 0.9
WEEKS_SHOWN = 12
# How late returns come, told from the shop's own of the last half year, and how old the window's
# orders are that have not come back.
LAGS = f"""
    SELECT true, extract(epoch FROM c.applied_at - {BOUGHT}) / 86400
    FROM aftersales_aftersalecase c
    JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
    WHERE c.shop_id = %s AND c.kind IN ('return_refund', 'exchange')
      AND c.applied_at >= %s AND c.applied_at < %s AND {BOUGHT} IS NOT NULL"""
UNRETURNED = f"""
    SELECT false, extract(epoch FROM %s - {BOUGHT}) / 86400
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
class Fees:
    """What a shop's fee is told from: its newest quote and the last fees charged, newest first."""

    newest: QuoteRevision | None
    charged: Sequence[QuoteRevision]

    @property
    def current(self) -> QuoteRevision | None:
        """The quote whose fee is charged, the newest while none is."""
        return self.charged[0] if self.charged else self.newest

    @property
    def before(self) -> QuoteRevision | None:
        """The quote charged before it."""
        return self.charged[1] if len(self.charged) > 1 else None


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
    return list(_firsts(shop, now)[:count])


def fees_at(*, shop: Shop, now: datetime) -> Fees:
    """The newest quote with the last two fees charged. One query."""
    newest = quotes_newest(shop=shop, now=now).annotate(place=Value(0))[:1]
    firsts = _firsts(shop, now).annotate(place=Value(1))[:2]
    found = sorted(newest.union(firsts, all=True), key=lambda quote: quote.date, reverse=True)
    by_place = {place: [one for one in found if one.place == place] for place in (0, 1)}
    return Fees(next(iter(by_place[0]), None), by_place[1])


def _firsts(shop: Shop, now: datetime) -> QuerySet[QuoteRevision]:
    """Binding quotes as they were first published, the newest date first."""
    quotes = QuoteRevision.objects.for_shop(shop).published(now)
    binding = quotes.filter(rule_set__in=charged_sets(), valid_from__isnull=False, revision=1)
    return binding.order_by("-date", "run_id").distinct("date")


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


def outlook_of(*, shop: Shop, newest: QuoteRevision | None, now: datetime) -> Outlook | None:
    """The fee expected on the next billing day, told from the newest quote; None without one and
    without a billing weekday. Four queries, five where the rule set estimates.
    """
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
    ages, lags = _ages_and_lags(shop, now, first, last)
    more = _expected_more(ages, lags, ahead)
    coming = _coming(shop, rules, newest, day)
    low, likely, high = (
        _quoted(coming, replace(window, returns=window.returns + extra))
        for extra in (poisson_point(more, LOW), round(more), poisson_point(more, HIGH))
    )
    return Outlook(
        day=day,
        likely=likely.fee,
        low=low.fee,
        high=high.fee,
        window=window,
        waiting=len(ages),
        basis=likely.basis,
    )


@dataclass(frozen=True)
class _Coming:
    """What a quote of a coming day needs beside its window: score and conduct as they are now."""

    rules: FeeRules
    portfolio: Portfolio
    total: float | None
    conduct: Conduct
    claims: ClaimCounts
    entered: int | None


def _coming(shop: Shop, rules: FeeRules, newest: QuoteRevision, day: date) -> _Coming:
    category = rules.category_of(shop.main_category, shop.industry)
    since = day - timedelta(days=rules.claim_days)
    claims = claims_paid([shop.pk], since, day - timedelta(days=1))
    return _Coming(
        rules=rules,
        portfolio=portfolios(rules, category_counts(rules, newest.date))[category],
        total=newest.total,
        conduct=Conduct(newest.severe_points, newest.general_points),
        claims=claims.get(shop.pk, ClaimCounts()),
        entered=entered_fees([shop.pk], day).get(shop.pk),
    )


def _quoted(coming: _Coming, window: WindowCounts) -> Quote:
    """A quote of a coming day; more cannot come back than was ordered."""
    return quote_of(
        coming.rules,
        replace(window, returns=min(window.returns, window.orders)),
        portfolio=coming.portfolio,
        total=coming.total,
        conduct=coming.conduct,
        claims=coming.claims,
        entered=coming.entered,
    )


def _ages_and_lags(
    shop: Shop, now: datetime, first: date, last: date
) -> tuple[list[float], list[float]]:
    """Days since purchase of the window's orders that have not come back, and the days returns
    took to come.
    """
    until = day_start(last + timedelta(days=1))
    parameters = (
        *(now, [shop.pk], shop.pk, day_start(first), until),
        *(shop.pk, now - timedelta(days=LAG_DAYS), now),
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{UNRETURNED} UNION ALL {LAGS}", parameters)
        rows = cursor.fetchall()
    return (
        [float(days) for is_lag, days in rows if not is_lag],
        [float(days) for is_lag, days in rows if is_lag],
    )


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
