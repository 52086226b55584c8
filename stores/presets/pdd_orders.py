"""拼多多 order export (CSV): an order has one line; cells may end with a tab.

订单成交时间 is when the order came about; 确认收货时间 when it ended, which is not the sign-for.
"""

from stores.presets._declare import Preset
from stores.presets._words import amount, time_written

PRESET = Preset(
    name="pdd-orders",
    label_zh="拼多多订单导出",
    label_en="Pinduoduo order export",
    kind="orders",
    headers={
        "订单号": "order_id",
        "商品id": "product_id",
        "样式ID": "sku",
        "商品规格": "spec",
        "商品数量(件)": "quantity",
        "用户实付金额(元)": ("order_paid", "line_paid"),
        "邮费(元)": "freight",
        "订单成交时间": "placed_at",
        "支付时间": "paid_at",
        "承诺发货时间": "promised_ship_at",
        "发货时间": "shipped_at",
        "确认收货时间": "finished_at",
        "省": "province",
    },
    quirks={
        "placed_at": time_written,
        "paid_at": time_written,
        "promised_ship_at": time_written,
        "shipped_at": time_written,
        "finished_at": time_written,
        "order_paid": amount,
        "line_paid": amount,
        "freight": amount,
    },
    lacks=("collected_at", "signed_at", "cancelled_at", "trade_mode", "buyer"),
)
