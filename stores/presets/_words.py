"""How exports of several platforms write things: units, marks and words they share."""

import re
from datetime import datetime

from shopguard.lib.days import SHANGHAI

_WHOLE = re.compile(r"-?[0-9]{1,18}\Z", re.ASCII)
_MINUTE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?\Z", re.ASCII)
MILLISECONDS = 1000
# What stands where there is nothing.
NOTHING = frozenset({"-", "--", "—", "无", "null", "NULL", "None"})


def from_fen(text: str) -> str:
    """``128050`` fen as ``1280.50``; what is no whole number is left alone."""
    if not _WHOLE.match(text):
        return text
    fen = int(text)
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def from_milliseconds(text: str) -> str:
    """Milliseconds since 1970 as a Shanghai time; 0 says that there is none."""
    if not _WHOLE.match(text):
        return text
    if int(text) == 0:
        return ""
    try:
        moment = datetime.fromtimestamp(int(text) // MILLISECONDS, tz=SHANGHAI)
    except (ValueError, OverflowError, OSError):
        return text
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def time_written(text: str) -> str:
    """A time with slashes or without leading zeros in our form; others are left alone."""
    if text in NOTHING:
        return ""
    if not _MINUTE.match(text):
        return text
    date, clock = re.split(r"[ T]", text, maxsplit=1)
    year, month, day = re.split(r"[-/]", date)
    hour, _, rest = clock.partition(":")
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{rest}"


def day_written(text: str) -> str:
    """The day of a time, or a date with slashes, in our form."""
    written = time_written(text) if ":" in text else time_written(f"{text} 0:00")
    return written[:10] if written[4:5] == "-" else text


def amount(text: str) -> str:
    """An amount without its sign of money, its thousands commas and its unit."""
    if text in NOTHING:
        return ""
    plain = text.replace("￥", "").replace("¥", "").replace(",", "").removesuffix("元").strip()
    return plain if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain, re.ASCII) else text


class Present:
    """Gives a code for a cell that says anything, and nothing for one that does not."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __call__(self, text: str) -> str:
        return self._code if text and text not in NOTHING else ""
