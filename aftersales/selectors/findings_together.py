"""What the findings of a search come to together, every returned line counted once."""

from dataclasses import dataclass

import numpy as np

from aftersales.calc.overlap import Part, counted_once
from aftersales.models import FindingSet
from aftersales.selectors.finding_words import whole_yuan
from shopguard.lib import formats
from shopguard.lib.keeping import kept_for

KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Together:
    """How many findings, cases too many, and fen of them (None where no amount is known)."""

    findings: int
    excess: float
    excess_fen: float | None

    @property
    def money(self) -> str:
        """In whole yuan."""
        return formats.UNKNOWN if self.excess_fen is None else whole_yuan(self.excess_fen)


def together(found: FindingSet) -> Together:
    """All findings of a search. One query, kept: what a search found never changes."""
    key = f"findings-together:{found.pk}:{found.computed_at.timestamp()}"
    return kept_for(KEPT_SECONDS, key, lambda: _together(found))


def _together(found: FindingSet) -> Together:
    rows = found.findings.values_list("lines", "excess", "excess_fen")
    parts = [Part(np.array(lines, dtype=np.int64), cases, fen) for lines, cases, fen in rows]
    whole = counted_once(parts)
    return Together(len(parts), whole.excess, whole.excess_fen)
