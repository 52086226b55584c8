"""The order lines behind a number of the pages of diagnostics: what came back of a value of a cut,
of a day, for a reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.evidence import DAYS_AFTER, REASON
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Flags, Lines, lines_by_shop
from aftersales.calc.return_sums import APPLIED, SIGNED
from aftersales.findings import cuts
from aftersales.rules import finding_rules_on
from aftersales.selectors.cuts_page import SHOWN, cut_title, value_label
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.finding_lines import (
    lines_back,
    lines_bought,
    lines_returned,
    lines_signed,
)
from aftersales.selectors.findings_page import PAGE_ROWS, ReturnRow, rows_of
from aftersales.selectors.return_basis import NEWEST, Basis, basis_of, sums_newest
from shopguard.lib import formats
from shopguard.lib.paging import Page, page_of
from stores.models import OrderLine, Shop

DAY = "day"
ALL = "all"
ASKED = (*SHOWN, DAY, REASON, ALL)
QUALITY = "quality"
PIECE = 500
LONGEST_NUMBER = 4
WEEKDAYS = tuple("1234567")
NOWHERE = -9


@dataclass(frozen=True)
class Wanted:
    """Whose rows: a value of a cut, of ``day`` or of ``reason``, or all there are, by a basis;
    ``only`` quality.
    """

    by: str
    value: str
    only: str
    basis: Basis

    @property
    def query(self) -> str:
        """Its part of an address."""
        rows = self.basis.rows_query(self.by, self.value)
        return f"{rows}&only={self.only}" if self.only else rows


@dataclass(frozen=True)
class RowsPage:
    """One page of the rows, with what they are of."""

    wanted: Wanted
    label: str
    last_day: date
    days: int
    days_late: int
    page: Page[OrderLine]
    rows: list[ReturnRow]

    @property
    def basis(self) -> Basis:
        """By which day."""
        return self.wanted.basis

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def title(self) -> str:
        """What the value is a value of."""
        return title_of(self.wanted)

    @property
    def outcome(self) -> str:
        """What is counted."""
        return _("品质退货") if self.wanted.only else _("退货")


def wanted_of(asked: QueryDict) -> Wanted | None:
    """What an address asks for; None where it names nothing there is."""
    by = asked.get("by", ALL)
    value = asked.get("value", "").replace("\x00", "")
    is_one = {"weekday": value in WEEKDAYS, DAY: _day(value) is not None}.get(
        by, by == ALL or "value" in asked
    )
    if by not in ASKED or not is_one:
        return None
    only = QUALITY if asked.get("only") == QUALITY else ""
    return Wanted(by, value, only, basis_of(asked))


def title_of(wanted: Wanted) -> str:
    """What the value is a value of, in words."""
    if wanted.by == DAY:
        return wanted.basis.day_words
    if wanted.by == ALL:
        return _("整个窗口")
    return _("首次原因") if wanted.by == REASON else cut_title(wanted.by)


def rows_page(*, shop: Shop, asked: QueryDict, today: date) -> RowsPage | None:
    """The page of rows; None where nothing is named, or no night has counted."""
    found = _found(shop, asked)
    if found is None:
        return None
    wanted, day, lines = found
    titles = product_titles(shop=shop, refs=[wanted.value]) if wanted.by == "product" else {}
    page = page_of(lines, asked, size=PAGE_ROWS)
    return RowsPage(
        wanted=wanted,
        label=_label(wanted, titles, today),
        last_day=day,
        days=finding_rules_on(day).window_days,
        days_late=max((today - day).days, 0),
        page=page,
        rows=rows_of(shop, page.rows, day),
    )


def rows_behind(*, shop: Shop, asked: QueryDict) -> Iterator[ReturnRow] | None:
    """Every row, some hundred at a time; None as for :func:`rows_page`."""
    found = _found(shop, asked)
    if found is None:
        return None
    _wanted, day, lines = found
    pieces = (list(lines[start : start + PIECE]) for start in range(0, lines.count(), PIECE))
    return (row for piece in pieces for row in rows_of(shop, piece, day))


def _found(shop: Shop, asked: QueryDict) -> tuple[Wanted, date, QuerySet[OrderLine]] | None:
    wanted = wanted_of(asked)
    sums = sums_newest(shop=shop, basis=wanted.basis) if wanted else None
    if wanted is None or sums is None:
        return None
    keys = line_keys(shop=shop, wanted=wanted, day=sums.row.date)
    lines = OrderLine.objects.for_shop(shop).filter(pk__in=keys).order_by("-pk")
    return wanted, sums.row.date, lines


def line_keys(*, shop: Shop, wanted: Wanted, day: date) -> list[int]:
    """The keys of the lines, as the night of ``day`` counts them but from what is known now."""
    rules = finding_rules_on(day)
    found = list(lines_by_shop(_frame(shop, wanted.basis, day, rules.window_days)))
    if not found:
        return []
    [(_shop, lines)] = found
    keep = _of_value(lines, wanted, rules, day - timedelta(days=rules.window_days - 1))
    if wanted.only:
        is_latest = wanted.basis.reason == NEWEST
        keep = keep & (lines.numbers["latest_quality" if is_latest else "is_quality"] == 1)
    return [int(key) for key in lines.numbers["line"][keep]]


def _frame(shop: Shop, basis: Basis, day: date, window_days: int) -> pd.DataFrame:
    if basis.day == APPLIED:
        return lines_returned(shop_ids=[shop.pk], day=day, window_days=window_days)
    frame = lines_back(shop_ids=[shop.pk], day=day, window_days=window_days)
    return lines_signed(frame) if basis.day == SIGNED else lines_bought(frame)


def _of_value(lines: Lines, wanted: Wanted, rules: FindingRules, first: date) -> Flags:
    """Which lines have the value."""
    value = wanted.value
    if wanted.by == ALL:
        return lines.returned
    if wanted.by == DAY:
        return np.asarray(lines.numbers["day"] == ((_day(value) or first) - first).days)
    if wanted.by == DAYS_AFTER:
        is_number = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
        return np.asarray(is_number & (lines.days_to_apply == int(value if is_number else 0)))
    if wanted.by == REASON:
        return np.asarray(lines.labels[REASON][lines.texts[REASON]] == value)
    coded = cuts()[wanted.by].coded(lines, rules)
    names = [str(name) for name in coded.values]
    place = names.index(value) if value in names else NOWHERE
    return np.asarray(coded.codes == place)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _label(wanted: Wanted, titles: dict[str, str], today: date) -> str:
    if wanted.by == DAY:
        return formats.day(_day(wanted.value), today)
    if wanted.by == REASON:
        return wanted.value or _("没写原因")
    if wanted.by == ALL:
        return ""
    return value_label(wanted.by, wanted.value, titles)
