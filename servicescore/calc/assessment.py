"""客服考核: how a shop's own customer service is judged, day after day.

Two indicators. ``reply_3min`` is judged daily over the seven days before; ``dissatisfaction`` on
the 1st over the month before. A failure (course or limit) starts a penalty, once a natural month
for each indicator, and nothing is judged while one runs. Days are Shanghai dates.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from shopguard.lib.days import days_between
from shopguard.lib.rulesets import RuleSet

REPLY, DISSATISFACTION = "reply_3min", "dissatisfaction"
INDICATORS = (REPLY, DISSATISFACTION)
PASS, REMINDER, COURSE, LIMIT = "pass", "reminder", "course", "limit"
NOT_JUDGED = ""
FAILURES = (COURSE, LIMIT)
LEVELS = (PASS, REMINDER, COURSE, LIMIT)

ASSESSED = "assessed"
PENALTY_STARTED = "penalty_started"
ALREADY_PUNISHED = "already_punished"
SAMPLE_TOO_SMALL = "sample_too_small"
PENALTY_RUNNING = "penalty_running"
WINDOW_NOT_FULL = "window_not_full"
MONTH_RUNNING = "month_running"
STATES = (
    ASSESSED,
    PENALTY_STARTED,
    ALREADY_PUNISHED,
    SAMPLE_TOO_SMALL,
    PENALTY_RUNNING,
    WINDOW_NOT_FULL,
    MONTH_RUNNING,
)
PASSED, FAILED, MISSED = "passed", "failed", "missed"


@dataclass(frozen=True)
class AssessmentRules:
    """Hours in seconds since local midnight, levels as fractions, spans in days or months."""

    id: str
    hash: str
    opens: int
    closes: int
    window_days: int
    reply_least: int
    reply_from: tuple[tuple[str, float], ...]
    low_rating: int
    rated_least: int
    low_to: tuple[tuple[str, float], ...]
    course_days: int
    limit_days: int
    alert_months: int
    alert_within: int
    blacklist_complaints: int


def assessment_rules(rules: RuleSet) -> AssessmentRules:
    """Compile a rule set of the assessment. Raises RuleError when a parameter is missing."""
    return AssessmentRules(
        id=rules.id,
        hash=rules.hash,
        opens=_seconds(rules["hours.opens"]),
        closes=_seconds(rules["hours.closes"]),
        window_days=rules["reply.window_days"],
        reply_least=rules["reply.least"],
        reply_from=tuple(
            (level, rules[f"reply.{level}_from"]) for level in (PASS, REMINDER, COURSE)
        ),
        low_rating=rules["dissatisfaction.low_rating"],
        rated_least=rules["dissatisfaction.least"],
        low_to=tuple(
            (level, rules[f"dissatisfaction.{level}_to"]) for level in (PASS, REMINDER, COURSE)
        ),
        course_days=rules["course.days"],
        limit_days=rules["limit.days"],
        alert_months=rules["alert.months"],
        alert_within=rules["alert.within_months"],
        blacklist_complaints=rules["blacklist.complaints"],
    )


def _seconds(clock: str) -> int:
    parsed = time.fromisoformat(clock)
    return (parsed.hour * 60 + parsed.minute) * 60 + parsed.second


@dataclass(frozen=True)
class DaySums:
    """Consultations of one day in the assessed hours, by session start."""

    in_time: int = 0
    asked: int = 0
    low: int = 0
    rated: int = 0


NOTHING = DaySums()


@dataclass(frozen=True)
class Found:
    """A penalty as it was found: on which day, for what, and the month it belongs to."""

    indicator: str
    level: str
    day: date
    month: date


@dataclass(frozen=True)
class Exam:
    """A recorded exam of a forced course: passed, failed or missed."""

    day: date
    outcome: str


@dataclass(frozen=True)
class Span:
    """The days a penalty runs. ``limited_from`` is the first day of the traffic limit, if any.

    ``unattended`` says that a course ended without any exam on record.
    """

    first: date
    last: date
    limited_from: date | None = None
    unattended: bool = False

    def covers(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Judgement:
    """What is said of one indicator on one day. ``num`` of ``n`` is its value."""

    day: date
    indicator: str
    num: int
    n: int
    level: str
    state: str
    window_from: date
    window_to: date

    @property
    def value(self) -> float | None:
        """The rate, or None of nothing."""
        return self.num / self.n if self.n else None


def month_of(day: date) -> date:
    """The first day of the month of ``day``."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before that of ``day``."""
    return month_of(month_of(day) - timedelta(days=1))


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def level_of(indicator: str, num: int, n: int, rules: AssessmentRules) -> str:
    """The level of a rate; a rate on a boundary has the better level."""
    value = num / n
    if indicator == REPLY:
        reached = (level for level, mark in rules.reply_from if value >= mark)
    else:
        reached = (level for level, mark in rules.low_to if value <= mark)
    return next(reached, LIMIT)


def span_of(found: Found, exams: Iterable[Exam], rules: AssessmentRules) -> Span:
    """The days a penalty runs, by the exams on record.

    A course ends on the day its exam is passed, at the latest on its last day; where an exam was
    failed or missed and none passed, the traffic limit follows it.
    """
    if found.level == LIMIT:
        last = found.day + timedelta(days=rules.limit_days - 1)
        return Span(found.day, last, limited_from=found.day)
    last = found.day + timedelta(days=rules.course_days - 1)
    taken = [exam for exam in exams if found.day <= exam.day <= last]
    passed = [exam.day for exam in taken if exam.outcome == PASSED]
    if passed:
        return Span(found.day, min(passed))
    if not taken:
        return Span(found.day, last, unattended=True)
    limited = last + timedelta(days=1)
    return Span(found.day, last + timedelta(days=rules.limit_days), limited_from=limited)


def failing_months(found: Iterable[Found], day: date, rules: AssessmentRules) -> list[date]:
    """The months with a failure among the last ``alert_within`` up to that of ``day``."""
    first = month_of(day)
    for _ in range(rules.alert_within - 1):
        first = month_before(first)
    return sorted({each.month for each in found if first <= each.month <= month_of(day)})


# The rules in force on a day.
RulesOn = Callable[[date], AssessmentRules]


class Replay:
    """Judges the days of one shop in order, from what was found before.

    ``sums`` hold only days on which the shop answered for itself. Each day is judged by the rules
    in force on it, and a penalty runs as the rules of the day it was found say.
    """

    def __init__(
        self,
        sums: Mapping[date, DaySums],
        found: Sequence[Found],
        exams: Sequence[Exam],
        rules_on: RulesOn,
    ) -> None:
        self.sums, self.exams, self.rules_on = sums, exams, rules_on
        self.found = list(found)
        self.spans = [self._span(each) for each in found]

    def judge(self, day: date) -> tuple[list[Judgement], list[Found]]:
        """Both indicators on a day, and the penalties that start on it."""
        self.rules = self.rules_on(day)
        running = [span.last for span in self.spans if span.covers(day)]
        if running:
            return self._resting(day, max(running)), []
        rows = [self._reply(day), self._dissatisfaction(day)]
        begun = [
            Found(row.indicator, row.level, day, self._month(row))
            for row in rows
            if row.state == PENALTY_STARTED
        ]
        self.found += begun
        self.spans += [self._span(each) for each in begun]
        return rows, begun

    def _span(self, found: Found) -> Span:
        return span_of(found, self.exams, self.rules_on(found.day))

    def _resting(self, day: date, end: date) -> list[Judgement]:
        judged = month_before(day) if day.day == 1 else month_of(day)
        return [
            self._not_full(day, end, PENALTY_RUNNING),
            Judgement(
                day, DISSATISFACTION, 0, 0, NOT_JUDGED, PENALTY_RUNNING, judged, month_end(judged)
            ),
        ]

    def _not_full(self, day: date, end: date, state: str) -> Judgement:
        first = end + timedelta(days=1)
        last = end + timedelta(days=self.rules.window_days)
        return Judgement(day, REPLY, 0, 0, NOT_JUDGED, state, first, last)

    def _reply(self, day: date) -> Judgement:
        width = timedelta(days=self.rules.window_days)
        ends = [span.last for span in self.spans if span.last < day]
        if ends and day <= max(ends) + width:
            return self._not_full(day, max(ends), WINDOW_NOT_FULL)
        first, last = day - width, day - timedelta(days=1)
        window = [self.sums.get(each, NOTHING) for each in days_between(first, last)]
        num, n = sum(s.in_time for s in window), sum(s.asked for s in window)
        return self._judged(day, REPLY, (num, n), (first, last))

    def _dissatisfaction(self, day: date) -> Judgement:
        if day.day == 1:
            month = month_before(day)
            window = month, month_end(month)
            return self._judged(day, DISSATISFACTION, self._low(*window), window)
        first, last = month_of(day), day - timedelta(days=1)
        return Judgement(
            day, DISSATISFACTION, *self._low(first, last), NOT_JUDGED, MONTH_RUNNING, first, last
        )

    def _low(self, first: date, last: date) -> tuple[int, int]:
        """Low ratings and ratings from day to day, days under penalty left out."""
        counted = [
            self.sums.get(day, NOTHING)
            for day in days_between(first, last)
            if not any(span.covers(day) for span in self.spans)
        ]
        return sum(s.low for s in counted), sum(s.rated for s in counted)

    def _judged(
        self, day: date, indicator: str, counts: tuple[int, int], window: tuple[date, date]
    ) -> Judgement:
        num, n = counts
        least = self.rules.reply_least if indicator == REPLY else self.rules.rated_least
        if n < least:
            return Judgement(day, indicator, num, n, NOT_JUDGED, SAMPLE_TOO_SMALL, *window)
        level = level_of(indicator, num, n, self.rules)
        row = Judgement(day, indicator, num, n, level, ASSESSED, *window)
        if level not in FAILURES:
            return row
        punished = {(each.indicator, each.month) for each in self.found}
        state = ALREADY_PUNISHED if (indicator, self._month(row)) in punished else PENALTY_STARTED
        return Judgement(day, indicator, num, n, level, state, *window)

    def _month(self, row: Judgement) -> date:
        """The month a punishment of this judgement belongs to."""
        return month_of(row.day) if row.indicator == REPLY else row.window_from
