"""保费怎么来: the fee in effect, factor by factor, and where next week's is heading."""

from datetime import date

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.selectors.fee_page import fee_columns, fee_page, fees_listed
from freightins.services.fees import fee_enter
from freightins.views.frame import drawn
from shopguard.lib.exports import table_response
from shopguard.lib.money import fen_from_yuan
from shopguard.lib.toasts import toast, toast_error
from stores.access import OWNERS, WRITE, ShopRequest, shop_page


@shop_page()
def fee(request: ShopRequest, shop: str) -> HttpResponse:
    """The fee with every step to it."""
    page = fee_page(shop=request.shop, now=timezone.now())
    return drawn(request, "fee", "fee", page=page)


@shop_page(roles=OWNERS, methods=WRITE)
def enter(request: ShopRequest, shop: str) -> HttpResponse:
    """Keep the fee the platform's own page shows, or go back to the computed one."""
    back = redirect("freightins:fee", shop=request.shop.external_id)
    try:
        seen_on = date.fromisoformat(request.POST.get("seen_on", ""))
        text = request.POST.get("fee", "").strip()
        fen = None if request.POST.get("drop") else fen_from_yuan(text)
        fee_enter(actor=request.user, shop=request.shop, fee=fen, seen_on=seen_on)
    except ValueError:
        toast_error(request, _("请写 0.01 到 100.00 元之间的金额，和不晚于今天的日期。"))
        return back
    toast(request, _("已记下，从下一个夜间起按它报价。"))
    return back


@shop_page()
def fees_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The fees that were charged, as a file."""
    rows = fees_listed(shop=request.shop, now=timezone.now())
    return table_response(kind, f"{request.shop.external_id} fees", fee_columns(), rows)
