"""Texts become values or faults, never guesses."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.calc.cells import (
    ERASED,
    MISSING,
    CellError,
    Day,
    Flag,
    FreeText,
    Id,
    Instant,
    Money,
    Weight,
    Whole,
    clean,
)

MORNING = 1_709_258_400  # 2024-03-01 10:00:00 in Shanghai


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Instant(), "2024-03-01 10:00:00", MORNING),
        (Instant(), "2024-03-01T10:00:00", MORNING),
        (Instant(), "2024-03-01 02:00:00Z", MORNING),
        (Instant(), "2024-03-01 03:00:00 +0100", MORNING),
        (Instant(), "2024-03-01 10:00:00.999", MORNING),
        (Day(), "1970-01-02", 1),
        (Day(), "1970-01-02 23:59:59", 1),
        (Money(), "12.3", 1230),
        (Money(negative=True), "-0.01", -1),
        (Weight(), "0.0005", 1),
        (Weight(), "0.0004", 0),
        (Whole(), "3.0", 3),
        (Flag(), "YES", 1),
        (Id(), "'=x", "=x"),
        (Id(), "8e12345", "8e12345"),
        (FreeText(), " 好 ", " 好 "),
        (FreeText(), "'-5", "-5"),
    ],
)
def test_a_text_is_read(cell: Money, text: str, value: object) -> None:
    """As the files write it."""
    assert cell.read(text) == value


@pytest.mark.parametrize("cell", [Instant(), Day(), Money(), Weight(), Whole(), Flag()])
def test_nothing_is_unknown_and_backslash_n_is_erased(cell: Money) -> None:
    """Two different things."""
    assert cell.read("  ") == MISSING
    assert cell.read("\\N") == ERASED


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29 10:00:00", "2024-13-01 00:00:00", "2024-03-01 24:00:00",
        "0000-00-00 00:00:00", "2024/03/01 10:00:00", "20240301100000",
    ],
)  # fmt: skip
def test_an_impossible_time_is_a_fault(text: str) -> None:
    """One by one and as a column."""
    with pytest.raises(CellError):
        Instant().read(text)
    values, faults = Instant().column(["2024-03-01 10:00:00", text])
    assert values.tolist() == [MORNING, MISSING]
    assert list(faults) == [1]


@given(st.datetimes(min_value=datetime(2000, 1, 1)))
def test_a_column_of_times_reads_like_one_by_one(moment: object) -> None:
    """The quick way and the plain way agree."""
    text = str(moment)[:19]
    values, faults = Instant().column([text, text])
    assert not faults
    assert values.tolist() == [Instant().one(text)] * 2


@given(st.integers(-(10**9), 10**9))
def test_money_comes_back(fen: int) -> None:
    """Fen to yuan and back."""
    text = f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
    assert Money(negative=True).read(text) == fen


@given(st.lists(st.sampled_from(["", "\\N", "1", "x", "2.0", "-1"]), max_size=20))
def test_a_column_reads_like_its_cells(texts: list[str]) -> None:
    """Values and faults at the same places."""
    values, faults = Whole().column(texts)
    assert values.dtype == np.int64
    for row, text in enumerate(texts):
        try:
            assert values[row] == Whole().read(text)
            assert row not in faults
        except CellError:
            assert row in faults


@given(st.text())
def test_cleaning_is_harmless_to_plain_text(text: str) -> None:
    """Without dressing nothing but outer blanks goes."""
    if not text.startswith(("'", "=")):
        assert clean(text) == text.strip()
