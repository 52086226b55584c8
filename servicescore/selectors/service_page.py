"""The page of a shop's customer service: assessment, what still fits, arrivals, agents."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from servicescore.calc.assessment import (
    COURSE,
    INDICATORS,
    AssessmentRules,
    Judgement,
    Span,
    failing_months,
    span_of,
)
from servicescore.calc.budget import Budget, HourLoad, expected_late, reply_budget
from servicescore.models import CourseExam
from servicescore.rules import compiled_assessment_rules, compiled_event_rules, event_book
from servicescore.selectors.assessment import (
    exams_taken,
    judged_through,
    own_modes,
    penalties_found,
    reply_sums,
)
from servicescore.selectors.assessment_export import judgements_on
from shopguard.lib.days import SECONDS_PER_HOUR, day_start, shanghai_day
from stores.models import Shop

WEEK, WEEKS_LOOKED_AT = timedelta(days=7), 4
CLOCK = "(started_at AT TIME ZONE 'Asia/Shanghai')"
LATE = """NOT coalesce(first_reply_seconds < %(limit)s AND coalesce(queue_seconds, 0) < %(limit)s
    AND coalesce(longest_gap_seconds, 0) < %(limit)s, FALSE)"""
IN_HOURS = f"""shop_id = %(shop)s AND started_at >= %(first)s AND started_at < %(end)s
    AND extract(epoch FROM {CLOCK}::time) >= %(opens)s
    AND extract(epoch FROM {CLOCK}::time) < %(closes)s"""
ARRIVALS = f"""
    SELECT extract(isodow FROM {CLOCK})::int, extract(hour FROM {CLOCK})::int, count(*),
           count(*) FILTER (WHERE {LATE}), count(DISTINCT agent)
    FROM stores_consultation WHERE {IN_HOURS} AND started_by = 'buyer' GROUP BY 1, 2"""
AGENTS = f"""
    SELECT agent, extract(hour FROM {CLOCK})::int, count(*) FILTER (WHERE started_by = 'buyer'),
           count(*) FILTER (WHERE started_by = 'buyer' AND {LATE}), max(longest_gap_seconds),
           count(rating), count(*) FILTER (WHERE rating <= %(low)s),
           count(*) FILTER (WHERE last_message_by = 'buyer'),
           count(*) FILTER (WHERE ended_at IS NULL)
    FROM stores_consultation WHERE {IN_HOURS} GROUP BY 1, 2"""
# By ISO weekday and hour: consultations, late ones, agents.
Arrivals = dict[tuple[int, int], tuple[int, int, int]]


@dataclass(frozen=True)
class Cell:
    """One hour of one weekday: consultations a week, late ones, the most agents seen."""

    hour: int
    asked: float
    late_share: float
    agents: int
    step: int


@dataclass
class AgentLine:
    """What one agent did in the window. ``due`` is the late share the same hours give."""

    name: str
    asked: int = 0
    late: int = 0
    gap: int = 0
    rated: int = 0
    low: int = 0
    last_word: int = 0
    unended: int = 0
    due_late: float = 0.0

    @property
    def rate(self) -> float | None:
        """Replied within three minutes."""
        return 1 - self.late / self.asked if self.asked else None

    @property
    def due_rate(self) -> float | None:
        """The rate of the whole shop in the hours this agent worked."""
        return 1 - self.due_late / self.asked if self.asked else None

    @property
    def low_share(self) -> float | None:
        """Dissatisfied of rated."""
        return self.low / self.rated if self.rated else None


@dataclass(frozen=True)
class ServiceStanding:
    """What was judged last, the penalty that runs, and how many late replies still fit."""

    is_own: bool
    day: date | None
    reply: Judgement | None
    low: Judgement | None
    running: Span | None
    course: Span | None
    failing: list[date]
    budget_today: Budget | None
    budget_week: Budget | None
    arrivals: Arrivals


@dataclass(frozen=True)
class ServicePage:
    """All of the page."""

    standing: ServiceStanding
    rules: AssessmentRules
    weekdays: list[tuple[int, list[Cell]]]
    hours: list[int]
    agents: list[AgentLine]
    alert_months: int
    exams: list[CourseExam]
    today: date

    @property
    def reply_marks(self) -> dict[str, float]:
        """The rate each level begins at."""
        return dict(self.rules.reply_from)

    @property
    def low_marks(self) -> dict[str, float]:
        """The rate each level ends at."""
        return dict(self.rules.low_to)

    @property
    def opens(self) -> int:
        """The first assessed hour."""
        return self.rules.opens // SECONDS_PER_HOUR

    @property
    def closes(self) -> int:
        """The hour the assessed ones end at."""
        return self.rules.closes // SECONDS_PER_HOUR


def service_page(*, shop: Shop, now: datetime) -> ServicePage:
    """As judged last, and as the facts stand now."""
    today = shanghai_day(now)
    rules = compiled_assessment_rules(today)
    standing = standing_of_service(shop=shop, now=now)
    return ServicePage(
        standing=standing,
        rules=rules,
        weekdays=_cells(standing.arrivals, rules),
        hours=assessed_hours(rules),
        agents=agents_of(shop=shop, now=now),
        alert_months=rules.alert_months,
        exams=list(CourseExam.objects.for_shop(shop).order_by("-day", "-pk")[:5]),
        today=today,
    )


def standing_of_service(*, shop: Shop, now: datetime) -> ServiceStanding:
    """How the service stands without its hours and people."""
    today = shanghai_day(now)
    rules = compiled_assessment_rules(today)
    judged = judged_through([shop.pk]).get(shop.pk)
    rows = judgements_on(judged, [shop])[shop.pk] if judged else {}
    found = penalties_found([shop.pk])[shop.pk]
    exams = exams_taken([shop.pk])[shop.pk] if found else []
    spans = [(each, span_of(each, exams, compiled_assessment_rules(each.day))) for each in found]
    running = [(each, span) for each, span in spans if span.covers(today)]
    courses = [span for each, span in running if each.level == COURSE and not span.limited_from]
    arrivals = arrivals_of(shop, today, rules)
    budgets = _budgets(shop, today, rules, arrivals)
    return ServiceStanding(
        is_own=own_modes([shop])[shop.pk].on(today),
        day=judged,
        reply=rows.get(INDICATORS[0]),
        low=rows.get(INDICATORS[1]),
        running=running[0][1] if running else None,
        course=courses[0] if courses else None,
        failing=failing_months(found, today, rules),
        budget_today=budgets[0],
        budget_week=budgets[1],
        arrivals=arrivals,
    )


def assessed_hours(rules: AssessmentRules) -> list[int]:
    """The hours of the day that are assessed."""
    return list(range(rules.opens // SECONDS_PER_HOUR, rules.closes // SECONDS_PER_HOUR))


def _parameters(shop: Shop, first: date, end: date, rules: AssessmentRules) -> dict[str, Any]:
    return {
        "shop": shop.pk, "first": day_start(first), "end": day_start(end), "opens": rules.opens,
        "closes": rules.closes, "limit": reply_limit(first), "low": rules.low_rating,
    }  # fmt: skip


def reply_limit(day: date) -> int:
    """Seconds within which the score wants a reply; the assessment counts alike."""
    return compiled_event_rules(event_book().in_force(day).id).reply_limit


def arrivals_of(shop: Shop, today: date, rules: AssessmentRules) -> Arrivals:
    """Consultations, late ones and agents by ISO weekday and hour, of the last four weeks."""
    first = today - WEEKS_LOOKED_AT * WEEK
    with connection.cursor() as cursor:
        cursor.execute(ARRIVALS, _parameters(shop, first, today, rules))
        return {(weekday, hour): tuple(rest) for weekday, hour, *rest in cursor.fetchall()}


def _budgets(
    shop: Shop, today: date, rules: AssessmentRules, arrivals: Arrivals
) -> tuple[Budget | None, Budget | None]:
    """Late replies that fit until tonight, and within the next seven days."""
    begins = today - timedelta(days=rules.window_days - 1)
    kept = list(reply_sums([shop.pk], begins, today))
    in_time, asked = sum(row[2] for row in kept), sum(row[3] for row in kept)
    total = sum(row[0] for row in arrivals.values())
    late = sum(row[1] for row in arrivals.values())
    share = late / total if total else 0.0
    of_day = [row[0] for (weekday, _), row in arrivals.items() if weekday == today.isoweekday()]
    day_expected, week_expected = (round(n / WEEKS_LOOKED_AT) for n in (sum(of_day), total))
    return (
        reply_budget(in_time, asked, day_expected, day_expected * share, rules),
        reply_budget(0, 0, week_expected, week_expected * share, rules),
    )


def _cells(arrivals: Arrivals, rules: AssessmentRules) -> list[tuple[int, list[Cell]]]:
    most = max((row[0] for row in arrivals.values()), default=0)
    hours = assessed_hours(rules)
    return [
        (weekday, [_cell(arrivals.get((weekday, hour)), hour, most) for hour in hours])
        for weekday in range(1, WEEK.days + 1)
    ]


STEPS = 5


def _cell(row: tuple[int, int, int] | None, hour: int, most: int) -> Cell:
    asked, late, agents = row or (0, 0, 0)
    step = round(STEPS * asked / most) if most else 0
    return Cell(hour, asked / WEEKS_LOOKED_AT, late / asked if asked else 0.0, agents, step)


def agents_of(*, shop: Shop, now: datetime) -> list[AgentLine]:
    """What everybody did in the last seven days, by consultations."""
    today = shanghai_day(now)
    rules = compiled_assessment_rules(today)
    first = today - timedelta(days=rules.window_days)
    with connection.cursor() as cursor:
        cursor.execute(AGENTS, _parameters(shop, first, today, rules))
        rows = cursor.fetchall()
    loads = defaultdict[int, list[int]](lambda: [0, 0])
    for _name, hour, asked, late, *_rest in rows:
        loads[hour][0] += asked
        loads[hour][1] += late
    by_hour = {hour: HourLoad(asked, late) for hour, (asked, late) in loads.items()}
    lines: dict[str, AgentLine] = {}
    for name, hour, asked, late, gap, rated, low, last_word, unended in rows:
        line = lines.setdefault(name, AgentLine(name))
        line.asked += asked
        line.late += late
        line.gap = max(line.gap, gap or 0)
        line.rated += rated
        line.low += low
        line.last_word += last_word
        line.unended += unended
        line.due_late += expected_late({hour: asked}, by_hour)
    return sorted(lines.values(), key=lambda line: -line.asked)
