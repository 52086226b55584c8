"""班表: shifts against arrivals, planned live sessions, what one more agent would change."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from servicescore import duty_slot
from servicescore.rota_forms import LiveForm, ShiftForm
from servicescore.selectors.rota_page import live_of, rota_page, shift_of
from servicescore.services.rota import (
    RotaRefusedError,
    live_add,
    live_drop,
    shift_drop,
    shifts_add,
)
from shopguard.lib.toasts import refusals_toasted, toast
from stores.access import WRITE, ReasonMissingError, ShopRequest, reason_given, shop_page
from stores.duties._declare import Stake
from stores.selectors.visit import Visit

METRIC = "reply_3min_rate"


@shop_page()
def rota(request: ShopRequest, shop: str) -> HttpResponse:
    """Who is on duty when, and where one more would help."""
    now = timezone.now()
    page, visit = rota_page(shop=request.shop, now=now), Visit(request.shop, request.role, now)
    best = [(gain, duty_slot.effect(visit, Stake(METRIC, *gain.stake))) for gain in page.best]
    context = {"page": page, "best": best, "shift": ShiftForm(), "live": LiveForm()}
    return render(request, "service/rota.html", context)


@shop_page(methods=WRITE)
def shift_new(request: ShopRequest, shop: str) -> HttpResponse:
    """Put an agent on the rota."""
    form = ShiftForm(request.POST)
    with refusals_toasted(request, RotaRefusedError, ReasonMissingError):
        if not form.is_valid():
            raise RotaRefusedError(form.told())
        count = shifts_add(
            actor=request.user, shop=request.shop, reason=reason_given(request),
            **form.cleaned_data,
        )  # fmt: skip
        toast(request, _("已排 %(n)s 个班次。") % {"n": count})
    return _back(request)


@shop_page(methods=WRITE)
def shift_end(request: ShopRequest, shop: str, shift: int) -> HttpResponse:
    """Take a shift out."""
    found = shift_of(shop=request.shop, key=shift)
    if found is None:
        raise Http404
    with refusals_toasted(request, ReasonMissingError):
        shift_drop(actor=request.user, shift=found, reason=reason_given(request))
        toast(request, _("已删掉这个班次。"))
    return _back(request)


@shop_page(methods=WRITE)
def live_new(request: ShopRequest, shop: str) -> HttpResponse:
    """Plan a live session."""
    form, now = LiveForm(request.POST), timezone.now()
    with refusals_toasted(request, RotaRefusedError, ReasonMissingError):
        if not form.is_valid():
            raise RotaRefusedError(form.told())
        live_add(
            actor=request.user, shop=request.shop, now=now, reason=reason_given(request),
            **form.cleaned_data,
        )  # fmt: skip
        toast(request, _("直播已列入计划。"))
    return _back(request)


@shop_page(methods=WRITE)
def live_end(request: ShopRequest, shop: str, live: int) -> HttpResponse:
    """Forget a planned live session."""
    found = live_of(shop=request.shop, key=live)
    if found is None:
        raise Http404
    with refusals_toasted(request, ReasonMissingError):
        live_drop(actor=request.user, live=found, reason=reason_given(request))
        toast(request, _("已删掉这场直播。"))
    return _back(request)


def _back(request: ShopRequest) -> HttpResponse:
    return redirect("service:rota", shop=request.shop.external_id)
