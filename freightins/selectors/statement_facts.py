"""What a statement is compared with: lines, fees of covered orders, payouts of claims."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from freightins.calc.claims import REJECTED
from freightins.calc.statement import PAYOUT, Line, Owed, stated_of, told_span
from freightins.models import Claim, Cover, StatementLine
from freightins.rules import cover_rules_on
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Order

SETTLED_HOUR = 12  # of a line that tells the day only


@dataclass(frozen=True)
class StatementFacts:
    """Everything of one shop. ``reasons`` says of each order with a verdict why it has no cover."""

    lines: list[Line]
    fees: dict[str, Owed]
    payouts: dict[str, Owed]
    reasons: dict[str, str]


def statement_facts(shop_id: int) -> StatementFacts:
    """The lines of a shop and what its ledger expects of them."""
    covers = Cover.objects.filter(shop_id=shop_id).values_list(
        "order_ref", "reason", "fee", "from_at"
    )
    fees, reasons = {}, {}
    for order, reason, fee, begun in covers:
        reasons[order] = reason
        if not reason and fee is not None:
            fees[order] = Owed(fee, begun)
    return StatementFacts(_lines(shop_id), fees, _payouts(shop_id), reasons)


def _lines(shop_id: int) -> list[Line]:
    rows = StatementLine.objects.filter(shop_id=shop_id).order_by("settled_on", "pk")
    found = []
    for row in rows:
        settled = row.settled_at or at_hour(row.settled_on, SETTLED_HOUR)
        at = settled
        if row.entry != StatementLine.Entry.PAYOUT:
            at = row.effective_at or row.shipped_at or settled
        found.append(Line(row.order_ref, row.entry, row.amount, at, settled))
    return found


def _payouts(shop_id: int) -> dict[str, Owed]:
    """What each claim pays by the rules; nothing where it was turned down."""
    claims = Claim.objects.filter(shop_id=shop_id).values_list(
        "order_ref", "state", "expected", "review_due_at", "paid_at"
    )
    found = {}
    for order, state, expected, due, paid in claims:
        amount = 0 if state == REJECTED else expected or 0
        is_due = state in (Claim.State.IN_REVIEW, Claim.State.APPROVED, Claim.State.PAID)
        found[order] = Owed(amount, due or _settled_by(paid) if is_due else None)
    return found


def _settled_by(paid_at: datetime | None) -> datetime | None:
    """When a statement should have named what was paid at an instant, without a review."""
    if paid_at is None:
        return None
    return paid_at + timedelta(hours=cover_rules_on(shanghai_day(paid_at)).review_hours)


def orders_known(*, shop_id: int, refs: set[str]) -> set[str]:
    """Those of the orders the shop has."""
    rows = Order.objects.filter(shop_id=shop_id, external_id__in=refs)
    return set(rows.values_list("external_id", flat=True))


def payouts_told(shop_id: int) -> tuple[datetime, datetime] | None:
    """From when to when the statements of a shop tell of payouts; None where they tell of none."""
    if not StatementLine.objects.filter(shop_id=shop_id).exists():
        return None
    facts = statement_facts(shop_id)
    return told_span(stated_of(facts.lines, facts.fees, facts.payouts), PAYOUT)
