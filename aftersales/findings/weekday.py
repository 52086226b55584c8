"""星期: of placing, Monday is 1."""

import numpy as np

from aftersales.calc.cuts import Coded, Cut
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Lines, local_days
from shopguard.lib.days import EPOCH

NAMES = tuple("1234567")


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The weekday of the Shanghai day of placing."""
    days = local_days(lines.numbers["placed"])
    return Coded(np.asarray((days + EPOCH.weekday()) % len(NAMES)), NAMES)


CUT = Cut("weekday", "下单星期", "weekday of placing", coded)
