"""What cover costs a shop: the fee in effect, the one before, and where next week's is heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Value

from freightins.calc.fee_rules import FeeRules
from freightins.calc.quotes import (
    SHOP,
)
from freightins.calc.steps import Chain, Part, differences, parts
from freightins.models import QuoteRevision
from freightins.rules import compiled_fee_rules
from freightins.selectors.enrolments import charged_sets, quotes_newest
from stores.models import Shop

WEEKS_SHOWN = 12


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
