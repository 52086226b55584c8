"""Money is integer fen; only plain decimal yuan texts are read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguard.lib.money import fen_from_yuan, whole_fen, yuan_text


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("12", 1200), ("12.5", 1250), ("12.50", 1250), ("12.500", 1250), ("-0.01", -1)],
)
def test_a_decimal_amount_is_read_to_the_fen(text: str, fen: int) -> None:
    assert fen_from_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", ".5", "1e3", "NaN", "Infinity", "¥99", "1,280.50", "1.234", "１２", "1 2", "--1", "1.2万"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="yuan"):
        fen_from_yuan(text)


@given(st.integers(-(10**15), 10**15))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert fen_from_yuan(yuan_text(fen)) == fen


@pytest.mark.parametrize(
    ("amount", "fen"),
    [(250.5, 251), (Fraction(501, 2), 251), (250.49, 250), (-250.5, -250), (0.0, 0)],
)
def test_an_amount_worked_out_is_rounded_to_whole_fen(amount: Fraction | float, fen: int) -> None:
    assert whole_fen(amount) == fen
