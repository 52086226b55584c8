"""小红书千帆 after-sales export (退货售后明细), and the sheet made of the interface's details.

申请售后金额 is what was asked for, not what was paid back. 仅退款 alone does not say whether the
goods had left the house: such a row comes back, because the clocks of the two differ. When a case
was closed is not told. The automatic receipt time is the shop's deadline only while the shop has
to receive.
"""

from stores.presets._declare import Preset
from stores.presets._words import amount, time_written

KINDS = {
    "退货退款": "return_refund", "退货": "return_refund", "1": "return_refund",
    "换货": "exchange", "2": "exchange",
    "已发货仅退款": "refund_shipped", "仅退款(已发货)": "refund_shipped", "4": "refund_shipped",
    "未发货仅退款": "refund_unshipped", "仅退款(未发货)": "refund_unshipped",
    "5": "refund_unshipped",
    "仅退运费": "freight_only",
}  # fmt: skip
# What each word says: the outcome and the state.
STATUSES = {
    "待审核": ("open", "review"), "待商家审核": ("open", "review"), "1": ("open", "review"),
    "待用户寄回": ("open", "buyer_sends"), "待买家寄回": ("open", "buyer_sends"),
    "2": ("open", "buyer_sends"),
    "待商家收货": ("open", "receipt"), "3": ("open", "receipt"),
    "换货转退款": ("open", "refund_due"), "11": ("open", "refund_due"),
    "待退款": ("open", "refund_due"), "退款中": ("open", "refund_due"),
    "换货待商家发货": ("open", "ship_back"), "12": ("open", "ship_back"),
    "换货待用户确认收货": ("open", "buyer_confirms"), "13": ("open", "buyer_confirms"),
    "平台介入中": ("open", "platform"), "14": ("open", "platform"),
    "已完成": ("completed", "completed"), "售后完成": ("completed", "completed"),
    "4": ("completed", "completed"),
    "已取消": ("cancelled", "cancelled"), "用户取消": ("cancelled", "cancelled"),
    "5": ("cancelled", "cancelled"),
    "已关闭": ("closed", "closed"), "售后关闭": ("closed", "closed"), "6": ("closed", "closed"),
    "商家审核拒绝": ("rejected", "rejected"), "商家收货拒绝": ("rejected", "rejected"),
    "已拒绝": ("rejected", "rejected"),
    "9": ("rejected", "rejected"), "9001": ("rejected", "rejected"),
}  # fmt: skip

PRESET = Preset(
    name="xhs-aftersales",
    label_zh="小红书千帆售后导出",
    label_en="Xiaohongshu after-sales export",
    kind="aftersales",
    headers={
        "售后单号": "case_id",
        "售后ID": "case_id",
        "订单号": "order_id",
        "订单ID": "order_id",
        "售后类型": "kind",
        "退货类型": "kind",
        "原因": "reason",
        "售后原因说明": "reason",
        "状态": ("outcome", "state"),
        "售后状态": ("outcome", "state"),
        "申请售后金额(元)": "requested",
        "预期退款金额(元)": "requested",
        "退款金额(元)": "refunded",
        "退货创建时间": "applied_at",
        "创建时间": "applied_at",
        "商家确认收货时间": "merchant_received_at",
        "退货快递单号": "return_tracking_no",
        "超时自动确认收货时间": "deadline_at",
    },
    quirks={
        "applied_at": time_written,
        "merchant_received_at": time_written,
        "deadline_at": time_written,
        "requested": amount,
        "refunded": amount,
    },
    codes={
        "kind": KINDS,
        "outcome": {word: outcome for word, (outcome, _) in STATUSES.items()},
        "state": {word: state for word, (_, state) in STATUSES.items()},
    },
    only_where={
        "deadline_at": ("售后状态", frozenset({"待商家收货", "3"})),
        "refunded": ("退款状态", frozenset({"退款成功", "成功", "2"})),
    },
    lacks=("closed_at", "line_no", "latest_reason", "waiting_buyer_seconds"),
)
