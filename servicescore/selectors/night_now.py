"""What panels about the score tell from its whole industry: read once, kept while the score stands.

Revisions never change, so what was told from the nights their runs left is told again.
"""

from servicescore.calc.changes import ChangeParts
from servicescore.calc.interval import Interval
from servicescore.selectors.change_story import TurnDays, story, turn_days
from servicescore.selectors.changes import changes_between, turns_of
from servicescore.selectors.kept import interval_kept, kept
from servicescore.selectors.peers import dimension_middles
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standing_now import standing_now
from servicescore.selectors.standpoint import Results, results_around_each
from stores.selectors.visit import Visit


def nights_now(visit: Visit) -> list[Results]:
    """The industry on the night of the newest score and, where there was one, on that before. One
    query.
    """
    standing = visit.once(standing_now)
    if standing is None:
        return []
    views = (standing.view, standing.before)
    return results_around_each([view for view in views if view is not None])


def middles_now(visit: Visit) -> dict[str, float]:
    """The median score of each dimension in the industry; empty without a score."""
    standing = visit.once(standing_now)
    if standing is None:
        return {}
    return kept("middles", standing.view, lambda: dimension_middles(visit.once(nights_now)[0]))


def interval_now(visit: Visit) -> Interval | None:
    """How sure the total is; None without one."""
    standing = visit.once(standing_now)
    if standing is None:
        return None
    return interval_kept(
        standing.view, lambda: visit.once(nights_now)[0].stand(standing.view.shop_id)
    )


def story_now(visit: Visit) -> str:
    """The sentence about the change since the night before; empty where there is none."""
    standing = visit.once(standing_now)
    if standing is None or standing.before is None:
        return ""
    if standing.before.total is None or standing.view.total is None:
        return ""
    view, since = standing.view, standing.before.revision
    change, days = kept(f"story{since}", view, lambda: _change(visit, view))
    return story(change, days)


def _change(visit: Visit, view: ScoreView) -> tuple[ChangeParts, TurnDays]:
    after, before = visit.once(nights_now)
    key = visit.shop.pk
    turns = turns_of([key], view.date, view.rules)
    change = changes_between(before, after, [key], turns)[key]
    return change, turn_days(turns[key], view)
