"""Words of the pages of worth."""

from django.utils.translation import gettext as _

from freightins.calc.compare import FEW_ORDERS, FEW_PRODUCTS, MIX, SIMPSON
from freightins.calc.worth import LIKELY, LOSES, PAYS, UNKNOWN, UNLIKELY
from freightins.calc.worth_rules import WorthRules
from shopguard.lib.formats import number, percent, signed

FEN = 100
PERCENT = 100
# Measures that are shares of something; the others are amounts or counts.
MONEY, COUNTS = "order_value", "items"


def measure_word(name: str) -> str:
    """A measure of the comparison."""
    words = {
        "return_rate": _("退货率"),
        "dispute_rate": _("退货运费纠纷"),
        "silent": _("没咨询就下单"),
        "order_value": _("客单价"),
        "items": _("每单件数"),
        "bad_reviews": _("中差评率"),
        "came_again": _("退货买家 30 天复购"),
        "conversion": _("转化率"),
    }
    return words[name]


def value_word(name: str, value: float | None) -> str:
    """A figure of a measure."""
    if value is None:
        return "—"
    if name == MONEY:
        return _("%(n)s 元") % {"n": number(value / FEN)}
    return number(value, 2) if name == COUNTS else percent(value, 2 if value < 0.01 else 1)


def change_word(name: str, value: float) -> str:
    """A difference of a measure: percentage points, yuan or pieces."""
    if name == MONEY:
        return signed(value / FEN, 0)
    return signed(value, 2) if name == COUNTS else signed(value * PERCENT, 2)


def unit_word(name: str) -> str:
    """What a difference is in."""
    if name == MONEY:
        return _("元")
    return _("件") if name == COUNTS else _("百分点")


def thin_word(thin: str, rules: WorthRules) -> str:
    """Why nothing is compared."""
    if thin == FEW_PRODUCTS:
        return _("每边至少要 %(n)s 件有记录的商品") % {"n": rules.least_groups}
    if thin == FEW_ORDERS:
        return _("每边至少要 %(n)s 条记录") % {"n": rules.least_orders}
    return ""


def warning_word(warning: str) -> str:
    """What the mix of categories does to a difference."""
    if warning == SIMPSON:
        return _("同类目里方向相反：差别来自卖什么，不来自保障")
    if warning == MIX:
        return _("同类目里分不出：差别多半来自类目不同")
    return ""


def verdict_told(verdict: str) -> tuple[str, str, str]:
    """Colour, icon and word of a verdict on cover."""
    words = {
        PAYS: ("good", "arrow-up", _("值")),
        LIKELY: ("good", "arrow-up", _("多半值")),
        UNLIKELY: ("watch", "arrow-down", _("多半不值")),
        LOSES: ("watch", "arrow-down", _("不值")),
        UNKNOWN: ("none", "circle-dashed", _("未测")),
    }
    return words[verdict]
