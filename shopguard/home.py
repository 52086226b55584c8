"""The first pages after signing in: the table of all shops, and the way into one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from servicescore.selectors.as_of import as_of
from servicescore.selectors.shop_filters import SORTS, VIEWS, Filters
from servicescore.selectors.shops import shops_page
from shopguard.overview import overview
from stores.access import ShopRequest, SignedInRequest, shop_page, signed_in
from stores.selectors.people import entries_of
from stores.selectors.visit import Visit

# More shops than this are a platform's back office, not a table somebody reads.
MOST_SHOPS = 10_000
DENSITIES = ("comfortable", "cosy", "compact")
DENSITY_COOKIE = "density"
COOKIE_SECONDS = 365 * 24 * 3600


@signed_in()
def home(request: SignedInRequest) -> HttpResponse:
    """All shops of the person, the lowest total first; the only shop of who has one."""
    entries = entries_of(user=request.user, limit=MOST_SHOPS)
    if len(entries) == 1:
        return redirect("shop_home", shop=entries[0].shop.external_id)
    if not entries:
        return render(request, "home/no_shops.html")
    now = timezone.now()
    page = shops_page(
        entries=entries, filters=_filters(request), page=_page_number(request), now=now
    )
    density = _density(request)
    context = {"page": page, "density": density, "densities": DENSITIES}
    if page.newest is not None:
        context["as_of"] = as_of(page.newest, now)
    response = render(request, "home/shops.html", context)
    response.set_cookie(DENSITY_COOKIE, density, max_age=COOKIE_SECONDS, samesite="Lax")
    return response


@shop_page()
def shop_home(request: ShopRequest, shop: str) -> HttpResponse:
    """The overview of a shop: how it stands, why, and what to do today."""
    page = overview(Visit(request.shop, request.role, timezone.now()))
    return render(request, "overview/page.html", {"page": page, "as_of": page.as_of})


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    view, sort = asked.get("view", ""), asked.get("sort", "")
    return Filters(
        view=view if view in VIEWS else "all",
        query=asked.get("q", "").strip(),
        industry=asked.get("industry", ""),
        stars=asked.get("stars", ""),
        state=asked.get("state", ""),
        sort=sort if sort in SORTS else "total",
    )


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _density(request: HttpRequest) -> str:
    wanted = request.GET.get("density") or request.COOKIES.get(DENSITY_COOKIE, "")
    return wanted if wanted in DENSITIES else "cosy"
