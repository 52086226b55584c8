"""Everything the recovery page shows: the totals to come, and when bad days stop hurting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.charts import Line, Reference, band_figure
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.forecast import BadDay, Outlook
from servicescore.selectors.headline import Gate, gates_of
from servicescore.selectors.kept import ahead_kept, series_kept
from servicescore.selectors.score_frame import FramedPage, frame_asked
from servicescore.selectors.score_page import STAFF_ROLES, Need, total_need
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.trend import MONTH
from shopguard.lib import formats
from stores.models import Shop

DAYS_AHEAD = 60
PAST_NIGHTS = 60
WEEK = 7
# Heavier days than these are listed with what they did; the calendar shows all that leave.
WORST_LISTED = 8
HEAT_STEPS = 5
PLACES = 3


@dataclass(frozen=True)
class CalendarDay:
    """A day to come: what leaves the window on it. ``heat`` runs from 0, nothing, to 5."""

    day: date | None
    bad: BadDay | None
    heat: int

    @property
    def effect_text(self) -> str:
        """The gain of the day; empty where nothing bad leaves or it does not show."""
        if self.bad is None or not _shows(self.bad):
            return ""
        return formats.number(self.bad.effect, PLACES)


@dataclass(frozen=True)
class WorstDay:
    """One of the days that hurt most: its causes in words, the first metric, and when it leaves."""

    day: date
    leaves_on: date
    days_left: int
    effect: float
    causes: str
    metric: str


@dataclass(frozen=True)
class OutlookRow:
    """A day to come in the table."""

    day: date
    expected: str
    low: str
    high: str


@dataclass(frozen=True)
class RecoveryPage(FramedPage):
    """The page; without a total there is no ``figure``, and ``need`` says what is missing."""

    sentence: SafeString
    figure: dict[str, Any] | None
    rows: list[OutlookRow]
    weeks: list[list[CalendarDay]]
    worst: list[WorstDay]
    leaving: int
    need: Need | None


def recovery_page(
    *, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> RecoveryPage | None:
    """The page for a person of ``role``; None where there is no such score.

    ``asked`` may name a score date (``date``) and a ``revision`` of it.
    """
    frame = frame_asked(shop, role, now, asked)
    if frame is None:
        return None
    view = frame.view
    ahead, found = ahead_kept(view, DAYS_AHEAD)
    staff = role in STAFF_ROLES
    series = series_kept(shop, view, days=PAST_NIGHTS, now=now, staff=staff)
    return RecoveryPage(
        frame=frame,
        sentence=_sentence(view, ahead),
        figure=_figure(view, series.days, series.totals, ahead) if ahead else None,
        rows=[_outlook_row(one) for one in ahead],
        weeks=calendar(view.date, found) if ahead else [],
        worst=[_worst_day(view.date, one) for one in found[:WORST_LISTED]],
        leaving=sum(map(_shows, _leaving(view.date, found).values())),
        need=total_need(view),
    )


def _sentence(view: ScoreView, ahead: Sequence[Outlook]) -> SafeString:
    if view.total is None or not ahead:
        return format_html("{}", _("有了总分才能往前看"))
    last, today = ahead[-1], timezone.localdate()
    told = {
        "day": formats.day(last.target, today),
        "expected": formats.score(last.expected),
        "low": formats.score(last.low),
        "high": formats.score(last.high),
    }
    gate, crossing = _crossing(view, ahead)
    if gate is None or crossing is None:
        return format_html(_("照现在这样，{day}大约 {expected}（{low}–{high}）"), **told)
    told |= {
        "when": formats.day(crossing.target, today),
        "gate": gate.label,
        "bound": formats.score(gate.value),
    }
    if crossing.expected < gate.value:
        return format_html(
            _("照现在这样，{when}前后跌破{gate}门槛 {bound}；{day}大约 {expected}"), **told
        )
    return format_html(
        _("照现在这样，{when}前后升过{gate}门槛 {bound}；{day}大约 {expected}"), **told
    )


def _crossing(view: ScoreView, ahead: Sequence[Outlook]) -> tuple[Gate | None, Outlook | None]:
    """The first gate the expected total crosses, and when."""
    total = view.total or 0.0
    for one in ahead:
        for gate in gates_of(view.rule_set):
            if (one.expected >= gate.value) != (total >= gate.value):
                return gate, one
    return None, None


def _figure(
    view: ScoreView,
    days: Sequence[date],
    totals: Sequence[float | None],
    ahead: Sequence[Outlook],
) -> dict[str, Any]:
    gates = [
        Reference(gate.value, f"{gate.label} {gate.value:.1f}") for gate in gates_of(view.rule_set)
    ]
    past = Line(_("总分"), totals, "")
    end = _("预计 %(total)s") % {"total": formats.score(ahead[-1].expected)}
    start = view.total or 0.0
    return band_figure(
        days,
        past,
        [view.date, *(one.target for one in ahead)],
        Line(_("预计"), [start, *(one.expected for one in ahead)], end),
        ([start, *(one.low for one in ahead)], [start, *(one.high for one in ahead)]),
        gates,
        month_format=MONTH[formats.is_english()],
        band_label=_("80% 的可能在此之间"),
    )


def _outlook_row(one: Outlook) -> OutlookRow:
    return OutlookRow(
        one.target, formats.score(one.expected), formats.score(one.low), formats.score(one.high)
    )


def _leaving(day: date, found: Sequence[BadDay]) -> dict[date, BadDay]:
    """The bad days that leave within the days ahead, by the day they leave."""
    last = day + timedelta(days=DAYS_AHEAD)
    return {one.leaves_on: one for one in found if day < one.leaves_on <= last}


def calendar(day: date, found: Sequence[BadDay]) -> list[list[CalendarDay]]:
    """The days ahead as weeks from Monday; places before the first and after the last are empty."""
    leaving = _leaving(day, found)
    most = max((one.effect for one in leaving.values()), default=0.0)
    first = day + timedelta(days=1)
    cells = [CalendarDay(None, None, 0)] * first.weekday()
    for ahead in range(DAYS_AHEAD):
        at = first + timedelta(days=ahead)
        cells.append(CalendarDay(at, leaving.get(at), _heat(leaving.get(at), most)))
    cells += [CalendarDay(None, None, 0)] * (-len(cells) % WEEK)
    return [cells[begin : begin + WEEK] for begin in range(0, len(cells), WEEK)]


def _shows(bad: BadDay) -> bool:
    """Whether the gain is more than nothing in the places shown."""
    return bool(formats.rounded(bad.effect, PLACES))


def _heat(bad: BadDay | None, most: float) -> int:
    if bad is None or not most or not _shows(bad):
        return 0
    return max(1, round(bad.effect / most * HEAT_STEPS))


def _worst_day(day: date, one: BadDay) -> WorstDay:
    strongest = [name for name, effect in one.by_metric.items() if effect > 0][:2]
    return WorstDay(
        day=one.day,
        leaves_on=one.leaves_on,
        days_left=(one.leaves_on - day).days,
        effect=one.effect,
        causes=_("、").join(metric_words.label(metrics()[name]) for name in strongest),
        metric=strongest[0] if strongest else "",
    )
