"""Pages of fixes."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.fix_words import fix_refusal
from aftersales.forms import FixForm, SampleForm, WithdrawForm
from aftersales.models import Fix
from aftersales.selectors.fixes import (
    effect_columns,
    effect_rows,
    fix_lines,
    fix_page,
    fixes_page,
)
from aftersales.services.fixes import (
    FixConflictError,
    FixRefusedError,
    fix_record,
    fix_withdraw,
    sample_note,
)
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast
from stores.access import WRITE, ShopRequest, shop_page

FIXES, FIX = "diagnostics:fixes", "diagnostics:fix"


@shop_page()
def fixes(request: ShopRequest, shop: str) -> HttpResponse:
    """What was done, what came of it, and the form for more."""
    page = fixes_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    return render(request, "aftersales/fixes.html", {"page": page})


@shop_page()
def fixes_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """Fixes and effects as a file."""
    name = f"{request.shop.external_id} fixes"
    rows = effect_rows(fix_lines(shop=request.shop))
    return table_response(kind, name, effect_columns(), rows)


@shop_page()
def fix(request: ShopRequest, shop: str, fix: int) -> HttpResponse:
    """One fix: its effects, today's sample, what samples found."""
    page = fix_page(shop=request.shop, pk=fix, today=shanghai_day(timezone.now()))
    if page is None:
        raise Http404
    return render(request, "aftersales/fix.html", {"page": page})


@shop_page(methods=WRITE)
def record(request: ShopRequest, shop: str) -> HttpResponse:
    """Record a fix."""
    form = FixForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), FIXES)
    data = form.cleaned_data
    try:
        fix_record(
            actor=request.user, shop=request.shop, action=data["action"],
            products=form.products(request.POST.getlist("product")),
            started_on=data["started_on"], cause=data["cause"], note=data["note"],
        )  # fmt: skip
    except FixRefusedError as error:
        return refused(request, fix_refusal(error.why, error.what), FIXES)
    toast(request, _("整改已记下，今晚起每晚量一次效果"))
    return back(request, FIXES)


@shop_page(methods=WRITE)
def withdraw(request: ShopRequest, shop: str, fix: int) -> HttpResponse:
    """Measure a fix no longer."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), FIXES)
    version = form.cleaned_data["version"]
    try:
        fix_withdraw(actor=request.user, shop=request.shop, pk=fix, version=version)
    except Fix.DoesNotExist as error:
        raise Http404 from error
    except FixConflictError:
        return refused(request, _("这项整改刚刚被别人改过，下面是现在的样子。"), FIXES)
    toast(request, _("整改已撤下，不再量效果"))
    return back(request, FIXES)


@shop_page(methods=WRITE)
def sample(request: ShopRequest, shop: str, fix: int) -> HttpResponse:
    """Note what was found in an order."""
    form = SampleForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), FIX, fix=fix)
    data = form.cleaned_data
    try:
        sample_note(
            actor=request.user, shop=request.shop, pk=fix, order_ref=data["order_ref"],
            is_good=data["result"] == "good", note=data["note"],
        )  # fmt: skip
    except Fix.DoesNotExist as error:
        raise Http404 from error
    except FixRefusedError as error:
        return refused(request, fix_refusal(error.why, error.what), FIX, fix=fix)
    toast(request, _("抽检结果已记下"))
    return back(request, FIX, fix=fix)
