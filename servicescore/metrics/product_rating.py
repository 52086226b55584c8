"""商品评价平均分: the mean rating of reviews, counted on the day their order was signed for."""

import pandas as pd

from servicescore.calc.declaration import Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts, daily_sums

ID = "product_rating"


def daily(facts: Facts, rules: EventRules) -> pd.DataFrame:
    """Stars and reviews per shop and day; an excluded review or order leaves both."""
    rows = facts.reviews
    out = facts.excluded_rows(rows["id"], "review", ID)
    out |= facts.excluded_rows(rows["order"], "order", ID)
    return daily_sums(rows, num=rows["rating"].where(~out, 0), den=~out, excl=out)


METRIC = Metric(
    id=ID,
    label_zh="商品评价平均分",
    label_en="Product rating",
    dimension="product",
    unit="stars",
    better="high",
    anchor_zh="被评价订单的签收日",
    anchor_en="the day the reviewed order was signed for",
    counted_zh=("已签收订单的每一条评价", "签收多日后才写的评价，仍算在签收日"),
    counted_en=(
        "every review of an order that was signed for",
        "a review written long after, on the day of signing",
    ),
    not_counted_zh=("未签收订单的评价", "申诉成功后剔除的评价"),
    not_counted_en=("reviews of orders not signed for", "reviews taken out on appeal"),
    source="商品评价平均分=店铺获得的商品评分总和/商品评价总数（签收时间为近180天的订单）",
    daily=daily,
)
