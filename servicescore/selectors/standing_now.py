"""How a shop stands: what the overview says first, and what its panels about the score share."""

from dataclasses import dataclass
from datetime import timedelta

from servicescore.selectors.as_of import AsOf, as_of
from servicescore.selectors.headline import crossed, gates_of, total_state
from servicescore.selectors.kept import series_kept
from servicescore.selectors.score_page import STAFF_ROLES, TREND_NIGHTS
from servicescore.selectors.scores import ScoreSeries, ScoreView, score_newest_two
from shopguard.lib.changes import Change, change_between, usual_movement
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class Standing:
    """The newest score a person may see, that of the night before, and the nights up to it."""

    view: ScoreView
    before: ScoreView | None
    series: ScoreSeries
    as_of: AsOf
    state: str
    change: Change | None


def standing_now(visit: Visit) -> Standing | None:
    """Ask for it with ``visit.once``. None while the shop has no score of any kind."""
    staff = visit.role in STAFF_ROLES
    newest = score_newest_two(visit.shop, now=visit.now, staff=staff)
    if not newest:
        return None
    view = newest[0]
    yesterday = view.date - timedelta(days=1)
    before = next((one for one in newest[1:] if one.date == yesterday), None)
    total_before = before.total if before else None
    series = series_kept(visit.shop, view, days=TREND_NIGHTS, now=visit.now, staff=staff)
    return Standing(
        view=view,
        before=before,
        series=series,
        as_of=as_of(view.date, visit.now),
        state=total_state(view, total_before),
        change=change_between(
            total_before,
            view.total,
            places=2,
            higher_is_better=True,
            usual=usual_movement(series.totals[:-1]),
            is_news=crossed(total_before, view.total, gates_of(view.rule_set)) is not None,
        ),
    )
