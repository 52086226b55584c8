"""Numbers, dates and money as people read them, in the active language.

Chinese and English differ in units and in the order of dates, not in grouping or decimals. A value
nobody knows is an em dash, never zero. The minus is the true minus sign.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from shopguard.lib.days import SHANGHAI, shanghai_day

UNKNOWN = "—"
MINUS = "−"
# Binary noise of a stored value ends here; rounding half up starts from what was stored.
STORED_PLACES = 9
FEN_PER_YUAN = 100
# From this many hours on the minutes are left out.
PLAIN_HOURS = 12
JUST_NOW_MINUTES = 2
AMOUNTS_KEPT = 4096
WEEKDAYS = (
    pgettext_lazy("weekday", "周一"), pgettext_lazy("weekday", "周二"),
    pgettext_lazy("weekday", "周三"), pgettext_lazy("weekday", "周四"),
    pgettext_lazy("weekday", "周五"), pgettext_lazy("weekday", "周六"),
    pgettext_lazy("weekday", "周日"),
)  # fmt: skip
DAYS_NEAR = {-1: gettext_lazy("昨天"), 0: gettext_lazy("今天"), 1: gettext_lazy("明天")}
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Number = int | float | Decimal


def is_english() -> bool:
    """Whether the active language is English; otherwise it is Chinese."""
    return (get_language() or "").startswith("en")


def rounded(value: Number, places: int) -> Decimal:
    """``value`` rounded half up to ``places`` decimals."""
    exact = value if isinstance(value, Decimal) else Decimal(str(round(value, STORED_PLACES)))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: Number | None, places: int = 0) -> str:
    """Grouped by thousands with ``places`` decimals: ``12,486``, ``−0.03``."""
    if value is None:
        return UNKNOWN
    if isinstance(value, int) and not places:
        return _with_sign(f"{abs(value):,}", value)
    amount = rounded(value, places)
    return _with_sign(f"{abs(amount):,.{places}f}", amount)


def _with_sign(text: str, amount: Number) -> str:
    return f"{MINUS}{text}" if amount < 0 else text


def signed(value: Number | None, places: int = 2) -> str:
    """Like :func:`number` with a plus in front of gains; zero has no sign."""
    text = number(value, places)
    return f"+{text}" if value is not None and rounded(value, places) > 0 else text


def score(value: Number | None) -> str:
    """A score with two decimals, half up."""
    return number(value, 2)


def percent(fraction: Number | None, places: int = 1) -> str:
    """A fraction between 0 and 1 as a percentage: ``98.6%``."""
    return UNKNOWN if fraction is None else f"{number(fraction * 100, places)}%"


def hours(value: Number | None, places: int = 1) -> str:
    """A number of hours with its unit."""
    return UNKNOWN if value is None else _("%(n)s 小时") % {"n": number(value, places)}


def seconds_as_hours(value: Number | None, places: int = 1) -> str:
    """A number of seconds shown in hours."""
    return UNKNOWN if value is None else hours(value / 3600, places)


def yuan(fen: int | None) -> str:
    """Integer fen as yuan with two decimals: ``1.65 元`` or ``¥1.65``."""
    if fen is None:
        return UNKNOWN
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return _("%(n)s 元") % {"n": _with_sign(f"{whole:,}.{rest:02}", fen)}


def orders(count: int) -> str:
    """A count of orders with its unit."""
    return ngettext("%(n)s 单", "%(n)s 单", count) % {"n": number(count)}


def shops(count: int) -> str:
    """A count of shops with its unit."""
    return ngettext("%(n)s 家店铺", "%(n)s 家店铺", count) % {"n": number(count)}


def stars(value: Number) -> str:
    """Stars as a word: ``4.5 星``; whole stars without decimals."""
    text = number(value, 0 if value == int(value) else 1)
    return ngettext("%(n)s 星", "%(n)s 星", int(value)) % {"n": text}


def day(value: date | None, today: date) -> str:
    """A day in a sentence: ``11月19日``, ``19 Nov``; ISO with the year when not of this year."""
    if value is None:
        return UNKNOWN
    if value.year != today.year:
        return value.isoformat()
    if is_english():
        return f"{value.day} {MONTHS_EN[value.month - 1]}"
    return f"{value.month}月{value.day}日"


def day_short(value: date | None, today: date) -> str:
    """A day in a table: ``11-19``; ISO with the year when it is not this year's."""
    if value is None:
        return UNKNOWN
    is_this_year = value.year == today.year
    return f"{value.month:02}-{value.day:02}" if is_this_year else value.isoformat()


def weekday(value: date) -> str:
    """The day of the week: ``周五``, ``Friday``."""
    return str(WEEKDAYS[value.weekday()])


def clock(value: datetime | None, today: date) -> str:
    """An instant in a table, Shanghai time: ``11-19 16:40``."""
    if value is None:
        return UNKNOWN
    local = value.astimezone(SHANGHAI)
    return f"{day_short(local.date(), today)} {local.hour:02}:{local.minute:02}"


def span(length: timedelta) -> str:
    """A length of time, unsigned, in its largest two units: ``1 天 6 小时``, ``52 分``."""
    minutes = int(abs(length).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours_left, minutes_left = divmod(rest, 60)
    amounts = (days, hours_left, minutes_left)
    first = next((place for place, amount in enumerate(amounts) if amount), len(amounts) - 1)
    # Whoever has days left does not count minutes, and half a day no longer counts them either.
    last = first + (1 if first == 1 and hours_left >= PLAIN_HOURS else 2)
    told = [place for place in range(first, min(last, len(amounts))) if amounts[place]] or [first]
    language = get_language() or ""
    return " ".join([_amount(place, amounts[place], language) for place in told])


@lru_cache(AMOUNTS_KEPT)
def _amount(place: int, amount: int, language: str) -> str:
    """So many days, hours or minutes, kept by the ``language`` it is said in: lists of cases say
    the same few hundred over and over.
    """
    if place == 0:
        word = ngettext("%(n)s 天", "%(n)s 天", amount)
    else:
        word = _("%(n)s 小时") if place == 1 else _("%(n)s 分")
    return word % {"n": amount}


def time_left(due_at: datetime | None, now: datetime) -> str:
    """How long until something is due: ``52 分``, ``已超 5 小时``, ``尽快`` without a time."""
    if due_at is None:
        return _("尽快")
    if due_at < now:
        return _("已超 %(span)s") % {"span": span(now - due_at)}
    return span(due_at - now)


def time_ago(value: datetime, now: datetime) -> str:
    """How long ago something was: ``3 小时前``; ``刚刚`` within the first minutes."""
    if now - value < timedelta(minutes=JUST_NOW_MINUTES):
        return _("刚刚")
    return _("%(span)s前") % {"span": span(now - value)}


def moment(value: datetime | None, now: datetime) -> str:
    """An instant near today, Shanghai time: ``今天 15:58``, ``明天 09:12``, ``11月28日 09:12``."""
    if value is None:
        return _("无固定期限")
    today, local = shanghai_day(now), value.astimezone(SHANGHAI)
    name = DAYS_NEAR.get((local.date() - today).days) or day(local.date(), today)
    return f"{name} {local.hour:02}:{local.minute:02}"
