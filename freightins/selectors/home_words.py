"""Enrolment in words: conditions with what is needed and what to do, states, changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.calc.eligibility import Condition, failures
from freightins.models import ChoiceChange, Enrolment, EnrolmentEvent, QuoteRevision
from freightins.selectors.choice_words import choice_name
from freightins.selectors.enrolments import Cover
from shopguard.lib.formats import number, percent, score
from stores.models import Shop


@dataclass(frozen=True)
class ConditionLine:
    """A condition as it is shown."""

    condition: Condition
    name: str
    value: str
    needed: str
    todo: str


@dataclass(frozen=True)
class ChangeLine:
    """A change of a choice as it is shown."""

    change: ChoiceChange
    name: str
    was: str
    became: str


def product_word(product: str) -> str:
    """What a product is called."""
    return {
        Enrolment.Product.SERVICE.value: _("运费宝"),
        Enrolment.Product.INSURANCE.value: pgettext("product", "运费险"),
    }[product]


def basis_word(basis: str) -> str:
    """What a fee stands on."""
    return {
        QuoteRevision.Basis.SHOP.value: _("店铺历史"),
        QuoteRevision.Basis.CATEGORY.value: _("主营类目"),
        QuoteRevision.Basis.ENTERED.value: _("手工录入"),
    }[basis]


def condition_name(name: str) -> str:
    """What a condition is called."""
    return {
        "shop_open": _("店铺已开业"),
        "base_settings": _("基础设置完成"),
        "total": _("服务分"),
        "severe_points": _("近 90 天严重违规分"),
        "dispute_rate": _("近 90 天纠纷率"),
        "return_rate": _("计价窗口退货率"),
    }[name]


def _todo(name: str) -> str:
    return {
        "shop_open": _("店铺恢复营业后自动继续。"),
        "base_settings": _("在店铺设置里填好简介、照片、电话和退货地址。"),
        "total": _("看服务分页分数最低的一项，先做它。"),
        "severe_points": _("等最早一次严重违规满 90 天，或申诉。"),
        "dispute_rate": _("先答复未结的投诉，争取买家撤诉。"),
        "return_rate": _("退货最多的商品先改详情页和尺码说明，或不保。"),
    }[name]


def condition_lines(found: Sequence[Condition]) -> list[ConditionLine]:
    """Every condition with its value, what is needed, and what to do where it is not met."""
    return [
        ConditionLine(
            condition=one,
            name=condition_name(one.name),
            value=_value(one.name, one.value),
            needed=_needed(one),
            todo="" if one.is_met else _todo(one.name),
        )
        for one in found
    ]


def _value(name: str, value: float | None) -> str:
    if value is None:
        return _("还没有")
    if name in ("shop_open", "base_settings"):
        return _("是") if value else _("否")
    if name == "total":
        return score(value)
    if name == "severe_points":
        return number(value)
    return percent(value, 2)


def _needed(one: Condition) -> str:
    if one.name in ("shop_open", "base_settings"):
        return _("是")
    if one.name == "total":
        return f"≥ {score(one.needed)}"
    if one.name == "severe_points":
        return number(one.needed)
    sign = "<" if one.name == "return_rate" else "≤"
    return f"{sign} {percent(one.needed, 0)}"


def home_sentence(cover: Cover, found: Sequence[Condition]) -> str:
    """The answer the page begins with."""
    if cover.state == EnrolmentEvent.State.SUSPENDED and cover.event is not None:
        reasons = "、".join(condition_name(name) for name in cover.event.reasons)
        return _("保障已暂停：%(reasons)s；恢复后自动继续") % {"reasons": reasons}
    if cover.enrolment is not None:
        name = product_word(cover.enrolment.product)
        return _("%(name)s保障中，新订单发货即生效") % {"name": name}
    failed = failures(list(found))
    if failed:
        return _("现在还不能开通：%(name)s") % {"name": condition_name(failed[0])}
    return _("还没有开通，条件已满足，可以现在开")


def change_lines(*, shop: Shop, changes: Sequence[ChoiceChange]) -> list[ChangeLine]:
    """Changes with names and words."""
    words = {True: _("在保"), False: _("不保"), None: _("随上级")}
    return [
        ChangeLine(
            change=change,
            name=choice_name(shop=shop, level=change.level, key=change.key),
            was=words[change.was],
            became=words[change.became],
        )
        for change in changes
    ]
