"""Sample resources, to look at idempotency and at doors alone."""

from functools import partial
from typing import Any

from django.urls import include, path
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from shopguard import urls
from shopguard.lib.api.bodies import BoundedJsonParser
from stores.access import OWNERS, shop_page
from stores.api.base import ME, ApiRequest, ApiView, ShopView
from stores.api.once import once
from stores.models import Category


class Wishes(ApiView):
    """Every POST makes a category."""

    title, about, tag = "wishes", "", ME
    parser_classes = (BoundedJsonParser, MultiPartParser)

    @once
    def post(self, request: ApiRequest) -> Response:
        """Make one, named by how many there are."""
        if request.data.get("bad"):
            raise ValidationError({"bad": ["no"]})
        number = Category.objects.count() + 1
        Category.objects.create(code=f"wish-{number}")
        return Response({"number": number}, status=201, headers={"Location": f"/wish/{number}/"})

    @once
    def put(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Make one too, without needing a key."""
        return Response({"number": Category.objects.create(code="put").pk})


class OwnersOnly(ShopView):
    """For owners."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    title, about, tag = "owners", "for owners", ME

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Tell as what one came in."""
        return Response({"shop": request.shop.external_id, "role": request.role})


urlpatterns = [
    path("api/wishes/", Wishes.as_view()),
    path("api/shops/<str:shop>/owners/", OwnersOnly.as_view()),
    path("", include(urls)),
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
