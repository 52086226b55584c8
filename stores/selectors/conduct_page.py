"""Where a shop stands, as its owner sees it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce
from django.http import QueryDict

from shopguard.lib.days import shanghai_day
from shopguard.lib.paging import Page
from stores.calc.standing import KINDS, Node, Penalty, Standing
from stores.models import Shop, Violation
from stores.selectors.appeal_pack import Worth, worth_appealing
from stores.selectors.case_words import KINDS as KIND_WORDS
from stores.selectors.conduct import ladders_on, standing_of
from stores.selectors.penalty_lines import CaseLine, case_lines, case_page, morning_after


@dataclass(frozen=True)
class Ladder:
    """The points of one kind against their nodes."""

    kind: str
    points: int
    nodes: tuple[Node, ...]
    next_node: Node | None

    @property
    def word(self) -> str:
        """Its kind in the active language."""
        return str(KIND_WORDS[self.kind])

    @property
    def missing(self) -> int:
        """Points up to the next node; 0 above the last."""
        return self.next_node.points - self.points if self.next_node else 0


@dataclass(frozen=True)
class Running:
    """A penalty that runs, and how many more days; None without an end."""

    penalty: Penalty
    days_left: int | None


@dataclass(frozen=True)
class ConductGlance:
    """Points of the year, penalties that run, and days until the points are reset."""

    ladders: list[Ladder]
    running: list[Running]
    days_to_reset: int


@dataclass(frozen=True)
class ConductPage:
    """All of the page."""

    ladders: list[Ladder]
    running: list[Running]
    appealable: list[Worth]
    page: Page[CaseLine]
    days_to_reset: int
    today: date
    now: datetime

    @property
    def first_deadline(self) -> datetime | None:
        """When the first appeal has to be written."""
        ends = [worth.line.deadline for worth in self.appealable if worth.line.deadline]
        return min(ends, default=None)


def conduct_page(*, shop: Shop, asked: QueryDict, now: datetime) -> ConductPage:
    """Points and penalties as of now, today's executions included."""
    today, glance = shanghai_day(now), conduct_glance(shop=shop, now=now)
    rows = Violation.objects.for_shop(shop).select_related("shop")
    pending = rows.filter(state=Violation.State.PENDING).order_by("pk")
    newest = rows.annotate(told_at=Coalesce("notified_at", "occurred_at"))
    return ConductPage(
        ladders=glance.ladders,
        running=glance.running,
        appealable=worth_appealing(shop, case_lines(list(pending), now=now), now=now),
        page=case_page(newest.order_by("-told_at", "-pk"), asked, now=now),
        days_to_reset=glance.days_to_reset,
        today=today,
        now=now,
    )


def conduct_glance(*, shop: Shop, now: datetime) -> ConductGlance:
    """As of now, today's executions included. One query."""
    today = shanghai_day(now)
    standing = standing_of(shop, day=morning_after(now))
    return ConductGlance(
        ladders=[_ladder(kind, standing) for kind in KINDS],
        running=[
            Running(each, None if each.last is None else (each.last - today).days + 1)
            for each in standing.penalties
            if each.runs_on(today)
        ],
        days_to_reset=(date(today.year + 1, 1, 1) - today).days,
    )


def _ladder(kind: str, standing: Standing) -> Ladder:
    return Ladder(
        kind=kind,
        points=standing.points[kind],
        nodes=ladders_on(standing.day)[kind],
        next_node=standing.next_nodes[kind],
    )
