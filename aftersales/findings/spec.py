"""规格: the text of the specification, over all products."""

from aftersales.calc.cuts import Coded, Cut, labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """As imported."""
    return labelled(lines, "spec")


CUT = Cut("spec", "规格", "specification", coded)
