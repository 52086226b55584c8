"""商品: which products are covered, changed one by one, many at once, or from a file."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.models import ChoiceSet
from freightins.selectors.choice_forms import (
    FileRefusedError,
    picked,
    read_file,
    read_items,
    read_single,
)
from freightins.selectors.choice_words import outcome_words, undo_words
from freightins.selectors.product_export import product_columns
from freightins.selectors.product_page import (
    Preview,
    asked_of,
    preview_of,
    product_page,
    rows_asked,
    rows_of,
)
from freightins.services.choices import Outcome, choices_change, choices_undo
from freightins.services.views import view_save
from freightins.views.frame import drawn, typed
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, ShopRequest, shop_page

UNPROCESSABLE = 422


@shop_page()
def products(request: ShopRequest, shop: str) -> HttpResponse:
    """The table of products with what is chosen for each."""
    return _page(request)


def _page(request: ShopRequest, status: int = 200, **more: Any) -> HttpResponse:
    given = request.GET
    page = product_page(shop=request.shop, user=request.user, given=given, now=timezone.now())
    return drawn(request, "products", "products", status=status, page=page, **more)


@shop_page(methods=WRITE)
def preview(request: ShopRequest, shop: str) -> HttpResponse:
    """What a change of the picked products would do; nothing is changed yet."""
    rows = rows_of(shop=request.shop, now=timezone.now())
    fitting = rows_asked(rows, asked_of(request.GET))
    wanted, to = picked(request.POST, fitting)
    if not wanted:
        toast_error(request, _("先勾选商品，再选改为在保、不保或随上级。"))
        return _back(request)
    return _page(request, preview=preview_of(shop=request.shop, rows=rows, wanted=wanted, to=to))


@shop_page(methods=WRITE)
def from_file(request: ShopRequest, shop: str) -> HttpResponse:
    """The same preview for the products a CSV file names."""
    rows = rows_of(shop=request.shop, now=timezone.now())
    try:
        wanted, problems = read_file(request.FILES.get("file"), {row.key for row in rows})
    except FileRefusedError as refusal:
        return _page(request, UNPROCESSABLE, file_refusal=str(refusal))
    found: Preview | None = None
    if wanted:
        found = preview_of(shop=request.shop, rows=rows, wanted=wanted, to="file")
    return _page(request, preview=found, file_problems=problems, source=ChoiceSet.Source.FILE)


@shop_page(methods=WRITE)
def change(request: ShopRequest, shop: str) -> HttpResponse:
    """Change one choice in place, or the previewed ones with one shared reason."""
    single = read_single(request.POST)
    wanted = [single] if single else read_items(request.POST.getlist("item"))
    reason = typed(request.POST, "reason")
    if not wanted or (not single and not reason):
        toast_error(request, _("请写明共同原因，再应用。"))
        return _back(request)
    is_file = request.POST.get("source") == ChoiceSet.Source.FILE
    outcome = choices_change(
        actor=request.user,
        shop=request.shop,
        wanted=wanted,
        source=_source(is_single=single is not None, is_file=is_file),
        reason=reason,
    )
    return _told(request, outcome)


def _source(*, is_single: bool, is_file: bool) -> str:
    if is_single:
        return ChoiceSet.Source.SINGLE
    return ChoiceSet.Source.FILE if is_file else ChoiceSet.Source.BULK


def _told(request: ShopRequest, outcome: Outcome) -> HttpResponse:
    """Back to the table, with what was done and a way back, or who was first."""
    told = outcome_words(shop=request.shop, outcome=outcome)
    if outcome.choice_set is not None:
        address = reverse("freightins:undo", args=[request.shop.external_id, outcome.choice_set.pk])
        toast(request, told.done, undo=f"{address}?{request.GET.urlencode()}")
    for refused in told.refused:
        toast_error(request, refused)
    return _back(request)


def _back(request: ShopRequest) -> HttpResponse:
    address = reverse("freightins:products", args=[request.shop.external_id])
    query = asked_of(request.GET).query()
    return redirect(f"{address}?{query}" if query else address)


@shop_page(methods=WRITE)
def undo(request: ShopRequest, shop: str, choice_set: int) -> HttpResponse:
    """Take a change back, as far as nobody changed the same since."""
    reason = _("撤销")
    outcome = choices_undo(actor=request.user, shop=request.shop, key=choice_set, reason=reason)
    done, refused = undo_words(shop=request.shop, outcome=outcome)
    if done:
        toast(request, done)
    for line in refused:
        toast_error(request, line)
    return _back(request)


@shop_page(methods=WRITE)
def save_view(request: ShopRequest, shop: str) -> HttpResponse:
    """Keep the present filters under a name, or drop a kept view."""
    name = typed(request.POST, "name", 40)
    query = "" if request.POST.get("drop") else asked_of(request.GET).query()
    if not name:
        toast_error(request, _("给视图起个名字。"))
    elif view_save(shop=request.shop, user=request.user, name=name, query=query):
        toast(request, _("视图已更新。"))
    return _back(request)


@shop_page()
def products_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The table as a file: exactly the products the page shows with this query."""
    rows = rows_of(shop=request.shop, now=timezone.now())
    fitting = rows_asked(rows, asked_of(request.GET))
    name = f"{request.shop.external_id} cover"
    return table_response(kind, name, product_columns(), fitting)
