"""Everything the page of one metric shows, in at most eleven queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.calc.declaration import DIMENSIONS, Metric
from servicescore.calc.rules import MetricRule
from servicescore.selectors import metric_words
from servicescore.selectors.as_of import AsOf, as_of
from servicescore.selectors.metric_days import metric_days
from servicescore.selectors.metric_ladder import Ladder, ladder_of
from servicescore.selectors.metric_rows import Row, Window
from servicescore.selectors.row_filters import in_order, selection_asked
from servicescore.selectors.row_list import RowList, export_rows, records_of, row_list
from servicescore.selectors.row_words import amount_total
from servicescore.selectors.rule_words import title
from servicescore.selectors.score_cards import MetricRow, metric_row
from servicescore.selectors.score_history import day_asked, score_asked
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import (
    MetricScore,
    ScoreView,
    metric_series,
    zero_assumed,
)
from servicescore.selectors.standpoint import standpoint_of
from servicescore.selectors.trend import Trend, metric_trend
from shopguard.lib import formats
from shopguard.lib.changes import Change
from shopguard.lib.exports import Column
from stores.models import Shop

TREND_NIGHTS = 180


@dataclass(frozen=True)
class MetricPage:
    """One metric of one score; ``day`` is the score date asked for, empty for the newest."""

    view: ScoreView
    as_of: AsOf
    row: MetricRow
    dimension: str
    sentence: SafeString
    state: str
    trend: Trend
    ladder: Ladder
    rows: RowList
    day: str

    @property
    def score(self) -> MetricScore:
        """The metric of the score."""
        return self.row.score

    @property
    def metric(self) -> Metric:
        """What the metric declares."""
        return self.score.metric

    @property
    def rule_set_title(self) -> str:
        """The name of the rule set."""
        return title(self.view.rule_set)

    @property
    def half_life(self) -> str:
        """After how many days an event weighs half."""
        return formats.number(self.view.rules.half_life)

    @property
    def figure(self) -> tuple[str, str]:
        """The value and its unit, which stands behind it at half size."""
        if self.metric.unit != "hours":
            return self.row.value, ""
        return formats.number(self.score.value, 1), _("小时")

    @property
    def formula(self) -> str:
        """The rule in the words of the platform, which are Chinese."""
        return "" if formats.is_english() else self.metric.source

    @property
    def better(self) -> str:
        """Which direction is good."""
        return str(metric_words.BETTER[self.metric.better])

    @property
    def unweighted(self) -> str:
        """The numerator by the denominator, as a sum that can be read."""
        return amount_total(self.metric, self.score.num, self.score.den)


def metric_page(
    *, shop: Shop, role: str, now: datetime, metric: str, asked: Mapping[str, str]
) -> MetricPage | None:
    """The page for a person of ``role``; None where there is no such score or metric."""
    staff = role in STAFF_ROLES
    view, _revisions = score_asked(shop, asked, now=now, staff=staff)
    if view is None or metric not in view.rules.metrics:
        return None
    rule, score = view.rules.metrics[metric], _score_of(view, metric)
    series = metric_series(shop, metric, last=view.date, days=TREND_NIGHTS, now=now, staff=staff)
    zero = zero_assumed(shop) if metric_words.file_behind(rule.metric) else frozenset()
    row = metric_row(view, score, series.values, zero)
    days = metric_days(shop, metric, _window(view, score, rule))
    chosen = selection_asked(rule.metric, asked)
    shown_day = view.date.isoformat() if day_asked(asked.get("date", "")) else ""
    return MetricPage(
        view=view,
        as_of=as_of(view.date, now, is_asked=bool(shown_day)),
        row=row,
        dimension=_dimension_of(rule.metric),
        sentence=_sentence(row),
        state=row.tone or "good",
        trend=metric_trend(rule, series),
        ladder=ladder_of(rule, score, view.rules),
        rows=row_list(shop, score, days, chosen, asked, shown_day, standpoint_of(view)),
        day=shown_day,
    )


@dataclass(frozen=True)
class Export:
    """A file to download: its name without ending, its columns and its rows."""

    name: str
    columns: list[Column[Row]]
    rows: Iterator[Row]


def metric_export(
    *, shop: Shop, role: str, now: datetime, metric: str, asked: Mapping[str, str]
) -> Export | None:
    """The rows the page shows with the same query, all pages of them; None where it shows none."""
    staff = role in STAFF_ROLES
    view, _revisions = score_asked(shop, asked, now=now, staff=staff)
    if view is None or metric not in view.rules.metrics:
        return None
    rule, score = view.rules.metrics[metric], _score_of(view, metric)
    days = metric_days(shop, metric, _window(view, score, rule))
    chosen = selection_asked(rule.metric, asked)
    chosen = in_order(chosen, records_of(rule.metric, days, chosen))
    columns, rows = export_rows(shop, rule.metric, days.window, chosen, standpoint_of(view))
    name = f"{shop.external_id} {metric} {chosen.show} {view.date.isoformat()}"
    return Export(name, columns, rows)


def _score_of(view: ScoreView, metric: str) -> MetricScore:
    return next(score for score in view.metrics if score.metric.id == metric)


def _window(view: ScoreView, score: MetricScore, rule: MetricRule) -> Window:
    return Window(view.date, view.rules, (score.value or 0.0) * rule.metric.scale)


def _dimension_of(metric: Metric) -> str:
    found = next(one for one in DIMENSIONS if one.id == metric.dimension)
    return metric_words.label(found)


def _sentence(row: MetricRow) -> SafeString:
    """The name, the value, and what it did since the night before."""
    value = f"{row.label} {row.value}"
    if row.score.value is None:
        return format_html(_("{label}：近 180 天没有可计的记录"), label=row.label)
    if row.score.missing:
        return format_html(_("{value}，还差 {n} 个样本才打分"), value=value, n=row.score.missing)
    change = row.change
    if change is None:
        return format_html("{}", value)
    if change.direction == "flat":
        return format_html(_("{value}，与昨天持平"), value=value)
    told = _change_words(row.score.metric, change) % {"amount": row.change_text}
    tone = "answer-watch" if change.verdict == "worse" else "answer-plain"
    marked = format_html('<em class="answer {}">{}</em>', tone, told)
    return format_html(_("{value}，{change}"), value=value, change=marked)


def _change_words(metric: Metric, change: Change) -> str:
    is_up = change.direction == "up"
    if metric.unit == "hours":
        return _("比昨天慢 %(amount)s") if is_up else _("比昨天快 %(amount)s")
    return _("比昨天高 %(amount)s") if is_up else _("比昨天低 %(amount)s")
