"""What the pages of statements and claims write with."""

from django import template
from django.utils.safestring import SafeString

from freightins.models import InvoiceRequest, Reconciled
from freightins.selectors.invoices import InvoiceLine
from freightins.selectors.statement_words import note_word, side_word, status_word
from shopguard.lib.marks import badge

register = template.Library()

# how a statement and the ledger compare -> (colour, icon)
STATEMENT_STATES: dict[str, tuple[str, str]] = {
    Reconciled.Status.MATCHED: ("good", "circle-check"),
    Reconciled.Status.DIFFERENT: ("watch", "eye"),
    Reconciled.Status.MISSING: ("watch", "circle-dashed"),
    Reconciled.Status.UNKNOWN: ("watch", "circle-question-mark"),
}


@register.simple_tag
def statement_status(row: Reconciled) -> SafeString:
    """How a row compares, as a badge."""
    kind, icon_name = STATEMENT_STATES[row.status]
    return badge(kind, icon_name, status_word(row.status))


@register.filter
def statement_side(side: str) -> str:
    """What money moved for, in words."""
    return side_word(side)


@register.filter
def statement_note(note: str) -> str:
    """Why the ledger has nothing, in words."""
    return note_word(note)


# where an invoice stands -> (colour, icon)
INVOICE_STATES: dict[str, tuple[str, str]] = {
    InvoiceRequest.State.REQUESTED: ("watch", "clock"),
    InvoiceRequest.State.SUBMITTED: ("info", "hourglass"),
    InvoiceRequest.State.ISSUED: ("good", "circle-check"),
    InvoiceRequest.State.REFUSED: ("urgent", "octagon-alert"),
    InvoiceRequest.State.WITHDRAWN: ("none", "undo-2"),
}


@register.simple_tag
def invoice_state(line: InvoiceLine) -> SafeString:
    """Where a request stands, as a badge."""
    kind, icon_name = INVOICE_STATES[line.request.state]
    return badge(kind, icon_name, line.state)
