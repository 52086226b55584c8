"""省份: where the parcel went."""

from aftersales.calc.cuts import Coded, Cut, labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """As imported."""
    return labelled(lines, "province")


CUT = Cut("province", "省份", "province", coded)
