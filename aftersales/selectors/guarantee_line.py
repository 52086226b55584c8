"""The guarantee period of a case as a line: from sign-for over the application to its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aftersales.selectors.case_goods import About

WHOLE = 100


@dataclass(frozen=True)
class GuaranteeLine:
    """The three instants in their places, per cent of a line as long as from the first of them to
    the last. ``is_inside`` says whether the application is in front of the end.
    """

    signed_at: datetime
    applied_at: datetime
    ends_at: datetime

    @property
    def is_inside(self) -> bool:
        """Whether it was applied for in time."""
        return self.applied_at <= self.ends_at

    @property
    def signed(self) -> str:
        """Where the period begins."""
        return self._place(self.signed_at)

    @property
    def applied(self) -> str:
        """Where the application stands."""
        return self._place(self.applied_at)

    @property
    def length(self) -> str:
        """How long the period is."""
        return f"{WHOLE * (self.ends_at - self.signed_at) / self._whole:.1f}%"

    def _place(self, at: datetime) -> str:
        return f"{WHOLE * (at - min(self.signed_at, self.applied_at)) / self._whole:.1f}%"

    @property
    def _whole(self) -> timedelta:
        ends = (self.signed_at, self.applied_at, self.ends_at)
        return max(ends) - min(ends)


def guarantee_line(about: About) -> GuaranteeLine | None:
    """None without a period, hence without sign-for."""
    period = about.verdict.period
    if period is None or about.order is None or about.order.signed_at is None:
        return None
    return GuaranteeLine(about.order.signed_at, about.case.applied_at, period.ends_at)
