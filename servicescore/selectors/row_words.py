"""Rows of a metric in words: why each counts or not, and what it adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicescore.calc.declaration import Metric
from servicescore.selectors import metric_words
from servicescore.selectors.metric_rows import Row
from shopguard.lib import formats

LONGEST_DETAIL = 120
EFFECT_PLACES = {"fraction": 3, "stars": 3, "hours": 2}
TOTAL_PLACES = 4
WHY: Mapping[str, Promise] = {
    "counted": gettext_lazy("计入"),
    "cod": gettext_lazy("货到付款，从下单算起"),
    "unpaid": gettext_lazy("未支付"),
    "no_parcel": gettext_lazy("无需物流"),
    "cancelled_in_time": gettext_lazy("到期前已取消"),
    "in_time": pgettext_lazy("row", "及时"),
    "late": gettext_lazy("晚于截止"),
    "not_yet": gettext_lazy("到期仍未完成"),
    "collection_unknown": gettext_lazy("没有揽收时间"),
    "still_open": gettext_lazy("尚未完结"),
    "quality_case": gettext_lazy("有品质售后"),
    "no_quality_case": gettext_lazy("没有品质售后"),
    "disputed": gettext_lazy("有投诉"),
    "ticket_excluded": gettext_lazy("投诉已剔除"),
    "withdrawn": gettext_lazy("投诉已撤回"),
    "no_ticket": gettext_lazy("没有投诉"),
    "started_by_shop": gettext_lazy("商家发起"),
    "at_night": gettext_lazy("不在考核时段"),
    "never_replied": gettext_lazy("没有人回复"),
    "slow_queue": gettext_lazy("排队太久"),
    "slow_first_reply": gettext_lazy("首次回复太慢"),
    "slow_gap": gettext_lazy("中间间隔太久"),
}


@dataclass(frozen=True)
class RowLine:
    """A row as it is written; ``effect`` is what it does to the value, ``is_bad`` the wrong way.

    ``without`` is what the total would gain or lose without it.
    """

    row: Row
    amount: str
    why: str
    detail: str
    mode: str
    effect: str
    is_bad: bool
    without: str


def row_line(metric: Metric, row: Row, weighted: tuple[float, float]) -> RowLine:
    """One row in words; ``weighted`` are the sums of the whole window."""
    effect = effect_of(metric, row, weighted)
    return RowLine(
        row=row,
        amount=amount_of(metric, row),
        why=why_of(row),
        detail=detail_of(metric, row),
        mode=str(metric_words.MODES.get(row.mode, row.mode)),
        effect=formats.UNKNOWN if effect is None else effect_text(metric, effect),
        is_bad=effect is not None and _is_bad(metric, effect),
        without=without_text(row.total_effect),
    )


def without_text(effect: float | None) -> str:
    """The gain of a total without a record, with its sign; never a rounded zero."""
    if effect is None:
        return formats.UNKNOWN
    if effect and not formats.rounded(effect, TOTAL_PLACES):
        return _("不到 0.0001")
    return formats.signed(effect, TOTAL_PLACES)


def effect_of(metric: Metric, row: Row, weighted: tuple[float, float]) -> float | None:
    """The value with the row less the value without it, in the shown unit; None if not counted."""
    num, den = weighted
    without = den - row.weight * row.den
    if not row.den or without <= 0 or den <= 0:
        return None
    return (num / den - (num - row.weight * row.num) / without) / metric.scale


def effect_text(metric: Metric, effect: float) -> str:
    """An effect with its sign and unit."""
    text = formats.signed(metric_words.shown(metric, effect), EFFECT_PLACES[metric.unit])
    if metric.unit == "fraction":
        return _("%(n)s 百分点") % {"n": text}
    return _("%(n)s 小时") % {"n": text} if metric.unit == "hours" else text


def _is_bad(metric: Metric, effect: float) -> bool:
    """Whether an effect, as it is shown, pulls the wrong way."""
    shown = metric_words.shown(metric, effect) or 0.0
    rounded = formats.rounded(shown, EFFECT_PLACES[metric.unit])
    return rounded > 0 if metric.better == "low" else rounded < 0


def amount_of(metric: Metric, row: Row) -> str:
    """What a row adds to the numerator; — where it does not count."""
    if not row.den:
        return formats.UNKNOWN
    if metric.unit == "hours":
        return formats.number(row.num / metric.scale, 1)
    return formats.number(row.num)


def amount_total(metric: Metric, num: int, den: int) -> str:
    """A numerator by its denominator and what they make, unweighted."""
    if not den:
        return formats.UNKNOWN
    value = metric_words.value_text(metric, num / metric.scale / den)
    return f"{metric_words.numerator_text(metric, num)} / {formats.number(den)} = {value}"


def why_of(row: Row) -> str:
    """Why a row counts, or does not."""
    if row.excl and not row.den:
        return _("已剔除")
    return str(WHY.get(row.why, row.why))


def detail_of(metric: Metric, row: Row) -> str:
    """What else is worth knowing about a row."""
    if metric.id == "reply_3min_rate" and row.detail:
        waits, _space, agent = row.detail.partition(" ")
        queue, first, gap = waits.split("/")
        told = _("排队 %(queue)s 秒，首响 %(first)s 秒，最长间隔 %(gap)s 秒")
        text = told % {"queue": queue, "first": first, "gap": gap}
        return f"{text} · {agent}" if agent else text
    if metric.id in ("ship_on_time_rate", "collect_on_time_rate"):
        return _lateness(row)
    is_long = len(row.detail) > LONGEST_DETAIL
    return f"{row.detail[:LONGEST_DETAIL]}…" if is_long else row.detail


def _lateness(row: Row) -> str:
    if row.began is None or row.ended is None or row.ended <= row.began:
        return ""
    late = (row.ended - row.began) / timedelta(hours=1)
    return _("晚 %(hours)s") % {"hours": formats.hours(late)}
