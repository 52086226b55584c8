"""The table of rows on the page of a metric: what is chosen, what is shown, what has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.calc.declaration import Metric
from servicescore.calc.standpoint import Standpoint
from servicescore.selectors import metric_words
from servicescore.selectors.metric_days import MetricDays, Parts
from servicescore.selectors.metric_rows import (
    MOST_COUNTED,
    Row,
    Selection,
    Window,
    rows_counted,
    rows_read,
    rows_streamed,
)
from servicescore.selectors.row_effects import streamed_with_effects, with_effects
from servicescore.selectors.row_filters import (
    Choice,
    in_order,
    mode_choices,
    query_of,
    show_choices,
    show_word,
    sort_choices,
)
from servicescore.selectors.row_words import RowLine, detail_of, row_line, why_of
from servicescore.selectors.rows import row_sources
from servicescore.selectors.rows._declare import EVERY
from servicescore.selectors.scores import MetricScore
from shopguard.lib import formats
from shopguard.lib.exports import Column
from stores.models import Shop

PAGE_ROWS = 25
FOUND_FOR_ONE = 10


@dataclass(frozen=True)
class RowList:
    """One page of rows. ``total`` beyond :data:`MOST_COUNTED` is not known exactly; ``records`` is
    how many rows at most have to be read to put them in order.
    """

    metric: Metric
    chosen: Selection
    score: MetricScore
    days: MetricDays
    lines: Sequence[RowLine]
    number: int
    total: int
    day: str
    records: int

    @property
    def shows(self) -> list[Choice]:
        """The groups of records as tabs."""
        return show_choices(self.metric, self.chosen, self.day)

    @property
    def sorts(self) -> list[Choice]:
        """The orders to choose from."""
        return sort_choices(self.chosen, self.records)

    @property
    def modes(self) -> list[Choice]:
        """The trade modes to choose from."""
        return mode_choices(self.metric, self.chosen)

    @property
    def show_word(self) -> str:
        """What the records shown are called."""
        return show_word(self.metric, self.chosen.show)

    @property
    def began_label(self) -> str | Promise:
        """What the first of the two times is."""
        return row_sources()[self.metric.id].began_label

    @property
    def ended_label(self) -> str | Promise:
        """What the second of the two times is."""
        return row_sources()[self.metric.id].ended_label

    @property
    def has_modes(self) -> bool:
        """Whether the metric is kept apart by trade modes."""
        return bool(self.metric.modes)

    @property
    def amount_unit(self) -> str:
        """The unit of what rows add to the numerator."""
        return {"hours": _("小时"), "stars": _("星"), "fraction": ""}[self.metric.unit]

    @property
    def total_text(self) -> str:
        """How many there are, or that there are more than are counted."""
        if self.total > MOST_COUNTED and self.chosen.is_found_by_text:
            return f"{formats.number(MOST_COUNTED)}+"
        return formats.number(self.total)

    @property
    def first(self) -> int:
        """The place of the first row shown; 0 when there is none."""
        return (self.number - 1) * PAGE_ROWS + 1 if self.lines else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return (self.number - 1) * PAGE_ROWS + len(self.lines)

    @property
    def previous_query(self) -> str:
        """The page before; empty on the first."""
        if self.number == 1:
            return ""
        return query_of(self.chosen, day=self.day, page=self.number - 1)

    @property
    def next_query(self) -> str:
        """The page after; empty on the last one that is shown."""
        if self.last >= min(self.total, MOST_COUNTED) or not self.lines:
            return ""
        return query_of(self.chosen, day=self.day, page=self.number + 1)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the tab narrows the rows."""
        return replace(self.chosen, show="", sort="") != Selection("", sort="")

    @property
    def clear_query(self) -> str:
        """The same tab with nothing else."""
        return query_of(Selection(self.chosen.show, sort=""), day=self.day)

    @property
    def export_query(self) -> str:
        """The query of the download of exactly these rows."""
        return query_of(self.chosen, day=self.day)

    @property
    def totals_now(self) -> Parts:
        """Numerator, denominator and excluded count of the whole window by the facts of now."""
        return self.days.over(Selection("counted"))

    @property
    def has_changed(self) -> bool:
        """Whether the facts are no longer those the score was computed from."""
        return self.totals_now != (self.score.num, self.score.den, self.score.excl)

    @property
    def value_now(self) -> str:
        """The value the facts of now would give."""
        num, den = self.days.weighted()
        return metric_words.value_text(self.metric, num / den / self.metric.scale if den else None)


def row_list(
    shop: Shop,
    score: MetricScore,
    days: MetricDays,
    chosen: Selection,
    asked: Mapping[str, str],
    day: str,
    stand: Standpoint,
) -> RowList:
    """The rows somebody asks for. One query, and one more where neither it nor days tell how many.

    ``stand`` is where the shop stands: what the rows do to the total is worked out from there.
    """
    metric = score.metric
    number = _page_asked(asked.get("page", ""))
    total = _known_total(metric, days, chosen)
    records = records_of(metric, days, chosen)
    chosen = in_order(chosen, records)
    rows = []
    if total != 0:
        first = (number - 1) * PAGE_ROWS
        rows = rows_read(shop, metric.id, days.window, chosen, limit=PAGE_ROWS, offset=first)
    if total is None and number == 1 and len(rows) < PAGE_ROWS:
        total = len(rows)
    if total is None and rows and rows[0].found is not None:
        total = min(rows[0].found, MOST_COUNTED + 1)
    if total is None:
        total = rows_counted(shop, metric.id, days.window, chosen)
    weighted = days.weighted()
    return RowList(
        metric=metric,
        chosen=chosen,
        score=score,
        days=days,
        lines=[row_line(metric, row, weighted) for row in with_effects(stand, metric, rows)],
        number=number,
        total=total,
        day=day,
        records=records,
    )


def _page_asked(text: str) -> int:
    most = MOST_COUNTED // PAGE_ROWS
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return min(max(int(text), 1), most) if is_number else 1


def records_of(metric: Metric, days: MetricDays, chosen: Selection) -> int:
    """How many records at most are read to put a selection in order, as the daily sums tell it.

    Those in a numerator may have an index of their own, which finds some others along with them.
    """
    num, den, excluded = days.over(chosen)
    if chosen.show == "excluded":
        return excluded
    if chosen.show == "numerator" and row_sources()[metric.id].numerator_only != EVERY:
        return min(den, num * FOUND_FOR_ONE)
    return den


def _known_total(metric: Metric, days: MetricDays, chosen: Selection) -> int | None:
    """How many rows there are, where the daily sums say it; None where only counting does.

    An order may have several tickets or excluded tickets, so that sums are no counts of rows; but
    where nothing is excluded there is no such row.
    """
    num, den, excluded = days.over(chosen)
    if chosen.show == "excluded" and not excluded:
        return 0
    if chosen.is_found_by_text or chosen.show in ("left_out", "excluded"):
        return None
    if chosen.show == "counted":
        return den
    if metric.id in SEVERAL_TO_A_ROW:
        return None
    return num if chosen.show == "numerator" else den - num


SEVERAL_TO_A_ROW = frozenset({"dispute_rate"})


def export_rows(
    shop: Shop, metric: Metric, window: Window, chosen: Selection, stand: Standpoint
) -> tuple[list[Column[Row]], Iterator[Row]]:
    """The columns and all rows of a selection, in the order on screen."""
    source = row_sources()[metric.id]
    columns: list[Column[Row]] = [
        Column(_("编号"), lambda row: row.ref),
        Column(pgettext("column", "订单"), lambda row: row.order_ref),
        Column(_("商品编号"), lambda row: row.product_ref),
        Column(pgettext("column", "商品"), lambda row: row.product),
        Column(_("计入日期"), lambda row: row.day),
        Column(str(source.began_label), lambda row: row.began),
        Column(str(source.ended_label), lambda row: row.ended),
        Column(_("分子"), lambda row: row.num / metric.scale if metric.scale > 1 else row.num),
        Column(_("分母"), lambda row: row.den),
        Column(_("已剔除"), lambda row: row.excl),
        Column(_("权重"), lambda row: row.weight),
        Column(_("去掉它，总分"), lambda row: row.total_effect),
        Column(_("移出窗口"), lambda row: row.leaves_on),
        Column(_("原因"), why_of),
        Column(_("说明"), lambda row: detail_of(metric, row)),
        Column(_("剔除原因"), lambda row: row.reason),
    ]
    if metric.modes:
        mode: Column[Row] = Column(
            _("贸易方式"), lambda row: str(metric_words.MODES.get(row.mode, row.mode))
        )
        columns.insert(5, mode)
    rows = rows_streamed(shop, metric.id, window, chosen)
    return columns, streamed_with_effects(stand, metric, rows)
