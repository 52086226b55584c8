"""仅退款完结时长: hours from application to closing of refund-only cases."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts, daily_sums
from shopguard.lib.days import SECONDS_PER_HOUR

ID = "refund_only_hours"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Seconds from application to closing and closed cases per shop and closing day."""
    cases = facts.closed
    is_refund_only = cases["kind"].isin(["refund_unshipped", "refund_shipped"])
    rows = cases[is_refund_only & (cases["outcome"] != "open")]
    out = facts.excluded_rows(rows["id"], "case", ID)
    seconds = (rows["closed"] - rows["applied"]).where(~out, 0)
    return daily_sums(rows, num=seconds, den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="仅退款完结时长",
    label_en="Refund-only closing time",
    dimension="aftersales",
    unit="hours",
    better="low",
    anchor_zh="售后完结日",
    anchor_en="the day the case was closed",
    counted_zh=("已完结的仅退款售后，发货前后都算", "无论结果是完成、关闭、拒绝还是取消"),
    counted_en=(
        "closed refund-only cases, before and after shipping",
        "whatever the outcome: completed, closed, rejected or cancelled",
    ),
    not_counted_zh=("尚未完结的售后", "退货退款、换货、仅退运费"),
    not_counted_en=("cases still open", "return-refund, exchange and freight-only cases"),
    source="仅退款完结时长=从申请到完结的总时长/仅退款售后单量（完结时间为近180天）",
    daily=daily,
    scale=SECONDS_PER_HOUR,
)
