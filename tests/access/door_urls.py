"""One view of every kind, to look at the door alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from shopguard import urls
from stores.access import (
    FORM,
    OWNERS,
    WRITE,
    ShopRequest,
    admin_page,
    public,
    shop_page,
    signed_in,
)


def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Tells that the door let the request in."""
    return HttpResponse(f"in as {request.role or 'nobody'}")  # type: ignore[attr-defined]


@public("a test")
def open_to_all(request: HttpRequest) -> HttpResponse:
    """Public."""
    return answer(request)


@signed_in(methods=FORM)
def for_people(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in."""
    return answer(request)


@shop_page()
def for_members(request: ShopRequest, shop: str) -> HttpResponse:
    """For members."""
    return answer(request)


@shop_page(roles=OWNERS, methods=WRITE)
def for_owners(request: ShopRequest, shop: str) -> HttpResponse:
    """For owners."""
    return answer(request)


@admin_page()
def for_admins(request: HttpRequest) -> HttpResponse:
    """For admins."""
    return answer(request)


def forgotten(request: HttpRequest) -> HttpResponse:
    """Nobody said who may enter."""
    return answer(request)


urlpatterns = [
    path("open/", open_to_all),
    path("people/", for_people),
    path("s/<str:shop>/members/", for_members),
    path("s/<str:shop>/owners/", for_owners),
    path("desk/", for_admins),
    path("api/people/", for_people),
    path("api/s/<str:shop>/", for_members),
    path("forgotten/", forgotten),
    path("", include(urls)),
]
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
