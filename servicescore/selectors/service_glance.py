"""How a shop's customer service stands, in the few figures the overview has room for."""

from dataclasses import dataclass
from datetime import date, datetime

from servicescore.calc.assessment import Judgement, Span
from servicescore.calc.budget import Budget
from servicescore.selectors.assessment import judged_through
from servicescore.selectors.service_page import standing_of_service
from servicescore.selectors.standing_now import standing_now
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.duties._files import files_mark
from stores.models import Shop
from stores.selectors.visit import Visit

# An exam recorded by hand shows so much later at most.
KEPT_SECONDS = 60


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
    """None while a shop that answers for itself was never judged. Kept for a minute, or until a
    file comes, a night publishes a score, or the mode is switched.
    """
    standing = visit.once(standing_now)
    revision = standing.view.revision if standing else 0
    shop = visit.shop
    parts = (shop.pk, shop.service_mode, shop.as_of, shanghai_day(visit.now), revision)
    key = ":".join(map(str, ("service", *parts, visit.once(files_mark))))
    return kept_for(KEPT_SECONDS, key.replace(" ", "T"), lambda: _read(shop, visit.now))


def _read(shop: Shop, now: datetime) -> ServiceGlance | None:
    is_own = shop.service_mode == Shop.ServiceMode.OWN
    if is_own and not judged_through([shop.pk]):
        return None
    found = standing_of_service(shop=shop, now=now)
    return ServiceGlance(
        is_own=found.is_own, day=found.day, reply=found.reply, low=found.low,
        running=found.running, budget=found.budget_today,
    )  # fmt: skip
