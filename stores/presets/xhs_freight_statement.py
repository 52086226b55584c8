"""小红书千帆 statement of 运费宝 (运费宝结算明细): one row per cover and settlement.

The export has no column that says whether a row is a fee or a payout. Where some edition carries
one its words count; else a minus is money taken from the shop, a fee, and a row without it stays
unsaid. A minus may be written with brackets or a full-width sign.
"""

import re

from stores.presets._declare import Preset
from stores.presets._words import amount, day_written, time_written

ENTRIES = {
    "服务费": "fee", "运费宝服务费": "fee", "保费": "fee", "扣费": "fee", "支出": "fee",
    "服务费退回": "fee", "退费": "fee",
    "赔付": "payout", "理赔": "payout", "补贴": "payout", "运费补贴": "payout",
    "运费宝赔付": "payout",
}  # fmt: skip
_AMOUNT = re.compile(r"-?[0-9]", re.ASCII)
_BRACKETS = re.compile(r"[(（](.+)[)）]\Z")


def signed(text: str) -> str:
    """An amount with its sign as a minus before it."""
    plain = text.replace("－", "-").replace("−", "-").replace("￥", "").replace("¥", "").strip()
    if found := _BRACKETS.match(plain):
        plain = f"-{found[1]}"
    return amount(plain.removeprefix("+"))


def entry(text: str) -> str:
    """What a row is for: its word; of an amount fee where it has a minus, else nothing."""
    if not _AMOUNT.match(signed(text)):
        return ENTRIES.get(text, text)
    return "fee" if signed(text).startswith("-") else ""


PRESET = Preset(
    name="xhs-freight-statement",
    label_zh="小红书运费宝结算明细",
    label_en="Xiaohongshu freight statement",
    kind="freight_statement",
    headers={
        "运费宝单号": "line_id",
        "结算时间": ("settled_at", "settled_on"),
        "订单号": "order_id",
        "款项类型": "entry",
        "交易类型": "entry",
        "业务款项": "entry",
        "金额": ("amount", "entry"),
        "金额(元)": ("amount", "entry"),
        "生效时间": "effective_at",
        "用户下单时间": "placed_at",
        "发货时间": "shipped_at",
        "结算账户": "account",
    },
    quirks={
        "settled_at": time_written,
        "settled_on": day_written,
        "effective_at": time_written,
        "placed_at": time_written,
        "shipped_at": time_written,
        "amount": signed,
        "entry": entry,
    },
)
