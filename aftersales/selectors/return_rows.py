"""The order lines behind a number of the pages of diagnostics: what came back of a value of a cut,
of a day, for a reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.evidence import REASON
from aftersales.rules import finding_rules_on
from aftersales.selectors.cuts_page import SHOWN, cut_title, value_label
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.findings_page import PAGE_ROWS, ReturnRow, rows_of
from aftersales.selectors.return_basis import Basis, basis_of, sums_newest
from aftersales.selectors.return_keys import ALL, DAY, Wanted, line_keys
from shopguard.lib import formats
from shopguard.lib.paging import Page, page_of
from stores.models import OrderLine, Shop

ASKED = (*SHOWN, DAY, REASON, ALL)
QUALITY = "quality"
PIECE = 500
WEEKDAYS = tuple("1234567")


@dataclass(frozen=True)
class RowsPage:
    """One page of the rows, with what they are of."""

    wanted: Wanted
    label: str
    last_day: date
    days: int
    days_late: int
    page: Page[int]
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
    wanted, day, keys = found
    titles = product_titles(shop=shop, refs=[wanted.value]) if wanted.by == "product" else {}
    page = page_of(keys, asked, size=PAGE_ROWS)
    return RowsPage(
        wanted=wanted,
        label=_label(wanted, titles, today),
        last_day=day,
        days=finding_rules_on(day).window_days,
        days_late=max((today - day).days, 0),
        page=page,
        rows=rows_of(shop, list(_lines(shop, page.rows)), day),
    )


def rows_behind(*, shop: Shop, asked: QueryDict) -> Iterator[ReturnRow] | None:
    """Every row, some hundred at a time; None as for :func:`rows_page`."""
    found = _found(shop, asked)
    if found is None:
        return None
    _wanted, day, keys = found
    pieces = (keys[start : start + PIECE] for start in range(0, len(keys), PIECE))
    return (row for piece in pieces for row in rows_of(shop, list(_lines(shop, piece)), day))


def lines_behind(*, shop: Shop, asked: QueryDict) -> tuple[date, QuerySet[OrderLine]] | None:
    """The day up to which was counted and the lines; None as for :func:`rows_page`."""
    found = _found(shop, asked)
    if found is None:
        return None
    _wanted, day, keys = found
    return day, _lines(shop, keys)


def _found(shop: Shop, asked: QueryDict) -> tuple[Wanted, date, list[int]] | None:
    wanted = wanted_of(asked)
    sums = sums_newest(shop=shop, basis=wanted.basis) if wanted else None
    if wanted is None or sums is None:
        return None
    return wanted, sums.row.date, line_keys(shop=shop, wanted=wanted, day=sums.row.date)


def _lines(shop: Shop, keys: Sequence[int]) -> QuerySet[OrderLine]:
    return OrderLine.objects.for_shop(shop).filter(pk__in=keys).order_by("-pk")


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
