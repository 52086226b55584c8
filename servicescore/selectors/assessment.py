"""What the assessment of customer service stands on: whose days they are, and their sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max, Min

from servicescore.calc.assessment import AssessmentRules, DaySums, Exam, Found
from servicescore.models import (
    AssessmentPenalty,
    CourseExam,
    DailyRow,
    JudgedSpan,
    ServiceModeSpell,
)
from servicescore.rules import assessment_spans
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Consultation, Shop

RATINGS = """
    SELECT shop_id, (started_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           count(*) FILTER (WHERE rating <= %s), count(*)
    FROM stores_consultation
    WHERE shop_id = ANY(%s) AND started_at >= %s AND started_at < %s AND rating IS NOT NULL
      AND extract(epoch FROM (started_at AT TIME ZONE 'Asia/Shanghai')::time) >= %s
      AND extract(epoch FROM (started_at AT TIME ZONE 'Asia/Shanghai')::time) < %s
    GROUP BY shop_id, day"""


@dataclass(frozen=True)
class OwnMode:
    """The days on record on which a shop answers its customers itself."""

    opened_on: date | None
    spells: tuple[tuple[date, bool], ...]

    def on(self, day: date) -> bool:
        """Whether the shop was in own mode on ``day``; never before it opened."""
        if self.opened_on is not None and day < self.opened_on:
            return False
        return next((own for since, own in reversed(self.spells) if since <= day), False)


def own_modes(shops: Sequence[Shop]) -> dict[int, OwnMode]:
    """The record of each shop. A mode given without history counts from the opening."""
    spells = defaultdict[int, list[tuple[date, bool]]](list)
    own = Shop.ServiceMode.OWN
    for row in ServiceModeSpell.objects.filter(shop__in=shops).order_by("pk"):
        spells[row.shop_id].append((row.from_day or date.min, row.mode == own))
    for shop in shops:
        known = spells[shop.pk]
        now = shop.service_mode == own
        if not known:
            known.append((date.min, now))
        elif known[-1][1] != now:
            # A newer file says otherwise than the last switch made here.
            known.append((shanghai_day(shop.as_of), now))
    return {
        shop.pk: OwnMode(shop.opened_on, tuple(sorted(spells[shop.pk], key=lambda s: s[0])))
        for shop in shops
    }


def judged_through(shop_ids: Collection[int]) -> dict[int, date]:
    """The last judged day of each shop that has one."""
    rows = JudgedSpan.objects.filter(shop__in=shop_ids).values("shop_id")
    return dict(rows.annotate(through=Max("last")).values_list("shop_id", "through"))


def first_consultations(shop_ids: Collection[int]) -> dict[int, date]:
    """The Shanghai day of the first consultation of each shop that has one."""
    rows = Consultation.objects.filter(shop__in=shop_ids).values("shop_id")
    firsts = rows.annotate(first=Min("started_at")).values_list("shop_id", "first")
    return {shop: shanghai_day(first) for shop, first in firsts}


def day_sums(shop_ids: Collection[int], first: date, last: date) -> dict[int, dict[date, DaySums]]:
    """Per shop the days with consultations: replies as the score counts them, and ratings in the
    hours of the rules of each day.
    """
    found = defaultdict[int, dict[date, DaySums]](dict)
    for since, until, rules in assessment_spans(first, last):
        for shop, day, low, rated in _ratings(shop_ids, since, until, rules):
            found[shop][day] = DaySums(low=low, rated=rated)
    for shop, day, num, den in reply_sums(shop_ids, first, last):
        known = found[shop].get(day, DaySums())
        found[shop][day] = DaySums(num, den, known.low, known.rated)
    return found


def reply_sums(
    shop_ids: Collection[int], first: date, last: date
) -> Iterable[tuple[int, date, int, int]]:
    """Shop, day, replies in time and consultations of the days with any, as the score counts."""
    return DailyRow.objects.filter(
        shop__in=shop_ids, day__range=(first, last), reply_3min_rate_den__gt=0
    ).values_list("shop_id", "day", "reply_3min_rate_num", "reply_3min_rate_den")


def _ratings(
    shop_ids: Collection[int], first: date, last: date, rules: AssessmentRules
) -> list[tuple[int, date, int, int]]:
    span = [day_start(first), day_start(last + timedelta(days=1))]
    hours = [rules.opens, rules.closes]
    with connection.cursor() as cursor:
        cursor.execute(RATINGS, [rules.low_rating, list(shop_ids), *span, *hours])
        return list(cursor.fetchall())


def penalties_found(shop_ids: Collection[int]) -> dict[int, list[Found]]:
    """The punishments of each shop so far, in the order they were found."""
    found = defaultdict[int, list[Found]](list)
    for row in AssessmentPenalty.objects.filter(shop__in=shop_ids).order_by("found_on", "pk"):
        found[row.shop_id].append(Found(row.indicator, row.level, row.found_on, row.month))
    return found


def exams_taken(shop_ids: Collection[int]) -> dict[int, list[Exam]]:
    """The exams on record of each shop."""
    found = defaultdict[int, list[Exam]](list)
    for row in CourseExam.objects.filter(shop__in=shop_ids).order_by("day", "pk"):
        found[row.shop_id].append(Exam(row.day, row.outcome))
    return found
