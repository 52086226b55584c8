"""小红书千帆 order export (xlsx): one row for each SKU line of an order.

It has no time of collection and of sign-for. 订单完成时间 is not taken for the latter: it is when
the order was closed, days later.
"""

from stores.presets._declare import Preset
from stores.presets._words import Present, amount, day_written, time_written

PRESET = Preset(
    name="xhs-orders",
    label_zh="小红书千帆订单导出",
    label_en="Xiaohongshu order export",
    kind="orders",
    headers={
        "订单号": "order_id",
        "商品ID": "product_id",
        "规格ID": "sku",
        "SKU规格": "spec",
        "SKU件数": "quantity",
        "用户应付金额(元)": "line_paid",
        "订单创建时间": "placed_at",
        "支付时间": "paid_at",
        "预售订单截止发货时间": ("presale_ship_by", "presale_mode"),
        "承诺发货时间": "promised_ship_at",
        "订单发货时间": "shipped_at",
        "订单完成时间": "finished_at",
        "省": "province",
        "用户编号": "buyer",
    },
    quirks={
        "placed_at": time_written,
        "paid_at": time_written,
        "presale_ship_by": day_written,
        "presale_mode": Present("fixed"),
        "promised_ship_at": time_written,
        "shipped_at": time_written,
        "finished_at": time_written,
        "line_paid": amount,
    },
    lacks=("collected_at", "signed_at", "cancelled_at", "trade_mode", "order_paid", "freight"),
)
