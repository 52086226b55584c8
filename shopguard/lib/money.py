"""Money is an integer number of fen; yuan with two decimals exist only on screens and in files."""

from fractions import Fraction
from math import floor


def whole_fen(amount: Fraction | float) -> int:
    """An amount that was worked out, in fen, as whole fen; a half goes up."""
    return floor(Fraction(amount) + Fraction(1, 2))


def fen_from_yuan(text: str) -> int:
    """Integer fen from a decimal yuan text such as ``"1280.50"``.

    Only digits with at most two decimals and an optional leading minus are accepted; exponents,
    separators, currency signs, full-width digits, NaN and Infinity raise ValueError.
    """
    body = text[1:] if text.startswith("-") else text
    whole, _, decimals = body.partition(".")
    digits = whole + decimals
    if not digits.isascii() or not digits.isdigit() or not whole or len(decimals.rstrip("0")) > 2:
        raise ValueError("not an amount in yuan with at most two decimals")
    fen = int(whole) * 100 + int((decimals + "00")[:2])
    return -fen if text.startswith("-") else fen


def yuan_text(fen: int) -> str:
    """``1280.50`` from 128050, without grouping; the form used in files."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole}.{rest:02d}"
