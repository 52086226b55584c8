"""Which score of a shop is looked at: the newest, that of a date, or an earlier revision of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servicescore.models import ScoreRevision
from servicescore.selectors.scores import ScoreView, score_latest, score_on, score_revisions
from stores.models import Shop

CAUSES: Mapping[str, Promise] = {
    ScoreRevision.Cause.FIRST: _("首次计算"),
    ScoreRevision.Cause.RULES_CHANGED: _("规则变更"),
    ScoreRevision.Cause.LATE_FACTS: _("补录或更正的数据"),
    ScoreRevision.Cause.PEERS: _("同行变动"),
    ScoreRevision.Cause.BENCHMARK: _("行业基准表变动"),
}
DAY_LENGTH = len("2024-03-01")


@dataclass(frozen=True)
class Revision:
    """One computation of a score date, and whether it is the one shown."""

    view: ScoreView
    is_shown: bool
    is_newest: bool

    @property
    def cause(self) -> Promise:
        """Why it was written."""
        return CAUSES[self.view.cause]


def day_asked(text: str) -> date | None:
    """A day as addresses write it; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == DAY_LENGTH else None
    except ValueError:
        return None


def score_asked(
    shop: Shop, asked: Mapping[str, str], *, now: datetime, staff: bool
) -> tuple[ScoreView | None, Sequence[Revision]]:
    """The score an address names by ``date`` and ``revision``, and all revisions of its date.

    Without a date the newest; None for a date without a score. An unknown revision is the newest
    one. The list is empty where there is only one.
    """
    day = day_asked(asked.get("date", ""))
    if day is None:
        newest = score_latest(shop, now=now, staff=staff)
    else:
        newest = score_on(shop, day=day, now=now, staff=staff)
    if newest is None or newest.revision == 1:
        return newest, ()
    found = score_revisions(
        shop, day=newest.date, rule_set=newest.rule_set.id, now=now, staff=staff
    )
    named = {str(view.revision): view for view in found}
    shown = named.get(asked.get("revision", ""), newest)
    return shown, [
        Revision(view, view.revision == shown.revision, view.revision == newest.revision)
        for view in found
    ]
