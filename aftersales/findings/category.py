"""类目: of the product."""

from aftersales.calc.cuts import Coded, Cut, labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """As imported."""
    return labelled(lines, "category")


CUT = Cut("category", "类目", "category", coded)
