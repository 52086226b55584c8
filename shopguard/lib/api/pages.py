"""Lists in pages that stay right while rows come and go.

A cursor remembers the place of the last row shown (its value in the chosen order and its key), not
how many rows came before, so an insert or delete in between neither repeats nor skips a row, and
the thousandth page costs what the first does. Cursors are signed: nobody writes their own.
"""

from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from shopguard.lib.api.problems import FieldError, InvalidRequest

PAGE_PARAMETERS = frozenset({"cursor", "page_size", "ordering"})
PAGE_ROWS = 50
MOST_PAGE_ROWS = 200


@dataclass(frozen=True)
class Order:
    """The order of a list: a field of the model, then the key; unknown values always last."""

    field: str
    descending: bool

    @property
    def name(self) -> str:
        """As it stands in an address: ``-created_at``."""
        return f"-{self.field}" if self.descending else self.field

    def sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order."""
        value = F(self.field)
        if self.descending:
            return rows.order_by(value.desc(nulls_last=True), "-pk")
        return rows.order_by(value.asc(nulls_last=True), "pk")

    def after(self, value: Any, key: int) -> Q:
        """The rows behind the one with this value and key."""
        sign = "lt" if self.descending else "gt"
        further = Q(**{f"pk__{sign}": key})
        unknown = Q(**{f"{self.field}__isnull": True})
        if value is None:
            return unknown & further
        return Q(**{f"{self.field}__{sign}": value}) | Q(**{self.field: value}) & further | unknown

    def place_of(self, row: Model) -> list[Any]:
        """Value (as JSON) and key of a row."""
        value = getattr(row, self.field)
        field = row._meta.get_field(self.field)
        return [None if value is None else field.value_to_string(row), row.pk]  # type: ignore[union-attr]


class CursorPages(BasePagination):
    """Pages of a view that declares ``orderings``: fields of the model it can be ordered by, either
    way; the first one as it is written, ``-created_at``, is the order without a wish.
    """

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """One page of rows. Raises InvalidRequest for a bad size, order or cursor."""
        self.request, self.order = request, _order(request, view)
        self.signer = Signer(salt=f"{type(view).__qualname__} {self.order.name}")
        size = _size(request)
        rows = self.order.sorted(queryset)
        cursor = request.query_params.get("cursor")
        if cursor:
            rows = rows.filter(self._after(cursor, queryset.model))
        found = list(rows[: size + 1])
        self.page, self.has_more = found[:size], len(found) > size
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """The page and the address of the next one, null on the last."""
        return Response({"results": data, "next": self._next()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape of a page."""
        link = {
            "type": "string", "format": "uri", "nullable": True,
            "description": _("下一页的完整地址；最后一页为 null。"),
        }  # fmt: skip
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters of every list."""
        orders = [sign + field for field in _fields(view) for sign in ("-", "")]
        return [
            _parameter("cursor", _("上一页 next 里的位置，请原样带上。"), {"type": "string"}),
            _parameter(
                "page_size",
                _("一页的行数。"),
                {
                    "type": "integer", "minimum": 1, "maximum": MOST_PAGE_ROWS,
                    "default": PAGE_ROWS,
                },
            ),
            _parameter(
                "ordering",
                _("顺序；减号表示从大到小，未知值总在最后。"),
                {"type": "string", "enum": orders, "default": view.orderings[0]},
            ),
        ]  # fmt: skip

    def _after(self, cursor: str, model: type[Model]) -> Q:
        try:
            value, key = self.signer.unsign_object(cursor)
        except (BadSignature, ValueError) as error:
            detail = _("这个位置不属于这份列表或这个顺序。请从第一页重新开始。")
            raise InvalidRequest([FieldError("query", "cursor", detail)]) from error
        field: Any = model._meta.get_field(self.order.field)
        return self.order.after(None if value is None else field.to_python(value), key)

    def _next(self) -> str | None:
        if not self.has_more:
            return None
        cursor = self.signer.sign_object(self.order.place_of(self.page[-1]))
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": about,
        "schema": schema,
    }


def _fields(view: Any) -> list[str]:
    return [order.removeprefix("-") for order in view.orderings]


def _order(request: Request, view: Any) -> Order:
    wish = request.query_params.get("ordering") or view.orderings[0]
    field, allowed = wish.removeprefix("-"), _fields(view)
    if field not in allowed:
        detail = _("可用的顺序：%(allowed)s，前面可加减号。") % {"allowed": ", ".join(allowed)}
        raise InvalidRequest([FieldError("query", "ordering", detail)])
    return Order(field, wish.startswith("-"))


def _size(request: Request) -> int:
    wish = request.query_params.get("page_size", str(PAGE_ROWS))
    is_number = wish.isascii() and wish.isdigit() and len(wish) < 5
    if not is_number or not 1 <= int(wish) <= MOST_PAGE_ROWS:
        detail = _("请给 1 到 %(most)d 之间的整数。") % {"most": MOST_PAGE_ROWS}
        raise InvalidRequest([FieldError("query", "page_size", detail)])
    return int(wish)
