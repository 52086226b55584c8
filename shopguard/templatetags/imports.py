"""Words and marks of the import page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shopguard.lib import formats
from shopguard.lib.marks import badge
from stores.models import ImportBatch, ImportUpload
from stores.services.imports.problems import refusal_text

register = template.Library()

MINUTE, HOUR = 60, 3600
State = ImportUpload.State

# state -> (colour, icon, word)
STATES: Mapping[str, tuple[str, str, Any]] = {
    State.CHECKING: ("info", "refresh-cw", gettext_lazy("检查中")),
    State.CHECKED: ("watch", "eye", gettext_lazy("等你确认")),
    State.IMPORTING: ("info", "refresh-cw", gettext_lazy("导入中")),
    State.DONE: ("good", "circle-check", gettext_lazy("已导入")),
    State.STOPPED: ("none", "circle-pause", gettext_lazy("已停止")),
    State.FAILED: ("urgent", "octagon-alert", gettext_lazy("出错")),
    State.DROPPED: ("none", "undo-2", gettext_lazy("没有导入")),
}
SOME_REJECTED = ("watch", "triangle-alert", gettext_lazy("有行被拒"))
REFUSED = ("urgent", "octagon-alert", gettext_lazy("整个拒绝"))


@register.simple_tag
def upload_state(upload: ImportUpload) -> SafeString:
    """Where a file stands, as a badge."""
    return badge(*STATES[upload.state])


@register.simple_tag
def batch_state(batch: ImportBatch) -> SafeString:
    """What became of a file, as a badge."""
    if batch.status == ImportBatch.Status.REFUSED:
        return badge(*REFUSED)
    return badge(*(SOME_REJECTED if batch.rejected else STATES[State.DONE]))


@register.filter
def refusal(batch: ImportBatch) -> str:
    """Why a file was refused whole."""
    return refusal_text(batch)


@register.filter
def time_left(seconds: int | None) -> str:
    """A rough time in a sentence."""
    if seconds is None:
        return formats.UNKNOWN
    if seconds < MINUTE:
        return _("%(n)s 秒") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)s 分钟") % {"n": round(seconds / MINUTE)}
    return _("%(n)s 小时") % {"n": formats.number(seconds / HOUR, 1)}
