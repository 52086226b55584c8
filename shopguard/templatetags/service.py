"""Words and marks of the assessment of customer service."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicescore.calc.assessment import Judgement
from shopguard.lib import formats
from shopguard.lib.days import SECONDS_PER_HOUR
from shopguard.lib.marks import badge

register = template.Library()

LEVELS: Mapping[str, tuple[str, str, Any]] = {
    "pass": ("good", "circle-check", gettext_lazy("合格")),
    "reminder": ("watch", "eye", pgettext_lazy("level", "提醒")),
    "course": ("urgent", "graduation-cap", gettext_lazy("课程与考试")),
    "limit": ("urgent", "octagon-alert", gettext_lazy("限流")),
}
STATES: Mapping[str, tuple[str, str, Any]] = {
    "sample_too_small": ("none", "circle-dashed", gettext_lazy("样本不足")),
    "penalty_running": ("urgent", "gavel", gettext_lazy("处罚中，不考核")),
    "window_not_full": ("none", "clock", gettext_lazy("窗口未满")),
    "month_running": ("none", "clock", gettext_lazy("下月 1 日再评")),
}
EXAMS: Mapping[str, Any] = {
    "passed": pgettext_lazy("exam", "通过"),
    "failed": pgettext_lazy("exam", "未通过"),
    "missed": gettext_lazy("缺考"),
}
CONDITIONS: Mapping[str, Any] = {
    "signed": gettext_lazy("已签署有效的店铺服务协议"),
    "running": gettext_lazy("店铺正常经营"),
    "staffed": gettext_lazy("客服人手够用"),
    "examined": gettext_lazy("基础考试通过"),
}
CRITERIA: Mapping[str, Any] = {
    "solved": gettext_lazy("问题解决"),
    "tone": gettext_lazy("态度语气"),
    "accuracy": gettext_lazy("回答准确"),
    "conduct": gettext_lazy("遵守条款"),
}
MODES: Mapping[str, Any] = {
    "own": gettext_lazy("自主客服"), "platform": gettext_lazy("平台代运营"),
}  # fmt: skip
SWITCHES: Mapping[str, tuple[str, str, Any]] = {
    "open": ("watch", "clock", gettext_lazy("等考试")),
    "done": ("good", "circle-check", gettext_lazy("已生效")),
    "withdrawn": ("none", "circle-dashed", gettext_lazy("已撤回")),
}
MINUTE = 60


@register.simple_tag
def judgement_badge(row: Judgement) -> SafeString:
    """What was said of an indicator, as a badge."""
    kind, icon_name, word = LEVELS.get(row.level) or STATES[row.state]
    if row.state == "already_punished":
        word = _("%(level)s，本月已罚过") % {"level": word}
    return badge(kind, icon_name, word)


@register.filter
def level_word(level: str) -> str:
    """A level."""
    return str(LEVELS[level][2])


@register.filter
def exam_word(outcome: str) -> str:
    """How an exam ended."""
    return str(EXAMS.get(outcome, outcome))


@register.filter
def condition_word(name: str) -> str:
    """A condition of own service."""
    return str(CONDITIONS[name])


@register.filter
def criterion_word(name: str) -> str:
    """What a quality sample is marked for."""
    return str(CRITERIA[name])


@register.filter
def mode_word(mode: str) -> str:
    """Who answers the customers."""
    return str(MODES.get(mode, mode))


@register.simple_tag
def switch_badge(state: str) -> SafeString:
    """What became of a switch of the mode, as a badge."""
    kind, icon_name, word = SWITCHES[state]
    return badge(kind, icon_name, word)


@register.filter
def hour_word(seconds: int) -> str:
    """A time of day given in seconds since midnight, such as ``09:00``."""
    return f"{seconds // SECONDS_PER_HOUR:02}:{seconds % SECONDS_PER_HOUR // MINUTE:02}"


@register.filter
def weekday_word(weekday: int) -> str:
    """A weekday by its ISO number."""
    return str(formats.WEEKDAYS[weekday - 1])


@register.filter
def seconds_word(seconds: int) -> str:
    """A gap: seconds below a minute, else minutes with a tenth."""
    if seconds < MINUTE:
        return _("%(n)s 秒") % {"n": formats.number(seconds)}
    return _("%(n)s 分钟") % {"n": formats.number(seconds / MINUTE, 1)}
