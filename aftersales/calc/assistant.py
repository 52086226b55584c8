"""Which open cases a shop's services decide by themselves, and by which rule.

Fast refund pays unshipped refunds up to an amount. The assistant approves what one of the shop's
rules fits: kind, amount, and how many other cases the buyer had lately. Where the buyer is not
known no rule of the assistant fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FAST_KIND = "refund_unshipped"
FAST_REFUND = "fast_refund"


@dataclass(frozen=True)
class AutoRule:
    """A rule of the assistant; ``most`` is fen, ``most_cases`` other cases of the buyer."""

    name: str
    kinds: frozenset[str]
    most: int
    most_cases: int


@dataclass(frozen=True)
class Services:
    """What a shop has switched on."""

    fast_refund: bool = False
    fast_most: int = 0
    assistant: bool = False
    rules: Sequence[AutoRule] = ()

    @property
    def is_on(self) -> bool:
        """Whether anything is decided by itself."""
        return self.fast_refund or (self.assistant and bool(self.rules))


@dataclass(frozen=True)
class Asked:
    """A case as the rules see it; ``earlier`` is None where the buyer is not known."""

    kind: str
    requested: int | None
    earlier: int | None


@dataclass(frozen=True)
class Fired:
    """What is decided: the step, and the rule that fired (:data:`FAST_REFUND` or a rule's name)."""

    step: str
    rule: str


def decide(services: Services, asked: Asked) -> Fired | None:
    """What the services decide about a case; None leaves it to people."""
    if asked.requested is None:
        return None
    if services.fast_refund and asked.kind == FAST_KIND and asked.requested <= services.fast_most:
        return Fired("refund", FAST_REFUND)
    if not services.assistant or asked.earlier is None:
        return None
    for rule in services.rules:
        fits = asked.kind in rule.kinds and asked.requested <= rule.most
        if fits and asked.earlier <= rule.most_cases:
            return Fired("approve", rule.name)
    return None
