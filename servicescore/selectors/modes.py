"""What a switch of the mode stands on: people, arrivals, and what the platform would charge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet

from servicescore.calc.mode import ModeRules
from servicescore.calc.rota import agents_needed
from servicescore.models import AgentShift, CourseExam, ModeExam, ModeSwitch
from servicescore.rules import (
    compiled_assessment_rules,
    compiled_mode_rules,
    compiled_rota_rules,
)
from servicescore.selectors.service_page import WEEK, WEEKS_LOOKED_AT, arrivals_of, reply_limit
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Complaint, Consultation, Shop

ACTIVE = "active"
BLACKLIST, UPHELD = "blacklist", "upheld"


@dataclass(frozen=True)
class Ground:
    """What decides on a switch, as it stands now.

    ``hours`` are those on the rota by agent, ``by_agent`` the sessions of the last weeks, for which
    the platform would take ``charge_fen``; ``needed`` agents take their busiest hour in time.
    """

    is_running: bool
    hours: Mapping[str, int]
    by_agent: Mapping[str, int]
    needed: int
    charge_fen: int
    rules: ModeRules

    @property
    def agents(self) -> tuple[str, ...]:
        """Everybody on the rota."""
        return tuple(self.hours)

    @property
    def sessions(self) -> int:
        """All sessions of the last weeks."""
        return sum(self.by_agent.values())


@dataclass(frozen=True)
class AgentLine:
    """Somebody who answers: hours on the rota a week, sessions of the last weeks, last exam."""

    name: str
    hours: int = 0
    sessions: int = 0
    exam_on: date | None = None
    exam: str = ""


def ground_of(shop: Shop, *, now: datetime) -> Ground:
    """Asked of shifts and of the sessions of the last four weeks."""
    today, rules = shanghai_day(now), compiled_mode_rules()
    hours: dict[str, int] = {}
    shifts = AgentShift.objects.for_shop(shop).order_by("agent")
    for agent, opens, closes in shifts.values_list("agent", "opens", "closes"):
        hours[agent] = hours.get(agent, 0) + closes - opens
    counted = _sessions(shop, today).order_by().values_list("agent")
    by_agent = dict(counted.annotate(count=Count("pk")))
    return Ground(
        is_running=shop.status == ACTIVE,
        hours=hours,
        by_agent=by_agent,
        needed=max(rules.least_agents, _busiest(shop, today)),
        charge_fen=sum(by_agent.values()) * rules.session_fen,
        rules=rules,
    )


def _sessions(shop: Shop, today: date) -> QuerySet[Consultation]:
    first = today - WEEKS_LOOKED_AT * WEEK
    return Consultation.objects.for_shop(shop).filter(
        started_at__gte=day_start(first), started_at__lt=day_start(today)
    )


def _busiest(shop: Shop, today: date) -> int:
    """The fewest agents who answer in time what comes in the busiest hour of the week."""
    rules = compiled_assessment_rules(today)
    most = max((row[0] for row in arrivals_of(shop, today, rules).values()), default=0)
    return agents_needed(
        most / WEEKS_LOOKED_AT, most_late=1 - dict(rules.reply_from)["pass"],
        limit_seconds=reply_limit(today), rules=compiled_rota_rules(),
    )  # fmt: skip


def switch_open(shop: Shop) -> ModeSwitch | None:
    """The switch that waits for its exam, if there is one."""
    return ModeSwitch.objects.for_shop(shop).filter(state=ModeSwitch.State.OPEN).first()


def switch_of(*, shop: Shop, key: int) -> ModeSwitch | None:
    """A switch of the shop."""
    return ModeSwitch.objects.for_shop(shop).filter(pk=key).first()


def switches_newest(shop: Shop) -> list[ModeSwitch]:
    """The last ten switches, the newest first, with their exams in the order they were taken."""
    exams = Prefetch("exams", ModeExam.objects.order_by("day", "recorded_at", "pk"))
    rows = ModeSwitch.objects.for_shop(shop).prefetch_related(exams)
    return list(rows.order_by("-asked_at", "-pk")[:10])


def agent_lines(shop: Shop, ground: Ground) -> list[AgentLine]:
    """Everybody on the rota or seen answering in the last weeks, by sessions. One query."""
    exams = _exams(CourseExam, shop).union(_exams(ModeExam, shop), all=True)
    newest_last = exams.order_by("day", "recorded_at", "pk")
    last = {name: (day, outcome) for name, day, outcome, *_rest in newest_last}
    names = {*ground.hours, *ground.by_agent, *last} - {""}
    lines = [
        AgentLine(
            name, ground.hours.get(name, 0), ground.by_agent.get(name, 0),
            *last.get(name, (None, "")),
        )
        for name in names
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.sessions, line.name))


def _exams(model: type[CourseExam] | type[ModeExam], shop: Shop) -> QuerySet[Any, Any]:
    rows = model.objects.for_shop(shop).exclude(agent="")
    return rows.values_list("agent", "day", "outcome", "recorded_at", "pk")


@dataclass(frozen=True)
class Blacklisting:
    """Upheld complaints about blacklisting, of the ``limit`` that suspend the function.

    ``last_at`` is when the newest of them was opened.
    """

    count: int
    limit: int
    last_at: datetime | None

    @property
    def is_suspended(self) -> bool:
        """Whether the platform suspends the shop's blacklist."""
        return self.count >= self.limit


def blacklisting_of(shop: Shop, *, day: date) -> Blacklisting:
    """Complaints upheld against the shop; those excluded by the platform do not count."""
    rows = complaints_on_blacklisting([shop.pk])
    found = rows.aggregate(count=Count("pk"), last=Max("opened_at"))
    limit = compiled_assessment_rules(day).blacklist_complaints
    return Blacklisting(found["count"], limit, found["last"])


def complaints_on_blacklisting(shops: list[int]) -> QuerySet[Complaint]:
    """The complaints that count towards the suspension of the blacklist."""
    return Complaint.objects.filter(
        shop__in=shops, topic=BLACKLIST, outcome=UPHELD, excluded_reason=""
    )
