"""The services of a shop, and both sides of switching them on: hours saved, money at risk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from aftersales.calc.assistant import FAST_KIND, Asked, AutoRule, Services, decide
from aftersales.case_words import kind_word
from aftersales.models import AfterSaleCase, AssistantRule, ShopChoice
from aftersales.selectors.case_goods import SERVICES
from stores.models import Shop

LOOKED_AT = timedelta(days=90)
EARLIER = timedelta(days=180)
SECONDS_PER_HOUR = 3600
# Cases of some kinds with what the rules ask: other cases of the buyer within 180 days before each.
# Ended ones come with the shop's own seconds, open ones only while they wait for the review.
ASKED = """
    WITH mine AS (
        SELECT c.external_id, c.kind, c.requested, c.outcome, c.applied_at, c.version, c.state,
               greatest(0, extract(epoch FROM c.closed_at - c.applied_at)
                   - coalesce(c.waiting_buyer_seconds, 0))::bigint AS seconds,
               CASE WHEN o.buyer_ref <> '' THEN count(*) OVER (
                   PARTITION BY o.buyer_ref ORDER BY c.applied_at
                   RANGE BETWEEN '180 days'::interval PRECEDING AND CURRENT ROW) - 1 END AS earlier
        FROM aftersales_aftersalecase c
        LEFT JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
        WHERE c.shop_id = %(shop)s AND c.applied_at >= %(since)s
    )
    SELECT external_id, version, kind, requested, outcome, seconds, earlier FROM mine
    WHERE kind = ANY(%(kinds)s) AND applied_at >= %(shown)s
      AND CASE WHEN %(open)s THEN outcome = 'open' AND state = 'review'
          ELSE seconds IS NOT NULL END"""


@dataclass(frozen=True)
class Known:
    """A case as it stands, with what the rules ask of it; ``seconds`` are the shop's own."""

    ref: str
    version: int
    asked: Asked
    outcome: str
    seconds: int | None


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
    rules: list[tuple[AssistantRule, list[str]]]
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


def cases_known(*, shop: Shop, services: Services, now: datetime, is_open: bool) -> list[Known]:
    """The cases of the kinds the services may decide: those in review, else those that ended and
    were applied for in the last 90 days. One query.
    """
    kinds = {FAST_KIND, *(kind for rule in services.rules for kind in rule.kinds)}
    asked: dict[str, Any] = {
        "shop": shop.pk, "since": now - EARLIER - LOOKED_AT, "kinds": sorted(kinds),
        "shown": now - (EARLIER if is_open else LOOKED_AT), "open": is_open,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ASKED, asked)
        return [
            Known(ref, version, Asked(kind, requested, earlier), outcome, seconds)
            for ref, version, kind, requested, outcome, seconds, earlier in cursor.fetchall()
        ]


def services_page(*, shop: Shop, fast_most: int | None, now: datetime) -> ServicesPage:
    """The page; ``fast_most`` tries another limit of the fast refund, in fen."""
    services, version, rules = services_of(shop=shop)
    limit = services.fast_most if fast_most is None else fast_most
    looked_at = cases_known(shop=shop, services=services, now=now, is_open=False)
    fast = Services(fast_refund=True, fast_most=limit)
    assistant = Services(assistant=True, rules=services.rules)
    kinds = {kind for rule in services.rules for kind in rule.kinds}
    return ServicesPage(
        services=Services(services.fast_refund, limit, services.assistant, services.rules),
        version=version,
        rules=[(rule, [kind_word(kind) for kind in rule.kinds]) for rule in rules],
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
    hours = [(one.seconds or 0) / SECONDS_PER_HOUR for one in cases]
    others = [
        (one.seconds or 0) / SECONDS_PER_HOUR
        for one in cases
        if decide(services, one.asked) is None
    ]
    risky = [one for one in fitting if one.outcome in ("rejected", "closed", "cancelled")]
    return Sides(
        cases=len(cases),
        fits=len(fitting),
        hours_now=sum(hours) / len(hours) if hours else None,
        hours_then=sum(others) / len(hours) if hours and ends else None,
        at_risk=sum(one.asked.requested or 0 for one in risky),
        risky=len(risky),
    )


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
