"""The dated rules of this app, loaded once."""

from datetime import date
from functools import cache
from pathlib import Path

from aftersales.calc.diagnostic_rules import DiagnosticRules, diagnostic_rules
from aftersales.calc.finding_rules import FindingRules, finding_rules
from shopguard.lib.rulesets import RuleBook, load_folder


@cache
def guarantee_book() -> RuleBook:
    """The guarantee period, all versions. Raises RuleError when a file must not be used."""
    return load_folder(Path(__file__).parent / "guarantee", "guarantee")


@cache
def clock_book() -> RuleBook:
    """How long a step of a case may take, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "clocks", "clocks")


@cache
def finding_book() -> RuleBook:
    """What findings are searched for and how, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "findings", "findings")


@cache
def finding_rules_on(day: date) -> FindingRules:
    """The rules of findings in force on a day. Raises RuleError when none are."""
    return finding_rules(finding_book().in_force(day))


@cache
def diagnostic_book() -> RuleBook:
    """How refunds are read day by day, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "diagnostics", "diagnostics")


@cache
def diagnostic_rules_on(day: date) -> DiagnosticRules:
    """The rules of diagnostics in force on a day. Raises RuleError when none are."""
    return diagnostic_rules(diagnostic_book().in_force(day))
