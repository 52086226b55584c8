"""What the pages of findings show, read from what the night kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.charts import bar_figure
from aftersales.models import AfterSaleCase, FindingRow, FindingSet
from aftersales.rules import finding_rules_on
from aftersales.selectors import finding_words as words
from shopguard.lib import formats
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Order, OrderLine, Product, Shop

PAGE_ROWS = 25
NORMAL_95 = 1.96
WIDTH = 100


@dataclass(frozen=True)
class Rate:
    """A rate with its counts and its 95 % interval by Wilson."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The rate; None of nothing."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high end; None of nothing, and where more came back than was sold on a day."""
        if not self.n or self.k > self.n:
            return None
        z2, share = NORMAL_95**2, self.k / self.n
        middle = share + z2 / (2 * self.n)
        spread = NORMAL_95 * ((share * (1 - share) + z2 / (4 * self.n)) / self.n) ** 0.5
        whole = 1 + z2 / self.n
        return max((middle - spread) / whole, 0.0), min((middle + spread) / whole, 1.0)

    @property
    def interval_text(self) -> str:
        """``1.2%–3.4%``."""
        ends = self.interval
        return f"{formats.percent(ends[0])}–{formats.percent(ends[1])}" if ends else formats.UNKNOWN


@dataclass(frozen=True)
class BarLine:
    """A bar of the comparison: its length and interval in per cent of the widest."""

    label: str
    rate: Rate
    most: float
    is_inside: bool

    @property
    def width(self) -> str:
        """Length of the bar."""
        return f"{(self.rate.value or 0) / self.most * WIDTH:.2f}%"

    @property
    def low(self) -> str:
        """Where the interval begins."""
        return f"{(self.rate.interval or (0, 0))[0] / self.most * WIDTH:.2f}%"

    @property
    def high(self) -> str:
        """Where the interval ends."""
        return f"{(self.rate.interval or (0, 0))[1] / self.most * WIDTH:.2f}%"


@dataclass(frozen=True)
class Shown:
    """A finding as it is shown."""

    row: FindingRow
    titles: dict[str, str]

    @property
    def sentence(self) -> str:
        """What it says."""
        return words.sentence(self.row, self.titles)

    @property
    def figures(self) -> str:
        """The counts behind it."""
        return words.figures_text(self.row)

    @property
    def excess(self) -> str:
        """What it costs."""
        return words.excess_text(self.row)

    @property
    def lift_text(self) -> str:
        """How many times the rest."""
        return formats.UNKNOWN if self.row.lift is None else f"{formats.number(self.row.lift, 1)}×"

    @property
    def parts(self) -> list[str]:
        """The dimensions of the cut, for chips."""
        return [words.part_words(name, value, self.titles) for name, value in self.row.cut]

    @property
    def advice(self) -> list[str]:
        """What to do."""
        return words.advice(self.row)

    @property
    def is_share(self) -> bool:
        """Whether it is one of returns, not of lines."""
        return self.row.cut[-1][0] in words.SHARES

    @property
    def outcome(self) -> str:
        """What is counted."""
        if self.is_share:
            return _("占退货的比例")
        return words.outcome_word(self.row.outcome)

    @property
    def bars(self) -> list[BarLine]:
        """Inside against outside; a reason has no outside."""
        inside = Rate(self.row.k_inside, self.row.n_inside)
        rates = [(_("这一组"), inside, True)]
        if self.row.n_outside:
            rates.append((_("其他"), Rate(self.row.k_outside, self.row.n_outside), False))
        most = max((rate.interval or (0, 1))[1] for _label, rate, _is_inside in rates) or 1.0
        return [BarLine(label, rate, most, is_inside) for label, rate, is_inside in rates]

    @property
    def reasons(self) -> list[tuple[str, int, str]]:
        """First reasons with their counts and the length of their bar."""
        most = max((count for _reason, count in self.row.reasons), default=1)
        return [
            (reason or _("没写原因"), count, f"{count / most * WIDTH:.1f}%")
            for reason, count in self.row.reasons
        ]

    @property
    def gain(self) -> str:
        """The shop's rate as it is, and as it would be without the excess."""
        whole = self.row.found
        k = whole.quality if self.row.outcome == "quality" else whole.returns
        now = k / whole.rows if whole.rows else None
        then = max(k - self.row.excess, 0.0) / whole.rows if whole.rows else None
        places = 2 if self.row.outcome == "quality" else 1
        return f"{formats.percent(now, places)} → {formats.percent(then, places)}"

    @property
    def gain_words(self) -> str:
        """What that supposes, and of which rate."""
        return words.gain_words(self.row)


@dataclass(frozen=True)
class Search:
    """The newest search of a shop with its findings; ``days_late`` counts nights without one."""

    found: FindingSet
    findings: list[Shown]
    window_days: int
    days_late: int

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return self.found.date - timedelta(days=self.window_days - 1)

    @property
    def quality(self) -> Rate:
        """Quality cases by signed lines."""
        return Rate(self.found.quality, self.found.rows)

    @property
    def returns(self) -> Rate:
        """Returns by signed lines."""
        return Rate(self.found.returns, self.found.rows)


def search_newest(*, shop: Shop, today: date) -> Search | None:
    """The newest search of the shop, in two queries; None while no night has searched."""
    found = set_newest(shop=shop)
    return search_of(found, today=today) if found else None


def set_newest(*, shop: Shop) -> FindingSet | None:
    """The newest search alone."""
    return FindingSet.objects.for_shop(shop).order_by("-date").first()


def search_of(found: FindingSet, *, today: date) -> Search:
    """A search with what it found. One query."""
    rows = list(
        found.findings.annotate(first=KT("cut__0__1"), second=KT("cut__1__1"))
        .annotate(first_title=_title_of("first"), second_title=_title_of("second"))
        .defer("lines")
        .order_by("rank")
    )
    titles = {
        value: title
        for row in rows
        for (_name, value), title in zip(row.cut, (row.first_title, row.second_title), strict=False)
        if title is not None
    }
    return Search(
        found=found,
        findings=[Shown(row, titles) for row in rows],
        window_days=finding_rules_on(found.date).window_days,
        days_late=max((today - found.date).days, 0),
    )


def _title_of(place: str) -> Subquery:
    """The title of the product that a cut names; null where it names something else."""
    products = Product.objects.filter(shop=OuterRef("shop"), external_id=OuterRef(place))
    return Subquery(products.values("title")[:1])


@dataclass(frozen=True)
class ReturnRow:
    """An order line that came back, with its order and its earliest case."""

    line: OrderLine
    order: Order | None
    case: AfterSaleCase | None

    @property
    def placed(self) -> datetime | None:
        """When the order was placed."""
        return self.order.placed_at if self.order else None

    @property
    def signed(self) -> datetime | None:
        """When it was signed for."""
        return self.order.signed_at if self.order else None

    @property
    def applied(self) -> datetime | None:
        """When the buyer applied."""
        return self.case.applied_at if self.case else None


@dataclass(frozen=True)
class Detail:
    """One finding with its chart and one page of its rows."""

    search: Search
    shown: Shown
    page: Page[OrderLine]
    rows: list[ReturnRow]

    @property
    def chart_title(self) -> str:
        """What the bars are."""
        if self.shown.row.cut[-1][0] == "reason":
            return _("退货按首次原因")
        if self.shown.row.cut[-1][0] == "days_after_order":
            return _("退货按下单后天数")
        return words.outcome_word(self.shown.row.outcome)

    @property
    def bars(self) -> list[tuple[str, Rate, bool]]:
        """Value, rate, and whether the finding is about it; a share is one of the returns the
        finding looks at, and reasons stand by how frequent they are.
        """
        row = self.shown.row
        name, own = row.cut[-1]
        told = sorted(row.bars, key=lambda bar: -bar[2]) if name == "reason" else row.bars
        return [
            (
                _bar_label(name, value, self.shown.titles),
                Rate(k, row.n_inside if self.shown.is_share else n),
                _is_own(name, value, own),
            )
            for value, n, k in told
        ]

    @property
    def figure(self) -> dict[str, Any]:
        """The bars as plotly draws them."""
        return bar_figure([(label, rate.n, rate.k, is_own) for label, rate, is_own in self.bars])


def _bar_label(name: str, value: str, titles: dict[str, str]) -> str:
    if name in ("hour_from", "hour", "days_after_order", "reason", "sku", "spec", "province"):
        return value
    return words.part_words(name, value, titles)


def _is_own(name: str, value: str, own: str) -> bool:
    return int(value) >= int(own) if name == "hour_from" else value == own


def finding_detail(*, shop: Shop, rank: int, now_day: date, asked: QueryDict) -> Detail | None:
    """One finding of the newest search; None where there is none of that rank."""
    search = search_newest(shop=shop, today=now_day)
    found = [shown for shown in search.findings if shown.row.rank == rank] if search else []
    if search is None or not found:
        return None
    page = page_of(_lines(shop, found[0].row), asked, size=PAGE_ROWS)
    return Detail(search, found[0], page, rows_of(shop, page.rows, search.found.date))


def finding_lines(
    *, shop: Shop, rank: int, day: str | None
) -> tuple[date, QuerySet[OrderLine]] | None:
    """The lines behind a finding of a day (YYYY-MM-DD), of the newest search without one, and
    that day; None where there is none of that rank.
    """
    found = FindingSet.objects.for_shop(shop).order_by("-date")
    newest = (found.filter(date=day) if day else found).first()
    row = newest.findings.filter(rank=rank).first() if newest else None
    return (newest.date, _lines(shop, row)) if newest and row else None


def _lines(shop: Shop, row: FindingRow) -> QuerySet[OrderLine]:
    """The order lines of a finding that are still there; their keys, thousands of a large shop,
    stay in the database.
    """
    keys = FindingRow.objects.for_shop(shop).filter(pk=row.pk)
    told = keys.annotate(key=Func(F("lines"), function="unnest", output_field=BigIntegerField()))
    return OrderLine.objects.for_shop(shop).filter(pk__in=told.values("key")).order_by("-pk")


def rows_of(shop: Shop, lines: Sequence[OrderLine], until: date) -> list[ReturnRow]:
    """The lines with their orders and earliest cases, in two queries."""
    refs = [line.order_ref for line in lines]
    orders = {
        order.external_id: order
        for order in Order.objects.for_shop(shop).filter(external_id__in=refs)
    }
    cases: dict[tuple[str, int | None], AfterSaleCase] = {}
    counted = AfterSaleCase.objects.for_shop(shop).filter(order_ref__in=refs)
    counted = counted.exclude(kind="freight_only").exclude(outcome="cancelled")
    for case in counted.order_by("applied_at", "external_id"):
        cases.setdefault((case.order_ref, case.line_no), case)
    return [
        ReturnRow(
            line,
            orders.get(line.order_ref),
            cases.get((line.order_ref, line.line_no)) or cases.get((line.order_ref, None)),
        )
        for line in lines
    ]


def rows_streamed(shop: Shop, shown: Shown, until: date, piece: int = 500) -> Iterator[ReturnRow]:
    """Every row of a finding, some hundred at a time."""
    rows = _lines(shop, shown.row)
    for start in range(0, len(shown.row.lines), piece):
        yield from rows_of(shop, list(rows[start : start + piece]), until)


def row_columns() -> list[Column[ReturnRow]]:
    """The rows behind a finding as a file."""
    return [
        Column(_("订单编号"), lambda row: row.line.order_ref),
        Column(_("行号"), lambda row: row.line.line_no),
        Column(_("商品编号"), lambda row: row.line.product_ref),
        Column("SKU", lambda row: row.line.sku),
        Column(_("规格"), lambda row: row.line.spec),
        Column(_("下单"), lambda row: _of(row.order, "placed_at")),
        Column(_("签收"), lambda row: _of(row.order, "signed_at")),
        Column(_("申请"), lambda row: _of(row.case, "applied_at")),
        Column(_("首次原因"), lambda row: _of(row.case, "reason")),
        Column(_("售后单"), lambda row: _of(row.case, "external_id")),
    ]


def _of(record: Order | AfterSaleCase | None, name: str) -> Any:
    value: str | datetime | None = getattr(record, name, None)
    return value
