"""The rules of findings in the form the search uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class FindingRules:
    """Thresholds and the cuts searched.

    ``groups`` holds the names of cuts, group by group. ``price_edges`` are fen, ``reply_edges``
    seconds, both the lower edges of bands of which the last is open. ``usual_share`` is the share
    of returns one reason has to exceed.
    """

    hash: str
    window_days: int
    groups: tuple[tuple[str, ...], ...]
    price_edges: tuple[int, ...]
    reply_edges: tuple[int, ...]
    least_rows: int
    least_returns_of_day: int
    usual_share: float
    false_discovery: float
    pair_p: float

    @property
    def cuts(self) -> tuple[str, ...]:
        """Every cut in the order of the rules; of two names of the same rows the first counts."""
        return tuple(name for group in self.groups for name in group)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every two cuts of different groups, in the order of the rules."""
        for first, second in combinations(self.groups, 2):
            for name in first:
                for other in second:
                    yield name, other


def finding_rules(rules: RuleSet) -> FindingRules:
    """Compile a rule set of findings. Raises RuleError when a parameter is missing."""
    return FindingRules(
        hash=rules.hash,
        window_days=rules["window.days"],
        groups=tuple(rules.group("groups").values()),
        price_edges=rules["bands.price"],
        reply_edges=rules["bands.reply"],
        least_rows=rules["least.rows"],
        least_returns_of_day=rules["least.returns_of_day"],
        usual_share=1 / rules["reason.usual_part"],
        false_discovery=rules["certainty.false_discovery"],
        pair_p=rules["certainty.pair"],
    )
