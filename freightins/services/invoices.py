"""Asking for invoices, and what came of it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from freightins.calc.invoices import ISSUED, REFUSED, may_go, tax_number_of
from freightins.models import InvoiceRequest
from freightins.selectors.invoices import ENDED, invoice_months
from stores.models import Shop, User
from stores.services.audit import audit_record


class InvoiceRefusedError(Exception):
    """A request or a step that cannot be; ``reason`` says why in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


NO_TITLE, BAD_TAX_NUMBER, NO_FEES, NOT_NOW, NO_NUMBER, NO_NOTE = (
    "no_title",
    "bad_tax_number",
    "no_fees",
    "not_now",
    "no_number",
    "no_note",
)


@transaction.atomic
def invoice_request(
    *,
    actor: User,
    shop: Shop,
    month: date,
    title: str,
    tax_number: str,
    now: datetime | None = None,
) -> tuple[InvoiceRequest, bool]:
    """Ask for the invoice of a whole month; returns the request and whether it is a new one.

    A month that has a request which was neither refused nor withdrawn keeps it, whatever is asked.
    Raises InvoiceRefusedError for a month without fees, an empty title and a bad number.
    """
    now = now or timezone.now()
    Shop.objects.locked([shop.pk])
    rows = InvoiceRequest.objects.for_shop(shop).filter(month=month).exclude(state__in=ENDED)
    if (there := rows.first()) is not None:
        return there, False
    if not title.strip():
        raise InvoiceRefusedError(NO_TITLE)
    try:
        number = tax_number_of(tax_number)
    except ValueError as error:
        raise InvoiceRefusedError(BAD_TAX_NUMBER) from error
    fees = {one.month: one for one in invoice_months(shop=shop, now=now)}.get(month)
    if fees is None:
        raise InvoiceRefusedError(NO_FEES)
    row = InvoiceRequest.objects.create(
        shop=shop, month=month, title=title.strip(), tax_number=number, amount=fees.amount,
        is_estimated=fees.is_estimated, requested_by=actor.get_username(), requested_at=now,
        changed_at=now,
    )  # fmt: skip
    _audit(actor, row, "request")
    return row, True


@transaction.atomic
def invoice_step(
    *, actor: User, shop: Shop, key: int, version: int, to: str, number: str = "", note: str = ""
) -> bool:
    """Take a request on to a state; False where it is there already, gone, or changed meanwhile.

    An issued one needs its number, a refused one a note. Raises InvoiceRefusedError where a step
    cannot be.
    """
    rows = InvoiceRequest.objects.for_shop(shop).select_for_update().filter(pk=key)
    row = rows.first()
    if row is None or row.state == to or row.version != version:
        return False
    if not may_go(row.state, to):
        raise InvoiceRefusedError(NOT_NOW)
    if to == ISSUED and not number.strip():
        raise InvoiceRefusedError(NO_NUMBER)
    if to == REFUSED and not note.strip():
        raise InvoiceRefusedError(NO_NOTE)
    before = row.state
    row.state, row.version, row.changed_at = to, row.version + 1, timezone.now()
    row.number, row.note = number.strip() or row.number, note.strip() or row.note
    row.save(update_fields=["state", "version", "changed_at", "number", "note"])
    _audit(actor, row, to, before)
    return True


def _audit(actor: User, row: InvoiceRequest, act: str, before: str = "") -> None:
    audit_record(
        actor=actor,
        action=f"invoice.{act}",
        object_type="invoice",
        object_id=str(row.pk),
        shop=row.shop,
        before={"state": before} if before else None,
        after={"month": f"{row.month:%Y-%m}", "amount": row.amount, "state": row.state},
        reason=row.note,
    )
