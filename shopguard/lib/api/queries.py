"""Query parameters of reads that are no lists: described, and refused when they are wrong."""

import math
import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from shopguard.lib.api.problems import FieldError, InvalidRequest

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def choice_parameter(name: str, about: Any, codes: Collection[str]) -> OpenApiParameter:
    """One of some codes, for the description."""
    return OpenApiParameter(name, {"type": "string", "enum": list(codes)}, description=about)


def day_parameter(name: str, about: Any) -> OpenApiParameter:
    """A day, for the description."""
    return OpenApiParameter(name, {"type": "string", "format": "date"}, description=about)


def check_choice(request: Request, name: str, codes: Collection[str]) -> None:
    """Raise InvalidRequest where the parameter is given and is none of the codes."""
    if request.query_params.get(name, next(iter(codes))) not in codes:
        told = _("请从这些里选一个：%(codes)s。") % {"codes": ", ".join(codes)}
        raise InvalidRequest([FieldError("query", name, told)])


def check_day(request: Request, name: str) -> None:
    """Raise InvalidRequest where the parameter is given and is no day written YYYY-MM-DD."""
    text = request.query_params.get(name)
    if text is None:
        return
    try:
        if not DAY.fullmatch(text):
            raise ValueError(text)
        date.fromisoformat(text)
    except ValueError as error:
        told = _("请写成 YYYY-MM-DD。")
        raise InvalidRequest([FieldError("query", name, told)]) from error


def figure(text: str, name: str, low: float, high: float) -> float:
    """A number between two bounds. Raises InvalidRequest naming the parameter."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        told = _("请填 %(low)s 到 %(high)s 之间的数。") % {"low": low, "high": high}
        raise InvalidRequest([FieldError("query", name, told)])
    return value


def whole_figure(text: str, name: str, low: int, high: int) -> int:
    """A whole number between two bounds. Raises InvalidRequest naming the parameter."""
    value = figure(text if text.isascii() and text.isdigit() else "", name, low, high)
    return int(value)


def number_parameter(
    name: str, about: Any, low: float, high: float, kind: str = "number"
) -> OpenApiParameter:
    """A number in the query, for the description."""
    shape = {"type": kind, "minimum": low, "maximum": high}
    return OpenApiParameter(name, shape, description=about)
