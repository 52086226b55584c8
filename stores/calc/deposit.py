"""What a shop has to have deposited: the larger of the category's amount and the floating one.

The floating amount follows what was paid in the month before. It is computed on the 2nd, applies
from the 4th and a shortfall is due a while later. Money is in fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shopguard.lib.rulesets import RuleSet

INDIVIDUAL, ENTERPRISE, FLAGSHIP = "individual", "enterprise", "flagship"
TYPES = (INDIVIDUAL, ENTERPRISE, FLAGSHIP)


@dataclass(frozen=True)
class DepositRules:
    """Amounts by type of shop and, for an enterprise's shop, by category; the floating bands; and
    the days of the month on which they are computed and apply.
    """

    by_type: Mapping[str, int]
    by_category: Mapping[str, int]
    free_at_entry: frozenset[str]
    bands: Sequence[tuple[int, int]]
    computed_on: int
    applies_on: int
    grace: int


@dataclass(frozen=True)
class Due:
    """What is due: both amounts, and the larger one."""

    by_category: int
    floating: int

    @property
    def amount(self) -> int:
        """In fen."""
        return max(self.by_category, self.floating)


def deposit_rules(rules: RuleSet) -> DepositRules:
    """Compile a rule set. Raises RuleError when a parameter is missing."""
    return DepositRules(
        by_type={kind: rules[f"deposit.{kind}"] for kind in TYPES},
        by_category=rules["deposit.by_category"],
        free_at_entry=frozenset(rules["deposit.free_at_entry"]),
        bands=list(zip(rules["float.from_paid"], rules["float.amount"], strict=True)),
        computed_on=rules["calendar.computed_on"],
        applies_on=rules["calendar.applies_on"],
        grace=rules["calendar.grace"],
    )


def deposit_due(
    rules: DepositRules, shop_type: str, categories: Sequence[str], paid_last_month: int
) -> Due:
    """What a shop of a type that sells in some categories owes. An unknown type is an enterprise's.

    Of several categories the dearest counts; one without an amount of its own has the type's.
    """
    kind = shop_type if shop_type in rules.by_type else ENTERPRISE
    usual = rules.by_type[kind]
    amounts = [
        rules.by_category.get(category, usual) if kind == ENTERPRISE else usual
        for category in categories
    ]
    floating = max(amount for least, amount in rules.bands if paid_last_month >= least)
    return Due(max(amounts, default=usual), floating)


def entry_due(rules: DepositRules, shop_type: str, categories: Sequence[str]) -> int:
    """What has to be paid before a shop opens, in fen: nothing was sold yet."""
    if shop_type in rules.free_at_entry:
        return 0
    return deposit_due(rules, shop_type, categories, 0).by_category


def month_computed(rules: DepositRules, day: date) -> date | None:
    """The first day of the month whose deposit is computed by ``day``; None before its day."""
    return day.replace(day=1) if day.day >= rules.computed_on else None


def applies_from(rules: DepositRules, month: date) -> date:
    """The day from which the month's deposit applies."""
    return month.replace(day=rules.applies_on)


def payable_until(rules: DepositRules, month: date) -> date:
    """The last day to make up a shortfall."""
    return applies_from(rules, month) + timedelta(days=rules.grace)
