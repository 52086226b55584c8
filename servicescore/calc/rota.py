"""班表: how many late replies one more agent in an hour would save.

An hour is a queue: buyers come at random, each keeps an agent for some minutes, whoever finds all
agents busy waits. How often a buyer waits longer than the limit follows from Erlang's formula.
Only its ratio is used: the late replies an hour really had, times how much rarer waiting becomes.
"""

from dataclasses import dataclass
from math import exp

from shopguard.lib.days import SECONDS_PER_HOUR
from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class RotaRules:
    """Seconds a consultation keeps an agent, and how much busier a live session makes an hour."""

    handling_seconds: float
    live_factor: float


def rota_rules(rules: RuleSet) -> RotaRules:
    """Compile a rule set of the rota. Raises RuleError when a parameter is missing."""
    return RotaRules(
        handling_seconds=rules["rota.handling_seconds"], live_factor=rules["rota.live_factor"]
    )


def waiting_share(
    arrivals: float, agents: int, *, limit_seconds: float, handling_seconds: float
) -> float:
    """The share of buyers who wait longer than the limit in an hour; 1 without enough agents.

    ``arrivals`` are buyers in the hour. Erlang C with ``agents`` servers.
    """
    if arrivals <= 0:
        return 0.0
    load = arrivals * handling_seconds / SECONDS_PER_HOUR
    if agents <= load:
        return 1.0
    term, below = 1.0, 0.0
    for busy in range(agents):
        below += term
        term *= load / (busy + 1)
    all_busy = term * agents / (agents - load)
    waits = all_busy / (below + all_busy)
    return waits * exp(-(agents - load) * limit_seconds / handling_seconds)


def late_saved(
    arrivals: float, late: float, agents: int, *, limit_seconds: float, rules: RotaRules
) -> float:
    """Late replies an hour that one more agent would turn into replies in time.

    ``late`` of the ``arrivals`` of an hour are late with ``agents`` on duty.
    """
    told = {"limit_seconds": limit_seconds, "handling_seconds": rules.handling_seconds}
    without = waiting_share(arrivals, agents, **told)
    with_one = waiting_share(arrivals, agents + 1, **told)
    return late * max(0.0, 1 - with_one / without) if without else 0.0


def agents_needed(
    arrivals: float, *, most_late: float, limit_seconds: float, rules: RotaRules
) -> int:
    """The fewest agents with whom no more than ``most_late`` of an hour's buyers wait too long."""
    agents = 0
    while (
        waiting_share(
            arrivals, agents, limit_seconds=limit_seconds, handling_seconds=rules.handling_seconds
        )
        > most_late
    ):
        agents += 1
    return agents
