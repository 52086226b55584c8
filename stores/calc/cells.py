"""From the texts of a column to values, all rows at once.

A column becomes one array. Numbers, money (fen), weights (grams), flags (0/1), instants (epoch
seconds) and days (since 1970-01-01, Shanghai) are int64; ids, codes and texts are objects holding
str. An empty cell is *unknown*: ``MISSING`` or ``""``. A cell ``\\N`` is *erased*: ``ERASED`` or
``"\\N"``. What cannot be read is a :class:`Fault`, never a guess.

Nothing is given unread to pandas or ``Decimal``: both accept texts not meant as numbers.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS
from shopguard.lib.money import fen_from_yuan

Values = NDArray[Any]

MISSING = -(2**63)
ERASED = MISSING + 1
ERASE = "\\N"

# What a spreadsheet would take for a formula; the errors file puts an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_EXCEL_TEXT = re.compile(r'="([^"]*)"\Z')
# Spreadsheets write the plus; an id such as 8e12345 is only an id.
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+\d+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?\Z")
_WEIGHT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,9}))?\Z")
_DECIMALS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,40})?(?:[eE]-[0-9]{1,2})?\Z", re.ASCII)
_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s?(Z|[+-]\d{2}:?\d{2})?\Z",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read: a code and its particulars; the words are chosen when shown."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class CellError(ValueError):
    """Raised by :meth:`Cell.one`; carries the fault."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.fault = Fault(code, params)


def without_apostrophe(text: str) -> str:
    """Take off the apostrophe that neutralises a formula, once and only there."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS and len(text) > 1 else text


def clean(text: str) -> str:
    """A cell without its dressing: neutralising apostrophe, ``="…"`` of Excel, outer blanks."""
    text = without_apostrophe(text).strip()
    if text[:2] == '="' and (wrapped := _EXCEL_TEXT.match(text)):
        text = wrapped[1].strip()
    return text


class Cell(ABC):
    """How the cells of one column are read. ``numeric`` tells int64 columns from texts."""

    numeric: ClassVar[bool] = True
    instant: ClassVar[bool] = False
    day: ClassVar[bool] = False
    free_text: ClassVar[bool] = False

    @abstractmethod
    def one(self, text: str) -> Any:
        """The value of a cleaned, non-empty text. Raises CellError."""

    def read(self, text: str) -> Any:
        """The value of a raw cell, unknown and erased included. Raises CellError."""
        text = clean(text)
        if not text:
            return MISSING if self.numeric else ""
        if text == ERASE:
            return ERASED if self.numeric else ERASE
        return self.one(text)

    def column(self, cells: Sequence[str]) -> tuple[Values, dict[int, Fault]]:
        """Values of a whole column and the faults by row; a faulty cell is left unknown."""
        table: dict[str, Any] = {}
        faulty: dict[str, Fault] = {}
        for text in set(cells):
            try:
                table[text] = self.read(text)
            except CellError as error:
                faulty[text] = error.fault
                table[text] = MISSING if self.numeric else ""
        values = np.fromiter(
            map(table.__getitem__, cells),
            dtype=np.int64 if self.numeric else object,
            count=len(cells),
        )
        if not faulty:
            return values, {}
        return values, {row: faulty[text] for row, text in enumerate(cells) if text in faulty}


@dataclass(frozen=True)
class Id(Cell):
    """An external id: text, whatever it looks like. Leading zeros and 19 digits stay."""

    numeric = False
    max_length: int = 96

    def one(self, text: str) -> str:
        if len(text) > self.max_length:
            raise CellError("too_long", limit=self.max_length)
        if _CONTROL.search(text):
            raise CellError("control_character")
        if "e" in text.lower() and _EXPONENT.match(text):
            raise CellError("exponent")
        return text


@dataclass(frozen=True)
class Label(Cell):
    """A short text such as a title or an industry; outer blanks are not part of it."""

    numeric = False
    free_text = True
    max_length: int = 200

    def one(self, text: str) -> str:
        if len(text) > self.max_length:
            raise CellError("too_long", limit=self.max_length)
        return text


@dataclass(frozen=True)
class FreeText(Cell):
    """What a person wrote, kept letter by letter; only blanks count as nothing."""

    numeric = False
    free_text = True
    max_length: int = 20_000

    def one(self, text: str) -> str:
        if len(text) > self.max_length:
            raise CellError("too_long", limit=self.max_length)
        return text

    def read(self, text: str) -> Any:
        text = without_apostrophe(text)
        stripped = text.strip()
        return self.one(text) if stripped and stripped != ERASE else stripped


@dataclass(frozen=True)
class Hashed(Cell):
    """A reference that was hashed while the file was read; taken as it is."""

    numeric = False

    def one(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class Code(Cell):
    """One of the listed codes. ``synonyms`` maps other spellings to a code or to nothing."""

    numeric = False
    codes: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)

    def one(self, text: str) -> str:
        text = self.synonyms.get(text, text)
        if text and text not in self.codes:
            raise CellError("unknown_code", codes=", ".join(self.codes))
        return text


@dataclass(frozen=True)
class Flag(Cell):
    """yes/no or 1/0."""

    words: ClassVar[Mapping[str, int]] = {"yes": 1, "no": 0, "1": 1, "0": 0}

    def one(self, text: str) -> int:
        if (value := self.words.get(text.lower())) is None:
            raise CellError("not_a_flag")
        return value


@dataclass(frozen=True)
class Whole(Cell):
    """A whole number within bounds (both included)."""

    low: int = 0
    high: int = 2_147_483_647

    def one(self, text: str) -> int:
        if not text.isascii() or len(text) > 24 or not _WHOLE.match(text):
            raise CellError("not_a_whole_number")
        value = int(text.partition(".")[0])
        if not self.low <= value <= self.high:
            raise CellError("out_of_range", low=self.low, high=self.high)
        return value


@dataclass(frozen=True)
class Money(Cell):
    """Yuan with at most two decimals, in fen. Below 100 million yuan a cell."""

    limit: ClassVar[int] = 10_000_000_000
    negative: bool = False

    def one(self, text: str) -> int:
        try:
            fen = fen_from_yuan(text)
        except ValueError:
            raise CellError("not_money") from None
        if fen < 0 and not self.negative:
            raise CellError("negative_money")
        if abs(fen) >= self.limit:
            raise CellError("money_too_large")
        return fen


@dataclass(frozen=True)
class Weight(Cell):
    """Kilograms in decimals, in grams, half a gram rounded up."""

    def one(self, text: str) -> int:
        found = _WEIGHT.match(text)
        if not found:
            raise CellError("not_a_weight")
        decimals = (found[2] or "").ljust(4, "0")
        return int(found[1]) * 1000 + int(decimals[:3]) + (decimals[3] >= "5")


@dataclass(frozen=True)
class Decimals(Cell):
    """A number not below 0 as a whole number of ``10**-places``, half of one rounded up."""

    places: int = 0

    def one(self, text: str) -> int:
        if not _DECIMALS.match(text):
            raise CellError("not_a_decimal")
        scaled = Decimal(text).scaleb(self.places)
        return int(scaled.to_integral_value(ROUND_HALF_UP))


def instant_of(text: str) -> int:
    """Epoch seconds of ``YYYY-MM-DD HH:MM[:SS]``; Shanghai time unless an offset is given.

    Fractions of a second are dropped. Raises CellError.
    """
    found = _TIME.match(text)
    if not found:
        raise CellError("date_without_time" if _DATE.match(text) else "not_a_time")
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    try:
        naive = datetime(year, month, day, hour, minute, int(found[6] or 0), tzinfo=_zone(found[7]))
    except ValueError:
        raise CellError("not_a_time") from None
    return int((naive - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def _zone(offset: str | None) -> timezone:
    if offset is None:
        return timezone(timedelta(seconds=SHANGHAI_OFFSET_SECONDS))
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset[0] == "-" else distance)


@dataclass(frozen=True)
class Instant(Cell):
    """A time in epoch seconds."""

    instant = True

    def one(self, text: str) -> int:
        return instant_of(text)

    def column(self, cells: Sequence[str]) -> tuple[Values, dict[int, Fault]]:
        """As for every column; texts of the plain 19-character form are read all at once."""
        lengths = np.fromiter(map(len, cells), dtype=np.int64, count=len(cells))
        values = np.full(len(cells), MISSING, dtype=np.int64)
        plain = np.flatnonzero(lengths == 19)
        if len(plain):
            texts = cells if len(plain) == len(cells) else [cells[row] for row in plain.tolist()]
            values[plain] = _plain_instants(texts)
        rest = np.flatnonzero((values == MISSING) & (lengths > 0)).tolist()
        if not rest:
            return values, {}
        values[rest], faults = super().column([cells[row] for row in rest])
        return values, {rest[row]: fault for row, fault in faults.items()}


def _plain_instants(texts: Sequence[str]) -> Values:
    """Epoch seconds of 19-character texts; MISSING where the form or the date is not plain."""
    joined = "".join(texts)
    if not joined.isascii():
        return np.full(len(texts), MISSING, dtype=np.int64)
    letters = np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(len(texts), 19)
    digits = letters[:, [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]].astype(np.int64) - ord(
        "0"
    )
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    good &= (letters[:, [4, 7, 10, 13, 16]] == np.frombuffer(b"-- ::", dtype=np.uint8)).all(axis=1)
    year = digits[:, 0] * 1000 + digits[:, 1] * 100 + digits[:, 2] * 10 + digits[:, 3]
    month, day, hour, minute, second = (
        digits[:, at] * 10 + digits[:, at + 1] for at in (4, 6, 8, 10, 12)
    )
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    good &= (day >= 1) & (day <= length)
    clock = (first + day - 1) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
    return np.where(good, clock - SHANGHAI_OFFSET_SECONDS, MISSING)


@dataclass(frozen=True)
class Day(Cell):
    """A Shanghai date as days since 1970-01-01; of a time its date is taken."""

    day = True

    def one(self, text: str) -> int:
        found = _DATE.match(text)
        if found is None:
            return (instant_of(text) + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY
        try:
            date = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
        except ValueError:
            raise CellError("not_a_date") from None
        return (date - datetime(1970, 1, 1, tzinfo=UTC)).days


def known(values: Values) -> NDArray[np.bool_]:
    """Where a column holds a value, neither unknown nor erased."""
    if values.dtype == object:
        return np.asarray((values != "") & (values != ERASE), dtype=np.bool_)
    return values > ERASED


def days_of(instants: Values) -> Values:
    """Shanghai days of known instants; MISSING stays MISSING."""
    days = (instants + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY
    return np.where(instants > ERASED, days, MISSING)


def distinct(values: Collection[Any]) -> list[Any]:
    """Each value once, in order of first appearance."""
    return list(dict.fromkeys(values))
