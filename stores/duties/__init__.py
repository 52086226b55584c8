"""What a shop has to do: one file per source of a line, found by its folder; apps add theirs.

A file declares ``DUTY``. Lines stand by deadline, those without one last, and among equal ones
that first which is worth most to the score.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import forget, keep, kept_for
from shopguard.lib.registry import collect
from stores.duties._declare import EVERYBODY, Duty, Stake, Waiting
from stores.models import Shop
from stores.selectors.visit import Visit

# Due within this time, or past it: red. Later on the same day: amber.
URGENT_WITHIN = timedelta(hours=6)

NOTHING = Waiting(0)

# What the navigation counts may be so old, unless somebody just did something in the shop.
KEPT_SECONDS = 30

_duties: dict[str, Duty] = {}


@dataclass(frozen=True)
class ScoreSlot:
    """What the score makes of a line. ``effect`` is how much more the total is worth with it done
    than without (None: not known), ``page`` the address of a metric's page.
    """

    effect: Callable[[Visit, Stake], float | None]
    page: Callable[[Visit, str], str]


_score: list[ScoreSlot] = []


@dataclass(frozen=True)
class Line:
    """A line of the list. ``tone`` is ``urgent``, ``watch`` or empty; ``effect`` is in points."""

    name: str
    icon: str
    title: str
    why: str
    count: int
    due_at: datetime | None
    tone: str
    effect: float | None
    url: str


def register_folder(package_name: str) -> None:
    """Make every source declared in a folder known. Raises ValueError on a name used twice."""
    for duty in collect(package_name, "DUTY", Duty):
        if _duties.setdefault(duty.name, duty) is not duty:
            raise ValueError(f"two files declare the duty {duty.name}")


def fill_score_slot(slot: ScoreSlot) -> None:
    """Say what lines are worth to the score; the app that knows scores does so once."""
    _score[:] = [slot]


def lines_of(visit: Visit) -> list[Line]:
    """What there is to do in the shop, in the order to do it. One query for all that is counted."""
    mine = _duties_of(visit)
    counted = _counted_anew(mine, visit)
    lines = []
    for duty in mine:
        waiting = duty.waiting(visit) if duty.waiting else counted.get(duty.name, NOTHING)
        if waiting.count:
            lines.append(_line(duty, waiting, visit))
    return sorted(lines, key=_urgency)


def work_due(visit: Visit, *, anew: bool = False) -> dict[str, Waiting]:
    """What waits behind each entry of the navigation that has some, by the name of its address.

    The sum of the lines of the list that are done there and wait in records. One query for the
    shop and role in :data:`KEPT_SECONDS`; ``anew`` asks in any case.
    """
    mine = _duties_of(visit)
    counted = _counted_anew(mine, visit) if anew else _counted_lately(mine, visit)
    found: dict[str, Waiting] = {}
    for duty in mine:
        entry = duty.entry or duty.page
        if entry and duty.name in counted:
            found[entry] = _together(found.get(entry, NOTHING), counted[duty.name])
    return found


def forget_work(shop: Shop) -> None:
    """Count what waits in the shop anew when it is next asked for in this process."""
    forget(_kept_under(shop, role) for role in EVERYBODY)


def _duties_of(visit: Visit) -> list[Duty]:
    return [duty for duty in _duties.values() if visit.role in duty.roles]


def _kept_under(shop: Shop, role: str) -> str:
    return f"work:{shop.pk}:{role}"


def _together(one: Waiting, other: Waiting) -> Waiting:
    due = [waiting.due_at for waiting in (one, other) if waiting.due_at is not None]
    return Waiting(one.count + other.count, min(due, default=None))


def _urgency(line: Line) -> tuple[bool, float, float, str]:
    due = line.due_at.timestamp() if line.due_at else 0.0
    return line.due_at is None, due, -(line.effect or 0.0), line.name


def _counted_lately(duties: list[Duty], visit: Visit) -> dict[str, Waiting]:
    key = _kept_under(visit.shop, visit.role)
    return kept_for(KEPT_SECONDS, key, lambda: _counted(duties, visit))


def _counted_anew(duties: list[Duty], visit: Visit) -> dict[str, Waiting]:
    key = _kept_under(visit.shop, visit.role)
    return keep(KEPT_SECONDS, key, _counted(duties, visit))


def _counted(duties: list[Duty], visit: Visit) -> dict[str, Waiting]:
    counts = list(_counts(duties, visit))
    if not counts:
        return {}
    rows = counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0]
    return {name: Waiting(count, due_at) for name, count, due_at in rows}


def _counts(duties: list[Duty], visit: Visit) -> Iterator[QuerySet]:  # type: ignore[type-arg]
    for duty in duties:
        if duty.rows is not None:
            due = Min(duty.due) if duty.due else Cast(Value(None), DateTimeField())
            rows = duty.rows(visit).order_by().annotate(duty=Value(duty.name)).values("duty")
            yield rows.annotate(waiting=Count("pk"), first=due).values_list(
                "duty", "waiting", "first"
            )


def _line(duty: Duty, waiting: Waiting, visit: Visit) -> Line:
    words = duty.words(waiting)
    return Line(
        name=duty.name,
        icon=duty.icon,
        title=words.title,
        why=words.why,
        count=waiting.count,
        due_at=waiting.due_at,
        tone=_tone(waiting.due_at, visit.now),
        effect=_effect(duty, waiting, visit),
        url=_url(duty, visit),
    )


def _tone(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    if due_at - now <= URGENT_WITHIN:
        return "urgent"
    return "watch" if shanghai_day(due_at) == shanghai_day(now) else ""


def _effect(duty: Duty, waiting: Waiting, visit: Visit) -> float | None:
    if duty.stake is None or not _score:
        return None
    return _score[0].effect(visit, duty.stake(waiting))


def _url(duty: Duty, visit: Visit) -> str:
    if duty.page:
        return reverse(duty.page, args=[visit.shop.external_id])
    return _score[0].page(visit, duty.metric) if duty.metric and _score else ""
