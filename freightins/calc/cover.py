"""Whether an order is covered: what was open and chosen at the moment it was placed decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from freightins.calc.choices import Key, decided

ACTIVE = "active"
COVERED = ""
NOT_ACTIVE, NO_LOGISTICS, FRAUD_RISK, NOT_CHOSEN = (
    "not_active",
    "no_logistics",
    "fraud_risk",
    "not_chosen",
)


@dataclass(frozen=True)
class Span:
    """An enrolment: open from ``opened_at`` until ``closed_at`` (None: still), with the turns in
    between as (from when, state), in the order they take effect.
    """

    key: int
    opened_at: datetime
    closed_at: datetime | None
    turns: Sequence[tuple[datetime, str]]

    def state_at(self, when: datetime) -> str:
        """What the enrolment was at an instant; nothing outside its time."""
        if when < self.opened_at or (self.closed_at is not None and when >= self.closed_at):
            return ""
        states = [state for since, state in self.turns if since <= when]
        return states[-1] if states else ""


@dataclass(frozen=True)
class Change:
    """A choice from an instant on; None takes it back."""

    at: datetime
    level: str
    key: str
    became: bool | None


@dataclass(frozen=True)
class History:
    """Everything a shop opened and chose; ``changes`` in the order they took effect."""

    spans: Sequence[Span]
    changes: Sequence[Change]

    def active_at(self, when: datetime) -> int | None:
        """The key of the enrolment that was active at an instant."""
        found = (span.key for span in self.spans if span.state_at(when) == ACTIVE)
        return next(found, None)

    def choices_at(self, when: datetime) -> dict[Key, bool]:
        """What was chosen at an instant."""
        held: dict[Key, bool] = {}
        for change in self.changes:
            if change.at > when:
                break
            if change.became is None:
                held.pop((change.level, change.key), None)
            else:
                held[change.level, change.key] = change.became
        return held


@dataclass(frozen=True)
class Line:
    """A line of an order: its product, the category of that, and whether it is virtual."""

    product: str
    category: str
    is_virtual: bool


@dataclass(frozen=True)
class Placed:
    """What cover looks at of an order."""

    placed_at: datetime
    has_logistics: bool
    is_fraud_risk: bool
    lines: Sequence[Line]


@dataclass(frozen=True)
class Verdict:
    """``reason`` is empty where the order is covered; ``enrolment`` is what it is covered by."""

    reason: str
    enrolment: int | None

    @property
    def is_covered(self) -> bool:
        """Whether it is."""
        return self.reason == COVERED


def cover_of(history: History, order: Placed) -> Verdict:
    """The verdict on a shipped order. One covered line covers it."""
    enrolment = history.active_at(order.placed_at)
    if enrolment is None:
        return Verdict(NOT_ACTIVE, None)
    if not order.has_logistics:
        return Verdict(NO_LOGISTICS, enrolment)
    if order.is_fraud_risk:
        return Verdict(FRAUD_RISK, enrolment)
    choices = history.choices_at(order.placed_at)
    is_chosen = any(
        decided(choices, line.product, line.category).is_covered and not line.is_virtual
        for line in order.lines
    )
    return Verdict(COVERED if is_chosen else NOT_CHOSEN, enrolment)
