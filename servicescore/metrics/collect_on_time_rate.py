"""揽收及时率: the share of due orders the courier collected by their deadline."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import UNKNOWN, Facts, daily_sums, is_due

ID = "collect_on_time_rate"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Orders collected in time and orders due per shop and day; an excluded order leaves both."""
    rows = facts.due[is_due(facts.due)]
    out = facts.excluded_rows(rows["id"], "order", ID)
    in_time = (rows["collected"] != UNKNOWN) & (rows["collected"] <= rows["deadline"])
    return daily_sums(rows, num=in_time & ~out, den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="揽收及时率",
    label_en="Collected on time",
    dimension="logistics",
    unit="fraction",
    better="high",
    anchor_zh="最晚发货时间所在日",
    anchor_en="the day of the ship deadline",
    counted_zh=("已支付或货到付款、需要快递的订单", "截止时刻前快递已揽收才算及时"),
    counted_en=(
        "paid or cash-on-delivery orders sent by express",
        "in time when the courier collected the parcel by the deadline",
    ),
    not_counted_zh=("截止前未发货即取消的订单", "无需物流的订单", "报备获准的订单"),
    not_counted_en=(
        "orders cancelled unshipped by the deadline",
        "orders that need no parcel",
        "orders under an accepted delay report",
    ),
    source="揽收及时率=在最晚发货时间前揽收的订单量/应在最晚发货时间前发货的订单量",
    daily=daily,
)
