"""What a source of to-do lines says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, QuerySet

from stores.selectors.visit import Visit

EVERYBODY = frozenset({"owner", "ops", "admin"})


@dataclass(frozen=True)
class Waiting:
    """What waits: how many, and when the first of them is due (None: no fixed deadline)."""

    count: int
    due_at: datetime | None = None


@dataclass(frozen=True)
class Words:
    """A line in the active language: what to do, beginning with a verb, and why."""

    title: str
    why: str


@dataclass(frozen=True)
class Stake:
    """What doing it means for a metric: ``den`` records with ``done`` or ``undone`` in the
    numerator, as the metric counts them.
    """

    metric: str
    den: int
    done: int
    undone: int


@dataclass(frozen=True)
class Duty:
    """A source of one to-do line.

    ``rows`` are the records that wait, and ``due`` their field with the deadline, if they have
    one; all sources are counted in one query, so that another one costs the page nothing. A source
    that does not wait in records gives ``waiting`` instead. ``metric`` is the metric it bears on.
    ``page`` names the address of a page of the shop where it is done, ``entry`` that of the entry
    of the navigation that counts it where the page has none of its own.
    """

    name: str
    icon: str
    words: Callable[[Waiting], Words]
    rows: Callable[[Visit], QuerySet[Model]] | None = None
    due: str = ""
    waiting: Callable[[Visit], Waiting] | None = None
    stake: Callable[[Waiting], Stake] | None = None
    metric: str = ""
    page: str = ""
    entry: str = ""
    roles: frozenset[str] = EVERYBODY
