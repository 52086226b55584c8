"""从几点起: placed in that hour or later the same day."""

from aftersales.calc.cuts import HOURS, Coded, Cut, placing_hours
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines

# From midnight on is every order and no cut, so place 0 stands for one o'clock.
NAMES = tuple(str(hour) for hour in range(1, HOURS))


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The latest hour each line still counts for; none for those placed before one o'clock."""
    return Coded(placing_hours(lines) - 1, NAMES, is_from=True)


CUT = Cut("hour_from", "下单时间（起）", "placed from", coded)
