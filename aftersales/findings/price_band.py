"""价格带: what one piece cost."""

import numpy as np

from aftersales.calc.cuts import Coded, Cut, band_names, banded
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import UNKNOWN, Lines
from shopguard.lib.money import yuan_text


def coded(lines: Lines, rules: FindingRules) -> Coded:
    """The band of paid by quantity; unknown where either is."""
    paid, quantity = lines.numbers["paid"], lines.numbers["quantity"]
    is_known = (paid != UNKNOWN) & (quantity > 0)
    # Whole fen are enough: an edge lies at a whole fen, so what is above it stays above.
    piece = paid // np.where(is_known, quantity, 1)
    bands = banded(piece, rules.price_edges)
    edges = [yuan_text(edge).removesuffix(".00") for edge in rules.price_edges]
    return Coded(np.where(is_known, bands, UNKNOWN), band_names(edges))


CUT = Cut("price_band", "价格带", "price band", coded)
