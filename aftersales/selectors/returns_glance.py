"""Returns at a glance: the rates of the newest weeks with their usual range, for the overview."""

from dataclasses import dataclass
from datetime import date

from aftersales.calc.return_sums import SIGNED
from aftersales.models import ReturnSumsRow
from aftersales.rules import finding_rules_on
from aftersales.selectors.daily_returns import SHORT, DailyPage, DayLine
from aftersales.selectors.return_basis import Basis, Sums
from stores.models import Shop

# A day above its range this near is news; an older one is history.
NEWS_DAYS = 7


@dataclass(frozen=True)
class Glance:
    """The days of the daily page with what the overview says of them."""

    days: DailyPage

    @property
    def newest(self) -> DayLine | None:
        """The newest day that is old enough for a verdict and has lines."""
        return next(iter(self.days.complete), None)

    @property
    def least(self) -> int:
        """Fewer lines than this say nothing of a rate: as many as a finding needs."""
        return finding_rules_on(self.days.last_day).least_rows

    @property
    def is_judged(self) -> bool:
        """Whether there is a usual range, and lines enough to hold against it."""
        has_range = self.days.quality_control.middle is not None and self.newest is not None
        return has_range and self.days.quality.n >= self.least

    @property
    def in_a_row(self) -> int:
        """How many of the newest such days, one after the other, are above their range."""
        within = [at for at, line in enumerate(self.days.complete) if line.outside != "high"]
        return within[0] if within else len(self.days.complete)

    @property
    def state(self) -> str:
        """Red with a day above its range lately, amber with an older one; none: not judged."""
        if not self.is_judged:
            return "none"
        if any(line.outside == "high" for line in self.days.complete[:NEWS_DAYS]):
            return "urgent"
        return "watch" if self.days.outside else "good"


def returns_glance(*, shop: Shop, today: date) -> Glance | None:
    """The newest sums by the day of signing, in one query that leaves the cuts aside; None while no
    night has counted, and where nothing was signed for in these days.
    """
    row = (
        ReturnSumsRow.objects.for_shop(shop)
        .filter(basis=SIGNED)
        .defer("cuts", "heat", "around")
        .first()
    )
    if row is None:
        return None
    days = DailyPage(sums=Sums(Basis(), row, row, [], []), span=SHORT, products=[], today=today)
    return Glance(days) if days.quality.n else None
