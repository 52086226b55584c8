"""品质问题退款率: the share of signed orders with an after-sales case for a quality reason."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules, normal_reason
from servicescore.calc.facts import Facts, daily_sums

ID = "quality_refund_rate"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Orders with a quality case and signed orders per shop and day.

    An order counts once however many cases it has. It leaves both parts when it is excluded
    itself or when every quality case it has is.
    """
    orders = facts.signed
    cases = _quality_cases(facts.cases, rules)
    case_out = facts.excluded_rows(cases["id"], "case", ID)
    bad = orders["id"].isin(cases["order"][~case_out])
    only_excluded = orders["id"].isin(cases["order"][case_out]) & ~bad
    out = only_excluded | facts.excluded_rows(orders["id"], "order", ID)
    return daily_sums(orders, num=bad & ~out, den=~out, excl=out)


def _quality_cases(cases: pd.DataFrame, rules: EventRules) -> pd.DataFrame:
    texts = cases["reason"].astype(str)
    normal = {text: normal_reason(text) for text in texts.unique()}
    is_quality = texts.map(normal).isin(rules.quality_reasons)
    counts = (cases["kind"] != "freight_only") & (cases["outcome"] != "cancelled")
    return cases[is_quality & counts]


METRIC = Metric(
    id=ID,
    label_zh="品质问题退款率",
    label_en="Quality refund rate",
    dimension="product",
    unit="fraction",
    better="low",
    anchor_zh="订单签收日",
    anchor_en="the day the order was signed for",
    counted_zh=("首次申请原因属于品质问题的订单，一单只算一次", "被拒绝或关闭的品质售后也算"),
    counted_en=(
        "orders whose case gave a quality reason first, once per order",
        "quality cases that were rejected or closed",
    ),
    not_counted_zh=("买家取消的售后", "仅退运费", "尺码不合适、不想要等非品质原因"),
    not_counted_en=(
        "cases the buyer cancelled",
        "freight-only cases",
        "other reasons, such as a wrong size or a change of mind",
    ),
    source="品质问题退款率=因商品品质相关原因导致的售后订单/店铺全部订单（签收时间为近180天的订单）",
    daily=daily,
)
