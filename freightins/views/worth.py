"""值不值: what cover costs against what comes of it, and what lowers its fee."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from freightins.selectors.worth_page import worth_page
from freightins.selectors.worth_products import (
    lines_asked,
    product_table,
    worth_columns,
    worth_lines,
)
from freightins.services.costs import costs_enter
from freightins.views.frame import drawn
from shopguard.lib.exports import table_response
from shopguard.lib.money import fen_from_yuan
from shopguard.lib.toasts import toast, toast_error
from stores.access import OWNERS, WRITE, ShopRequest, shop_page


@shop_page()
def worth(request: ShopRequest, shop: str) -> HttpResponse:
    """Both sides of the account, covered against uncovered, categories and levers."""
    page = worth_page(shop=request.shop, now=timezone.now())
    return drawn(request, "worth", "worth", page=page)


@shop_page()
def worth_products(request: ShopRequest, shop: str) -> HttpResponse:
    """The same product by product."""
    page = product_table(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "worth_products", "worth", page=page)


@shop_page()
def worth_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The products as a file: all that fit the query."""
    lines = lines_asked(worth_lines(shop=request.shop, now=timezone.now()), request.GET)
    return table_response(kind, f"{request.shop.external_id} worth", worth_columns(), lines)


@shop_page(roles=OWNERS, methods=WRITE)
def costs(request: ShopRequest, shop: str) -> HttpResponse:
    """Keep what the owner says of margin and costs."""
    back = redirect("freightins:worth", shop=request.shop.external_id)
    try:
        # A margin has one decimal at most; read as yuan it is ten times its thousandths.
        margin, rest = divmod(fen_from_yuan(request.POST.get("margin", "").strip()), 10)
        if rest:
            raise ValueError("too many decimals")
        amounts = [request.POST.get(name, "").strip() or "0" for name in ("returned", "disputed")]
        returned, disputed = map(fen_from_yuan, amounts)
        costs_enter(
            actor=request.user, shop=request.shop,
            margin=margin, return_cost=returned, dispute_cost=disputed,
        )  # fmt: skip
    except ValueError:
        toast_error(request, _("毛利写 0.1 到 100 之间的百分数，成本写 0 到 1000 元。"))
        return back
    toast(request, _("已记下，保本按它算。"))
    return back
