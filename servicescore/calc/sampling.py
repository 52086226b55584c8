"""质量抽检: which sessions are drawn, and what their marks come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from statistics import fmean

from shopguard.lib.rulesets import RuleSet

CRITERIA = ("solved", "tone", "accuracy", "conduct")
Marks = Mapping[str, int]


@dataclass(frozen=True)
class SamplingRules:
    """Sessions a week, days they are drawn from, the best mark, and the mean from which on one is
    good.
    """

    size: int
    days: int
    best_mark: int
    pass_from: float


def sampling_rules(rules: RuleSet) -> SamplingRules:
    """Compile a rule set of samples. Raises RuleError when a parameter is missing."""
    return SamplingRules(
        size=rules["sample.size"],
        days=rules["sample.days"],
        best_mark=rules["sample.best_mark"],
        pass_from=rules["sample.pass_from"],
    )


def sample_score(marks: Marks) -> float:
    """The mean of the marks."""
    return fmean(marks[name] for name in CRITERIA)


def drawn(sessions: Iterable[tuple[str, str]], *, size: int, shop: int, week: date) -> list[str]:
    """At most ``size`` of (id, agent), drawn by a hash of shop, week and id: the same for
    everybody, and nobody chooses. Each agent is drawn once before anybody is drawn twice.
    """
    lots: list[tuple[int, str, str]] = []
    turns: dict[str, int] = {}
    for lot, name, agent in sorted((_lot(shop, week, n), n, agent) for n, agent in sessions):
        turns[agent] = turns.get(agent, 0) + 1
        lots.append((turns[agent], lot, name))
    return [name for _turn, _place, name in sorted(lots)[:size]]


def _lot(shop: int, week: date, name: str) -> str:
    return sha256(f"{shop}/{week.isoformat()}/{name}".encode()).hexdigest()


def share_good(scores: Sequence[float], rules: SamplingRules) -> float | None:
    """The share of good sessions; None of nothing."""
    return fmean(score >= rules.pass_from for score in scores) if scores else None
