"""Business days: a *day* is a calendar date in Shanghai, instants are aware UTC.

Nothing here reads a clock; callers pass the instant.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Shanghai has been UTC+8 without daylight saving since 1992 and no fact is older than 2000,
# so whole columns of epoch seconds can be turned into days by adding a constant.
SHANGHAI_OFFSET_SECONDS = 8 * 3600
SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400
EPOCH = date(1970, 1, 1)


def shanghai_day(instant: datetime) -> date:
    """The Shanghai calendar date of an aware instant. Raises ValueError when it is naive."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI).date()


def day_start(day: date) -> datetime:
    """00:00 Shanghai of ``day`` as an aware UTC instant."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI).astimezone(UTC)


def day_end(day: date) -> datetime:
    """23:59:59 Shanghai of ``day`` as an aware UTC instant (the last second that counts)."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI).astimezone(UTC)


def at_hour(day: date, hour: int) -> datetime:
    """``hour`` o'clock Shanghai of ``day`` as an aware UTC instant."""
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI).astimezone(UTC)


def day_number(day: date) -> int:
    """Days since 1970-01-01, the integer form of a day in frames."""
    return (day - EPOCH).days


def number_day(number: int) -> date:
    """The inverse of :func:`day_number`."""
    return EPOCH + timedelta(days=int(number))


def days_between(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
