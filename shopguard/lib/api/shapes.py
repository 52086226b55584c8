"""Reads the shapes in an OpenAPI description: as fields for a table, and as an example.

A shape is a JSON Schema as drf-spectacular writes it (OpenAPI 3.1). Nothing here knows the product.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Shape = Mapping[str, Any]

EXAMPLES: dict[str, Any] = {
    "date-time": "2026-03-01T10:00:00+08:00",
    "date": "2026-03-01",
    "binary": "order_id,placed_at\n1001,2026-03-01 10:00:00\n",
    "email": "name@example.com",
    "uri": "https://shopguard.example/api/v1/shops/?cursor=WyI",
    "string": "…",
    "integer": 1,
    "number": 4.5,
    "boolean": True,
    "null": None,
}
MONEY = "_fen"
MONEY_EXAMPLE = 1_280


@dataclass(frozen=True)
class ShapeField:
    """One field of a shape: ``name`` tells where it stands (``results[].lines[].sku``)."""

    name: str
    type: str
    about: str
    codes: tuple[str, ...] = ()
    is_required: bool = False
    is_nullable: bool = False


class Shapes:
    """The named shapes of one description."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.named: Mapping[str, Shape] = description["components"]["schemas"]

    def fields(self, shape: Shape, prefix: str = "") -> Iterator[ShapeField]:
        """Every field of a shape, those inside it after it."""
        shape, _nullable = self.resolved(shape)
        if shape.get("type") == "array":
            yield from self.fields(shape["items"], f"{prefix}[]")
        required = shape.get("required", ())
        for key, inner in shape.get("properties", {}).items():
            name = f"{prefix}.{key}" if prefix else key
            yield self.field(name, inner, is_required=key in required)
            yield from self.fields(inner, name)

    def field(self, name: str, shape: Shape, *, is_required: bool = False) -> ShapeField:
        """One field as it is told."""
        plain, is_nullable = self.resolved(shape)
        return ShapeField(
            name=name,
            type=_type_word(plain),
            about=str(shape.get("description", "")),
            codes=tuple(str(code) for code in plain.get("enum", ()) if code not in ("", None)),
            is_required=is_required,
            is_nullable=is_nullable,
        )

    def example(self, shape: Shape, name: str = "") -> Any:
        """A value of this shape, the same every time."""
        plain, _nullable = self.resolved(shape)
        if options := plain.get("examples") or plain.get("enum"):
            return options[0]
        kind = _kind(plain)
        if kind == "array":
            return [self.example(plain["items"])]
        if "properties" in plain:
            return {key: self.example(part, key) for key, part in plain["properties"].items()}
        if kind == "object":
            more = plain.get("additionalProperties")
            return {"…": self.example(more)} if isinstance(more, Mapping) else {}
        if kind == "integer" and name.endswith(MONEY):
            return MONEY_EXAMPLE
        return EXAMPLES[plain.get("format", kind) if kind == "string" else kind]

    def resolved(self, shape: Shape) -> tuple[Shape, bool]:
        """The shape itself behind references, and whether it may be null instead."""
        is_nullable = "null" in _kinds(shape)
        options = shape.get("oneOf") or shape.get("allOf") or ()
        real = [option for option in options if option.get("type") != "null"]
        is_nullable |= len(real) < len(options)
        if real:
            shape = real[0]
        if "$ref" in shape:
            inner, inner_nullable = self.resolved(self.named[shape["$ref"].rpartition("/")[2]])
            return inner, is_nullable or inner_nullable
        return shape, is_nullable


def _kinds(shape: Shape) -> list[str]:
    kind = shape.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _kind(shape: Shape) -> str:
    """The one type of a shape beside null; ``null`` for a shape that says nothing."""
    return next((kind for kind in _kinds(shape) if kind != "null"), "null")


def _type_word(shape: Shape) -> str:
    kind = _kind(shape)
    if kind == "null":
        return "any"
    return str(shape["format"]) if shape.get("format") in ("date", "date-time") else kind
