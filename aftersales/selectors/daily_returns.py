"""The daily page: rates with their usual range, reasons, products, and what goes with returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.control import Control, control
from aftersales.calc.lines import Flags
from aftersales.calc.return_sums import FEN, LINES, REST, RETURNS
from aftersales.charts import control_figure
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.finding_words import whole_yuan
from aftersales.selectors.findings_page import Rate
from aftersales.selectors.return_basis import Basis, Sums, Switch, basis_of, sums_newest, switch_of
from shopguard.lib import formats
from shopguard.lib.days import day_start
from shopguard.lib.exports import Column
from stores.models import Product, Review, Shop
from stores.models.facts import LOW_RATING

SHORT, LONG = 30, 90
MOST_PRODUCTS = 8
TOP = 3


@dataclass(frozen=True)
class DayLine:
    """A day: lines, returns, quality, money; ``outside`` is low, high or empty, for both rates."""

    day: date
    lines: int
    returns: int
    quality: int
    fen: int
    low: float | None
    high: float | None
    outside: str
    returns_outside: str
    is_complete: bool
    top: list[tuple[str, int]]
    rows_query: str

    @property
    def rate(self) -> float | None:
        """Returns by lines."""
        return self.returns / self.lines if self.lines else None

    @property
    def quality_rate(self) -> float | None:
        """Quality returns by lines."""
        return self.quality / self.lines if self.lines else None

    @property
    def range_text(self) -> str:
        """The usual range of the quality rate."""
        if self.low is None or self.high is None:
            return formats.UNKNOWN
        return f"{formats.percent(self.low)}–{formats.percent(self.high)}"

    @property
    def state(self) -> str:
        """The word of the day's quality rate."""
        if not self.is_complete:
            return "none"
        return {"high": "urgent", "low": "good"}.get(self.outside, "")


@dataclass(frozen=True)
class AroundLine:
    """A day of what goes with returns, each figure by a day of its own."""

    day: date
    consultations: int
    reply_seconds: int | None
    closed: int
    closed_hours: float | None
    complaints: int


@dataclass(frozen=True)
class ProductLine:
    """A product with its returns in the window, and its reviews of one to three stars."""

    ref: str
    title: str
    rate: Rate
    quality: int
    low_reviews: int


@dataclass(frozen=True)
class DailyPage:
    """Everything the page shows of the newest sums, worked out when it is asked for; days newest
    first.
    """

    sums: Sums
    span: int
    products: list[ProductLine]
    today: date

    @property
    def mark(self) -> str:
        """Everything the drawing of the page depends on that can change."""
        named = [(line.ref, line.title, line.low_reviews) for line in self.products]
        return f"{self.sums.mark}:{self.span}:{self.today}:{named}"

    @property
    def days_late(self) -> int:
        """Nights without sums."""
        return max((self.today - self.last_day).days, 0)

    @property
    def mature_days(self) -> int:
        """How many of the newest days are too young for a verdict."""
        return diagnostic_rules_on(self.last_day).mature_days[self.basis.day]

    @cached_property
    def _controls(self) -> tuple[Control, Control]:
        """The usual ranges of quality and of all returns, over the whole window."""
        rules = diagnostic_rules_on(self.last_day).control
        days = self.sums.row.days
        n = np.array([day[LINES] for day in self.sums.below.days], dtype=np.int64)
        # More may be applied for on a day than was sold on it; a rate above one has no limits.
        back = np.array([day[RETURNS] for day in days], dtype=np.int64)
        quality = np.array([day[self.basis.quality] for day in days], dtype=np.int64)
        complete = self._is_complete
        return (
            control(n, np.minimum(quality, n), complete, rules),
            control(n, np.minimum(back, n), complete, rules),
        )

    @property
    def _is_complete(self) -> Flags:
        count = len(self.sums.row.days)
        return np.asarray(np.arange(count) < count - self.mature_days)

    @property
    def quality_control(self) -> Control:
        """The usual range of the quality rate, over the whole window."""
        return self._controls[0]

    @property
    def returns_control(self) -> Control:
        """The usual range of the rate of all returns, over the whole window."""
        return self._controls[1]

    @cached_property
    def days(self) -> list[DayLine]:
        """The days shown, newest first."""
        lines = _day_lines(self.sums, self.quality_control, self.returns_control, self._is_complete)
        return lines[::-1][: self.span]

    @cached_property
    def around(self) -> list[AroundLine]:
        """What goes with returns on the days shown."""
        return _around(self.sums)[::-1][: self.span]

    @property
    def basis(self) -> Basis:
        """By which day, divided by what."""
        return self.sums.basis

    @cached_property
    def switch(self) -> Switch:
        """The links that change the basis."""
        return switch_of(self.basis, "" if self.span == SHORT else f"days={self.span}")

    @property
    def spans(self) -> list[tuple[str, str, bool]]:
        """The links that change how many days are shown."""
        query = self.basis.query
        return [
            (
                _("近 %(n)s 天") % {"n": days},
                "&".join(part for part in (query, f"days={days}") if part),
                days == self.span,
            )
            for days in (SHORT, LONG)
        ]

    @property
    def query(self) -> str:
        """What is on screen, for the export."""
        return "&".join(part for part in (self.basis.query, f"days={self.span}") if part)

    @property
    def last_day(self) -> date:
        """The day the sums go up to."""
        return self.sums.row.date

    @property
    def first_day(self) -> date:
        """The first day shown."""
        return self.last_day - timedelta(days=self.span - 1)

    @property
    def complete(self) -> list[DayLine]:
        """Days that are old enough for a verdict."""
        return [line for line in self.days if line.is_complete and line.lines]

    @property
    def outside(self) -> list[DayLine]:
        """Complete days whose quality rate is above its usual range."""
        return [line for line in self.complete if line.outside == "high"]

    @property
    def quality(self) -> Rate:
        """Quality returns of the days shown."""
        return Rate(sum(line.quality for line in self.days), sum(line.lines for line in self.days))

    @property
    def returns(self) -> Rate:
        """All returns of the days shown."""
        return Rate(sum(line.returns for line in self.days), sum(line.lines for line in self.days))

    @property
    def fen(self) -> int:
        """What was refunded of the days shown."""
        return sum(line.fen for line in self.days)

    @property
    def money(self) -> str:
        """The same in whole yuan."""
        return whole_yuan(self.fen)

    @property
    def reasons(self) -> list[tuple[str, int, float | None, str]]:
        """The three first reasons of the whole window, with their share of the returns and the
        address of their rows.
        """
        total = sum(day[RETURNS] for day in self.sums.row.days)
        told = self.sums.row.reasons[:TOP]
        return [
            (
                text or _("没写原因"), n, n / total if total else None,
                self.basis.rows_query("reason", text),
            )
            for text, n in told
        ]  # fmt: skip

    @property
    def quality_figure(self) -> dict[str, Any]:
        """The quality rate over the days with its usual range."""
        return self._figure(self.quality_control, [line.quality_rate for line in self.days])

    @property
    def returns_figure(self) -> dict[str, Any]:
        """The rate of all returns over the days with its usual range."""
        return self._figure(self.returns_control, [line.rate for line in self.days])

    def _figure(self, found: Control, rates: Sequence[float | None]) -> dict[str, Any]:
        days = [line.day for line in reversed(self.days)]
        values = [
            rate if line.is_complete else None
            for line, rate in zip(reversed(self.days), reversed(rates), strict=True)
        ]
        part = slice(len(found.low) - self.span, None)
        words = {"range": _("正常范围"), "rate": _("比率"), "outside": _("超出正常范围")}
        return control_figure(
            days, values, found.low[part].tolist(), found.high[part].tolist(),
            found.outside[part].tolist(), words,
        )  # fmt: skip


def daily_page(*, shop: Shop, asked: QueryDict, today: date) -> DailyPage | None:
    """The page ``asked`` names: the basis, and ``days`` shown. None while no night has counted."""
    sums = sums_newest(shop=shop, basis=basis_of(asked))
    if sums is None:
        return None
    span = LONG if asked.get("days") == str(LONG) else SHORT
    return DailyPage(sums=sums, span=span, products=_products(shop, sums), today=today)


def _day_lines(
    sums: Sums, of_quality: Control, of_returns: Control, complete: Flags
) -> list[DayLine]:
    first = sums.row.date - timedelta(days=len(sums.row.days) - 1)
    reasons = [text or _("没写原因") for text, _count in sums.row.reasons]
    quality = sums.basis.quality
    return [
        DayLine(
            day=first + timedelta(days=at),
            lines=below[LINES],
            returns=day[RETURNS],
            quality=day[quality],
            fen=day[FEN],
            low=_known(of_quality.low[at]),
            high=_known(of_quality.high[at]),
            outside=_outside(of_quality, at, day[quality], below[LINES]),
            returns_outside=_outside(of_returns, at, day[RETURNS], below[LINES]),
            is_complete=bool(complete[at]),
            top=[(reasons[place], count) for place, count in day[-1]],
            rows_query=sums.basis.rows_query("day", (first + timedelta(days=at)).isoformat()),
        )
        for at, (day, below) in enumerate(zip(sums.row.days, sums.below.days, strict=True))
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _outside(found: Control, at: int, k: int, n: int) -> str:
    if not found.outside[at]:
        return ""
    return "high" if k / n > found.high[at] else "low"


def _around(sums: Sums) -> list[AroundLine]:
    first = sums.row.date - timedelta(days=len(sums.row.around) - 1)
    return [
        AroundLine(
            day=first + timedelta(days=at),
            consultations=asked,
            reply_seconds=reply,
            closed=closed,
            closed_hours=seconds / closed / 3600 if closed else None,
            complaints=opened,
        )
        for at, (asked, reply, closed, seconds, opened) in enumerate(sums.row.around)
    ]


def _products(shop: Shop, sums: Sums) -> list[ProductLine]:
    """The products that come back most, in two queries."""
    sold = sums.sold
    told = [row for row in sums.values if row[0] != REST and row[1 + RETURNS]]
    told = told[:MOST_PRODUCTS]
    refs = [row[0] for row in told]
    titles = product_titles(shop=shop, refs=refs)
    since = day_start(sums.row.date - timedelta(days=len(sums.row.days) - 1))
    low = Review.objects.for_shop(shop).filter(
        rating__lte=LOW_RATING, created_at__gte=since, product_ref__in=refs
    )
    counts = dict(low.values_list("product_ref").annotate(n=Count("pk")))
    return [
        ProductLine(
            ref=row[0],
            title=titles.get(row[0]) or row[0],
            rate=Rate(row[1 + RETURNS], sold.get(row[0], 0)),
            quality=row[1 + sums.basis.quality],
            low_reviews=counts.get(row[0], 0),
        )
        for row in told
    ]


def product_titles(*, shop: Shop, refs: Sequence[str]) -> dict[str, str]:
    """What products are called, by id; one query."""
    rows = Product.objects.for_shop(shop).filter(external_id__in=refs)
    return dict(rows.values_list("external_id", "title"))


def daily_columns(page: DailyPage) -> list[Column[DayLine]]:
    """The days as a file; the basis stands in the heads."""
    basis = page.basis
    return [
        Column(basis.day_words, lambda line: line.day),
        Column(basis.of_words, lambda line: line.lines),
        Column(_("退货件数"), lambda line: line.returns),
        Column(_("总退货率"), lambda line: line.rate),
        Column(_("品质退货件数（%(by)s）") % {"by": basis.reason_words}, lambda line: line.quality),
        Column(_("品质退货率"), lambda line: line.quality_rate),
        Column(_("正常范围下限"), lambda line: line.low),
        Column(_("正常范围上限"), lambda line: line.high),
        Column(_("退款金额，元"), lambda line: line.fen / 100),
        Column(_("前三原因"), lambda line: _("、").join(f"{t} {n}" for t, n in line.top)),
        Column(_("可下结论"), lambda line: line.is_complete),
    ]
