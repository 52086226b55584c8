"""The 180 days of a score or of one metric, as a figure and as the table of the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from servicescore.calc.rules import MetricRule
from servicescore.charts import Line, Reference, line_figure
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.headline import gates_of
from servicescore.selectors.scores import MetricSeries, ScoreSeries, ScoreView
from shopguard.lib import formats

TOTAL = "total"
# A scale shorter than this is marked in hundredths of a point.
CLOSE_UP = 0.5
# d3 formats: the month by name, scores and values by unit.
MONTH = {True: "%b", False: "%-m月"}
VALUE = {"stars": ".2f", "hours": ".0f", "fraction": ".1%"}


@dataclass(frozen=True)
class Choice:
    """One thing the trend can show."""

    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One day of the table."""

    day: date
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A figure for plotly, the same numbers as rows (newest first), and what else can be shown."""

    figure: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    choices: tuple[Choice, ...]
    title: str
    basis: str


def trend_of(view: ScoreView, series: ScoreSeries, wanted: str) -> Trend:
    """The trend of the total and its dimensions, or of the metric ``wanted`` when it is one.

    A shop that never had a score of any kind starts with its first metric.
    """
    labels = {name: metric_words.label(metrics()[name]) for name in view.rules.metrics}
    if _has_scores(series):
        labels = {TOTAL: _("总分与各维度"), **labels}
    chosen = wanted if wanted in labels else next(iter(labels))
    choices = tuple(Choice(name, word, name == chosen) for name, word in labels.items())
    if chosen == TOTAL:
        return _total_trend(view, series, choices)
    return _metric_trend(view.rules.metrics[chosen], series, choices)


def trend_of_total(view: ScoreView, series: ScoreSeries) -> Trend:
    """The trend of the total alone, against its gates."""
    trend = _scores_trend(view, series, [_score_line(_("总分"), _("总分"), series.totals)], ())
    axis = trend.figure["layout"]["yaxis"]
    if axis["range"][1] - axis["range"][0] < CLOSE_UP:
        axis["tickformat"] = ".2f"
    return trend


def _has_scores(series: ScoreSeries) -> bool:
    columns = (series.totals, *series.dimensions.values())
    return any(value is not None for column in columns for value in column)


def _total_trend(view: ScoreView, series: ScoreSeries, choices: tuple[Choice, ...]) -> Trend:
    lines = [_score_line(_("总分"), _("总分"), series.totals)]
    lines += [
        _score_line(metric_words.label(part), metric_words.short_label(part), values)
        for part in (score.dimension for score in view.dimensions)
        if (values := series.dimensions.get(part.id)) is not None
    ]
    return _scores_trend(view, series, lines, choices)


def _scores_trend(
    view: ScoreView, series: ScoreSeries, lines: Sequence[Line], choices: tuple[Choice, ...]
) -> Trend:
    gates = [
        Reference(gate.value, f"{gate.label} {gate.value:.1f}") for gate in gates_of(view.rule_set)
    ]
    figure = line_figure(
        series.days, lines, gates, month_format=MONTH[formats.is_english()], value_format=".1f"
    )
    figure["layout"]["yaxis"]["hoverformat"] = ".2f"
    return Trend(
        figure=figure,
        columns=tuple(line.label for line in lines),
        rows=_rows(series.days, [[formats.score(v) for v in line.values] for line in lines]),
        choices=choices,
        title=_("分数走势"),
        basis=_("180 天，分"),
    )


def _score_line(label: str, short: str, values: Sequence[float | None]) -> Line:
    return Line(label, values, f"{short} {formats.score(_newest(values))}")


def _metric_trend(rule: MetricRule, series: ScoreSeries, choices: tuple[Choice, ...]) -> Trend:
    values = series.metrics.get(rule.metric.id, (None,) * len(series.days))
    nobody = (None,) * len(series.days)
    return metric_trend(rule, MetricSeries(series.days, values, nobody), choices)


def metric_trend(rule: MetricRule, series: MetricSeries, choices: tuple[Choice, ...] = ()) -> Trend:
    """The trend of one metric with the middle of its peers where that is known."""
    metric = rule.metric
    name = metric_words.label(metric)
    end = metric_words.value_text(metric, _newest(series.values))
    lines = [Line(name, series.values, end)]
    if _newest(series.middles) is not None:
        middle = metric_words.value_text(metric, _newest(series.middles))
        label = _("同行中位")
        lines = [Line(name, series.values, _("本店 %(value)s") % {"value": end})]
        lines.append(Line(label, series.middles, f"{label} {middle}", is_peers=True))
    anchors = next(iter(rule.anchors.values()))
    marks = [
        Reference(float(at), _("%(score)s 分") % {"score": f"{float(score):.1f}"})
        for at, score in zip(anchors.x, anchors.y, strict=True)
    ]
    figure = line_figure(
        series.days,
        lines,
        marks,
        month_format=MONTH[formats.is_english()],
        value_format=VALUE[metric.unit],
    )
    figure["layout"]["yaxis"]["hoverformat"] = ".2%" if metric.unit == "fraction" else ".2f"
    units = {"stars": _("分"), "hours": _("小时"), "fraction": "%"}
    return Trend(
        figure=figure,
        columns=tuple(line.label for line in lines),
        rows=_rows(
            series.days,
            [[metric_words.value_text(metric, v) for v in line.values] for line in lines],
        ),
        choices=choices,
        title=name,
        basis=_("180 天加权值，%(unit)s，%(better)s")
        % {"unit": units[metric.unit], "better": metric_words.BETTER[metric.better]},
    )


def _rows(days: Sequence[date], columns: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    rows = [Row(day, cells) for day, cells in zip(days, zip(*columns, strict=True), strict=True)]
    known = [row for row in rows if any(cell != formats.UNKNOWN for cell in row.cells)]
    return tuple(reversed(known))


def _newest(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
