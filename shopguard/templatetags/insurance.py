"""What the pages of freight insurance write with: fees to the fen and below, switches, advice."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from freightins.calc import advice as verdicts
from freightins.calc.check import Rival
from freightins.calc.worth_rules import WorthRules
from freightins.models import Claim
from freightins.selectors.check_page import verdict_word
from freightins.selectors.choice_words import advice_reason, advice_word, level_word
from freightins.selectors.claim_words import method_word, state_word
from freightins.selectors.claims_page import claim_is_overdue
from freightins.selectors.home_words import basis_word, product_word
from freightins.selectors.products import CoverRow, LevelRow, is_covered
from freightins.selectors.trial_page import Told, change_of
from freightins.selectors.worth_words import verdict_told
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from shopguard.lib.marks import badge
from shopguard.lib.money import yuan_text

register = template.Library()

FEN = 100
THOUSAND = 1000
# verdict -> (colour, icon)
ADVICE = {
    verdicts.ON: ("good", "arrow-up"),
    verdicts.OFF: ("watch", "arrow-down"),
    verdicts.EITHER: ("none", "minus"),
    verdicts.IMPOSSIBLE: ("none", "lock"),
}


# state -> (colour, icon)
CLAIM_STATES: dict[str, tuple[str, str]] = {
    Claim.State.OPENED: ("info", "circle-dashed"),
    Claim.State.WAITING_RECEIPT: ("none", "package"),
    Claim.State.IN_REVIEW: ("watch", "clock"),
    Claim.State.APPROVED: ("info", "circle-check"),
    Claim.State.PAID: ("good", "circle-check"),
    Claim.State.REJECTED: ("none", "x"),
}


@register.filter
def overdue_by(claim: Claim, now: datetime) -> bool:
    """Whether the review of a claim should have ended by an instant."""
    return claim_is_overdue(claim, now)


@register.filter
def yuan_whole(fen: float | None) -> str:
    """Fen as whole yuan: a sum of a month."""
    if fen is None:
        return formats.UNKNOWN
    return _("%(n)s 元") % {"n": formats.number(Decimal(fen) / FEN)}


@register.filter
def yuan_whole_size(fen: float) -> str:
    """The same without its sign."""
    return yuan_whole(abs(fen))


@register.filter
def basis(code: str) -> str:
    """What a fee stands on, in words."""
    return basis_word(code)


@register.simple_tag
def claim_state(claim: Claim) -> SafeString:
    """The state of a claim as a badge."""
    kind, icon_name = CLAIM_STATES[claim.state]
    return badge(kind, icon_name, state_word(claim.state))


@register.inclusion_tag("freightins/verdict.html")
def check_verdict(verdict: str) -> dict[str, Any]:
    """Whether the model is right, as a badge."""
    return {"verdict": verdict, "verdict_word": verdict_word(verdict)}


@register.inclusion_tag("freightins/rival.html")
def rival_row(rival: Rival | None, kind: str) -> dict[str, Any]:
    """A plain rival of the model as a row: its loss, ours, and whether they differ."""
    return {"rival": rival, "kind": kind}


@register.simple_tag
def worth_verdict(verdict: str) -> SafeString:
    """Whether cover pays, as a badge."""
    kind, icon_name, word = verdict_told(verdict)
    return badge(kind, icon_name, word)


@register.simple_tag
def trial_state(told: Told) -> SafeString:
    """Where a trial stands, as a badge."""
    uplift = told.effect.uplift
    if told.is_running and (uplift is None or not uplift.excludes_zero):
        return badge("info", "clock", _("进行中"))
    if uplift is None:
        return badge("none", "circle-dashed", _("不足"))
    if not uplift.excludes_zero:
        return badge("none", "circle-dashed", _("还不能断定"))
    if uplift.value > 0:
        return badge("good", "arrow-up", _("订单变多"))
    return badge("watch", "arrow-down", _("订单变少"))


@register.filter
def change(value: float) -> str:
    """A change as a signed percentage."""
    return change_of(value) if isfinite(value) else "∞"


@register.filter
def points(value: float) -> str:
    """A difference of rates in percentage points with its sign."""
    return formats.signed(value * 100, 2) if isfinite(value) else "∞"


@register.filter
def net_monthly(fen: float, rules: WorthRules) -> str:
    """A balance of the days shown as signed whole yuan a month."""
    if not isfinite(fen):
        return "∞"
    return _("%(n)s 元") % {"n": formats.signed(rules.monthly(fen) / FEN, 0)}


@register.filter
def monthly(fen: float, rules: WorthRules) -> str:
    """A sum of the days shown as whole yuan a month."""
    return yuan_whole(rules.monthly(fen))


@register.filter
def share(value: Fraction, places: int = 1) -> str:
    """An exact share as a percentage."""
    return formats.percent(float(value), places)


@register.filter
def fraction(value: Fraction, places: int = 1) -> str:
    """An exact number."""
    return formats.number(float(value), places)


@register.filter
def fen_rough(fen: Fraction) -> str:
    """An exact sum in fen as whole yuan."""
    return yuan_whole(float(fen))


@register.filter
def thousandths(value: int) -> str:
    """A margin as a percentage."""
    return formats.percent(value / THOUSAND, 1)


@register.filter
def thousandths_plain(value: int) -> str:
    """The same as it is typed."""
    return f"{value / (THOUSAND / 100):.1f}"


@register.filter
def yuan_plain(fen: int) -> str:
    """Fen as yuan as they are typed."""
    return yuan_text(fen)


@register.filter
def way_back(code: str) -> str:
    """How the goods come back, in words."""
    return method_word(code)


@register.filter
def product(code: str) -> str:
    """What a product of freight cover is called."""
    return product_word(code)


@register.filter
def yuan_size(fen: int) -> str:
    """Fen as yuan without its sign."""
    return formats.yuan(abs(fen))


@register.filter
def yuan_float(fen: float) -> str:
    """A mean in fen as yuan with two decimals."""
    return _("%(n)s 元") % {"n": formats.number(Decimal(fen) / FEN, 2)}


@register.filter
def fen_exact(fen: float) -> str:
    """A part of a fee: yuan to a tenth of a fen."""
    return _("%(n)s 元") % {"n": formats.number(Decimal(fen) / FEN, 3)}


@register.filter
def fen_signed(fen: float, places: int = 3) -> str:
    """What a factor did to a fee, in yuan with its sign."""
    return formats.signed(Decimal(fen) / FEN, places)


@register.filter
def bar_width(share: float) -> str:
    """A share as the width of a bar of 100."""
    return f"{min(max(share, 0), 1) * 100:.2f}"


@register.inclusion_tag("freightins/advice.html")
def advice(row: CoverRow) -> dict[str, Any]:
    """What is advised for a product, with the arithmetic."""
    kind, icon_name = ADVICE[row.advice.verdict]
    word = advice_word(row.advice.verdict)
    return {"kind": kind, "icon_name": icon_name, "word": word, "reason": advice_reason(row)}


@register.inclusion_tag("freightins/switch.html", takes_context=True)
def cover_switch(context: Any, row: CoverRow, query: str) -> dict[str, Any]:
    """The switch of a product."""
    own = row.choice if row.choice and row.choice.is_covered is not None else None
    return {
        **_switch(context, query),
        "level": "product",
        "key": row.key,
        "version": row.version,
        "is_on": is_covered(row),
        "is_virtual": row.product.is_virtual,
        "name": _("保障「%(title)s」") % {"title": row.product.title or row.key},
        "from": level_word(row.decision.level),
        "changed_by": own.changed_by if own else "",
        "changed": _day(own.changed_at) if own else "",
    }


@register.inclusion_tag("freightins/switch.html", takes_context=True)
def level_switch(context: Any, row: LevelRow, query: str) -> dict[str, Any]:
    """The switch of the shop or of a category."""
    chosen = row.choice.is_covered if row.choice else None
    name = row.key or _("全店")
    return {
        **_switch(context, query),
        "level": row.level,
        "key": row.key,
        "version": row.version,
        "is_on": bool(chosen) if chosen is not None else row.covered > 0,
        "is_virtual": False,
        "name": _("保障「%(title)s」") % {"title": name},
        "from": "" if chosen is not None else _("没有选择"),
        "changed_by": row.choice.changed_by if row.choice and chosen is not None else "",
        "changed": _day(row.choice.changed_at) if row.choice and chosen is not None else "",
    }


def _switch(context: Any, query: str) -> dict[str, Any]:
    return {
        "shop": context["request"].shop.external_id,
        "query": query,
        "csrf_token": context.get("csrf_token"),
    }


def _day(when: datetime) -> str:
    return formats.day_short(shanghai_day(when), shanghai_day(timezone.now()))
