"""The dated rules of freight insurance."""

from functools import cache
from pathlib import Path

from freightins.calc.fee_rules import FeeRules, fee_rules
from shopguard.lib.rulesets import RuleBook, load_folder

FOLDER = Path(__file__).parent


@cache
def fee_book() -> RuleBook:
    """Every rule set a fee can be computed by, checked. Raises RuleError."""
    book = load_folder(FOLDER / "fee", "fee")
    for rules in book.sets:
        fee_rules(rules)
    return book


@cache
def compiled_fee_rules(rule_set: str) -> FeeRules:
    """The fee rules of that id, ready to compute with. Raises RuleError when unknown."""
    return fee_rules(fee_book().by_id(rule_set))


def fee_sets() -> tuple[FeeRules, ...]:
    """Every rule set the night computes quotes by: the one in force and those tried beside it."""
    return tuple(compiled_fee_rules(rules.id) for rules in fee_book().sets)
