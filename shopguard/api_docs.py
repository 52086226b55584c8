"""The description of the API, for programs as OpenAPI and for people as a page."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from shopguard.lib.api.pages import MOST_PAGE_ROWS, PAGE_ROWS
from shopguard.lib.api.problems import PROBLEMS
from shopguard.lib.api.shapes import ShapeField, Shapes
from stores.access import signed_in
from stores.api.base import PARTS, ApiRequest, ApiView


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


@dataclass(frozen=True)
class Operation:
    """One method of one address, as the page tells it."""

    method: str
    path: str
    said: Mapping[str, Any]
    shapes: Shapes

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return str(self.said["operationId"])

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.said["summary"])

    @property
    def about(self) -> str:
        """What it does."""
        return str(self.said.get("description", ""))

    @property
    def tag(self) -> str:
        """The part of the page it belongs to."""
        return str(self.said["tags"][0])

    @cached_property
    def parameters(self) -> list[tuple[str, ShapeField]]:
        """Where each parameter stands (path, query, header) and what it is."""
        order = ("path", "query", "header")
        found = sorted(self.said["parameters"], key=lambda given: order.index(given["in"]))
        return [(given["in"], self._parameter(given)) for given in found]

    @cached_property
    def body(self) -> list[ShapeField]:
        """The fields of the request."""
        content = _content(self.said.get("requestBody", {}))
        return list(self.shapes.fields(content["schema"])) if content else []

    @cached_property
    def answer(self) -> list[ShapeField]:
        """The fields of a good answer."""
        content = _content(self._good)
        return list(self.shapes.fields(content["schema"])) if content else []

    @cached_property
    def example(self) -> str:
        """A good answer."""
        content = _content(self._good)
        return json.dumps(content["example"], ensure_ascii=False, indent=2) if content else ""

    @property
    def statuses(self) -> list[str]:
        """Every status it can answer with."""
        return sorted(self.said["responses"])

    @property
    def _good(self) -> Mapping[str, Any]:
        answers: Mapping[str, Any] = self.said["responses"]
        return next(answer for status, answer in answers.items() if status.startswith("2"))

    def _parameter(self, given: Mapping[str, Any]) -> ShapeField:
        shape = {"description": given.get("description", ""), **given["schema"]}
        return self.shapes.field(given["name"], shape, is_required=given.get("required", False))


def _content(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a request or an answer carries; nothing when it is empty."""
    first: Mapping[str, Any] = next(iter(part.get("content", {}).values()), {})
    return first


def operations(description: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation of a description, by path."""
    shapes = Shapes(description)
    for path, methods in description["paths"].items():
        for method, said in methods.items():
            yield Operation(method.upper(), path, said, shapes)


@signed_in()
def docs(request: HttpRequest) -> HttpResponse:
    """The page about the API: how to begin, every operation, every problem."""
    parts: dict[str, list[Operation]] = {str(part): [] for part in PARTS}
    for operation in operations(described()):
        parts[operation.tag].append(operation)
    context = {
        "parts": list(parts.items()),
        "problems": sorted(PROBLEMS.items()),
        "page_rows": PAGE_ROWS,
        "most_page_rows": MOST_PAGE_ROWS,
        "host": request.build_absolute_uri("/")[:-1],
    }
    return render(request, "api/docs.html", context)
