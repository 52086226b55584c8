"""退货退款完结时长: hours of return-refund cases, less the time spent waiting for the buyer."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts, daily_sums
from shopguard.lib.days import SECONDS_PER_HOUR

ID = "return_refund_hours"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Merchant's seconds and closed cases per shop and closing day; never below 0 for a case."""
    cases = facts.closed
    rows = cases[(cases["kind"] == "return_refund") & (cases["outcome"] != "open")]
    out = facts.excluded_rows(rows["id"], "case", ID)
    waited = rows["waiting"].clip(lower=0)
    seconds = (rows["closed"] - rows["applied"] - waited).clip(lower=0).where(~out, 0)
    return daily_sums(rows, num=seconds, den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="退货退款完结时长",
    label_en="Return-refund closing time",
    dimension="aftersales",
    unit="hours",
    better="low",
    anchor_zh="售后完结日",
    anchor_en="the day the case was closed",
    counted_zh=("已完结的退货退款售后", "扣除等待买家处理的时间，最少为 0"),
    counted_en=(
        "closed return-refund cases",
        "less the time waiting for the buyer, never below 0",
    ),
    not_counted_zh=("尚未完结的售后", "仅退款、换货、仅退运费"),
    not_counted_en=("cases still open", "refund-only, exchange and freight-only cases"),
    source="退货退款完结时长=（从申请到完结的总时长－等待用户处理的时间）/退货退款售后单量",
    daily=daily,
    scale=SECONDS_PER_HOUR,
)
