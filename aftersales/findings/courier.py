"""快递: of the order's first parcel."""

from aftersales.calc.cuts import Coded, Cut, labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """As imported."""
    return labelled(lines, "courier")


CUT = Cut("courier", "快递", "courier", coded)
