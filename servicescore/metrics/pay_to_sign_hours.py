"""支签时长: hours from payment to signing, kept and scored apart for each trade mode."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts, daily_sums, was_paid
from shopguard.lib.days import SECONDS_PER_HOUR

ID = "pay_to_sign_hours"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Seconds from payment (cash on delivery: placing) to signing, per shop, day and mode."""
    rows = facts.signed[was_paid(facts.signed)]
    out = facts.excluded_rows(rows["id"], "order", ID)
    began = rows["paid"].where(rows["cod"] == 0, rows["placed"])
    seconds = (rows["signed"] - began).where(~out, 0)
    return daily_sums(rows, num=seconds, den=~out, excl=out, by=("mode",))


METRIC = Metric(
    id=ID,
    label_zh="支签时长",
    label_en="Payment to signing",
    dimension="logistics",
    unit="hours",
    better="low",
    anchor_zh="订单签收日",
    anchor_en="the day the order was signed for",
    counted_zh=(
        "已支付且已签收的订单，从支付到签收",
        "货到付款从下单算起",
        "内贸、保税、直邮分别计算",
    ),
    counted_en=(
        "paid and signed orders, from payment to signing",
        "cash on delivery from the moment it was placed",
        "domestic, bonded and direct orders apart",
    ),
    not_counted_zh=("未支付或未签收的订单", "报备获准的订单"),
    not_counted_en=("orders not paid or not signed for", "orders under an accepted delay report"),
    source="支签时长=从支付（货到付款为下单）到签收的总时长/支付且已签收订单笔数，区分内贸、保税和直邮",
    daily=daily,
    scale=SECONDS_PER_HOUR,
    modes=("domestic", "bonded", "direct"),
)
