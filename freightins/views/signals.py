"""骗赔信号: what looks like fraud, with evidence, and who looked at it."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.selectors.signals_page import signal_columns, signals_asked, signals_page
from freightins.services.signals import signal_see
from freightins.views.frame import drawn, typed
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, ShopRequest, shop_page

LONGEST_KEY = 18


@shop_page()
def signals(request: ShopRequest, shop: str) -> HttpResponse:
    """Signals with their evidence, those nobody looked at first."""
    page = signals_page(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "signals", "claims", page=page)


@shop_page()
def signals_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The signals as a file: those the page shows with this query."""
    rows = signals_asked(shop=request.shop, given=request.GET)
    return table_response(kind, f"{request.shop.external_id} signals", signal_columns(), rows)


@shop_page(methods=WRITE)
def signal_mark(request: ShopRequest, shop: str) -> HttpResponse:
    """Mark a signal as looked at for a reason, or open it again."""
    given = request.POST
    back = redirect("freightins:signals", shop=request.shop.external_id)
    reason = typed(given, "reason")
    key, version = _whole(given.get("signal", "")), _whole(given.get("version", ""))
    if not reason or key is None or version is None:
        toast_error(request, _("请写明看过之后的结论。"))
        return back
    is_seen = given.get("to") != "open"
    if signal_see(
        actor=request.user, shop=request.shop, key=key, version=version, reason=reason,
        is_seen=is_seen,
    ):  # fmt: skip
        toast(request, _("已记下。") if is_seen else _("已重新打开。"))
    else:
        toast_error(request, _("这条信号刚有变化，没有改动。"))
    return back


def _whole(text: str) -> int | None:
    is_whole = text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY
    return int(text) if is_whole else None
