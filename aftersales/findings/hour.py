"""小时: of placing."""

from aftersales.calc.cuts import HOURS, Coded, Cut, placing_hours
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines

NAMES = tuple(str(hour) for hour in range(HOURS))


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The hour by the clock in Shanghai."""
    return Coded(placing_hours(lines), NAMES)


CUT = Cut("hour", "下单小时", "hour of placing", coded)
