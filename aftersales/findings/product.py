"""商品: the product's id."""

from aftersales.calc.cuts import Coded, Cut, labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """As imported."""
    return labelled(lines, "product")


CUT = Cut("product", "商品", "product", coded)
