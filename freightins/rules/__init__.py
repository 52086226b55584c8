"""The dated rules of freight insurance."""

from datetime import date
from functools import cache
from pathlib import Path

from freightins.calc.cover_rules import CoverRules, cover_rules
from freightins.calc.fee_rules import FeeRules, fee_rules
from freightins.calc.worth_rules import WorthRules, worth_rules
from shopguard.lib.rulesets import RuleBook, RuleSet, load_folder

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


@cache
def cover_book() -> RuleBook:
    """Every version of the rules of cover, checked. Raises RuleError."""
    book = load_folder(FOLDER / "cover", "cover")
    for rules in book.sets:
        cover_rules(rules)
    return book


@cache
def cover_rules_on(day: date) -> CoverRules:
    """The rules of cover in force on a day. Raises RuleError when none are."""
    return cover_rules(cover_book().in_force(day))


@cache
def agreement_book() -> RuleBook:
    """Every version of the agreements. Raises RuleError."""
    return load_folder(FOLDER / "agreements", "agreements")


def agreements_on(day: date) -> RuleSet:
    """The agreements a merchant accepts on a day. Raises RuleError when there are none."""
    return agreement_book().in_force(day)


@cache
def worth_book() -> RuleBook:
    """Every version of how worth is told, checked. Raises RuleError."""
    book = load_folder(FOLDER / "worth", "worth")
    for rules in book.sets:
        worth_rules(rules)
    return book


@cache
def worth_rules_on(day: date) -> WorthRules:
    """The rules of worth in force on a day. Raises RuleError when none are."""
    return worth_rules(worth_book().in_force(day))
