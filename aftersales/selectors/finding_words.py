"""Findings in the words of the shop: where, how much, and what to do about it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aftersales.models import FindingRow
from shopguard.lib import formats

WEEKDAYS = (
    lambda: _("周一"), lambda: _("周二"), lambda: _("周三"), lambda: _("周四"), lambda: _("周五"),
    lambda: _("周六"), lambda: _("周日"),
)  # fmt: skip
SHARES = ("days_after_order", "reason")
FEN_PER_YUAN = 100
CutName = Sequence[tuple[str, str]]


def part_words(name: str, value: str, titles: Mapping[str, str]) -> str:
    """One dimension of a cut and its value; ``titles`` are those of products by id."""
    known = {
        "product": lambda: _("商品「%(value)s」") % {"value": titles.get(value) or value},
        "sku": lambda: _("SKU「%(value)s」") % {"value": value},
        "spec": lambda: _("规格「%(value)s」") % {"value": value},
        "category": lambda: _("类目「%(value)s」") % {"value": value},
        "price_band": lambda: _("单价 %(value)s 元") % {"value": value},
        "weekday": lambda: _("%(day)s下单") % {"day": WEEKDAYS[int(value) - 1]()},
        "hour": lambda: _("%(hour)s 点下单") % {"hour": value},
        "hour_from": lambda: _("%(hour)s 点以后下单") % {"hour": value},
        "channel": lambda: _("直播订单") if value == "live" else _("非直播订单"),
        "promotion": lambda: _("促销订单") if value == "yes" else _("非促销订单"),
        "province": lambda: _("寄往%(value)s") % {"value": value},
        "courier": lambda: _("%(value)s承运") % {"value": value},
        "reply_bucket": lambda: reply_words(value),
        "days_after_order": lambda: _("下单后第 %(value)s 天") % {"value": value},
        "reason": lambda: _("原因「%(value)s」") % {"value": value},
    }
    return known[name]()


def reply_words(value: str) -> str:
    """How long the first answer took."""
    if value == "never":
        return _("咨询没人回复")
    return _("首次回复 %(value)s 秒") % {"value": value}


def cut_words(row: FindingRow, titles: Mapping[str, str]) -> str:
    """The whole cut."""
    return _("、").join(part_words(name, value, titles) for name, value in row.cut)


def outcome_word(outcome: str) -> str:
    """What is counted."""
    return _("品质退货率") if outcome == "quality" else _("退货率")


def sentence(row: FindingRow, titles: Mapping[str, str]) -> str:
    """The finding in one sentence, its number in it."""
    kind = row.cut[-1][0]
    told = {"where": cut_words(row, titles)}
    if kind == "reason":
        share = formats.percent(row.k_inside / row.n_inside, 0)
        return _("%(where)s占了退货的 %(share)s") % {**told, "share": share}
    if kind == "days_after_order":
        (name, value), (_after, day) = row.cut
        sku = part_words(name, value, titles)
        return _("%(sku)s的退货集中在下单后第 %(day)s 天") % {"sku": sku, "day": day}
    told["outcome"] = (
        pgettext("within a sentence", "品质退货率")
        if row.outcome == "quality"
        else pgettext("within a sentence", "退货率")
    )
    if row.lift is None:
        return _("%(where)s有退货，其他订单一件也没有") % told
    return _("%(where)s的%(outcome)s是其他的 %(lift)s 倍") % {
        **told, "lift": formats.number(row.lift, 1),
    }  # fmt: skip


def figures_text(row: FindingRow) -> str:
    """The counts behind the sentence."""
    n, k = formats.number(row.n_inside), formats.number(row.k_inside)
    kind = row.cut[-1][0]
    if kind == "reason":
        return _("%(n)s 件退货里 %(k)s 件，一个原因通常不超过三分之一") % {"n": n, "k": k}
    rest = formats.percent(row.k_outside / row.n_outside if row.n_outside else None)
    if kind == "days_after_order":
        return _("%(n)s 件退货里 %(k)s 件，其他 SKU 是 %(rest)s") % {"n": n, "k": k, "rest": rest}
    return _("%(n)s 件里 %(k)s 件，其他 %(rest)s") % {"n": n, "k": k, "rest": rest}


def excess_text(row: FindingRow) -> str:
    """What came back beyond the rate outside."""
    count = formats.number(row.excess)
    if row.excess_fen is None:
        return ngettext("多出约 %(n)s 件", "多出约 %(n)s 件", round(row.excess)) % {"n": count}
    return _("多出约 %(n)s 件、%(money)s") % {"n": count, "money": whole_yuan(row.excess_fen)}


def gain_words(row: FindingRow) -> str:
    """What would have to change for the rate of the whole shop to fall, and which rate."""
    if row.cut[-1][0] == "reason":
        return _("若这个原因降到退货的三分之一：总退货率")
    if row.cut[-1][0] == "days_after_order":
        return _("若这一天降到其他 SKU 的比例：总退货率")
    if row.outcome == "quality":
        return _("若降到其他的水平：品退率")
    return _("若降到其他的水平：总退货率")


def whole_yuan(fen: float) -> str:
    """An estimate in whole yuan."""
    return _("%(n)s 元") % {"n": formats.number(fen / FEN_PER_YUAN)}


def advice(row: FindingRow) -> list[str]:
    """What to do about it, first things first."""
    steps = {
        "goods": [
            _("对照买家原话看主图、尺码表和详情，哪一句说得和实物不同，先改哪一句"),
            _("抽 5–10% 的库存开箱检查，按批次记下结果"),
            _("改完记下日期，30 天后看这一组的退货率"),
        ],
        "placing": [
            _("看这个时段下单的人问了什么、谁在回复，补上夜班或自动回复"),
            _("这个时段的订单发货前多核对一遍尺码和地址"),
        ],
        "reply": [_("把没人回复的时段排进班表"), _("先用「稍等，马上为您确认」接住，再给答案")],
        "courier": [
            _("抽查这家快递的破损和超时，换包装或换快递试两周"),
            _("让仓库按省份分开记录，确认是路上的问题"),
        ],
        "province": [
            _("看这个省的签收时长和破损，近处有仓就改从近处发"),
            _("提前告诉买家几天能到"),
        ],
        "channel": [_("核对直播里说的和详情页写的是否一致"), _("直播订单发货前确认尺码")],
        "promotion": [_("促销页写清规格和发货时间，减少冲动下单"), _("凑单商品单独看退货原因")],
        "days_after_order": [
            _("看这一天买家刚收到什么：多半是签收当天试过就退，先改尺码和色差说明"),
            _("到货前一天发使用和试穿提示"),
        ],
        "reason": [
            _("把这个原因的买家原话读一遍，找出说得最多的一件事"),
            _("先改退得最多的三个商品"),
        ],
    }
    last = row.cut[-1][0]
    if last in SHARES:
        return steps[last]
    first = row.cut[0][0]
    return steps[KIND_OF.get(first, first)]


KIND_OF = {
    **dict.fromkeys(("product", "sku", "spec", "category", "price_band"), "goods"),
    **dict.fromkeys(("weekday", "hour", "hour_from"), "placing"),
    "reply_bucket": "reply",
}
