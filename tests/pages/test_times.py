"""How long something takes, is due in, or is ago, in words."""

from datetime import timedelta

import pytest
from django.utils import translation

from shopguard.lib import formats
from tests.conftest import NOON_ZERO

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (0 * MINUTE, "0 分", "0 min"),
        (59 * MINUTE, "59 分", "59 min"),
        (HOUR, "1 小时", "1 h"),
        (HOUR + 52 * MINUTE, "1 小时 52 分", "1 h 52 min"),
        (13 * HOUR + 52 * MINUTE, "13 小时", "13 h"),
        (30 * HOUR, "1 天 6 小时", "1 day 6 h"),
        (3 * DAY, "3 天", "3 days"),
        (3 * DAY + 5 * MINUTE, "3 天", "3 days"),
    ],
)
def test_a_length_is_told_in_its_largest_units(
    length: timedelta, chinese: str, english: str
) -> None:
    with translation.override("zh-hans"):
        assert formats.span(length) == chinese
    with translation.override("en"):
        assert formats.span(length) == english


def test_what_is_due_says_how_long_is_left_or_how_much_over() -> None:
    assert formats.time_left(NOON_ZERO + HOUR, NOON_ZERO) == "1 小时"
    assert formats.time_left(NOON_ZERO - 2 * DAY, NOON_ZERO) == "已超 2 天"
    assert formats.time_left(None, NOON_ZERO) == "尽快"


def test_a_moment_near_today_is_called_by_its_name() -> None:
    assert formats.moment(NOON_ZERO + HOUR, NOON_ZERO) == "今天 13:00"
    assert formats.moment(NOON_ZERO + 12 * HOUR, NOON_ZERO) == "明天 00:00"
    assert formats.moment(NOON_ZERO - DAY, NOON_ZERO) == "昨天 12:00"
    assert formats.moment(NOON_ZERO + 5 * DAY, NOON_ZERO) == "3月6日 12:00"
    assert formats.moment(None, NOON_ZERO) == "无固定期限"


def test_what_was_just_now_is_not_counted_in_minutes() -> None:
    assert formats.time_ago(NOON_ZERO - MINUTE, NOON_ZERO) == "刚刚"
    assert formats.time_ago(NOON_ZERO - 3 * HOUR, NOON_ZERO) == "3 小时前"
