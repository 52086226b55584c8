"""The parts of a change and the days behind it, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from servicescore.calc.declaration import Metric
from servicescore.selectors import metric_words
from shopguard.lib import formats

SHORT: Mapping[str, Promise] = {
    "rule": pgettext_lazy("part", "规则"),
    "corrections": pgettext_lazy("part", "更正"),
    "aged_out": pgettext_lazy("part", "移出"),
    "ageing_and_new": pgettext_lazy("part", "新增"),
    "peers": pgettext_lazy("part", "同行"),
    "presence": pgettext_lazy("part", "够数"),
}
LABELS: Mapping[str, Promise] = {
    "rule": gettext_lazy("规则变了"),
    "corrections": gettext_lazy("补录和更正"),
    "aged_out": gettext_lazy("最老的一天移出"),
    "ageing_and_new": gettext_lazy("新的一天计入，其余变旧"),
    "peers": gettext_lazy("同行变了"),
    "presence": gettext_lazy("够数的指标变了"),
}
ABOUT: Mapping[str, Promise] = {
    "rule": gettext_lazy("昨天的数据按今天的规则再算一遍"),
    "corrections": gettext_lazy("后来补录、更正或申诉成功的记录"),
    "aged_out": gettext_lazy("满 180 天的那一天不再计入"),
    "ageing_and_new": gettext_lazy("昨天的记录开始计入，更早的每天少算一点"),
    "peers": gettext_lazy("同一行业的店铺变好或变差，名次跟着动"),
    "presence": gettext_lazy("有指标刚够数或不再够数"),
}
MISSES: Mapping[str, Promise] = {
    "ship_on_time_rate": ngettext_lazy("%(n)s 件晚发", "%(n)s 件晚发", "n"),
    "collect_on_time_rate": ngettext_lazy("%(n)s 件晚揽收", "%(n)s 件晚揽收", "n"),
    "quality_refund_rate": ngettext_lazy("%(n)s 单品质退款", "%(n)s 单品质退款", "n"),
    "reply_3min_rate": ngettext_lazy("%(n)s 条没及时回复", "%(n)s 条没及时回复", "n"),
    "dispute_rate": ngettext_lazy("%(n)s 起投诉", "%(n)s 起投诉", "n"),
}


@dataclass(frozen=True)
class DayOfMetric:
    """What one day holds of one metric, in stored integers."""

    day: date
    num: int
    den: int

    def misses(self, metric: Metric) -> int:
        """Records that count against the shop; 0 for a metric that is no rate."""
        if metric.unit != "fraction":
            return 0
        return self.num if metric.better == "low" else self.den - self.num

    def value(self, metric: Metric) -> float | None:
        """The value of the day alone, in the unit of calculation."""
        return self.num / self.den / metric.scale if self.den else None


def day_words(metric: Metric, found: DayOfMetric, *, is_worse: bool, entered: bool) -> str:
    """A day that entered or left in words: its misses where they explain the direction."""
    told = {"day": formats.day(found.day, timezone.localdate()), "what": _what(metric, found)}
    misses = found.misses(metric)
    explains = misses > 0 and is_worse == entered
    if explains and metric.id in MISSES:
        told["what"] = str(MISSES[metric.id] % {"n": misses})
    if entered:
        return _("%(day)s的%(what)s计入") % told
    return _("%(day)s的%(what)s移出") % told


def _what(metric: Metric, found: DayOfMetric) -> str:
    value = metric_words.value_text(metric, found.value(metric))
    return _("%(label)s %(value)s") % {"label": metric_words.label(metric), "value": value}
