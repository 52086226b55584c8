"""天猫 and 淘宝 order reports (CSV, GBK): one row for each line, or one for each order."""

from stores.presets._declare import Preset
from stores.presets._words import amount, time_written

PRESET = Preset(
    name="tmall-orders",
    label_zh="天猫、淘宝订单报表",
    label_en="Tmall and Taobao order report",
    kind="orders",
    headers={
        "主订单编号": "order_id",
        "订单编号": "order_id",
        "订单号": "order_id",
        "商品数字ID": "product_id",
        "SKUID": "sku",
        "商家编码": "sku",
        "商品属性": "spec",
        "购买数量": "quantity",
        "数量": "quantity",
        "买家实付金额": "line_paid",
        "实付金额": "line_paid",
        "买家实际支付金额": "order_paid",
        "运费": "freight",
        "订单创建时间": "placed_at",
        "拍下时间": "placed_at",
        "订单付款时间": "paid_at",
        "付款时间": "paid_at",
        "子订单发货时间": "shipped_at",
        "交易结束时间": "finished_at",
        "省": "province",
    },
    quirks={
        "placed_at": time_written,
        "paid_at": time_written,
        "shipped_at": time_written,
        "finished_at": time_written,
        "line_paid": amount,
        "order_paid": amount,
        "freight": amount,
    },
    lacks=("promised_ship_at", "collected_at", "signed_at", "cancelled_at", "trade_mode", "buyer"),
)
