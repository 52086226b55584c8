"""The description of the API, for programs as OpenAPI and for people as a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from stores.access import signed_in
from stores.api.base import ApiRequest, ApiView


class SchemaView(ApiView):
    """The OpenAPI description."""

    renderer_classes = (OpenApiJsonRenderer, OpenApiYamlRenderer)
    title, about, tag = _("OpenAPI"), "", ""

    @extend_schema(exclude=True)
    def get(self, request: ApiRequest) -> Response:
        """The whole description, JSON unless YAML is asked for."""
        return Response(described())


def described() -> dict[str, Any]:
    """The OpenAPI description in the active language."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return,no-untyped-call]


@signed_in()
def docs(request: HttpRequest) -> HttpResponse:
    """The page about the API."""
    schema = described()
    return HttpResponse(str(len(schema["paths"])))
