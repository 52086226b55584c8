"""小红书 open platform, orders (``order.getOrderList``, ``order.getOrderDetail``).

Money is in fen, times in milliseconds. The time of sign-for is in another answer
(``order.getOrderTracking``), so it is unknown here.
"""

from stores.presets._declare import Preset, Records
from stores.presets._words import from_fen, from_milliseconds

NOT_BY_CARRIER = "NO_LOGISTICS_SHIP"


def _day(text: str) -> str:
    return from_milliseconds(text)[:10] if text.isdigit() else text


def _logistics(tags: str) -> str:
    if tags in ("express", "none"):
        return tags
    return "none" if NOT_BY_CARRIER in tags.split(",") else ""


PRESET = Preset(
    name="xhs-api-orders",
    label_zh="小红书开放平台订单（JSON）",
    label_en="Xiaohongshu open platform, orders (JSON)",
    kind="orders",
    records=Records(lists=("orderList",), lines="skuList"),
    headers={
        "orderId": "order_id",
        "orderType": "presale_mode",
        "logisticsMode": "trade_mode",
        "orderTagList": "logistics_mode",
        "createdTime": "placed_at",
        "paidTime": "paid_at",
        "promiseLastDeliveryTime": "promised_ship_at",
        "presaleDeliveryEndTime": "presale_ship_by",
        "deliveryTime": "shipped_at",
        "finishTime": "finished_at",
        "cancelTime": "cancelled_at",
        "totalPayAmount": "order_paid",
        "totalShippingFree": "freight",
        "receiverProvinceName": "province",
        "userId": "buyer",
        "skuList.itemId": "product_id",
        "skuList.skuId": "sku",
        "skuList.skuSpec": "spec",
        "skuList.skuQuantity": "quantity",
        "skuList.totalPaidAmount": "line_paid",
    },
    quirks={
        "logistics_mode": _logistics,
        "placed_at": from_milliseconds,
        "paid_at": from_milliseconds,
        "promised_ship_at": from_milliseconds,
        "presale_ship_by": _day,
        "shipped_at": from_milliseconds,
        "finished_at": from_milliseconds,
        "cancelled_at": from_milliseconds,
        "order_paid": from_fen,
        "freight": from_fen,
        "line_paid": from_fen,
    },
    codes={
        # 1 现货, 2 定金预售, 3 and 4 全款预售, 5 换货补发.
        "presale_mode": {"1": "none", "2": "fixed", "3": "fixed", "4": "fixed", "5": "none"},
        # 1 内贸, 2 保税, 3 直邮, 4 行邮, which comes from abroad as well.
        "trade_mode": {"1": "domestic", "2": "bonded", "3": "direct", "4": "direct"},
    },
    lacks=("collected_at", "signed_at"),
)
