"""The weekly report: one week by day of application, beside the week before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.case_clocks import clock_rules
from aftersales.calc.control import control
from aftersales.calc.return_sums import APPLIED, FEN, LINES, QUALITY, RETURNS
from aftersales.quality_slot import quality_on
from aftersales.rules import clock_book, diagnostic_book, diagnostic_rules_on
from aftersales.selectors.finding_words import whole_yuan
from aftersales.selectors.findings_page import Rate, Shown, search_newest
from aftersales.selectors.fixes import EffectLine, FixLine, effects_newest
from aftersales.selectors.return_basis import Basis, Sums, sums_newest
from aftersales.selectors.week_cases import (
    ProductRow,
    ReasonOfDay,
    products_of_week,
    reasons_of_days,
)
from shopguard.lib import formats
from shopguard.lib.exports import Column
from stores.models import Shop

WEEK = 7
WEEKS = 8
TOP_REASONS, TOP_PRODUCTS, TOP_FINDINGS = 7, 5, 3


@dataclass(frozen=True)
class WeekDay:
    """A day of the report; hours are the shop's own, of the cases closed on that day."""

    day: date
    returns: int
    quality: int
    fen: int
    closed: int
    hours: float | None
    asked: int
    answered: int

    @property
    def weekday(self) -> str:
        """Its name."""
        return formats.weekday(self.day)

    @property
    def answer_share(self) -> float | None:
        """Cases first answered within the target."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class Totals:
    """A week in sums."""

    returns: int
    quality: int
    fen: int
    lines: int
    closed: int
    seconds: int

    @property
    def money(self) -> str:
        """What was refunded."""
        return whole_yuan(self.fen)

    @property
    def rate(self) -> Rate:
        """Returns applied for by lines signed for in the week."""
        return Rate(self.returns, self.lines)

    @property
    def hours(self) -> float | None:
        """The shop's own hours of a closed case."""
        return self.seconds / self.closed / 3600 if self.closed else None


@dataclass(frozen=True)
class WeekBar:
    """The hours of one of the last weeks, and how long its bar is."""

    last: date
    hours: float | None
    width: str


@dataclass(frozen=True)
class WeekReport:
    """Everything the report says; ``low`` and ``high`` are the usual range of the rate."""

    first: date
    last: date
    days: list[WeekDay]
    now: Totals
    before: Totals
    low: float | None
    high: float | None
    is_outside: bool
    bars: list[WeekBar]
    reasons: list[tuple[str, int, str, bool]]
    products: list[ProductRow]
    findings: list[Shown]
    steps: list[str]
    effects: list[tuple[FixLine, EffectLine]]
    target_minutes: int
    earlier: date | None
    later: date | None
    data_day: date
    rule_set: str

    @property
    def range_text(self) -> str:
        """The usual range of the rate."""
        if self.low is None or self.high is None:
            return formats.UNKNOWN
        return f"{formats.percent(self.low)}–{formats.percent(self.high)}"


def week_report(*, shop: Shop, asked: QueryDict, today: date) -> WeekReport | None:
    """The week that ends on the day ``asked`` names (``last``), else the newest whole one. None
    while no night has counted.
    """
    sums = sums_newest(shop=shop, basis=Basis(APPLIED))
    if sums is None:
        return None
    newest = sums.row.date if sums.row.date < today else today - timedelta(days=1)
    at = _place(sums, asked.get("last", ""), newest)
    last = _day(sums, at)
    first = last - timedelta(days=WEEK - 1)
    rules = diagnostic_rules_on(last)
    weekly = [_totals(sums, end) for end in range(at, WEEK - 2, -WEEK)][::-1]
    lines = np.array([week.lines for week in weekly], dtype=np.int64)
    back = np.array([week.returns for week in weekly], dtype=np.int64)
    usual = control(lines, np.minimum(back, lines), np.ones(len(lines), dtype=bool), rules.control)
    search = search_newest(shop=shop, today=today)
    findings = search.findings[:TOP_FINDINGS] if search else []
    minutes = clock_rules(clock_book().sets, last)["answer.target"]
    told = reasons_of_days(shop=shop, first=first, last=last, target_minutes=minutes)
    is_quality = quality_on(last)
    quality = [reason for reason in {row.reason for row in told} if is_quality(reason)]
    return WeekReport(
        first=first,
        last=last,
        days=_days(sums, at, told),
        now=weekly[-1],
        before=weekly[-2] if len(weekly) > 1 else Totals(0, 0, 0, 0, 0, 0),
        low=_known(usual.low[-1]),
        high=_known(usual.high[-1]),
        is_outside=bool(usual.outside[-1]),
        bars=_bars(weekly[-WEEKS:], last),
        reasons=_reasons(told, quality),
        products=products_of_week(
            shop=shop, first=first, last=last, quality=quality, most=TOP_PRODUCTS
        ),
        findings=findings,
        steps=[found.advice[0] for found in findings],
        effects=effects_newest(shop=shop, most=TOP_FINDINGS),
        target_minutes=minutes,
        earlier=last - timedelta(days=WEEK) if at >= 2 * WEEK - 1 else None,
        later=last + timedelta(days=WEEK) if last + timedelta(days=WEEK) <= newest else None,
        data_day=newest,
        rule_set=_title(last),
    )


def _title(day: date) -> str:
    rules = diagnostic_book().in_force(day)
    return rules.title_en if formats.is_english() else rules.title_zh


def _place(sums: Sums, asked: str, newest: date) -> int:
    """The place of the last day of the week in the sums."""
    try:
        wanted = date.fromisoformat(asked)
    except ValueError:
        wanted = newest
    back = (sums.row.date - min(wanted, newest)).days
    return max(len(sums.row.days) - 1 - back, WEEK - 1)


def _day(sums: Sums, at: int) -> date:
    return sums.row.date - timedelta(days=len(sums.row.days) - 1 - at)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _totals(sums: Sums, end: int) -> Totals:
    part = slice(end - WEEK + 1, end + 1)
    days, around = sums.row.days[part], sums.row.around[part]
    return Totals(
        returns=sum(day[RETURNS] for day in days),
        quality=sum(day[QUALITY] for day in days),
        fen=sum(day[FEN] for day in days),
        lines=sum(day[LINES] for day in sums.below.days[part]),
        closed=sum(day[2] for day in around),
        seconds=sum(day[3] for day in around),
    )


def _days(sums: Sums, at: int, cases: Sequence[ReasonOfDay]) -> list[WeekDay]:
    answers: dict[date, tuple[int, int]] = {}
    for row in cases:
        n, k = answers.get(row.day, (0, 0))
        answers[row.day] = (n + row.count, k + row.answered)
    told = []
    for place in range(at - WEEK + 1, at + 1):
        day, around = sums.row.days[place], sums.row.around[place]
        asked, answered = answers.get(_day(sums, place), (0, 0))
        hours = around[3] / around[2] / 3600 if around[2] else None
        told.append(
            WeekDay(
                _day(sums, place), day[RETURNS], day[QUALITY], day[FEN], around[2], hours,
                asked, answered,
            )
        )  # fmt: skip
    return told


def _bars(weeks: list[Totals], last: date) -> list[WeekBar]:
    most = max((week.hours or 0 for week in weeks), default=0) or 1
    back = len(weeks) - 1
    return [
        WeekBar(
            last - timedelta(days=WEEK * (back - at)), week.hours,
            f"{(week.hours or 0) / most * 100:.1f}%",
        )
        for at, week in enumerate(weeks)
    ]  # fmt: skip


def _reasons(
    cases: Sequence[ReasonOfDay], quality: Sequence[str]
) -> list[tuple[str, int, str, bool]]:
    """First reasons with their count, the length of their bar, and whether they are quality; of
    two as frequent the one that came first.
    """
    totals: Counter[str] = Counter()
    for row in sorted(cases, key=lambda row: row.first):
        totals[row.reason] += row.count
    counts = totals.most_common()
    told = counts[:TOP_REASONS]
    most = told[0][1] if told else 1
    rows = [
        (reason or _("没写原因"), n, f"{n / most * 100:.1f}%", reason in quality)
        for reason, n in told
    ]
    rest = sum(n for _reason, n in counts[TOP_REASONS:])
    return [*rows, (_("其余原因"), rest, f"{rest / most * 100:.1f}%", False)] if rest else rows


def week_columns(report: WeekReport) -> list[Column[WeekDay]]:
    """The days of the report as a file."""
    answered = _("%(n)s 分钟内首次回复（申请日）") % {"n": report.target_minutes}
    return [
        Column(_("申请日"), lambda day: day.day),
        Column(_("退货件数"), lambda day: day.returns),
        Column(_("其中品质（首次原因）"), lambda day: day.quality),
        Column(_("退款金额，元"), lambda day: day.fen / 100),
        Column(_("完结件数（完结日）"), lambda day: day.closed),
        Column(_("本店用时，小时（完结日）"), lambda day: day.hours),
        Column(answered, lambda day: day.answer_share),
    ]
