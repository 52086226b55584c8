"""促销: whether the order was placed in a promotion."""

from aftersales.calc.cuts import Coded, Cut
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines

NAMES = ("no", "yes")


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The flag of the order."""
    return Coded(lines.numbers["promotion"], NAMES)


CUT = Cut("promotion", "促销", "promotion", coded)
