"""What becomes of a claim: its states follow from the case and the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from freightins.calc.cover_rules import CoverRules

PICKUP, LOCKER, SELF = "pickup", "locker", "self"
OPENED, WAITING, IN_REVIEW, APPROVED, PAID, REJECTED = (
    "opened",
    "waiting_receipt",
    "in_review",
    "approved",
    "paid",
    "rejected",
)
FAILED_OUTCOMES = ("cancelled", "rejected")
CLOSED_OUTCOME = "closed"


@dataclass(frozen=True)
class CaseFacts:
    """What a claim looks at of its case. Money is fen, unknown as None.

    ``is_with_buyer`` says that the goods have not been sent back yet.
    """

    method: str
    outcome: str
    applied_at: datetime
    received_at: datetime | None
    refunded: int | None
    is_with_buyer: bool = False


@dataclass(frozen=True)
class ClaimState:
    """Where a claim stands. ``amount`` and ``paid_at`` are estimates from the rules."""

    state: str
    method: str
    review_due_at: datetime | None = None
    paid_at: datetime | None = None
    amount: int | None = None
    reason: str = ""


def way_back(method: str) -> str:
    """How the goods come back; a way nobody told is taken as the buyer's own."""
    return method if method in (PICKUP, LOCKER) else SELF


def pays(rules: CoverRules, method: str, *, first_weight: int) -> int:
    """What a claim pays by the rules, in fen: the first weight where it is fetched."""
    return rules.self_sent if way_back(method) == SELF else first_weight


def claim_state(
    rules: CoverRules,
    case: CaseFacts,
    *,
    first_weight: int,
    when: datetime,
    told: tuple[datetime, datetime] | None = None,
) -> ClaimState:
    """The state at ``when`` of a claim no statement names.

    Fetched parcels are paid when they are fetched, which is taken to be the application; what a
    buyer sends himself is opened until it is sent, approved once its review was due, and paid as
    of the merchant's receipt when the payout has had its time. Where statements tell of payouts of
    that time (from the first of ``told`` to the second) and have none for it, it is in review yet.
    """
    method = way_back(case.method)
    came_to_nothing = (
        case.outcome == CLOSED_OUTCOME and not case.refunded and case.received_at is None
    )
    if case.outcome in FAILED_OUTCOMES or came_to_nothing:
        return ClaimState(REJECTED, method, reason=case.outcome)
    if method != SELF:
        return ClaimState(
            PAID,
            method,
            paid_at=case.applied_at,
            amount=pays(rules, method, first_weight=first_weight),
        )
    if case.received_at is None:
        return ClaimState(OPENED if case.is_with_buyer else WAITING, method)
    due = case.received_at + timedelta(hours=rules.review_hours)
    if when < due or (told is not None and told[0] <= due <= told[1]):
        return ClaimState(IN_REVIEW, method, review_due_at=due)
    if when < due + timedelta(hours=rules.payout_hours):
        return ClaimState(APPROVED, method, review_due_at=due)
    return ClaimState(PAID, method, due, paid_at=case.received_at, amount=rules.self_sent)
