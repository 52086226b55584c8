"""抖店 order export (CSV, UTF-8 with mark): cells may begin with a tab, so that Excel keeps them.

订单应付金额 is that of the 子订单, which is a line here.
"""

from stores.presets._declare import Preset
from stores.presets._words import amount, time_written

PRESET = Preset(
    name="douyin-orders",
    label_zh="抖店订单导出",
    label_en="Douyin order export",
    kind="orders",
    headers={
        "主订单编号": "order_id",
        "商品ID": "product_id",
        "商家编码": "sku",
        "商品规格": "spec",
        "商品数量": "quantity",
        "订单应付金额": "line_paid",
        "运费": "freight",
        "订单提交时间": "placed_at",
        "支付完成时间": "paid_at",
        "发货时间": "shipped_at",
        "订单完成时间": "finished_at",
    },
    quirks={
        "placed_at": time_written,
        "paid_at": time_written,
        "shipped_at": time_written,
        "finished_at": time_written,
        "line_paid": amount,
        "freight": amount,
    },
    lacks=(
        "promised_ship_at", "collected_at", "signed_at", "cancelled_at", "trade_mode", "order_paid",
        "province", "buyer",
    ),
)  # fmt: skip
