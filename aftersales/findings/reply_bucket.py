"""首次回复: how long the first answer took in the order's earliest consultation."""

import numpy as np

from aftersales.calc.cuts import Coded, Cut, band_names, banded
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import NEVER, UNKNOWN, Lines


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The band of the seconds, or never; unknown where nothing was asked."""
    reply = lines.numbers["reply"]
    names = [*band_names([str(edge) for edge in rules.reply_edges]), "never"]
    bands = np.where(reply == UNKNOWN, UNKNOWN, banded(reply, rules.reply_edges))
    return Coded(np.where(reply == NEVER, len(names) - 1, bands), names)


CUT = Cut("reply_bucket", "首次回复", "first reply", coded)
