"""发票: asking for the invoice of a month, and what came of it."""

from datetime import date

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.calc.invoices import STEPS
from freightins.selectors.invoices import invoice_columns, invoices_of, invoices_page
from freightins.services import invoices as service
from freightins.services.invoices import InvoiceRefusedError, invoice_request, invoice_step
from freightins.views.frame import drawn, typed
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast, toast_error
from stores.access import OWNERS, WRITE, ShopRequest, shop_page

LONGEST_VERSION = 9


@shop_page()
def invoices(request: ShopRequest, shop: str) -> HttpResponse:
    """Months to ask for, and the requests there are."""
    page = invoices_page(shop=request.shop, now=timezone.now())
    return drawn(request, "invoices", "statement", page=page)


@shop_page()
def invoices_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The requests as a file."""
    name = f"{request.shop.external_id} invoices"
    return table_response(kind, name, invoice_columns(), invoices_of(shop=request.shop))


@shop_page(roles=OWNERS, methods=WRITE)
def invoice_ask(request: ShopRequest, shop: str) -> HttpResponse:
    """Ask for the invoice of a month."""
    given = request.POST
    try:
        month = date.fromisoformat(given.get("month", ""))
        _row, is_new = invoice_request(
            actor=request.user,
            shop=request.shop,
            month=month,
            title=typed(given, "title", 120),
            tax_number=typed(given, "tax_number", 40),
        )
    except (ValueError, InvoiceRefusedError) as error:
        toast_error(request, refusal_words(getattr(error, "reason", service.NO_FEES)))
    else:
        toast(request, _("已记下申请。") if is_new else _("这个月已经申请过了。"))
    return redirect("freightins:invoices", shop=request.shop.external_id)


@shop_page(roles=OWNERS, methods=WRITE)
def invoice_move(request: ShopRequest, shop: str, invoice: int) -> HttpResponse:
    """Take a request one step on."""
    given = request.POST
    version, to = given.get("version", ""), given.get("to", "")
    is_known = version.isascii() and version.isdigit() and len(version) <= LONGEST_VERSION
    try:
        is_done = is_known and to in STEPS and invoice_step(
            actor=request.user, shop=request.shop, key=invoice, version=int(version), to=to,
            number=typed(given, "number", 40), note=typed(given, "note"),
        )  # fmt: skip
    except InvoiceRefusedError as refusal:
        toast_error(request, refusal_words(refusal.reason))
    else:
        if is_done:
            toast(request, _("已更新。"))
        else:
            toast_error(request, _("这份申请刚有变化，没有改动。"))
    return redirect("freightins:invoices", shop=request.shop.external_id)


def refusal_words(reason: str) -> str:
    """Why a request or a step cannot be, and what to do."""
    return {
        service.NO_TITLE: _("请填发票抬头。"),
        service.BAD_TAX_NUMBER: _("税号是 15、18 或 20 位数字和大写字母。"),
        service.NO_FEES: _("这个月没有保费，或还没有过完。"),
        service.NOT_NOW: _("这份申请现在不能这样改。"),
        service.NO_NUMBER: _("请填发票号码。"),
        service.NO_NOTE: _("请写平台退回的原因。"),
    }[reason]
