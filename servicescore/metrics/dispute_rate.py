"""纠纷发起率: complaint tickets per signed, paid order."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts, daily_sums, was_paid

ID = "dispute_rate"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Tickets and signed, paid orders per shop and signing day.

    Two tickets on one order count twice. A withdrawn ticket does not count; an excluded one
    leaves the numerator only and is counted as excluded; an excluded order leaves both.
    """
    orders = facts.signed[was_paid(facts.signed)]
    order_out = facts.excluded_rows(orders["id"], "order", ID)
    tickets = facts.complaints[facts.complaints["order"].isin(orders["id"])]
    ticket_out = facts.excluded_rows(tickets["id"], "complaint", ID)
    counts = (tickets["outcome"] != "withdrawn") & ~ticket_out
    counts &= ~tickets["order"].isin(orders["id"][order_out])
    rows = pd.concat([orders[["shop", "day"]], tickets[["shop", "day"]]], ignore_index=True)
    none_of_orders = pd.Series(False, index=orders.index)
    none_of_tickets = pd.Series(False, index=tickets.index)
    return daily_sums(
        rows,
        num=pd.concat([none_of_orders, counts], ignore_index=True),
        den=pd.concat([~order_out, none_of_tickets], ignore_index=True),
        excl=pd.concat([order_out, ticket_out], ignore_index=True),
    )


METRIC = Metric(
    id=ID,
    label_zh="纠纷发起率",
    label_en="Dispute rate",
    dimension="dispute",
    unit="fraction",
    better="low",
    anchor_zh="订单签收日",
    anchor_en="the day the order was signed for",
    counted_zh=("已支付且已签收订单上的每张投诉工单", "同一订单两张工单算两次"),
    counted_en=(
        "every complaint ticket on a paid and signed order",
        "two tickets on one order count twice",
    ),
    not_counted_zh=("买家撤回的工单", "判定为恶意投诉或不可抗力的工单"),
    not_counted_en=(
        "tickets the buyer withdrew",
        "tickets found malicious or caused by force majeure",
    ),
    source="纠纷发起率=纠纷投诉工单量/支付订单量（签收时间为近180天的订单）",
    daily=daily,
)
