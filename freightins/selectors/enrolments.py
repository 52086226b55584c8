"""Enrolments: the open one, what it is at an instant, and whether a shop may have cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet, Subquery, Sum

from freightins.calc.eligibility import Condition, Standing, conditions
from freightins.models import ChoiceChange, Enrolment, EnrolmentEvent, QuoteRevision
from freightins.rules import cover_rules_on, fee_book
from servicescore.models import DailyRow
from shopguard.lib.days import shanghai_day
from shopguard.lib.rulesets import RuleError
from stores.models import Shop
from stores.selectors.visit import Visit

OPEN_STATUS = "active"


@dataclass(frozen=True)
class Cover:
    """A shop's cover at an instant: its open enrolment, and the event that says what it is.

    ``choices`` counts the changes ever made to what is covered, of a shop with an enrolment.
    """

    enrolment: Enrolment | None
    event: EnrolmentEvent | None
    choices: int = 0

    @property
    def state(self) -> str:
        """``active``, ``suspended`` or ``closed`` (never opened included)."""
        if self.enrolment is None or self.event is None:
            return str(EnrolmentEvent.State.CLOSED)
        return self.event.state


def cover_at(*, shop: Shop, now: datetime) -> Cover:
    """The open enrolment of a shop and what it is at ``now``. One query: an enrolment begins with
    an event.
    """
    events = EnrolmentEvent.objects.for_shop(shop).filter(enrolment__closed_at=None, at__lte=now)
    made = ChoiceChange.objects.for_shop(shop).order_by().values("shop").annotate(made=Count("pk"))
    counted = events.annotate(choices=Subquery(made.values("made")))
    event = counted.select_related("enrolment").order_by("-at", "-pk").first()
    return Cover(event.enrolment, event, event.choices or 0) if event else Cover(None, None)


def cover_seen(visit: Visit) -> Cover:
    """The cover a person sees; ask with ``visit.once``."""
    return cover_at(shop=visit.shop, now=visit.now)


def quote_newest(*, shop: Shop, now: datetime) -> QuoteRevision | None:
    """The newest published quote of a shop under the rules in force on its date."""
    return quotes_newest(shop=shop, now=now).first()


def quotes_newest(*, shop: Shop, now: datetime) -> QuerySet[QuoteRevision]:
    """The published quotes of a shop under rules in force, the newest first."""
    quotes = QuoteRevision.objects.for_shop(shop).published(now).filter(rule_set__in=charged_sets())
    return quotes.order_by("-date", "-run_id", "-revision")


def charged_sets() -> list[str]:
    """The fee rule sets that are, were or will be in force."""
    return [rules.id for rules in fee_book().sets if rules.visible_to != "preview"]


def fee_rule_set(day: date) -> str:
    """The fee rule set in force on a day, the oldest before any was."""
    try:
        return fee_book().in_force(day).id
    except RuleError:
        return charged_sets()[0]


def dispute_rates(shop_ids: Sequence[int], day: date, days: int) -> dict[int, float]:
    """Tickets by signed orders of the ``days`` days before ``day``, unweighted, as the score counts
    them; shops without signed orders are absent.
    """
    rows = DailyRow.objects.filter(
        shop__in=shop_ids, day__gte=day - timedelta(days=days), day__lt=day
    ).order_by()
    sums = rows.values("shop").annotate(num=Sum("dispute_rate_num"), den=Sum("dispute_rate_den"))
    return {row["shop"]: row["num"] / row["den"] for row in sums if row["den"]}


def standing_of(shop: Shop, quote: QuoteRevision | None, disputes: float | None) -> Standing:
    """What eligibility looks at, as the quote of a day saw it."""
    return Standing(
        is_open=shop.status == OPEN_STATUS,
        has_base_settings=shop.base_settings_complete,
        total=quote.total if quote else None,
        severe_points=quote.severe_points if quote else 0,
        dispute_rate=disputes,
        return_rate=quote.return_rate if quote else None,
    )


def conditions_now(*, shop: Shop, product: str, now: datetime) -> list[Condition]:
    """The conditions of a product for a shop, by its newest published day."""
    quote = quote_newest(shop=shop, now=now)
    disputes = disputes_by(quote, shop=shop, now=now)
    return conditions_by(quote, disputes, shop=shop, product=product, now=now)


def disputes_by(quote: QuoteRevision | None, *, shop: Shop, now: datetime) -> float | None:
    """The dispute rate on the day of a quote, today without one; None without signed orders."""
    day = quote.date if quote else shanghai_day(now)
    return dispute_rates([shop.pk], day, cover_rules_on(day).standing_days).get(shop.pk)


def conditions_by(
    quote: QuoteRevision | None,
    disputes: float | None,
    *,
    shop: Shop,
    product: str,
    now: datetime,
) -> list[Condition]:
    """The same by what was read already."""
    rules = cover_rules_on(quote.date if quote else shanghai_day(now))
    is_insurance = product == Enrolment.Product.INSURANCE
    return conditions(rules, standing_of(shop, quote, disputes), is_insurance=is_insurance)
