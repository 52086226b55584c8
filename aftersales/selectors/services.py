"""The services of a shop, and both sides of switching them on: hours saved, money at risk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from aftersales.calc.assistant import FAST_KIND, Asked, AutoRule, Services, decide
from aftersales.models import AfterSaleCase, AssistantRule, ShopChoice
from aftersales.selectors.case_goods import SERVICES
from stores.models import Shop

LOOKED_AT = timedelta(days=90)
EARLIER = timedelta(days=180)
SECONDS_PER_HOUR = 3600
# Cases with what the rules ask, other cases of the buyer within 180 days before each.
ASKED = """
    WITH mine AS (
        SELECT c.id, c.external_id, c.kind, c.requested, c.outcome, c.applied_at, c.closed_at,
               c.waiting_buyer_seconds, c.version, c.state, nullif(o.buyer_ref, '') AS buyer
        FROM aftersales_aftersalecase c
        LEFT JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
        WHERE c.shop_id = %(shop)s AND c.applied_at >= %(since)s
    )
    SELECT m.external_id, m.version, m.kind, m.requested, m.outcome, m.state, m.applied_at,
           m.closed_at, coalesce(m.waiting_buyer_seconds, 0),
           CASE WHEN m.buyer IS NOT NULL THEN count(*) OVER (
               PARTITION BY m.buyer ORDER BY m.applied_at
               RANGE BETWEEN '180 days'::interval PRECEDING AND CURRENT ROW) - 1 END
    FROM mine m"""


@dataclass(frozen=True)
class Known:
    """A case as it stands, with what the rules ask of it."""

    ref: str
    version: int
    asked: Asked
    outcome: str
    state: str
    applied_at: datetime
    closed_at: datetime | None
    waiting: int


@dataclass(frozen=True)
class Sides:
    """What a service would have done with the ended cases of the last 90 days.

    Hours are the shop's own mean of the kinds in question, now and with it. At risk is what was
    asked for in cases that then were rejected, closed or withdrawn: it would have been promised.
    """

    cases: int
    fits: int
    hours_now: float | None
    hours_then: float | None
    at_risk: int
    risky: int


@dataclass(frozen=True)
class ServicesPage:
    """Everything the page of services shows."""

    services: Services
    version: int
    rules: list[AssistantRule]
    fast: Sides
    assistant: Sides


def services_of(*, shop: Shop) -> tuple[Services, int, list[AssistantRule]]:
    """What a shop has switched on, the version of the choice, and its rules."""
    choice = ShopChoice.objects.for_shop(shop).filter(name=SERVICES).first()
    value = choice.value if choice else {}
    rules = list(AssistantRule.objects.for_shop(shop).order_by("pk"))
    most = value.get("fast_most", 0)
    services = Services(
        fast_refund=value.get("fast_refund") is True,
        fast_most=most if isinstance(most, int) else 0,
        assistant=value.get("assistant") is True,
        rules=[
            AutoRule(rule.name, frozenset(rule.kinds), rule.most, rule.most_cases)
            for rule in rules
            if rule.is_on
        ],
    )
    return services, choice.version if choice else 0, rules


def cases_known(*, shop: Shop, since: datetime) -> list[Known]:
    """The cases applied for since an instant with what the rules ask of each; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, {"shop": shop.pk, "since": since})
        return [
            Known(ref, version, Asked(kind, requested, earlier), outcome, state, applied, closed,
                  waiting)
            for ref, version, kind, requested, outcome, state, applied, closed, waiting, earlier
            in cursor.fetchall()
        ]  # fmt: skip


def services_page(*, shop: Shop, fast_most: int | None, now: datetime) -> ServicesPage:
    """The page; ``fast_most`` tries another limit of the fast refund, in fen."""
    services, version, rules = services_of(shop=shop)
    limit = services.fast_most if fast_most is None else fast_most
    known = cases_known(shop=shop, since=now - EARLIER)
    looked_at = [one for one in known if one.closed_at and one.applied_at >= now - LOOKED_AT]
    fast = Services(fast_refund=True, fast_most=limit)
    assistant = Services(assistant=True, rules=services.rules)
    kinds = {kind for rule in services.rules for kind in rule.kinds}
    return ServicesPage(
        services=Services(services.fast_refund, limit, services.assistant, services.rules),
        version=version,
        rules=rules,
        fast=sides(fast, [one for one in looked_at if one.asked.kind == FAST_KIND], ends=True),
        assistant=sides(
            assistant, [one for one in looked_at if one.asked.kind in kinds], ends=False
        ),
    )


def sides(services: Services, cases: list[Known], *, ends: bool) -> Sides:
    """Both sides of some services over cases that ended.

    ``ends``: the service ends a case at once. Otherwise it saves the time to the first step,
    which files do not tell, so that nothing is claimed: the hours then are unknown.
    """
    fitting = [one for one in cases if decide(services, one.asked) is not None]
    hours = [_hours(one) for one in cases]
    others = [_hours(one) for one in cases if decide(services, one.asked) is None]
    risky = [one for one in fitting if one.outcome in ("rejected", "closed", "cancelled")]
    return Sides(
        cases=len(cases),
        fits=len(fitting),
        hours_now=sum(hours) / len(hours) if hours else None,
        hours_then=sum(others) / len(hours) if hours and ends else None,
        at_risk=sum(one.asked.requested or 0 for one in risky),
        risky=len(risky),
    )


def _hours(one: Known) -> float:
    if one.closed_at is None:
        return 0.0
    seconds = (one.closed_at - one.applied_at).total_seconds() - one.waiting
    return max(0.0, seconds) / SECONDS_PER_HOUR


def shops_with_services() -> list[Shop]:
    """The shops that have switched something on."""
    chosen = ShopChoice.objects.filter(name=SERVICES).select_related("shop").order_by("shop_id")
    return [
        choice.shop
        for choice in chosen
        if choice.value.get("fast_refund") is True or choice.value.get("assistant") is True
    ]


def waiting_for_review(*, shop: Shop) -> bool:
    """Whether any case of the shop waits for its review."""
    rows = AfterSaleCase.objects.for_shop(shop).filter(outcome="open", state="review")
    return rows.exists()
