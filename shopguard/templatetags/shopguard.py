"""What templates write with: numbers as people read them, icons, state words, drawn marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.auth.models import AbstractUser
from django.forms import BoundField, Select
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shopguard.lib import drawing, formats, words
from shopguard.lib.changes import Change
from shopguard.lib.days import shanghai_day
from shopguard.lib.links import row_address
from shopguard.lib.marks import badge, icon
from shopguard.lib.money import yuan_text

register = template.Library()
register.simple_tag(icon)

WHOLE_STARS = 5
NO_BREAK = "\u00a0"
TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True)
class StateWord:
    """A state as it is always shown: icon and word, the colour only beside them."""

    icon: str
    word: Any


STATES = {
    "good": StateWord("circle-check", _("良好")),
    "watch": StateWord("eye", _("关注")),
    "urgent": StateWord("octagon-alert", _("紧急")),
    "none": StateWord("circle-dashed", _("不足")),
    "info": StateWord("info", _("提示")),
}
ARROWS = {"up": "arrow-up", "down": "arrow-down", "flat": "minus"}
VERDICTS = {"better": _("变好"), "worse": _("变差"), "same": _("持平")}
DIRECTIONS = {"up": _("上升"), "down": _("下降")}


@register.filter
def score(value: formats.Number | None) -> str:
    """A score with two decimals, half up; — when unknown."""
    return formats.score(value)


@register.filter
def number(value: formats.Number | None, places: int = 0) -> str:
    """A number grouped by thousands."""
    return formats.number(value, places)


@register.filter
def signed(value: formats.Number | None, places: int = 2) -> str:
    """A number with its sign."""
    return formats.signed(value, places)


@register.filter
def pct(value: formats.Number | None, places: int = 1) -> str:
    """A fraction as a percentage."""
    return formats.percent(value, places)


@register.filter
def duration(value: formats.Number | None) -> str:
    """A number of seconds in hours."""
    return formats.seconds_as_hours(value)


@register.filter
def file_size(value: int) -> str:
    """The size of a file, whole where it is: 200 MB, 1.4 MB."""
    return filesizeformat(value).replace(".0" + NO_BREAK, NO_BREAK)


@register.filter
def yuan(value: int | None) -> str:
    """Integer fen in yuan."""
    return formats.yuan(value)


@register.filter
def yuan_plain(value: int | None) -> str:
    """Integer fen as it is typed into a field; empty when unknown."""
    return "" if value is None else yuan_text(value)


@register.filter
def stars_word(value: formats.Number) -> str:
    """Stars in words."""
    return formats.stars(value)


@register.filter
def stars_mark(value: float) -> str:
    """Stars where a word has no room: ``4.5★``."""
    return f"{value:g}★"


@register.filter
def day(value: date | None) -> str:
    """A day in a sentence."""
    return formats.day(value, timezone.localdate())


@register.filter
def day_short(value: date | None) -> str:
    """A day in a table."""
    return formats.day_short(value, timezone.localdate())


@register.filter
def day_rows(rows: Iterable[Any]) -> SafeString:
    """The rows of a long table of numbers, each with a ``day`` and its ``cells``: half a year of
    them takes a loop of the template tens of milliseconds.
    """
    today = timezone.localdate()
    return SafeString(  # nosec B703 (every cell is escaped)
        "".join(
            f"<tr><td>{formats.day_short(row.day, today)}</td>"
            + "".join([f'<td class="num">{escape(cell)}</td>' for cell in row.cells])
            + "</tr>"
            for row in rows
        )
    )


@register.filter
def clock(value: datetime | None) -> str:
    """An instant in a table, Shanghai time."""
    return formats.clock(value, shanghai_day(timezone.now()))


@register.filter
def time_left(due_at: datetime | None, now: datetime) -> str:
    """How long until something is due."""
    return formats.time_left(due_at, now)


@register.filter
def time_ago(value: datetime, now: datetime) -> str:
    """How long ago something was."""
    return formats.time_ago(value, now)


@register.filter
def moment(value: datetime | None, now: datetime) -> str:
    """An instant near today, Shanghai time."""
    return formats.moment(value, now)


@register.filter
def unbroken(text: str) -> SafeString:
    """A Chinese title that breaks at punctuation only; an English one breaks as usual."""
    safe = conditional_escape(text)
    if formats.is_english():
        return safe
    # Escaped above; only blanks are replaced since.
    words = (p if p.startswith("<") else p.replace(" ", NO_BREAK) for p in TAG.split(safe))
    return SafeString("".join(words))  # nosec B703


@register.filter
def initial(value: str) -> str:
    """The first character of a name, for the mark that stands for a shop or a person."""
    return value.strip()[:1].upper()


@register.simple_tag(takes_context=True)
def row_url(context: Context, name: str, key: int | str) -> str:
    """The address ``name`` of a row of the shop of this page."""
    return row_address(name, context["request"].shop.external_id, key)


@register.simple_tag
def state(kind: str, word: str = "", mark: str = "") -> SafeString:
    """A state badge: ``good``, ``watch``, ``urgent``, ``none`` or ``info``, perhaps reworded."""
    known = STATES[kind]
    return badge(kind, mark or known.icon, word or known.word)


@register.inclusion_tag("components/delta.html")
def delta(change: Change | None, text: str = "") -> dict[str, object]:
    """A change: arrow for the direction, colour and word for the verdict. ``text`` is its size."""
    if change is None:
        return {"change": None}
    return {
        "change": change,
        "arrow": ARROWS[change.direction],
        "direction": DIRECTIONS.get(change.direction, ""),
        "text": text or formats.number(change.size, 2),
        "word": VERDICTS.get(change.verdict, ""),
    }


@register.inclusion_tag("components/stars.html")
def stars(value: formats.Number, size: str = "") -> dict[str, object]:
    """Five stars, filled, halved or empty, with the number in words."""
    marks = [
        "full" if value >= place else "half" if value >= place - 0.5 else "empty"
        for place in range(1, WHOLE_STARS + 1)
    ]
    return {"marks": marks, "text": formats.stars(value), "size": size}


@register.inclusion_tag("components/ruler.html")
def ruler(
    value: formats.Number, gates: Sequence[tuple[float, str]], band: Any = None
) -> dict[str, object]:
    """The ruler of a total with its gates as (value, label), and how far it may be off: ``band``
    has a ``low`` and a ``high``.
    """
    found = [(float(at), label) for at, label in gates]
    ends = (band.low, band.high) if band else None
    return {"ruler": drawing.ruler(float(value), found, ends)}


@register.inclusion_tag("components/mini_ruler.html")
def mini_ruler(
    value: formats.Number | None, peer: formats.Number | None = None, tone: str = ""
) -> dict[str, object]:
    """A bar from 3 to 5 with a tick at the middle of the peers."""
    low, high = drawing.FLOOR_SCORE, drawing.TOP_SCORE
    return {
        "width": "" if value is None else drawing.share(float(value), low, high),
        "peer": "" if peer is None else drawing.share(float(peer), low, high),
        "tone": tone,
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(
    values: Sequence[float | None],
    label: str,
    gate: float | None = None,
    least_span: float = 0.0,
) -> dict[str, object]:
    """The shape of a series, oldest first, with a text label in place of axes."""
    return {"spark": drawing.spark(values, gate=gate, least_span=least_span), "label": label}


@register.inclusion_tag("components/need_bar.html")
def need_bar(have: int, need: int) -> dict[str, object]:
    """How much of what is needed is there."""
    return {"width": drawing.share(have, 0, need) if need else "100%"}


@register.filter
def person_name(user: AbstractUser) -> str:
    """A person's name, or the account where no name is known."""
    return user.get_full_name() or user.get_username()


@register.filter
def industry(code: str) -> str:
    """An industry in words."""
    return words.industry(code)


@register.filter
def platform(code: str) -> str:
    """A platform in words."""
    return words.platform(code)


@register.filter
def with_control(field: BoundField) -> SafeString:
    """A form field drawn as a control that points at its own error and help."""
    is_choice = isinstance(field.field.widget, Select)
    attributes: dict[str, str | bool] = {"class": "form-select" if is_choice else "form-control"}
    about = [f"{field.id_for_label}_error"] if field.errors else []
    about += [f"{field.id_for_label}_helptext"] if field.help_text else []
    if about:
        attributes["aria-describedby"] = " ".join(about)
    return field.as_widget(attrs=attributes)
