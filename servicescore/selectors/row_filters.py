"""What a person asks of the rows of a metric: from an address to a selection, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servicescore.calc.declaration import Metric
from servicescore.selectors import metric_words
from servicescore.selectors.metric_rows import SORTS, Selection
from servicescore.selectors.score_history import day_asked

LONGEST_TEXT = 96
# Up to so many records the worst can stand first; of more an index gives the newest or the oldest
# at once, and a span of days makes them fewer.
MOST_SORTED = 50_000
BY_INDEX = ("newest", "oldest")
SORT_WORDS: Mapping[str, Promise] = {
    "effect": _("影响最大在前"),
    "amount": _("数值最差在前"),
    "newest": _("最新在前"),
    "oldest": _("最旧在前"),
}
SHOW_WORDS: Mapping[str, Mapping[str, Promise]] = {
    "": {
        "counted": _("计入"),
        "numerator": _("在分子里"),
        "missed": _("不在分子里"),
        "excluded": _("已剔除"),
        "left_out": _("不计入"),
    },
    "ship_on_time_rate": {"numerator": _("及时"), "missed": _("不及时")},
    "collect_on_time_rate": {"numerator": _("及时"), "missed": _("不及时")},
    "reply_3min_rate": {"numerator": _("达标"), "missed": _("未达标")},
    "quality_refund_rate": {"numerator": _("有品质售后"), "missed": _("没有品质售后")},
    "dispute_rate": {"numerator": _("有投诉"), "missed": _("没有投诉")},
}


@dataclass(frozen=True)
class Choice:
    """One value of a filter: the query it leads to, its word, and whether it is chosen."""

    key: str
    label: str
    query: str
    is_chosen: bool


def shows_of(metric: Metric) -> tuple[str, ...]:
    """Which records can be shown, those that hurt first."""
    if metric.unit != "fraction":
        return ("counted", "excluded", "left_out")
    hurting = "missed" if metric.better == "high" else "numerator"
    other = "numerator" if hurting == "missed" else "missed"
    return (hurting, "counted", other, "excluded", "left_out")


def show_word(metric: Metric, show: str) -> str:
    """What the records of a choice are called."""
    return str(SHOW_WORDS.get(metric.id, {}).get(show) or SHOW_WORDS[""][show])


def selection_asked(metric: Metric, asked: Mapping[str, str]) -> Selection:
    """The selection an address names; what it names wrongly counts as not named."""
    shows, show, sort = shows_of(metric), asked.get("show", ""), asked.get("sort", "")
    mode = asked.get("mode", "")
    return Selection(
        show=show if show in shows else shows[0],
        sort=sort if sort in SORTS else SORTS[0],
        mode=mode if mode in metric.modes else "",
        first=day_asked(asked.get("from", "")),
        last=day_asked(asked.get("to", "")),
        product=text_asked(asked.get("product", "")),
        record=text_asked(asked.get("q", "")),
    )


def sorts_of(records: int) -> tuple[str, ...]:
    """The orders in which so many records can be had without reading all of them."""
    return SORTS if records <= MOST_SORTED else BY_INDEX


def in_order(chosen: Selection, records: int) -> Selection:
    """The selection in an order that ``records`` records can be had in: else the newest first."""
    return chosen if chosen.sort in sorts_of(records) else replace(chosen, sort=BY_INDEX[0])


def text_asked(text: str) -> str:
    """An id somebody looks for, without what no id holds."""
    return text.replace("\x00", "").strip()[:LONGEST_TEXT]


def query_of(chosen: Selection, *, day: str = "", **changed: str | int) -> str:
    """The query of a selection, some of it changed; ``day`` is the score date looked at."""
    asked = {
        "date": day,
        "show": chosen.show,
        "mode": chosen.mode,
        "from": chosen.first.isoformat() if chosen.first else "",
        "to": chosen.last.isoformat() if chosen.last else "",
        "product": chosen.product,
        "q": chosen.record,
        "sort": chosen.sort,
        **changed,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def show_choices(metric: Metric, chosen: Selection, day: str) -> list[Choice]:
    """The groups of records as tabs."""
    return [
        Choice(show, show_word(metric, show), query_of(chosen, day=day, show=show),
               show == chosen.show)
        for show in shows_of(metric)
    ]  # fmt: skip


def sort_choices(chosen: Selection, records: int) -> list[Choice]:
    """The orders to choose from."""
    return [
        Choice(sort, str(SORT_WORDS[sort]), "", sort == chosen.sort) for sort in sorts_of(records)
    ]


def mode_choices(metric: Metric, chosen: Selection) -> list[Choice]:
    """The trade modes to choose from; none for a metric without."""
    return [
        Choice(mode, str(metric_words.MODES.get(mode, mode)), "", mode == chosen.mode)
        for mode in metric.modes
    ]
