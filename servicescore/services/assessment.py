"""Judges the days of shops that were never judged before, and keeps what was found."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils import timezone

from servicescore.calc.assessment import (
    MONTH_RUNNING,
    SAMPLE_TOO_SMALL,
    Found,
    Judgement,
    Replay,
    month_before,
)
from servicescore.models import AssessmentDay, AssessmentPenalty, JudgedSpan
from servicescore.rules import assessment_spans, compiled_assessment_rules
from servicescore.selectors.assessment import (
    OwnMode,
    day_sums,
    exams_taken,
    first_consultations,
    judged_through,
    own_modes,
    penalties_found,
)
from servicescore.services.assessment_alerts import NEWS, alerts_put, blacklists_tell
from shopguard.lib.days import days_between, shanghai_day
from shopguard.lib.frames import rows_write
from stores.models import Run, Shop

COLUMNS = ("day", "indicator", "num", "n", "level", "state", "window_from", "window_to")
QUIET = (SAMPLE_TOO_SMALL, MONTH_RUNNING)


def days_judge(*, run_id: int, shop_ids: list[int]) -> int:
    """Judge, up to the run's date, every day of these shops that was not judged yet.

    Returns the number of days judged. Must run inside the caller's transaction: the shops stay
    locked until it ends, so that a day is judged once however many runs come at the same time.
    """
    run = Run.objects.get(pk=run_id)
    rules = compiled_assessment_rules(run.day)
    shops = list(Shop.objects.filter(pk__in=Shop.objects.locked(shop_ids)).order_by("pk"))
    modes = own_modes(shops)
    by_key = {shop.pk: shop for shop in shops}
    begins = _begins([shop for shop in shops if modes[shop.pk].on(run.day)], run.day)
    if not begins:
        return 0
    sums = day_sums(begins.keys(), month_before(min(begins.values())), run.day)
    found, exams = penalties_found(begins.keys()), exams_taken(begins.keys())
    rows: list[tuple[int, Judgement]] = []
    begun: list[tuple[int, Found]] = []
    for shop, first in begins.items():
        own = {day: each for day, each in sums[shop].items() if modes[shop].on(day)}
        replay = Replay(own, found[shop], exams[shop], compiled_assessment_rules)
        for judged, started in map(replay.judge, _own_days(first, run.day, modes[shop])):
            rows += ((shop, row) for row in judged if row.n or row.state not in QUIET)
            begun += ((shop, each) for each in started)
        if run.day >= shanghai_day(timezone.now()) - NEWS:  # an old day judged late is no news
            alerts_put(shop=by_key[shop], found=replay.found, exams=exams[shop], day=run.day)
    blacklists_tell(shops=[by_key[key] for key in begins], rules=rules)
    _keep(run, begins, rows, begun)
    return sum((run.day - first).days + 1 for first in begins.values())


def _begins(shops: Iterable[Shop], last: date) -> dict[int, date]:
    """The first day to judge of each shop that has one.

    Before its first consultation there is nothing to judge of a shop.
    """
    by_key = {shop.pk: shop for shop in shops}
    through = judged_through(by_key.keys())
    firsts = first_consultations(by_key.keys() - through.keys())
    begins = {}
    for key, shop in by_key.items():
        if key in through:
            begins[key] = through[key] + timedelta(days=1)
        else:
            opened = shop.opened_on or date.min
            begins[key] = min(last, max(opened, firsts.get(key, last)))
    return {key: first for key, first in begins.items() if first <= last}


def _own_days(first: date, last: date, mode: OwnMode) -> Iterable[date]:
    return (day for day in days_between(first, last) if mode.on(day))


def _keep(
    run: Run,
    begins: Mapping[int, date],
    rows: Iterable[tuple[int, Judgement]],
    begun: Iterable[tuple[int, Found]],
) -> None:
    JudgedSpan.objects.bulk_create(
        JudgedSpan(
            shop_id=shop, first=since, last=until, run=run,
            rule_set=rules.id, rule_hash=rules.hash,
        )
        for shop, first in begins.items()
        for since, until, rules in assessment_spans(first, run.day)
    )  # fmt: skip
    AssessmentPenalty.objects.bulk_create(
        AssessmentPenalty(
            shop_id=shop, indicator=each.indicator, level=each.level, found_on=each.day,
            month=each.month, run=run,
        )
        for shop, each in begun
    )  # fmt: skip
    values = ((shop, run.pk, *(getattr(row, name) for name in COLUMNS)) for shop, row in rows)
    rows_write(AssessmentDay._meta.db_table, ("shop_id", "run_id", *COLUMNS), values)
