"""What takes a moment to work out about a score, kept in the process for a while.

Revisions never change, and the keys name the revision, its run and the rules of now.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

from servicescore.calc.interval import Interval
from servicescore.selectors.forecast import BadDay, Outlook, bad_days, forecast_of
from servicescore.selectors.interval import interval_of
from servicescore.selectors.scores import ScoreView

KEPT_SECONDS = 60 * 60
T = TypeVar("T")


def kept(name: str, view: ScoreView, work: Callable[[], T]) -> T:
    """What ``work`` gives for a score, worked out once an hour at most."""
    revision = f"{view.shop_id}:{view.date}:{view.rule_set.id}:{view.revision}"
    key = f"{name}:{revision}:{view.run_id}:{view.rules.hash}"
    found: Any = cache.get(key)
    if found is None:
        found = (work(),)
        cache.set(key, found, KEPT_SECONDS)
    result: T = found[0]
    return result


def interval_kept(view: ScoreView) -> Interval | None:
    """The interval of a total; None without one."""
    return kept("interval", view, lambda: interval_of(view)) if view.total is not None else None


def ahead_kept(view: ScoreView, days: int) -> tuple[list[Outlook], list[BadDay]]:
    """The days ahead and the bad days of the window; both empty without a total."""
    if view.total is None:
        return [], []
    window = view.rules.window_days
    return kept(f"ahead{days}", view, lambda: (forecast_of(view, days), bad_days(view, window)))
