"""How far a score reaches, for the line beside every title."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from servicescore.models.scores import published_through


@dataclass(frozen=True)
class AsOf:
    """A score's facts end with ``data_to``; it is the score of ``published_on``.

    ``days_late`` counts the nights that should have been published by now and were not;
    ``is_pending`` marks a score that owners do not see before noon.
    """

    data_to: date
    published_on: date
    days_late: int
    is_pending: bool


def as_of(day: date, now: datetime, *, is_asked: bool = False) -> AsOf:
    """How the score of ``day`` stands at ``now``; not late where somebody asked for that day."""
    newest = published_through(now)
    late = 0 if is_asked else max((newest - day).days, 0)
    return AsOf(day - timedelta(days=1), day, late, day > newest)
