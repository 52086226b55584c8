"""Pages of orders: shipping warnings, abnormal parcels, delay reports."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.forms import ReportForm
from aftersales.selectors.shipping import parcels, reports, warnings
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.toasts import toast
from stores.access import FORM, ShopRequest, shop_page
from stores.services.delay_reports import (
    DelayReportOpenError,
    UnknownOrderError,
    delay_report_file,
)

REPORTS = "delay_reports"


@shop_page()
def orders(request: ShopRequest, shop: str) -> HttpResponse:
    """Orders to ship, by how near their deadline is."""
    page = warnings(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/orders.html", {"page": page})


@shop_page()
def parcels_page(request: ShopRequest, shop: str) -> HttpResponse:
    """Parcels that stand still."""
    page = parcels(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/parcels.html", {"page": page})


@shop_page(methods=FORM)
def delay_reports(request: ShopRequest, shop: str) -> HttpResponse:
    """Delay reports, and the form for a new one."""
    if request.method != "POST":
        page = reports(shop=request.shop, asked=request.GET, now=timezone.now())
        return render(request, "aftersales/delay_reports.html", {"page": page})
    form = ReportForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), REPORTS)
    try:
        delay_report_file(actor=request.user, shop=request.shop, **form.cleaned_data)
    except UnknownOrderError:
        return refused(request, _("本店没有这个订单。"), REPORTS)
    except DelayReportOpenError:
        return refused(request, _("这个订单已有一份报备在等审核。"), REPORTS)
    toast(request, _("报备已提交，等管理员审核"))
    return back(request, REPORTS)
