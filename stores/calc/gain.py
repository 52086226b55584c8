"""What an appeal would bring: where the shop would stand with the case and without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stores.calc.standing import Case, Node, Penalty, Standing, standing_on


@dataclass(frozen=True)
class Gain:
    """Points saved by kind, penalties that would not run, and their days from ``day`` on.

    ``days`` of a penalty without an end count as ``endless``.
    """

    points: dict[str, int]
    penalties: tuple[Penalty, ...]
    days: int
    endless: bool

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The larger the more an appeal is worth: penalties lifted before points."""
        return self.endless, self.days, sum(self.points.values())


def gain_of(
    case: Case, others: Sequence[Case], nodes: dict[str, tuple[Node, ...]], day: date
) -> Gain:
    """What the standing on ``day`` owes to ``case`` among the shop's other executed cases."""
    without = standing_on(day, [each for each in others if each.id != case.id], nodes)
    with_it = standing_on(day, [*(each for each in others if each.id != case.id), case], nodes)
    saved = tuple(_more(with_it, without))
    ends = [penalty.last for penalty in saved]
    return Gain(
        points={kind: with_it.points[kind] - without.points[kind] for kind in with_it.points},
        penalties=saved,
        days=sum((last - day).days + 1 for last in ends if last is not None),
        endless=None in ends,
    )


def _more(with_it: Standing, without: Standing) -> list[Penalty]:
    """Penalties that run on with the case and would not without it."""
    left = {(penalty.node.id, penalty.first) for penalty in without.penalties}
    return [
        penalty
        for penalty in with_it.penalties
        if (penalty.node.id, penalty.first) not in left
        and (penalty.last is None or penalty.last >= with_it.day)
    ]
