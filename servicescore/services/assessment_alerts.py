"""Has people told what a night of the assessment brought: a penalty, the end of a course, months
that failed. Each is told once.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Count

from servicescore.calc.assessment import (
    AssessmentRules,
    Exam,
    Found,
    failing_months,
    month_before,
    span_of,
)
from servicescore.rules import compiled_assessment_rules
from servicescore.selectors.modes import complaints_on_blacklisting
from stores.models import Shop
from stores.services.notices import notice_put

PENALTY, COURSE_END, MONTHS = "assessment_penalty", "course_end", "failing_months"
BLACKLIST = "blacklist_suspended"
# A penalty is news for a day, a course without an exam for a week.
NEWS = timedelta(days=1)
UNATTENDED = timedelta(days=7)


def alerts_put(*, shop: Shop, found: Sequence[Found], exams: Sequence[Exam], day: date) -> None:
    """Put what ``day`` brought into the outbox, in the caller's transaction."""
    for each in found:
        span = span_of(each, exams, compiled_assessment_rules(each.day))
        key = f"{shop.pk}:{each.indicator}:{each.month}"
        told = {
            "shop": shop.pk, "shop_key": shop.external_id, "indicator": each.indicator,
            "level": each.level, "first": span.first.isoformat(), "last": span.last.isoformat(),
        }  # fmt: skip
        if day - NEWS <= each.day <= day:
            notice_put(kind=PENALTY, key=key, payload=told)
        if span.unattended and span.last < day <= span.last + UNATTENDED:
            notice_put(kind=COURSE_END, key=key, payload=told)
    rules = compiled_assessment_rules(day)
    months = failing_months(found, day, rules)
    if len(months) >= rules.alert_months and months[-1] >= month_before(day):
        payload = {"shop": shop.pk, "shop_key": shop.external_id, "count": len(months)}
        notice_put(kind=MONTHS, key=f"{shop.pk}:{months[-1]}", payload=payload)


def blacklists_tell(*, shops: Collection[Shop], rules: AssessmentRules) -> None:
    """Have owners told, once, that complaints suspend the blacklist of their shop. One query."""
    rows = complaints_on_blacklisting([shop.pk for shop in shops]).order_by()
    counts = dict(rows.values_list("shop").annotate(count=Count("pk")))
    for shop in shops:
        count = counts.get(shop.pk, 0)
        if count >= rules.blacklist_complaints:
            payload = {"shop": shop.pk, "shop_key": shop.external_id, "count": count}
            notice_put(kind=BLACKLIST, key=str(shop.pk), payload=payload)
