"""资格与开通: whether the shop has cover, whether it may, and how it is opened and closed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.models import Consent, Enrolment
from freightins.selectors.home_page import home_page, opening_page, refusal_words
from freightins.services.enrolments import OpeningRefusedError, enrolment_close, enrolment_open
from freightins.views.frame import drawn, typed
from shopguard.lib.toasts import toast, toast_error
from stores.access import FORM, OWNERS, WRITE, ShopRequest, shop_page

UNPROCESSABLE = 422


@shop_page()
def home(request: ShopRequest, shop: str) -> HttpResponse:
    """The state of cover, its conditions, and what was done about it."""
    page = home_page(shop=request.shop, now=timezone.now())
    return drawn(request, "home", "home", page=page)


@shop_page(roles=OWNERS, methods=FORM)
def opening(request: ShopRequest, shop: str) -> HttpResponse:
    """Open cover: estimate, choice, the two agreements, final check."""
    if request.method != "POST":
        return _opening(request)
    given = request.POST
    is_whole = given.get("scope", "shop") == "shop"
    try:
        enrolment_open(
            actor=request.user,
            shop=request.shop,
            product=_product(given.get("product", "")),
            accepted={name: given.get(f"accept_{name}", "") for name in Consent.AGREEMENTS},
            products=None if is_whole else given.getlist("products"),
        )
    except OpeningRefusedError as refusal:
        return _opening(
            request, UNPROCESSABLE, refusal=refusal_words(refusal.reason, refusal.failed)
        )
    toast(request, _("已开通，从现在起的新订单有保障。"))
    return redirect("freightins:home", shop=request.shop.external_id)


def _product(text: str) -> str:
    return text if text in Enrolment.Product.values else Enrolment.Product.SERVICE


def _opening(request: ShopRequest, status: int = 200, **more: Any) -> HttpResponse:
    given = request.POST or request.GET
    page = opening_page(
        shop=request.shop,
        product=_product(given.get("product", "")),
        given=given,
        now=timezone.now(),
    )
    return drawn(request, "open", "home", status=status, page=page, **more)


@shop_page(roles=OWNERS, methods=WRITE)
def closing(request: ShopRequest, shop: str) -> HttpResponse:
    """Close cover; what was given runs on."""
    reason = typed(request.POST, "reason")
    if enrolment_close(actor=request.user, shop=request.shop, reason=reason):
        toast(request, _("已关闭。已经生效的保障继续到期满。"))
    else:
        toast_error(request, _("现在没有开通的保障。"))
    return redirect("freightins:home", shop=request.shop.external_id)
