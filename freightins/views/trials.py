"""对照: cover tried on half of some products, or looked back at."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.rules import worth_rules_on
from freightins.selectors.trial_page import refusal_words, trial_page, trials_page
from freightins.selectors.trials import trial_of
from freightins.services.trials import TrialRefusedError, trial_begin, trial_end, trial_look
from freightins.views.frame import drawn
from shopguard.lib.days import shanghai_day
from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, ShopRequest, shop_page


@shop_page()
def trials(request: ShopRequest, shop: str) -> HttpResponse:
    """Every trial, and the forms for another one."""
    now, category = timezone.now(), request.GET.get("category", "")[:64]
    page = trials_page(shop=request.shop, now=now, category=category)
    return drawn(request, "trials", "worth", page=page)


@shop_page()
def trial(request: ShopRequest, shop: str, trial: int) -> HttpResponse:
    """One trial: what the orders of both sides did."""
    found = trial_of(shop=request.shop, key=trial)
    if found is None:
        raise Http404
    page = trial_page(shop=request.shop, trial=found, now=timezone.now())
    return drawn(request, "trial", "worth", page=page)


@shop_page(methods=WRITE)
def begin(request: ShopRequest, shop: str) -> HttpResponse:
    """Draw the halves and switch them."""
    try:
        trial = trial_begin(
            actor=request.user,
            shop=request.shop,
            name=_name(request),
            products=request.POST.getlist("product"),
            weeks=_weeks(request),
        )
    except TrialRefusedError as refusal:
        return _refused(request, refusal)
    toast(request, _("已随机分成两半并切换，明天起算。"))
    return redirect("freightins:trial", shop=request.shop.external_id, trial=trial.pk)


@shop_page(methods=WRITE)
def look(request: ShopRequest, shop: str) -> HttpResponse:
    """Look back at a day of switches."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        trial = trial_look(
            actor=request.user,
            shop=request.shop,
            name=_name(request),
            day=day,
            weeks=_weeks(request),
        )
    except ValueError:
        return _refused(request, TrialRefusedError("day"))
    except TrialRefusedError as refusal:
        return _refused(request, refusal)
    return redirect("freightins:trial", shop=request.shop.external_id, trial=trial.pk)


@shop_page(methods=WRITE)
def end(request: ShopRequest, shop: str, trial: int) -> HttpResponse:
    """End a trial before its time."""
    if trial_of(shop=request.shop, key=trial) is None:
        raise Http404
    if trial_end(actor=request.user, shop=request.shop, key=trial):
        toast(request, _("对照结束了；商品的开关没有动，可到商品页改。"))
    return redirect("freightins:trial", shop=request.shop.external_id, trial=trial)


def _name(request: ShopRequest) -> str:
    name = request.POST.get("name", "").strip()
    if not name:
        raise TrialRefusedError("name")
    return name


def _weeks(request: ShopRequest) -> int:
    text = request.POST.get("weeks", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _refused(request: ShopRequest, refusal: TrialRefusedError) -> HttpResponse:
    rules = worth_rules_on(shanghai_day(timezone.now()))
    toast_error(request, refusal_words(refusal.reason, rules))
    return redirect("freightins:trials", shop=request.shop.external_id)
