"""What a total unlocks, keeps, loses or comes near to, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.selectors.headline import margin_text
from servicescore.selectors.standing import Level, levels
from shopguard.lib import formats
from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class Unlock:
    """One level against two totals. ``state`` is a badge's kind, empty where nothing changes."""

    bound: str
    label: str
    icon: str
    state: str
    text: str


def level_label(level_id: str) -> str:
    """What a level means to a shop."""
    words = {
        "traffic_weight": _("高分权益：流量加权"),
        "freight_insurance": _("运费险资格"),
        "activities": _("活动报名"),
        "throttling": _("限流风险"),
        "cooperation": _("合作预警，由人判断"),
    }
    return words.get(level_id, level_id)


def unlocks(rules: RuleSet, before: float, after: float) -> list[Unlock]:
    """Every privilege, and every risk that either total meets, highest first."""
    return [
        _unlock(level, before, after)
        for level in levels(rules)
        if not level.is_risk or min(before, after) < level.bound
    ]


def _unlock(level: Level, before: float, after: float) -> Unlock:
    had, has = (total >= level.bound for total in (before, after))
    sign = "<" if level.is_risk else "≥"
    icon, state, text = _risk(had, has) if level.is_risk else _privilege(level, had, has, after)
    bound = f"{sign} {formats.score(level.bound)}"
    return Unlock(bound, level_label(level.id), icon, state, text)


def _privilege(level: Level, had: bool, has: bool, after: float) -> tuple[str, str, str]:
    if has and not had:
        return "lock-open", "good", pgettext("level", "解锁")
    if had and not has:
        return "lock", "urgent", pgettext("level", "失去")
    margin = margin_text(after, level.bound)
    if has:
        return "check", "", pgettext("margin", "余 %(n)s") % {"n": margin}
    return "lock", "", pgettext("margin", "差 %(n)s") % {"n": margin}


def _risk(was_safe: bool, is_safe: bool) -> tuple[str, str, str]:
    if is_safe:
        return "check", "good", pgettext("level", "解除")
    return "octagon-alert", "urgent", _("已触发") if not was_safe else pgettext("level", "触发")
