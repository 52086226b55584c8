"""What a statement does once it is there: claims take what was paid, differences are listed."""

from collections.abc import Mapping
from datetime import datetime

from freightins.calc.statement import (
    MATCHED,
    PAYOUT,
    UNKNOWN,
    Compared,
    Stated,
    compared,
    stated_of,
    told_span,
)
from freightins.models import Claim, Reconciled, StatementLine
from freightins.selectors.statement_facts import StatementFacts, orders_known, statement_facts

CONTENT = ("status", "note", "expected", "stated", "lines", "at")
FORGOTTEN = ("seen_at", "seen_by", "seen_reason")
BATCH = 1000
Key = tuple[str, str]


def statement_settle(*, shop_id: int, now: datetime) -> None:
    """Take the payouts of the shop's statements into its claims and compare every order again.

    Must run inside a transaction that holds the lock of the shop. Doing it twice changes nothing.
    """
    if not StatementLine.objects.filter(shop_id=shop_id).exists():
        return
    facts = statement_facts(shop_id)
    stated = stated_of(facts.lines, facts.fees, facts.payouts)
    _claims_take(shop_id, stated)
    # What claims wait for has changed with them; what they pay by the rules has not.
    facts = statement_facts(shop_id)
    _rows_follow(shop_id, facts, compared(stated, facts.fees, facts.payouts), now)


def _claims_take(shop_id: int, stated: Mapping[Key, Stated]) -> None:
    """Claims with a payout are paid what it says; those it should have named by now wait on."""
    span = told_span(stated, PAYOUT)
    if span is None:
        return
    changed = []
    for claim in Claim.objects.filter(shop_id=shop_id):
        one = stated.get((PAYOUT, claim.order_ref))
        before = (claim.state, claim.amount, claim.paid_at, claim.is_estimated)
        if one is not None:
            claim.state, claim.reason = Claim.State.PAID, ""
            claim.amount, claim.paid_at, claim.is_estimated = one.amount, one.settled_at, False
        elif _is_taken_as_granted(claim) and _lies_in(span, claim.review_due_at):
            claim.state, claim.is_estimated = Claim.State.IN_REVIEW, False
            claim.amount, claim.paid_at = None, None
        if before != (claim.state, claim.amount, claim.paid_at, claim.is_estimated):
            changed.append(claim)
    fields = ["state", "reason", "amount", "paid_at", "is_estimated"]
    Claim.objects.bulk_update(changed, fields, batch_size=BATCH)


def _is_taken_as_granted(claim: Claim) -> bool:
    """Whether the rules alone say that the claim went through."""
    return claim.is_estimated or claim.state == Claim.State.APPROVED


def _lies_in(span: tuple[datetime, datetime], when: datetime | None) -> bool:
    return when is not None and span[0] <= when <= span[1]


def _rows_follow(shop_id: int, facts: StatementFacts, found: list[Compared], now: datetime) -> None:
    """Write what differs from the rows there are; a row that changed was seen by nobody."""
    there = {(row.side, row.order_ref): row for row in Reconciled.objects.filter(shop_id=shop_id)}
    notes = _notes(shop_id, facts, [one for one in found if one.status == UNKNOWN])
    new, changed = [], []
    for one in found:
        fresh = Reconciled(
            shop_id=shop_id, side=one.side, order_ref=one.order, status=one.status,
            note=notes.get((one.side, one.order), ""), expected=one.expected, stated=one.stated,
            lines=one.lines, at=one.at, changed_at=now,
        )  # fmt: skip
        row = there.pop((one.side, one.order), None)
        if row is None:
            new.append(fresh)
        elif any(getattr(row, name) != getattr(fresh, name) for name in CONTENT):
            _overwrite(row, fresh)
            changed.append(row)
    Reconciled.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    Reconciled.objects.bulk_create(new, batch_size=BATCH)
    fields = [*CONTENT, *FORGOTTEN, "version", "changed_at"]
    Reconciled.objects.bulk_update(changed, fields, batch_size=BATCH)


def _overwrite(row: Reconciled, fresh: Reconciled) -> None:
    is_other = (row.status, row.expected, row.stated) != (
        fresh.status, fresh.expected, fresh.stated,
    )  # fmt: skip
    for name in CONTENT:
        setattr(row, name, getattr(fresh, name))
    if is_other or row.status == MATCHED:
        row.seen_at, row.seen_by, row.seen_reason = None, "", ""
    row.version += 1
    row.changed_at = fresh.changed_at


def _notes(shop_id: int, facts: StatementFacts, unknown: list[Compared]) -> dict[Key, str]:
    """Why the ledger has nothing for some orders of a statement."""
    orders = orders_known(shop_id=shop_id, refs={one.order for one in unknown})
    found = {}
    for one in unknown:
        if one.order not in orders:
            note = Reconciled.Note.NO_ORDER
        elif one.side == PAYOUT:
            note = Reconciled.Note.NO_CLAIM
        elif facts.reasons.get(one.order, "undecided"):
            note = Reconciled.Note.NO_COVER
        else:
            note = Reconciled.Note.NO_FEE
        found[one.side, one.order] = str(note)
    return found
