"""The rota: arrivals against agents on duty, hours without cover, the worth of one more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from servicescore.calc.rota import RotaRules, agents_needed, late_saved
from servicescore.models import AgentShift, LiveSession
from servicescore.rules import compiled_assessment_rules, compiled_rota_rules
from servicescore.selectors.service_page import (
    STEPS,
    WEEK,
    WEEKS_LOOKED_AT,
    Arrivals,
    arrivals_of,
    assessed_hours,
    reply_limit,
)
from shopguard.lib.days import SHANGHAI, shanghai_day
from stores.models import Shop

BEST_SHOWN = 5
LEAST_SAVED = 0.05
HOUR = timedelta(hours=1)
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class RotaCell:
    """One assessed hour of a weekday: buyers and late replies a week, agents on duty."""

    weekday: int
    hour: int
    asked: float
    late: float
    on_duty: int
    step: int

    @property
    def is_open(self) -> bool:
        """Buyers come and nobody is on duty."""
        return bool(self.asked) and not self.on_duty


@dataclass(frozen=True)
class Gain:
    """What one more agent in an hour would change, a week."""

    cell: RotaCell
    saved: float
    rate_then: float

    @property
    def stake(self) -> tuple[int, int, int]:
        """Over the weeks looked at: buyers of the hour, in time with one more, and without."""
        asked = round(self.cell.asked * WEEKS_LOOKED_AT)
        late = self.cell.late * WEEKS_LOOKED_AT
        saved = self.saved * WEEKS_LOOKED_AT
        return asked, round(asked - late + saved), round(asked - late)


@dataclass(frozen=True)
class LiveHour:
    """An hour of a planned live session: agents on duty and the fewest that it takes."""

    at: datetime
    on_duty: int
    needed: int

    @property
    def is_short(self) -> bool:
        """Fewer than it takes."""
        return self.on_duty < self.needed


@dataclass(frozen=True)
class Live:
    """A planned live session hour by hour."""

    session: LiveSession
    hours: list[LiveHour]

    @property
    def short(self) -> list[LiveHour]:
        """Hours with too few agents."""
        return [hour for hour in self.hours if hour.is_short]


@dataclass(frozen=True)
class RotaPage:
    """All of the page. ``rate`` is that of all buyers of the weeks looked at."""

    hours: list[int]
    weekdays: list[tuple[int, list[RotaCell]]]
    open_hours: int
    best: list[Gain]
    rate: float | None
    shifts: list[tuple[int, list[AgentShift]]]
    lives: list[Live]
    agents: list[str]
    weeks: int
    rules: RotaRules

    @property
    def handling_minutes(self) -> float:
        """Minutes a consultation keeps an agent."""
        return self.rules.handling_seconds / SECONDS_PER_MINUTE

    @property
    def has_shifts(self) -> bool:
        """Whether anybody entered a shift."""
        return bool(self.shifts)


def rota_page(*, shop: Shop, now: datetime) -> RotaPage:
    """Arrivals of the last weeks against the rota as it stands."""
    today = shanghai_day(now)
    rules, rota = compiled_assessment_rules(today), compiled_rota_rules()
    arrivals, hours = arrivals_of(shop, today, rules), assessed_hours(rules)
    shifts = list(AgentShift.objects.for_shop(shop).order_by("weekday", "opens", "agent"))
    weekdays = _weekdays(arrivals, hours, shifts)
    cells = [cell for _weekday, row in weekdays for cell in row]
    limit, most_late = reply_limit(today), 1 - dict(rules.reply_from)["pass"]
    asked, late = sum(cell.asked for cell in cells), sum(cell.late for cell in cells)
    by_place = {(cell.weekday, cell.hour): cell for cell in cells}
    gains = (_gain(cell, (asked, late), limit, rota) for cell in cells)
    best = sorted((g for g in gains if g.saved >= LEAST_SAVED), key=lambda g: -g.saved)
    planned = LiveSession.objects.for_shop(shop).filter(ends_at__gt=now).order_by("starts_at")
    return RotaPage(
        hours=hours,
        weekdays=weekdays,
        open_hours=sum(cell.is_open for cell in cells),
        best=best[:BEST_SHOWN],
        rate=1 - late / asked if asked else None,
        shifts=_by_weekday(shifts),
        lives=[
            Live(live, _live_hours(live, by_place, (most_late, limit), rota, shifts))
            for live in planned
        ],
        agents=sorted({shift.agent for shift in shifts}),
        weeks=WEEKS_LOOKED_AT,
        rules=rota,
    )


def shift_of(*, shop: Shop, key: int) -> AgentShift | None:
    """A shift of the shop."""
    return AgentShift.objects.for_shop(shop).filter(pk=key).first()


def live_of(*, shop: Shop, key: int) -> LiveSession | None:
    """A planned live session of the shop."""
    return LiveSession.objects.for_shop(shop).filter(pk=key).first()


def _on_duty(shifts: list[AgentShift], weekday: int, hour: int) -> int:
    agents = {
        shift.agent
        for shift in shifts
        if shift.weekday == weekday and shift.opens <= hour < shift.closes
    }
    return len(agents)


def _weekdays(
    arrivals: Arrivals, hours: list[int], shifts: list[AgentShift]
) -> list[tuple[int, list[RotaCell]]]:
    most = max((row[0] for row in arrivals.values()), default=0)
    found = []
    for weekday in range(1, WEEK.days + 1):
        row = []
        for hour in hours:
            asked, late, _agents = arrivals.get((weekday, hour), (0, 0, 0))
            step = round(STEPS * asked / most) if most else 0
            weekly = asked / WEEKS_LOOKED_AT, late / WEEKS_LOOKED_AT
            row.append(RotaCell(weekday, hour, *weekly, _on_duty(shifts, weekday, hour), step))
        found.append((weekday, row))
    return found


def _gain(cell: RotaCell, whole: tuple[float, float], limit: int, rules: RotaRules) -> Gain:
    """With nobody on duty by the rota somebody still answered: one is taken."""
    asked, late = whole
    saved = late_saved(
        cell.asked, cell.late, max(1, cell.on_duty), limit_seconds=limit, rules=rules
    )
    return Gain(cell, saved, 1 - (late - saved) / asked if asked else 1.0)


def _live_hours(
    live: LiveSession,
    cells: dict[tuple[int, int], RotaCell],
    wanted: tuple[float, int],
    rules: RotaRules,
    shifts: list[AgentShift],
) -> list[LiveHour]:
    most_late, limit = wanted
    found = []
    at = live.starts_at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    while at < live.ends_at:
        cell = cells.get((at.isoweekday(), at.hour))
        arrivals = (cell.asked if cell else 0.0) * rules.live_factor
        needed = agents_needed(arrivals, most_late=most_late, limit_seconds=limit, rules=rules)
        found.append(LiveHour(at, _on_duty(shifts, at.isoweekday(), at.hour), max(1, needed)))
        at += HOUR
    return found


def _by_weekday(shifts: list[AgentShift]) -> list[tuple[int, list[AgentShift]]]:
    weekdays = sorted({shift.weekday for shift in shifts})
    return [(day, [shift for shift in shifts if shift.weekday == day]) for day in weekdays]
