"""Words and marks of the admin desk: states of runs, names of steps, lengths of time."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shopguard.lib import formats
from shopguard.lib.marks import badge
from stores.models import Run, State

register = template.Library()

# state -> (colour, icon, word)
RUN_STATES: Mapping[str, tuple[str, str, Any]] = {
    State.PENDING: ("none", "clock", gettext_lazy("等待")),
    State.RUNNING: ("info", "refresh-cw", gettext_lazy("运行中")),
    State.DONE: ("good", "circle-check", gettext_lazy("完成")),
    State.DONE_WITH_ERRORS: ("watch", "triangle-alert", gettext_lazy("完成但有错")),
    State.FAILED: ("urgent", "octagon-alert", gettext_lazy("失败")),
}
STEPS = {
    "daily": gettext_lazy("每日统计"),
    "findings": gettext_lazy("寻找退货原因"),
    "scores": gettext_lazy("计算服务分"),
    "assessment": gettext_lazy("考核与处罚"),
    "windows": gettext_lazy("计价窗口"),
    "quotes": gettext_lazy("运费险报价"),
    "enrolments": gettext_lazy("运费险资格"),
    "covers": gettext_lazy("保障与理赔"),
    "worth": gettext_lazy("运费险值不值"),
}
TRIGGERS: dict[str, Any] = {
    Run.Trigger.NIGHTLY: gettext_lazy("夜间"),
    Run.Trigger.RECOMPUTE: gettext_lazy("重算"),
}
MINUTE, HOUR = 60, 3600


@register.simple_tag
def run_state(state: str) -> SafeString:
    """The state of a run, step or shard as a badge."""
    kind, icon_name, word = RUN_STATES[state]
    return badge(kind, icon_name, word)


@register.filter
def step_word(name: str) -> Any:
    """A step in words; its own name when the code no longer knows it."""
    return STEPS.get(name, name)


@register.filter
def trigger_word(trigger: str) -> Any:
    """Who asked for a run."""
    return TRIGGERS.get(trigger, trigger)


@register.filter
def elapsed(seconds: float | None) -> str:
    """A length of time: tenths below a minute, then minutes and seconds, then hours."""
    if seconds is None:
        return formats.UNKNOWN
    if seconds < MINUTE:
        return _("%(n)s 秒") % {"n": formats.number(max(0.0, seconds), 1)}
    whole = int(seconds)
    if whole < HOUR:
        return _("%(m)s 分 %(s)s 秒") % {"m": whole // MINUTE, "s": whole % MINUTE}
    parts = {"h": formats.number(whole // HOUR), "m": whole % HOUR // MINUTE}
    return _("%(h)s 小时 %(m)s 分") % parts


@register.simple_tag
def time_between(begun: Any, ended: Any, now: Any) -> str:
    """How long something took, or takes so far; — when it has not begun."""
    return elapsed(((ended or now) - begun).total_seconds() if begun else None)
