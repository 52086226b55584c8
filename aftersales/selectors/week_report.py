"""The weekly report: one week by day of application, beside the week before."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.case_clocks import clock_rules
from aftersales.calc.control import control
from aftersales.calc.return_sums import APPLIED, FEN, LINES, QUALITY, RETURNS
from aftersales.models import AfterSaleCase
from aftersales.quality_slot import quality_on
from aftersales.rules import clock_book, diagnostic_book, diagnostic_rules_on
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.finding_words import whole_yuan
from aftersales.selectors.findings_page import Rate, Shown, search_newest
from aftersales.selectors.fixes import EffectLine, FixLine, fix_lines
from aftersales.selectors.return_basis import Basis, Sums, sums_newest
from shopguard.lib import formats
from shopguard.lib.days import day_start
from shopguard.lib.exports import Column
from stores.models import OrderLine, Review, Shop
from stores.models.facts import LOW_RATING

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
class ProductRow:
    """A product of the week."""

    ref: str
    title: str
    returns: int
    quality: int
    fen: int
    low_reviews: int


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
    cases = _cases(shop, first, last)
    return WeekReport(
        first=first,
        last=last,
        days=_days(shop, sums, at, minutes),
        now=weekly[-1],
        before=weekly[-2] if len(weekly) > 1 else Totals(0, 0, 0, 0, 0, 0),
        low=_known(usual.low[-1]),
        high=_known(usual.high[-1]),
        is_outside=bool(usual.outside[-1]),
        bars=_bars(weekly[-WEEKS:], last),
        reasons=_reasons(cases, last),
        products=_products(shop, cases, first, last),
        findings=findings,
        steps=[found.advice[0] for found in findings],
        effects=_effects(shop),
        target_minutes=minutes,
        earlier=last - timedelta(days=WEEK) if at >= 2 * WEEK - 1 else None,
        later=last + timedelta(days=WEEK) if last + timedelta(days=WEEK) <= newest else None,
        data_day=newest,
        rule_set=_title(last),
    )


def _title(day: date) -> str:
    rules = diagnostic_book().in_force(day)
    return rules.title_en if formats.is_english() else rules.title_zh


def _effects(shop: Shop) -> list[tuple[FixLine, EffectLine]]:
    """The newest fixes that can say something."""
    told = [(line, line.newest) for line in fix_lines(shop=shop)]
    return [(line, newest) for line, newest in told if newest is not None][:TOP_FINDINGS]


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


def _days(shop: Shop, sums: Sums, at: int, minutes: int) -> list[WeekDay]:
    first, last = _day(sums, at - WEEK + 1), _day(sums, at)
    in_time = Q(first_reply_at__lte=F("applied_at") + timedelta(minutes=minutes))
    answers: dict[date, tuple[int, int]] = {}
    rows = _of_days(shop, first, last).values("applied_at__date")
    for row in rows.annotate(n=Count("pk"), k=Count("pk", filter=in_time)):
        answers[row["applied_at__date"]] = (row["n"], row["k"])
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


def _of_days(shop: Shop, first: date, last: date) -> Any:
    rows = AfterSaleCase.objects.for_shop(shop).filter(
        applied_at__gte=day_start(first), applied_at__lt=day_start(last + timedelta(days=1))
    )
    return rows.exclude(kind="freight_only").exclude(outcome="cancelled")


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


Case = tuple[str, int | None, str, int | None]


def _cases(shop: Shop, first: date, last: date) -> list[Case]:
    """The week's cases: order, line, first reason, fen refunded."""
    rows = _of_days(shop, first, last).order_by("pk")
    return list(rows.values_list("order_ref", "line_no", "reason", "refunded"))


def _reasons(cases: list[Case], day: date) -> list[tuple[str, int, str, bool]]:
    """First reasons with their count, the length of their bar, and whether they are quality."""
    is_quality = quality_on(day)
    counts = Counter(reason for _order, _line, reason, _fen in cases).most_common()
    told = counts[:TOP_REASONS]
    most = told[0][1] if told else 1
    rows = [
        (reason or _("没写原因"), n, f"{n / most * 100:.1f}%", is_quality(reason))
        for reason, n in told
    ]
    rest = sum(n for _reason, n in counts[TOP_REASONS:])
    return [*rows, (_("其余原因"), rest, f"{rest / most * 100:.1f}%", False)] if rest else rows


def _products(shop: Shop, cases: list[Case], first: date, last: date) -> list[ProductRow]:
    """The products of the week's cases that come back most, in three queries."""
    is_quality = quality_on(last)
    refs = {order for order, *_rest in cases}
    by_order: dict[str, dict[int, str]] = {}
    lines = OrderLine.objects.for_shop(shop).filter(order_ref__in=refs).exclude(product_ref="")
    for order, line, product in lines.values_list("order_ref", "line_no", "product_ref"):
        by_order.setdefault(order, {})[line] = product
    counts: dict[str, list[int]] = {}
    for order, line_no, reason, fen in cases:
        of_order = by_order.get(order, {})
        only = next(iter(of_order.values()), None) if len(of_order) == 1 else None
        found = only if line_no is None else of_order.get(line_no)
        if found is None:
            continue
        row = counts.setdefault(found, [0, 0, 0])
        row[0] += 1
        row[1] += is_quality(reason)
        row[2] += fen or 0
    top = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))[:TOP_PRODUCTS]
    told = [ref for ref, _row in top]
    titles = product_titles(shop=shop, refs=told)
    low = Review.objects.for_shop(shop).filter(
        rating__lte=LOW_RATING, created_at__gte=day_start(first),
        created_at__lt=day_start(last + timedelta(days=1)), product_ref__in=told,
    )  # fmt: skip
    reviews = Counter(low.values_list("product_ref", flat=True))
    return [
        ProductRow(ref, titles.get(ref) or ref, row[0], row[1], row[2], reviews[ref])
        for ref, row in top
    ]


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
