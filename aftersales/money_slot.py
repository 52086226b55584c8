"""What freight insurance cost and paid: known to an app above this one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stores.models import Shop


@dataclass(frozen=True)
class InsuranceMoney:
    """Fen of some days: fees of orders whose cover began, and what was paid out to buyers."""

    fees: int
    payouts: int


MoneyOf = Callable[[Shop, date, date], InsuranceMoney | None]

_readers: list[MoneyOf] = []


def fill_money_slot(reader: MoneyOf) -> None:
    """Have ``reader`` say what insurance cost a shop from a day to a day."""
    _readers[:] = [reader]


def insurance_money(shop: Shop, first: date, last: date) -> InsuranceMoney | None:
    """Fees and payouts; None where nobody knows or the shop never opened cover."""
    return _readers[0](shop, first, last) if _readers else None
