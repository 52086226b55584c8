"""小红书 open platform, after-sales (``afterSale.listAfterSaleInfos``, ``getAfterSaleInfo``).

Times are in milliseconds, amounts here in yuan. When a case was closed is not told: ``updatedAt``
moves on with every later note. ``expireTime`` is the shop's deadline only while the shop has to
act, and money has moved only where ``refundStatus`` says so: a closed exchange has the same
``status``.
"""

from stores.presets._declare import Preset, Records
from stores.presets._words import from_milliseconds

REFUNDED = frozenset({"2"})
# 1 待审核, 3 待商家收货, 12 换货待商家发货.
SHOP_ACTS = frozenset({"1", "3", "12"})

PRESET = Preset(
    name="xhs-api-aftersales",
    label_zh="小红书开放平台售后（JSON）",
    label_en="Xiaohongshu open platform, after-sales (JSON)",
    kind="aftersales",
    records=Records(lists=("afterSaleBasicInfos", "afterSaleInfos", "afterSaleList")),
    headers={
        "returnsId": "case_id",
        "orderId": "order_id",
        "returnType": "kind",
        "status": ("outcome", "state"),
        "reasonNameZh": "reason",
        "applyTime": "applied_at",
        "expireTime": "deadline_at",
        "expectedRefundAmountYuan": "requested",
        "refundAmountYuan": "refunded",
    },
    quirks={"applied_at": from_milliseconds, "deadline_at": from_milliseconds},
    codes={
        # 1 退货, 2 换货, 4 已发货仅退款, 5 未发货仅退款. 6 保价 is no after-sales case of ours.
        "kind": {
            "1": "return_refund",
            "2": "exchange",
            "4": "refund_shipped",
            "5": "refund_unshipped",
        },
        # 2 待用户寄回, 13 换货待用户确认收货, 14 平台介入中; 9 商家审核拒绝, 9001 商家收货拒绝.
        "state": {
            "1": "review", "2": "buyer_sends", "3": "receipt", "12": "ship_back",
            "13": "buyer_confirms", "14": "platform",
            "4": "completed", "5": "cancelled", "6": "closed", "9": "rejected", "9001": "rejected",
        },
        "outcome": {
            "1": "open", "2": "open", "3": "open", "12": "open", "13": "open", "14": "open",
            "4": "completed", "5": "cancelled", "6": "closed", "9": "rejected", "9001": "rejected",
        },
    },
    only_where={"deadline_at": ("status", SHOP_ACTS), "refunded": ("refundStatus", REFUNDED)},
    lacks=("closed_at", "line_no", "latest_reason", "waiting_buyer_seconds"),
)  # fmt: skip
