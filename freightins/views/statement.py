"""对账: the platform's statement against the ledger, and differences somebody looked at."""

from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.selectors.statement_page import (
    asked_of,
    keys_until,
    reconciled_asked,
    statement_columns,
    statement_page,
)
from freightins.services.statements import Looked, differences_reopen, differences_see
from freightins.views.frame import drawn, typed
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, ShopRequest, shop_page


@shop_page()
def statement(request: ShopRequest, shop: str) -> HttpResponse:
    """The statement line by line, differences first."""
    page = statement_page(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "statement", "statement", page=page)


@shop_page()
def statement_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The comparison as a file: exactly the rows the page shows with this query."""
    rows = reconciled_asked(shop=request.shop, asked=asked_of(request.GET), now=timezone.now())
    name = f"{request.shop.external_id} statement"
    return table_response(kind, name, statement_columns(), rows.iterator(chunk_size=2000))


@shop_page(methods=WRITE)
def statement_mark(request: ShopRequest, shop: str) -> HttpResponse:
    """Mark chosen differences as looked at, for one reason, or take that back."""
    reason = typed(request.POST, "reason")
    looked = _all(request) or _looked(request.POST)
    if not looked or not reason:
        toast_error(request, _("先勾选，再写明原因。"))
        return _back(request)
    mark = differences_reopen if request.POST.get("to") == "open" else differences_see
    done, stale = mark(actor=request.user, shop=request.shop, looked=looked, reason=reason)
    if done:
        toast(request, ngettext("已处理 %(n)s 笔。", "已处理 %(n)s 笔。", done) % {"n": done})
    if stale:
        text = ngettext("%(n)s 笔刚有变化，没有改动。", "%(n)s 笔刚有变化，没有改动。", stale)
        toast_error(request, text % {"n": stale})
    return _back(request)


def _all(request: ShopRequest) -> list[Looked]:
    """Every row of the filters as it stood when the page was drawn, where that was asked for."""
    try:
        until = datetime.fromisoformat(request.POST.get("all", ""))
    except ValueError:
        return []
    rows = reconciled_asked(shop=request.shop, asked=asked_of(request.GET), now=timezone.now())
    pairs = keys_until(rows, until) if until.tzinfo else []
    return [Looked(key, version) for key, version in pairs]


def _looked(given: QueryDict) -> list[Looked]:
    """Rows as ``key:version``; what is none is left out."""
    pairs = (text.partition(":")[::2] for text in given.getlist("row"))
    return [
        Looked(int(key), int(version))
        for key, version in pairs
        if key.isascii() and version.isascii() and key.isdigit() and version.isdigit()
        and len(key) < 19 and len(version) < 10
    ]  # fmt: skip


def _back(request: ShopRequest) -> HttpResponse:
    address = reverse("freightins:statement", args=[request.shop.external_id])
    query = asked_of(request.GET).query()
    return redirect(f"{address}?{query}" if query else address)
