"""Invoices the owner of the demo has asked for: one of every state."""

from contextlib import suppress
from datetime import date

from freightins.selectors.invoices import invoice_months
from freightins.services.invoices import InvoiceRefusedError, invoice_request, invoice_step
from shopguard.demo.cast import SLIPPING, STEADY
from shopguard.lib.days import at_hour
from stores.models import Shop, User

TITLE, TAX_NUMBER = "青禾集（杭州）服饰有限公司", "91330106MA2DEMO001"
MORNING = 9
# Newest month first: what became of each request of it, one after another.
PLANS = {
    SLIPPING: (
        (("submitted",),),
        (("submitted", "refused"), ("submitted", "issued")),
        (("submitted", "issued"),),
    ),
    STEADY: ((("withdrawn",), ()),),
}
NUMBER, REFUSAL = "26332000000012345678", "抬头少写了一个字"


def invoices_ask(*, owner: User, today: date) -> None:
    """Ask for the months there are as planned; nothing where a month was asked for before."""
    now = at_hour(today, MORNING)
    for shop in Shop.objects.filter(external_id__in=PLANS).order_by("pk"):
        months = invoice_months(shop=shop, now=now)
        for one, requests in zip(months, PLANS[shop.external_id], strict=False):
            for steps in requests:
                with suppress(InvoiceRefusedError):  # a month of a short history has no fees
                    _ask(owner, shop, one.month, steps)


def _ask(owner: User, shop: Shop, month: date, steps: tuple[str, ...]) -> None:
    row, is_new = invoice_request(
        actor=owner, shop=shop, month=month, title=TITLE, tax_number=TAX_NUMBER
    )
    if not is_new:
        return
    for place, to in enumerate(steps, 1):
        note = REFUSAL if to == "refused" else ""
        invoice_step(
            actor=owner, shop=shop, key=row.pk, version=place, to=to,
            number=NUMBER if to == "issued" else "", note=note
        )  # fmt: skip
