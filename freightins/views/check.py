"""模型准不准: every estimate scored by what came back."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from freightins.selectors.check_page import (
    check_columns,
    check_page,
    checks_of,
    rule_set_asked,
)
from freightins.views.frame import drawn
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def check(request: ShopRequest, shop: str) -> HttpResponse:
    """Ripe weeks against what was expected of them, and against two plain rivals."""
    page = check_page(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "check", "check", page=page)


@shop_page()
def check_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The scored weeks as a file."""
    rule_set = rule_set_asked(request.GET, shanghai_day(timezone.now()))
    rows = checks_of(shop=request.shop, rule_set=rule_set)
    return table_response(kind, f"{request.shop.external_id} model", check_columns(), rows)
