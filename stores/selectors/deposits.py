"""How a shop stands with its deposit."""

from dataclasses import dataclass

from stores.models import DepositDue, DepositEntry
from stores.selectors.onboarding import deposit_balance, deposit_newest
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class DepositStanding:
    """What is due this month, what is there and what is missing, in fen."""

    due: DepositDue
    amount: int
    balance: int

    @property
    def short(self) -> int:
        """What is missing."""
        return max(0, self.amount - self.balance)


def deposit_standing(visit: Visit) -> DepositStanding | None:
    """The newest month's; None where nobody ever entered a deposit here: it is kept elsewhere."""
    due = deposit_newest(shop=visit.shop)
    if due is None or not DepositEntry.objects.for_shop(visit.shop).exists():
        return None
    amount = max(due.by_category, due.floating)
    return DepositStanding(due, amount, deposit_balance(shop=visit.shop))
