"""What returns cost, and whom to write to before and after one."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.forms import OfferForm
from aftersales.selectors.money_page import money_columns, money_page
from aftersales.selectors.prevention import (
    lines_streamed,
    prevention_columns,
    prevention_page,
    shown_of,
)
from aftersales.services.win_back import OfferConflictError, OfferRefusedError, offer_note
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast
from stores.access import WRITE, ShopRequest, shop_page

NOTHING_YET = "aftersales/no_findings.html"
PREVENTION = "diagnostics:prevention"


@shop_page()
def money(request: ShopRequest, shop: str) -> HttpResponse:
    """What returns cost, part by part."""
    page = money_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    return render(request, "aftersales/money.html" if page else NOTHING_YET, {"page": page})


@shop_page()
def money_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The parts on screen as a file."""
    page = money_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} cost {page.basis.day} {page.last_day.isoformat()}"
    return table_response(kind, name, money_columns(), page.lines)


@shop_page()
def prevention(request: ShopRequest, shop: str) -> HttpResponse:
    """Whom to write to."""
    page = prevention_page(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/prevention.html", {"page": page})


@shop_page()
def prevention_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The list on screen as a file."""
    show, now = shown_of(request.GET), timezone.now()
    name = f"{request.shop.external_id} {show} {shanghai_day(now).isoformat()}"
    rows = lines_streamed(shop=request.shop, show=show, now=now)
    return table_response(kind, name, prevention_columns(show), rows)


@shop_page(methods=WRITE)
def offer(request: ShopRequest, shop: str) -> HttpResponse:
    """Note what a buyer was offered."""
    form = OfferForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), PREVENTION)
    try:
        offer_note(actor=request.user, shop=request.shop, **form.cleaned_data)
    except OfferRefusedError:
        return refused(request, _("这个订单没有售后，不用挽回。"), PREVENTION)
    except OfferConflictError:
        return refused(request, _("这个订单的挽回刚刚被别人改过，下面是现在的样子。"), PREVENTION)
    toast(request, _("挽回已记下"))
    return back(request, PREVENTION)
