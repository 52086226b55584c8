"""配送时效: hours from the courier's collection to signing."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import UNKNOWN, Facts, daily_sums
from shopguard.lib.days import SECONDS_PER_HOUR

ID = "delivery_hours"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Seconds from collection to signing and signed orders per shop and signing day.

    An order whose collection is unknown has no delivery time and is in neither part.
    """
    rows = facts.signed[facts.signed["collected"] != UNKNOWN]
    out = facts.excluded_rows(rows["id"], "order", ID)
    seconds = (rows["signed"] - rows["collected"]).where(~out, 0)
    return daily_sums(rows, num=seconds, den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="配送时效",
    label_en="Delivery time",
    dimension="logistics",
    unit="hours",
    better="low",
    anchor_zh="订单签收日",
    anchor_en="the day the order was signed for",
    counted_zh=("已签收且知道揽收时间的订单，从揽收到签收",),
    counted_en=("signed orders whose collection is known, from collection to signing",),
    not_counted_zh=("未签收的订单", "没有揽收时间的订单", "报备获准的订单"),
    not_counted_en=(
        "orders not signed for",
        "orders without a collection time",
        "orders under an accepted delay report",
    ),
    source="配送时效=从揽收到签收的总时长/签收订单笔数",
    daily=daily,
    scale=SECONDS_PER_HOUR,
)
