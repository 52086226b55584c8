"""How a shop's customer service stands, in the few figures the overview has room for."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from servicescore.calc.assessment import Judgement, Span
from servicescore.calc.budget import Budget
from servicescore.selectors.service_page import standing_of_service
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.duties._files import files_mark
from stores.models import Shop
from stores.selectors.visit import Visit

KEPT_SECONDS = 10 * 60
# What changes the figures beside files: a night, an exam, a switch of the mode.
MARK = """
    SELECT (SELECT max(last) FROM servicescore_judgedspan WHERE shop_id = %(shop)s),
           (SELECT max(id) FROM servicescore_courseexam WHERE shop_id = %(shop)s),
           (SELECT max(id) FROM servicescore_servicemodespell WHERE shop_id = %(shop)s)"""


@dataclass(frozen=True)
class ServiceGlance:
    """What was judged last, the penalty that runs, and what still fits today; ``is_own`` says
    whether there is an assessment at all.
    """

    is_own: bool
    day: date | None
    reply: Judgement | None
    low: Judgement | None
    running: Span | None
    budget: Budget | None


def service_glance(visit: Visit) -> ServiceGlance | None:
    """None while the shop was never judged and has its own service. Kept for minutes, or until a
    file comes, a night ends, an exam or a switch is recorded.
    """
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"shop": visit.shop.pk})
        mark = cursor.fetchone()
    parts = (visit.shop.pk, visit.shop.service_mode, shanghai_day(visit.now), *mark)
    key = ":".join(map(str, ("service", *parts, visit.once(files_mark))))
    found = kept_for(KEPT_SECONDS, key, lambda: _read(visit.shop, visit.now))
    return found if found.day or not found.is_own else None


def _read(shop: Shop, now: datetime) -> ServiceGlance:
    found = standing_of_service(shop=shop, now=now)
    return ServiceGlance(
        is_own=found.is_own, day=found.day, reply=found.reply, low=found.low,
        running=found.running, budget=found.budget_today,
    )  # fmt: skip
