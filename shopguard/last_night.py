"""How last night's run stands: what the runs page says first and the metrics tell."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from shopguard.nightly import nights_due
from stores.models import Run, State
from stores.selectors.runs import first_shop_at, run_newest


@dataclass(frozen=True)
class LastNight:
    """The newest night that is due: its run if it has one, and the word for how it stands.

    ``standing`` is ``none`` (nothing was due yet), ``waiting``, ``running``, ``late``, ``errors``
    or ``done``. Late is a night that has not ended NIGHT_LATE_SECONDS after it was due.
    """

    standing: str
    day: date | None = None
    due: datetime | None = None
    run: Run | None = None

    @property
    def is_late(self) -> bool:
        """Whether the day's scores may come too late."""
        return self.standing == "late"


def last_night(*, now: datetime) -> LastNight:
    """The newest night that was due at ``now``."""
    since = first_shop_at()
    night = None if since is None else next(nights_due(now=now, since=since), None)
    if night is None:
        return LastNight("none")
    run = run_newest(day=night.day, rule_set=night.rules.id)
    is_over_time = now > night.due + timedelta(seconds=settings.NIGHT_LATE_SECONDS)
    return LastNight(_standing(run, is_over_time), night.day, night.due, run)


def _standing(run: Run | None, is_over_time: bool) -> str:
    if run is not None and run.finished_at is not None:
        return "done" if run.state == State.DONE else "errors"
    if is_over_time:
        return "late"
    return "waiting" if run is None else "running"
