"""What takes a moment to work out about a score, kept in the process for a while.

Revisions never change, and the keys name the revision, its run and the rules of now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from servicescore.calc.advice import Step, next_steps
from servicescore.calc.interval import Interval
from servicescore.calc.standpoint import Standpoint
from servicescore.selectors.forecast import BadDay, Outlook, bad_days, forecast_of
from servicescore.selectors.interval import interval_of
from servicescore.selectors.peers import dimension_middles
from servicescore.selectors.scores import ScoreSeries, ScoreView, score_series
from servicescore.selectors.standpoint import results_around, standpoint_of
from shopguard.lib.keeping import kept_for
from stores.models import Shop

KEPT_SECONDS = 60 * 60
T = TypeVar("T")


def kept(name: str, view: ScoreView, work: Callable[[], T]) -> T:
    """What ``work`` gives for a score, worked out once an hour at most."""
    revision = f"{view.shop_id}:{view.date}:{view.rule_set.id}:{view.revision}"
    return kept_for(KEPT_SECONDS, f"{name}:{revision}:{view.run_id}:{view.rules.hash}", work)


def series_kept(
    shop: Shop, view: ScoreView, *, days: int, now: datetime, staff: bool
) -> ScoreSeries:
    """The ``days`` nights up to a score, read again when any revision of the shop has come."""
    return kept(
        f"series{days}:{view.history}",
        view,
        lambda: score_series(shop, last=view.date, days=days, now=now, staff=staff),
    )


@dataclass(frozen=True)
class Industry:
    """What the night of a whole industry says of one score: the middles of its dimensions, and what
    the next step of each metric would bring.
    """

    middles: dict[str, float]
    steps: list[Step]


def industry_kept(view: ScoreView) -> Industry:
    """The industry as the run of the score left it."""
    return kept("industry", view, lambda: _industry(view))


def _industry(view: ScoreView) -> Industry:
    night = results_around(view)
    steps = next_steps(night.stand(view.shop_id)) if view.total is not None else []
    return Industry(dimension_middles(night), steps)


def interval_kept(
    view: ScoreView, stand: Callable[[], Standpoint] | None = None
) -> Interval | None:
    """The interval of a total; None without one. ``stand`` says where its shop stood, where that
    was read already.
    """
    if view.total is None:
        return None
    read = stand or partial(standpoint_of, view)
    return kept("interval", view, lambda: interval_of(view, read()))


def ahead_kept(view: ScoreView, days: int) -> tuple[list[Outlook], list[BadDay]]:
    """The days ahead and the bad days of the window; both empty without a total."""
    if view.total is None:
        return [], []
    window = view.rules.window_days
    return kept(f"ahead{days}", view, lambda: (forecast_of(view, days), bad_days(view, window)))
