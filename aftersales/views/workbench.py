"""The workbench, its downloads, its saved views, and one step for many cases."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.forms import BulkForm, ViewForm
from aftersales.selectors.bulk import wanted_from
from aftersales.selectors.case_export import case_columns
from aftersales.selectors.case_filters import chosen_from
from aftersales.selectors.workbench import lines_streamed, workbench
from aftersales.services.bulk import bulk_preview, cases_step
from aftersales.services.case_views import TooManyViewsError, case_view_drop, case_view_save
from aftersales.views.answers import back, form_errors, refused, went_wrong
from shopguard.lib.exports import table_response
from shopguard.lib.formats import number
from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, ShopRequest, shop_page

CASES = "aftersales:cases"


@shop_page()
def cases(request: ShopRequest, shop: str) -> HttpResponse:
    """The cases to work on, the urgent ones first."""
    page = workbench(shop=request.shop, user=request.user, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/workbench.html", {"page": page})


@shop_page()
def cases_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The cases of the selection on screen as a file."""
    now = timezone.now()
    rows = lines_streamed(shop=request.shop, chosen=chosen_from(request.GET), now=now)
    name = f"{request.shop.external_id} cases {timezone.localdate().isoformat()}"
    return table_response(kind, name, case_columns(now), rows)


@shop_page(methods=WRITE)
def cases_bulk(request: ShopRequest, shop: str) -> HttpResponse:
    """One step for many cases: first what it would do, then, confirmed, it is done."""
    wanted, form = wanted_from(request.POST), BulkForm(request.POST)
    if not wanted or not form.is_valid():
        text = form_errors(form) if wanted else _("先勾选要处理的售后。")
        return refused(request, text, CASES)
    if "apply" not in request.POST:
        preview = bulk_preview(
            shop=request.shop, wanted=wanted, name=form.cleaned_data["name"], given=form.given
        )
        return render(request, "aftersales/bulk.html", {"preview": preview, "form": form})
    result = cases_step(
        actor=request.user, shop=request.shop, wanted=wanted, name=form.cleaned_data["name"],
        given=form.given,
    )  # fmt: skip
    _tell(request, len(result.done), [went_wrong(error) for _ref, error in result.refused])
    return back(request, CASES)


def _tell(request: ShopRequest, done: int, refusals: list[str]) -> None:
    if done:
        text = ngettext("%(n)s 件已处理", "%(n)s 件已处理", done) % {"n": number(done)}
        toast(request, text)
    if refusals:
        n = len(refusals)
        text = ngettext("%(n)s 件没有处理：%(why)s", "%(n)s 件没有处理：%(why)s", n)
        toast_error(request, text % {"n": number(n), "why": " ".join(dict.fromkeys(refusals))})


@shop_page(methods=WRITE)
def view_save(request: ShopRequest, shop: str) -> HttpResponse:
    """Keep the selection on screen under a name."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), CASES)
    try:
        view = case_view_save(
            shop=request.shop, user=request.user, name=form.cleaned_data["name"],
            query=form.cleaned_data["query"],
        )  # fmt: skip
    except TooManyViewsError:
        return refused(request, _("最多保存 20 个视图，先删掉不用的。"), CASES)
    undo = reverse("aftersales:view_drop", args=[request.shop.external_id, view.pk])
    toast(request, _("已保存视图「%(name)s」") % {"name": view.name}, undo=undo)
    return back(request, CASES)


@shop_page(methods=WRITE)
def view_drop(request: ShopRequest, shop: str, view: int) -> HttpResponse:
    """Forget a saved view."""
    case_view_drop(shop=request.shop, user=request.user, view=view)
    toast(request, _("视图已删除"))
    return back(request, CASES)
