"""Metrics, dimensions and trade modes in words, in the active language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicescore.calc.declaration import DIMENSIONS, Dimension, Metric
from shopguard.lib import formats

# Rates from here on need one decimal, smaller ones two.
LARGE_RATE = 0.1
MODES = {
    "domestic": pgettext_lazy("trade mode", "内贸"),
    "bonded": pgettext_lazy("trade mode", "保税"),
    "direct": pgettext_lazy("trade mode", "直邮"),
}
ICONS = {
    "product": "package",
    "logistics": "truck",
    "aftersales": "undo-2",
    "consult": "messages-square",
    "dispute": "scale",
    "service": "heart-handshake",
}
# Cards and the ends of lines have room for a word only.
SHORT = {
    "product": pgettext_lazy("dimension", "商品"),
    "logistics": pgettext_lazy("dimension", "物流"),
    "aftersales": pgettext_lazy("dimension", "售后"),
    "consult": pgettext_lazy("dimension", "咨询"),
    "dispute": pgettext_lazy("dimension", "纠纷"),
    "service": pgettext_lazy("dimension", "服务"),
}
FILES = {
    "quality_refund_rate": pgettext_lazy("file", "售后"),
    "dispute_rate": pgettext_lazy("file", "投诉"),
}
BETTER = {"high": gettext_lazy("越高越好"), "low": gettext_lazy("越低越好")}


def label(thing: Metric | Dimension) -> str:
    """The name of a metric or dimension."""
    return thing.label_en if formats.is_english() else thing.label_zh


def dimension(dimension_id: str) -> Dimension:
    """The dimension of that id."""
    return next(one for one in DIMENSIONS if one.id == dimension_id)


def short_label(dimension: Dimension) -> str:
    """The name of a dimension where there is little room."""
    return str(SHORT[dimension.id])


def file_behind(metric: Metric) -> str:
    """The file whose absence makes a metric count as zero; empty for any other metric."""
    return str(FILES.get(metric.id, ""))


def anchor(metric: Metric) -> str:
    """The day a metric counts an event for."""
    return metric.anchor_en if formats.is_english() else metric.anchor_zh


def counted(metric: Metric) -> Sequence[str]:
    """Examples of what counts."""
    return metric.counted_en if formats.is_english() else metric.counted_zh


def not_counted(metric: Metric) -> Sequence[str]:
    """Examples of what does not count."""
    return metric.not_counted_en if formats.is_english() else metric.not_counted_zh


def places(metric: Metric, value: float | None) -> int:
    """How many decimals a value of a metric is shown with."""
    if metric.unit == "stars":
        return 2
    if metric.unit == "hours":
        return 1
    return 1 if value is not None and value >= LARGE_RATE else 2


def shown(metric: Metric, value: float | None) -> float | None:
    """A value in the unit people read it in: rates in per cent."""
    return value * 100 if value is not None and metric.unit == "fraction" else value


def value_text(metric: Metric, value: float | None) -> str:
    """A value of a metric with its unit."""
    if value is None:
        return formats.UNKNOWN
    if metric.unit == "fraction":
        return formats.percent(value, places(metric, value))
    if metric.unit == "hours":
        return formats.hours(value)
    return formats.score(value)


def amount_text(metric: Metric, amount: formats.Number, decimals: int) -> str:
    """The size of a change of a metric with its unit; rates in percentage points."""
    text = formats.number(amount, decimals)
    if metric.unit == "fraction":
        return _("%(n)s 百分点") % {"n": text}
    if metric.unit == "hours":
        return _("%(n)s 小时") % {"n": text}
    return text


def numerator_text(metric: Metric, num: int) -> str:
    """A stored numerator in the unit it is read in: seconds as hours."""
    if metric.unit == "hours":
        return formats.hours(num / metric.scale, 0)
    return formats.number(num)
