"""客服模式: who answers the customers, and switches between the two."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from servicescore.models import ModeSwitch
from servicescore.selectors.mode_page import mode_page
from servicescore.selectors.modes import switch_of
from servicescore.services.mode import (
    ModeRefusedError,
    own_service_ask,
    own_service_exam,
    own_service_withdraw,
    platform_service_take,
)
from shopguard.lib.toasts import refusals_toasted, toast
from stores.access import (
    OWNERS,
    WRITE,
    ReasonMissingError,
    ShopRequest,
    reason_given,
    shop_page,
)


@shop_page()
def mode(request: ShopRequest, shop: str) -> HttpResponse:
    """The mode with its conditions, agents, blacklist and rules."""
    page = mode_page(shop=request.shop, now=timezone.now())
    may_switch = request.user.is_admin or request.role in OWNERS
    return render(request, "service/mode.html", {"page": page, "may_switch": may_switch})


@shop_page(roles=OWNERS, methods=WRITE)
def own_ask(request: ShopRequest, shop: str) -> HttpResponse:
    """Ask for own service."""
    with refusals_toasted(request, ModeRefusedError, ReasonMissingError):
        own_service_ask(
            actor=request.user, shop=request.shop, is_signed="signed" in request.POST,
            reason=reason_given(request), now=timezone.now(),
        )  # fmt: skip
        toast(request, _("规则和学习资料已发到通知里；考试通过当天生效。"))
    return _back(request)


@shop_page(roles=OWNERS, methods=WRITE)
def own_exam(request: ShopRequest, shop: str, switch: int) -> HttpResponse:
    """Record the exam a switch waits for."""
    with refusals_toasted(request, ModeRefusedError, ReasonMissingError):
        found = own_service_exam(
            actor=request.user, switch=_switch(request, switch),
            outcome=request.POST.get("outcome", ""), agent=request.POST.get("agent", ""),
            reason=reason_given(request), now=timezone.now(),
        )  # fmt: skip
        is_done = found.state == ModeSwitch.State.DONE
        toast(request, _("自主客服今天生效。") if is_done else _("已记录，可以再考。"))
    return _back(request)


@shop_page(roles=OWNERS, methods=WRITE)
def own_withdraw(request: ShopRequest, shop: str, switch: int) -> HttpResponse:
    """Take a switch back that waits."""
    found = _switch(request, switch)
    with refusals_toasted(request, ModeRefusedError, ReasonMissingError):
        own_service_withdraw(
            actor=request.user, switch=found, reason=reason_given(request), now=timezone.now()
        )
        toast(request, _("已撤回，仍由平台代运营。"))
    return _back(request)


@shop_page(roles=OWNERS, methods=WRITE)
def platform_take(request: ShopRequest, shop: str) -> HttpResponse:
    """Let the platform answer."""
    charge = request.POST.get("charge", "")
    with refusals_toasted(request, ModeRefusedError, ReasonMissingError):
        platform_service_take(
            actor=request.user, shop=request.shop, reason=reason_given(request),
            charge_fen=int(charge) if charge.isdecimal() else -1, now=timezone.now(),
        )  # fmt: skip
        toast(request, _("从今天起由平台代运营。"))
    return _back(request)


def _switch(request: ShopRequest, key: int) -> ModeSwitch:
    found = switch_of(shop=request.shop, key=key)
    if found is None:
        raise Http404
    return found


def _back(request: ShopRequest) -> HttpResponse:
    return redirect("service:mode", shop=request.shop.external_id)
