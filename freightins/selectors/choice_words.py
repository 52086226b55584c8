"""Choices, advice and what came of a change, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from freightins.calc import advice
from freightins.models import Choice, ChoiceChange, ChoiceSet
from freightins.selectors.products import CoverRow, products_named
from shopguard.lib import formats
from shopguard.lib.formats import clock, percent, yuan
from stores.models import Shop

NAMED = 3


class _Wish(Protocol):
    @property
    def level(self) -> str: ...
    @property
    def key(self) -> str: ...


class _Clash(Protocol):
    @property
    def present(self) -> Choice: ...


class Result(Protocol):
    """What a service says came of a change."""

    choice_set: ChoiceSet | None
    changed: list[ChoiceChange]

    @property
    def clashes(self) -> Sequence[_Clash]: ...
    @property
    def impossible(self) -> Sequence[_Wish]: ...


@dataclass(frozen=True)
class Told:
    """What was done in one sentence, and a sentence for everything that was not."""

    done: str
    refused: list[str]


def advice_word(verdict: str) -> str:
    """What is advised."""
    return {
        advice.ON: _("建议开"),
        advice.OFF: _("建议关"),
        advice.EITHER: _("均可"),
        advice.IMPOSSIBLE: _("不可保"),
    }[verdict]


def level_word(level: str) -> str:
    """Where a choice comes from."""
    words = {
        "product": pgettext("choice", "按商品"),
        "category": pgettext("choice", "随类目"),
        "shop": pgettext("choice", "随店铺"),
    }
    return words.get(level, _("没有选择"))


def advice_reason(row: CoverRow) -> str:
    """The arithmetic of an advice."""
    given, fee = row.advice, yuan(row.pricing.fee)
    rate, payout = percent(given.rate), yuan(round(row.pricing.payout))
    told = {
        "rate": rate,
        "payout": payout,
        "fee": fee,
        "expected": yuan(round(given.expected)),
        "price": yuan(row.product.price),
        "orders": formats.number(row.facts.orders),
    }
    if given.reason == "virtual":
        return _("虚拟商品不用寄回")
    if given.reason == "made_to_order":
        return _("定制商品一般不退")
    if given.reason == "low_return_rate":
        return _("%(orders)s 单只退 %(rate)s，预计赔 %(expected)s，保费 %(fee)s") % told
    if given.reason == "freight_share":
        return _("运费 %(payout)s 对售价 %(price)s 太高") % told
    if given.is_own:
        return _("%(rate)s × %(payout)s = 预计赔 %(expected)s，保费 %(fee)s") % told
    return _("单量少，按全店 %(rate)s × %(payout)s = %(expected)s，保费 %(fee)s") % told


def choice_name(*, shop: Shop, level: str, key: str) -> str:
    """What a choice is about, by name."""
    if level == Choice.Level.SHOP:
        return _("全店")
    if level == Choice.Level.CATEGORY:
        return _("类目「%(name)s」") % {"name": key}
    product = products_named(shop=shop, keys=[key]).get(key)
    return f"「{product.title or key}」" if product else f"「{key}」"


def outcome_words(*, shop: Shop, outcome: Result) -> Told:
    """What came of a change."""
    return Told(_done(shop, outcome.changed), _refused(shop, outcome))


def _done(shop: Shop, changed: Sequence[ChoiceChange]) -> str:
    if not changed:
        return ""
    if len(changed) > 1:
        told = ngettext(
            "已改 %(n)d 件，对之后的新订单生效。",
            "已改 %(n)d 件，对之后的新订单生效。",
            len(changed),
        )
        return told % {"n": len(changed)}
    (one,) = changed
    name = choice_name(shop=shop, level=one.level, key=one.key)
    words = {
        True: _("%(name)s改为在保，对之后的新订单生效。"),
        False: _("%(name)s改为不保，已发货订单的保障不受影响。"),
        None: _("%(name)s改为随上级。"),
    }
    return words[one.became] % {"name": name}


def _refused(shop: Shop, outcome: Result) -> list[str]:
    lines = []
    for clash in outcome.clashes[:NAMED]:
        now = clash.present
        state = {True: _("在保"), False: _("不保"), None: _("随上级")}[now.is_covered]
        lines.append(
            _("%(name)s已由 %(who)s 在 %(when)s 改为%(state)s，没有覆盖。请看过再改。")
            % {
                "name": choice_name(shop=shop, level=now.level, key=now.key),
                "who": now.changed_by,
                "when": clock(now.changed_at, now.changed_at.date()),
                "state": state,
            }
        )
    more = len(outcome.clashes) - NAMED
    if more > 0:
        lines.append(_("另有 %(n)d 件也被别人先改了，没有覆盖。") % {"n": more})
    if outcome.impossible:
        lines.append(_("%(n)d 件是虚拟商品或已不存在，不能保。") % {"n": len(outcome.impossible)})
    return lines


def undo_words(*, shop: Shop, outcome: Result | None) -> tuple[str, list[str]]:
    """What came of taking a change back: what was done, and what was not."""
    if outcome is None:
        return "", [_("这次改动已经撤销过了。")]
    done = len(outcome.changed)
    told = ngettext("已撤销 %(n)d 件的改动。", "已撤销 %(n)d 件的改动。", done) % {"n": done}
    return (told if done else ""), _refused(shop, outcome)
