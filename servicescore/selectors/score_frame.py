"""What every page about one score begins with: which score, as of when, and its revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from servicescore.models import ScoreState
from servicescore.selectors.as_of import AsOf, as_of
from servicescore.selectors.rule_words import title
from servicescore.selectors.score_history import Revision, day_asked, score_asked
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ScoreView
from stores.models import Shop


@dataclass(frozen=True)
class ScoreFrame:
    """The score a page is about; ``day`` is the date asked for, empty for the newest."""

    view: ScoreView
    as_of: AsOf
    revisions: Sequence[Revision]
    day: str

    @property
    def rule_set_title(self) -> str:
        """The name of the rule set."""
        return title(self.view.rule_set)

    @property
    def is_never_scored(self) -> bool:
        """Whether the industry is left out by the rule."""
        return self.view.state == ScoreState.INDUSTRY_NOT_SCORED


@dataclass(frozen=True)
class FramedPage:
    """A page about one score; templates read the score and its date from the page itself."""

    frame: ScoreFrame

    @property
    def view(self) -> ScoreView:
        """The score the page is about."""
        return self.frame.view

    @property
    def as_of(self) -> AsOf:
        """How far its facts reach."""
        return self.frame.as_of

    @property
    def day(self) -> str:
        """The date asked for, empty for the newest."""
        return self.frame.day


def frame_asked(
    shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> ScoreFrame | None:
    """The score an address names by ``date`` and ``revision``; None where there is none."""
    view, revisions = score_asked(shop, asked, now=now, staff=role in STAFF_ROLES)
    if view is None:
        return None
    day = view.date.isoformat() if day_asked(asked.get("date", "")) else ""
    return ScoreFrame(view, as_of(view.date, now, is_asked=bool(day)), revisions, day)
