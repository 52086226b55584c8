"""Whole numbers and amounts are written as exact decimals are."""

from decimal import Decimal

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shopguard.lib import formats

WHOLE = st.integers(-(10**18), 10**18)


@given(WHOLE)
def test_a_whole_number_reads_like_the_decimal(n: int) -> None:
    assert formats.number(n) == formats.number(Decimal(n))


@given(WHOLE)
def test_fen_read_as_yuan_with_two_places(fen: int) -> None:
    with translation.override("zh-hans"):
        assert formats.yuan(fen) == f"{formats.number(Decimal(fen) / 100, 2)} 元"


def test_a_loss_has_a_true_minus_sign() -> None:
    with translation.override("zh-hans"):
        assert formats.yuan(-123456) == "−1,234.56 元"
        assert formats.yuan(-5) == "−0.05 元"
        assert formats.yuan(None) == "—"
    assert formats.number(-12486) == "−12,486"
